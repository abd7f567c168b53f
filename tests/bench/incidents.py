"""Incidents as the bench of breaks counts them, and those that the landing gates open."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import NamedTuple

from bench.broken_landings import LAST
from bench.road import Home
from trueup.alerts.incidents import USUAL
from trueup.gates import verdicts
from trueup.gates.findings import LANDING, Finding, Verdict
from trueup.gates.looked_at import has_looked
from trueup.sources import registry


class Incident(NamedTuple):
    """One incident of the judged history, as a gate found it."""

    family: str
    system: str
    segment: str
    severity: str
    status: str
    onset: date
    opened: date
    resolved: date | None


def at_landing(home: Home) -> list[Incident]:
    """What the landing gates reported, each until a day that was judged without it."""
    found: list[Incident] = []
    for source in home.sources:
        days = _last_days(home, source)
        reported: dict[str, tuple[Finding, Incident]] = {}
        clean: Counter[str] = Counter()
        for verdict in reversed(list(verdicts.recent(home.place.gates, f"{LANDING}{source}"))):
            day = max((days[one] for one in verdict.loads if one in days), default=LAST)
            failed = {finding.cause: finding for finding in verdict.failed}
            for cause in [one for one in reported if one not in failed]:
                clean[cause] += _has_judged(verdict, reported[cause][0])
                if clean[cause] >= reported[cause][0].over_after:
                    found.append(reported.pop(cause)[1]._replace(status="resolved", resolved=day))
            for cause, finding in failed.items():
                clean[cause] = 0
                reported.setdefault(cause, (finding, _of_finding(finding, day)))
        found += [incident for _, incident in reported.values()]
    return found


def _has_judged(verdict: Verdict, found: Finding) -> bool:
    """Whether the verdict could have found it again."""
    return any(map(verdict.has_judged, found.units)) and has_looked(
        verdict, found.units, found.segment, found.since_date, found.reach_days
    )


def _last_days(home: Home, source: str) -> dict[str, date]:
    """Of each load of the source its newest day."""
    return {
        load.load_id: load.window.last_day
        for stream in registry.load(source).streams
        for load in home.landing.loads(source, stream.name)
    }


def _of_finding(finding: Finding, day: date) -> Incident:
    return Incident(
        finding.check_name, finding.table_name, finding.segment, USUAL[finding.verdict], "open",
        finding.since_date or day, day, None,
    )  # fmt: skip
