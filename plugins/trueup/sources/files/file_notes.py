"""What is said of a file of a feed whose other files can be used."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.errors import BrokenContract
from trueup.sources.contract import Note, SetAside
from trueup.sources.files.csv_lines import CUT
from trueup.sources.files.reading import Job

#: How DuckDB names a column that a select asks for and a file has not.
LACKING_COLUMN = re.compile(r'Referenced column "([^"]+)" not found')
#: So many files are named, the others counted.
NAMED = 5


def why_unusable(job: Job, error: BrokenContract) -> str:
    lacking = LACKING_COLUMN.search(str(error))
    why = f": it has no column {lacking[1]}" if lacking else ""
    return f"feed {job.feed.name}: the file {job.files[-1]} cannot be used{why}"


def of_row(job: Job, aside: SetAside) -> Iterator[Note]:
    """Of a row in which its file ends: what came behind it nobody knows."""
    if aside.reason == CUT:
        yield Note(
            f"feed {job.feed.name}: {aside.position} has no end: the file was cut off there, and"
            " what it held behind it is missing"
        )


def of_empty(job: Job, names: list[str]) -> Iterator[Note]:
    """Of files that hold no row; where none of the feed's does, that is said of the feed."""
    if names and len(names) < len(job.files):
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        # The last one stands for those before it, and is named first.
        last, *others = reversed(names[-NAMED:])
        last += " (the feed's last file)" if last == job.files[-1] else ""
        yield Note(f"feed {job.feed.name}: no row in {', '.join((last, *others))}{more}")
