"""Loads and the rows they could not use, line by line, for a person to read."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from trueup.landing.manifest import Load, Refusal, is_over
from trueup.landing.writer import SET_ASIDE
from trueup.scratch import scratch
from trueup.sources.contract import Stream

if TYPE_CHECKING:
    from trueup.company.workspace import Workspace

#: Kinds of rows that others stand for, and so many of them listed of each account or feed.
REPEATS = ("duplicate", "superseded")
REPEATS_LISTED = 5
#: So many other rows are listed of each, unless all are asked for.
LISTED = 1000
#: Rows that are taken from the database at a time.
BATCH = 1000
#: Money is sorted by its worth in the reporting currency, where the company file knows that; of
#: other currencies by each alone, behind it.
SORTED = """
with entries as (
    select unnest($files) as filename, unnest($of) as of
),
rates as (
    select unnest($codes) as currency_code, unnest($units) as units
),
listed as (
    from declared
    union all by name
    from read_parquet($files, filename = true, file_row_number = true, union_by_name = true)
),
weighed as (
    select listed.*, entries.of, listed.kind in (select unnest($repeats)) as is_repeat,
        abs(listed.amount) / coalesce(rates.units, 1) as weight,
        case when rates.units is null then coalesce(currency_code, '~') else '' end as other
    from listed
    inner join entries using (filename)
    left join rates using (currency_code)
),
placed as (
    select *, count(*) over (partition by of, is_repeat) as row_count,
        row_number() over (
            partition by of, is_repeat
            order by not is_lost, other, weight desc nulls last, filename, file_row_number
        ) as place
    from weighed
)
select of, position, reason, kind, content, day, amount, used_amount, is_lost, is_repeat, row_count,
    place
from placed
where place <= case when is_repeat then $repeats_listed else coalesce($most, row_count) end
order by not is_lost, is_repeat, other, weight desc nulls last, filename, file_row_number
"""


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


def rows_set_aside(
    work: Workspace, source: str | None = None, most: int | None = LISTED
) -> Iterator[str]:
    """Rows set aside by loads in force, and by loads that were set aside or refused and have not
    landed since: what was lost first, the most money before. Of each account or feed `most` are
    listed (None: all), and of rows that another stands for a few; the others are counted."""
    more: dict[tuple[str, str], int] = {}
    for of, row in _sorted(work, source, most):
        which = "that another stands for" if row["is_repeat"] else "(`--all` lists them)"
        more[of, which] = row["row_count"] - row["place"]
        yield f"{of}: {row['position']}: {row['reason']} ({_fate(row)})"
        if row["content"]:
            yield f"    {row['content']}"
    yield from (f"{of}: {left:,} more rows {which}" for (of, which), left in more.items() if left)


def _sorted(
    work: Workspace, source: str | None, most: int | None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows to list, each with what it is of."""
    listed = [
        (work.landing.set_aside_file(entry), f"{mark}{_of(entry)}")
        for name, stream in _streams(work, source)
        for entry, mark in _entries(work, name, stream)
    ]
    listed = [pair for pair in listed if work.landing.fs.exists(work.landing.path(pair[0]))]
    if not listed:
        return
    reporting = work.company.reporting
    units = {reporting.currency: Decimal(1)} | dict(reporting.fixed_rates)
    with scratch() as con:
        work.landing.attach_to(con)
        con.register("declared", SET_ASIDE.empty_table())  # older files lack columns
        found = con.execute(
            SORTED,
            {
                "files": [work.landing.url(file) for file, _ in listed],
                "of": [of for _, of in listed],
                "codes": list(units), "units": list(units.values()),
                "repeats": list(REPEATS), "repeats_listed": REPEATS_LISTED, "most": most,
            },
        )  # fmt: skip
        names = [column[0] for column in found.description]
        while rows := found.fetchmany(BATCH):
            for row in rows:
                named = dict(zip(names, row, strict=True))
                yield named.pop("of"), named


def rows(
    work: Workspace, source: str | None = None
) -> Iterator[tuple[Load | Refusal, str, dict[str, Any]]]:
    """The same as they are kept, each with its load and how that is marked if it is not in use."""
    for name, stream in _streams(work, source):
        for entry, mark in _entries(work, name, stream):
            yield from ((entry, mark, row) for row in work.landing.set_aside_rows(entry))


def _entries(work: Workspace, source: str, stream: Stream) -> Iterator[tuple[Load | Refusal, str]]:
    landing = work.landing
    yield from ((load, "") for load, _ in landing.current(source, stream))
    aside = landing.set_aside_loads(source, stream.name)
    committed = [*landing.loads(source, stream.name), *aside]
    for load in aside:
        if not is_over(load, committed):
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
