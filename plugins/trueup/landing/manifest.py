"""What a load says of itself: its manifest, and how that is written down and read again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from trueup.errors import TrueupError
from trueup.sources.contract import Delivered, Note
from trueup.window import Window


@dataclass(frozen=True)
class LandedFile:
    """A Parquet file of a load. `name` is relative to the landing's root; `day` is set where the
    file holds one day only (bulk streams)."""

    name: str
    row_count: int
    sha256: str
    day: date | None = None


@dataclass(frozen=True)
class DayAccount:
    """One day of a load: `offered` rows are `landed` ones and those `set_aside`. Rows that could
    not be dated stand under no day.

    Money is the sum of the stream's money column in local currency units as they come, a control
    sum; null where the stream has none.
    """

    day: date | None
    offered: int
    landed: int
    set_aside: int
    landed_money: Decimal | None
    set_aside_money: Decimal | None


@dataclass(frozen=True)
class Outside:
    """Rows dated outside the window that was asked for: none of them landed. `later_rows` are
    those behind its end."""

    rows: int
    first_day: date
    last_day: date
    money: Decimal | None = None
    later_rows: int = 0

    def __add__(self, other: Outside) -> Outside:
        money = [one for one in (self.money, other.money) if one is not None]
        return Outside(
            self.rows + other.rows,
            min(self.first_day, other.first_day),
            max(self.last_day, other.last_day),
            sum(money, Decimal(0)) if money else None,
            self.later_rows + other.later_rows,
        )


@dataclass(frozen=True)
class Load:
    """One committed load: of one account (vendors), one feed (files), or '' (sources that know
    neither). `notes` say what was not as one would expect, though nothing is wrong with the load,
    `lacking` which of them the gate warns of: something that belongs to its rows did not come.
    `delivered` says what each file gave, where rows come in files, and `doubts` what of them the
    gate warns of.
    """

    load_id: str
    source: str
    stream: str
    account: str
    since: date
    until: date
    row_count: int
    days: tuple[DayAccount, ...]
    control_totals: dict[str, str]
    columns: dict[str, str]
    extra_columns: tuple[str, ...]
    files: tuple[LandedFile, ...]
    api_version: str
    committed_at: datetime
    outside: Outside | None = None
    notes: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    delivered: tuple[Delivered, ...] = ()
    doubts: tuple[Note, ...] = ()

    @property
    def window(self) -> Window:
        return Window(self.since, self.until)

    @property
    def order(self) -> tuple[datetime, str]:
        """Later commits win; the id breaks ties so that the order is total."""
        return self.committed_at, self.load_id

    @property
    def set_aside_count(self) -> int:
        return sum(day.set_aside for day in self.days)

    @property
    def day_counts(self) -> dict[str, int]:
        """Landed rows of every day that has some."""
        return {day.day.isoformat(): day.landed for day in self.days if day.day and day.landed}


@dataclass(frozen=True)
class Refusal:
    """A load that never was: what its rows were to be, and why they were refused."""

    load_id: str
    source: str
    stream: str
    account: str
    since: date
    until: date
    error: str
    refused_at: datetime
    #: Whether each load of its stream is all there is, so that any later one stands for it.
    is_whole: bool = False

    @property
    def window(self) -> Window:
        return Window(self.since, self.until)


def is_over(entry: Load | Refusal, loads: Iterable[Load]) -> bool:
    """Whether one of `loads` was committed since for the account and the last day of `entry`, or
    for any days where each load is all there is."""
    at = entry.committed_at if isinstance(entry, Load) else entry.refused_at
    is_whole = isinstance(entry, Refusal) and entry.is_whole
    return any(
        load.account == entry.account
        and load.order > (at, entry.load_id)
        and (is_whole or entry.window.last_day in load.window)
        for load in loads
    )


def to_json(entry: Load | Refusal) -> bytes:
    return json.dumps(asdict(entry), default=str, indent=1, sort_keys=True).encode()


def read_load(name: str, content: bytes) -> Load:
    """The load whose manifest is `content`. Raises TrueupError where it cannot be read."""
    try:
        raw: dict[str, Any] = json.loads(content)
        return Load(
            **{
                **raw,
                "since": date.fromisoformat(raw["since"]),
                "until": date.fromisoformat(raw["until"]),
                "committed_at": datetime.fromisoformat(raw["committed_at"]),
                "extra_columns": tuple(raw["extra_columns"]),
                "days": tuple(_day(entry) for entry in raw["days"]),
                "files": tuple(
                    LandedFile(**{**entry, "day": _date(entry["day"])}) for entry in raw["files"]
                ),
                "outside": _outside(raw["outside"]),
                "notes": tuple(raw["notes"]),
                # Older loads do not say.
                "lacking": tuple(raw.get("lacking", ())),
                "delivered": tuple(_delivered(entry) for entry in raw.get("delivered", ())),
                "doubts": tuple(_doubt(entry) for entry in raw.get("doubts", ())),
            }
        )
    except (ValueError, TypeError, LookupError, ArithmeticError) as error:
        raise TrueupError(
            f"the manifest {name} cannot be read",
            got=f"{type(error).__name__}: {error}",
            next_step="remove it: its load then never was, and the next landing fetches its days",
        ) from None


def read_refusal(content: bytes) -> Refusal:
    raw: dict[str, Any] = json.loads(content)
    return Refusal(
        **{
            **raw,
            "since": date.fromisoformat(raw["since"]),
            "until": date.fromisoformat(raw["until"]),
            "refused_at": datetime.fromisoformat(raw["refused_at"]),
        }
    )


def _day(raw: dict[str, Any]) -> DayAccount:
    return DayAccount(
        **{
            **raw,
            "day": _date(raw["day"]),
            "landed_money": _amount(raw["landed_money"]),
            "set_aside_money": _amount(raw["set_aside_money"]),
        }
    )


def _delivered(raw: dict[str, Any]) -> Delivered:
    return Delivered(raw["name"], date.fromisoformat(raw["first_day"]), raw["daily_rows"])


def _doubt(raw: dict[str, Any]) -> Note:
    return Note(**{**raw, "money": tuple((code, Decimal(amount)) for code, amount in raw["money"])})


def _outside(raw: dict[str, Any] | None) -> Outside | None:
    if raw is None:
        return None
    first, last = date.fromisoformat(raw["first_day"]), date.fromisoformat(raw["last_day"])
    later = int(raw["later_rows"])
    return Outside(int(raw["rows"]), first, last, _amount(raw["money"]), later)


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _amount(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
