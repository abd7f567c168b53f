"""A vendor's error codes as data: a table beside its judge, every code with what it comes to.

`where` names the field that holds the code (an HTTP status is one of them), `sort` says whether
asking again can help, `becomes` which error of ours it is, and `address` the page that lists it.
What the vendor's own page leaves open is `unknown`: it is asked again, and then called so.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

#: What each kind of error is sorted as.
SORTS = {
    "denied": "permanent",
    "rejected": "permanent",
    "passing": "temporary",
    "too_slow": "temporary",
    "too_much": "temporary",
    "spent": "temporary",
    "gone": "temporary",
    "unknown": "unknown",
}


@dataclass(frozen=True)
class Known:
    """One code of a vendor's."""

    where: str
    code: str
    sort: str
    becomes: str
    address: str


@dataclass(frozen=True)
class Table:
    """Every code of a vendor's that is listed somewhere."""

    rows: tuple[Known, ...]

    def becomes(self, where: str, *codes: object) -> set[str]:
        """What those of `codes` come to that are listed; nothing for what is not."""
        wanted = {str(code) for code in codes}
        return {row.becomes for row in self.rows if row.where == where and row.code in wanted}


@cache
def read(path: Path) -> Table:
    """The table at `path`, a CSV with the columns of `Known`."""
    with path.open(encoding="utf-8", newline="") as lines:
        return Table(tuple(Known(**row) for row in csv.DictReader(lines)))
