"""Reading a numbered listing whole, though its rows may move from one page to another meanwhile.

A reservation that is changed while its listing is read leaves the window, and all after it move up
by one: the first of the next page is then on none that is asked for. The vendor's total differs
between the pages then, or a record comes on two of them. Such a walk is begun again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

#: Walks of one listing before it is left to the next run: a desk is not busy for as long as three.
MOST_WALKS = 3
_WHOLE = re.compile(r"(\d{1,15})(?:\.0+)?")

#: A record's id, or its page and place where it has none.
Id = str | tuple[int, int]


@dataclass(frozen=True)
class Numbered:
    """A page, and how many rows the vendor says there are on all of them."""

    rows: list[Any]
    total: int | None


@dataclass
class Walk:
    """One reading of the pages; `key` names the records' id, `size` is what was asked a page."""

    key: str
    size: int
    pages: list[Numbered] = field(default_factory=list)
    #: The newest version of each record.
    found: dict[Id, Any] = field(default_factory=dict)
    #: Whether records came on two pages, and whether a page held no others.
    came_twice: bool = False
    is_repeated: bool = False

    def read(self, ask: Callable[[int], Numbered]) -> Iterator[Numbered]:
        """The pages, until the total is reached or one brings nothing."""
        while True:
            page = ask(len(self.pages) + 1)
            new = self._take_in(page)
            yield page
            if not new or self._is_last(page):
                return

    @property
    def rows(self) -> list[Any]:
        return [row for page in self.pages for row in page.rows]

    @property
    def totals(self) -> set[int]:
        """What the vendor said there is in all; nothing where it counts each page by itself."""
        said = [page for page in self.pages if page.total is not None]
        if len(self.pages) > 1 and all(page.total == len(page.rows) for page in said):
            return set()
        return {page.total for page in said if page.total is not None}

    @property
    def has_moved(self) -> bool:
        return len(self.totals) > 1 or self.came_twice

    @property
    def is_whole(self) -> bool:
        is_torn = self.has_moved or self.is_repeated
        return not is_torn and len(self.found) >= max(self.totals, default=0)

    def _take_in(self, page: Numbered) -> int:
        """How many records of the page were on none before it."""
        self.pages.append(page)
        number = len(self.pages)
        of_page = {self._id(row, (number, place)): row for place, row in enumerate(page.rows)}
        new = len(of_page.keys() - self.found.keys())
        self.came_twice |= 0 < new < len(of_page)
        self.is_repeated |= 0 == new < len(of_page)
        self.found |= of_page
        return new

    def _id(self, row: Any, place: tuple[int, int]) -> Id:
        value = row.get(self.key) if isinstance(row, dict) else None
        return str(value) if isinstance(value, str | int) and value != "" else place

    def _is_last(self, page: Numbered) -> bool:
        if len(page.rows) < self.size:
            return page.total is None or len(self.found) >= page.total
        # A full page ends the listing only where the total says so, not its own count or less.
        return page.total == len(self.found) and len(self.pages) > 1


def whole(walks: Iterable[Walk], problem: Callable[[Walk], Exception]) -> list[Any]:
    """The rows of the first walk that is whole, or those that several walks of one total found
    together. Where neither comes to be, raises the `problem` of the last walk."""
    together: dict[Id, Any] = {}
    total: set[int] = set()
    for walk in walks:
        if walk.is_whole:
            return walk.rows
        if walk.totals != total or len(total) > 1:
            together, total = dict(walk.found), walk.totals
            continue
        together |= walk.found
        if {len(together)} == total:
            return list(together.values())
    raise problem(walk)


def total_of(value: Any) -> int | None:
    """A total as the vendor sends it, also as text; ValueError where it is no number of rows."""
    if value is None:
        return None
    found = _WHOLE.fullmatch(str(value))
    if found is None:
        raise ValueError("it is no number of rows")
    return int(found[1])
