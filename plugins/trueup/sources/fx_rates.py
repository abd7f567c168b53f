"""Exchange rates: the European Central Bank's daily reference rates, units of a currency per euro.

Flow: one CSV of all currencies -> checked for gaps -> rows of the window's days.
Secrets: none, the service is public.
By hand: `trueup land fx_rates`.

There is a rate for every working day of the euro's payment system (TARGET) and none for weekends
and its holidays: those carry the last rate on, which is the reader's business. A working day
without a rate is a gap, and a gap is an error.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from trueup.errors import BrokenContract, TrueupError
from trueup.sources.contract import Access, Column, Page, Source, Stream
from trueup.window import Window

NAME = "fx_rates"
ECB = "https://data-api.ecb.europa.eu"
BASE_CURRENCY = "EUR"

#: Asked for in front of the window: a window of holidays alone would be answered with nothing.
RUN_UP_DAYS = 10
#: The four days of Easter, or of a long Christmas, and a day whose rate is not out yet.
LONGEST_SILENCE_DAYS = 5

#: Column of the CSV -> column of the stream.
COLUMNS = {
    "TIME_PERIOD": "rate_date",
    "CURRENCY": "currency_code",
    "CURRENCY_DENOM": "base_currency",
    "OBS_VALUE": "units_per_base",
}

RATES = Stream(
    name="rates",
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
)


def extract(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    """The window's published rates. Raises BrokenContract, naming currency and day, for a gap."""
    wanted = _currencies(access)
    rows = _fetch(access, stream, window, wanted)
    closed = {date.fromisoformat(str(day)) for day in access.options.get("closed_days", ())}
    _check_gaps(rows, wanted, window, closed)
    yield [row for row in rows if date.fromisoformat(row["rate_date"]) in window]


def _currencies(access: Access) -> list[str]:
    wanted = {*access.options.get("currencies", ()), access.reporting_currency} - {BASE_CURRENCY}
    if not wanted:
        raise TrueupError(
            "no currency to fetch",
            source=NAME,
            next_step="list the accounts' currencies in sources.fx_rates.options.currencies, or"
            " remove the source from the company file",
        )
    return sorted(wanted)


def _fetch(
    access: Access, stream: Stream, window: Window, wanted: list[str]
) -> list[dict[str, str]]:
    from trueup.sources import http

    response = http.call(
        http.rest_client(access, base_url=access.base_url or ECB),
        stream,
        window,
        f"service/data/EXR/D.{'+'.join(wanted)}.{BASE_CURRENCY}.SP00.A",
        source=NAME,
        params={
            "startPeriod": str(window.since - timedelta(days=RUN_UP_DAYS)),
            "endPeriod": str(window.last_day),
            "format": "csvdata",
        },
    )
    lines = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    missing = [name for name in COLUMNS if name not in (lines.fieldnames or ())]
    if missing:
        raise _broken(
            window,
            f"column {', '.join(missing)} is missing from the ECB's CSV",
            expected=", ".join(COLUMNS),
            got=", ".join(lines.fieldnames or ["an empty answer"]),
        )
    found = list(lines)
    if any(None in line or None in line.values() for line in found):
        raise _broken(
            window,
            "the ECB's CSV ends in the middle of a line (truncated?)",
            got=f"{len(response.content)} bytes, {len(found)} lines",
        )
    # A blank or NaN is how the ECB marks a holiday: no rate, not a rate of nothing.
    return [
        {to: line[name] for name, to in COLUMNS.items()}
        for line in found
        if line["OBS_VALUE"] not in ("", "NaN")
    ]


def _check_gaps(
    rows: list[dict[str, str]], wanted: list[str], window: Window, closed: set[date]
) -> None:
    """Every working day up to the newest published one has a rate of every currency wanted."""
    published: dict[date, set[str]] = {}
    for row in rows:
        try:
            published.setdefault(date.fromisoformat(row["rate_date"]), set()).add(
                row["currency_code"]
            )
        except ValueError:
            raise _broken(
                window, "column TIME_PERIOD is not as declared", expected="DATE",
                got=row["rate_date"],
            ) from None  # fmt: skip
    newest = max(published, default=window.since - timedelta(days=RUN_UP_DAYS))
    silence = (window.last_day - newest).days
    if silence > LONGEST_SILENCE_DAYS:
        raise _broken(
            window,
            f"no exchange rate of {', '.join(wanted)} since {newest}",
            expected=f"at most {LONGEST_SILENCE_DAYS} days without one",
            got=f"{silence} days before {window.until}",
        )
    days = {day for day in window.days() if day <= newest and is_working_day(day)} - closed
    for day in sorted(days | set(published)):
        absent = sorted(set(wanted) - published.get(day, set()))
        if absent:
            raise _broken(
                window,
                f"no exchange rate of {', '.join(absent)} on {day}",
                expected="a rate of every currency on every working day",
                got=f"rates of {', '.join(sorted(published.get(day, ()))) or 'none'}",
            )


def is_working_day(day: date) -> bool:
    """Whether TARGET is open: not on weekends, New Year, Good Friday, Easter Monday, 1 May and
    the two days of Christmas."""
    if day.weekday() >= 5 or (day.month, day.day) in {(1, 1), (5, 1), (12, 25), (12, 26)}:
        return False
    return day - easter(day.year) not in {timedelta(days=-2), timedelta(days=1)}


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm, Nature 1876)."""
    century, of_century = divmod(year, 100)
    leap, rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * (year % 19) + century - leap - correction + 15) % 30
    weekday = (32 + 2 * rest + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (year % 19 + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _broken(window: Window, problem: str, **measured: Any) -> BrokenContract:
    return BrokenContract(
        problem,
        source=NAME,
        stream=RATES.name,
        window=window,
        **measured,
        next_step="compare with the ECB's own table; a day it was closed out of turn goes into"
        " sources.fx_rates.options.closed_days",
    )


SOURCE = Source(
    name=NAME,
    api_version="SDMX 2.1",
    streams=(RATES,),
    extract=extract,
    shapes=("rates",),
    options={
        "currencies": "ISO codes to fetch besides the reporting currency",
        "closed_days": "working days on which the ECB published nothing, beyond its calendar",
    },
)
