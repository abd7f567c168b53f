"""Which line of a CSV file is its header, where a select does not find its names in the first."""

from __future__ import annotations

import re
from pathlib import Path

from trueup.sources.files import csv_options
from trueup.sources.files.reading import Job, is_csv
from trueup.sources.files.text import first_lines

#: A line that has so many of the names a select asks for is a header; a row of data may hold one.
LEAST_NAMES = 2


def hint(job: Job, file: Path) -> str:
    """What to change where the header seems to stand in another line, or to be cut otherwise."""
    if not is_csv(file.name):
        return ""
    options = csv_options.settings(job.feed.reader)
    lines = first_lines(file, str(options["encoding"]))
    delim, skip = str(options["delim"]).replace("\\t", "\t"), int(options["skip"])
    if len(lines) <= skip:
        return ""
    counts = [line.count(delim) for line in lines]
    other = max(";\t|,", key=lines[skip].count)
    is_cut_by_other = lines[skip].count(other) > counts[skip]
    # Where a comma is the decimal point, the rows have commas and the header has none.
    is_every_row = [line.count(other) for line in lines[skip : skip + 2]] == 2 * [
        lines[skip].count(other)
    ]
    wanted = set(re.findall(r"\w+", job.feed.select(job.folder).lower()))
    named = [sum(cell.strip(" \"'").lower() in wanted for cell in x.split(delim)) for x in lines]
    best = max(range(skip, len(lines)), key=named.__getitem__)
    is_named = named[best] >= LEAST_NAMES and named[best] > named[skip]
    if is_named and not (is_cut_by_other and is_every_row):
        return f"; line {best + 1} looks like the header: reader {{skip: {best}}}"
    if is_cut_by_other:
        return f"; the header looks cut by {other!r}: reader {{delim: {other!r}}}"
    return ""
