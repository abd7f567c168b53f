"""Lines of a CSV file that were never meant as rows, beside the blank ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

BLANK = "\r\n\t \ufeff"
#: What a spreadsheet writes above the names: sep=;
STATED_DELIM = re.compile(r"\ufeff?sep=.\s*", re.I)
#: How many rows there were, which database clients write below them.
COUNT_OF_ROWS = re.compile(r"\(\d+ (rows?|records?)( affected| selected)?\)", re.I)
#: What they underline the names with, beside the delimiter.
RULE = set("-=+| \t")
ISO_DAY = re.compile(r"(?<!\d)(?:19|20)\d\d-[01]\d-[0-3]\d(?!\d)")
#: The word a line or cell begins with that sums up those above it; a whole word, as campaigns are
#: called Summer sale and Totally new.
TOTAL = re.compile(
    r"""^["'\s]*(grand |sub[ -]?|gesamt|zwischen)?"""
    r"(total|totals|totales|totaux|totaal|totale|totali|gesamt|summe|summen|suma|sumas|somme)\b",
    re.I,
)
A_TOTAL, A_NOTE = "a total of the file's rows", "a note beside the file's rows"
#: So many words in its first cell, and cells for half a row at most, make a note of a line.
WORD, FEWEST_WORDS = re.compile(r"[^\W\d_]{2,}"), 3
#: What is not seen at the ends of a name: blanks, zero widths, marks of byte order.
UNSEEN = {"Zs", "Zl", "Zp", "Cc", "Cf"}


class Names:
    """The `names` of a file's columns, and the `line` that has them."""

    def __init__(self, line: str, delim: str, quote: str, names: Sequence[str]) -> None:
        self._delim, self._quote = delim, quote
        self._void = BLANK + delim + quote
        self._index = {name.casefold(): index for index, name in enumerate(names)}
        self._line = self._bare(line)
        self._first = self._line.lstrip(self._void)[:1]

    def is_none(self, line: str, is_first: bool) -> bool:
        """Whether the line holds nothing, or is the names once more, as where files were put
        together, what stands beneath them, or how many rows there were."""
        first = line[:1] if line[:1] not in self._void else line.lstrip(self._void)[:1]
        if not first:
            return self.is_blank(line)
        if first.casefold() == self._first and self.are_in(line):
            return True
        line = line.strip(BLANK)
        if is_first and "--" in line and set(line) <= RULE | {self._delim}:
            return True
        return line.endswith(")") and COUNT_OF_ROWS.fullmatch(line) is not None

    def are_in(self, line: str) -> bool:
        """Whether the line is the names once more, in their order."""
        return self._bare(line) == self._line

    def is_blank(self, line: str) -> bool:
        """Whether no cell of the line holds anything, as of those a spreadsheet writes below."""
        return not line.strip(self._void) and not (self._quote and line.count(self._quote) % 2)

    def order_in(self, cells: Sequence[str | None]) -> list[int] | None:
        """Where each name stands in `cells`, if they are the names in another order."""
        if (cells[0] or "").strip(BLANK).casefold() not in self._index:
            return None
        found = {plain(cell or "").casefold(): index for index, cell in enumerate(cells)}
        if len(found) != len(cells) or found.keys() != self._index.keys():
            return None
        return [found[name] for name in self._index]

    def _bare(self, line: str) -> str:
        """The line without what its writer may leave out: quotes, blanks and capitals."""
        line = line.replace(self._quote, "") if self._quote else line
        return self._delim.join(map(str.strip, line.strip(BLANK).split(self._delim))).casefold()


def beside_rows(cells: Sequence[str], wanted: int) -> str:
    """What a line that has other than the `wanted` cells may be above or below a file's rows;
    nothing where it may as well be a row that was cut, by a day or number in its further cells."""
    further = " ".join(cells[1:])
    if TOTAL.match(cells[0]) or (not ISO_DAY.search(further) and any(map(TOTAL.match, cells))):
        return A_TOTAL
    is_text = 2 * len(cells) <= wanted and len(WORD.findall(cells[0])) >= FEWEST_WORDS
    return A_NOTE if is_text and not re.search(r"\d", further) else ""


def is_stated_delim(lines: list[str]) -> bool:
    return bool(lines) and STATED_DELIM.fullmatch(lines[0]) is not None


def ends_within(lines: list[str], end: int) -> bool:
    """Whether a file ends in the record before line `end`, and not in the end of a line."""
    return end == len(lines) and not lines[-1].endswith(("\r", "\n"))


def plain(name: str) -> str:
    """A column's name without what is not seen at its ends."""
    seen = [at for at, one in enumerate(name) if unicodedata.category(one) not in UNSEEN]
    return name[seen[0] : seen[-1] + 1].replace("\r\n", "\n") if seen else ""
