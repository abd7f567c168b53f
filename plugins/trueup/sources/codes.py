"""A vendor's error codes as a table that lies beside its refusals: one row a documented code.

`verdict` says whether asking again helps: `temporary`, `permanent`, or `unknown` where the vendor
itself does not say. `meaning` is what it costs and what to do about it, in the vendor's room.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True)
class Code:
    """What one code comes to."""

    verdict: str
    meaning: str


def rows(package: str) -> list[dict[str, str]]:
    """The rows of `error_codes.csv` in `package`."""
    text = resources.files(package).joinpath("error_codes.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))
