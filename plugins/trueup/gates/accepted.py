"""Levels a person accepted: a lasting change of a signal that is wanted, such as a new banner.

One line of JSON for each, appended and never rewritten: a line that takes others back is one too.
From its day on the signal is expected to be what it is then; what was said of earlier days stands.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path

from trueup.errors import TrueupError

#: In the company's state folder.
FILE = "accepted.jsonl"


@dataclass(frozen=True)
class Accepted:
    """A signal's level is accepted from a day on; of all its series where `dimension` or `segment`
    is empty. One that `takes_back` ends what was accepted of the same series before it."""

    signal: str
    dimension: str
    segment: str
    since: date
    who: str
    why: str
    at: datetime
    takes_back: bool = False

    @property
    def line(self) -> str:
        """Who accepted it and why, as scores carry it: no table takes half a letter."""
        return f"{self.who}: {self.why}".encode("utf-8", "replace").decode()

    def is_of(self, signal: str, dimension: str, segment: str) -> bool:
        return (
            self.signal == signal
            and self.dimension in ("", dimension)
            and self.segment in ("", segment)
        )


def read(folder: Path) -> list[Accepted]:
    """All that is accepted, oldest first. Raises TrueupError where a line cannot be read."""
    path = folder / FILE
    found: list[Accepted] = []
    for number, line in _lines(path) if path.exists() else ():
        one = _parsed(path, number, line)
        found = [x for x in found if not _is_of(one, x)] if one.takes_back else [*found, one]
    return found


def add(folder: Path, one: Accepted) -> bool:
    """Append it, unless the same series and day were accepted before; whether it was appended."""
    if not one.why.strip():
        raise TrueupError("a level is not accepted without a reason", next_step="say why: `--why`")
    if any(_place(known) == _place(one) for known in read(folder)):
        return False
    _append(folder, one)
    return True


def undo(folder: Path, one: Accepted) -> list[Accepted]:
    """Take back what is accepted of the series of `one`, on whatever day; those it was."""
    known = [x for x in read(folder) if _is_of(one, x)]
    if known:
        _append(folder, replace(one, takes_back=True))
    return known


def _append(folder: Path, one: Accepted) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / FILE).open("a+b") as file:
        file.truncate(_whole(folder / FILE))
        file.write(json.dumps(asdict(one), default=str).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _is_of(undoing: Accepted, one: Accepted) -> bool:
    return _place(undoing)[:3] == _place(one)[:3]


def _place(one: Accepted) -> tuple[str, str, str, date]:
    return one.signal, one.dimension, one.segment, one.since


def _lines(path: Path) -> Sequence[tuple[int, bytes]]:
    """The lines with their numbers, but a last one that a crash cut off. What ends a line is one
    letter alone: a reason may hold those that other systems take for an end."""
    lines = path.read_bytes()[: _whole(path)].split(b"\n")
    return [(number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _whole(path: Path) -> int:
    """How many bytes of the file are whole lines."""
    return path.read_bytes().rfind(b"\n") + 1


def _parsed(path: Path, number: int, line: bytes) -> Accepted:
    try:
        found = json.loads(line)
        found["since"] = date.fromisoformat(found["since"])
        found["at"] = datetime.fromisoformat(found["at"])
        return Accepted(**found)
    except (ValueError, KeyError, TypeError) as error:
        raise TrueupError(
            f"line {number} of {path} is no accepted level",
            got=type(error).__name__,
            next_step="take the line out, and accept the level again with `trueup accept`",
        ) from None
