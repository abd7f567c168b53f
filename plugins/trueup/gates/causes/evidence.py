"""Signals out of range, changed settings and sources that are late, in one form: the episode.

An episode is something that was not as it should be, from one day to another. What it looked like
on a day is read from nothing younger than that day.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

#: Found so long after its onset, or further off for so long, a move is a slow one.
SLOW_DAYS, GROWTH = 10, 1.5
#: A level that is this near to what was expected goes neither way by itself.
LEVEL = 0.02
#: A day that is farther towards the level since the onset speaks for it.
HALF_WAY = 0.5
#: Of fewer events that are to be expected of it a day says nothing by itself.
FEW_EVENTS = 3.0


@dataclass(frozen=True)
class Reading:
    """One day of a series out of its range. Of a profile by the hour: by how many hours it is
    turned since its onset, 0 where it changed otherwise."""

    day: date
    observed: float
    expected: float
    low: float
    high: float
    direction: int
    since: date
    effect: float
    numerator: int = 0
    denominator: int = 0
    amount: Decimal | None = None
    hours_turned: int = 0


@dataclass(frozen=True)
class Change:
    """A setting that became another, first seen so at `observed_at`."""

    source: str
    hop: str
    object_type: str
    setting: str
    value: str
    words: str
    observed_at: datetime
    previous_at: datetime | None
    is_break: bool
    goals: str = ""


@dataclass(frozen=True)
class Episode:
    """Something out of order from `opened` until `closed`, which is null while it lasts."""

    signal: str
    system: str
    hop: str
    dimension: str = "all"
    segment: str = "all"
    kind: str = "share"
    opened: date = date.min
    closed: date | None = None
    readings: tuple[Reading, ...] = field(default=(), repr=False)
    change: Change | None = None

    @property
    def key(self) -> tuple[str, str, str, str, date]:
        """Which episode it is, on whatever day it is looked at."""
        words = self.change.words if self.change else self.segment
        return (self.signal, self.system, self.dimension, words, self.opened)

    @property
    def is_whole(self) -> bool:
        """Whether the series is of all that its system does."""
        return self.dimension == "all" or self.segment == self.system

    @property
    def last(self) -> Reading | None:
        return self.readings[-1] if self.readings else None

    @property
    def direction(self) -> int:
        """Which way the level moved since the onset, which a single day may not show."""
        if not self.last:
            return 0
        if abs(self.effect - 1) < LEVEL:
            return self.last.direction
        return 1 if self.effect > 1 else -1

    @property
    def effect(self) -> float:
        return self.last.effect if self.last else 1.0

    @property
    def is_turned(self) -> bool:
        """Whether it is of a profile by the hour that is the usual one at other hours."""
        return bool(self.last and self.last.hours_turned)

    @property
    def missing(self) -> float:
        """How much too few or too many were counted while it lasted."""
        return sum(abs(x.observed - x.expected) * x.denominator for x in self.readings)

    @property
    def onset(self) -> date:
        """When it began: earlier than it was found, as a rule."""
        return min(self.opened, self.last.since) if self.last else self.opened

    @property
    def days_that_show_it(self) -> int:
        """How many days speak for it: those between its onset and the day it was found, and those
        since that lie nearer to the level since the onset than to the one expected. Where hardly
        any event is to be expected of a day, days tell only together, and none speaks for it."""
        if self.kind == "rate" and self._expected_a_day < FEW_EVENTS:
            return 1
        moved = self.effect - 1
        far = (
            (x.observed / x.expected - 1) / moved if x.expected and moved else 1.0
            for x in self.readings
        )
        return (self.opened - self.onset).days + sum(x > HALF_WAY for x in far)

    @property
    def _expected_a_day(self) -> float:
        return sum(x.expected * x.denominator for x in self.readings) / max(len(self.readings), 1)

    @property
    def is_slow(self) -> bool:
        """Whether it crept in: found long after its onset, or still moving away."""
        if (self.opened - self.onset).days >= SLOW_DAYS:
            return True
        if len(self.readings) < SLOW_DAYS:
            return False
        third = len(self.readings) // 3
        first, last = (
            sum(abs(x.observed - x.expected) for x in some)
            for some in (self.readings[:third], self.readings[-third:])
        )
        return last > GROWTH * first

    def is_open(self, day: date) -> bool:
        return self.opened <= day and (self.closed is None or day < self.closed)

    def as_of(self, day: date) -> Episode:
        """The episode as it was known on a day."""
        if not self.readings or self.readings[-1].day <= day:
            return self
        return replace(self, readings=tuple(x for x in self.readings if x.day <= day))
