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
            " what it held behind it is missing; copy or export it once more",
            "files cut off",
            rows=1,
        )


def of_empty(job: Job, names: list[str]) -> Iterator[Note]:
    """Of files that hold no row; where none of the feed's does, that is said of the feed. Where
    the last one has none, what is new since the one before it did not come."""
    if not names or len(names) == len(job.files):
        return
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    last, *others = reversed(names[-NAMED:])
    if last != job.files[-1]:
        yield Note(f"feed {job.feed.name}: no row in {', '.join((last, *others))}{more}")
        return
    named = ", ".join((f"{last} (the feed's last file)", *others))
    yield Note(
        f"feed {job.feed.name}: no row in {named}{more}; export it once more or, where such files"
        f" are right, say `allow_empty: [{job.stream.name}]` of the source files",
        "files empty",
        rows=0,
    )
