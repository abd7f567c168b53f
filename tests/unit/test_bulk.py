"""Bulk streams are read where they were landed: what is in force, and no more than is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import duckdb
import pytest

from toy_shop import EVENTS, apply, changed, content, day, event, land, open_empty
from trueup.errors import TrueupError
from trueup.landing.store import Landing, Load
from trueup.sources.contract import Column


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_empty() as connection:
        yield connection


def land_day(landing: Landing, number: int, *rows: Any, hours: int = 0, account: str = "") -> Load:
    """A load of one day, whose files say so."""
    load = land(landing, EVENTS, number, number + 1, list(rows), hours, account)
    return replace(load, files=tuple(replace(file, day=day(number)) for file in load.files))


def test_a_stream_that_never_landed_is_there_and_typed(con, landing):
    for _ in ("a source nobody uses", "one that landed nothing"):
        described = con.execute("describe raw_shop.events").fetchall()
        assert [(name, kind) for name, kind, *_ in described] == [
            ("id", "VARCHAR"), ("on_date", "DATE"), ("params", "JSON"),
            ("amount", "DECIMAL(18,6)"), ("_day", "DATE"), ("_extra", "JSON"),
            ("_load_id", "VARCHAR"), ("_committed_at", "TIMESTAMP WITH TIME ZONE"),
        ]  # fmt: skip
        assert content(con, "events") == []
        apply(con, landing, EVENTS)


def test_rows_are_read_in_place_with_the_load_they_come_from(con, landing):
    load = land_day(landing, 1, event("a", 1, 2.5))
    apply(con, landing, EVENTS, load)
    tables = con.execute(
        "select table_name, table_type from information_schema.tables where table_name = 'events'"
    ).fetchall()
    assert tables == [("events", "VIEW")]
    assert content(con, "events", "id, params->>'n', amount, _day, _load_id, _committed_at") == [
        ("a", "1", pytest.approx(2.5), day(1), load.load_id, load.committed_at)
    ]


def test_a_newer_load_takes_over_its_account_and_day(con, landing):
    first = land_day(landing, 1, event("a", 1), account="1")
    other = land_day(landing, 1, event("b", 1), account="2")
    apply(con, landing, EVENTS, first, other, land_day(landing, 2, event("c", 2), account="1"))
    con.execute("delete from trueup.changed_days")
    again = land_day(landing, 1, event("d", 1), hours=1, account="1")
    apply(con, landing, EVENTS, again)
    assert content(con, "events", "id") == [("b",), ("c",), ("d",)]
    assert changed(con) == [day(1)]


def test_a_day_whose_files_are_the_same_is_not_changed(con, landing):
    apply(con, landing, EVENTS, land_day(landing, 1, event("a", 1)))
    con.execute("delete from trueup.changed_days")
    again = land_day(landing, 1, event("a", 1), hours=1)
    apply(con, landing, EVENTS, again)
    assert changed(con) == []
    assert content(con, "events", "_load_id") == [(again.load_id,)]


def test_a_day_that_became_empty_is_changed_and_has_no_rows(con, landing):
    apply(con, landing, EVENTS, land_day(landing, 1, event("a", 1)))
    con.execute("delete from trueup.changed_days")
    apply(con, landing, EVENTS, land_day(landing, 1, hours=1))
    assert content(con, "events", "id") == []
    assert changed(con) == [day(1)]
    assert con.execute("from trueup.raw_days").fetchall() == []


def test_of_a_file_of_several_days_only_those_in_force_are_read(con, landing):
    rows = [event("a", 1), event("b", 2), event("c", 3)]
    wide = land(landing, EVENTS, 1, 4, rows)
    wide = replace(wide, files=tuple(replace(file, day=None) for file in wide.files))
    newer = land_day(landing, 2, event("d", 2), hours=1)
    apply(con, landing, EVENTS, wide, newer)
    assert content(con, "events", "id, day(_day)") == [("a", 1), ("c", 3), ("d", 2)]


def test_at_once_or_one_by_one_gives_the_same(con, landing):
    steps = [
        land_day(landing, 1, event("a", 1, 1)),
        land_day(landing, 2, event("b", 2, 2), hours=1),
        land_day(landing, 1, event("a", 1, 3), event("c", 1), hours=2),
    ]
    for load in steps:
        apply(con, landing, EVENTS, load)
    with open_empty() as other:
        apply(other, landing, EVENTS, *steps)
        for query in ("raw_shop.events", "trueup.raw_days", "trueup.bulk_files"):
            sql = f"from {query} order by all"
            assert con.execute(sql).fetchall() == other.execute(sql).fetchall()
    assert con.execute("select day, row_count, money::integer from trueup.raw_days order by 1")\
        .fetchall() == [(day(1), 2, 3), (day(2), 1, 2)]  # fmt: skip


def test_days_not_asked_for_are_not_read(con, landing):
    found = [
        land_day(landing, number, *(event(f"{number}-{i}", number) for i in range(50)))
        for number in range(1, 29)
    ]
    apply(con, landing, EVENTS, *found)
    con.execute(
        """
        create view staged as select id, on_date, _day from raw_shop.events;
        create view shape as
            select * from staged where id is not null union all select * from staged where false;
        delete from trueup.changed_days;
        insert into trueup.changed_days values ('shop', 'events', '2026-09-03'), ('x', 'y', null);
        """
    )
    plan = con.execute(
        """
        explain analyze
        with changed as (select day from trueup.changed_days where source = 'shop'),
        near as (select day from changed union select day + 1 from changed)
        select count(*) from shape where id <> '' and _day in (select day from near)
        """
    ).fetchall()[0][1]
    read = re.search(r"READ_PARQUET.*?([\d,]+) rows", plan, re.S)
    assert read and int(read[1].replace(",", "")) == 100


def test_files_that_lack_a_column_declared_since_say_nothing_of_it(con, landing):
    old = land_day(landing, 1, event("a", 1))
    wider = replace(EVENTS, columns=(*EVENTS.columns, Column("device")))
    new = land(landing, wider, 2, 3, [{**event("b", 2), "device": "phone"}])
    apply(con, landing, wider, old, new)
    assert content(con, "events", "id, device") == [("a", None), ("b", "phone")]


@pytest.mark.parametrize("damage", ["gone", "altered"])
def test_an_earlier_file_is_checked_again_when_it_is_read_again(con, landing, damage: str):
    first = [land_day(landing, number, event("a", number)) for number in (1, 2, 9)]
    apply(con, landing, EVENTS, *first)
    (neighbour,), (far,) = first[1].files, first[2].files
    con.execute("delete from trueup.changed_days")
    if damage == "gone":
        landing.fs.rm_file(landing.path(far.name))
        expected = rf"{far.name} of load.*no such file.*trueup reject"
    else:
        landing.fs.copy(landing.path(far.name), landing.path(neighbour.name))
        expected = rf"{neighbour.name} of load.*sha256.*trueup reject"
    with pytest.raises(TrueupError, match=expected):
        apply(con, landing, EVENTS, land_day(landing, 1, event("b", 1), hours=1))


def test_a_landing_in_an_object_store_is_copied(con):
    landing = Landing("memory://company/bulk")
    landing.attach_to(con)
    apply(con, landing, EVENTS, land_day(landing, 1, event("a", 1)))
    con.execute("delete from trueup.changed_days")
    apply(con, landing, EVENTS, land_day(landing, 1, event("b", 1), hours=1))
    assert content(con, "events", "id") == [("b",)]
