"""Which files rows set aside are of, where a load came in files; of which files most rows are not
used, which the share of a feed with many files does not show; and what makes one doubt a file."""

from __future__ import annotations

import re
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from trueup.gates.findings import Finding, counted
from trueup.gates.money import together
from trueup.gates.shares import FEW_ROWS, MOST, total
from trueup.landing.manifest import Load
from trueup.landing.store import Landing
from trueup.sources.contract import Doubt

#: Where a row stood in a file, as it is listed: `orders.csv row 3`.
PLACE = re.compile(r"(?P<file>.+?) (?:row|line) \d+\b|(?P<headed>.+) header")
USED = "used: "
#: A reason is a sentence of ours; longer ones are cut.
REASON_LENGTH = 120
IN_DOUBT = "docs/runbook.md#files-in-doubt"
#: What each doubt is, in the order in which they are listed.
DOUBTS: dict[Doubt, str] = {
    "files cut off": "A file ends within a row; what it held behind it did not come",
    "files empty": "The last file of a feed holds no row",
    "files left beside": "Files lie beside those of a feed and are read by none",
    "rows of earlier files": "Rows stand in an earlier file alone, of days a later one has too, and"
    " nobody said whether they count",
}
#: So many are named in a message, the others counted.
NAMED = 3


def file_of(position: str) -> str:
    """The file a row stood in; nothing of rows that came in no file."""
    found = PLACE.match(position)
    return (found["file"] or found["headed"]) if found else ""


def reason_of(row: Mapping[str, Any]) -> str:
    """Why a row was set aside, cut between words."""
    return _cut(str(row["reason"]))


@lru_cache(maxsize=1000)  # thousands of rows have one reason
def _cut(reason: str) -> str:
    return textwrap.shorten(reason, REASON_LENGTH, placeholder=" …")


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


@dataclass
class OfFile:
    """What became of a file's rows: all of them, why some are not used, and how many of these are
    older than the company's history."""

    rows: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    older: int = 0

    @property
    def unused(self) -> int:
        return self.reasons.total()

    @property
    def is_lost(self) -> bool:
        """Whether most of several rows are lost or outside; not where it is an old file as a whole,
        which a longer folder than the history has."""
        is_old = self.older == self.rows
        return self.unused >= FEW_ROWS and self.unused > MOST * self.rows and not is_old


def findings(landing: Landing, loads: Sequence[Load], passed: Finding) -> Iterator[Finding]:
    """One finding for all files most of whose rows are not used, and one for all there is of each
    doubt; `passed` is what they are made of."""
    yield from _doubts(loads, passed)
    files = [
        file
        for load in loads
        if load.delivered and (load.set_aside_count or load.outside)
        for file in _lost(load, landing.set_aside_rows(load))
    ]
    if files:
        yield replace(
            passed,
            check_name="files lost",
            severity="warning",
            verdict="warn",
            why="Most rows of a file are not used, however small its share of the feed",
            observed=_said(files),
            affected_rows=sum(one.unused for _, one in files),
            query=f"trueup rejects {passed.table_name.partition('.')[0]}",
        )


def _doubts(loads: Sequence[Load], passed: Finding) -> Iterator[Finding]:
    notes = [note for load in loads for note in load.doubts]
    for doubt, why in DOUBTS.items():
        if not (found := [note for note in notes if note.doubt == doubt]):
            continue
        money = together(dict(note.money) for note in found)
        rows = [note.rows for note in found if note.rows is not None]
        yield replace(
            passed,
            check_name=doubt,
            severity="warning",
            verdict="warn",
            why=why,
            observed=_first([note.text for note in found]),
            affected_rows=sum(rows) if rows else None,
            affected_amount_local=total(money.values()) if len(money) == 1 else None,
            currency_code="".join(money) if len(money) == 1 else "",
            query=f"trueup loads {passed.table_name.partition('.')[0]}",
            runbook=IN_DOUBT,
        )


def _lost(load: Load, rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, OfFile]]:
    """The files most of whose rows are not used, those with the most such rows first; `rows` are
    all that the load lists."""
    found: dict[str, OfFile] = defaultdict(OfFile)
    for one in load.delivered:
        found[one.name].rows += sum(one.rows.values())
    for row in rows:
        of_file = found[file_of(row["position"])]
        of_file.rows += 1
        is_outside = row["kind"] == "outside"
        if row["is_lost"] or is_outside:
            of_file.reasons[reason_of(row)] += 1
            of_file.older += is_outside and row["day"] < load.since
    found.pop("", None)
    named = [(name, one) for name, one in found.items() if one.is_lost]
    return sorted(named, key=lambda pair: (-pair[1].unused, pair[0]))


def _said(files: list[tuple[str, OfFile]]) -> str:
    """Each file with how many of its rows are not used, and why most of them are not."""
    each = [
        f"{name}: {one.unused:,} of {counted(one.rows)} are not used:"
        f" {one.reasons.most_common(1)[0][0]}"
        for name, one in files
    ]
    return _first(each)


def _first(said: Sequence[str]) -> str:
    """The first few, and how many more there are."""
    more = [f"{len(said) - NAMED} more files"] if len(said) > NAMED else []
    return "; ".join([*said[:NAMED], *more])
