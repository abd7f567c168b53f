"""How a receiver has answered lately: how long to leave it alone, and what it was sent."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from trueup.alerts.incident_files import UNREADABLE, write_whole

#: The first pause after a failure; each further one is twice as long, up to the longest. A
#: receiver may ask for a longer one than that, within reason.
FIRST_WAIT, LONGEST_WAIT, LONGEST_ASKED = 15.0, 1800.0, 6 * 3600.0
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Standing:
    """`failures` in a row, since `failing_since`; after the last of them the receiver is left
    alone for `wait_seconds`. At `refused_at` it said that it will never take a message. `sent` are
    the moments of messages of the last hour."""

    failures: int = 0
    failed_at: datetime | None = None
    failing_since: datetime | None = None
    refused_at: datetime | None = None
    wait_seconds: float = 0.0
    was_asked: bool = False
    why: str = ""
    sent: tuple[datetime, ...] = ()

    def wait(self, at: datetime) -> float:
        """Seconds until it may be tried. Where the clock was set back behind the failure nothing
        is known of the time since."""
        if self.failed_at is None:
            return 0.0
        since = (at - self.failed_at).total_seconds()
        return max(0.0, self.wait_seconds - since) if since >= 0 else 0.0

    def failed(self, at: datetime, retry_after: float | None, why: str) -> Standing:
        backoff = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(self.failures, 10))
        wait = backoff if retry_after is None else min(retry_after, LONGEST_ASKED)
        return replace(
            self,
            failures=self.failures + 1,
            failed_at=at,
            # A failure of the future is a clock's mistake.
            failing_since=min(self.failing_since or at, at),
            wait_seconds=wait,
            was_asked=retry_after is not None,
            why=why,
        )

    def refused(self, at: datetime, why: str) -> Standing:
        """It will never take one message; others it may."""
        return replace(self, refused_at=at, why=why)

    def delivered(self, at: datetime) -> Standing:
        return Standing(sent=(*self.recent(at), at), refused_at=self.refused_at, why=self.why)

    def recent(self, at: datetime) -> tuple[datetime, ...]:
        """Messages of the last hour; those of the future are a clock's mistake."""
        return tuple(moment for moment in self.sent if timedelta(0) <= at - moment < HOUR)


def read(path: Path) -> Standing:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Standing(
            failures=int(content["failures"]),
            failed_at=_moment(content["failed_at"]),
            failing_since=_moment(content["failing_since"]),
            refused_at=_moment(content["refused_at"]),
            wait_seconds=float(content["wait_seconds"]),
            why=str(content["why"]),
            sent=tuple(datetime.fromisoformat(moment) for moment in content["sent"]),
        )
    except (FileNotFoundError, *UNREADABLE):
        return Standing()


def write(path: Path, standing: Standing) -> None:
    write_whole(path, asdict(standing))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
