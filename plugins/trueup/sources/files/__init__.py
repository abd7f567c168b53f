"""Files of a system trueup does not know: a glob plus a SQL select onto a stream.

Flow: files of a feed -> table `input` (text columns, `_row`, `_file`) -> the feed's select ->
typed rows; a row that cannot be used is listed with its place and reason, the rest land.
Secrets: none, but feeds whose select gives `person_id` take the company's hash key. By hand:
`trueup land files`.

A feed in the company file:

    feeds:
      - name: listing_sites
        stream: ad_performance
        path: data/listing_*.csv            # relative to the company file
        reader: {delim: ";"}                # how the CSV is written, where it is not the usual way
        macros: dates.sql                   # `create macro` statements, where selects share them
        owns_days: true                     # each file has every row of its days: the last counts
        sql: listing_sites.sql              # a select from `input`, relative to the company file
        headline_claim: {date_basis: click_date}  # of a feed of claims: its headline definition
        tolerances: {hold_share: 0.1}       # where the company's are too narrow for this feed

The select names columns of the stream and `_row`; those it leaves out are null. A `reject_reason`
column, where not null, excludes the row. Values may be text: they are cast here, and what does
not cast is set aside. A time without an offset is one of the reporting zone; of a moment either
the instant or the day may be given. Each feed lands on its own, all of its history each time.

Keys that come twice: identical rows collapse; of different rows of one key the last is used, files
in the order of their names (`file_order`), rows in the order they stand. Rows of `ad_performance`
and `claims` that share a key within one file add up; of several files that have the key the last is
used.
A feed whose files hold no row at all is empty, which a person or `allow_empty` has to accept.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from trueup.errors import BrokenContract
from trueup.sources import contacts, forms
from trueup.sources.contract import Absent, Access, Option, Page, SetAside, Source, Stream
from trueup.sources.files import (
    beside,
    check,
    delivery,
    doubts,
    feeds,
    file_notes,
    hints,
    reading,
    rows,
)
from trueup.sources.files.reading import Job
from trueup.sources.files.streams import STREAMS
from trueup.window import Window


def extract(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    """The rows of every feed of the stream, whatever days they are of: the intake takes those of
    the window and counts the others."""
    problems = list(feeds.problems(access.options))
    if problems:
        raise BrokenContract(
            f"{len(problems)} problem(s) in the company file: {'; '.join(problems)}",
            source="files", stream=stream.name, window=window,
            next_step="correct sources.files.options.feeds",
        )  # fmt: skip
    for feed in feeds.listed(access.options):
        if feed.stream == stream.name:
            with reading.connection(access, feed) as con:
                yield from _pages(Job(con, feed, access.folder, stream, window))


def _pages(job: Job) -> Iterator[Page]:
    files = job.feed.delivered(job.folder)
    if not files:
        raise job.broken(
            f"no file matches {job.feed.path}{beside.why_none(job.feed, job.folder)}",
            next_step="deliver the file, or correct the feed's path in the company file",
        )
    for lock in map(contacts.cut, job.feed.locks(job.folder)):
        print(f"feed {job.feed.name}: {lock} is the lock of a file somebody has open; left out")
    yield from beside.notes(job.feed, job.folder, files)
    rows.define_macros(job)
    rows.create_offered(job)
    broken: list[BrokenContract] = []
    unread, empty = 0, []
    names = [Path(file).name for file in files]
    for file, name in zip(files, names, strict=True):
        # What a file is called may be whom it is about.
        job.files.append(contacts.cut(name if names.count(name) == 1 else file))
        before, offered, unread_before = len(broken), job.count("offered"), unread
        for aside in _of_file(job, file, broken):
            unread += 1
            yield from file_notes.of_row(job, aside)
            yield aside
        if len(broken) == len(files):
            raise broken[0]
        if len(broken) > before:
            print(broken[-1])
            yield Absent(job.window, file_notes.why_unusable(job, broken[-1]), "part")
        elif (unread, job.count("offered")) == (unread_before, offered):
            empty.append(job.files[-1])
    yield from file_notes.of_empty(job, empty)
    yield from _usable(job, len(files), unread, broken)


def _of_file(job: Job, file: str, broken: list[BrokenContract]) -> Iterator[SetAside]:
    """What a file holds, into `offered`, and what of it is no row. A file that cannot be used costs
    itself, and stands in `broken`."""
    try:
        lines = reading.read(job, job.folder / file)
    except BrokenContract as error:
        broken.append(error)
        yield reading.unread(job, error)
        return
    yield from lines
    try:
        if not reading.is_blank(job):
            rows.select(job, file)
    except BrokenContract as error:
        broken.append(error)
        yield from reading.unmapped(job)


def _usable(job: Job, files: int, unread: int, broken: list[BrokenContract]) -> Iterator[Page]:
    """What the selects gave, if any of it is of use."""
    if not job.count("offered") and not unread:
        why = f"feed {job.feed.name}: no row in {files} file(s)"
        yield Absent(job.window, why, "gap")
        return
    doubts.settle(job)
    is_usable = job.count("offered where _reason is null") > 0
    yield from delivery.pages(job)
    if not is_usable and broken:
        raise broken[0]
    if not is_usable:
        reason = doubts.commonest_reason(job)
        how = hints.of(reason)
        raise job.broken(
            f"not one usable row in {files} file(s)",
            got=reason,
            next_step=f"see `trueup rejects files`, then correct the feed's select{how}",
        )


SOURCE = Source(
    name="files",
    api_version="1",
    streams=STREAMS,
    extract=extract,
    shapes=(
        "ad_performance",
        "campaigns",
        "ads",
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
    options={
        "feeds": Option(
            "list of {name, stream, path, sql, reader, macros, owns_days, headline_claim,"
            " tolerances}: files and how they map",
            forms.listing("{name, stream, path, sql}"),
        )
    },
    used=feeds.used,
    divide=feeds.divide,
    selectors=feeds.selectors,
    odd_options=feeds.problems,
    problems=check.problems,
    remarks=check.remarks,
    personal_data=feeds.personal_data,
)
