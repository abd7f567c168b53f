"""Rows that arrive twice as they were: exports that overlap, or one that ran again. Each is used
once, so that the numbers are right either way, and nobody needs to get up."""

from __future__ import annotations

import duckdb

from trueup.gates.causes.lifetime import Incident

FAMILY, SIGNAL = "load_duplicated", "set_aside_share"
WHAT = "Rows arrived again just as they were: each is used once, and nothing is lost"


def is_all(con: duckdb.DuckDBPyConnection, incident: Incident) -> bool:
    """Whether nothing else was set aside, since the onset, of the streams that moved."""
    if incident.family.name != FAMILY:
        return False
    row = con.execute(
        """
        select count(*) > 0 and bool_and(kind = 'duplicate' and not is_lost)
        from health.fct_set_aside
        where source || '.' || stream in (select unnest($streams::varchar[]))
            and day >= $since and day <= $until
        """,
        {
            "streams": [x.segment for x in incident.explanation.explained if x.signal == SIGNAL],
            "since": incident.onset,
            "until": incident.last_seen,
        },
    ).fetchone()
    return bool(row and row[0])
