"""What landing a source came to: the loads, and what did not land."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class NotLanded:
    """One account's or feed's stream that did not land: the kind of its error (its class), the
    error's text, and whether asking again can help."""

    stream: str
    account: str
    kind: str
    text: str
    is_permanent: bool


@dataclass(frozen=True)
class Landed:
    """What `source` landed for `day`. `late` names the streams the vendor has not written that far,
    with the day it has."""

    source: str
    day: str
    loads: tuple[str, ...] = ()
    rows: int = 0
    late: Mapping[str, str] = field(default_factory=dict)
    failed: tuple[NotLanded, ...] = ()
