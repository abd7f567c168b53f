"""The gate goes on from what it kept, and says what it would say of all days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest

from trueup.gates import kept_states, signals
from trueup.gates.accepted import Accepted
from trueup.gates.kept_states import EVERY
from unit import signal_tables
from unit.signal_counts import from_day, shares
from unit.signal_tables import ROWS, START, fill

DAYS = 100
COUNTED = "intermediate.int_signals__counted"
#: After the newest state that is kept of so many days, between two, and before the first.
LATE, BETWEEN, EARLY = 3 * EVERY + 5, 2 * EVERY + 5, 5


def day(number: int) -> date:
    return START + timedelta(days=number)


ACCEPTED = Accepted(
    "claim_ratio",
    "source",
    "shop0",
    day(BETWEEN),
    "ada",
    "new shop",
    datetime(2026, 5, 1, tzinfo=UTC),
)
NEXT_DAY = (
    f"insert into {COUNTED} select * replace (signal_date + 1 as signal_date) from {COUNTED}"
    f" where signal_date = '{day(DAYS - 1)}'"
)
OTHER_SHOP = (
    f"insert into {COUNTED} select * replace ('other' as segment) from {COUNTED}"
    " where segment = 'shop1' and signal_date >= '{}'"
)
ONE_MORE = (
    f"update {COUNTED} set numerator = numerator - 1"
    " where segment = 'shop1' and signal_date = '{}'"
)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A company whose days were judged once. A break early on is mended, one late is not."""
    with signal_tables.opened() as con:
        broken = from_day(DAYS, 40, 0.5, until=60)
        fill(con, "event_capture", "share", *shares(1, 200, series=2, days=DAYS, factors=broken))
        fill(con, "claim_ratio", "rate",
             *shares(2, 80, series=3, days=DAYS, factors=from_day(DAYS, 80, 0.4)))  # fmt: skip
        fill(con, "channel_mix", "mix", *shares(3, 90, series=3, days=DAYS, level=0.3))
        signals.score(con)
        yield con


@pytest.fixture
def began(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The column from which each judgement took the days."""
    found: list[int] = []
    judge_from = signals.judge_from

    def noted(first, *given, **options):
        found.append(first)
        return judge_from(first, *given, **options)

    monkeypatch.setattr(signals, "judge_from", noted)
    return found


@pytest.mark.parametrize(
    ("change", "levels", "since"),
    [
        ("select 1", [], 3 * EVERY),
        (NEXT_DAY, [], 3 * EVERY),
        (ONE_MORE.format(day(LATE)), [], 3 * EVERY),
        (ONE_MORE.format(day(BETWEEN)), [], 2 * EVERY),
        (ONE_MORE.format(day(EARLY)), [], 0),
        (OTHER_SHOP.format(day(LATE)), [], 3 * EVERY),
        (OTHER_SHOP.format(day(BETWEEN)), [], 2 * EVERY),
        (OTHER_SHOP.format(day(EARLY)), [], 0),
        (f"delete from {COUNTED} where segment = 'shop2'", [], 0),
        (f"delete from {COUNTED} where signal_date > '{day(BETWEEN)}'", [], 2 * EVERY),
        (f"delete from {COUNTED} where signal_date = '{day(0)}'", [], 0),
        (f"update {COUNTED} set is_mature = false where signal_date = '{day(BETWEEN)}'", [],
         2 * EVERY),
        (f"update {COUNTED} set worse = 'fall'", [], 0),
        ("select 1", [ACCEPTED], 0),
    ],
)  # fmt: skip
def test_what_is_said_does_not_depend_on_what_was_judged_earlier(
    change: str, levels: list[Accepted], since: int, con, began: list[int]
):
    con.execute(change)
    signals.score(con, levels)
    went_on = con.execute(ROWS).fetchall()
    con.execute("delete from trueup.signal_states; delete from trueup.signal_scores")
    signals.score(con, levels)
    assert con.execute(ROWS).fetchall() == went_on != []
    assert began == [since, 0]


def test_days_added_one_by_one_say_what_all_say_at_once(con, began: list[int]):
    afterwards = con.execute(ROWS).fetchall()
    con.execute(f"create temp table later as from {COUNTED} where signal_date >= '{day(60)}'")
    con.execute(f"delete from {COUNTED} where signal_date >= '{day(60)}'")
    for number in range(60, DAYS):
        con.execute(f"insert into {COUNTED} from later where signal_date = '{day(number)}'")
        signals.score(con)
    assert con.execute(ROWS).fetchall() == afterwards
    assert began[0] == began[-20] == 2 * EVERY and began[-1] == 3 * EVERY


def test_what_other_code_kept_is_not_taken_up(
    con, began: list[int], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(kept_states, "_code", lambda: "other code")
    signals.score(con)
    signals.score(con)
    assert began == [0, 3 * EVERY]


def test_a_judgement_that_fails_leaves_scores_and_states_as_they_were(
    con, monkeypatch: pytest.MonkeyPatch
):
    both = f"select (select list(t) from ({ROWS}) t), list(s) from trueup.signal_states s"
    kept = con.execute(both).fetchall()
    con.execute(ONE_MORE.format(day(BETWEEN)))
    monkeypatch.setattr(signals, "WRITE", "select no_such_column")
    with pytest.raises(duckdb.Error):
        signals.score(con)
    assert con.execute(both).fetchall() == kept
