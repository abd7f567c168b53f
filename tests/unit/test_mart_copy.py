"""Whatever the last mart holds, a copy made from it holds what the build holds."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from trueup.publish.mart_copy import make

ROWS = "select date '2026-06-01' + (i // 10)::int as day, i, i / 7 as amount from range(300) t(i)"


def written(path: Path, *statements: str) -> Path:
    with duckdb.connect(str(path)) as con:
        for statement in statements:
            con.execute(statement)
    return path


@pytest.fixture
def build_file(tmp_path: Path) -> Path:
    return written(
        tmp_path / "build.duckdb",
        "create schema marts; create schema health",
        f"create table marts.fct as {ROWS}",
        "insert into marts.fct values (null, 1, 1), (null, 2, 2)",
        "create table marts.dim as select i as id from range(5) t(i)",
        "create view health.newest as select max(day) as day from marts.fct",
    )


@pytest.fixture
def last(tmp_path: Path, build_file: Path) -> Path:
    path = tmp_path / "last.duckdb"
    make(build_file, path, like=tmp_path / "none")
    return path


def content(path: Path) -> dict[str, list]:
    with duckdb.connect(str(path), read_only=True) as con:
        tables = con.execute(
            "select table_schema || '.' || table_name from information_schema.tables order by 1"
        ).fetchall()
        names = [name for (name,) in tables]
        return {name: sorted(con.sql(f"from {name}").fetchall(), key=repr) for name in names}


@pytest.mark.parametrize(
    "change",
    [
        "select 1",
        "update marts.fct set amount = 0 where i = 7",
        "delete from marts.fct where day = '2026-06-03'",
        "insert into marts.fct select * from marts.fct where i = 7",
        "insert into marts.fct values ('2026-07-01', 300, 1)",
        "update marts.fct set day = '2026-06-02' where i = 7",
        "delete from marts.fct where day is null and i = 1",
        "delete from marts.fct",
        "alter table marts.fct add column colour varchar",
        "alter table marts.fct alter column i type varchar",
        "insert into marts.dim values (9)",
        "drop table marts.dim",
        "create table marts.other as select date '2026-06-01' as day",
    ],
)
def test_the_copy_holds_what_the_build_holds(
    change: str, build_file: Path, last: Path, tmp_path: Path
):
    untouched = content(last)
    written(build_file, change)
    make(build_file, tmp_path / "copy.partial", like=last)
    assert content(tmp_path / "copy.partial") == content(build_file)
    assert content(last) == untouched


def test_what_somebody_did_to_the_last_mart_is_not_passed_on(
    build_file: Path, last: Path, tmp_path: Path
):
    written(
        last,
        "update marts.fct set amount = 1000 where i = 7",
        "insert into marts.fct values ('2030-01-01', 0, 0)",
        "create table marts.mine as select 1",
        "create view marts.seen as from marts.fct",
    )
    make(build_file, tmp_path / "copy.partial", like=last)
    assert content(tmp_path / "copy.partial") == content(build_file)


def test_only_days_that_differ_are_written(build_file: Path, last: Path, tmp_path: Path):
    written(build_file, "update marts.fct set amount = 0 where i = 7")
    copy = tmp_path / "copy.partial"
    make(build_file, copy, like=last)
    with duckdb.connect(str(copy), read_only=True) as con:
        days = [str(day) for (day,) in con.sql("select day from marts.fct").fetchall()]
    assert days[0] == "2026-06-02" and days[-10:] == ["2026-06-01"] * 10  # kept rows come first


def test_a_table_most_of_which_differs_is_made_anew_in_the_order_of_its_days(
    build_file: Path, last: Path, tmp_path: Path
):
    written(
        build_file,
        f"create or replace table marts.fct as select * from ({ROWS}) order by day desc",
        "update marts.fct set amount = 0 where i < 200",
    )
    copy = tmp_path / "copy.partial"
    make(build_file, copy, like=last)
    with duckdb.connect(str(copy), read_only=True) as con:
        days = [day for (day,) in con.sql("select day from marts.fct").fetchall()]
    assert days == sorted(days)
    assert content(copy) == content(build_file)


def test_a_damaged_last_mart_costs_time_and_nothing_else(build_file: Path, tmp_path: Path):
    damaged = tmp_path / "last.duckdb"
    damaged.write_bytes(b"no database" * 1000)
    make(build_file, tmp_path / "copy.partial", like=damaged)
    assert content(tmp_path / "copy.partial") == content(build_file)


def test_tables_and_columns_bear_their_comments_also_when_they_are_made_anew(
    last: Path, build_file: Path
):
    comments = {
        "marts.fct": {"": "One row a day; it's it.", "amount": "What it came to.", "x": "-"}
    }
    make(build_file, last, like=last.with_name("none"), comments=comments)
    written(build_file, "alter table marts.fct add column more int")
    make(build_file, again := last.with_name("again.duckdb"), like=last, comments=comments)
    for file in (last, again):
        with duckdb.connect(str(file), read_only=True) as con:
            of_table = "select comment from duckdb_tables() where table_name = 'fct'"
            of_columns = "select column_name, comment from duckdb_columns() where comment <> ''"
            assert con.execute(of_table).fetchall() == [("One row a day; it's it.",)]
            assert con.execute(of_columns).fetchall() == [("amount", "What it came to.")]
