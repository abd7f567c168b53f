"""Amounts in whatever dress they come: only to weigh a row that cannot be used."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

#: The largest amount a DECIMAL(18,6) holds, and its last digit.
LARGEST = Decimal(10**12) - 1
UNIT = Decimal("0.000001")
#: Currencies of a thousand parts, whose amounts have three decimals.
MILS = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")


def lenient_amount(value: Any) -> Decimal | None:
    """What $1,234.50, 1.234,50 EUR, (12.00) or 1 234,5 amount to; None where nobody can say."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        amount = Decimal(_plain(value) if isinstance(value, str) else str(value))
        return amount.quantize(UNIT) if abs(amount) <= LARGEST else None
    except InvalidOperation:
        return None


def _plain(text: str) -> str:
    """Its digits with a point before the cents; nothing where there are none."""
    digits = re.sub(r"[^\d.,-]", "", text)
    if not re.search(r"\d", digits):
        return ""
    sign = "-" if "-" in (digits[:1], digits[-1:]) or text.strip().startswith("(") else ""
    digits = digits.strip("-.,")
    *whole, cents = re.split(r"[.,]", digits)
    if len(set(re.findall(r"[.,]", digits))) < 2 and whole and len(cents) == 3:
        whole, cents = [*whole, cents], ""  # 2,126 and 1.234.567: thousands
    if not whole:
        whole, cents = [cents], ""
    return f"{sign}{''.join(whole)}.{cents or 0}"
