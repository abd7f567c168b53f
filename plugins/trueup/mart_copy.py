"""A file of the build's marts, made from the last one by rewriting only the days that differ.

The last mart saves work and decides nothing: each day is compared by what its rows hash to, so
whatever the last one holds, the copy holds what the build holds.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

SCHEMAS = ("marts", "health")
#: Rows without a day are compared together.
NO_DAY = "date '0001-01-01'"


def make(build_file: Path, into: Path, *, like: Path) -> None:
    """Make `into` of the marts and health tables of `build_file`, starting from `like` where there
    is such a file. Raises duckdb.Error or OSError, and may leave a file nobody should read."""
    con = _begin(into, like)
    try:
        con.execute(f"attach '{build_file}' as build (read_only)")
        (database,) = con.execute("select current_database()").fetchone()
        for schema in SCHEMAS:
            con.execute(f"create schema if not exists {schema}")
            wanted, present = _tables(con, "build", schema), _tables(con, database, schema)
            for name in present - wanted:
                con.execute(f'drop table {schema}."{name}"')
            for name in sorted(wanted):
                _bring(con, database, schema, name)
        con.execute("detach build")
        con.execute("checkpoint")
    finally:
        con.close()


def _begin(into: Path, like: Path) -> duckdb.DuckDBPyConnection:
    if not like.exists():
        return duckdb.connect(str(into))
    shutil.copyfile(like, into)
    try:
        con = duckdb.connect(str(into))
    except duckdb.Error:  # from another version of DuckDB, or damaged
        into.unlink()
        return duckdb.connect(str(into))
    used, free = con.execute(
        "select used_blocks, free_blocks from pragma_database_size()"
    ).fetchone()
    if free <= used:
        return con
    con.close()
    into.unlink()
    return duckdb.connect(str(into))


def _tables(con: duckdb.DuckDBPyConnection, database: str, schema: str) -> set[str]:
    found = con.execute(
        "select table_name from information_schema.tables"
        " where table_catalog = ? and table_schema = ?",
        [database, schema],
    ).fetchall()
    return {name for (name,) in found}


def _bring(con: duckdb.DuckDBPyConnection, database: str, schema: str, name: str) -> None:
    """Make one table hold what the build's holds."""
    table, built = f'{schema}."{name}"', f'build.{schema}."{name}"'
    columns = _columns(con, "build", schema, name)
    day = next((column for column, type_ in columns if type_ == "DATE"), None)
    if day is None or _columns(con, database, schema, name) != columns:
        con.execute(f"create or replace table {table} as from {built}")
        return
    key = f'coalesce("{day}", {NO_DAY})'
    digest = f"select {key} as day, count(*) as n, sum(hash(t)) as digest from {{}} as t group by 1"
    con.execute(
        f"""
        create or replace temp table differing as
        select day
        from ({digest.format(table)}) as was
        full join ({digest.format(built)}) as is_ using (day)
        where (was.n, was.digest) is distinct from (is_.n, is_.digest)
        """
    )
    differing = f"{key} in (select day from differing)"
    con.execute(f"delete from {table} where {differing}")
    con.execute(f"insert into {table} from {built} where {differing}")


def _columns(
    con: duckdb.DuckDBPyConnection, database: str, schema: str, table: str
) -> list[tuple[str, str]]:
    return con.execute(
        "select column_name, data_type from duckdb_columns()"
        " where database_name = ? and schema_name = ? and table_name = ? order by column_index",
        [database, schema, table],
    ).fetchall()
