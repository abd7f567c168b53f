"""Incidents as the bench of breaks counts them, and those that the landing gates open."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import NamedTuple

from bench.broken_landings import LAST
from bench.road import Home
from trueup.alerts.incidents import USUAL
from trueup.gates import verdicts
from trueup.gates.findings import LANDING, Finding
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
    """What the landing gates told the person on call, each until a day that was judged without."""
    found: list[Incident] = []
    for source in home.sources:
        days = _last_days(home, source)
        told: dict[str, tuple[Finding, Incident]] = {}
        clean: Counter[str] = Counter()
        for verdict in reversed(list(verdicts.recent(home.place.gates, f"{LANDING}{source}"))):
            day = max((days[one] for one in verdict.loads if one in days), default=LAST)
            failed = {finding.cause: finding for finding in verdict.failed}
            for cause in [one for one in told if one not in failed]:
                clean[cause] += verdict.has_judged(told[cause][0].unit)
                if clean[cause] >= told[cause][0].over_after:
                    found.append(told.pop(cause)[1]._replace(status="resolved", resolved=day))
            for cause, finding in failed.items():
                clean[cause] = 0
                told.setdefault(cause, (finding, _of_finding(finding, day)))
        found += [incident for _, incident in told.values()]
    return found


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
