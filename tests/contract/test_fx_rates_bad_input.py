"""Exchange rates: what goes wrong costs its rate or its day, or is one clear error."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from contract.published_rates import WINDOW, access, extracted, land, rows
from sandbox.desk import Asked, Instead
from trueup.errors import (
    AccessDenied,
    BrokenContract,
    TrueupError,
    UnknownRefusal,
    VendorUnavailable,
)
from trueup.landing.store import Landing
from trueup.sources.contract import Access
from trueup.sources.fx_rates import SOURCE
from trueup.sources.fx_rates.streams import RATES
from trueup.window import Window

__all__ = ["access"]


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


@pytest.mark.parametrize(
    ("fault", "times", "error", "says"),
    [
        ("unauthorized", 1, AccessDenied, "HTTP 403; next step: let this machine reach"),
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
    found, [absent] = extracted(access)
    assert set(calm) - set(found) == {("GBP", "2026-09-03")} and absent.kind == "part"
    assert "no exchange rate of GBP on 2026-09-03" in absent.why
    sandbox.desk.order_fault("fx_rates", "empty_day", 1)
    found, [absent] = extracted(access)
    assert set(calm) - set(found) == {("GBP", "2026-09-10"), ("USD", "2026-09-10")}
    assert (absent.days, absent.kind) == (Window(date(2026, 9, 10), date(2026, 9, 11)), "gap")
    assert "closed_days" in absent.why


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


ROWS = "CURRENCY,CURRENCY_DENOM,TIME_PERIOD,OBS_VALUE\nUSD,EUR,2026-09-01,1.08\n"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xef\xbb\xbf<!DOCTYPE html><p>Request blocked.</p>", "a web page in place of the CSV"),
        (b'{"errors": [{"code": 500}]}', "no CSV of rates"),
        (b"Request blocked. Contact our help desk.\n", "no CSV of rates"),
        (b"\n", "no CSV of rates"),
        (ROWS.replace(",", ";").encode(), "no CSV of rates"),
        (ROWS.encode("utf-16-le"), "no CSV of rates"),
        (ROWS.encode("utf-16"), "no CSV"),
        (f"sep=,\n{ROWS}".encode(), "no CSV of rates"),
        (ROWS.replace("OBS_VALUE", "OBS_VALUE,OBS_VALUE").encode(), "a column twice"),
    ],
)
def test_what_is_no_csv_of_rates_is_asked_for_again_and_not_final(
    access: Access, landing: Landing, sandbox: Any, content: bytes, says: str
) -> None:
    answer = Instead(200, content)
    sandbox.desk.spoil("fx_rates", lambda asked, text: answer, times=2)
    assert land(landing, access).row_count > 0
    sandbox.desk.spoil("fx_rates", lambda asked, text: answer, times=99)
    with pytest.raises(UnknownRefusal, match=says) as raised:
        land(landing, access)
    assert not raised.value.permanent


@pytest.mark.parametrize("fault", ["throttle", "server_error", "truncated"])
def test_passing_trouble_is_waited_out(
    access: Access, landing: Landing, sandbox: Any, fault: str
) -> None:
    sandbox.desk.order_fault("fx_rates", fault, 2)
    assert land(landing, access).row_count > 0
