"""A web analytics export by every way it can come: pages of JSON, Arrow, files in a bucket.

The vendor's end is a process of its own each time, so that only our work is counted. One thread of
DuckDB's: what is asked is what a core does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bench.watch import Watch
from sandbox import bigquery_export, bigquery_storage_grpc
from sandbox.background import Place
from sandbox.desk import Desk
from sandbox.keys import service_account
from trueup.company import company_file
from trueup.sources.contract import Access
from trueup.sources.ga4 import SOURCE, client, rows
from trueup.window import Window

EVENTS = SOURCE.stream("events")
FAR = datetime(2100, 1, 1)


@dataclass(frozen=True)
class Read:
    """What one way gave, and what it took."""

    way: str
    rows: int
    wall: float
    cpu: float


def measure(
    place: Place, company: Path, folder: Path, window: Window, over_pages: Window
) -> list[Read]:
    """The events of `window` as Arrow and from files, those of `over_pages` as pages."""
    world = place.home / "world"
    key = service_account(place.home / "state", place.url)
    access = company_file.read(company).access(SOURCE.name, folder, defaultdict(str))
    access = replace(access, secrets={"service_account": key})
    files = folder / "export"
    bigquery_export.write_files(world, files, since=window.since, until=window.until, known_by=FAR)
    with _storage(place) as address:
        over_rest, over_arrow = (
            replace(access, options=dict(access.options) | {"storage_api": way})
            for way in (client.OFF, address)
        )
        found = [_best("REST", over_rest, over_pages), _best("Arrow", over_arrow, window)]
    found.append(_best("Parquet", replace(over_rest, base_url=str(files), secrets={}), window))
    return found


def _best(way: str, access: Access, window: Window) -> Read:
    """The better of two: what is loaded once is not counted, nor what else the machine does."""
    return min((_read(way, access, window) for _ in range(2)), key=lambda read: read.cpu)


def _read(way: str, access: Access, window: Window) -> Read:
    watch, count = Watch(), 0
    with patch.object(rows, "connect", _one_thread(rows.connect)), watch.part(way):
        for page in SOURCE.extract(access, EVENTS, window):
            count += getattr(page, "num_rows", 0)
    return Read(way, count, watch.wall[way], watch.cpu[way])


def _one_thread(connect: Any) -> Any:
    def connected(*arguments: Any) -> Any:
        con = connect(*arguments)
        con.execute("set threads = 1")
        return con

    return connected


@contextmanager
def _storage(place: Place) -> Iterator[str]:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=_serve, args=(place, theirs), daemon=True)
    child.start()
    try:
        yield ours.recv()
    finally:
        child.kill()
        child.join()


def _serve(place: Place, pipe: Any) -> None:
    desk = Desk(place.home / "world", place.home / "state")
    with bigquery_storage_grpc.serve(desk) as address:
        pipe.send(address)
        pipe.recv()
