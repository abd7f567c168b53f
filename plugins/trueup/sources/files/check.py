"""What is wrong with feeds once their files and selects are read: all of it, nothing landed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from trueup.errors import TrueupError
from trueup.sources import platforms
from trueup.sources.contract import Access, CompanyNames, SetAside
from trueup.sources.files import csv_lines, doubts, feeds, hints, reading, rows
from trueup.sources.files.feeds import CLAIMS, Feed
from trueup.sources.files.reading import Job
from trueup.sources.files.streams import STREAMS
from trueup.window import Window

SPEND = "ad_performance"
#: Files of more bytes than this in all are looked at by their header alone.
READ_BYTES = 100_000_000


class _Found:
    """The values the selects give to columns that speak of the company file."""

    def __init__(self) -> None:
        self.values: dict[str, set[str]] = {}
        self.is_all = True

    def add(self, column: str, found: set[str]) -> None:
        self.values.setdefault(column, set()).update(found)


def problems(access: Access, names: CompanyNames) -> Iterator[str]:
    """Every problem of the feeds whose text is sound, each with its path."""
    found = _Found()
    for index, entry in enumerate(feeds.entries(access.options)):
        if feed := feeds.sound(entry):
            yield from (
                f"options.feeds.{index}: {text}" for text in _of_feed(access, feed, names, found)
            )
        else:
            found.is_all = False
    if found.is_all:
        yield from _of_names(names, found, feeds.listed(access.options))


def remarks(access: Access, names: CompanyNames) -> Iterator[str]:
    """Rows that will be set aside, of feeds that can be used, with the reason most have, and spend
    that will be in no channel."""
    for index, entry in enumerate(feeds.entries(access.options)):
        if feed := feeds.sound(entry):
            with _opened(access, feed) as job, suppress(TrueupError):
                yield from (f"options.feeds.{index}: {text}" for text in _unusable(job))


def _unusable(job: Job) -> Iterator[str]:
    files = job.feed.delivered(job.folder)
    if not files or sum((job.folder / file).stat().st_size for file in files) > READ_BYTES:
        return
    rows.define_macros(job)
    rows.create_offered(job)
    lines = sum(one.is_lost for file in files for one in _taken(job, file))
    doubts.settle(job)
    aside = job.count("offered where _kind = 'unreadable'")
    if lines + aside and job.count("offered where _reason is null"):
        reason = doubts.commonest_reason(job) if aside else "lines that make no row"
        offered = lines + job.count("offered")
        yield f"{lines + aside} of {offered} rows will be set aside, most of them as {reason}"
    if job.feed.stream == SPEND:
        yield from _without_campaign(job)


def _without_campaign(job: Job) -> Iterator[str]:
    """Spend of ads whose campaign is not named, where that is most of the feed."""
    spent = "offered where _reason is null and spend_amount_local <> 0"
    rows, without = job.count(spent), job.count(f"{spent} and campaign_id is null")
    if without * 2 > rows:
        yield (
            f"{without} of {rows} rows of spend name no campaign: theirs is (unallocated), in no"
            " channel; where the export has none, give campaign_id a name for all of it"
        )


def _taken(job: Job, file: str) -> list[SetAside]:
    """A file into `offered`; the lines of it that make no row."""
    job.files.append(file)
    lines = reading.read(job, job.folder / file)
    if not reading.is_blank(job):
        rows.select(job, file)
    return lines


@contextmanager
def _opened(access: Access, feed: Feed) -> Iterator[Job]:
    stream = next(stream for stream in STREAMS if stream.name == feed.stream)
    day = access.history_start
    with reading.connection(access, feed) as con:
        yield Job(con, feed, access.folder, stream, Window(day, day + timedelta(days=1)))


def _of_feed(access: Access, feed: Feed, names: CompanyNames, found: _Found) -> Iterator[str]:
    files = feed.delivered(access.folder)
    is_missing = False
    for what, script in (("sql", feed.sql), ("macros", feed.macros)):
        if script and not (access.folder / script).is_file():
            is_missing = True
            yield f"{what}: there is no file {script}"
    if not files:
        yield f"path: no file matches {feed.path}"
    if is_missing or not files:
        found.is_all = False
        return
    with _opened(access, feed) as job:
        try:
            yield from _of_files(job, files, names, found)
        except TrueupError as error:
            found.is_all = False
            yield _brief(error)


def _of_files(job: Job, files: list[str], names: CompanyNames, found: _Found) -> Iterator[str]:
    size = sum((job.folder / file).stat().st_size for file in files)
    is_small = size <= READ_BYTES
    found.is_all &= is_small
    rows.define_macros(job)
    rows.create_offered(job)
    yield from _read(job, files if is_small else files[:1], None if is_small else 0, found)
    doubts.settle(job)
    offered, usable = job.count("offered"), job.count("offered where _reason is null")
    if offered and not usable:
        reason = doubts.commonest_reason(job)
        yield f"not one usable row of {offered}: {reason}; correct the select{hints.of(reason)}"
    declared = {column.name for column in job.stream.columns}
    for column in {"goal", "platform", "action_id", "action_name"} & declared:
        values = job.con.execute(f"select distinct coalesce({column}, '') from offered").fetchall()
        if column == "platform":  # an ad report that names none is one of its feed's name
            own = job.feed.name if job.stream.name in (SPEND, CLAIMS) else ""
            named = {platforms.spelt(row[0] or own) for row in values}
            found.add(column, named - {""})
        else:
            found.add(column, {row[0] for row in values if row[0]})
    if "goal" in declared:
        for goal in sorted(found.values["goal"] - set(names.goals)):
            yield f"its select gives the goal {goal}, which the company file does not know"
        found.values["goal"].clear()


def _read(job: Job, files: list[str], limit: int | None, found: _Found) -> Iterator[str]:
    """Every file into `offered`; one that cannot be read or mapped is named, and the next is read.
    A select that runs on none is at fault itself, which is said once."""
    unmapped: list[str] = []
    for file in files:
        job.files.append(file)
        try:
            reading.read(job, job.folder / file, limit=limit)
        except TrueupError as error:
            found.is_all = False
            yield _brief(error)
            continue
        yield from _repeated_header(job, file)
        try:
            if not reading.is_blank(job):
                rows.select(job, file)
        except TrueupError as error:
            found.is_all = False
            unmapped.append(_brief(error))
    if len(unmapped) == len(files) > 1:
        unmapped = [f"{unmapped[0]}; nor does it run on the other {len(files) - 1} file(s)"]
    yield from dict.fromkeys(unmapped)


def _repeated_header(job: Job, file: str) -> Iterator[str]:
    """Names a header has twice and the select uses: which of the two it means is anyone's guess."""
    if reading.is_csv(file):
        script = job.feed.select(job.folder)
        for name in csv_lines.read(job.folder / file, job.feed.reader).repeated:
            if re.search(rf"\b{re.escape(name)}\b", script):
                yield f"{file}: its header has {name} twice; the second one is {name}_1"


def _of_names(names: CompanyNames, found: _Found, sound: list[Feed]) -> Iterator[str]:
    """Names of the company file that no row of any feed bears."""
    actions = found.values.get("action_id", set()) | found.values.get("action_name", set())
    streams = {name for feed in sound for name in feeds.selected(feed.name, feed.stream)}
    if any(feed.stream == CLAIMS for feed in sound):
        for selector in sorted(set(names.selectors) - actions - streams):
            known = ", ".join(sorted({*streams, *actions})) or "none"
            yield (
                f"options.feeds: selector {selector!r} of a goal: no feed or claimed action; there"
                f" are {known}"
            )
    spelt = found.values.get("platform", set())
    for platform in sorted(one for one in names.platforms if platforms.spelt(one) not in spelt):
        known = ", ".join(sorted(spelt)) or "none"
        yield (
            f"options.feeds: platform {platform} of a channel rule: no feed gives it; there are"
            f" {known}"
        )


def _brief(error: TrueupError) -> str:
    """The error without its place, which the path says."""
    place = ("source:", "stream:", "window:")
    return "; ".join(part for part in str(error).split("; ") if not part.startswith(place))
