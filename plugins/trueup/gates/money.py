"""Sums of money by currency: those of two are never added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from trueup.landing.held import CURRENCY

#: A sum for each currency, under '' what names none.
Money: TypeAlias = Mapping[str, Decimal]


def by_currency(rows: Iterable[Mapping[str, Any]], column: str = "amount") -> Money:
    """The sums of `column` over rows set aside, where they are known."""
    found: dict[str, Decimal] = {}
    for row in rows:
        if (amount := row.get(column)) is not None:
            code = row.get(CURRENCY) or ""
            found[code] = found.get(code, Decimal(0)) + amount
    return found


def together(sums: Iterable[Money]) -> Money:
    """The sums of several, currency by currency."""
    found: dict[str, Decimal] = {}
    for one in sums:
        for code, amount in one.items():
            found[code] = found.get(code, Decimal(0)) + amount
    return found


def named(money: Money) -> str:
    """The sums as a person reads them."""
    return ", ".join(f"{amount:,.2f} {code}".rstrip() for code, amount in sorted(money.items()))
