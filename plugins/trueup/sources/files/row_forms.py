"""What the rows of a CSV file look like, by which a line of it is known for a row.

A quote that is never closed runs on to the next quote of the file, and what it ran over would be
one cell. Notes have lines too: whether such a line is a row is seen by its cells.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: Of a column's cells these many are of one form, where the form says whose cell it is.
USUAL_SHARE = 0.9
#: Digits alone: of so many and more, the same number in each cell, they are an id or a day.
FEWEST_DIGITS = 6
_DIGITS = re.compile(r"\d+")
_LETTERS = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"[-+]?\d+(?:[.,' ]\d{3})*(?:[.,]\d+)?")


@dataclass(frozen=True)
class Forms:
    """A file's rows have `wanted` cells, between `delim`; `telling` are the forms in columns that
    tell a row from other text: days, times, ids. Amounts, counts and words tell nothing."""

    wanted: int
    delim: str
    telling: Mapping[int, frozenset[str]]

    def is_whole(self, cells: list[str]) -> bool:
        """Whether they are as many as a row's, which may end in a delimiter."""
        return len(cells) == self.wanted or (len(cells) == self.wanted + 1 and not cells[-1])

    def are_rows(self, lines: list[list[str]]) -> bool:
        """Whether the cells of a record's lines, each by itself, are those of several rows. The
        quote that ran over them was opened in the last cell of the first line."""
        first, *others, last = lines
        opened = len(first) - 1
        first = [*first[:-1], *first[-1].split(self.delim)]
        if len(first) < self.wanted:
            return False
        if not self.telling:
            return all(map(self.is_whole, (first, *others, last)))
        # What stands behind the note in its last line, and before it in its first, is the record's.
        return (
            any(self._is_row(cells, range(self.wanted), opened) for cells in others)
            or self._is_row(last, range(opened), opened)
            or (self.is_whole(last) and self._is_row(first, range(opened + 1, self.wanted), 0))
        )

    def _is_row(self, cells: list[str], columns: range, opened: int) -> bool:
        """Whether cells are a row's by what stands in these columns; of a row with a delimiter too
        many, by what stands before the quote."""
        if not self.is_whole(cells):
            if not 2 <= opened < len(cells):
                return False
            columns = range(opened)
        fits = [
            form(cells[column]) in self.telling[column]
            for column in columns
            if column in self.telling and cells[column].strip()
        ]
        return 2 * sum(fits) > len(fits)


def form(cell: str) -> str:
    """9-9-9 of a day, a9 of an id, 9 of any number."""
    text = cell[:60].strip()
    if text.isdigit() and len(text) >= FEWEST_DIGITS:
        return f"9x{len(text)}"
    if _NUMBER.fullmatch(text):
        return "9"
    return _LETTERS.sub("a", _DIGITS.sub("9", text))


def of_rows(rows: Iterable[list[str]], wanted: int, delim: str) -> Forms:
    """The forms of `rows`, those left out that have more or fewer cells than are wanted."""
    seen: list[Counter[str]] = [Counter() for _ in range(wanted)]
    for row in rows:
        if wanted <= len(row) <= wanted + 1 and not any(row[wanted:]):
            for counts, cell in zip(seen, row, strict=False):
                if cell.strip():
                    counts[form(cell)] += 1
    telling = {}
    for column, counts in enumerate(seen):
        for usual, count in counts.most_common(1):
            if len(usual) > 1 and "9" in usual and count >= USUAL_SHARE * counts.total():
                telling[column] = frozenset(counts)
    return Forms(wanted, delim, telling)
