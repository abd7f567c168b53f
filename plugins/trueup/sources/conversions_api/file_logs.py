"""Logs in files: JSON lines, CSV or Parquet, packed or not, read by the machinery of files.

A date in a file's name is the day its lines were sent: such a file is read for that day and the
days beside it. A file without one is read every time. Rotated logs have any name: what begins with
a bracket is JSON. A line that cannot be read costs itself, a file that cannot be read its day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from trueup.errors import BrokenContract, of_machine
from trueup.sources import contacts, strict_json
from trueup.sources.contract import Absent, SetAside
from trueup.sources.conversions_api import single_values
from trueup.sources.conversions_api.logs import Log
from trueup.sources.files import csv_lines, csv_options
from trueup.sources.files.feeds import Feed
from trueup.sources.files.reading import is_csv, is_json
from trueup.sources.files.text import UNDECODED, Unreadable, check_size, first_lines, lines_of
from trueup.sources.refusals import Place
from trueup.window import Window

DATED = re.compile(r"(?<!\d)(20\d\d)-?([01]\d)-?([0-3]\d)(?!\d)")
TABLE_NAMES = re.compile(r"\.(csv|tsv)(\.gz)?$")
DAY = timedelta(days=1)

#: Where a line stood, and what it held.
Found = tuple[str, dict[str, Any]]


def read(
    log: Log, folder: Path, window: Window, place: Place
) -> Iterator[Found | SetAside | Absent]:
    """Every line of the log that may be of the window. Raises BrokenContract where not one of its
    files can be read."""
    delivered = _delivered(log, folder, place)
    files = _of_window(delivered, window)
    broken: dict[str, BrokenContract] = {}
    for file in files:
        try:
            with _readable(log, contacts.cut(Path(file).name), place):
                yield from _lines(folder / file, log)
        except BrokenContract as error:
            broken[file] = error
    if broken and len(broken) == len(files):
        raise next(iter(broken.values()))
    days = _days(delivered)
    for file, trouble in broken.items():
        yield _unread(window, _day_in(file) if days else None, trouble.problem)


def _unread(window: Window, day: date | None, why: str) -> Absent:
    """What is not known where a file cannot be read: the day it is of stays open; of files that are
    of no day, or of the day beside the window, only lines are missed."""
    if day is not None and day in window:
        return Absent(Window(day, day + DAY), why, "late")
    return Absent(window, why, "part")


def _lines(path: Path, log: Log) -> Iterator[Found | SetAside]:
    name = contacts.cut(path.name)
    if is_json(path.name) or (is_csv(path.name) and _begins_as_json(path, log)):
        yield from _json(path, name, log)
    elif is_csv(path.name):
        yield from _csv(path, name, log)
    else:
        yield from _parquet(path, name)


def _begins_as_json(path: Path, log: Log) -> bool:
    """A file that is not called a table, and is none: as `sent.log`, `sent.jsonl.1`."""
    if TABLE_NAMES.search(path.name.lower()):
        return False
    start = "".join(first_lines(path, _encoding(log))).lstrip("\ufeff \t\r\n")
    return start.startswith(("{", "["))


def absent(log: Log, folder: Path, window: Window, place: Place) -> Iterator[Absent]:
    """Days without a file, where every file is of a day."""
    days = _days(_delivered(log, folder, place))
    for day in window.days() if days else ():
        if day not in days and min(days) < day:
            kind = "gap" if day < max(days) else "late"
            yield Absent(Window(day, day + DAY), f"log {log.name} has no file of {day}", kind)  # type: ignore[arg-type]
    if days and window.since < min(days):
        until = min(min(days), window.until)
        yield Absent(Window(window.since, until), f"log {log.name} begins {min(days)}", "before")


def newest_day(log: Log, folder: Path) -> date | None:
    """The newest day that has a file; null where files are not of days."""
    days = _days(_found(log, folder))
    return max(days) if days else None


@cache
def is_daily(log: Log, folder: Path) -> bool:
    """Whether each file holds a day of the log."""
    return newest_day(log, folder) is not None


def _found(log: Log, folder: Path) -> list[str]:
    return Feed(log.name, "", log.path, "").delivered(folder)


def _delivered(log: Log, folder: Path, place: Place) -> list[str]:
    if files := _found(log, folder):
        return files
    raise BrokenContract(
        f"log {log.name}: no file matches {log.path}",
        **place,
        next_step="see that the sender writes it, or correct the log's path in the company file",
    )


def _day_in(file: str) -> date | None:
    found = DATED.search(file.rpartition("/")[2])
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _days(files: list[str]) -> set[date]:
    """The days of the files; none where one of them is not of a day."""
    days = [_day_in(file) for file in files]
    return {day for day in days if day} if all(days) else set()


def _of_window(files: list[str], window: Window) -> list[str]:
    near = Window(window.since - DAY, window.until + DAY)
    return [file for file in files if (day := _day_in(file)) is None or day in near]


def _json(path: Path, name: str, log: Log) -> Iterator[Found | SetAside]:
    lines = lines_of(path, _encoding(log))
    if "".join(lines[:1]).lstrip("\ufeff \t\r\n").startswith("[") and not _holds_json(lines[0]):
        lines = ["".join(lines)]
        if not _holds_json(lines[0]):
            raise Unreadable("is a list in JSON that is cut off, or no JSON")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        position = f"{name} line {number}"
        try:
            content = strict_json.read(_decoded(line))
        except strict_json.Unreadable as error:
            yield SetAside(position, f"the line is no JSON object: {error}", contacts.form(line))
            continue
        held = content if isinstance(content, list) else [content]
        for one in held:
            if isinstance(one, dict):
                yield position, one
            else:
                yield SetAside(position, "the line is no JSON object", contacts.form(line))


def _encoding(log: Log) -> str:
    return str(csv_options.settings(log.reader)["encoding"])


def _holds_json(text: str) -> bool:
    try:
        strict_json.read(_decoded(text))
    except strict_json.Unreadable:
        return False
    return True


def _decoded(line: str) -> bytes:
    return UNDECODED.sub("\ufffd", line).encode()


def _csv(path: Path, name: str, log: Log) -> Iterator[Found | SetAside]:
    content = csv_lines.read(path, log.reader)
    for one in content.records:
        if isinstance(one, csv_lines.Bad):
            yield SetAside(f"{name} line {one.line}", one.reason, contacts.form(one.text))
        else:
            yield f"{name} row {one.number}", dict(zip(content.names, one.cells, strict=True))


def _parquet(path: Path, name: str) -> Iterator[Found]:
    check_size(path)
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        batches = con.execute("from read_parquet(?)", [str(path)]).to_arrow_reader(10_000)
        rows = (row for batch in batches for row in batch.to_pylist())
        for number, row in enumerate(rows, 1):
            yield (
                f"{name} row {number}",
                {key: single_values.opened(value) for key, value in row.items()},
            )


@contextmanager
def _readable(log: Log, name: str, place: Place) -> Iterator[None]:
    try:
        yield
    except (Unreadable, duckdb.Error) as error:
        if isinstance(error, duckdb.Error) and (trouble := of_machine(error, f"reading {name}")):
            raise trouble from None
        why = f": it {error}" if isinstance(error, Unreadable) else f" ({type(error).__name__})"
        raise BrokenContract(
            f"log {log.name}: {name} cannot be read{why}",
            **place,
            next_step="see that the file is whole, and that the log's reader fits it",
        ) from None
