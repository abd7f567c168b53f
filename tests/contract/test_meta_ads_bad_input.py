"""Meta: whatever goes wrong is one clear error, and nothing half-read is ever committed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from contract.meta_ads_account import WEEK, access, brisk_polls, land, refusal
from sandbox.desk import Asked, Instead
from trueup.errors import (
    AccessDenied,
    BrokenContract,
    TrueupError,
    UnknownRefusal,
    VendorUnavailable,
)
from trueup.landing.store import Landing
from trueup.sources.bounds import LostPage, TooMuch
from trueup.sources.contract import Access, Account
from trueup.sources.meta_ads import SOURCE, reports
from trueup.window import Window

__all__ = ["access", "brisk_polls"]


@pytest.mark.parametrize(
    ("name", "fault", "times", "error", "says"),
    [
        ("ad_performance", "unauthorized", 1, AccessDenied, "code 190"),
        ("campaigns", "no_permission", 1, AccessDenied, "code 10"),
        ("ad_performance", "retired_version", 1, BrokenContract, "no longer answers version"),
        ("actions", "throttle", 99, VendorUnavailable, "kept refusing"),
        ("actions", "throttle_use_case", 99, VendorUnavailable, "80000"),
        ("actions", "server_error", 99, VendorUnavailable, "HTTP 503"),
        ("ad_performance", "too_much_data", 99, VendorUnavailable, "too much data for Meta"),
        ("campaigns", "too_much_data", 99, TooMuch, "lower sources.meta_ads.options"),
        ("ad_performance", "truncated", 99, UnknownRefusal, "cannot be read (truncated?)"),
        ("campaigns", "truncated", 99, UnknownRefusal, "cannot be read (truncated?)"),
        ("ad_performance", "missing_column", 9999, BrokenContract, "column account_id"),
        ("actions", "missing_column", 9999, BrokenContract, "column account_id"),
        ("ad_performance", "retyped_column", 9999, BrokenContract, "column clicks"),
        ("ad_performance", "empty_day", 99, BrokenContract, "first 2026-08-09"),
        ("actions", "empty_day", 99, BrokenContract, "first 2026-08-09"),
        ("account_performance", "empty_day", 99, BrokenContract, "first 2026-08-09"),
        ("ad_performance", "duplicate_page", 99, LostPage, "total of impressions"),
        ("actions", "duplicate_page", 99, LostPage, "total of impressions"),
        ("ad_performance", "missing_last_page", 99, LostPage, "total of impressions"),
        ("actions", "missing_last_page", 99, LostPage, "total of impressions"),
    ],
)
def test_fault_is_one_clear_error(
    access: Access,
    landing: Landing,
    sandbox: Any,
    name: str,
    fault: str,
    times: int,
    error: type[TrueupError],
    says: str,
) -> None:
    sandbox.desk.order_fault("meta_ads", fault, times)
    assert says in refusal(landing, access, name, error)


@pytest.mark.parametrize(
    ("account", "secrets"),
    [
        ("act_1", {}),
        ("900100200", {}),
        ("act_900100200", {"access_token": "expired"}),
        ("act_900100200", {"app_secret": "of another app"}),
    ],
)
def test_wrong_account_or_secret_is_denied(
    access: Access, landing: Landing, account: str, secrets: dict[str, str]
) -> None:
    other = replace(
        access,
        accounts=(Account(account, "Europe/Amsterdam", "GBP"),),
        secrets={**access.secrets, **secrets},
    )
    for name in ("account_settings", "ad_performance"):
        assert "company file" in refusal(landing, other, name, AccessDenied)


@pytest.mark.parametrize(
    ("zone", "currency"), [("Europe/Lisbon", "GBP"), ("Europe/Amsterdam", "EUR")]
)
def test_another_zone_or_currency_than_the_company_files_is_an_error(
    access: Access, landing: Landing, zone: str, currency: str
) -> None:
    other = replace(access, accounts=(Account("act_900100200", zone, currency),))
    message = refusal(landing, other, "account_settings", BrokenContract)
    assert "Europe/Amsterdam, GBP" in message


@pytest.mark.parametrize(
    "content",
    [
        '{"error": {"code": 190, "message": "expired"}}',
        '\n{\n  "error": {\n    "code": 190\n  }\n}',
        '{"data": [], "error": {"code": 190}}',
        '{"__debug__": {}, "error": {"code": 190}}',
    ],
)
@pytest.mark.parametrize("stream", ["account_performance", "account_settings"])
def test_an_error_that_comes_as_a_success_is_one_wherever_it_stands(
    access: Access, landing: Landing, sandbox: Any, stream: str, content: str
) -> None:
    before = sandbox.desk.calls["meta_ads"]
    sandbox.desk.spoil("meta_ads", lambda asked, answer: Instead(200, content), times=9)
    assert "code 190" in refusal(landing, access, stream, AccessDenied)
    assert sandbox.desk.calls["meta_ads"] == before + 1


def test_a_zone_by_its_old_name_is_the_same_zone(access: Access, sandbox: Any) -> None:
    def spoil(asked: Asked, answer: Any) -> Any:
        return answer | {"timezone_name": "Asia/Calcutta"} if "timezone_name" in answer else None

    sandbox.desk.spoil("meta_ads", spoil)
    india = replace(access, accounts=(Account("act_900100200", "Asia/Kolkata", "GBP"),))
    [[row]] = SOURCE.extract(india, SOURCE.stream("account_settings"), WEEK)
    assert row["timezone_name"] == "Asia/Kolkata"


def test_history_meta_no_longer_has_is_refused_in_its_own_words(
    access: Access, landing: Landing
) -> None:
    old = Window(date(2022, 1, 1), date(2022, 1, 3))
    assert "37 months" in refusal(landing, access, "ad_performance", BrokenContract, old)


def test_no_account_is_an_error_that_says_so(access: Access, landing: Landing) -> None:
    with pytest.raises(TrueupError, match="one account"):
        land(landing, replace(access, accounts=()), "ad_performance")


def test_every_stream_has_a_reader() -> None:
    assert set(reports.READERS) == {stream.name for stream in SOURCE.streams}
