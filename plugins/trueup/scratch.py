"""Where small questions are asked: a connection of its own to one database in memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import duckdb


@contextmanager
def scratch() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with nothing in it, its days in UTC; what is made temporary is gone with it.

    Opening a database takes 20 ms, longer than most questions that are asked here."""
    with _database(os.getpid()).cursor() as con:
        con.execute("set timezone = 'UTC'")
        yield con


@cache
def _database(process: int) -> duckdb.DuckDBPyConnection:
    """One for each process: a forked one cannot use its parent's. It keeps nothing of the files it
    reads, because one that is written again would be read as it was."""
    return duckdb.connect(config={"enable_external_file_cache": False})
