"""What a feed hands over once all its files are read: rows that land, and rows that do not.

Files are taken in the order of their names (`file_order`). Rows of streams that add up belong to
the last file that has their key, those of other streams are left to the intake, where the last one
is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from trueup.sources.amounts import lenient_amount
from trueup.sources.contract import POSITION, Delivered, Page, SetAside
from trueup.sources.files import owned_days, totals
from trueup.sources.files.casts import CURRENCY
from trueup.sources.files.reading import Job
from trueup.sources.files.rows import declared
from trueup.sources.files.streams import FEED
from trueup.sources.pages import AsideKind


def pages(job: Job) -> Iterator[Page]:
    yield from owned_days.settle(job)
    if job.stream.money:
        totals.mark(job)
    yield from _rejected(job)
    if job.stream.add_up:
        yield from _superseded(job)
    columns = ", ".join(f'"{column.name}"' for column in declared(job.stream))
    query = job.con.execute(
        f"""
        select $feed as {FEED.name}, {columns}, $files[_file_no] || ' row ' || _row as {POSITION}
        from offered
        where _reason is null
        order by _file_no, _order
        """,
        {"feed": job.feed.name, "files": job.files},
    )
    yield query.to_arrow_table()
    yield from _by_file(job)


def _by_file(job: Job) -> Iterator[Delivered]:
    """What each file gave: of rows of one key the last is its file's own."""
    keys = ", ".join(_keys(job))
    is_last = f"row_number() over (partition by {keys} order by _file_no desc, _order desc) = 1"
    found = job.con.execute(
        f"""
        with used as (
            select _file_no, "{job.stream.day}" as day
            from offered
            where _reason is null and day >= $since and day < $until
            {"" if job.stream.add_up else f"qualify {is_last}"}
        ),
        daily as (
            select _file_no, day, count(*) as rows
            from used
            group by all
        ),
        spans as (
            select _file_no, min(day) as first, max(day) as last
            from daily
            group by all
        ),
        days as (
            select _file_no, first, unnest(range(first, last + 1, interval 1 day))::date as day
            from spans
        )
        select $files[_file_no], first,
            string_agg(coalesce(daily.rows, 0), ' ' order by day)
        from days
        left join daily using (_file_no, day)
        group by _file_no, first
        order by _file_no
        """,
        {"files": job.files, "since": job.window.since, "until": job.window.until},
    ).fetchall()
    yield from (Delivered(*row) for row in found)


def _keys(job: Job) -> list[str]:
    return [f'"{name}"' for name in job.stream.key if name != FEED.name]


def _currency(job: Job) -> str:
    names = [column.name for column in declared(job.stream)]
    return f'"{CURRENCY}"' if CURRENCY in names else "null"


def _rejected(job: Job) -> Iterator[SetAside]:
    """Rows that cannot be used, with their content as it stood in the file."""
    money = f'"{job.stream.money}"' if job.stream.money else "null"
    currency = _currency(job)
    same = " and ".join(f"used.{key} = offered.{key}" for key in _keys(job))
    is_used = "false" if job.stream.add_up else f"exists (from offered as used where {same})"
    if not job.stream.add_up:
        is_used = is_used.replace("where", "where used._reason is null and")
    rows = job.con.execute(
        f"""
        with dated as (
            select _file_no, min(_order) as first, max(_order) as last, sum({money}) as total,
                count({money}) as summed
            from offered
            where "{job.stream.day}" is not null
            group by all
        )
        select $files[_file_no] || ' row ' || _row, _reason, _content, "{job.stream.day}",
            {money}, _weight, _kind, {is_used},
            _order not between first and last, total, summed, {currency}
        from offered
        left join dated using (_file_no)
        where _reason is not null
        order by _file_no, _order
        """,
        {"files": job.files},
    ).fetchall()
    for *row, currency_code in rows:
        yield replace(_set_aside(job, *row), currency_code=currency_code)


def _set_aside(
    job: Job,
    position: str,
    reason: str,
    content: str,
    day: Any,
    amount: Decimal | None,
    weight: str | None,
    kind: Any,
    is_used: bool,
    is_at_an_end: bool | None,
    total: Decimal | None,
    summed: int | None,
) -> SetAside:
    amount = lenient_amount(weight) if amount is None else amount
    if kind in ("excluded", "total"):
        return SetAside(position, reason, content, day, amount, kind, is_lost=False)
    if is_used:
        key = ", ".join(name.strip('"') for name in _keys(job))
        reason = f"{reason}; another row of the same {key} is used"
        return SetAside(position, reason, content, day, amount, "duplicate", is_lost=False)
    if day is None and is_at_an_end and totals.sums_up(content, amount, total, summed or 0):
        reason = "a total of the file's rows"
        return SetAside(position, reason, content, None, amount, "total", is_lost=False)
    return SetAside(position, reason, content, day, amount)


def _superseded(job: Job) -> Iterator[SetAside]:
    """Rows whose key a later file has too: taken out of `offered`, named with that file."""
    keys = ", ".join(_keys(job))
    cells = ", ".join(f'"{column.name}"' for column in declared(job.stream))
    money = f'"{job.stream.money}"' if job.stream.money else "null"
    currency = _currency(job)
    last = f"filter (where _file_no = _last_file) over (partition by {keys})"
    job.con.execute(
        f"""
        create or replace temp table earlier as
        with usable as (
            select *, max(_file_no) over (partition by {keys}) as _last_file,
                sum(hash({cells})) over (partition by {keys}, _file_no) as _digest
            from offered
            where _reason is null
        )
        select _file_no, _order, $files[_file_no] || ' row ' || _row as position,
            $files[_last_file] || ' row ' || min(_row) {last} as used,
            "{job.stream.day}" as day, {money} as amount, {currency} as currency_code,
            _digest = max(_digest) {last} as is_same
        from usable
        qualify _file_no < _last_file
        """,
        {"files": job.files},
    )
    job.con.execute(
        "delete from offered using earlier"
        " where earlier._file_no = offered._file_no and earlier._order = offered._order"
    )
    found = job.con.execute(
        "select position, used, day, amount, currency_code, is_same from earlier"
        " order by _file_no, _order"
    ).fetchall()
    names = ", ".join(name.strip('"') for name in _keys(job))
    kind: AsideKind
    for position, used, day, amount, code, is_same in found:
        if is_same:
            reason, kind = "the same rows as those of another file", "duplicate"
        else:
            reason = f"the same {names} as another row, which is used: the file that sorts last"
            kind = "conflict"
        yield SetAside(
            position, reason, f"used: {used}", day, amount, kind, is_lost=False, currency_code=code
        )
