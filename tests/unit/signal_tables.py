"""Tables of counts as a build holds them, for the tests of what the gate makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import duckdb
import pyarrow as pa

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
    days = len(hits[0])
    series = [f"shop{number}" for number in range(len(hits)) for _ in range(days)]
    rows = pa.table({
        "segment": series,
        "day": [START + timedelta(days=day) for day in range(days)] * len(hits),
        "numerator": pa.array([int(k) for some in hits for k in some], pa.int64()),
        "denominator": pa.array([int(n) for all_ in trials for n in all_], pa.int64()),
    })  # fmt: skip
    assert len(series) == len(rows)
    con.register("counted", rows)
    con.execute(
        "insert into intermediate.int_signals__counted"
        " select ?, ?, ?, 'source', segment, 'ga4', 'order', day, numerator, denominator, null,"
        " true from counted",
        [signal, kind, worse],
    )
    con.unregister("counted")
