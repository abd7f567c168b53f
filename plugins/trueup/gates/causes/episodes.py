"""What the build says was out of order, and when: read into episodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb

from trueup.gates.causes import turned
from trueup.gates.causes.evidence import Change, Episode, Reading
from trueup.gates.causes.family import CONFIGURATION, LATE, MISSING, WINDOW_LOST

#: A change of settings is reported for this long, unless it is taken back.
SETTING_DAYS = 14
#: A setting that becomes again what it was within this is mended, and nothing is broken by it.
TAKEN_BACK = timedelta(days=90)
#: A series that says nothing more is open for as long as this.
SILENT_DAYS = 7
#: So many claims that were to be expected of a window and did not come are no chance.
MISSED_CLAIMS = 10


def gather(con: duckdb.DuckDBPyConnection) -> None:
    """Put scores beside counts, in the temporary table `judged` of the connection: what is asked of
    it many times is read once. Nobody asks for segments of what never left its range, which are
    most of the series."""
    con.execute(
        """
        create or replace temp table judged as
        with out_of_range as (
            select distinct signal, dimension from trueup.signal_scores where is_breach
        ),
        wholes as (
            select distinct signal, system as segment from intermediate.int_signals__counted
        ),
        scores as (
            select * from trueup.signal_scores
            where dimension = 'all'
                or (signal, dimension) in (select signal, dimension from out_of_range)
                or (signal, segment) in (select signal, segment from wholes)
        )
        select scores.*, counted.kind, counted.system, counted.hop, counted.numerator,
            counted.denominator, counted.denominator_amount
        from scores
        left join intermediate.int_signals__counted as counted
            using (signal, dimension, segment, signal_date)
        """
    )


def every(con: duckdb.DuckDBPyConnection) -> list[Episode]:
    """Every episode of the judged history, of all kinds, earliest first, once it is gathered."""
    signals = turned.mark(con, _of_signals(con))
    found = [*signals, *of_settings(con), *_of_sources(con), *_of_windows(con)]
    return sorted(found, key=lambda episode: (episode.opened, episode.key))


def changes(con: duckdb.DuckDBPyConnection) -> list[Change]:
    """Every change of settings, the newest last."""
    return [change for change, *_ in _changes(con)]


def newest_day(con: duckdb.DuckDBPyConnection) -> date | None:
    """The last day that was judged, or seen a change of settings."""
    row = con.execute(
        """
        select max(day) from (
            select max(signal_date) as day from trueup.signal_scores
            union all select max(cast(observed_at as date)) from health.fct_config_changes
            union all select max(through_date) from trueup.build
        )
        """
    ).fetchone()
    return row[0] if row else None


def _of_signals(con: duckdb.DuckDBPyConnection) -> Iterable[Episode]:
    """Runs of days out of range: islands of breaches, each closed by the day that follows it."""
    rows = con.execute(
        """
        with scored as (
            select *,
                lead(signal_date) over series as next_date,
                count(*) filter (where not is_breach) over (series rows unbounded preceding) as run,
                max(signal_date) over (partition by signal, dimension, segment) as newest_date
            from judged
            window series as (partition by signal, dimension, segment order by signal_date)
        ),
        newest as (select max(signal_date) as judged_date from trueup.signal_scores)
        select scored.signal, scored.dimension, scored.segment, run,
            coalesce(scored.system, ''), coalesce(scored.hop, ''),
            coalesce(scored.kind, 'share'),
            case when scored.signal_date < newest_date then next_date
                when judged_date - newest_date >= $silent then newest_date + $silent
            end as closed,
            scored.signal_date, coalesce(scored.observed, 0), coalesce(scored.expected, 0),
            coalesce(scored.expected_low, 0), coalesce(scored.expected_high, 0),
            coalesce(scored.direction, 0), coalesce(scored.since_date, scored.signal_date),
            coalesce(scored.effect, scored.observed / nullif(scored.expected, 0), 1),
            coalesce(scored.numerator, 0), coalesce(scored.denominator, 0),
            scored.denominator_amount
        from scored
        cross join newest
        where scored.is_breach
        order by scored.signal, scored.dimension, scored.segment, scored.signal_date
        """,
        {"silent": SILENT_DAYS},
    ).fetchall()
    runs: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for row in rows:
        runs.setdefault(row[:4], []).append(row[4:])
    for (signal, dimension, segment, _), days in runs.items():
        system, hop, kind, closed = days[-1][:4]
        readings = tuple(Reading(*day[4:]) for day in days)
        yield Episode(
            signal, system, hop, dimension, segment, kind, readings[0].day, closed, readings
        )


def _changes(
    con: duckdb.DuckDBPyConnection,
) -> Iterator[tuple[Change, datetime | None, tuple[Any, ...], str]]:
    """Each change, when the same setting changed next, which setting it is, and its old value."""
    rows = con.execute(
        """
        select source, coalesce(hop, ''), coalesce(object_type, ''), coalesce(setting, ''),
            coalesce(new_value, ''), change, observed_at, last_seen_before_at,
            coalesce(is_break, false), coalesce(goals, ''),
            lead(observed_at) over (
                partition by source, account_id, object_type, object_id, setting
                order by observed_at
            ) as undone_at,
            account_id, object_id, coalesce(old_value, '')
        from health.fct_config_changes
        order by observed_at, source, change
        """
    ).fetchall()
    for *fields, undone_at, account_id, object_id, old_value in rows:
        change = Change(*fields)
        place = change.source, account_id, change.object_type, object_id, change.setting
        yield change, undone_at, place, old_value


def of_settings(con: duckdb.DuckDBPyConnection) -> Iterable[Episode]:
    """Changes that may break something by themselves, until they are taken back or are old. What
    was taken back on the same day stands no more, and what takes a change back breaks nothing."""
    broken: dict[tuple[Any, ...], tuple[str, datetime]] = {}
    for change, undone_at, place, old_value in _changes(con):
        usual, since = broken.get(place, ("", datetime.min.replace(tzinfo=UTC)))
        if change.observed_at - since <= TAKEN_BACK:
            if change.value == usual:
                del broken[place]
                continue
        elif change.is_break:
            broken[place] = old_value, change.observed_at
        opened = change.observed_at.date()
        closed = opened + timedelta(days=SETTING_DAYS)
        if undone_at:
            closed = min(closed, undone_at.date())
        if not change.is_break or closed <= opened:
            continue
        yield Episode(
            CONFIGURATION, change.source, change.hop, opened=opened, closed=closed, change=change
        )


def _of_sources(con: duckdb.DuckDBPyConnection) -> Iterable[Episode]:
    """Sources whose newest day has not arrived, and days that accounts lack."""
    rows = con.execute(
        """
        select $late, source, min(landed_through) + 1, cast(null as date)
        from health.fct_freshness where is_stale and landed_through is not null group by source
        union all
        select $missing, source, min(first_date), max(last_date) + 1
        from health.fct_missing_days group by source, first_date
        """,
        {"late": LATE, "missing": MISSING},
    ).fetchall()
    for signal, source, opened, closed in rows:
        yield Episode(signal, source, "delivery", opened=opened, closed=closed)


def _of_windows(con: duckdb.DuckDBPyConnection) -> Iterable[Episode]:
    """Windows by which a platform claimed a goal and claims no more, while it goes on by others:
    from the day on which too many of its claims are missing."""
    rows = con.execute(
        """
        with windows as (
            select platform, goal, click_window_days, view_window_days, is_view_through,
                max(claim_date) as last_date,
                sum(claimed_conversions) / (max(claim_date) - min(claim_date) + 1) as a_day
            from marts.fct_platform_claims
            where goal is not null and claimed_conversions > 0
            group by all
        ),
        lost as (
            select *, last_date + ceil($missed / a_day)::integer as known_date,
                max(last_date) over (partition by platform, goal) as newest_date
            from windows
        )
        select platform, concat_ws(' ', goal, click_window_days || '-day click',
            view_window_days || '-day view'), known_date
        from lost where known_date <= newest_date order by all
        """,
        {"missed": MISSED_CLAIMS},
    ).fetchall()
    for platform, window, opened in rows:
        yield Episode(WINDOW_LOST, platform, "claim", "window", window, opened=opened)
