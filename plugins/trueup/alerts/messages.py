"""What a person reads: short lines for a phone, with every command and link in the text itself."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from trueup.alerts.incidents import Event, Incident, Kind, Notice
from trueup.alerts.outbox import Entry
from trueup.alerts.receivers.message import Message, inert
from trueup.gates.findings import Finding

#: A longer command is kept with the verdict, and named.
QUERY_LENGTH = 240
#: Members of a group that are named in one line; the rest is counted.
MOST_SIGNALS = 12

HEADINGS: dict[Kind, str] = {
    "hold": "{gate}: held, the last good data stays in use",
    "warn": "{gate}: in use, with warnings",
    "gate-error": "{gate}: the gate could not run, which says nothing about the data",
    "unavailable": "vendors do not answer; what is missing is caught up once they do",
    "failed": "failed, and is not tried again by itself today",
}
#: What one message says of several incidents comes in this order.
ORDER: tuple[Event, ...] = ("opened", "updated", "acknowledged", "resolved")


def notice_of(finding: Finding, kind: Kind, link: str = "") -> Notice:
    """What there is to say of a finding."""
    return Notice(
        cause=finding.cause,
        kind=kind,
        gate=finding.gate,
        what=finding.what,
        where=finding.where,
        unit=finding.unit,
        how_much=finding.how_much,
        query=finding.query,
        runbook=finding.runbook,
        link=link,
        family=finding.family,
        system=finding.system,
        segment=finding.segment,
        urgency=finding.urgency,
        owner=finding.owner,
        since=str(finding.since_date or ""),
        amount=finding.affected_amount_local,
        currency_code=finding.currency_code,
        signals=finding.signals,
        suspected_change=finding.suspected_change,
        confidence=finding.confidence,
        not_affected=finding.not_affected,
        incident_id=finding.incident_id,
        over_after=finding.over_after,
        units=finding.units,
        reach_days=finding.reach_days,
    )


def message_of(
    company: str, entries: Sequence[Entry], thread: str, runbook_url: str, at: datetime
) -> Message:
    """One message of all these entries, worst first."""
    ordered = sorted(entries, key=lambda entry: ORDER.index(entry.event))
    first = ordered[0]
    by_event: dict[Event, list[Incident]] = {}
    for entry in ordered:
        by_event.setdefault(entry.event, []).append(entry.incident)
    notice = first.incident.notice
    return Message(
        id=batch_id(entries),
        company=company,
        event=first.event,
        title=title(company, ordered),
        text="\n".join(
            text(company, event, incidents, runbook_url, at)
            for event, incidents in by_event.items()
        ),
        incidents=[entry.incident for entry in ordered],
        events=[entry.event for entry in ordered],
        at=at,
        key=key_of(company, entries),
        thread=thread,
        runbook=_address(notice.runbook, runbook_url) if notice.runbook else "",
        command=_short(notice) if notice.query else "",
    )


def batch_id(entries: Iterable[Entry]) -> str:
    """The same for every try of the same message."""
    return _hash("\n".join(sorted(entry.name for entry in entries)))


def key_of(company: str, entries: Sequence[Entry]) -> str:
    """What the thread is about, for protocols that go by it: the cause, or a digest of several."""
    kind = "cause" if len(entries) == 1 else "digest"
    causes = sorted(entry.incident.notice.cause for entry in entries)
    openings = sorted(entry.incident.opening for entry in entries) if kind == "digest" else []
    return f"trueup/{company}/{kind}/{_hash(repr((causes, openings)))}"


def title(company: str, entries: Sequence[Entry]) -> str:
    """The message in one line."""
    if len(entries) > 1:
        counts = {event: sum(entry.event == event for entry in entries) for event in ORDER}
        counted = ", ".join(f"{count} {event}" for event, count in counts.items() if count)
        return f"[{company}] {counted}"
    (entry,) = entries
    notice = entry.incident.notice
    text = f"[{company}] {notice.severity} {entry.event}: {notice.line} ({entry.incident.id})"
    return inert(text, keep="")


def text(
    company: str, event: Event, incidents: Sequence[Incident], runbook_url: str, at: datetime
) -> str:
    if event == "resolved":
        return resolved(company, incidents, at)
    if event == "acknowledged":
        return acknowledged(company, incidents)
    return opened(company, incidents, runbook_url, event)


def opened(
    company: str, incidents: Sequence[Incident], runbook_url: str, event: Event = "opened"
) -> str:
    """What began, under what it means, worst first; what is of one kind stands together."""
    headings: dict[str, list[Incident]] = {}
    for kind in HEADINGS:
        for incident in incidents:
            if incident.notice.kind == kind:
                heading = HEADINGS[kind].format(gate=incident.notice.gate)
                headings.setdefault(heading, []).append(incident)
    pages = sum(incident.notice.severity == "page" for incident in incidents)
    paging = f", {pages} to answer now" if pages else ""
    lines = [f"[{company}] {len(incidents)} {event}{paging}"]
    for heading, alike in headings.items():
        lines += [heading, *_entries(alike, runbook_url)]
    return inert("\n".join(lines))


def resolved(company: str, incidents: Sequence[Incident], at: datetime) -> str:
    """What is over: a line each, with how long it lasted."""
    lines = [
        f"- {incident.notice.where}: {incident.notice.what} [{incident.id}]"
        f" (after {duration((incident.resolved_at or at) - incident.opened_at)})"
        for incident in incidents
    ]
    return inert("\n".join([f"[{company}] {len(incidents)} resolved", *lines]))


def acknowledged(company: str, incidents: Sequence[Incident]) -> str:
    """Who is at work on what."""
    lines = [
        f"- {incident.notice.where}: {incident.notice.what} [{incident.id}]:"
        f" {incident.acknowledged_by}"
        + (f", {incident.acknowledged_why}" if incident.acknowledged_why else "")
        for incident in incidents
    ]
    return inert("\n".join([f"[{company}] {len(incidents)} acknowledged", *lines]))


def duration(time: timedelta) -> str:
    """The two largest units of a time, such as `2 d 3 h`; a clock set back makes none of it."""
    minutes = max(0, int(time.total_seconds()) // 60)
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"


def _entries(incidents: Iterable[Incident], runbook_url: str) -> Iterable[str]:
    same: dict[tuple[str, str, str], list[Incident]] = {}
    for incident in incidents:
        notice = incident.notice
        same.setdefault((notice.what, notice.advice, notice.runbook), []).append(incident)
    for (what, advice, runbook), alike in same.items():
        yield f"- {what}. {advice}" if advice else f"- {what}"
        for incident in alike:
            yield from _one(incident)
        if runbook:
            yield f"    do: {_address(runbook, runbook_url)}"


def _one(incident: Incident) -> Iterable[str]:
    notice = incident.notice
    head = f"{notice.where} [{incident.id}]"
    yield f"    {head}: {notice.how_much}" if notice.how_much else f"    {head}"
    if notice.since and notice.since not in notice.how_much:
        yield f"        since: {notice.since}"
    if notice.costs and notice.costs not in notice.how_much:
        yield f"        at risk: {notice.costs}"
    if notice.suspected_change:
        yield f"        changed just before: {notice.suspicion}"
    if notice.signals:
        yield f"        seen in: {_several(notice.signals)}"
    if notice.not_affected:
        yield f"        not affected: {notice.not_affected}"
    if notice.query:
        yield f"        look: {_short(notice)}"
    if notice.link:
        yield f"        open: {notice.link}"


def _several(names: Sequence[str]) -> str:
    more = len(names) - MOST_SIGNALS
    shown = ", ".join(names[:MOST_SIGNALS])
    return f"{shown} and {more} more" if more > 0 else shown


def _short(notice: Notice) -> str:
    if len(notice.query) <= QUERY_LENGTH:
        return notice.query
    return f"trueup query --finding {shlex.quote(notice.cause)}"


def _address(runbook: str, runbook_url: str) -> str:
    """Where the section is read: below the address the team's copy has, or in the project."""
    _, mark, section = runbook.partition("#")
    return f"{runbook_url}{mark}{section}" if runbook_url else runbook


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
