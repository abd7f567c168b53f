"""Which of the messages that wait a receiver is sent next, and what is said together.

In the order in which they were decided, each cause for itself; none keeps the others back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from trueup.alerts.outbox import Entry, Outbox
from trueup.alerts.receivers.message import Receiver
from trueup.alerts.standing import Standing

#: More messages at once than this are one digest.
MOST_AT_ONCE = 5
#: A message that failed so often is passed by those that did not.
STUCK = 3


@dataclass(frozen=True)
class Channel:
    """A receiver under the name the company file gives it; `is_quiet` says whether tickets wait
    at a moment."""

    name: str
    receiver: Receiver
    most_per_hour: int = 30
    is_quiet: Callable[[datetime], bool] = lambda _: False
    pause_seconds: float = 0.0


def next_group(
    outbox: Outbox, channel: Channel, known: Standing, waiting: Sequence[Entry], now: datetime
) -> Sequence[Entry]:
    """What the next message is to say: entries of those `waiting` that are due, or none."""
    uncertain = [entry for entry in waiting if entry.is_uncertain]
    heads = _heads(waiting, channel, now)
    allowed = channel.most_per_hour - len(known.recent(now))
    if allowed <= 0:  # an hour's messages are used up: only what pages is sent
        heads = [entry for entry in heads if _pages(entry)]
    # What fails time and again lets all else pass, and is tried by itself every other time.
    if fresh := {entry.name for entry in [*uncertain, *heads] if entry.attempts < STUCK}:
        uncertain = [entry for entry in uncertain if entry.name in fresh]
        heads = [entry for entry in heads if entry.name in fresh]
    elif stuck := sorted([*uncertain, *heads], key=lambda entry: entry.attempts):
        if stuck[0].attempts % 2:
            return stuck[:1]
    # What may have been heard is sent again as it was: the same message, under the same id.
    if uncertain:
        return [other for other in waiting if other.batch == uncertain[0].batch]
    if not heads:
        return []
    alike = [entry for entry in heads if entry.event == heads[0].event]
    if channel.receiver.gathers:
        return alike
    if heads[0].event != "opened":
        thread = outbox.thread(heads[0])
        return [heads[0], *(x for x in alike[1:] if thread and outbox.thread(x) == thread)]
    return alike if len(alike) > max(1, min(MOST_AT_ONCE, allowed)) else heads[:1]


def _heads(waiting: Sequence[Entry], channel: Channel, now: datetime) -> list[Entry]:
    """The first that waits of each opening, as far as it is due: tickets are not in quiet hours."""
    first: dict[str, Entry] = {}
    paging = {entry.incident.opening for entry in waiting if _pages(entry)}
    for entry in waiting:
        first.setdefault(entry.incident.opening, entry)
    is_quiet = channel.is_quiet(now)
    return [entry for opening, entry in first.items() if opening in paging or not is_quiet]


def _pages(entry: Entry) -> bool:
    return entry.incident.notice.severity == "page"
