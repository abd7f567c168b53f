"""What a run makes of an incident: opened, worse, over. Decides, and neither writes nor sends.

A clock may be set back. A moment that lies in the future is then a clock's mistake, and nothing is
waited for because of it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from trueup.alerts.incidents import Event, Incident, Notice, Said

#: What becomes of an incident at a moment.
Change = Callable[[Incident, datetime], Incident]
#: What got worse slowly (money, signals) is said again after this time at the earliest.
UPDATES_APART = timedelta(hours=6)
#: Money that grew by this factor is news.
GREW = Decimal(2)
#: A warning from the mart's gate is of the world, which comes and goes: it is over after as many
#: builds without it. What the mart's own incidents say has waited already, in days of data, which
#: are better evidence than runs: those close at once, and so does all that is no warning.
CLEAN_BUILDS = 2
#: The gate whose warnings are of the world.
MART = "mart"


def met(known: Incident | None, notice: Notice, at: datetime) -> Incident:
    """The incident after one more run has met its cause, with a message decided where it is
    news."""
    if known is None:
        return met(opened(notice, at), notice, at)
    incident = replace(
        known, notice=notice, last_seen_at=at, runs=known.runs + 1, clean_runs=(), resolved_at=None
    )
    event = _news(incident, at)
    return said(incident, event, at) if event else incident


def opened(notice: Notice, at: datetime) -> Incident:
    """An incident nobody has heard of."""
    return Incident(notice, at, at, runs=0, opening=secrets.token_hex(6))


def not_met(incident: Incident, run: str, at: datetime) -> Incident:
    """The incident after the run `run` judged its unit without it: over, or waited for. Judging
    the same build twice says nothing new."""
    clean = tuple(dict.fromkeys([*incident.clean_runs, run]))
    if len(clean) < waits_for(incident.notice):
        return replace(incident, clean_runs=clean)
    return over(incident, at)


def not_looked_at(incident: Incident, _at: datetime) -> Incident:
    """The incident after a landing that did not ask for its days: it stands, and stops nothing."""
    return replace(incident, notice=replace(incident.notice, kind="warn"))


def waits_for(notice: Notice) -> int:
    """How many clean runs it takes until the cause is over."""
    is_of_world = notice.kind == "warn" and notice.gate == MART and not notice.incident_id
    return CLEAN_BUILDS if is_of_world else notice.over_after


def over(incident: Incident, at: datetime) -> Incident:
    """The incident, which is over. What nobody was to hear of yet stays unsaid."""
    ended = replace(incident, resolved_at=at)
    return said(ended, "resolved", at) if ended.said else ended


def acknowledged(incident: Incident, who: str, why: str, at: datetime) -> Incident:
    """Somebody is at work on it."""
    known = replace(incident, acknowledged_by=who, acknowledged_why=why, acknowledged_at=at)
    return said(known, "acknowledged", at) if known.said else known


def muted(incident: Incident, until: datetime, who: str, why: str, at: datetime) -> Incident:
    return replace(incident, muted_at=at, muted_until=until, muted_by=who, muted_why=why)


def unmuted(incident: Incident, at: datetime) -> Incident:
    """The incident with its mute taken back, which speaks if there is something to say."""
    free = replace(incident, muted_at=None, muted_until=None, muted_by="", muted_why="")
    return spoken(free, at)


def spoken(incident: Incident, at: datetime) -> Incident:
    """The incident, with a message of what a mute kept back, once the mute is over."""
    if incident.resolved_at or incident.is_muted(at):
        return incident
    if incident.muted_until:  # it speaks again, changed or not: that is what a mute's end is
        free = replace(incident, muted_at=None, muted_until=None, muted_by="", muted_why="")
        return said(free, "updated" if incident.said else "opened", at)
    event = _news(incident, at)
    return said(incident, event, at) if event else incident


def said(incident: Incident, event: Event, at: datetime) -> Incident:
    """The incident with one more message about it."""
    notice = incident.notice
    is_of_person = event == "acknowledged"
    return replace(
        incident,
        number=incident.number + 1,
        event=event,
        said=incident.said
        if is_of_person
        else Said(at, notice.kind, notice.severity, notice.amount, notice.signals),
    )


def _news(incident: Incident, at: datetime) -> Event | None:
    """What there is to say that was not said yet."""
    if incident.notice.group or incident.is_muted(at):
        return None
    if incident.said is None:
        return "opened"
    if _is_worse(incident.notice, incident.said):
        return "updated"
    since = at - incident.said.at
    is_too_soon = timedelta(0) <= since < UPDATES_APART
    if incident.acknowledged_by or is_too_soon:
        return None
    return "updated" if _has_grown(incident.notice, incident.said) else None


def _is_worse(notice: Notice, before: Said) -> bool:
    """Whether it now takes more of a person than what was said asked for."""
    if before.severity == "ticket" and notice.severity == "page":
        return True
    return notice.kind == "hold" and before.kind == "warn"


def _has_grown(notice: Notice, before: Said) -> bool:
    if set(notice.signals) - set(before.signals):
        return True
    if notice.amount is None or not notice.amount:
        return False
    return abs(notice.amount) >= GREW * abs(before.amount or Decimal(0))
