"""Loads and the rows they could not use, line by line, for a person to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from trueup.landing.manifest import Load, Refusal, is_over
from trueup.sources.contract import Stream

if TYPE_CHECKING:
    from trueup.company.workspace import Workspace

#: Kinds of rows that others stand for, and so many of them listed of each account or feed.
REPEATS = ("duplicate", "superseded")
REPEATS_LISTED = 5


def loads(work: Workspace, source: str | None = None) -> Iterator[str]:
    """One line for every committed load, oldest first in each stream, then for every load that was
    set aside or refused."""
    for name, stream in _streams(work, source):
        for load in work.landing.loads(name, stream.name):
            yield (
                f"{load.load_id} {_of(load)} {load.window} {load.row_count} rows{_counts(load)},"
                f" committed {load.committed_at:%Y-%m-%d %H:%M:%SZ}"
            )
            yield from (f"    {note}" for note in load.notes)
    for name, stream in _streams(work, source):
        for load in work.landing.set_aside_loads(name, stream.name):
            marker = work.landing.rejected()[load.load_id]
            yield (
                f"{load.load_id} SET ASIDE {marker['rejected_at']} {_of(load)} {load.window}"
                f" {load.row_count} rows: {marker['why']}"
            )
        for refusal in work.landing.refusals(name, stream.name):
            yield (
                f"{refusal.load_id} REFUSED {refusal.refused_at:%Y-%m-%d %H:%M:%SZ}"
                f" {_of(refusal)} {refusal.window}: {refusal.error}"
            )


def rows_set_aside(work: Workspace, source: str | None = None) -> Iterator[str]:
    """Every row set aside by loads in force, and by loads that were set aside or refused and have
    not landed since: what was lost first, the most money before; of rows that another stands for a
    few, and how many more there are."""
    listed = sorted(rows(work, source), key=_weight)
    repeats: Counter[str] = Counter()
    for entry, mark, row in listed:
        of = f"{mark}{_of(entry)}"
        if row["kind"] in REPEATS:
            repeats[of] += 1
            if repeats[of] > REPEATS_LISTED:
                continue
        yield f"{of}: {row['position']}: {row['reason']} ({_fate(row)})"
        if row["content"]:
            yield f"    {row['content']}"
    for of, count in repeats.items():
        if count > REPEATS_LISTED:
            yield f"{of}: {count - REPEATS_LISTED} more rows that another stands for"


def rows(
    work: Workspace, source: str | None = None
) -> Iterator[tuple[Load | Refusal, str, dict[str, Any]]]:
    """The same as they are kept, each with its load and how that is marked if it is not in use."""
    for name, stream in _streams(work, source):
        for entry, mark in _entries(work, name, stream):
            yield from ((entry, mark, row) for row in work.landing.set_aside_rows(entry))


def _weight(listed: tuple[Load | Refusal, str, dict[str, Any]]) -> tuple[bool, bool, Decimal]:
    """Lost rows first, repeats last, the most money before."""
    row = listed[2]
    return not row["is_lost"], row["kind"] in REPEATS, -abs(row["amount"] or Decimal(0))


def _entries(work: Workspace, source: str, stream: Stream) -> Iterator[tuple[Load | Refusal, str]]:
    landing = work.landing
    yield from ((load, "") for load, _ in landing.current(source, stream))
    in_force = landing.loads(source, stream.name)
    for load in landing.set_aside_loads(source, stream.name):
        if not is_over(load, in_force):
            yield load, f"[load {load.load_id} is set aside] "
    for refusal in landing.refusals(source, stream.name):
        yield refusal, f"[load {refusal.load_id} was refused] "


def _streams(work: Workspace, source: str | None) -> Iterator[tuple[str, Stream]]:
    for name in [source] if source else sorted(work.company.sources):
        yield from ((name, stream) for stream in work.company.module(name).streams)


def _of(entry: Load | Refusal) -> str:
    return f"{entry.source}.{entry.stream}" + (f" {entry.account}" if entry.account else "")


def _counts(load: Load) -> str:
    aside = f", {load.set_aside_count} set aside" if load.set_aside_count else ""
    if not (out := load.outside):
        return aside
    return f"{aside}, {out.rows} outside ({out.first_day} to {out.last_day})"


def _fate(row: dict[str, Any]) -> str:
    """What became of a row: its kind, day and money."""
    day = f", {row['day']}" if row["day"] else ""
    amount = f", {row['amount'].normalize():f}" if row["amount"] is not None else ""
    if row["is_lost"] or row["kind"] in ("superseded", "removed"):
        return f"{row['kind']}{day}{amount}"
    used = row.get("used_amount")  # which loads of earlier versions do not say
    of_used = f" with {used.normalize():f}" if used is not None and used != row["amount"] else ""
    return f"{row['kind']}{day}{amount}, another is used{of_used}"
