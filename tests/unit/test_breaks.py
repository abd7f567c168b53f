"""Each kind of break moves what its signature says, about as strongly as it is asked to, from its
day until it ends; nothing else moves, row by row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, partial

import duckdb
import pytest

from sandbox.breaks import KINDS, Break, Case, make, together
from sandbox.world import ga4
from sandbox.world.dated import Course
from sandbox.world.days import Span
from sandbox.world.generate import tell
from sandbox.world.parameters import Parameters
from sandbox.world.tables import TABLES
from unit.break_views import DAY, END, MOVED, STRENGTH, WORLDS, View

SPAN = Span(start=date(2026, 8, 1), until=date(2026, 9, 6), scale=0.25, seed=7)
CASE = Case(DAY, END, STRENGTH)


def _world(*breaks: Break) -> duckdb.DuckDBPyConnection:
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
    with _world() as con:
        yield con


@pytest.fixture(scope="module")
def checksum_of_whole(
    whole: duckdb.DuckDBPyConnection,
) -> Callable[[str, str, str], tuple[int, int]]:
    """Of the rows of a table of `whole`, which most breaks ask alike."""
    return cache(partial(_checksum, whole))


@pytest.mark.parametrize("names", WORLDS, ids="+".join)
def test_breaks_move_what_their_signatures_say_and_nothing_else(
    whole: duckdb.DuckDBPyConnection,
    checksum_of_whole: Callable[[str, str, str], tuple[int, int]],
    names: tuple[str, ...],
) -> None:
    every = [one for one in MOVED if f"{one.number}{one.variant}" in names]
    assert len(every) == len(names)
    with _world(*(make(one.number, CASE, one.variant) for one in every)) as broken:
        wrong = [
            f"{moved.number} {moved.variant} {view.whose}: {_amount(whole, view.rows)} became"
            f" {_amount(broken, view.rows)}"
            for moved in every for view in moved.views if not _is_as_expected(whole, broken, view)
        ]  # fmt: skip
        for table in TABLES:
            allowed = " or ".join(f"({one.rows[table]})" for one in every if table in one.rows)
            remembered = {name for one in every if table in one.rows for name in one.remembered}
            columns = _columns_compared(whole, table, remembered)
            compared = table, columns, f"not coalesce({allowed or 'false'}, false)"
            is_changed = checksum_of_whole(*compared) != _checksum(broken, *compared)
            is_expected = any(table in one.settings for one in every)
            if is_expected and not is_changed:
                wrong.append(f"{table} shows no cause")
            elif is_changed and not is_expected:
                wrong.append(f"{table}: {_differing(whole, broken, *compared)}")
    assert wrong == []


def _is_as_expected(
    whole: duckdb.DuckDBPyConnection, broken: duckdb.DuckDBPyConnection, view: View
) -> bool:
    usual, low, high = _amount(whole, view.rows), *view.becomes
    assert usual > 0, f"{view.whose}: nobody is there to be moved"
    return low <= _amount(broken, view.rows) / usual <= high


def _amount(con: duckdb.DuckDBPyConnection, rows: str) -> float:
    days = f"instant >= date '{DAY}' and instant < date '{END}'"
    [amount] = con.sql(f"select coalesce(sum(amount), 0) from ({rows}) where {days}").fetchone()
    return float(amount)


def _columns_compared(
    whole: duckdb.DuckDBPyConnection, table: str, remembered: Collection[str]
) -> str:
    """Numbers of claims and of entries are the world's own, which no vendor shows."""
    left_out = (*remembered, "claim_id", "entry_id")
    names = [name for name in whole.table(table).columns if name in _columns(table)]
    return ", ".join(name for name in names if name not in left_out)


def _checksum(
    world: duckdb.DuckDBPyConnection, table: str, columns: str, where: str
) -> tuple[int, int]:
    """How many rows there are, and a sum over them that one other row makes another, whatever their
    order. Worlds are compared by it in a tenth of the time that comparing rows takes."""
    query = f"select count(*), sum(hash({columns})::hugeint) from {table} where {where}"
    return world.sql(query).fetchone()


def _differing(
    whole: duckdb.DuckDBPyConnection,
    broken: duckdb.DuckDBPyConnection,
    table: str,
    columns: str,
    where: str,
) -> tuple:
    """A row of one world that the other has not."""
    with duckdb.connect() as con:
        for name, world in (("one", whole), ("other", broken)):
            rows = world.table(table).filter(where).project(columns)
            con.register(name, rows.to_arrow_table())
        return con.sql(
            "(from one except all from other) union all (from other except all from one) limit 1"
        ).fetchone()


def _columns(table: str) -> list[str]:
    return [part.split(" ")[0] for part in TABLES[table][0].replace("(18, ", "(18;").split(", ")]


def test_every_kind_has_its_signature() -> None:
    kinds = [kind for kind in KINDS.values() if make(kind.number, CASE).changes]
    known = {(kind.number, name) for kind in kinds
             for name in ("", *(name for name, _ in kind.variants))}  # fmt: skip
    assert sorted(KINDS) == list(range(1, 37))
    assert sorted(name for names in WORLDS for name in names) == sorted(
        f"{moved.number}{moved.variant}" for moved in MOVED
    )
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
