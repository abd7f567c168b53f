"""Files of a feed whose days overlap: rows of an earlier one that a later one no longer holds.

Only a person knows what such a row is. Where each file has every row of its days, it was removed
since, and the feed says `owns_days`; where a file has what is new since the last one, it counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from trueup.sources.amounts import lenient_amount
from trueup.sources.contract import Doubt, Note, SetAside
from trueup.sources.files.casts import CURRENCY
from trueup.sources.files.reading import Job
from trueup.sources.files.rows import declared
from trueup.sources.files.streams import FEED

#: A later file that has so large a share of an earlier one's rows, of the days it covers, is the
#: same export once more; files of two shops have the same days and other rows.
SAME_EXPORT = 0.5
#: What becomes of rows that a later file of their days does not hold, by what `owns_days` says.
FATES = {
    True: "do not count, as owns_days says",
    False: "count, as owns_days says",
    None: "count; if later files replace earlier ones, say `owns_days: true` of the feed, and"
    " `owns_days: false` if not",
}
SUPERSEDED = "a later file of the feed has every row of its day"


def settle(job: Job) -> Iterator[SetAside | Note]:
    """Takes rows of earlier files out of `offered`, where the feed says that later ones own their
    days; says what stands in earlier files alone."""
    if len(job.files) > 1:
        _find_earlier(job)
        yield from _notes(job)
        if job.feed.owns_days:
            yield from _superseded(job)


def _find_earlier(job: Job) -> None:
    """The table `earlier_rows`: rows of days that a later file covers, with the last such file, and
    whether that has a row of their key. What a select excludes is excluded all the same."""
    columns = [column.name for column in declared(job.stream)]
    keys = ", ".join(f'"{name}"' for name in job.stream.key if name != FEED.name)
    money = f'"{job.stream.money}"' if job.stream.money else "null::decimal(18, 6)"
    job.con.execute(
        f"""
        create or replace temp table earlier_rows as
        with dated as (
            select _file_no, _order, _row, "{job.stream.day}" as day, hash({keys}) as _key,
                {money} as amount, _weight, _reason is null as is_usable, _kind,
                {f'"{CURRENCY}"' if CURRENCY in columns else "null::varchar"} as currency_code
            from offered
        ),
        spans as (
            select _file_no, min(day) as first, max(day) as last
            from dated
            where is_usable and day >= $since and day < $until
            group by all
        ),
        covered as (
            select day, max(_file_no) as last_file, max_by(first, _file_no) as first,
                max_by(last, _file_no) as last
            from (select distinct day from dated) as days
            inner join spans on day between first and last
            group by all
        ),
        held as (
            select distinct _file_no as last_file, _key, true as is_held
            from dated
        )
        select dated.* exclude (_kind, _key), last_file, first, last,
            coalesce(is_held, false) as is_held
        from dated
        inner join covered using (day)
        left join held using (last_file, _key)
        where _file_no < last_file and coalesce(_kind, '') <> 'excluded'
        """,
        {"since": job.window.since, "until": job.window.until},
    )


def _notes(job: Job) -> Iterator[Note]:
    """What stands in earlier files alone, of each pair of files; where no one said that later files
    own their days, of pairs that are one export. It is a doubt where nobody said what it is; not
    on the first day of the later file, which may begin at any hour of it."""
    owns = job.feed.owns_days
    found = job.con.execute(
        f"""
        with sums as (
            select _file_no, last_file, currency_code, count(*) as rows,
                count(*) filter (where not is_held and is_usable) as alone,
                bool_or(not is_held and is_usable and day > first) as is_doubt,
                sum(amount) filter (where not is_held and is_usable) as amount
            from earlier_rows
            group by all
        )
        select $files[_file_no], $files[last_file], sum(alone)::bigint, bool_or(is_doubt),
            list((coalesce(currency_code, ''), amount::decimal(38, 6)) order by currency_code)
                filter (where amount is not null)
        from sums
        group by _file_no, last_file
        having sum(alone) > 0 and ($owns or sum(alone) <= (1 - {SAME_EXPORT}) * sum(rows))
        order by _file_no, last_file
        """,
        {"files": job.files, "owns": owns is True},
    ).fetchall()
    for earlier, later, rows, is_doubt, money in found:
        sums = ", ".join(f"{amount:,.2f} {code}".rstrip() for code, amount in money or ())
        weight = f", {sums}," if sums else ""
        text = (
            f"{rows} row(s) of {earlier}{weight} are of days that {later} has too, which does not"
            f" hold them: they {FATES[owns]}"
        )
        doubt: Doubt | None = "rows of earlier files" if is_doubt and owns is None else None
        yield Note(text, doubt, rows, tuple(money or ()))


def _superseded(job: Job) -> Iterator[SetAside]:
    found = job.con.execute(
        "select $files[_file_no] || ' row ' || _row, $files[last_file], first, last,"
        " is_usable and not is_held, day, amount, _weight, currency_code"
        " from earlier_rows order by _file_no, _order",
        {"files": job.files},
    ).fetchall()
    job.con.execute(
        "delete from offered using earlier_rows as earlier"
        " where earlier._file_no = offered._file_no and earlier._order = offered._order"
    )
    for position, later, first, last, is_removed, day, amount, weight, code in found:
        amount = lenient_amount(weight) if amount is None else amount
        if is_removed:
            reason = f"{later} has every row of {first} to {last}, and not this one"
            aside = SetAside(position, reason, "", day, amount, "removed", is_lost=False)
        else:
            used = f"used: {later}"
            aside = SetAside(position, SUPERSEDED, used, day, amount, "superseded", is_lost=False)
        yield replace(aside, currency_code=code)
