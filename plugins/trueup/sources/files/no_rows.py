"""Lines of a CSV file that were never meant as rows, beside the blank ones."""

from __future__ import annotations

import re

BLANK = "\r\n\t \ufeff"
#: What a spreadsheet writes above the names: sep=;
STATED_DELIM = re.compile(r"\ufeff?sep=.\s*", re.I)
#: How many rows there were, which database clients write below them.
COUNT_OF_ROWS = re.compile(r"\(\d+ (rows?|records?)( affected| selected)?\)", re.I)
#: What they underline the names with, beside the delimiter.
RULE = set("-=+| \t")


def is_stated_delim(lines: list[str]) -> bool:
    return bool(lines) and STATED_DELIM.fullmatch(lines[0]) is not None


def ends_within(lines: list[str], end: int) -> bool:
    """Whether a file ends in the record before line `end`, and not in the end of a line."""
    return end == len(lines) and not lines[-1].endswith(("\r", "\n"))


def is_none(line: str, names: str, delim: str, is_first: bool) -> bool:
    """Whether the line is the `names` once more, as where files were put together, what stands
    beneath them, or how many rows there were."""
    line = line.strip(BLANK)
    if line == names or (is_first and "--" in line and set(line) <= RULE | {delim}):
        return True
    return line.endswith(")") and COUNT_OF_ROWS.fullmatch(line) is not None
