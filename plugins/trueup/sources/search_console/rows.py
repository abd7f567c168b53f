"""Google's rows as figures by day, page and query, without what tells who somebody is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from trueup.sources import contacts
from trueup.sources.contract import SetAside

Raw = dict[str, Any]
#: Day, page and query, as far as an answer names them.
Key = tuple[str, ...]
_PLACES = Decimal("0.000001")
#: What Google's rows hold that is landed, or follows from what is.
FIGURES = ("impressions", "clicks", "position")
_KNOWN = frozenset({"keys", "ctr", *FIGURES})


@dataclass(frozen=True)
class Figures:
    """Impressions, clicks, and the positions of all impressions added up; None where that is not
    known."""

    impressions: int
    clicks: int
    positions: Decimal | None

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.impressions + other.impressions,
            self.clicks + other.clicks,
            None
            if self.positions is None or other.positions is None
            else self.positions + other.positions,
        )

    def minus(self, other: Figures) -> Figures:
        return self + Figures(
            -other.impressions,
            -other.clicks,
            None if other.positions is None else -other.positions,
        )

    @property
    def is_negative(self) -> bool:
        return self.impressions < 0 or self.clicks < 0

    @property
    def position(self) -> Decimal | None:
        """The average, where it can be one: there is no place above the first."""
        if self.positions is None or self.impressions <= 0:
            return None
        average = (self.positions / self.impressions).quantize(_PLACES)
        return average if average >= 1 else None

    def columns(self) -> Raw:
        return {
            "impressions": self.impressions,
            "clicks": self.clicks,
            "position": self.position,
        }


NOTHING = Figures(0, 0, Decimal(0))


@dataclass
class Answer:
    """What one question came to: figures by key, rows whose figures are none (for intake to
    judge), rows without a key or sent twice, and fields nobody declared."""

    figures: dict[Key, Figures] = field(default_factory=dict)
    odd: list[tuple[Key, Raw]] = field(default_factory=list)
    aside: list[SetAside] = field(default_factory=list)
    extra: dict[Key, Raw] = field(default_factory=dict)
    is_twice: bool = False
    first_incomplete: str = ""

    def day_columns(self, key: Key) -> Raw:
        """The day, and whether Google is done with it."""
        is_final = not self.first_incomplete or key[0] < self.first_incomplete
        return {"search_date": key[0], "is_final": is_final}


def read(raw: Iterable[Any], names: int, first_incomplete: str = "") -> Answer:
    """The rows of an answer whose keys have so many parts, the first of which is the day. Days from
    `first_incomplete` on are not final."""
    answer, seen = Answer(first_incomplete=first_incomplete), set()
    for number, row in enumerate(raw):
        keys = row.get("keys") if isinstance(row, dict) else None
        if not isinstance(keys, list) or len(keys) != names or not all(_is_text(k) for k in keys):
            answer.aside.append(_unreadable(number, row))
            continue
        if tuple(keys) in seen:
            answer.is_twice = True
            answer.aside.append(_twice(number, keys))
            continue
        seen.add(tuple(keys))
        key = (keys[0], *(contacts.cut(contacts.removed(page)) for page in keys[1:2]), *keys[2:])
        found = _figures(row)
        if found is None:
            answer.odd.append((key, row))
            continue
        if extra := {name: row[name] for name in row.keys() - _KNOWN}:
            answer.extra[key] = extra
        answer.figures[key] = answer.figures.get(key, NOTHING) + found
    return answer


def is_below_zero(row: Raw) -> bool:
    numbers = [_number(row.get(name)) for name in ("impressions", "clicks")]
    return any(number is not None and number < 0 for number in numbers)


def plain(value: Any) -> Any:
    """A number as it is landed; what is none, as it came."""
    number = _number(value)
    if number is None:
        return value
    return int(number) if number == int(number) else number.quantize(_PLACES)


def day_of(key: Key) -> date | None:
    try:
        return date.fromisoformat(key[0])
    except ValueError:
        return None


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _figures(row: Raw) -> Figures | None:
    """Google writes counts as floating numbers; None where one is no count."""
    impressions, clicks = _count(row.get("impressions")), _count(row.get("clicks"))
    if impressions is None or clicks is None:
        return None
    position = _number(row.get("position"))
    return Figures(impressions, clicks, None if position is None else position * impressions)


def _count(value: Any) -> int | None:
    number = _number(value)
    return int(number) if number is not None and number >= 0 and number == int(number) else None


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _unreadable(number: int, row: Any) -> SetAside:
    return SetAside(
        position=f"row {number}",
        reason="Google's row does not name its day, page and query",
        content=contacts.form(str(sorted(row)) if isinstance(row, dict) else type(row).__name__),
    )


def _twice(number: int, keys: list[str]) -> SetAside:
    return SetAside(
        position=f"row {number}",
        reason="Google's pages hold the row twice",
        content="",
        day=day_of(tuple(keys)),
        kind="duplicate",
        is_lost=False,
    )
