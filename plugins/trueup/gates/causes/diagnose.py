"""Incidents from signals out of range and changed settings: `trueup.tracking_incidents`, anew.

Nothing is kept from one run to the next: the whole judged history is explained each time, so
that the same data gives the same incidents, whenever and however often they are asked for.
"""

from __future__ import annotations

from typing import Any

import duckdb

from trueup.gates.causes import episodes, same_again, touched, words
from trueup.gates.causes.evidence import Change, Episode
from trueup.gates.causes.family import LATE, MISSING
from trueup.gates.causes.lifetime import Incident, follow
from trueup.gates.causes.money import at_risk, still_normal
from trueup.gates.causes.suspects import suspect

#: The tables whose own gates report these signals already.
REPORTED_BY = {LATE: "fct_freshness", MISSING: "fct_missing_days"}


def diagnose(con: duckdb.DuckDBPyConnection) -> None:
    """Rewrite `trueup.tracking_incidents` from the scores, the changes of settings and what has not
    arrived, all of the build `con` is on."""
    episodes.gather(con)
    newest = episodes.newest_day(con)
    changes = episodes.changes(con)
    incidents = follow(episodes.every(con), changes, newest) if newest else []
    settings = con.execute("select company, reporting_currency from company.settings").fetchone()
    company, currency = settings or ("", "")
    places = touched.platforms(con), touched.record_sources(con)
    columns = [row[0] for row in con.execute("describe trueup.tracking_incidents").fetchall()]
    rows = [
        {
            "company": company,
            "incident_id": incident.id(company),
            "currency_code": currency,
            **_row(con, incident, changes),
            **touched.columns(incident, *places),
        }
        for incident in incidents
    ]
    con.begin()
    try:
        con.execute("delete from trueup.tracking_incidents")
        if rows:
            con.executemany(
                f"insert into trueup.tracking_incidents values ({', '.join('?' * len(columns))})",
                [[row[name] for name in columns] for row in rows],
            )
        con.commit()
    except duckdb.Error:
        con.rollback()
        raise


def _row(
    con: duckdb.DuckDBPyConnection, incident: Incident, changes: list[Change]
) -> dict[str, Any]:
    """What there is to say of an incident, by column."""
    explanation, family = incident.explanation, incident.family
    key = _speaking(incident)
    likely = suspect(explanation, changes)
    is_harmless = same_again.is_all(con, incident)
    return {
        "cause_family": family.name,
        "system": incident.system,
        "segment": incident.segment,
        "identity": " / ".join(incident.identity),
        "severity": "page" if incident.had_two_keys and not is_harmless else "ticket",
        "status": "resolved" if incident.resolved else "open",
        "onset_date": incident.onset,
        "opened_date": incident.opened,
        "last_seen_date": incident.last_seen,
        "resolved_date": incident.resolved,
        "signals": ", ".join(words.signals(incident)),
        "observed": words.observed(incident, key),
        "amount_at_risk": at_risk(con, incident, key),
        "suspected_change": likely.change.words if likely else None,
        "suspected_change_at": likely.change.observed_at if likely else None,
        "confidence": likely.confidence if likely else None,
        "not_affected": words.not_affected(still_normal(con, incident)) or None,
        "what": same_again.WHAT if is_harmless else words.what(incident),
        "confirm_query": family.confirm,
        "owner": family.owner,
        "runbook": family.runbook,
        "found_by": _found_by(incident),
    }


def _speaking(incident: Incident) -> Episode | None:
    """The series that says best what happened: of the segment it keeps to, else of everything."""
    keys = [x for x in incident.explanation.keys if x.readings]
    fitting = [x for x in keys if x.is_whole == (incident.segment == "all")] or keys
    return max(fitting, key=lambda x: x.missing, default=None)


def _found_by(incident: Incident) -> str:
    """What found it; the table of another gate where that reports it already."""
    found = {x.signal for x in incident.explanation.explained}
    tables = sorted(REPORTED_BY[signal] for signal in found & REPORTED_BY.keys())
    if tables:
        return tables[0]
    return "signals" if incident.explanation.signals else "settings"
