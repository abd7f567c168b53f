"""Files of a system trueup does not know: a glob plus a SQL select onto a canonical stream.

Flow: files of a feed -> table `input` (text columns, `_row`, `_file`) -> the feed's select ->
typed rows; a row that cannot be used is listed with its place and reason, the rest land.
Secrets: none, but `touches` take the company's hash key. By hand: `trueup land files`.

A feed in the company file:

    feeds:
      - name: listing_sites
        stream: ad_performance
        path: data/listing_*.csv            # relative to the company file
        reader: {delim: ";"}                # options of DuckDB's read_csv, where needed
        macros: dates.sql                   # `create macro` statements, where selects share them
        sql: listing_sites.sql              # a select from `input`, relative to the company file

The select names canonical columns and `_row`; those it leaves out are null. A `reject_reason`
column, where not null, rejects the row. Values may be text: they are cast here, and what does
not cast is rejected. A time without an offset is one of the reporting zone. Measures of rows
that share a key are added up within a file (ADDITIVE); a key in two files is an error.
A feed whose files hold no row at all is empty, which a person or `allow_empty` has to accept.
"""

from __future__ import annotations

import glob
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from trueup.errors import BrokenContract
from trueup.sources.contract import Absent, Access, Page, Source, Stream
from trueup.sources.files import reading, rows
from trueup.sources.files.reading import Job
from trueup.sources.files.streams import STREAMS
from trueup.window import Window

NEEDED = frozenset({"name", "stream", "path", "sql"})
ALLOWED = NEEDED | {"reader", "macros"}


def extract(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    for feed in _feeds(access, stream, window):
        with duckdb.connect() as con:
            con.execute(f"set timezone = '{access.reporting_zone}'")
            yield from _pages(Job(con, feed, access.folder, stream, window))


def _feeds(access: Access, stream: Stream, window: Window) -> list[Mapping[str, Any]]:
    """The feeds of `stream`; raises BrokenContract with every problem of all feeds."""
    feeds = access.options.get("feeds", ())
    problems = [text for index, feed in enumerate(feeds) for text in _problems(index, feed)]
    if problems:
        raise BrokenContract(
            f"{len(problems)} problem(s) in the company file: {'; '.join(problems)}",
            source="files", stream=stream.name, window=window,
            next_step="correct sources.files.options.feeds",
        )  # fmt: skip
    return [feed for feed in feeds if feed["stream"] == stream.name]


def _problems(index: int, feed: Any) -> Iterator[str]:
    at = f"feeds.{index}"
    if not isinstance(feed, Mapping):
        yield f"{at}: not a mapping of {', '.join(sorted(ALLOWED))}"
        return
    yield from (f"{at}.{key}: missing" for key in sorted(NEEDED - set(feed)))
    yield from (f"{at}.{key}: unknown key (misspelt?)" for key in sorted(set(feed) - ALLOWED))
    names = [stream.name for stream in STREAMS]
    if "stream" in feed and feed["stream"] not in names:
        yield f"{at}.stream: no stream {feed['stream']}; there are {', '.join(names)}"


def _pages(job: Job) -> Iterator[Page]:
    files = sorted(glob.glob(job.feed["path"], root_dir=job.folder, recursive=True))
    if not files:
        raise job.broken(
            f"no file matches {job.feed['path']}",
            next_step="deliver the file, or correct the feed's path in the company file",
        )
    rows.define_macros(job)
    delivered = usable = 0
    for file in files:
        reading.read(job, job.folder / file)
        malformed = list(reading.malformed(job, job.folder / file))
        delivered += job.count("input") + len(malformed)
        yield from malformed
        if reading.is_json(file) and not job.count("input"):
            continue  # without a row it names no column the select could run on
        rows.select(job)
        usable += job.count("typed where reject_reason is null")
        yield from rows.rejected(job, Path(file).name)
        if len(files) > 1:
            rows.check_keys_are_new(job, Path(file).name)
        yield rows.accepted(job)
    if not delivered:
        why = f"feed {job.feed['name']}: no row in {len(files)} file(s)"
        yield Absent(job.window, why, "gap")
    elif not usable:
        raise job.broken(
            f"not one usable row in {len(files)} file(s)",
            next_step="see `trueup rejects`, then correct the feed's select",
        )


def _used(options: Mapping[str, Any]) -> list[Stream]:
    named = {feed["stream"] for feed in options.get("feeds", ())}
    return [stream for stream in STREAMS if stream.name in named]


SOURCE = Source(
    name="files",
    api_version="1",
    streams=STREAMS,
    extract=extract,
    shapes=(
        "ad_performance",
        "campaigns",
        "claims",
        "orders",
        "order_money",
        "leads",
        "deals",
        "deal_stages",
        "bookings",
        "touches",
        "set_aside",
    ),
    options={"feeds": "list of {name, stream, path, sql, reader, macros}: files and how they map"},
    used=_used,
)
