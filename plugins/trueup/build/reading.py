"""Reading landed files: the chosen days of loads as one temp table, typed as declared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import duckdb
import pyarrow as pa

from trueup.build.loads import in_force
from trueup.errors import TrueupError
from trueup.landing.store import Landing, Load
from trueup.landing.typed import DAY, EXTRA
from trueup.sources.contract import Column, Stream

PROVENANCE = (Column("_load_id"), Column("_committed_at", "TIMESTAMPTZ"))
#: The load a landed file belongs to, by its name.
LOAD_OF_FILE = "regexp_extract(filename, '([0-9]{8}T[0-9]+-[0-9a-f]{8})[^/]*$', 1)"
#: Loads to read, with the days wanted of each (None: all it holds).
Chosen = Sequence[tuple[Load, set[date] | None]]


def columns(stream: Stream) -> list[tuple[str, str]]:
    """Name and DuckDB type of every column of the stream's raw table."""
    declared = [(c.landed_name, c.landed_type) for c in stream.columns]
    return [*declared, (DAY, "DATE"), (EXTRA, "JSON"), *((c.name, c.type) for c in PROVENANCE)]


def no_rows(stream: Stream) -> str:
    """A query for the stream's raw columns that finds nothing."""
    nulls = ", ".join(f'null::{kind} as "{name}"' for name, kind in columns(stream))
    return f"select {nulls} where false"


def choose(stream: Stream, loads: Sequence[Load], *, with_history: bool = True) -> Chosen:
    if stream.kind == "changes" or (stream.history and with_history):
        return [(load, None) for load in loads]
    days: dict[str, set[date]] = {}
    for (_, day), load in in_force(stream, loads).items():
        days.setdefault(load.load_id, set()).add(day)
    return [(load, days[load.load_id]) for load in loads if load.load_id in days]


def stage(
    con: duckdb.DuckDBPyConnection,
    landing: Landing,
    stream: Stream,
    chosen: Chosen,
    *,
    has_several_accounts: bool = False,
) -> None:
    """A temp table `staged` with the raw columns: the chosen days of each load.

    A load that landed without a column says nothing of it: null. Ids that are an account's own have
    the account before them where there are several.
    """
    con.execute(f"create or replace temp table staged as {no_rows(stream)}")
    files = [landing.url(file.name) for load, _ in chosen for file in load.files]
    if not files:
        return
    known = known_columns(stream, [load for load, _ in chosen if load.files])
    con.register("picked", _as_table(chosen))
    with_account = stream.ids_of_account if has_several_accounts else ()
    landed = ", ".join(
        "null" if name not in known else _read(name, name in with_account)
        for name, _ in columns(stream)[: -len(PROVENANCE)]
    )
    try:
        con.execute(
            f"""
            insert into staged
            select {landed}, picked.load_id, picked.committed_at
            from read_parquet($files, filename = true, union_by_name = true) as p
            inner join picked
                on {LOAD_OF_FILE} = picked.load_id
                and (picked.day is null or picked.day = p.{DAY})
            """,
            {"files": files},
        )
    except (duckdb.IOException, duckdb.InvalidInputException) as error:
        raise TrueupError(
            "a landed file cannot be read",
            source=chosen[0][0].source,
            stream=stream.name,
            got=" ".join(str(error).split()),
            next_step="put the file back, or set its load aside with `trueup reject LOAD --why`",
        ) from None
    con.unregister("picked")


def _read(name: str, has_account_before: bool) -> str:
    """A column; of ids, or lists of them parted by semicolons, each with its account before it."""
    if not has_account_before:
        return f'p."{name}"'
    return f"picked.account || '-' || replace(p.\"{name}\", ';', ';' || picked.account || '-')"


def _as_table(chosen: Chosen) -> pa.Table:
    pairs = [(load, day) for load, days in chosen for day in (days or [None])]
    return pa.table(
        {
            "load_id": [load.load_id for load, _ in pairs],
            "account": [load.account for load, _ in pairs],
            "committed_at": pa.array(
                [load.committed_at for load, _ in pairs], pa.timestamp("us", tz="UTC")
            ),
            "day": pa.array([day for _, day in pairs], pa.date32()),
        }
    )


def known_columns(stream: Stream, loads: Sequence[Load]) -> set[str]:
    """The columns at least one of the loads has; a required one that any lacks is an error."""
    for column in stream.columns:
        lacking = [load for load in loads if column.landed_name not in load.columns]
        if column.required and lacking:
            raise TrueupError(
                f"{len(lacking)} load(s) were landed when column {column.name} was not declared",
                source=lacking[0].source,
                stream=stream.name,
                got=f"first {lacking[0].load_id} of {lacking[0].window}",
                next_step="set them aside: `trueup reject LOAD --why`; then land their days again",
            )
    return {DAY, EXTRA}.union(*(load.columns for load in loads))
