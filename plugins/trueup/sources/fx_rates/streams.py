"""The one stream of fx_rates, and how long the ECB may be silent."""

from __future__ import annotations

from trueup.sources.contract import Column, Steady, Stream

API_VERSION = "SDMX 2.1"
BASE_CURRENCY = "EUR"
#: Quoted on every day there are rates, since 1999. Asked for beside a company's own currencies, it
#: tells a feed that is silent from a currency that ended.
ALWAYS_QUOTED = "USD"

#: Asked for in front of the window: a window of holidays alone would be answered with nothing.
RUN_UP_DAYS = 10
#: The four days of Easter, or of a long Christmas, and a day whose rate is not out yet.
LONGEST_SILENCE_DAYS = 5
#: How far back the newest rate is looked for.
SILENCE_SEARCHED_DAYS = 60

#: Column of the CSV -> column of the stream.
COLUMNS = {
    "TIME_PERIOD": "rate_date",
    "CURRENCY": "currency_code",
    "CURRENCY_DENOM": "base_currency",
    "OBS_VALUE": "units_per_base",
}
#: Optional: the power of ten a value is to be multiplied by.
MULTIPLIER = "UNIT_MULT"

RATES = Stream(
    name="rates",
    shape="rates",
    columns=(
        Column("rate_date", "DATE", required=True),
        Column("currency_code", required=True),
        Column("base_currency", required=True),
        Column("units_per_base", "DECIMAL(18,6)", required=True),
    ),
    key=("rate_date", "currency_code"),
    day="rate_date",
    restate_days=7,
    lead_days=7,
    empty_ok=True,
    steady=Steady("units_per_base", by="currency_code"),
)
