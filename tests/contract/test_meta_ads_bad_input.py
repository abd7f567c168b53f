"""Meta: whatever goes wrong is one clear error, and nothing half-read is ever committed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import tenacity.nap

from sandbox.vendors import meta_ads
from trueup.errors import AccessDenied, BrokenContract, TrueupError, VendorUnavailable
from trueup.landing.intake import take_in
from trueup.landing.store import Landing, Load
from trueup.sources.contract import Access, Account
from trueup.sources.meta_ads import SOURCE, client, reports
from trueup.window import Window

TOKEN = "sandbox-meta-token"
WEEK = Window(date(2026, 8, 3), date(2026, 8, 10))
MONTH = Window(date(2026, 8, 1), date(2026, 8, 31))


@pytest.fixture(autouse=True)
def _brisk_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "FIRST_POLL", 0.005)


@pytest.fixture
def access(sandbox: Any, tmp_path: Path) -> Access:
    """The demo account, sixty rows a page so that a week has several."""
    return Access(
        source="meta_ads",
        base_url=f"{sandbox.url}/meta_ads",
        accounts=(Account("act_900100200", "Europe/Amsterdam", "GBP"),),
        options={"page_size": 60},
        history_start=MONTH.since,
        reporting_zone="Europe/Lisbon",
        reporting_currency="EUR",
        folder=tmp_path,
        secrets={"access_token": TOKEN, "app_secret": "sandbox-meta-app-secret"},
    )


def land(landing: Landing, access: Access, name: str, window: Window = WEEK) -> Load:
    stream = SOURCE.stream(name)
    pages = SOURCE.extract(access, stream, window)
    return take_in(
        landing, "meta_ads", stream, window, pages, api_version=SOURCE.api_version, hash_key="k"
    )


def refusal(
    landing: Landing, access: Access, name: str, error: type[TrueupError], window: Window = WEEK
) -> str:
    """The message, which says where and what to do; and no load was committed."""
    with pytest.raises(error) as raised:
        land(landing, access, name, window)
    message = str(raised.value)
    for part in ("source: meta_ads", f"stream: {name}", f"window: {window}", "next step: "):
        assert part in message
    assert TOKEN not in message
    assert landing.loads("meta_ads", name) == []
    return message


@pytest.mark.parametrize(
    ("name", "fault", "times", "error", "says"),
    [
        ("ad_performance", "unauthorized", 1, AccessDenied, "code 190"),
        ("campaigns", "no_permission", 1, AccessDenied, "code 10"),
        ("ad_performance", "retired_version", 1, BrokenContract, "no longer answers version"),
        ("actions", "throttle", 99, VendorUnavailable, "kept refusing"),
        ("actions", "throttle_use_case", 99, VendorUnavailable, "80000"),
        ("actions", "server_error", 99, VendorUnavailable, "HTTP 503"),
        ("ad_performance", "too_much_data", 99, VendorUnavailable, "a single day (2026-08-03)"),
        ("campaigns", "too_much_data", 1, VendorUnavailable, "lower sources.meta_ads.options"),
        ("ad_performance", "truncated", 1, BrokenContract, "not valid JSON"),
        ("campaigns", "truncated", 1, BrokenContract, "not valid JSON"),
        ("ad_performance", "missing_column", 1, BrokenContract, "column account_id"),
        ("actions", "missing_column", 99, BrokenContract, "column account_id"),
        ("ad_performance", "retyped_column", 1, BrokenContract, "column clicks"),
        ("actions", "retyped_column", 1, BrokenContract, "column clicks"),
        ("campaigns", "retyped_column", 1, BrokenContract, "column name"),
        ("actions", "doubled_action", 1, BrokenContract, "twice for one ad and day"),
        ("ad_performance", "empty_day", 99, BrokenContract, "first 2026-08-09"),
        ("actions", "empty_day", 99, BrokenContract, "first 2026-08-09"),
        ("account_performance", "empty_day", 99, BrokenContract, "first 2026-08-09"),
        ("ad_performance", "duplicate_page", 1, BrokenContract, "more than once"),
        ("actions", "duplicate_page", 1, BrokenContract, "total of impressions"),
        ("ad_performance", "missing_last_page", 1, BrokenContract, "total of sum:impressions"),
        ("actions", "missing_last_page", 1, BrokenContract, "total of impressions"),
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


def test_a_lost_page_of_campaigns_is_missed(access: Access, landing: Landing, sandbox: Any) -> None:
    sandbox.desk.order_fault("meta_ads", "missing_last_page", 1)
    few = replace(access, options={"page_size": 2})
    assert "total of rows" in refusal(landing, few, "campaigns", BrokenContract)


@pytest.mark.parametrize(
    "fault",
    ["throttle", "throttle_app", "throttle_account", "throttle_use_case", "server_error",
     "job_failed", "result_not_ready", "too_much_data", "too_many_rows"],
)  # fmt: skip
def test_passing_trouble_is_waited_out(
    access: Access, landing: Landing, sandbox: Any, fault: str
) -> None:
    calm = land(landing, access, "ad_performance", MONTH)
    sandbox.desk.order_fault("meta_ads", fault, 2)
    troubled = land(landing, access, "ad_performance", MONTH)
    assert troubled.control_totals == calm.control_totals
    assert troubled.day_counts == calm.day_counts


def test_a_job_too_large_is_asked_for_in_smaller_ones(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    calm = land(landing, access, "ad_performance", MONTH)
    sandbox.desk.order_fault("meta_ads", "job_too_large", client.JOB_ATTEMPTS)
    halved = land(landing, access, "ad_performance", MONTH)
    assert halved.control_totals == calm.control_totals


def test_a_long_refusal_is_not_waited_for(access: Access, landing: Landing, sandbox: Any) -> None:
    sandbox.desk.order_fault("meta_ads", "throttle_long", 99)
    before = sandbox.desk.calls["meta_ads"]
    message = refusal(landing, access, "ad_performance", VendorUnavailable)
    assert "another 47 minutes" in message
    assert sandbox.desk.calls["meta_ads"] - before == 1


def test_a_short_refusal_is_waited_for_as_long_as_meta_says(
    access: Access, landing: Landing, sandbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = {"type": "ads_insights", "estimated_time_to_regain_access": 2}
    usage = {"X-Business-Use-Case-Usage": json.dumps({"900100200": [case]})}
    monkeypatch.setattr(meta_ads, "_usage", lambda wait_minutes: usage)
    waits: list[float] = []
    monkeypatch.setattr(tenacity.nap, "time", SimpleNamespace(sleep=waits.append))
    sandbox.desk.order_fault("meta_ads", "throttle_use_case", 1)
    assert land(landing, access, "campaigns").row_count
    assert waits == [120]


def test_jobs_that_keep_failing_give_up(access: Access, landing: Landing, sandbox: Any) -> None:
    sandbox.desk.order_fault("meta_ads", "job_failed", 99)
    message = refusal(landing, access, "actions", VendorUnavailable, MONTH)
    assert "3 report jobs in a row" in message and "Job Failed, code 2" in message


def test_a_stuck_job_at_100_percent_is_replaced(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    hurried = replace(access, options={"job_minutes": 0.1 / 60})
    sandbox.desk.order_fault("meta_ads", "job_stuck", 1)
    assert land(landing, hurried, "actions", MONTH).row_count > 0


def test_jobs_that_stay_stuck_give_up(access: Access, landing: Landing, sandbox: Any) -> None:
    hurried = replace(access, options={"job_minutes": 0})
    sandbox.desk.order_fault("meta_ads", "job_stuck", 99)
    message = refusal(landing, hurried, "actions", VendorUnavailable, MONTH)
    assert "Job Running at 100 % until time was up" in message


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


def test_history_meta_no_longer_has_is_refused_in_its_own_words(
    access: Access, landing: Landing
) -> None:
    old = Window(date(2022, 1, 1), date(2022, 1, 3))
    assert "37 months" in refusal(landing, access, "ad_performance", BrokenContract, old)


def test_no_account_lands_nothing_and_says_so(access: Access, landing: Landing) -> None:
    nobody = replace(access, accounts=())
    assert "no row" in refusal(landing, nobody, "ad_performance", BrokenContract)


def test_every_stream_has_a_reader() -> None:
    assert set(reports.READERS) == {stream.name for stream in SOURCE.streams}
