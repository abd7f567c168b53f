"""Exchange rates: the European Central Bank's daily reference rates, units of a currency per euro.

Flow: one CSV of all currencies -> what is missing asked for again -> rows of the window's days.
Secrets: none, the service is public.
By hand: `trueup land fx_rates`.

There is a rate for every working day of the euro's payment system (TARGET) and none for weekends
and its holidays: those carry the last rate on, which is the reader's business. A currency that is
quoted no longer, not yet, or not on some day, is reported as absent and the others land; so is a
working day without any rate. Silence of more than a few days is a vendor that is late: a currency
that is always quoted is asked for beside the others, and tells which of the two it is. What became
the euro is not asked for from that day on: its rate is law.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from trueup.errors import BrokenContract, TrueupError
from trueup.sources import forms
from trueup.sources.contract import Access, Option, Options, Page, Source, Stream
from trueup.sources.euro import in_euro_since
from trueup.sources.fx_rates.streams import (
    ALWAYS_QUOTED,
    API_VERSION,
    BASE_CURRENCY,
    LONGEST_SILENCE_DAYS,
    RATES,
    SILENCE_SEARCHED_DAYS,
)
from trueup.window import Window

if TYPE_CHECKING:
    from trueup.sources.fx_rates.client import Rates, Rows


def extract(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    """The window's published rates, and which are missing. Raises BrokenContract where none is."""
    from trueup.sources.fx_rates import client, rows

    wanted = _currencies(access, window.since)
    if not wanted:
        return
    service = client.Rates(access, stream, window)
    closed = {date.fromisoformat(str(day)) for day in access.options.get("closed_days", ())}
    found = service.of(_asked(wanted))
    known = rows.published(found)
    newest = max(known, default=None)
    if newest is None or (window.last_day - newest).days > LONGEST_SILENCE_DAYS:
        raise BrokenContract(
            f"no exchange rate of {', '.join(wanted)} since {newest or window.since}",
            **service.api.place,
            expected=f"at most {LONGEST_SILENCE_DAYS} days without one",
            next_step="compare with the ECB's own table; a currency that it quotes no longer is"
            " taken out of sources.fx_rates.options.currencies and given a fixed rate",
        )
    again = rows.incomplete(known, wanted, window, closed)
    if again and again != wanted:
        found = _with_more(found, again, service)
        known = rows.published(found)
    yield [
        row
        for row in found
        if row["currency_code"] in wanted and ((day := rows.day_of(row)) is None or day in window)
    ]
    yield from rows.absent(known, wanted, window, closed)


def written_through(access: Access, stream: Stream, day: date) -> date:
    """`day`, or that of the newest rate where the ECB has been silent for longer than any
    holidays are."""
    from trueup.sources.fx_rates import client, rows

    if not (wanted := _currencies(access, day)):
        return day
    window = Window(day - timedelta(days=SILENCE_SEARCHED_DAYS), day + timedelta(days=1))
    known = rows.published(client.Rates(access, stream, window).of(_asked(wanted)))
    newest = max(known, default=window.since)
    return newest if (day - newest).days > LONGEST_SILENCE_DAYS else day


def _with_more(found: Rows, again: list[str], service: Rates) -> Rows:
    """What was found, with the currencies `again` asked for once more. If that fails too the
    others do not wait for it: what is missing is reported as absent."""
    try:
        more = service.of(again)
    except TrueupError:
        return found
    return [row for row in found if row["currency_code"] not in again] + more


def _asked(wanted: list[str]) -> list[str]:
    return sorted({*wanted, ALWAYS_QUOTED})


def _currencies(access: Access, since: date) -> list[str]:
    """What is to be had from `since` on; nothing where all of it had become the euro by then."""
    wanted = {*access.options.get("currencies", ()), access.reporting_currency} - {BASE_CURRENCY}
    if not wanted:
        raise TrueupError(
            "no currency to fetch",
            source=access.source,
            next_step="list the accounts' currencies in sources.fx_rates.options.currencies, or"
            " remove the source from the company file",
        )
    return sorted(code for code in wanted if in_euro_since(code) > since)


def _quoted(options: Options) -> tuple[str, ...]:
    """The euro, whose rate is 1, and what is asked for beside the reporting currency."""
    listed = options.get("currencies", ())
    return (BASE_CURRENCY, *(listed if isinstance(listed, list) else ()))


SOURCE = Source(
    name="fx_rates",
    api_version=API_VERSION,
    streams=(RATES,),
    extract=extract,
    written_through=written_through,
    shapes=("rates",),
    quotes=_quoted,
    options={
        "currencies": Option("ISO codes to fetch besides the reporting currency", forms.codes),
        "closed_days": Option(
            "working days on which the ECB published nothing, beyond its calendar", forms.days
        ),
    },
)
