"""Tracking signals: counts are read, every series is judged, the scores are written.

What is judged, and how, is in `detect`. The scores of a day follow from the counts up to it and
from the levels a person accepted: the same counts give the same scores, whenever they are asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
import numpy as np
import pyarrow as pa

from trueup.gates import kept_states
from trueup.gates.accepted import Accepted
from trueup.gates.detect.course import begin
from trueup.gates.detect.judging import judge_from
from trueup.gates.detect.panel import Bools, Ints, Panel, Scores, State, panel
from trueup.gates.kept_states import Judged

#: Days before a series' first counts are not its days: rows without a denominator say nothing.
COUNTS = """
create or replace temp table signal_series as
select row_number() over (order by signal, dimension, segment) - 1 as series,
    dense_rank() over (order by signal, dimension) - 1 as family,
    signal, dimension, segment, any_value(kind) as kind,
    case any_value(worse) when 'fall' then -1 when 'rise' then 1 else 0 end as worse,
    coalesce(any_value(hop) = 'claim', false) as is_claimed
from {counted} where denominator > 0
group by signal, dimension, segment;
create or replace temp table signal_days as
select series, date_diff('day', (select min(signal_date) from {counted} where denominator > 0),
    signal_date) as day, signal_date,
    sum(numerator)::double as numerator, sum(denominator)::double as denominator,
    bool_and(coalesce(is_mature, true)) as is_mature
from {counted} inner join signal_series using (signal, dimension, segment)
where denominator > 0
group by series, signal_date;
"""
COUNTED = "intermediate.int_signals__counted"
#: Platforms tell of a day's conversions on the days after too: of some, less than half is claimed
#: on the next morning. So many times as much as is claimed of a young day it may become.
CLAIMS_GROW = 2.5
#: An impossible share is reported for so many days.
NEWEST_DAYS = 7
WRITE = """
insert into trueup.signal_scores by name
select signal, dimension, segment, signal_date, numerator / denominator as observed,
    found.* exclude (series, day, since_day),
    signal_date - (day - since_day)::integer as since_date
from found
inner join signal_series using (series)
inner join signal_days using (series, day)
order by signal, dimension, segment, signal_date
"""


@dataclass(frozen=True)
class Series:
    """What the rows of a panel are called, and the date of its first column."""

    names: Sequence[tuple[str, str, str]]  # signal, dimension, segment
    first_day: date


@dataclass(frozen=True)
class OverWhole:
    """A share whose numerator exceeded the whole on some of the newest days."""

    signal: str
    segment: str
    days: int
    first_day: date


def score(con: duckdb.DuckDBPyConnection, accepted: Sequence[Accepted] = ()) -> list[OverWhole]:
    """Bring `trueup.signal_scores` to what the counts say; levels in `accepted` re-base their
    series. Days before a kept state that holds are not judged again: their scores stand.

    Returns the shares that cannot be: they were judged as rates on those days.
    """
    con.execute(COUNTS.format(counted=COUNTED))
    con.begin()  # what stands is of the states kept, or neither is
    try:
        found = _rewrite(con, accepted)
        con.commit()
    except BaseException:
        con.rollback()
        raise
    return found


def _rewrite(con: duckdb.DuckDBPyConnection, accepted: Sequence[Accepted]) -> list[OverWhole]:
    counted = read(con, accepted)
    if counted is None:
        con.execute("delete from trueup.signal_scores; delete from trueup.signal_states")
        return []
    series, counts = counted
    who = _who(series, accepted)
    noted = kept_states.notebook(Judged(counts, _lines(con, series, who)))
    first, course = kept_states.newest(con, noted.judged) or (0, begin(counts))
    scores = judge_from(first, course, counts, note=noted.note)
    kept_states.keep(con, noted, first)
    since = series.first_day + timedelta(days=first) if first else date.min
    con.execute(f"delete from trueup.signal_scores where signal_date >= date '{since}'")
    rows, columns = np.nonzero(scores.state != State.NONE)
    con.register("found", _table(scores, rows, columns, who))
    con.execute(WRITE)
    con.unregister("found")
    return _over_whole(series, scores)


def _lines(
    con: duckdb.DuckDBPyConnection, series: Series, who: Sequence[Sequence[tuple[int, str]]]
) -> list[str]:
    """All that is said of each series beside its counts."""
    said = con.execute(
        "select kind, worse, is_claimed from signal_series order by series"
    ).fetchall()
    return [
        f"{series.first_day} {one} {name} {by}"
        for name, one, by in zip(series.names, said, who, strict=True)
    ]


def read(
    con: duckdb.DuckDBPyConnection, accepted: Sequence[Accepted] = ()
) -> tuple[Series, Panel] | None:
    """The counts as arrays, from the temporary tables of `COUNTS`; nothing where there are none."""
    named = con.execute(
        "select family, signal, dimension, segment, kind, worse, is_claimed"
        " from signal_series order by series"
    ).fetchall()
    if not named:
        return None
    cells = con.execute("select * from signal_days").fetchnumpy()
    first = con.execute("select min(signal_date) from signal_days").fetchone()
    series = Series([(row[1], row[2], row[3]) for row in named], first[0] if first else date.min)
    shape = (len(named), int(cells["day"].max()) + 1)
    place = (cells["series"], cells["day"])
    hits, trials, mature = np.zeros(shape), np.zeros(shape), np.ones(shape, dtype=bool)
    hits[place], trials[place] = cells["numerator"], cells["denominator"]
    mature[place] = cells["is_mature"]
    return series, panel(
        hits, trials,
        is_rate=np.array([row[4] == "rate" for row in named]),
        is_mix=np.array([row[4] == "mix" for row in named]),
        family=np.array([row[0] for row in named], dtype=np.int64),
        is_mature=mature,
        is_rebased=_rebased(series, accepted, shape),
        worse=np.array([row[5] for row in named], dtype=np.int64),
        growth=np.array([CLAIMS_GROW if row[6] else 1.0 for row in named]),
        first_weekday=series.first_day.weekday(),
    )  # fmt: skip


def _rebased(series: Series, accepted: Sequence[Accepted], shape: tuple[int, ...]) -> Bools:
    found = np.zeros(shape, dtype=bool)
    for one in accepted:
        day = max((one.since - series.first_day).days, 0)
        if day < shape[1]:
            found[[one.is_of(*name) for name in series.names], day] = True
    return found


def _who(series: Series, accepted: Sequence[Accepted]) -> list[list[tuple[int, str]]]:
    """Of each series, from which columns on who accepted its level, in order."""
    return [
        sorted(((one.since - series.first_day).days, one.line) for one in accepted
               if one.is_of(*name))
        for name in series.names
    ]  # fmt: skip


def _table(
    scores: Scores, rows: Ints, columns: Ints, who: Sequence[Sequence[tuple[int, str]]]
) -> pa.Table:
    at = (rows, columns)
    since = scores.since[at]
    words = np.array([state.name.lower() for state in State])
    return pa.table({
        "series": rows, "day": columns,
        **{name: pa.array(getattr(scores, field)[at], from_pandas=True) for name, field in (
            ("expected", "expected"), ("expected_low", "low"), ("expected_high", "high"),
            ("p_value", "p_value"), ("effect", "effect"))},
        "baseline_days": scores.baseline_days[at],
        "state": pa.array(words[scores.state[at]]),
        "direction": scores.direction[at],
        "since_day": pa.array(since, mask=since < 0),
        "is_breach": scores.is_breach[at],
        "rebased_by": pa.array(
            [next((line for day, line in reversed(who[row]) if day <= column), None)
             if who[row] else None for row, column in zip(rows, columns, strict=True)],
            pa.string()),
    })  # fmt: skip


def _over_whole(series: Series, scores: Scores) -> list[OverWhole]:
    first = max(scores.is_over_whole.shape[1] - NEWEST_DAYS, 0)
    return [
        OverWhole(
            signal, segment, int(days.sum()),
            series.first_day + timedelta(days=first + int(np.argmax(days))),
        )
        for (signal, _, segment), days in zip(
            series.names, scores.is_over_whole[:, first:], strict=True
        )
        if days.any()
    ]  # fmt: skip
