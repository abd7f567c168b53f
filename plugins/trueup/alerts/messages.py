"""What a person reads: short lines for a phone, with every command and link in the text itself."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from trueup.alerts.incidents import Incident, Kind, Notice
from trueup.gates.findings import Finding

#: A longer command is kept with the verdict, and named.
QUERY_LENGTH = 240

HEADINGS: dict[Kind, str] = {
    "hold": "{gate}: held, the last good data stays in use",
    "warn": "{gate}: in use, with warnings",
    "gate-error": "{gate}: the gate could not run, which says nothing about the data",
    "unavailable": "vendors do not answer; what is missing is caught up once they do",
    "failed": "failed, and is not tried again by itself today",
}


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
    )


def opened(company: str, incidents: Sequence[Incident], runbook_url: str) -> str:
    """What began, under what it means, worst first; what is of one kind stands together."""
    headings: dict[str, list[Notice]] = {}
    for kind in HEADINGS:
        for incident in incidents:
            if incident.notice.kind == kind:
                heading = HEADINGS[kind].format(gate=incident.notice.gate)
                headings.setdefault(heading, []).append(incident.notice)
    lines = [f"[{company}] {len(incidents)} opened"]
    for heading, notices in headings.items():
        lines += [heading, *_entries(notices, runbook_url)]
    return "\n".join(lines)


def resolved(company: str, incidents: Sequence[Incident], at: datetime) -> str:
    """What is over: a line each, with how long it lasted."""
    lines = [
        f"- {incident.notice.where}: {incident.notice.what}"
        f" (after {duration(at - incident.opened_at)})"
        for incident in incidents
    ]
    return "\n".join([f"[{company}] {len(incidents)} resolved", *lines])


def duration(time: timedelta) -> str:
    """The two largest units of a time, such as `2 d 3 h`."""
    minutes = int(time.total_seconds()) // 60
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"


def _entries(notices: Iterable[Notice], runbook_url: str) -> Iterable[str]:
    same: dict[tuple[str, str, str], list[Notice]] = {}
    for notice in notices:
        same.setdefault((notice.what, notice.advice, notice.runbook), []).append(notice)
    for (what, advice, runbook), alike in same.items():
        yield f"- {what}. {advice}" if advice else f"- {what}"
        for notice in alike:
            yield (
                f"    {notice.where}: {notice.how_much}"
                if notice.how_much
                else f"    {notice.where}"
            )
            if notice.query:
                yield f"        look: {_short(notice)}"
            if notice.link:
                yield f"        open: {notice.link}"
        if runbook:
            yield f"    do: {_address(runbook, runbook_url)}"


def _short(notice: Notice) -> str:
    if len(notice.query) <= QUERY_LENGTH:
        return notice.query
    return f"trueup query --finding {shlex.quote(notice.cause)}"


def _address(runbook: str, runbook_url: str) -> str:
    """Where the section is read: below the address the team's copy has, or in the project."""
    _, mark, section = runbook.partition("#")
    return f"{runbook_url}{mark}{section}" if runbook_url else runbook
