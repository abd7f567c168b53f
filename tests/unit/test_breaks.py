"""Each kind of break moves what its signature says, about as strongly as it is asked to, from its
day until it ends; nothing else moves, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import duckdb
import pytest

from sandbox.breaks import KINDS, Break, Case, make, together
from sandbox.world import ga4
from sandbox.world.dated import Course
from sandbox.world.days import Span
from sandbox.world.generate import tell
from sandbox.world.parameters import Parameters
from sandbox.world.tables import TABLES
from unit.break_views import DAY, END, MOVED, STRENGTH, Moved

SPAN = Span(start=date(2026, 8, 1), until=date(2026, 9, 6), scale=0.25, seed=7)
CASE = Case(DAY, END, STRENGTH)


def _told(*breaks: Break) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'; set enable_progress_bar = false")
    given = together(breaks)
    tell(con, SPAN, Course(Parameters(), given["changes"], (), given["deeds"]))
    for number, chunk in enumerate(ga4.tell_events(con)):
        con.execute(
            f"insert into ga4_events from {chunk}"
            if number
            else f"create table ga4_events as from {chunk}"
        )
    return con


@pytest.fixture(scope="module")
def whole() -> Iterator[duckdb.DuckDBPyConnection]:
    with _told() as con:
        yield con


@pytest.mark.parametrize("moved", MOVED, ids=lambda moved: f"{moved.number}{moved.variant}")
def test_a_break_moves_what_its_signature_says_and_nothing_else(
    whole: duckdb.DuckDBPyConnection, moved: Moved
) -> None:
    with _told(make(moved.number, CASE, moved.variant)) as broken:
        for view in moved.views:
            usual, now = (_amount(con, view.rows) for con in (whole, broken))
            assert usual > 0, f"{view.whose}: nobody is there to be moved"
            low, high = view.becomes
            assert low <= now / usual <= high, (view.whose, usual, now)
        for table in TABLES:
            allowed = moved.rows.get(table)
            if table in moved.settings:
                assert _differing(whole, broken, table, (), "false"), f"{table} shows no cause"
                continue
            remembered = moved.remembered if allowed else ()
            assert not _differing(whole, broken, table, remembered, allowed or "false"), table


def _amount(con: duckdb.DuckDBPyConnection, rows: str) -> float:
    days = f"instant >= date '{DAY}' and instant < date '{END}'"
    [amount] = con.sql(f"select coalesce(sum(amount), 0) from ({rows}) where {days}").fetchone()
    return float(amount)


def _differing(
    whole: duckdb.DuckDBPyConnection,
    broken: duckdb.DuckDBPyConnection,
    table: str,
    remembered: tuple[str, ...],
    allowed: str,
) -> list[tuple]:
    """Rows of one world that the other has not, where they are not allowed to differ.

    Numbers of claims and of entries are the world's own, which no vendor shows.
    """
    names = [
        name for name in whole.table(table).columns
        if name not in (*remembered, "claim_id", "entry_id") and name in _columns(table)
    ]  # fmt: skip
    with duckdb.connect() as con:
        for name, world in (("one", whole), ("other", broken)):
            con.register(name, world.table(table).project(", ".join(names)).to_arrow_table())
        return con.sql(f"""
            select * from (
                (from one except all from other) union all (from other except all from one)
            ) where not coalesce({allowed}, false) limit 5
        """).fetchall()


def _columns(table: str) -> list[str]:
    return [part.split(" ")[0] for part in TABLES[table][0].replace("(18, ", "(18;").split(", ")]


def test_every_kind_has_its_signature() -> None:
    told = [kind for kind in KINDS.values() if make(kind.number, CASE).changes]
    known = {(kind.number, name) for kind in told
             for name in ("", *(name for name, _ in kind.variants))}  # fmt: skip
    assert sorted(KINDS) == list(range(1, 37))
    assert {(moved.number, moved.variant) for moved in MOVED} == known


def test_a_break_of_a_segment_that_it_cannot_have_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be broken by product"):
        make(1, replace(CASE, segment={"product": "hamper"}))
    with pytest.raises(ValueError, match="moves nothing"):
        make(15, replace(CASE, segment={"platform": "meta_ads"}))


@pytest.mark.parametrize("number", sorted(KINDS))
def test_a_break_without_an_end_is_never_taken_back(number: int) -> None:
    broken = make(number, replace(CASE, until=None))
    assert broken.changes[-1].until is None if broken.changes else broken.orders
    assert all(deed.at.date() == DAY for deed in broken.deeds)
    mended = make(number, CASE)
    assert {deed.at.date() for deed in mended.deeds} in ({DAY, END}, set())
    assert all(change.until and change.until <= END for change in mended.changes)
    assert all(change.since < DAY + timedelta(days=28) for change in broken.changes)
