"""Currencies that became the euro: from that day one euro is so many of them, for ever and by law.

The Council of the European Union fixes the rate, six significant figures, and nobody quotes the
currency any longer. Amounts in it go on coming: a shop's setting is changed late, and what is
restated is in the currency it was made in.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

EURO = "EUR"


def _on(year: int, **units: str) -> dict[str, tuple[date, Decimal]]:
    return {code: (date(year, 1, 1), Decimal(per_euro)) for code, per_euro in units.items()}


#: The first day in the euro, and units per euro since.
BECAME_EURO: dict[str, tuple[date, Decimal]] = {
    **_on(
        1999,
        ATS="13.7603", BEF="40.3399", DEM="1.95583", ESP="166.386", FIM="5.94573", FRF="6.55957",
        IEP="0.787564", ITL="1936.27", LUF="40.3399", NLG="2.20371", PTE="200.482",
    ),
    **_on(2001, GRD="340.750"),
    **_on(2007, SIT="239.640"),
    **_on(2008, CYP="0.585274", MTL="0.429300"),
    **_on(2009, SKK="30.1260"),
    **_on(2011, EEK="15.6466"),
    **_on(2014, LVL="0.702804"),
    **_on(2015, LTL="3.45280"),
    **_on(2023, HRK="7.53450"),
    **_on(2026, BGN="1.95583"),
}  # fmt: skip


def in_euro_since(code: str) -> date:
    """The first day on which the currency was the euro; the last day there is where it is not."""
    return BECAME_EURO[code][0] if code in BECAME_EURO else date.max
