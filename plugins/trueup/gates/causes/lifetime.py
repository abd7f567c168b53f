"""Incidents over the days: when each opened, what it turned out to be, and when it was over.

Every day is explained from what was known on it. What goes on is the same incident, whatever it is
called by then; it keeps the identity it opened with, so that nobody hears of it twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from trueup.gates.causes.changed_settings import is_setting
from trueup.gates.causes.evidence import Change, Episode
from trueup.gates.causes.families import NO_FAMILY
from trueup.gates.causes.family import Family
from trueup.gates.causes.match import Explanation, explain
from trueup.gates.causes.scope import narrowest
from trueup.gates.causes.suspects import suspect

#: What begins again so soon after it was over was not over.
REOPEN = timedelta(days=5)
#: A consequence that lasts longer than this after its cause was mended has another cause.
OUTLASTS = timedelta(days=21)
#: How far visits get. A day on which more of them buy is business: where a tag told of too many,
#: ids, values or captures of orders would say so.
PROGRESS = frozenset({"orders_per_session", "engaged_share", "checkout_rate", "purchase_rate"})

Key = tuple[str, str, str, str, date]


@dataclass
class Incident:
    """One cause from the day it was found. `identity` is family, system and segment as they were
    first taken for; `number` counts its openings."""

    identity: tuple[str, str, str]
    number: int
    opened: date
    explanation: Explanation
    segment: str
    last_seen: date
    resolved: date | None = None
    had_two_keys: bool = False
    members: set[Key] = field(default_factory=set)

    @property
    def family(self) -> Family:
        return self.explanation.family

    @property
    def system(self) -> str:
        return self.explanation.system

    @property
    def onset(self) -> date:
        return min(self.explanation.onset, self.opened)

    def id(self, company: str) -> str:
        parts = (company, *self.identity, str(self.number))
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def follow(episodes: Sequence[Episode], changes: Sequence[Change], newest: date) -> list[Incident]:
    """Every incident through the newest day, in the order in which they opened."""
    incidents: list[Incident] = []
    seen: object = None
    for day in _days(episodes, newest):
        _end(incidents, episodes, day)
        evidence = _evidence(incidents, episodes, day)
        known = [x for x in changes if x.observed_at.date() <= day]
        news = [(x.key, len(x.readings), x.is_open(day)) for x in evidence], len(known)
        if news != seen:  # explained otherwise only where something is otherwise
            _one_day(incidents, evidence, known, day)
            seen = news
    for incident in incidents:
        if not incident.resolved and not incident.explanation.signals:
            incident.last_seen = newest
    return incidents


def _days(episodes: Iterable[Episode], newest: date) -> list[date]:
    """Days on which something was out of order or just over."""
    days: set[date] = set()
    for x in episodes:
        end = min(x.closed or newest, newest)
        days |= {x.opened + timedelta(days=n) for n in range((end - x.opened).days + 1)}
    return sorted(day for day in days if day <= newest)


def _evidence(
    incidents: Iterable[Incident], episodes: Iterable[Episode], day: date
) -> list[Episode]:
    """What is open on the day, and what belongs to incidents that go on or may do so again. The
    setting of an incident that is over is no news, nor is what it has left behind."""
    going_on = _going_on(incidents, {x.key for x in episodes if x.is_open(day)}, day)
    kept = {key for incident in going_on for key in incident.members}
    over = {key for x in incidents if x.resolved for key in x.members}
    return [
        x.as_of(day)
        for x in episodes
        if x.key in kept or (x.is_open(day) and not (is_setting(x) and x.key in over))
    ]


def _going_on(incidents: Iterable[Incident], open_keys: set[Key], day: date) -> list[Incident]:
    """Incidents that are not over, may begin again, or have consequences that are not over yet."""
    return [
        x for x in incidents
        if not x.resolved or day - x.resolved <= REOPEN
        or (day - x.resolved <= OUTLASTS and x.members & open_keys)
    ]  # fmt: skip


def _deciding(explanation: Explanation, own: Sequence[Episode]) -> Sequence[Episode]:
    """What says whether an incident is over: the signals it goes by, for consequences last longer
    than their cause; a setting where it is all there is."""
    keys = {x.key for x in explanation.keys}
    signals = [x for x in own if not is_setting(x)]
    return [x for x in signals if x.key in keys] or signals or own


def _end(incidents: Iterable[Incident], episodes: Iterable[Episode], day: date) -> None:
    """Incidents are over once what they go by is in order on the day."""
    for incident in incidents:
        if incident.resolved is None:
            own = [x for x in episodes if x.key in incident.members]
            if not any(x.is_open(day) for x in _deciding(incident.explanation, own)):
                incident.resolved = day


def _one_day(
    incidents: list[Incident], evidence: Sequence[Episode], changes: Sequence[Change], day: date
) -> None:
    taken: set[int] = set()
    for explanation in explain(evidence, changes):
        members = {x.key for x in explanation.explained}
        open_keys = {x.key for x in evidence if x.is_open(day)}
        going_on = [x for x in _going_on(incidents, open_keys, day) if id(x) not in taken]
        if not any(x.is_open(day) for x in _deciding(explanation, explanation.explained)):
            for over in (x for x in going_on if _goes_on(x, explanation, members)):
                over.members |= members  # a consequence that shows once its cause is mended
            continue
        same = [x for x in going_on if _goes_on(x, explanation, members)] or [
            x for x in going_on if _alike(x, explanation, day)
        ]
        if same:
            incident = min(same, key=lambda x: (-len(x.members & members), x.opened))
            for other in same:
                if other is not incident and other.members <= members:
                    incidents.remove(other)
        else:
            incident = _open(incidents, explanation, day)
            incidents.append(incident)
        taken.add(id(incident))
        incident.members |= members
        incident.explanation = explanation
        incident.segment = narrowest(explanation, day)
        incident.last_seen, incident.resolved = _last_seen(explanation, day), None
        incident.had_two_keys |= _has_two_keys(incident, changes)


def _last_seen(explanation: Explanation, day: date) -> date:
    """The newest day on which it was measured; where there is nothing to measure, the day."""
    measured = [x.last.day for x in explanation.explained if x.last]
    return max(measured, default=day)


def _goes_on(incident: Incident, explanation: Explanation, members: set[Key]) -> bool:
    """Whether what it went by is explained now, or what is gone by now was part of it: to have some
    small consequence in common makes no two causes one."""
    return incident.explanation.lead.key in members or explanation.lead.key in incident.members


def _alike(incident: Incident, explanation: Explanation, day: date) -> bool:
    """Whether what begins is what was just over, or goes by the same identity."""
    family, system, segment = (
        explanation.family.name,
        explanation.system,
        narrowest(explanation, day),
    )
    if incident.resolved:
        return (incident.family.name, incident.system) == (family, system)
    return incident.identity == (family, system, segment)


def _open(incidents: Sequence[Incident], explanation: Explanation, day: date) -> Incident:
    segment = narrowest(explanation, day)
    identity = (explanation.family.name, explanation.system, segment)
    number = 1 + sum(x.identity == identity for x in incidents)
    return Incident(identity, number, day, explanation, segment, day)


def _has_two_keys(incident: Incident, changes: Sequence[Change]) -> bool:
    """Whether more than one witness speaks for it: a second signal, a change of settings, or a
    second day that tells of it (a breach is open until two do not). A setting alone, what a
    person can do nothing about tonight, and what nothing explains but loses nothing wake nobody."""
    explanation = incident.explanation
    if not explanation.family.may_page or not explanation.signals:
        return False
    if explanation.family is NO_FAMILY and not any(map(_loses, explanation.explained)):
        return False
    return (
        len(explanation.signals) > 1
        or any(x.days_that_show_it > 1 for x in explanation.explained)
        or suspect(explanation, changes) is not None
    )


def _loses(episode: Episode) -> bool:
    """Whether something may be lost by what moved: not by who visits, nor by visits that get
    further than usual."""
    return episode.kind != "mix" and not (episode.signal in PROGRESS and episode.direction > 0)
