"""Single values: what type a declared one has in Arrow, and how one is turned into it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

import pyarrow as pa

from trueup.landing.personal_data import keyed_hash
from trueup.landing.placeholders import is_nobodys
from trueup.sources.contract import Column

#: The type of sums, wide enough for any of them.
SUM = "DECIMAL(38,6)"
#: What Arrow says of a value that is not of a type. Not ArrowException: its "out of memory" is one
#: too, and says nothing about the value.
ARROW_CANNOT = (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, pa.ArrowKeyError)
#: What turning a value into another type raises where it cannot be.
CANNOT = (TypeError, ValueError, ArithmeticError, *ARROW_CANNOT)
Number = TypeVar("Number", float, Decimal)


def arrow_type(duckdb_type: str) -> pa.DataType:
    if duckdb_type.startswith("DECIMAL"):
        return pa.decimal128(*_precision_and_scale(duckdb_type))
    return {
        "VARCHAR": pa.string(),
        "JSON": pa.string(),
        "BIGINT": pa.int64(),
        "DOUBLE": pa.float64(),
        "BOOLEAN": pa.bool_(),
        "DATE": pa.date32(),
        "TIMESTAMPTZ": pa.timestamp("us", tz="UTC"),
    }[duckdb_type]


def _precision_and_scale(decimal_type: str) -> tuple[int, int]:
    precision, scale = decimal_type[8:-1].split(",")
    return int(precision), int(scale)


def like(value: object) -> str:
    """The form of a value that says nothing of what it holds: 2,126 is like 9,9."""
    if not isinstance(value, str):
        return f": a {type(value).__name__}"
    form = re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", value[:60]))
    return f": like '{form[:20]}'"


def converter(column: Column, hash_key: str) -> Callable[[Any], Any]:
    if column.pii:
        return _hashed(column.pii, hash_key)
    return _CONVERT.get(column.type) or _decimals(column.type)


def _hashed(kind: str, hash_key: str) -> Callable[[Any], str | None]:
    """What makes the keyed hash; an address that is nobody's has none, as one that is not there."""

    def convert(value: Any) -> str | None:
        text = _text(value)
        is_person = kind in ("email", "phone")
        return None if is_person and is_nobodys(text) else keyed_hash(kind, text, hash_key)

    return convert


def convert(value: Any, column: Column) -> Any:
    """A single value in the column's type; None where it is not one."""
    try:
        return None if value is None else converter(column, "")(value)
    except CANNOT:
        return None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} {value!r}")
    return value


def _digits(value: Any, *kinds: type) -> Any:
    """`value`, if it is of one of `kinds` and, as text, no number of Python's own: 2026_09 is none
    of anybody else's."""
    if isinstance(value, bool) or not isinstance(value, kinds):
        raise TypeError(f"{type(value).__name__} {value!r}")
    if isinstance(value, str) and "_" in value:
        raise ValueError(f"no number: {value!r}")
    return value


def _whole(value: Any) -> int:
    return int(_digits(value, int, str))


def _number(value: Any) -> float:
    return _finite(float(_digits(value, int, float, str, Decimal)))


def _finite(number: Number) -> Number:
    """NaN is a number to whoever rounds or adds, and makes NaN of every sum."""
    if not math.isfinite(number):
        raise ValueError("no number: NaN or infinite")
    return number


def _decimals(decimal_type: str) -> Callable[[Any], Decimal]:
    _, scale = _precision_and_scale(decimal_type)
    unit = Decimal(1).scaleb(-scale)

    def convert(value: Any) -> Decimal:
        value = _digits(value, int, float, str, Decimal)
        number = Decimal(repr(value) if isinstance(value, float) else value)
        return _finite(number).quantize(unit)

    return convert


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{type(value).__name__} {value!r}")
    return value


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        raise TypeError(f"an instant {value!r} where a day is declared")
    return value if isinstance(value, date) else date.fromisoformat(_text(value))


def _instant(value: Any) -> datetime:
    instant = value if isinstance(value, datetime) else datetime.fromisoformat(_text(value))
    if instant.tzinfo is None:
        raise ValueError(f"{value!r} has no UTC offset")
    return instant.astimezone(UTC)


def _json(value: Any) -> str:
    return json.dumps(value, default=str, sort_keys=True)


_CONVERT: dict[str, Callable[[Any], Any]] = {
    "VARCHAR": _text,
    "JSON": _json,
    "BIGINT": _whole,
    "DOUBLE": _number,
    "BOOLEAN": _boolean,
    "DATE": _day,
    "TIMESTAMPTZ": _instant,
}
