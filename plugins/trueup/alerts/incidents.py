"""One cause, open until clean: what keeps a person from hearing the same thing twice.

What an incident *is* stands here; what a run makes of it in lifecycle.py, where it lies in
incident_files.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

#: `hold`, `warn`: what a gate found. `gate-error`: a gate that could not run. `unavailable`: a
#: vendor that does not answer. `failed`: any other task or landing that came to nothing.
Kind = Literal["hold", "warn", "gate-error", "unavailable", "failed"]
#: Whether a person is woken, or hears in the morning.
Urgency = Literal["page", "ticket"]
#: What a message says of an incident.
Event = Literal["opened", "updated", "acknowledged", "resolved"]

#: Letters of a short id: no vowels, which make words, and nothing that looks like another.
LETTERS = "bcdfghjkmnpqrstvwxz23456789"
ID_LENGTH = 5
#: What clocks of one team's machines may differ by.
CLOCKS_DIFFER = timedelta(minutes=5)
#: What kinds are where nobody says otherwise: somebody has to answer a hold before the next
#: build, and a gate that cannot run judges nothing; the rest can wait until morning.
USUAL: dict[Kind, Urgency] = {
    "hold": "page",
    "gate-error": "page",
    "warn": "ticket",
    "unavailable": "ticket",
    "failed": "ticket",
}


@dataclass(frozen=True)
class Notice:
    """What there is to say of one cause. `cause` is its identity and never holds a date.

    `gate` is the gate that found it, or the DAG that failed; `unit` what that gate judges as a
    whole, so that the cause is over once the unit is judged again without it. Of what a landing
    found, the days from `since` on, `reach_days` back, are to be asked for again of all `units`.
    `advice` is what the last try of a task leaves to a person. `group` is the cause this one is
    part of, which alone is sent. `incident_id` is that of the mart's own incident, which the data
    itself opens and closes. `signals` are those that moved, or the members of a group; `amount` is
    at risk, in `currency_code`; `confidence` (0 to 1) is in `suspected_change`. It is over after
    `over_after` runs without it.
    """

    cause: str
    kind: Kind
    gate: str
    what: str
    where: str
    unit: str = ""
    how_much: str = ""
    advice: str = ""
    query: str = ""
    runbook: str = ""
    link: str = ""
    family: str = ""
    system: str = ""
    segment: str = ""
    urgency: Urgency | Literal[""] = ""
    owner: str = ""
    since: str = ""
    amount: Decimal | None = None
    currency_code: str = ""
    signals: tuple[str, ...] = ()
    suspected_change: str = ""
    confidence: float | None = None
    not_affected: str = ""
    incident_id: str = ""
    group: str = ""
    over_after: int = 1
    units: tuple[str, ...] = ()
    reach_days: int = 0

    @property
    def severity(self) -> Urgency:
        """Whether it pages."""
        return self.urgency or USUAL[self.kind]

    @property
    def line(self) -> str:
        """All that fits on one line."""
        text = f"{self.where}: {self.what}"
        return f"{text} ({self.how_much})" if self.how_much else text

    @property
    def costs(self) -> str:
        """The money at risk, where it is known."""
        if self.amount is None:
            return ""
        return f"{self.amount:,.2f} {self.currency_code}".strip()

    @property
    def suspicion(self) -> str:
        """What changed just before, and how sure it is that this is why."""
        if not self.suspected_change or self.confidence is None:
            return self.suspected_change
        return f"{self.suspected_change} ({self.confidence:.0%} sure)"


@dataclass(frozen=True)
class Said:
    """What the newest message said, and when: news is what differs from it by enough."""

    at: datetime
    kind: Kind
    severity: Urgency
    amount: Decimal | None = None
    signals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Incident:
    """An open cause. `runs` counts those that met it.

    `opening` tells this opening from every other of the same cause, whatever a clock says. Of the
    messages about it the newest is number `number`, an `event`; `queued` of them are in the outbox:
    where that is fewer, a process ended in between. `clean_runs` are those that did not meet it
    any more, while it is waited for.
    """

    notice: Notice
    opened_at: datetime
    last_seen_at: datetime
    runs: int
    opening: str = ""
    number: int = 0
    queued: int = 0
    event: Event = "opened"
    said: Said | None = None
    clean_runs: tuple[str, ...] = ()
    acknowledged_by: str = ""
    acknowledged_at: datetime | None = None
    acknowledged_why: str = ""
    muted_at: datetime | None = None
    muted_until: datetime | None = None
    muted_by: str = ""
    muted_why: str = ""
    resolved_at: datetime | None = None

    @property
    def id(self) -> str:
        """Short enough to be typed; the same whenever its cause opens."""
        return short_id(self.notice.cause)

    def is_muted(self, at: datetime) -> bool:
        """Whether a person asked for quiet. A mute begun in the future is a clock's mistake."""
        if not self.muted_at or not self.muted_until:
            return False
        return self.muted_at - CLOCKS_DIFFER <= at < self.muted_until


def worst_first(incidents: Iterable[Incident]) -> list[Incident]:
    """Those that page first, then those with most money at risk, then those open longest."""

    def place(incident: Incident) -> tuple[bool, Decimal, datetime, str]:
        notice = incident.notice
        money = abs(notice.amount or Decimal(0))
        return notice.severity != "page", -money, incident.opened_at, notice.cause

    return sorted(incidents, key=place)


def short_id(cause: str) -> str:
    number = int.from_bytes(hashlib.sha256(cause.encode()).digest()[:8])
    letters = ""
    for _ in range(ID_LENGTH):
        number, place = divmod(number, len(LETTERS))
        letters += LETTERS[place]
    return letters


def to_dict(incident: Incident) -> dict[str, Any]:
    """The incident as it is sent: one flat object."""
    content = asdict(incident)
    content.pop("said")
    return {
        "id": incident.id,
        "severity": incident.notice.severity,
        **content.pop("notice"),
        **content,
    }


def to_json(incident: Incident) -> dict[str, Any]:
    """The incident as it is kept: what JSON can hold, once instants and sums are texts."""
    said = vars(incident.said) if incident.said else None
    return {**vars(incident), "notice": vars(incident.notice), "said": said}


def from_json(content: dict[str, Any]) -> Incident:
    """What `to_json` gave, read from JSON again. Raises ValueError, KeyError or TypeError for what
    an older version wrote."""
    said = content["said"]
    return Incident(
        **{
            **_known(Incident, content),
            "notice": _notice(content["notice"]),
            "said": _typed(Said, said) if said else None,
        }
    )


def _notice(content: dict[str, Any]) -> Notice:
    notice: Notice = _typed(Notice, content)
    return notice


def _typed(kind: Any, content: dict[str, Any]) -> Any:
    known = _known(kind, content)
    if (amount := known.get("amount")) is not None:
        known["amount"] = Decimal(amount)
    return kind(**known)


def _known(kind: Any, content: dict[str, Any]) -> dict[str, Any]:
    """What a dataclass has of the content: what a newer version has added is passed over."""
    known = {one.name: content[one.name] for one in fields(kind) if one.name in content}
    for name, value in known.items():
        if name.endswith(("_at", "_until")) or name == "at":
            known[name] = datetime.fromisoformat(value) if value else None
        elif isinstance(value, list):
            known[name] = tuple(value)
    return known
