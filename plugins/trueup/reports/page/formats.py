"""How a figure or a name reads on the page. What is not known is a dash, never 0."""

from __future__ import annotations

import html
import unicodedata
from datetime import date, datetime
from decimal import Decimal

from trueup.alerts.receivers.message import cut

UNKNOWN = "–"
#: A name longer than this is cut: a table of 300-letter names is read by nobody.
LONGEST_NAME = 72
#: Control and format characters: they turn text round, or end it, in whatever shows it.
INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")
#: Where compact figures change their unit, with as many digits as tell neighbours apart.
UNITS = ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"), (Decimal(10) ** 3, "k"))

Number = Decimal | int | float


def plain(text: object, most: int = LONGEST_NAME) -> str:
    """`text` as one line without invisible characters, cut to `most`; a dash where there is none.
    It is not yet escaped."""
    shown = "".join(
        " " if unicodedata.category(letter) in INVISIBLE else letter
        for letter in str(text if text is not None else "")
    )
    line = " ".join(shown.split())
    if not line:
        return UNKNOWN
    return cut(line, most)


def text(value: object, most: int = LONGEST_NAME) -> str:
    """`value` as text that HTML shows and never runs."""
    return html.escape(plain(value, most), quote=True)


def words(name: str) -> str:
    """A column's or cause's name as words."""
    return name.replace("_", " ")


def amount(value: Number | None, digits: int = 0) -> str:
    if value is None:
        return UNKNOWN
    shown = f"{value:,.{digits}f}"
    is_nothing = not shown.strip("-0.,")
    return (shown.lstrip("-") if is_nothing else shown).replace("-", "−")


def count(value: Number | None) -> str:
    """Conversions may be shared by models; a tenth is as exact as anyone reads."""
    if value is None:
        return UNKNOWN
    exact = Decimal(value)
    is_whole = exact == exact.to_integral_value()
    return amount(value, 0 if is_whole or abs(exact) >= 100 else 1)


def ratio(value: Number | None) -> str:
    return amount(value, 2)


def share(value: Number | None, digits: int = 0) -> str:
    return UNKNOWN if value is None else f"{amount(value * 100, digits)} %"


def compact(value: Number) -> str:
    """A figure for an axis: 1,250,000 is 1.25m."""
    exact = Decimal(value)
    for size, unit in UNITS:
        if abs(exact) >= size:
            shown = f"{exact / size:.2f}".rstrip("0").rstrip(".")
            return f"{shown}{unit}".replace("-", "−")
    return amount(value)


def day(value: date | None) -> str:
    return UNKNOWN if value is None else f"{value:%Y-%m-%d}"


def moment(value: datetime | None) -> str:
    return UNKNOWN if value is None else f"{value:%Y-%m-%d %H:%M} UTC"


def divided(whole: Number | None, by: Number | None) -> Decimal | None:
    """A ratio of two sums; not known where one of them is not, or nothing is divided by."""
    if whole is None or not by:
        return None
    return Decimal(whole) / Decimal(by)
