"""The ECB's data service, for the one dataset the demo needs: daily reference rates as CSV.

As the ECB does: one block of rows per currency in alphabetical order, working days only; a period
without a rate answers 200 with no byte at all, a series it does not have 404.
Faults: throttle, server_error, unauthorized, truncated, duplicate_page, missing_column,
retyped_column, empty_day (a working day is left out), missing_currency (of one day),
silent_feed (nothing for the last two weeks).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from sandbox.desk import Desk
from sandbox.server import desk_of

VENDOR = "fx_rates"
HEADER = (
    "KEY,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,TIME_PERIOD,OBS_VALUE,OBS_STATUS,"
    "OBS_CONF,DECIMALS,TITLE"
)
# Rates are fixed at 14:15 and published about 16:00 in Frankfurt: 15:00 UTC at the latest.
RATES = """
select currency_code, rate_date, units_per_eur
from fx
where currency_code in (select unnest($currencies::varchar[]))
    and rate_date between $since and $until and rate_date + interval 15 hour <= $now
order by currency_code, rate_date
"""

router = APIRouter()


@router.get("/service/data/EXR/{key}")
def rates(
    key: str,
    desk: Annotated[Desk, Depends(desk_of)],
    startPeriod: date,
    endPeriod: date,
    format: str = "xml",
) -> Response:
    for fault, status in (("throttle", 429), ("server_error", 503), ("unauthorized", 403)):
        if desk.takes_fault(VENDOR, fault):
            return JSONResponse({"status": status, "title": fault}, status)
    parts = key.split(".")
    if len(parts) != 5 or (parts[0], *parts[2:]) != ("D", "EUR", "SP00", "A"):
        return JSONResponse({"status": 404, "detail": "No results found."}, 404)
    if format != "csvdata":
        return JSONResponse({"status": 406, "title": "Not Acceptable"}, 406)
    wanted = parts[1].split("+")
    found = desk.rows(RATES, currencies=wanted, since=startPeriod, until=endPeriod)
    lines = [_line(row) for row in _spoilt(desk, found)]
    content = _spoilt_text(desk, "\r\n".join([HEADER, *lines, ""])) if lines else ""
    return Response(content, media_type="application/vnd.sdmx.data+csv;version=1.0.0")


def _spoilt(desk: Desk, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows after whatever faults were ordered for them."""
    if not rows:
        return rows
    last = max(row["rate_date"] for row in rows)
    middle = sorted({row["rate_date"] for row in rows})[-3:][0]
    if desk.takes_fault(VENDOR, "silent_feed"):
        rows = [row for row in rows if row["rate_date"] <= last - timedelta(days=14)]
    if desk.takes_fault(VENDOR, "empty_day"):
        rows = [row for row in rows if row["rate_date"] != middle]
    if desk.takes_fault(VENDOR, "missing_currency"):
        first = rows[0]["currency_code"]
        rows = [r for r in rows if (r["rate_date"], r["currency_code"]) != (middle, first)]
    if desk.takes_fault(VENDOR, "duplicate_page"):
        rows = [*rows, *rows]
    return rows


def _spoilt_text(desk: Desk, text: str) -> str:
    if desk.takes_fault(VENDOR, "missing_column"):
        text = text.replace("OBS_VALUE", "OBS_WORTH")
    if desk.takes_fault(VENDOR, "retyped_column"):
        text = text.replace(",0.", ",about 0.")
    if desk.takes_fault(VENDOR, "truncated"):
        text = text[: len(text) // 2]
    return text


def _line(row: dict[str, Any]) -> str:
    currency, day = row["currency_code"], row["rate_date"]
    value = f"{row['units_per_eur'].normalize():f}"
    title = f'"{currency}/Euro ECB reference exchange rate, 2.15 pm"'
    return f"EXR.D.{currency}.EUR.SP00.A,D,{currency},EUR,SP00,A,{day},{value},A,F,4,{title}"
