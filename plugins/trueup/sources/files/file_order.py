"""The order in which a feed's files are taken: what a later one holds stands for an earlier one's.

Files are ordered by their names as a person reads them, without their endings and with numbers as
numbers: a browser calls what it fetches again `orders (1).csv`, which letter by letter stands
before `orders.csv`, as the blank does before the point.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TypeAlias

#: What a name ends in that says how the file is written: `.csv`, `.csv.gz`; `.5` is none.
ENDING = re.compile(r"(\.[A-Za-z]+)?(\.gz)?$", re.I)
NUMBER = re.compile("([0-9]+)")
Natural: TypeAlias = "list[str | int]"


def natural(path: str) -> tuple[list[Natural], str]:
    """What to sort paths by: folders, then the name; the whole text where those are alike."""
    *folders, name = PurePath(path).parts or ("",)
    return [*map(_natural, folders), _natural(ENDING.sub("", name, count=1))], path


def _natural(text: str) -> Natural:
    """Text and numbers in turn, text first."""
    return [int(part) if place % 2 else part for place, part in enumerate(NUMBER.split(text))]
