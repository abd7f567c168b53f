"""A file of the build's marts, made from the last one by rewriting only the days that differ.

The last mart saves work and decides nothing: each day is compared by what its rows hash to, so
whatever the last one holds, the copy holds what the build holds.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import duckdb

SCHEMAS = ("marts", "health")
#: Rows without a day are compared together.
NO_DAY = "date '0001-01-01'"
#: Names and types, in order.
Columns = list[tuple[str, str]]
#: By `schema.table` the comment on each column, and on the table itself under the empty name.
Comments = Mapping[str, Mapping[str, str]]
NO_COMMENTS: Comments = {}


def make(build_file: Path, into: Path, *, like: Path, comments: Comments = NO_COMMENTS) -> None:
    """Make `into` of the marts and health tables of `build_file`, starting from `like` where there
    is such a file. Raises duckdb.Error or OSError, and may leave a file nobody should read."""
    if like.exists():
        shutil.copyfile(like, into)
        try:
            with duckdb.connect(str(into)) as con:
                if not _is_worn(con):
                    _bring_all(con, build_file, comments)
                    return
        except duckdb.Error:
            pass  # damaged, altered, or of another version of DuckDB
        into.unlink()
        into.with_name(f"{into.name}.wal").unlink(missing_ok=True)
    with duckdb.connect(str(into)) as con:
        _bring_all(con, build_file, comments)


def quoted(value: Path | str) -> str:
    """A path or text as SQL writes it: `attach` and `comment on` take no parameters."""
    return "'" + str(value).replace("'", "''") + "'"


def _is_worn(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether most of the file is room that deleted rows left behind."""
    blocks = con.execute("select used_blocks, free_blocks from pragma_database_size()").fetchone()
    return blocks is not None and bool(blocks[1] > blocks[0])


def _bring_all(con: duckdb.DuckDBPyConnection, build_file: Path, comments: Comments) -> None:
    con.execute(f"attach {quoted(build_file)} as build (read_only)")
    database = str(con.execute("select current_database()").fetchall()[0][0])
    for schema in SCHEMAS:
        con.execute(f"create schema if not exists {schema}")
        wanted, present = _columns(con, "build", schema), _columns(con, database, schema)
        for name in present.keys() - wanted.keys():
            con.execute(f'drop table {schema}."{name}"')
        for name in sorted(wanted):
            _bring(con, f'{schema}."{name}"', wanted[name], present.get(name))
    con.execute("detach build")
    _comment(con, comments)
    con.execute("checkpoint")


def _comment(con: duckdb.DuckDBPyConnection, comments: Comments) -> None:
    """Write the comments that are not there yet: a table that was made anew has none."""
    present = con.execute(
        """
        select schema_name || '.' || table_name, '', comment from duckdb_tables()
        where database_name = current_database()
        union all
        select schema_name || '.' || table_name, column_name, comment from duckdb_columns()
        where database_name = current_database()
        """
    ).fetchall()
    con.execute("begin")
    for table, column, comment in present:
        wanted = comments.get(table, {}).get(column)
        if wanted and wanted != comment:
            what = f'column {table}."{column}"' if column else f"table {table}"
            con.execute(f"comment on {what} is {quoted(wanted)}")
    con.execute("commit")


def _bring(
    con: duckdb.DuckDBPyConnection, table: str, columns: Columns, present: Columns | None
) -> None:
    """Make one table hold what the build's holds; `present` are the columns that it has."""
    built = f"build.{table}"
    day = next((column for column, type_ in columns if type_ == "DATE"), None)
    # In the order of days: what the next days change then lies together at the end.
    order = f'order by "{day}"' if day else ""
    anew = f"create or replace table {table} as from {built} {order}"
    if day is None or present != columns:
        con.execute(anew)
        return
    key = f'coalesce("{day}", {NO_DAY})'
    content = ", ".join(f'"{column}"' for column, _ in columns)
    digest = (
        f"select {key} as day, count(*) as n, sum(hash({content})) as digest from {{}} group by 1"
    )
    con.execute(
        f"""
        create or replace temp table compared as
        select day, is_.n, (was.n, was.digest) is distinct from (is_.n, is_.digest) as is_different
        from ({digest.format(table)}) as was
        full join ({digest.format(built)}) as is_ using (day)
        """
    )
    if _is_mostly_different(con):
        con.execute(anew)
        return
    different = f"{key} in (select day from compared where is_different)"
    con.execute(f"delete from {table} where {different}")
    con.execute(f"insert into {table} from {built} where {different}")


def _is_mostly_different(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether most of a table's rows would be deleted and inserted, which takes several times as
    long as to write all of it."""
    found = con.execute(
        "select coalesce(sum(n) filter (is_different) > sum(n) / 2, false) from compared"
    ).fetchone()
    return bool(found and found[0])


def _columns(con: duckdb.DuckDBPyConnection, database: str, schema: str) -> dict[str, Columns]:
    """The columns of every table and view, in order. Asked for once: each time DuckDB goes through
    all views of all files there are."""
    found: dict[str, Columns] = {}
    for table, column, type_ in con.execute(
        "select table_name, column_name, data_type from duckdb_columns()"
        " where database_name = ? and schema_name = ? order by table_name, column_index",
        [database, schema],
    ).fetchall():
        found.setdefault(table, []).append((column, type_))
    return found
