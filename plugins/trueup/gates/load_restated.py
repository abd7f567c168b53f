"""Money of settled days that a vendor gives otherwise than it did, from the manifests of loads.

A stream says after how many days its money no longer moves. What changes later was taken back or
billed anew: the mart has the new figure, and whoever reported the old one wants to know.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from trueup.gates.findings import Finding
from trueup.gates.intake_rows import Subject
from trueup.landing.manifest import Load
from trueup.landing.store import Landing, winners
from trueup.sources.contract import Stream

CHECK = "settled days restated"
WHY = "The vendor changed amounts of days that were settled"
#: A vendor that restates once a week is not through with it on the days between.
OVER_AFTER = 8
RUNBOOK = "docs/runbook.md#settled-spend"
#: A day whose money moved by no more than this share of it is settled all the same.
USUAL_SHARE = Decimal("0.05")
#: Days with less than this share of the money of an average one may do as they like.
SMALL_DAY = Decimal("0.1")


class Restated(NamedTuple):
    """A settled day's money as it stood and as it is now, in the account's own currency."""

    day: date
    was: Decimal
    now: Decimal


def findings(
    landing: Landing, stream: Stream, loads: Sequence[Load], subject: Subject
) -> list[Finding]:
    """One finding where days changed that had settled when they were landed before `loads`, which
    are of one account."""
    if stream.settles_in_days is None or not loads:
        return []
    judged = {load.load_id for load in loads}
    first, since = min(load.order for load in loads), min(load.since for load in loads)
    before = [
        load
        # None was committed before the days it is of
        for load in landing.loads(loads[0].source, stream.name, since=since)
        if load.account == loads[0].account and load.load_id not in judged and load.order < first
    ]
    was = _money(before, stream.settles_in_days)
    moved = restated(was, _money(loads, stream.settles_in_days))
    return [_finding(subject, stream, moved)] if moved else []


def restated(was: dict[date, Decimal], now: dict[date, Decimal]) -> list[Restated]:
    """Days that both know and that moved further than settled ones do, oldest first."""
    both = sorted(was.keys() & now.keys())
    if not both:
        return []
    small = SMALL_DAY * sum(map(abs, was.values())) / len(was)
    found = [Restated(day, was[day], now[day]) for day in both]
    return [
        one
        for one in found
        if abs(one.now - one.was) > USUAL_SHARE * max(abs(one.was), abs(one.now))
        and max(abs(one.was), abs(one.now)) >= small
    ]


def _money(loads: Iterable[Load], settles_in_days: int) -> dict[date, Decimal]:
    """What the newest load of each day says of it, of days that it found settled."""
    return {
        account.day: account.landed_money or Decimal(0)
        for load, days in winners(loads)
        for account in load.days
        if account.day in days and (load.window.last_day - account.day).days >= settles_in_days
    }


def _finding(subject: Subject, stream: Stream, moved: Sequence[Restated]) -> Finding:
    was, now = sum(one.was for one in moved), sum(one.now for one in moved)
    days = f"{len(moved)} days" if len(moved) > 1 else "1 day"
    return Finding(
        gate=subject.gate,
        check_name=CHECK,
        table_name=subject.table_name,
        severity="warning",
        verdict="warn",
        checked_at=subject.at,
        signal=stream.money or "",
        segment=subject.segment,
        why=WHY,
        observed=f"{now:,.2f} where {was:,.2f} was said, of {days} through {moved[-1].day}",
        since_date=moved[0].day,
        query=subject.query,
        runbook=RUNBOOK,
        over_after=OVER_AFTER,
    )
