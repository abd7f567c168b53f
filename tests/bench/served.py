"""A world's vendors within this process, and homes that land from them as if days went by."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import uvicorn

from bench.road import PROJECT, Home
from sandbox import bigquery_storage_grpc, demo, keys
from sandbox.desk import Desk
from sandbox.server import create_app
from trueup.landing import intake


class Vendors(NamedTuple):
    """The desk of all vendors, their root, and the address of BigQuery's Storage Read API."""

    desk: Desk
    url: str
    storage_api: str


@contextmanager
def served(world: Path, state: Path) -> Iterator[Vendors]:
    app = create_app(world, state)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        with bigquery_storage_grpc.serve(app.state.desk) as storage_api:
            yield Vendors(app.state.desk, f"http://127.0.0.1:{port}", storage_api)
    finally:
        server.should_exit = True
        thread.join()


def home(
    folder: Path, vendors: Vendors, start: date, edits: Mapping[str, str] | None = None
) -> Home:
    """The demo company in `folder`; `edits` are texts of its file and what stands there instead."""
    folder.mkdir(parents=True, exist_ok=True)
    text = edited((PROJECT / "company.yml").read_text(encoding="utf-8"), edits or {})
    text = re.sub(r"http://127\.0\.0\.1:\d+", vendors.url, text)
    text = text.replace("127.0.0.1:8766", vendors.storage_api)
    text = re.sub(r"^  start: .*$", f"  start: {start}", text, flags=re.M)
    (folder / "company.yml").write_text(text, encoding="utf-8")
    secrets = keys.environment(vendors.desk.state, vendors.url)
    return Home(folder, demo.environment() | secrets)


def edited(text: str, edits: Mapping[str, str]) -> str:
    """ValueError where a text is not there, or more than once."""
    for old, new in edits.items():
        if text.count(old) != 1:
            raise ValueError(f"{old!r} stands {text.count(old)} times in the company file")
        text = text.replace(old, new)
    return text


def link_landing(whole: Path, home: Home, without: Sequence[str]) -> None:
    """The landing of the home below `whole`, but for some sources; what the home had is gone."""
    shutil.rmtree(home.place.folder, ignore_errors=True)
    kept = whole / home.place.folder.name / "landing"
    shutil.copytree(
        kept, home.place.landing, copy_function=os.link,
        ignore=lambda at, names: without if Path(at) == kept else (),
    )  # fmt: skip


@contextmanager
def committed_by(desk: Desk) -> Iterator[None]:
    """Loads are committed at the vendors' moment: a setting changes when it is first seen."""
    take_in, number = intake.take_in, count()

    def take_in_then(*given: Any, **named: Any) -> Any:
        at = desk.now.replace(tzinfo=UTC) + timedelta(milliseconds=next(number))
        return take_in(*given, committed_at=at, **named)

    with patch.object(intake, "take_in", take_in_then):
        yield


def move_past(desk: Desk, day: date) -> None:
    desk.set_clock(datetime.combine(day + timedelta(days=1), datetime.min.time().replace(hour=6)))
