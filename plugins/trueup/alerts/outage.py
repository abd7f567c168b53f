"""Vendors that do not answer: however many they are, one incident.

Each account that did not land is an incident of its own, of which nobody hears; the outage stands
for all of them, and is over with the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from trueup.alerts import lifecycle
from trueup.alerts.incidents import Incident, Notice

CAUSE = "vendors do not answer"
#: Who follows within this time is part of what was said.
ONE_OUTAGE = timedelta(hours=1)


def member(notice: Notice) -> Notice:
    """The notice as a part of the outage."""
    return replace(notice, group=CAUSE)


def after(known: Incident | None, members: Sequence[Incident], at: datetime) -> Incident | None:
    """The outage, now that these are its open members."""
    if not members:
        return lifecycle.over(known, at) if known else None
    notice = notice_of([incident.notice for incident in members])
    follows = known and known.said and timedelta(0) <= at - known.opened_at < ONE_OUTAGE
    if known and known.said and follows:
        known = replace(known, said=replace(known.said, signals=notice.signals))
    return lifecycle.met(known, notice, at)


def notice_of(notices: Sequence[Notice]) -> Notice:
    first = notices[0]
    names = tuple(sorted(notice.where for notice in notices))
    return Notice(
        cause=CAUSE,
        kind="unavailable",
        gate="landing",
        what=first.what,
        where=", ".join(sorted({notice.where.split(".")[0] for notice in notices})),
        how_much=first.how_much if len(notices) == 1 else f"{len(notices)} accounts or streams",
        advice=first.advice,
        query=first.query if len(notices) == 1 else "",
        runbook=first.runbook,
        link=first.link,
        signals=names,
    )
