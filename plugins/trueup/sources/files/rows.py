"""From the table `input` to the rows of a stream, by the feed's select.

Everything the selects of all files gave stands in `offered`: cast, with the reason a row is
rejected, what it weighs and what it held.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

import duckdb

from trueup.sources import contacts
from trueup.sources.contacts import EMAIL_IN_TEXT
from trueup.sources.contract import Column, Stream
from trueup.sources.files import casts, currency_words, header, misread
from trueup.sources.files.no_rows import TOTAL
from trueup.sources.files.reading import Job, said
from trueup.sources.files.streams import FEED, MOMENTS, rules

#: Ids out of numbers with a point, which JSON and Parquet make of all where one has a fraction or
#: none is there: as they were written, up to where such numbers are exact.
WHOLE = """case when "{name}" = trunc("{name}") and abs("{name}") < 9007199254740992
    then "{name}"::bigint::varchar else "{name}"::varchar end as "{name}\""""
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
        create or replace temp table offered (
            _file_no integer, _row bigint, _order bigint, {body}, _weight varchar,
            _is_text boolean, _is_labelled boolean, _reason varchar, _kind varchar, _content varchar
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
        job.con.execute(f"create or replace temp table mapped as {_statement(job)}")
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
                f"create or replace temp table mapped as select * replace ({replaced}) from mapped"
            )
        given = _check_columns(job, given)
        misread.check(job, given)
        doubts = currency_words.put_codes(job, given)
        values = {"file_no": len(job.files), "email": EMAIL_IN_TEXT, "total": TOTAL.pattern}
        job.con.execute(_typed(job, given, doubts), values)
    except (OSError, ValueError, duckdb.Error) as error:
        raise job.broken(
            f"its select {script} does not run on the file {contacts.cut(file.rpartition('/')[2])}",
            got=said(error),
            next_step=_next_step(job, file, error),
        ) from None


def _statement(job: Job) -> str:
    """The feed's select. Feeds share a database, in which a second statement would leave what it
    makes for the next file."""
    statements = job.con.extract_statements(job.feed.select(job.folder))
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise job.broken(
            f"its select {job.feed.sql} is no single select",
            got=", ".join(one.type.name.lower() for one in statements) or "no statement",
            next_step=f"leave one select in {job.feed.sql}; what several selects share goes into a"
            " file of the feed's macros",
        )
    return str(statements[0].query).rstrip().rstrip(";")


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
    if isinstance(error, duckdb.IOException):
        return (
            "the select reads another file: one that lies with the company file is"
            " getvariable('folder') || '/name.csv'"
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


def _typed(job: Job, given: dict[str, str], doubts: dict[str, str]) -> str:
    """The statement that casts `mapped` and adds it to `offered`: every declared column in its
    type, and for rows that cannot be used the reason, the content and what they weigh."""
    stream = job.stream
    moment = MOMENTS.get(stream.name)
    columns = declared(stream)
    casted = [f"{casts.of(one, given, moment)} as {casts.cast_name(one.name)}" for one in columns]
    values = [f'{casts.cast_name(one.name)} as "{one.name}"' for one in columns]
    faults = [fault for column in columns for fault in _faults(column, given)]
    faults += [casts.fault_of_a_currency(doubts)] if doubts else []
    own = '"reject_reason"::varchar' if "reject_reason" in given else "null::varchar"
    money = stream.money if stream.money in given else None
    weight = f'"{money}"::varchar' if money else "null::varchar"
    is_text = str(bool(money) and given[str(money)] == "VARCHAR").lower()
    names = ", ".join(f'judged."{column.name}"' for column in columns)
    checked = ", ".join(f"case when {bad} then {_text(why)} end" for bad, why in rules(stream))
    return f"""
        insert into offered
        with cast_rows as (
            select *, row_number() over () as _order, {", ".join(casted)}
            from mapped
        ),
        found as (
            select _row, _order, {", ".join(values)}, {weight} as _weight, {is_text} as _is_text,
                {own} as _own_reason, coalesce({", ".join(faults)}) as _fault
            from cast_rows
        ),
        judged as (
            select *, coalesce(_own_reason, {casts.SENTENCE}, {checked or "null"}) as _reason
            from found
        )
        select $file_no, judged._row, _order, {names}, _weight, _is_text,
            regexp_matches({_label(job)}, $total, 'i'),
            regexp_replace(_reason, $email, 'removed', 'g'),
            case when _own_reason is not null then 'excluded'
                when _reason is not null then 'unreadable' end,
            case when _reason is not null
                then regexp_replace(to_json(input)::varchar, $email, 'removed', 'g') end
        from judged
        left join (select * exclude (_file) from input) as input on input._row = judged._row
        order by _order
    """


def _label(job: Job) -> str:
    """What a row begins with, by its first cell that holds something."""
    described = job.con.execute("describe input").fetchall()
    names = [name.replace('"', '""') for name, kind, *_ in described[2:] if kind == "VARCHAR"]
    cells = [f'input."{name}"' for name in names]
    return f"coalesce({', '.join(cells)}, '')" if cells else "''"


def _faults(column: Column, given: dict[str, str]) -> Iterator[str]:
    """What may be wrong with a row's value of the column."""
    if column.name in given and column.type != "VARCHAR":
        yield casts.fault(column)
    if column.required and column.name.endswith("_id") and column.name in given:
        yield casts.fault_of_a_rounded_id(column)
    if column.required:
        yield casts.fault_of_emptiness(column)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
