"""What somebody sets in a system on a day, as data that chapters of settings read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

State = dict[str, Any]


@dataclass(frozen=True)
class Deed:
    """Somebody's change: of which system and account, when, how, and that in words.

    `in_words` holds the kind and the id of each object, and its change. Of tag containers the
    system is `gtm`, the account the container's public id, and `name` what the version is called.
    """

    system: str
    account_id: str
    at: datetime
    make: Callable[[State], None]
    in_words: tuple[tuple[str, str, str], ...]
    name: str = ""
