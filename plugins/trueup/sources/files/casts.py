"""The SQL that reads a value, as a select gives it, in its column's type."""

from __future__ import annotations

from collections.abc import Mapping

from trueup.sources.contract import Column
from trueup.sources.files import day_and_time
from trueup.sources.files.streams import Moment
from trueup.sources.shapes.column_types import DECIMAL, INSTANT

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
#: An id of which a spreadsheet, or a program that holds sixteen digits, kept the first ones.
ROUNDED = r"\d([.,]\d{1,5})?[eE]\+1[1-9]|\d([.,]\d{1,16})?[eE]\+(1[7-9]|[2-9]\d)"
#: The form of a value that says nothing of what it holds, as landing.values has it.
LIKE = r"""': like ''' || left(regexp_replace(regexp_replace(left({value}, 60),
    '\d+', '9', 'g'), '\pL+', 'a', 'g'), 20) || ''''"""
#: A fault as a sentence. Its form is worked out once for a row, and not for each column that may be
#: at fault: DuckDB prepares such a pattern in a millisecond, as long as it reads 100 rows.
SENTENCE = f"_fault.why || coalesce({LIKE.format(value='_fault.value')}, '')"

#: A moment that a select made of text, in a year no file is of: of 9/1/26, %Y makes the year 26.
ODD_YEAR = """case when typeof("{name}") in ('DATE', 'TIMESTAMP')
    then '{name} is in the year ' || year(try_cast("{name}"::varchar as timestamp))
        || ': try_strptime reads a year of two digits by %y, one of four by %Y' end"""


def of(column: Column, given: dict[str, str], moment: Moment | None) -> str:
    """The SQL of a column in its type. Of a moment either half may be given: the day is the
    instant's in the reporting zone, and a day written with a time of day is an instant."""
    name = column.name
    if moment and moment.day in given and moment.instant not in given:
        if name == moment.instant:
            return _time_of(moment.day, given)
        if name == moment.day:
            return f"coalesce({_time_of(moment.day, given)}::date, {_sound(column)})"
    if moment and name == moment.day and moment.instant in given:
        of_instant = f"({_sound(Column(moment.instant, INSTANT))})::date"
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
    if column.type == INSTANT:
        return day_and_time.instant(_trimmed(name))
    if column.type == "DATE":
        return day_and_time.day(_trimmed(name))
    cast = f'try_cast("{name}" as {column.type})'
    if column.type in SOUND:
        return f"case when {SOUND[column.type].format(cast=cast, name=name)} then {cast} end"
    return cast


def _trimmed(name: str) -> str:
    return TEXT.replace("{column}", f'"{name}"')


def cast_name(name: str) -> str:
    """What the value of a column in its type is called beside the one the select gave."""
    return f'"cast_{name}"'


def fault(column: Column) -> str:
    """Why a row is rejected whose value is none of the column's type; null where it is one."""
    name = column.name
    why, value = f"'{name} is not {column.type}'", f'"{name}"::varchar'
    if column.type in ("DATE", INSTANT):
        odd_year = ODD_YEAR.format(name=name)
        why, value = (
            f"coalesce({odd_year}, {why})",
            f"case when {odd_year} is null then {value} end",
        )
    return _fault(f'"{name}" is not null and {cast_name(name)} is null', why, value)


def fault_of_a_rounded_id(column: Column) -> str:
    """The same for an id that a spreadsheet cut short."""
    name = column.name
    is_rounded = f"regexp_full_match({cast_name(name)}, '{ROUNDED}')"
    return _fault(is_rounded, f"'{name} has lost digits in a spreadsheet'", f'"{name}"::varchar')


def fault_of_emptiness(column: Column) -> str:
    """The same for a required column without a value."""
    return _fault(f"{cast_name(column.name)} is null", f"'{column.name} is empty'")


def fault_of_a_currency(doubts: Mapping[str, str]) -> str:
    """The same for a word that means no one currency, by the reasons of those the file has."""
    words, whys = (", ".join(map(_quoted, part)) for part in (doubts, doubts.values()))
    why = f'map([{words}], [{whys}])["{CURRENCY}"]'
    return _fault(f"{why} is not null", f"""'{CURRENCY} ' || trim("{CURRENCY}") || ' ' || {why}""")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _fault(is_bad: str, why: str, value: str = "null::varchar") -> str:
    """What is wrong, and the value whose form is shown with it."""
    return f"case when {is_bad} then {{'why': {why}, 'value': {value}}} end"
