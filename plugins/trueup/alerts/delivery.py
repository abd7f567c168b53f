"""Takes what waits in the outbox to its receivers: each on its own, none for longer than
`patience`, and each message by one process at a time.

A receiver that does not answer is left alone for a while, longer each time or as long as it asks,
and tried again by the next run or by `send_alerts`. Nothing of it keeps another waiting.
"""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from trueup.alerts import messages, standing
from trueup.alerts.incidents import Incident
from trueup.alerts.next_message import Channel, next_group
from trueup.alerts.outbox import Entry, Outbox
from trueup.alerts.receivers.message import NotHeard, PartlyHeard, Reminded
from trueup.alerts.standing import Standing

#: All receivers together keep whoever reports for no longer than this.
PATIENCE_SECONDS = 10.0
#: Another process that speaks with a receiver sends what waits for it too: it is waited for this
#: long, and no longer.
TURN_SECONDS = 2.0
#: How often a receiver is asked again in one run, where it says that it will answer soon.
MOST_TRIES = 3
#: Chat services take about one message a second.
PAUSE_SECONDS = 1.0
#: What could not be delivered for so long is no news any more.
TOO_OLD = timedelta(days=14)


@dataclass(frozen=True)
class Post:
    """What delivers for one company, whose `incidents` are those open and those over lately."""

    company: str
    outbox: Outbox
    runbook_url: str
    incidents: Sequence[Incident] = ()
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


def deliver(post: Post, channels: Mapping[str, Channel], patience: float) -> None:
    """Send what is due to every receiver, all at the same time."""
    until = time.monotonic() + patience
    waiting = {entry.receiver for entry in post.outbox.pending()}
    for name in waiting - set(channels):  # the company file may have it again tomorrow
        _not_too_old(post.outbox, name, post.clock())
    waiting &= set(channels)
    if post.incidents:
        waiting |= {name for name, one in channels.items() if isinstance(one.receiver, Reminded)}
    threads = [
        threading.Thread(target=_deliver_safely, args=(post, channels[name], until), daemon=True)
        for name in sorted(waiting)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))


def _deliver_safely(post: Post, channel: Channel, until: float) -> None:
    """A receiver's mistake, or ours in speaking with it, is nobody else's."""
    try:
        at_most = min(until, time.monotonic() + TURN_SECONDS)
        with _turn(post.outbox.folder / f"{channel.name}.lock", at_most) as is_mine:
            if is_mine:
                _deliver(post, channel, until)
                if isinstance(channel.receiver, Reminded):
                    _remind(post, channel, channel.receiver)
    except Exception as error:
        print(f"{channel.name} was not reached: {type(error).__name__}")


def _deliver(post: Post, channel: Channel, until: float) -> None:
    path = post.outbox.folder / f"{channel.name}.standing.json"
    known, tries = standing.read(path), 0
    if known.wait(post.clock()) > 0:
        return
    while time.monotonic() < until and tries < MOST_TRIES:
        now = post.clock()
        waiting = _not_too_old(post.outbox, channel.name, now)
        group = next_group(post.outbox, channel, known, waiting, now)
        if not group:
            return
        failures = known.failures
        known = _send(post, channel, group, known)
        standing.write(path, known)
        if known.failures > failures:
            # What is asked for is waited for here if it is short; the rest is for the next run.
            if not known.was_asked or known.wait_seconds > until - time.monotonic():
                return
            tries += 1
            time.sleep(known.wait_seconds)
        else:
            time.sleep(channel.pause_seconds)


def _remind(post: Post, channel: Channel, receiver: Reminded) -> None:
    """Tell the receiver what is so of all it has heard of, so that nothing ends by itself."""
    path = post.outbox.folder / f"{channel.name}.standing.json"
    known, now = standing.read(path), post.clock()
    waiting = {entry.incident.opening for entry in post.outbox.pending(channel.name)}
    heard = [
        incident
        for incident in post.incidents
        if incident.opening not in waiting and post.outbox.knows(incident.opening, channel.name)
    ]
    if not heard or known.wait(now) > 0:
        return
    try:
        receiver.tell_again(post.company, heard, now)
    except NotHeard as error:
        print(f"{len(heard)} incident(s) could not be sent again to {channel.name}: {error}")
        standing.write(path, known.failed(now, error.retry_after, str(error)))


def _send(post: Post, channel: Channel, group: Sequence[Entry], known: Standing) -> Standing:
    """The receiver's standing after one message was tried."""
    begun = post.outbox.begin(group, messages.batch_id(group))
    if not begun:
        return known
    thread = post.outbox.thread(begun[0])
    message = replace(
        messages.message_of(post.company, begun, thread, post.runbook_url, post.clock()),
        is_last=_is_last(post.outbox, begun, thread),
    )
    try:
        reference = channel.receiver.send(message)
    except Exception as mistake:
        # What is no answer at all is ours: it is as silent as a receiver that is.
        error = mistake if isinstance(mistake, NotHeard) else _ours(mistake)
        print(f"{len(begun)} incident(s) could not be sent to {channel.name}: {error}")
        if isinstance(error, PartlyHeard):
            post.outbox.done(begun, "delivered", message.thread or error.reference)
            return known.delivered(post.clock()).refused(post.clock(), str(error))
        if error.is_final:
            return _refused(post, channel, begun, known, error)
        post.outbox.not_heard(begun, is_certain=error.is_certain)
        return known.failed(post.clock(), error.retry_after, str(error))
    post.outbox.done(begun, "delivered", message.thread or reference)
    return known.delivered(post.clock())


def _ours(mistake: Exception) -> NotHeard:
    return NotHeard(f"cannot be spoken with: {type(mistake).__name__}", is_certain=False)


def _refused(
    post: Post, channel: Channel, group: Sequence[Entry], known: Standing, error: NotHeard
) -> Standing:
    """The standing after a message was refused for good. Of several that are refused together one
    may be the reason, or their number: each half is sent by itself."""
    if len(group) == 1:
        post.outbox.done(group, f"given up: {error}")
        return known.refused(post.clock(), str(error))
    post.outbox.not_heard(group, is_certain=True)
    failures, middle = known.failures, len(group) // 2
    for half in (group[:middle], group[middle:]):
        if known.failures <= failures:  # it still answers
            known = _send(post, channel, half, known)
    return known


def _not_too_old(outbox: Outbox, name: str, now: datetime) -> list[Entry]:
    waiting = outbox.pending(name)
    old = [entry for entry in waiting if now - entry.queued_at > TOO_OLD]
    if old:
        print(
            f"{len(old)} incident(s) could not be sent to {name} for {TOO_OLD.days} days: given up"
        )
        outbox.done(old, "given up: too old")
    return [entry for entry in waiting if entry not in old]


def _is_last(outbox: Outbox, entries: Sequence[Entry], thread: str) -> bool:
    """Whether all that the thread is about is over once these are sent."""
    openings = {entry.incident.opening for entry in entries}
    name = entries[0].receiver
    shared = outbox.sharing(thread, name) if thread else set()
    return all(outbox.has_resolved(opening, name) for opening in shared - openings)


@contextmanager
def _turn(path: Path, until: float) -> Iterator[bool]:
    """Whether this process may speak to the receiver: another may, for as long as it takes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as turn:
        while True:
            try:
                fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    yield False
                    return
                time.sleep(0.05)
            else:
                yield True
                return
