"""Tables of counts as a build holds them, for the tests of what the gate makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import duckdb

from trueup.build.schema import SCHEMA

START = date(2026, 1, 1)
ROWS = "select * from trueup.signal_scores order by all"


@contextmanager
def opened() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute(SCHEMA)
        con.execute("create schema intermediate")
        con.execute(
            "create table intermediate.int_signals__counted (signal text, kind text,"
            " worse text, dimension text, segment text, system text, hop text, signal_date date,"
            " numerator bigint, denominator bigint, denominator_amount decimal(38, 6),"
            " is_mature boolean)"
        )
        yield con


def fill(
    con: duckdb.DuckDBPyConnection, signal: str, kind: str, hits, trials, worse: str | None = None
) -> None:
    for number, (some, all_) in enumerate(zip(hits, trials, strict=True)):
        rows = [
            (signal, kind, worse, "source", f"shop{number}", "ga4", "order",
             START + timedelta(days=day), int(k), int(n), None, True)
            for day, (k, n) in enumerate(zip(some, all_, strict=True))
        ]  # fmt: skip
        con.executemany(
            "insert into intermediate.int_signals__counted values (?,?,?,?,?,?,?,?,?,?,?,?)", rows
        )
