"""What landing a source came to: the loads, and what did not land."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

#: What an error's text says of where it stands; the streams are named instead.
PLACE = re.compile(r"; (source|stream|account|window): [^;]*")


def cause_of(text: str) -> str:
    """An error without its place: the same for all that one thing kept from landing."""
    return PLACE.sub("", text)


@dataclass(frozen=True)
class NotLanded:
    """One account's or feed's stream that did not land: the kind of its error (its class), the
    error's text, and whether asking again can help. Where the rows of some days are not what they
    should be: the first of them, and how many days before the newest asked for it lies."""

    stream: str
    account: str
    kind: str
    text: str
    is_permanent: bool
    first_day: str = ""
    reach_days: int = 0

    @property
    def cause(self) -> str:
        return cause_of(self.text)


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

    def causes(self) -> list[str]:
        """What kept streams from landing: each cause once, behind the streams it kept."""
        kept: dict[str, list[str]] = {}
        for one in self.failed:
            kept.setdefault(one.cause, []).append(f"{one.stream} {one.account}")
        return [f"{', '.join(streams).rstrip()}: {cause}" for cause, streams in kept.items()]
