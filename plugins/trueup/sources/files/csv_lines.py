"""A CSV file line by line: its header, its rows as text, and the lines that are no rows.

A reader that takes the file as a whole loses what follows a quote that is never closed, or gives
the file up. Here a line that cannot be read costs itself: the next one is read as ever.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trueup.sources.files import csv_options, no_rows, row_forms
from trueup.sources.files.row_forms import Forms
from trueup.sources.files.text import UNDECODED, lines_of

#: Why a file's last row is none, where it has too few cells and no end of its line.
CUT = "the file ends within this row"
#: A quoted cell may span this many lines; a quote open for longer was never closed.
LONGEST_CELL = 1000
#: The largest cell, in characters.
LARGEST_CELL = 1 << 24
#: How exports keep a spreadsheet from making a number or a day of text.
FORMULA = re.compile(r'^="([^"]*)"$')
#: So many lines show what the rows of a file look like.
SAMPLE_LINES = 1000


@dataclass(frozen=True)
class Bad:
    """Lines that make no row: the first one's number from 1, why, and the text. One that `may_be`
    a note or a total is none of the file's rows if it stands above or below them all."""

    line: int
    reason: str
    text: str
    may_be: str = ""


@dataclass(frozen=True)
class Row:
    """A row as text: its number from 1, not counting the header and blank lines."""

    number: int
    cells: list[str | None]


@dataclass(frozen=True)
class CsvFile:
    """What a file holds: the `names` of its columns, of which some are `repeated` in the header,
    and its records one by one."""

    names: list[str]
    repeated: tuple[str, ...]
    records: Iterator[Row | Bad]


def read(path: Path, options: Mapping[str, Any]) -> CsvFile:
    """The content of the file at `path`. Raises Unreadable where it is no such text."""
    csv.field_size_limit(max(csv.field_size_limit(), LARGEST_CELL))
    chosen = csv_options.settings(options)
    return _Reader(chosen, lines_of(path, str(chosen["encoding"]))).read()


class _Reader:
    def __init__(self, chosen: Mapping[str, Any], lines: list[str]) -> None:
        self._lines = lines
        self._chosen = chosen
        self._delim = str(chosen["delim"]).replace("\\t", "\t")
        self._quote = str(chosen["quote"])
        self._padding = bool(chosen["null_padding"])
        self._nulls = {"", str(chosen["nullstr"])}
        escape = str(chosen["escape"])
        self._dialect: dict[str, Any] = {"delimiter": self._delim, "strict": True}
        if not self._quote:
            self._dialect["quoting"] = csv.QUOTE_NONE
        else:
            self._dialect["quotechar"] = self._quote
            if escape not in ("", self._quote):
                self._dialect |= {"escapechar": escape, "doublequote": False}
        self._is_simple = escape in ("", self._quote)
        self._first = 0
        self._names = no_rows.Names("", self._delim, self._quote, [])
        self._forms: Forms | None = None
        self._is_ended: bool | None = None

    def read(self) -> CsvFile:
        skip = int(self._chosen["skip"]) or int(no_rows.is_stated_delim(self._lines))
        header = self._next(skip)
        names, repeated, at = self._header(header)
        line = "".join(self._lines[header:at])
        self._names = no_rows.Names(line, self._delim, self._quote, names)
        return CsvFile(names, repeated, self._records(at, len(names)))

    def _records(self, at: int, wanted: int) -> Iterator[Row | Bad]:
        self._first, number = at, 0
        order: list[int] = []
        while (at := self._next(at)) < len(self._lines):
            line, is_first = self._lines[at], at == self._first
            if wanted > 1 and self._names.is_none(line, is_first):
                order = [] if self._names.are_in(line) else order
                at += 1
                continue
            record, lines = self._record(at, number + 1, wanted)
            at += lines
            if isinstance(record, Row) and (again := self._names.order_in(record.cells)):
                order = again
                continue
            number += 1
            yield _in_order(record, order)

    def _next(self, at: int) -> int:
        """The next line that is neither blank nor a comment."""
        comment = str(self._chosen["comment"])
        while at < len(self._lines):
            line = self._lines[at]
            if line.strip("\r\n") and not (comment and line.startswith(comment)):
                break
            at += 1
        return at

    def _header(self, at: int) -> tuple[list[str], tuple[str, ...], int]:
        if at >= len(self._lines):
            return [], (), at
        cells, lines = self._cells(at)
        if not self._chosen["header"]:
            return [f"column{index}" for index in range(len(cells or [""]))], (), at
        names: list[str] = []
        taken: set[str] = set()
        repeated = []
        for index, cell in enumerate(cells or [self._lines[at]]):
            name = unique = no_rows.plain(cell) or f"column{index}"
            again = 0
            while unique.lower() in taken:
                again += 1
                unique = f"{name}_{again}"
            if again:
                repeated.append(name)
            taken.add(unique.lower())
            names.append(unique)
        return names, tuple(repeated), at + lines

    def _record(self, at: int, number: int, wanted: int) -> tuple[Row | Bad, int]:
        """The record that begins in line `at`, and how many lines it takes."""
        cells, lines = self._cells(at)
        text = "".join(self._lines[at : at + lines])
        reason = ""
        if cells is None:
            reason = "a quote is out of place"
        elif len(cells) != wanted:
            cells, reason = self._fitted(cells, wanted)
            if reason and len(cells) < wanted and no_rows.ends_within(self._lines, at + lines):
                reason = CUT
        if lines > 1 and self._swallowed(at, lines, wanted, is_bad=bool(reason)):
            reason, lines, text = "a quote is not closed", 1, self._lines[at]
        if UNDECODED.search(text):
            reason = f"not in the encoding {self._chosen['encoding']}"
            text = UNDECODED.sub("?", text)
        if reason or cells is None:
            may_be = no_rows.beside_rows(cells, wanted) if cells and reason != CUT else ""
            return Bad(at + 1, reason, text.rstrip("\r\n"), may_be), lines
        if '="' in text:
            cells = [FORMULA.sub(r"\1", cell) for cell in cells]
        return Row(number, [None if cell in self._nulls else cell for cell in cells]), lines

    def _fitted(self, cells: list[str], wanted: int) -> tuple[list[str], str]:
        """The cells of a row that has too many or too few, and the reason if it stays so."""
        if len(cells) == wanted + 1 and not cells[-1] and self._ends_in_delim(wanted):
            return cells[:-1], ""
        if len(cells) > wanted:
            return cells, "too many columns"
        if self._padding:
            return [*cells, *([""] * (wanted - len(cells)))], ""
        return cells, "missing columns"

    def _cells(self, at: int) -> tuple[list[str] | None, int]:
        """The cells of the record that begins in line `at`, None where its quotes do not fit, and
        how many lines it takes."""
        line = self._lines[at]
        if self._is_simple and (not self._quote or self._quote not in line):
            return line.rstrip("\r\n").split(self._delim), 1
        text = ""
        for count, line in enumerate(self._lines[at : at + LONGEST_CELL], 1):
            text += line
            if count > 1 and self._quote not in line:
                continue
            try:
                return next(csv.reader([text.rstrip("\r\n")], **self._dialect)), count
            except csv.Error as error:
                if "unexpected end of data" not in str(error):
                    return None, count if count == 1 else 1
        return None, 1

    def _ends_in_delim(self, wanted: int) -> bool:
        """Whether a delimiter ends every line of the file. Where one line has its last cell there,
        an empty cell too many is that of a row a delimiter in a cell has shifted: 1,204.50."""
        if self._is_ended is None:
            at, self._is_ended = self._first, True
            while self._is_ended and (at := self._next(at)) < len(self._lines):
                cells, lines = self._cells(at)
                at += lines
                # A line that was cut, or has further cells too many, says nothing of the others.
                over = len(cells) - wanted if cells else -1
                self._is_ended = over != 0 and not (over == 1 and cells and cells[-1].strip())
        return self._is_ended

    def _swallowed(self, at: int, lines: int, wanted: int, is_bad: bool) -> bool:
        """Whether lines a quoted cell ran over are rows of their own. Of a record that makes no row
        their number of cells says enough."""
        if wanted == 1:
            return False
        forms = self._look(wanted)
        alone = [self._alone(line) for line in self._lines[at : at + lines]]
        return forms.are_rows(alone) or (
            is_bad and all(map(forms.is_whole, alone[1:-1] or alone[1:]))
        )

    def _look(self, wanted: int) -> Forms:
        """What the file's rows look like, by lines that leave no quote open."""
        if self._forms is None:
            lines = self._lines[self._first : self._first + SAMPLE_LINES]
            closed = (line for line in lines if line.count(self._quote) % 2 == 0)
            self._forms = row_forms.of_rows(map(self._alone, closed), wanted, self._delim)
        return self._forms

    def _alone(self, line: str) -> list[str]:
        """The cells of a line by itself, whether or not its quotes fit."""
        try:
            return next(csv.reader([line.rstrip("\r\n")], **self._dialect | {"strict": False}), [])
        except csv.Error:
            return [""]


def _in_order(record: Row | Bad, order: list[int]) -> Row | Bad:
    """The record with its cells in the order of the file's first header, by the last one above."""
    if not order or isinstance(record, Bad):
        return record
    return Row(record.number, [record.cells[index] for index in order])
