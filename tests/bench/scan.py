"""The yardstick of a build: reading every column of every landed row once."""

from __future__ import annotations

import time
from dataclasses import dataclass

import duckdb

from trueup.landing.store import Landing
from trueup.sources import registry
from trueup.sources.contract import Stream

TRIES = 3


@dataclass(frozen=True)
class Scan:
    """One full scan of the current loads: best time in seconds, and what there was to read."""

    seconds: float
    rows: int
    files: int
    bytes: int


def full_scan(landing: Landing, names: list[str]) -> Scan:
    """Hash every row of every stream of the sources `names`, best of three."""
    files = {
        f"{name}.{stream.name}": found
        for name in names
        for stream in registry.load(name).streams
        if (found := _files(landing, name, stream))
    }
    paths = [path for found in files.values() for path in found]
    seconds = []
    with duckdb.connect() as con:
        landing.attach_to(con)
        for _ in range(TRIES):
            began = time.perf_counter()
            rows = 0
            for found in files.values():
                sql = "select count(*), sum(hash(t)) from read_parquet($files) as t"
                counted = con.execute(sql, {"files": found}).fetchone()
                rows += counted[0] if counted else 0
            seconds.append(time.perf_counter() - began)
    size = sum(landing.fs.size(path) for path in paths)
    return Scan(min(seconds), rows, len(paths), size)


def _files(landing: Landing, name: str, stream: Stream) -> list[str]:
    return [landing.url(f.name) for load, _ in landing.current(name, stream) for f in load.files]
