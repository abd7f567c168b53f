"""From the table `input` to the rows of a stream, by the feed's select.

Everything the selects of all files gave stands in `offered`: cast, with the reason a row is
rejected, what it weighs and what it held.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

import duckdb

from trueup.sources import contacts
from trueup.sources.contacts import EMAIL_IN_TEXT
from trueup.sources.contract import Column, Stream
from trueup.sources.files import day_and_time, header
from trueup.sources.files.reading import Job, said
from trueup.sources.files.streams import FEED, MOMENTS, Moment, rules
from trueup.sources.shapes.column_types import DECIMAL
from trueup.sources.shapes.column_types import INSTANT as INSTANT_TYPE

CURRENCY = "currency_code"
#: No number as programs write them in their own text: DuckDB reads 2026_09 as 202609, 0x1F as 31.
#: Nor is true, which it reads as 1.
WRITTEN = """not regexp_matches("{name}"::varchar, '[_xXbB]|^(true|false)$')"""
#: Nor is 1.000 the number one, in text.
NO_THOUSANDS = r"""not (typeof("{name}") = 'VARCHAR'
    and regexp_full_match("{name}"::varchar, '\s*\d{{1,3}}(\.000)+\s*'))"""
#: What a cast must also hold, by type: DuckDB rounds fractions.
SOUND = {
    "BIGINT": f"{WRITTEN} and {NO_THOUSANDS}" + ' and {cast} = try_cast("{name}" as double)',
    "DOUBLE": WRITTEN,
    DECIMAL: WRITTEN,
}
#: What is not seen at the ends of text: blanks of all kinds, zero widths, marks of byte order.
UNSEEN = r"[\s\p{Z}\p{Cc}\p{Cf}]+"
TEXT = f"""regexp_replace({{column}}::varchar, '^{UNSEEN}|{UNSEEN}$', '', 'g')"""
#: The apostrophe by which spreadsheets keep an id from becoming a number, not that of 't Zand, and
#: ="00123", by which exports do.
ID = r"""regexp_replace({text}, '^(''([^\s'']+)|="([^"]+)")$', '\2\3')"""
#: Ids out of numbers with a point, which JSON and Parquet make of all where one has a fraction or
#: none is there: as they were written, up to where such numbers are exact.
WHOLE = """case when "{name}" = trunc("{name}") and abs("{name}") < 9007199254740992
    then "{name}"::bigint::varchar else "{name}"::varchar end as "{name}\""""
#: An id of which a spreadsheet, or a program that holds sixteen digits, kept the first ones.
ROUNDED = r"\d(\.\d{1,5})?[eE]\+1[1-9]|\d(\.\d{1,16})?[eE]\+(1[7-9]|[2-9]\d)"
#: The form of a value that says nothing of what it holds, as landing.values has it.
LIKE = r"""': like ''' || left(regexp_replace(regexp_replace(left("{name}"::varchar, 60),
    '\d+', '9', 'g'), '\pL+', 'a', 'g'), 20) || ''''"""
#: How DuckDB names a function, or macro, that there is none of.
LACKING_FUNCTION = re.compile(r"Function with name (\w+) does not exist")


def define_macros(job: Job) -> None:
    script = job.feed.macros
    try:
        if script:
            job.con.execute((job.folder / script).read_text(encoding="utf-8"))
    except (OSError, ValueError, duckdb.Error) as error:
        raise job.broken(
            f"its macros {script} do not run", got=said(error), next_step=f"correct {script}"
        ) from None


def create_offered(job: Job) -> None:
    """An empty table `offered`."""
    body = ", ".join(f'"{column.name}" {column.type}' for column in declared(job.stream))
    job.con.execute(
        f"""
        create or replace table offered (
            _file_no integer, _row bigint, _order bigint, {body}, _weight varchar,
            _is_text boolean, _reason varchar, _kind varchar, _content varchar
        )
        """
    )


def declared(stream: Stream) -> list[Column]:
    """What a select may give."""
    return [column for column in stream.columns if column is not FEED]


def select(job: Job, file: str) -> None:
    """Add what the select makes of `input` to `offered`; `file` is the one it was read from."""
    script = job.feed.sql
    try:
        sql = job.feed.select(job.folder).rstrip().rstrip(";")
        job.con.execute(f"create or replace table mapped as {sql}")
        given = {row[0]: row[1] for row in job.con.execute("describe mapped").fetchall()}
        # A value out of JSON keeps the quotes it was written with.
        bare = [f'"{name}" ->> \'$\' as "{name}"' for name, kind in given.items() if kind == "JSON"]
        bare += [
            WHOLE.format(name=name)
            for name, kind in given.items()
            if name.endswith("_id") and kind in ("DOUBLE", "FLOAT")
        ]
        if bare:
            replaced = ", ".join(bare)
            job.con.execute(
                f"create or replace table mapped as select * replace ({replaced}) from mapped"
            )
        given = _check_columns(job, given)
        job.con.execute(
            _typed(job, given), {"file_no": len(job.files), "email": EMAIL_IN_TEXT}
        )  # fmt: skip
    except (OSError, ValueError, duckdb.Error) as error:
        raise job.broken(
            f"its select {script} does not run on the file {contacts.cut(file.rpartition('/')[2])}",
            got=said(error),
            next_step=_next_step(job, file, error),
        ) from None


def _next_step(job: Job, file: str, error: Exception) -> str:
    if lacking := LACKING_FUNCTION.search(str(error)):
        where = "correct it, or name the file that defines it as the feed's macros"
        if job.feed.macros:
            where = f"correct it, or define it in {job.feed.macros}"
        return f"the select uses {lacking[1]}, which is no function: {where}"
    if isinstance(error, duckdb.ParserException):
        return (
            "correct the select at the place it names; a column that is called as a word of SQL is"
            ' (at, when, order) stands in double quotes: "at"'
        )
    return (
        "a column may have been renamed: compare the file's header with the select,"
        f" its delimiter with the feed's reader{header.hint(job, job.folder / file)}"
    )


def _check_columns(job: Job, given: dict[str, str]) -> dict[str, str]:
    """What the select gives, by the names the stream declares: a bare name in a select takes the
    case of the file's header, in which DuckDB sees no difference."""
    known = {"_row", "reject_reason", *(column.name for column in declared(job.stream))}
    given = {name.lower() if name.lower() in known else name: kind for name, kind in given.items()}
    moment = MOMENTS.get(job.stream.name)
    wanted = {"_row", *(column.name for column in declared(job.stream) if column.required)}
    if moment and moment.instant in given:
        wanted.discard(moment.day)
    missing, unknown = wanted - set(given), set(given) - known
    if missing or unknown:
        raise job.broken(
            "its select gives the wrong columns",
            got=f"missing {sorted(missing)}, unknown {sorted(unknown)}",
            next_step=f"correct {job.feed.sql}{_meant(unknown, missing, known)}; docs/files.md has"
            f" the columns of {job.stream.name}",
        )
    return given


def _meant(unknown: set[str], missing: set[str], known: set[str]) -> str:
    """The columns that unknown names are likely to stand for, those that are missing first."""
    found = [
        f"{close[0]} by {name}"
        for name in sorted(unknown)
        if (close := get_close_matches(name, sorted(missing)) or get_close_matches(name, known))
    ]
    return f": did you mean {' and '.join(found)}" if found else ""


def _typed(job: Job, given: dict[str, str]) -> str:
    """The statement that casts `mapped` and adds it to `offered`: every declared column in its
    type, and for rows that cannot be used the reason, the content and what they weigh."""
    stream = job.stream
    moment = MOMENTS.get(stream.name)
    casts, reasons = [], []
    for column in declared(stream):
        cast = _cast(column, given, moment)
        casts.append(f'{cast} as "{column.name}"')
        if column.name in given and column.type != "VARCHAR":
            reasons.append(_reason(column, cast))
        if column.required and column.name.endswith("_id") and column.name in given:
            lost = f"'{column.name} has lost digits in a spreadsheet'"
            reasons.append(
                f"case when regexp_full_match({cast}, '{ROUNDED}')"
                f" then {lost} || {LIKE.format(name=column.name)} end"
            )
        if column.required:
            reasons.append(f"case when {cast} is null then '{column.name} is empty' end")
    own = '"reject_reason"::varchar' if "reject_reason" in given else "null::varchar"
    money = stream.money if stream.money in given else None
    weight = f'"{money}"::varchar' if money else "null::varchar"
    is_text = str(bool(money) and given[str(money)] == "VARCHAR").lower()
    names = ", ".join(f'judged."{column.name}"' for column in declared(stream))
    checked = ", ".join(f"case when {bad} then {_text(why)} end" for bad, why in rules(stream))
    return f"""
        insert into offered
        with cast_rows as (
            select _row, row_number() over () as _order, {", ".join(casts)}, {weight} as _weight,
                {is_text} as _is_text, {own} as _own_reason,
                coalesce({", ".join(reasons)}) as _cast_reason
            from mapped
        ),
        judged as (
            select *, coalesce(_own_reason, _cast_reason, {checked or "null"}) as _reason
            from cast_rows
        )
        select $file_no, judged._row, _order, {names}, _weight, _is_text,
            regexp_replace(_reason, $email, 'removed', 'g'),
            case when _own_reason is not null then 'excluded'
                when _reason is not null then 'unreadable' end,
            case when _reason is not null
                then regexp_replace(to_json(input)::varchar, $email, 'removed', 'g') end
        from judged
        left join (select * exclude (_file) from input) as input on input._row = judged._row
        order by _order
    """


def _cast(column: Column, given: dict[str, str], moment: Moment | None) -> str:
    """The SQL of a column in its type. Of a moment either half may be given: the day is the
    instant's in the reporting zone, and a day written with a time of day is an instant."""
    name = column.name
    if moment and moment.day in given and moment.instant not in given:
        if name == moment.instant:
            return _time_of(moment.day, given)
        if name == moment.day:
            return f"coalesce({_time_of(moment.day, given)}::date, {_sound(column)})"
    if moment and name == moment.day and moment.instant in given:
        of_instant = f"({_sound(Column(moment.instant, INSTANT_TYPE))})::date"
        return f"coalesce({_sound(column)}, {of_instant})" if name in given else of_instant
    return _sound(column) if name in given else f"null::{column.type}"


def _time_of(name: str, given: dict[str, str]) -> str:
    """The instant in a column of days; null where it holds a day alone, or that day's midnight."""
    if given[name] == "DATE":
        return "null::timestamptz"
    return day_and_time.time_of_day(_trimmed(name))


def _sound(column: Column) -> str:
    name = column.name
    if column.type == "VARCHAR":
        text = _trimmed(name)
        if name == CURRENCY:
            text = f"upper({text})"
        return f"nullif({ID.format(text=text) if name.endswith('_id') else text}, '')"
    if column.type == INSTANT_TYPE:
        return day_and_time.instant(_trimmed(name))
    if column.type == "DATE":
        return day_and_time.day(_trimmed(name))
    cast = f'try_cast("{name}" as {column.type})'
    if column.type in SOUND:
        return f"case when {SOUND[column.type].format(cast=cast, name=name)} then {cast} end"
    return cast


def _trimmed(name: str) -> str:
    return TEXT.replace("{column}", f'"{name}"')


def _reason(column: Column, cast: str) -> str:
    name = column.name
    like = LIKE.format(name=name)
    return (
        f'case when "{name}" is not null and {cast} is null'
        f" then '{name} is not {column.type}' || {like} end"
    )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
