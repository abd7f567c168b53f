"""Vendors that do not answer: however many they are, one incident."""

from __future__ import annotations

from collections.abc import Sequence

from trueup.alerts.groups import Group
from trueup.alerts.incidents import Notice

CAUSE = "vendors do not answer"


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


GROUP = Group(CAUSE, notice_of)
