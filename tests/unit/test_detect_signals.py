"""Counts in a DuckDB table become scores: every column, re-basings, and the same again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import duckdb
import numpy as np
import pytest

from trueup.gates import signals
from trueup.gates.accepted import Accepted
from unit import signal_tables
from unit.signal_counts import from_day, shares
from unit.signal_tables import ROWS, START, fill

DAYS, BREAK = 120, 90


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with signal_tables.opened() as con:
        yield con


def test_a_break_is_written_with_its_level_its_range_and_since_when(con):
    fill(con, "event_capture", "share",
         *shares(1, 200, series=2, days=DAYS, factors=from_day(DAYS, BREAK, 0.5)))  # fmt: skip
    assert signals.score(con) == []
    last = con.execute(
        "select * from trueup.signal_scores where segment = 'shop1' order by signal_date desc"
    ).fetchdf().iloc[0]  # fmt: skip
    assert (last.signal, last.dimension, last.state, last.direction) == (
        "event_capture", "source", "breach", -1,
    )  # fmt: skip
    assert last.is_breach and last.since_date.date() == START + timedelta(days=BREAK)
    assert last.effect == pytest.approx(0.5, abs=0.05)
    assert last.observed < last.expected_low < last.expected < last.expected_high
    assert last.p_value < 1e-4 and last.baseline_days > 40
    count, days = con.execute(
        "select count(*), count(distinct signal_date) from trueup.signal_scores"
    ).fetchone()
    assert (count, days) == (2 * DAYS, DAYS)


def test_asked_again_it_says_the_same(con):
    fill(con, "event_capture", "share", *shares(2, 60, series=3, days=60))
    fill(con, "claim_ratio", "rate", *shares(3, 60, series=3, days=60))
    signals.score(con)
    first = con.execute(ROWS).fetchall()
    signals.score(con)
    assert con.execute(ROWS).fetchall() == first != []


def test_no_counts_give_no_scores(con):
    assert signals.score(con) == []
    fill(con, "event_capture", "share", np.zeros((1, 5)), np.zeros((1, 5)))
    assert signals.score(con) == []
    assert con.execute(ROWS).fetchall() == []


def test_an_accepted_level_re_bases_its_series_and_no_other(con):
    fill(con, "consent_granted_share", "share",
         *shares(4, 300, series=2, days=DAYS, factors=from_day(DAYS, BREAK, 0.7)))  # fmt: skip
    since = START + timedelta(days=BREAK)
    level = Accepted("consent_granted_share", "source", "shop0", since, "ada", "new banner",
                     datetime(2026, 5, 1, tzinfo=UTC))  # fmt: skip
    signals.score(con, [level])
    found = con.execute(
        "select segment, bool_or(is_breach), any_value(rebased_by), min(signal_date)"
        " filter (rebased_by is not null) from trueup.signal_scores"
        " where signal_date >= $since group by segment order by segment", {"since": since},
    ).fetchall()  # fmt: skip
    assert found == [("shop0", False, "ada: new banner", since), ("shop1", True, None, None)]


def test_a_share_above_its_whole_is_said_and_scored(con):
    hits, trials = shares(5, 60, series=1, days=60)
    hits[0, [20, 57]] = trials[0, [20, 57]] + 3
    fill(con, "event_capture", "share", hits, trials)
    (found,) = signals.score(con)
    assert (found.signal, found.segment, found.days) == ("event_capture", "shop0", 1)
    newest = con.execute("select max(signal_date) from trueup.signal_scores").fetchone()[0]
    assert (newest - found.first_day).days == 2, "what is long past is no longer reported"
    observed = con.execute("select max(observed) from trueup.signal_scores").fetchone()[0]
    assert observed > 1
