"""JSON as files have it that DuckDB does not read: with a mark at its start, in UTF-16, and of JSON
by the line, where one line is none."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trueup.sources.files.csv_lines import Bad
from trueup.sources.files.text import MARKS, UNDECODED, first_bytes, lines_of


@dataclass(frozen=True)
class Lines:
    """Lines of a file that hold a record each, and those that hold none."""

    good: list[str]
    bad: list[Bad]


def marked(file: Path) -> str | None:
    """The text of a file that begins with a mark of its encoding; None of any other."""
    start = first_bytes(file)
    if not any(start.startswith(mark) for mark in MARKS):
        return None
    return "".join(lines_of(file, "utf-8"))


def of_records(file: Path) -> Lines | None:
    """The lines of a file that has a record in each; None where most of them hold none, which is
    a file that is broken, or JSON of another form."""
    good, bad = [], []
    for number, line in enumerate(lines_of(file, "utf-8"), 1):
        if not line.strip():
            continue
        if not UNDECODED.search(line) and _is_record(line):
            good.append(line)
        else:
            bad.append(
                Bad(number, "the line is no JSON record", UNDECODED.sub("?", line).rstrip("\r\n"))
            )
    return Lines(good, bad) if len(good) > len(bad) else None


def _is_record(line: str) -> bool:
    try:
        return isinstance(json.loads(line, object_pairs_hook=_unique), dict)
    except (ValueError, RecursionError):
        return False


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Which of two values of one name is meant nobody knows."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name twice")
    return found
