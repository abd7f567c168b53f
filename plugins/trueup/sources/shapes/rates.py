"""Exchange rates."""

from __future__ import annotations

from trueup.sources.shapes.column_types import DATE, DECIMAL, TEXT
from trueup.sources.shapes.declaration import Shape
from trueup.sources.shapes.declaration import ShapeColumn as Column

RATES = Shape(
    "rates",
    "Exchange rates: units of a currency per unit of the base currency.",
    ("rate_date", "currency_code"),
    (
        Column("rate_date", DATE, "the day it was published for", True),
        Column("currency_code", TEXT, "ISO 4217 code", True),
        Column("base_currency", TEXT, "ISO 4217 code of the base", True),
        Column("units_per_base", DECIMAL, "units of the currency for one of the base", True),
    ),
    is_witness=True,
)
