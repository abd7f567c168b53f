"""Exchange rates: every published rate lands, weekends are silent, and a gap is an error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from contract.published_rates import WINDOW, access, extracted, land, publish, rows
from trueup.errors import BrokenContract, TrueupError
from trueup.landing.plan import windows
from trueup.landing.store import Landing
from trueup.sources.contract import Access
from trueup.sources.fx_rates.calendar import easter, is_working_day
from trueup.sources.fx_rates.streams import RATES
from trueup.window import Window

__all__ = ["access", "publish"]


def test_every_published_rate_lands_exactly_once(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    truth = sandbox.desk.rows(
        """select rate_date, currency_code, 'EUR' as base_currency, units_per_eur from fx
        where rate_date between '2026-08-01' and '2026-09-14' order by all"""
    )
    first, second = land(landing, access), land(landing, access)
    assert rows(landing, first) == [tuple(row.values()) for row in truth]
    assert rows(landing, first) == rows(landing, second)
    assert not [day for day, *_ in rows(landing, first) if day.weekday() >= 5]


def test_the_first_landing_starts_a_week_early_for_the_first_weekend(
    access: Access, landing: Landing
) -> None:
    [window] = windows(
        RATES, day=WINDOW.last_day, history_start=access.history_start, covered=set()
    )
    assert window == Window(date(2026, 7, 25), WINDOW.until)
    days = {day for day, *_ in rows(landing, land(landing, access, window))}
    assert date(2026, 7, 31) in days and date(2026, 8, 1).weekday() == 5


def test_a_weekend_alone_lands_empty(access: Access, landing: Landing) -> None:
    weekend = Window(date(2026, 8, 8), date(2026, 8, 10))
    assert land(landing, access, weekend).row_count == 0


def test_any_split_gives_what_the_whole_gives(access: Access, landing: Landing) -> None:
    whole = rows(landing, land(landing, access))
    parts = [rows(landing, land(landing, access, part)) for part in WINDOW.split(4)]
    assert [row for part in parts for row in part] == whole


def test_todays_rate_comes_once_it_is_published(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    today = Window(date(2026, 9, 15), date(2026, 9, 16))
    assert land(landing, access, today).row_count == 0
    sandbox.desk.set_clock(datetime.fromisoformat("2026-09-15T15:30"))
    assert land(landing, access, today).row_count == 2


def test_the_reporting_currency_is_fetched_without_being_listed(
    access: Access, landing: Landing
) -> None:
    british = replace(access, reporting_currency="GBP", options={"currencies": ["USD"]})
    assert {row[1] for row in rows(landing, land(landing, british))} == {"GBP", "USD"}


def test_nothing_to_fetch_is_said_before_asking(access: Access, landing: Landing) -> None:
    with pytest.raises(TrueupError, match="list the accounts' currencies"):
        land(landing, replace(access, options={}))


def test_a_holiday_is_no_gap_but_a_working_day_is(
    access: Access, landing: Landing, publish: Callable[[set[date]], None]
) -> None:
    """Good Friday 3 April and Easter Monday 6 April 2026 have no rate; Wednesday 8 April has."""
    window = Window(date(2026, 4, 1), date(2026, 4, 11))
    around = Window(window.since - timedelta(days=20), window.until)
    open_days = {day for day in around.days() if is_working_day(day)}
    publish(open_days - {date(2026, 4, 8)})
    [absent] = extracted(access, window)[1]
    assert absent.kind == "gap" and "no exchange rate on 2026-04-08" in absent.why
    closed = {**access.options, "closed_days": [date(2026, 4, 8)]}
    land(landing, replace(access, options=closed), window)
    publish(open_days)
    days = {day for day, *_ in rows(landing, land(landing, access, window))}
    assert days == {date(2026, 4, d) for d in (1, 2, 7, 8, 9, 10)}


def test_easter_is_waited_for_and_a_silent_week_is_not(
    access: Access, landing: Landing, publish: Callable[[set[date]], None]
) -> None:
    publish({date(2026, 3, 31), date(2026, 4, 1), date(2026, 4, 2)})
    for day in (6, 7):  # Monday is a holiday; Tuesday's rate comes out in the afternoon
        waiting = Window(date(2026, 4, day), date(2026, 4, day + 1))
        assert land(landing, access, waiting).row_count == 0
    wednesday = Window(date(2026, 4, 8), date(2026, 4, 9))
    with pytest.raises(BrokenContract, match="since 2026-04-02"):
        land(landing, access, wednesday)


@pytest.mark.parametrize(
    "sunday", [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2038, 4, 25)]
)
def test_easter_falls_where_the_almanac_says(sunday: date) -> None:
    assert easter(sunday.year) == sunday
    assert not is_working_day(sunday - timedelta(days=2))
    assert not is_working_day(sunday + timedelta(days=1))
    assert is_working_day(sunday - timedelta(days=3))
