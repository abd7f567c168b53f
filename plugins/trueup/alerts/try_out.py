"""A message to every receiver, to see that it arrives before something has to.

It begins and ends at once, goes by no route and no quiet hours, and leaves nothing behind: no
incident, nothing in the outbox.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from trueup import settings
from trueup.alerts import channels, messages, on_call
from trueup.alerts.incidents import Event, Incident, Notice
from trueup.alerts.next_message import Channel
from trueup.alerts.outbox import Entry
from trueup.alerts.receivers.message import NotHeard
from trueup.errors import TrueupError

TRIED = Notice(
    cause="test message",
    kind="warn",
    gate="test",
    what="This is a test: nothing is wrong, and there is nothing to do",
    where="trueup test-alerts",
    urgency="ticket",
)


@dataclass(frozen=True)
class Answer:
    """What came of the message to one receiver; `why` is empty where it was heard."""

    receiver: str
    why: str

    @property
    def line(self) -> str:
        return f"{self.receiver}: {f'NOT heard: {self.why}' if self.why else 'heard'}"


def try_receivers(names: Sequence[str] = ()) -> list[Answer]:
    """Send the message to the receivers of these names, or to all, one after the other. Raises
    TrueupError where there is no such receiver, or none at all."""
    config = settings.read()
    rules = channels.rules(config)
    known = channels.channels(rules, config, on_call.secret_lookups)
    if not known:
        raise TrueupError(
            "there is no receiver to try",
            next_step="set TRUEUP_WEBHOOK_URL, or `alerts:` in the company file",
        )
    if strange := [name for name in names if name not in known]:
        raise TrueupError(
            f"there is no receiver {', '.join(strange)}",
            expected=f"one of {', '.join(sorted(known))}",
            next_step="name one of those, or none for all of them",
        )
    return [
        Answer(name, _try(rules.company, known[name], config.runbook_url))
        for name in names or sorted(known)
    ]


def _try(company: str, channel: Channel, runbook_url: str) -> str:
    """Why the message was not heard; empty where it was."""
    now = datetime.now(UTC)
    incident = Incident(TRIED, now, now, runs=1, opening=secrets.token_hex(8))
    over = replace(incident, resolved_at=now)
    thread = ""
    events: tuple[tuple[Event, Incident], ...] = (("opened", incident), ("resolved", over))
    for number, (event, one) in enumerate(events, 1):
        entry = Entry(channel.name, one, event, number, now, sequence=number)
        message = messages.message_of(company, [entry], thread, runbook_url, now)
        try:
            reference = channel.receiver.send(replace(message, is_last=event == "resolved"))
        except Exception as error:  # a receiver's mistake, or ours, keeps no other from its turn
            return str(error) if isinstance(error, NotHeard) else type(error).__name__
        thread = thread or reference
    return ""
