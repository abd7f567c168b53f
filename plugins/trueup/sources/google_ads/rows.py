"""Google's nested results as rows by column name, and Google's own sums over them.

A value of an odd type is passed on as it came: intake sets the row aside, and no other.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any

from trueup import redaction
from trueup.errors import BrokenContract
from trueup.sources import zones
from trueup.sources.bounds import LostPage
from trueup.sources.contract import Account, Column
from trueup.sources.google_ads.queries import (
    ASSETS,
    LANDING_PAGE,
    MICROS,
    RESOURCE_NAMES,
    Query,
)
from trueup.sources.refusals import Place

#: Google sums before it rounds: this much a row is rounding, more is a lost row. It sums in binary
#: too, where each sum is off by this share of itself: of amounts in dong or rupiah that is more.
ROUNDING = Decimal("0.000001")
BINARY_ROUNDING = Decimal("2e-16")

Row = dict[str, Any]


def of(query: Query, results: list[Row]) -> list[Row]:
    """One row per result."""
    readers = [(column.name, field, _reader(column, field)) for column, field in query.fields]
    return [
        {name: read(value_at(result, field)) for name, field, read in readers} for result in results
    ]


def linked(found: list[Row]) -> str:
    """What the account is linked to as one text, whatever order it is stated in."""
    links = {
        " ".join(
            str(one[name]).lower() for name in ("product_type", "merchant_center_id") if one[name]
        )
        for one in found
    }
    return ", ".join(sorted(links)) or "none"


def check_account(rows: list[Row], account: Account, place: Place) -> None:
    """Raise where the rows are another account's, or the account is in another currency or zone
    than the company file says: every amount or every day of it would be wrong. A zone by another
    name than the company file's gets that name."""
    for row in rows:
        if zones.have_same_days(row.get("time_zone"), account.time_zone):
            row["time_zone"] = account.time_zone
    for name, expected in (
        ("customer_id", account.id),
        ("currency_code", account.currency_code),
        ("time_zone", account.time_zone),
    ):
        wrong = {row[name] for row in rows if name in row} - {expected, None}
        if wrong:
            shown = ", ".join(sorted(filter(zones.is_one, wrong))) or redaction.codes(wrong)
            raise BrokenContract(
                f"account {account.id} is not set up as the company file says",
                **place,
                expected=f"{name} {expected}",
                got=shown or f"another {name}",
                next_step="correct the account in the company file",
            )


def check_fields(query: Query, batch: Row, place: Place) -> None:
    """An unset field is left out of a row, so only the mask tells a null from a lost column."""
    mask = set(str(batch.get("fieldMask")).split(","))
    for column, field in query.fields:
        if ".".join(_path(field)) not in mask and batch.get("results"):
            raise BrokenContract(
                f"column {column.name} is not as declared",
                **place,
                expected=f"{column.type} from {field}",
                got="no such column",
                next_step="compare with the vendor's changelog, then change the declaration",
            )


def totals(query: Query, pages: list[list[Row]], summary: Row, place: Place) -> dict[str, Decimal]:
    """Google's sums by the name of the control total; where only rounding lies between, those of
    the rows as fetched."""
    return {
        f"sum:{column.name}": _agreed(
            pages, column, number(_reader(column, field)(value_at(summary, field)), place)
        )
        for column, field in query.metrics
    }


def number(stated: Any, place: Place) -> Decimal:
    """A total as Google states it, nothing where it states none. Raises LostPage where what it
    states is no number."""
    try:
        found = Decimal(str(stated or 0))
    except ArithmeticError:
        found = Decimal("nan")
    if not found.is_finite():
        raise lost_page("rows", "a number", "none", place)
    return found


def check_whole(
    query: Query, pages: list[list[Row]], totals: dict[str, Decimal], place: Place
) -> None:
    """Raise where whole numbers do not add up to Google's own sums. A row whose number cannot be
    read is intake's to judge: it leaves the other numbers to tell whether a page was lost."""
    for column, _ in query.metrics:
        values = [row[column.name] for page in pages for row in page]
        if column.type != "BIGINT" or not all(str(value).isdigit() for value in values):
            continue
        got, stated = sum(map(int, values)), totals[f"sum:{column.name}"]
        if got != stated:
            raise lost_page(column.name, stated, got, place)


def lost_page(what: str, stated: object, got: object, place: Place) -> LostPage:
    return LostPage(
        f"Google's own total of {what} is not what was fetched (a lost page?)",
        **place,
        expected=stated,
        got=got,
        next_step="the task retries by itself; if it repeats, compare with Google Ads",
    )


def value_at(row: Any, field: str) -> Any:
    """The value of a GAQL field in a result; None where it is left out."""
    value: Any = row
    for key in _path(field):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _reader(column: Column, field: str) -> Callable[[Any], Any]:
    if field in RESOURCE_NAMES:
        return lambda name: name and str(name).replace("~", "/").rpartition("/")[2]
    if field == LANDING_PAGE:
        return lambda pages: pages[0] if isinstance(pages, list) and pages else None
    if field == MICROS:
        return _units
    if field in ASSETS:
        return _texts
    if column.type.startswith("DECIMAL"):
        return lambda value: round(value, 6) if isinstance(value, float) else value
    return lambda value: value


def _texts(assets: Any) -> str | None:
    """The texts of an ad's assets in Google's order, without anybody's address or number."""
    listed = assets if isinstance(assets, list) else []
    texts = [one.get("text") for one in listed if isinstance(one, dict)]
    return redaction.clean(" | ".join(text for text in texts if isinstance(text, str))) or None


def _units(micros: Any) -> Any:
    """Millionths of the account's currency as units of it, however they are written: a text that
    were passed on as it came would land as so many units."""
    is_number = isinstance(micros, int | float | str) and not isinstance(micros, bool)
    if not is_number or "_" in str(micros):
        return micros
    try:
        whole = Decimal(repr(micros) if isinstance(micros, float) else micros)
        return whole.scaleb(-6).quantize(ROUNDING)
    except ArithmeticError:
        return micros  # no number, or one that no column takes


def _agreed(pages: list[list[Row]], column: Column, stated: Decimal) -> Decimal:
    values = [row[column.name] for page in pages for row in page]
    if not column.type.startswith("DECIMAL"):
        return stated
    if not all(isinstance(value, int | float | Decimal) for value in values):
        return stated
    numbers = [Decimal(str(value)) for value in values]
    fetched = sum(numbers, Decimal(0))
    off = (ROUNDING + BINARY_ROUNDING * sum(map(abs, numbers))) * (len(values) + 1)
    return fetched if abs(fetched - stated) <= off else stated


@cache
def _path(field: str) -> tuple[str, ...]:
    """The keys that lead to a GAQL field in a row: metrics.cost_micros is metrics, costMicros."""
    return tuple(
        head + "".join(word.capitalize() for word in rest)
        for head, *rest in (part.split("_") for part in field.split("."))
    )
