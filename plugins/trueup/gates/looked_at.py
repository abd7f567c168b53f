"""Whether a landing looked at what an earlier one found.

A stream is fetched again as far back as its vendor restates, of some vendors once a week farther
than on other days. What was found on a day that a landing did not ask for may be as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from trueup.gates.findings import Finding, Verdict, unit_of
from trueup.landing.manifest import Load
from trueup.window import Window


def windows(source: str, loads: Iterable[Load]) -> dict[str, tuple[Window, ...]]:
    """What was asked for of each unit that a landing gate judges."""
    found: dict[str, tuple[Window, ...]] = {}
    for load in loads:
        unit = unit_of(f"{source}.{load.stream}", load.account)
        found[unit] = (*found.get(unit, ()), load.window)
    return found


def with_reach(finding: Finding, asked: dict[str, tuple[Window, ...]]) -> Finding:
    """The finding of a landing, with how far back its first day lies. What is over after several
    judgements has waited for the one that reaches back farthest."""
    if not finding.since_date or finding.unit not in asked or finding.over_after > 1:
        return finding
    windows_of_unit = asked[finding.unit]
    newest = max(window.last_day for window in windows_of_unit)
    # A row may be of a day before all that was asked for, such as when a campaign began
    first = max(finding.since_date, min(window.since for window in windows_of_unit))
    return replace(finding, reach_days=max((newest - first).days, 0))


def has_looked(
    verdict: Verdict, units: Sequence[str], account: str, first_day: date | None, reach_days: int
) -> bool:
    """Whether the verdict's landing asked for the first day of what was found in `units`, or as
    many days back as it lay: where those slid past it, nobody will ask for it again. Of an account
    that was asked for nothing at all there is nothing to wait for."""
    if first_day is None or not reach_days or not _is_asked_for(verdict, account):
        return True
    return all(_reaches(verdict.windows.get(unit, ()), first_day, reach_days) for unit in units)


def _is_asked_for(verdict: Verdict, account: str) -> bool:
    of_account = unit_of("", account)
    return any(unit.endswith(of_account) for unit in verdict.windows) or any(
        finding.segment == account for finding in verdict.findings
    )


def _reaches(asked: Sequence[Window], first_day: date, reach_days: int) -> bool:
    if any(first_day in window for window in asked):
        return True
    newest = max((window.last_day for window in asked), default=date.min)
    reach = max(((newest - window.since).days for window in asked), default=0)
    return newest >= first_day and reach >= reach_days
