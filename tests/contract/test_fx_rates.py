"""Exchange rates: every published rate lands, weekends are silent, and a gap is an error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sandbox.desk import Asked, Instead
from trueup.errors import (
    AccessDenied,
    BrokenContract,
    TrueupError,
    UnknownRefusal,
    VendorUnavailable,
)
from trueup.landing.intake import take_in
from trueup.landing.plan import windows
from trueup.landing.store import Landing, Load
from trueup.sources.contract import Absent, Access
from trueup.sources.fx_rates import SOURCE
from trueup.sources.fx_rates.calendar import easter, is_working_day
from trueup.sources.fx_rates.streams import RATES
from trueup.window import Window

WINDOW = Window(date(2026, 8, 1), date(2026, 9, 15))


@pytest.fixture
def access(sandbox: Any, tmp_path: Path) -> Access:
    return Access(
        source="fx_rates",
        base_url=f"{sandbox.url}/fx_rates",
        accounts=(),
        options={"currencies": ["USD", "GBP"]},
        history_start=WINDOW.since,
        reporting_zone="Europe/Lisbon",
        reporting_currency="EUR",
        folder=tmp_path,
    )


@pytest.fixture
def publish(sandbox: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[set[date]], None]:
    """Let the ECB have published 1.1 for every currency on just these days."""

    def arrange(days: set[date]) -> None:
        def rows(sql: str, **asked: Any) -> list[dict[str, Any]]:
            return [
                {"currency_code": code, "rate_date": day, "units_per_eur": Decimal("1.1")}
                for code in sorted(asked["currencies"])
                for day in sorted(days)
                if asked["since"] <= day <= asked["until"]
            ]

        monkeypatch.setattr(sandbox.desk, "rows", rows)

    return arrange


def land(landing: Landing, access: Access, window: Window = WINDOW) -> Load:
    pages = SOURCE.extract(access, RATES, window)
    return take_in(
        landing, "fx_rates", RATES, window, pages, api_version=SOURCE.api_version, hash_key="k"
    )


def rows(landing: Landing, load: Load) -> list[tuple[Any, ...]]:
    files = [landing.path(file.name) for file in load.files]
    if not files:
        return []
    names = "rate_date, currency_code, base_currency, units_per_base"
    return duckdb.read_parquet(files).project(names).order("all").fetchall()


def refusal(
    landing: Landing, access: Access, error: type[TrueupError], window: Window = WINDOW
) -> str:
    """The message, which says where and what to do; and no load was committed."""
    with pytest.raises(error) as raised:
        land(landing, access, window)
    message = str(raised.value)
    for part in ("source: fx_rates", "stream: rates", f"window: {window}", "next step: "):
        assert part in message
    assert landing.loads("fx_rates", "rates") == []
    return message


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


@pytest.mark.parametrize(
    ("fault", "times", "error", "says"),
    [
        ("unauthorized", 1, AccessDenied, "HTTP 403"),
        ("throttle", 99, VendorUnavailable, "HTTP 429"),
        ("server_error", 99, VendorUnavailable, "HTTP 503"),
        ("truncated", 99, UnknownRefusal, "middle of a line"),
        ("missing_column", 1, BrokenContract, "column OBS_VALUE"),
        ("silent_feed", 1, BrokenContract, "no exchange rate of GBP, USD since 2026-08-31"),
    ],
)
def test_fault_is_one_clear_error(
    access: Access,
    landing: Landing,
    sandbox: Any,
    fault: str,
    times: int,
    error: type[TrueupError],
    says: str,
) -> None:
    sandbox.desk.order_fault("fx_rates", fault, times)
    assert says in refusal(landing, access, error)


def extracted(access: Access, window: Window = WINDOW) -> tuple[list[Any], list[Absent]]:
    """Currency and day of every rate, and what is told as absent."""
    pages = list(SOURCE.extract(access, RATES, window))
    found = [(r["currency_code"], r["rate_date"]) for p in pages if isinstance(p, list) for r in p]
    return found, [page for page in pages if isinstance(page, Absent)]


def without(*gone: tuple[str, date]) -> Any:
    """Spoils answers: no rate of a currency from a day on."""

    def spoil(asked: Asked, text: str) -> str | None:
        lines = text.splitlines(keepends=True)
        kept = [
            line
            for line in lines
            if not any(f",{c}," in line and line.split(",")[6] >= str(day) for c, day in gone)
        ]
        return "".join(kept) if len(kept) < len(lines) else None

    return spoil


def test_a_currency_quoted_no_longer_is_told_and_the_others_land(
    access: Access, sandbox: Any
) -> None:
    calm, _ = extracted(access)
    ended = date(2026, 9, 8)
    sandbox.desk.spoil("fx_rates", without(("GBP", ended)), times=9)
    found, absent = extracted(access)
    gone = {pair for pair in calm if pair[0] == "GBP" and pair[1] >= str(ended)}
    assert gone and set(found) == set(calm) - gone and len(found) == len(set(found))
    [told] = absent
    assert (told.days, told.kind) == (Window(ended, WINDOW.until), "part")
    assert "GBP is quoted no longer, its last rate is of 2026-09-07" in told.why
    assert "fixed_rates" in told.why
    after = Window(date(2026, 9, 12), WINDOW.until)
    found, [told] = extracted(access, after)
    assert {code for code, _ in found} == {"USD"} and told.kind == "part"


def test_a_rate_that_is_missing_once_is_asked_for_again(access: Access, sandbox: Any) -> None:
    calm, _ = extracted(access)
    sandbox.desk.order_fault("fx_rates", "missing_currency", 1)
    found, absent = extracted(access)
    assert sorted(found) == sorted(calm) and not absent


def test_rates_that_are_no_numbers_are_set_aside_and_the_others_land(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    calm = land(landing, access)
    sandbox.desk.order_fault("fx_rates", "retyped_column", 1)  # those below one
    load = land(landing, access)
    assert (load.row_count, load.set_aside_count) == (calm.row_count / 2, calm.row_count / 2)
    assert {code for _, code, *_ in rows(landing, load)} == {"USD"}


def test_rates_sent_twice_land_once_and_are_counted(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    calm = land(landing, access)
    sandbox.desk.order_fault("fx_rates", "duplicate_page", 1)
    twice = land(landing, access)
    assert rows(landing, twice) == rows(landing, calm)
    assert twice.set_aside_count == calm.row_count


def test_a_day_without_one_currency_or_any_costs_that_day(access: Access, sandbox: Any) -> None:
    calm, _ = extracted(access)

    def hole(asked: Asked, text: str) -> str:
        return "".join(
            x for x in text.splitlines(keepends=True) if "GBP,EUR,SP00,A,2026-09-03" not in x
        )

    sandbox.desk.spoil("fx_rates", hole, times=2)
    found, [told] = extracted(access)
    assert set(calm) - set(found) == {("GBP", "2026-09-03")} and told.kind == "part"
    assert "no exchange rate of GBP on 2026-09-03" in told.why
    sandbox.desk.order_fault("fx_rates", "empty_day", 1)
    found, [told] = extracted(access)
    assert set(calm) - set(found) == {("GBP", "2026-09-10"), ("USD", "2026-09-10")}
    assert (told.days, told.kind) == (Window(date(2026, 9, 10), date(2026, 9, 11)), "gap")
    assert "closed_days" in told.why


def test_a_silent_ecb_is_late_and_all_before_lands(access: Access, sandbox: Any) -> None:
    day = WINDOW.last_day
    assert SOURCE.written_through(access, RATES, day) == day
    sandbox.desk.order_fault("fx_rates", "silent_feed", 1)
    assert SOURCE.written_through(access, RATES, day) == date(2026, 8, 31)


@pytest.mark.parametrize(
    "answer",
    [
        Instead(404, {"status": 404, "detail": "No results found."}),
        Instead(200, "<html>Please solve this captcha</html>", {"content-type": "text/html"}),
        Instead(418, {"title": "I'm a teapot"}),
    ],
)
def test_an_answer_nobody_knows_is_asked_again_within_bounds(
    access: Access, landing: Landing, sandbox: Any, answer: Instead
) -> None:
    sandbox.desk.spoil("fx_rates", lambda asked, text: answer, times=2)
    assert land(landing, access).row_count > 0
    sandbox.desk.spoil("fx_rates", lambda asked, text: answer, times=99)
    with pytest.raises(UnknownRefusal, match="nobody here knows") as raised:
        land(landing, access)
    assert not raised.value.permanent


@pytest.mark.parametrize("fault", ["throttle", "server_error", "truncated"])
def test_passing_trouble_is_waited_out(
    access: Access, landing: Landing, sandbox: Any, fault: str
) -> None:
    sandbox.desk.order_fault("fx_rates", fault, 2)
    assert land(landing, access).row_count > 0


def test_a_currency_the_ecb_does_not_quote_is_told_and_the_others_land(access: Access) -> None:
    calm, _ = extracted(access)
    odd = replace(access, options={"currencies": ["USD", "GBP", "XTS"]})
    found, [told] = extracted(odd)
    assert sorted(found) == sorted(calm)
    assert "the ECB quotes no XTS" in told.why and told.kind == "part"


def test_an_empty_answer_is_no_rate_not_a_success(access: Access, landing: Landing) -> None:
    nothing = replace(access, options={"currencies": ["XTS"]})
    assert "no exchange rate of XTS" in refusal(landing, nothing, BrokenContract)


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
    [told] = extracted(access, window)[1]
    assert told.kind == "gap" and "no exchange rate on 2026-04-08" in told.why
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
