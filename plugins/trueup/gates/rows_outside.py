"""Rows of days that do not land: what they come to, and which days they are of."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from trueup.gates.findings import counted
from trueup.gates.shares import FEW_ROWS, MOST, Judged, Part, Tolerance, judge, total
from trueup.landing.manifest import Load, Outside

#: Files written in the morning hold the first rows of the day after the newest whole one.
EARLY = timedelta(days=2)
#: Dates read the wrong way lie on both sides of the window; fewer later ones are slips of a pen.
LEAST_LATER = 0.1


def judged(load: Load, outside: Outside, tolerance: Tolerance) -> Judged:
    """Several of which some are of later days than the window's, or most of all rows, are a date
    read the wrong way, and hold; earlier ones are, as a rule, a file longer than the history."""
    offered = sum(day.offered for day in load.days) + outside.rows
    money = total((outside.money, *(day.landed_money for day in load.days)))
    part = Part(outside.first_day, offered, outside.rows, money, outside.money)
    found = judge([part], tolerance)
    are_many = outside.rows >= FEW_ROWS or found.row_share > MOST
    is_later = (
        outside.last_day >= load.until + EARLY and outside.later_rows >= LEAST_LATER * outside.rows
    )
    if found.outcome == "hold" and not (is_later and are_many):
        return replace(found, outcome="warn")
    return found


def dated(outside: Outside) -> str:
    """The days the rows are of, and on which side of those that land."""
    days = f"dated {outside.first_day} to {outside.last_day}"
    if not outside.later_rows:
        return f"{days}, before the history begins"
    if outside.later_rows == outside.rows:
        return f"{days}, later than the day that lands"
    return f"{days}, {counted(outside.later_rows)} of them later than the day that lands"
