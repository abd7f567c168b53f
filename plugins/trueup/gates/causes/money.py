"""What an incident puts at risk in money, and what of the same money is as it always was."""

from __future__ import annotations

from decimal import Decimal

import duckdb

from trueup.gates.causes.evidence import Episode
from trueup.gates.causes.lifetime import Incident

#: More than this nobody reads.
NAMED = 6


def at_risk(
    con: duckdb.DuckDBPyConnection, incident: Incident, key: Episode | None
) -> Decimal | None:
    """Of the money that a series counts, since the onset, the share that is not as expected, days
    above and below it set off against each other; null where the series counts none. What a
    platform claims of all sales is a part of them: a rate below 1 puts no more at risk than was
    expected of it, one above 1 all of it at most. Where the incident keeps to segments of the
    series' dimension, it is the money of all of them."""
    if not key:
        return None
    row = con.execute(
        """
        with segments as (
            select sum(denominator_amount * greatest(-1, least(
                1,
                (observed - expected)
                / case when $kind = 'rate' then greatest(1, expected) else 1 end
            ))) as amount
            from judged
            where signal = $signal and dimension = $dimension
                and segment in (select unnest($segments::varchar[]))
                and signal_date >= $since and signal_date <= $until
            group by segment
        )
        select cast(sum(abs(amount)) as decimal(38, 6)) from segments
        """,
        {
            "kind": key.kind,
            "signal": key.signal,
            "dimension": key.dimension,
            "segments": _segments(incident, key),
            "since": incident.onset,
            "until": incident.last_seen,
        },
    ).fetchone()
    return row[0] if row else None


def _segments(incident: Incident, key: Episode) -> list[str]:
    dimension, _, named = incident.segment.partition("=")
    segments = named.split(", ") if dimension == key.dimension else []
    return segments if key.segment in segments else [key.segment]


def still_normal(con: duckdb.DuckDBPyConnection, incident: Incident) -> list[tuple[str, str]]:
    """Signals, with their system, that the cause might have moved and did not: those its family
    speaks of, and those of the same hop."""
    family = incident.family
    speaks_of = {move.signal for move in (*family.normal, *family.also)}
    moved = {x.signal for x in incident.explanation.explained}
    return con.execute(
        """
        select distinct signal, system
        from judged
        where signal_date = $day and (dimension = 'all' or segment = system)
            and (signal in (select unnest($speaks_of::varchar[])) or hop = $hop)
            and signal not in (select unnest($moved::varchar[]))
            and state = 'normal'
        order by signal, system
        limit $named
        """,
        {
            "day": incident.last_seen,
            "speaks_of": sorted(speaks_of),
            "hop": family.hop,
            "moved": sorted(moved),
            "named": NAMED,
        },
    ).fetchall()
