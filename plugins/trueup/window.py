"""Half-open windows of days: [since, until)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, order=True)
class Window:
    """The days from `since` up to but not including `until`."""

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.since >= self.until:
            raise ValueError(f"empty window: {self.since} is not before {self.until}")

    def __str__(self) -> str:
        return f"[{self.since}, {self.until})"

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.since <= day < self.until

    @property
    def last_day(self) -> date:
        return self.until - timedelta(days=1)

    def days(self) -> Iterator[date]:
        for offset in range((self.until - self.since).days):
            yield self.since + timedelta(days=offset)

    def split(self, days: int | None) -> Iterator[Window]:
        """Consecutive windows of at most `days` days; the whole window where `days` is None."""
        if days is None:
            yield self
            return
        since = self.since
        while since < self.until:
            until = min(since + timedelta(days=days), self.until)
            yield Window(since, until)
            since = until

    def instants(self, zone: str = "UTC") -> tuple[datetime, datetime]:
        """The window's two bounding instants, in UTC, of days as counted in `zone`."""
        return _midnight(self.since, zone), _midnight(self.until, zone)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)


def runs(days: set[date]) -> Iterator[Window]:
    """The fewest windows that cover exactly `days`."""
    one = timedelta(days=1)
    since = until = None
    for day in sorted(days):
        if since is None or until is None:
            since = day
        elif day != until:
            yield Window(since, until)
            since = day
        until = day + one
    if since is not None and until is not None:
        yield Window(since, until)
