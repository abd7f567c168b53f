"""From the table `input` to the rows of a canonical stream, by the feed's select."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from trueup.sources.contacts import EMAIL_IN_TEXT
from trueup.sources.contract import Page, SetAside
from trueup.sources.files.reading import Job, said
from trueup.sources.files.streams import ADDITIVE, FEED

#: What a cast must also hold, by type: DuckDB rounds fractions, and reads 01/09/26 in the year 1.
SOUND = {
    "BIGINT": '{cast} = try_cast("{name}" as double)',
    "DATE": "{cast} between date '1970-01-01' and date '2199-12-31'",
    "TIMESTAMPTZ": "{cast} between timestamptz '1970-01-01' and timestamptz '2199-12-31'",
}


def define_macros(job: Job) -> None:
    script = job.feed.get("macros")
    try:
        if script:
            job.con.execute((job.folder / script).read_text(encoding="utf-8"))
    except (OSError, duckdb.Error) as error:
        raise job.broken(
            f"its macros {script} do not run", got=said(error), next_step=f"correct {script}"
        ) from None


def select(job: Job) -> None:
    """Tables `typed`, every row the select gave, cast, with the reason it is rejected or null,
    and `usable`, those of the window that land."""
    script = job.feed["sql"]
    try:
        sql = (job.folder / script).read_text(encoding="utf-8")
        job.con.execute(f"create or replace table mapped as {sql}")
        _check_columns(job)
        job.con.execute(f"create or replace table typed as {_typed(job)}")
    except (OSError, duckdb.Error) as error:
        raise job.broken(
            f"its select {script} does not run on the file",
            got=said(error),
            next_step="a column may have been renamed: compare the file's header with the select,"
            " and its delimiter with the feed's reader options",
        ) from None
    job.con.execute(
        "create or replace table usable as select * from typed where reject_reason is null"
        f' and "{job.stream.day}" between ? and ?',
        [job.window.since, job.window.last_day],
    )


def _check_columns(job: Job) -> None:
    given = {row[0] for row in job.con.execute("describe mapped").fetchall()}
    declared = [column for column in job.stream.columns if column is not FEED]
    known = {"_row", "reject_reason", *(column.name for column in declared)}
    missing = {"_row", *(column.name for column in declared if column.required)} - given
    if missing or given - known:
        raise job.broken(
            "its select gives the wrong columns",
            expected=f"{sorted(known)}",
            got=f"missing {sorted(missing)}, unknown {sorted(given - known)}",
            next_step=f"correct {job.feed['sql']}",
        )


def _typed(job: Job) -> str:
    """A select of `mapped` with every declared column in its type, and `reject_reason`."""
    given = {row[0] for row in job.con.execute("describe mapped").fetchall()}
    casts, reasons = [], ["reject_reason" if "reject_reason" in given else "null"]
    for column in job.stream.columns:
        name = column.name
        if column is FEED:
            continue
        if name not in given:
            casts.append(f'null::{column.type} as "{name}"')
            continue
        cast = f'try_cast("{name}" as {column.type})'
        if column.type in SOUND:
            cast = f"case when {SOUND[column.type].format(cast=cast, name=name)} then {cast} end"
        casts.append(f'{cast} as "{name}"')
        reasons.append(
            f"case when \"{name}\" is not null and {cast} is null then '{name}: ' ||"
            f" \"{name}\"::varchar || ' is not a {column.type}' end"
        )
        if column.required:
            reasons.append(f"case when \"{name}\" is null then '{name} is empty' end")
    return (
        f"select _row, {', '.join(casts)}, coalesce({', '.join(reasons)}) as reject_reason"
        " from mapped"
    )


def rejected(job: Job, file: str) -> Iterator[SetAside]:
    """SetAside rows that belong to the window or cannot be dated, with their original content."""
    rows = job.con.execute(
        f"""
        select distinct
            typed._row, regexp_replace(reject_reason, $email, 'removed', 'g'),
            regexp_replace(to_json(input)::varchar, $email, 'removed', 'g')
        from typed inner join (select * exclude (_file) from input) as input using (_row)
        where reject_reason is not null
            and (typed."{job.stream.day}" is null
                or typed."{job.stream.day}" between $first and $last)
        order by all
        """,
        {"email": EMAIL_IN_TEXT, "first": job.window.since, "last": job.window.last_day},
    ).fetchall()
    for number, reason, content in rows:
        yield SetAside(f"{file} row {number}", reason, content)


def check_keys_are_new(job: Job, file: str) -> None:
    """No usable row of `file` has the key of a row of a file before it."""
    names = [name for name in job.stream.key if name != FEED.name]
    keys = ", ".join(f'"{name}"' for name in names)
    same = " and ".join(f'usable."{name}" is not distinct from landed."{name}"' for name in names)
    job.con.execute(
        f"create table if not exists landed as select {keys}, '' as file from usable limit 0"
    )
    count, before = job.con.execute(
        f"select count(*), any_value(landed.file) from usable inner join landed on {same}"
    ).fetchone()
    if count:
        raise job.broken(
            f"{before} and {file} hold the same rows by key (a file delivered twice?)",
            expected=f"each ({', '.join(names)}) in one file",
            got=f"{count} of {file}'s rows in both",
            next_step="take one of the files away, or narrow the feed's path",
        )
    job.con.execute(f"insert into landed select distinct {keys}, ? from usable", [file])


def accepted(job: Job) -> Page:
    measures = ADDITIVE.get(job.stream.name, ())
    columns = ", ".join(
        f'sum("{c.name}")::{c.type} as "{c.name}"' if c.name in measures else f'"{c.name}"'
        for c in job.stream.columns
        if c is not FEED
    )
    grouped = "group by all" if measures else ""
    return job.con.execute(
        f"select ? as feed, {columns} from usable {grouped} order by all", [job.feed["name"]]
    ).to_arrow_table()
