"""Incidents that the published mart knows to be over: what a history that is landed in one night
holds was over before anybody could be notified of it, and marks its days all the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import duckdb

OVER = """
select incident_id, onset_date, resolved_date - 1, system, what, cause_family
from health.fct_incidents where status = 'resolved'
order by resolved_date desc, onset_date desc, incident_id
"""


def lines(mart: Path, most: int, known: Collection[str]) -> Iterator[str]:
    """At most so many, newest first, without those whose ids are `known` already; nothing where no
    mart is published, or one that has no incidents."""
    if not most or not mart.exists():
        return
    try:
        with duckdb.connect(str(mart), read_only=True) as con:
            rows = con.execute(OVER).fetchall()
    except duckdb.CatalogException:
        return
    news = [row for row in rows if row[0] not in known]
    for incident_id, onset, last, system, what, family in news[:most]:
        yield f"{incident_id[:5]}  over   {onset} to {last}  {system}: {what} ({family})"
