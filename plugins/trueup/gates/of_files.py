"""Which files rows set aside are of, where a load came in files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from trueup.gates.findings import counted

#: Where a row stood in a file, as it is listed: `orders.csv row 3`.
PLACE = re.compile(r"(?P<file>.+?) (?:row|line) \d+\b|(?P<headed>.+) header")
USED = "used: "
#: So many are named in a message, the others counted.
NAMED = 3


def file_of(position: str) -> str:
    """The file a row stood in; nothing of rows that came in no file."""
    found = PLACE.match(position)
    return (found["file"] or found["headed"]) if found else ""


def giving_way(rows: Iterable[Mapping[str, Any]]) -> str:
    """The files whose rows give way to those of another file, and that other one."""
    pairs: Counter[tuple[str, str]] = Counter()
    for row in rows:
        earlier = file_of(row["position"])
        used = file_of(str(row["content"]).removeprefix(USED))
        if earlier and used and earlier != used:
            pairs[earlier, used] += 1
    said = [
        f"{earlier} gives way to {used} ({counted(count)})"
        for (earlier, used), count in pairs.most_common(NAMED)
    ]
    if len(pairs) > NAMED:
        said.append(f"{len(pairs) - NAMED} more such files")
    return ", ".join(said)
