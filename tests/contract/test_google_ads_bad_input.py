"""Google Ads: whatever goes wrong is one clear error, and nothing half-read is ever committed."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import tenacity.nap
from requests import Response

from contract.google_ads_account import (
    CUSTOMER,
    DAY,
    SECRETS,
    WEEK,
    access_to,
    land,
    rows,
    unknown_error,
    window_of,
)
from sandbox.desk import Asked, Instead
from sandbox.vendors import google_ads, google_ads_refusals
from sandbox.vendors.google_ads_gaql import Failure
from sandbox.vendors.google_ads_refusals import CANCELLED, envelope
from trueup.errors import (
    AccessDenied,
    BrokenContract,
    TrueupError,
    UnknownRefusal,
    VendorUnavailable,
)
from trueup.landing.gaps import EmptyDays
from trueup.landing.store import Landing
from trueup.sources.bounds import LostPage
from trueup.sources.contract import Absent, Access, Account
from trueup.sources.google_ads import SOURCE
from trueup.sources.google_ads.refusals import QuotaSpent, judge
from trueup.window import Window


@pytest.fixture
def access(sandbox: Any, tmp_path: Path) -> Access:
    return access_to(sandbox.url, tmp_path)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds waited between tries, which here pass at once."""
    slept: list[float] = []
    monkeypatch.setattr(tenacity.nap, "time", SimpleNamespace(sleep=slept.append))
    return slept


def refused(access: Access, landing: Landing, stream: str, window: Window) -> TrueupError:
    """The error of landing `stream`: it names its place and next step, and commits nothing."""
    with pytest.raises(TrueupError) as caught:
        land(access, landing, stream, window)
    message = str(caught.value)
    for word in ("source: google_ads", f"stream: {stream}", f"window: {window}", "next step:"):
        assert word in message
    for secret in SECRETS.values():
        assert secret not in message
    assert landing.loads("google_ads", stream) == []
    return caught.value


@pytest.mark.parametrize(
    ("fault", "stream", "problem", "says"),
    [
        ("unauthorized", "campaigns", AccessDenied, "OAUTH_TOKEN_REVOKED"),
        ("missing_column", "campaign_performance", BrokenContract, "column cost"),
        ("missing_column", "customer_settings", BrokenContract, "column final_url_suffix"),
        ("retyped_column", "ad_performance", BrokenContract, "column cost"),
        ("retyped_column", "clicks", BrokenContract, "column clicks"),
        ("empty_day", "account_performance", EmptyDays, "no row for a day"),
        ("empty_day", "clicks", EmptyDays, "no row for a day"),
        ("duplicate_page", "ad_performance", LostPage, "a lost page?"),
        ("duplicate_page", "clicks", LostPage, "a lost page?"),
        ("missing_last_page", "ad_performance", LostPage, "a lost page?"),
        ("missing_last_page", "clicks", LostPage, "a lost page?"),
        ("quota_spent", "campaign_performance", QuotaSpent, "quota"),
    ],
)
def test_a_fault_that_lasts_is_one_clear_error(
    fault: str,
    stream: str,
    problem: type[TrueupError],
    says: str,
    sandbox: Any,
    access: Access,
    landing: Landing,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(google_ads, "PAGE_ROWS", 6)
    sandbox.desk.order_fault("google_ads", fault, 99)
    error = refused(access, landing, stream, window_of(stream))
    assert type(error) is problem and error.permanent is (problem is not LostPage)
    assert says in str(error)
    sandbox.desk.clear_faults()
    assert land(access, landing, stream, window_of(stream)).row_count


@pytest.mark.parametrize("fault", ["duplicate_page", "missing_last_page"])
@pytest.mark.parametrize("stream", ["ad_performance", "clicks"])
def test_a_page_lost_or_sent_twice_once_is_asked_for_again(
    fault: str,
    stream: str,
    sandbox: Any,
    access: Access,
    landing: Landing,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calm = rows(landing, land(access, landing, stream, window_of(stream)))
    monkeypatch.setattr(google_ads, "PAGE_ROWS", 6)
    sandbox.desk.order_fault("google_ads", fault, 1)
    assert rows(landing, land(access, landing, stream, window_of(stream))) == calm
    assert not sandbox.desk.takes_fault("google_ads", fault)


@pytest.mark.parametrize("stream", ["campaign_performance", "clicks"])
def test_an_answer_cut_off_is_asked_for_again_within_bounds(
    stream: str, sandbox: Any, access: Access, landing: Landing
) -> None:
    sandbox.desk.order_fault("google_ads", "truncated", 99)
    error = refused(access, landing, stream, DAY)
    assert isinstance(error, UnknownRefusal) and not error.permanent
    assert "cannot be read (truncated?)" in str(error)
    sandbox.desk.clear_faults()
    sandbox.desk.order_fault("google_ads", "truncated", 2)
    assert land(access, landing, stream, DAY).row_count


def test_an_error_nobody_knows_is_asked_again_within_bounds(
    sandbox: Any, access: Access, landing: Landing
) -> None:
    sandbox.desk.spoil("google_ads", unknown_error, times=2)
    assert land(access, landing, "campaign_performance", DAY).row_count
    before = sandbox.desk.calls["google_ads"]
    sandbox.desk.spoil("google_ads", unknown_error, times=99)
    with pytest.raises(UnknownRefusal) as caught:
        land(access, landing, "campaign_performance", DAY)
    assert sandbox.desk.calls["google_ads"] - before == 3
    message = str(caught.value)
    for part in ("nobody here knows", "ASSET_IS_SAD", f"account: {CUSTOMER}", "status page"):
        assert part in message
    assert not caught.value.permanent


def test_a_day_google_cannot_answer_for_leaves_the_other_days(sandbox: Any, access: Access) -> None:
    broken = date(2026, 9, 4)

    def spoil(asked: Asked, answer: Any) -> Instead | None:
        since, until = re.findall(r"'(\d{4}-\d\d-\d\d)'", asked.params.get("query", "")) or "zz"
        return unknown_error(asked, answer) if since <= str(broken) <= until else None

    sandbox.desk.spoil("google_ads", spoil, times=99)
    stream = SOURCE.stream("campaign_performance")
    pages = list(SOURCE.extract(access, stream, WEEK))
    days = {row["ad_date"] for page in pages if isinstance(page, list) for row in page}
    assert days == {str(day) for day in WEEK.days() if day != broken}
    [absent] = [page for page in pages if isinstance(page, Absent)]
    assert (absent.days.since, absent.days.last_day, absent.kind) == (broken, broken, "gap")
    assert "2026-09-04 stays open" in absent.why


def test_a_week_google_cannot_answer_for_is_given_up(sandbox: Any, access: Access) -> None:
    sandbox.desk.spoil("google_ads", unknown_error, times=999)
    before = sandbox.desk.calls["google_ads"]
    with pytest.raises(UnknownRefusal):
        list(SOURCE.extract(access, SOURCE.stream("campaign_performance"), WEEK))
    assert sandbox.desk.calls["google_ads"] - before <= 3 * 12


def test_an_account_that_was_cancelled_is_named(access: Access, landing: Landing) -> None:
    cancelled = replace(access, accounts=(replace(access.accounts[0], id=CANCELLED),))
    for stream in ("campaign_performance", "clicks", "customer_settings"):
        error = refused(cancelled, landing, stream, DAY)
        assert isinstance(error, AccessDenied) and error.permanent
        message = str(error)
        assert (
            f"account {CANCELLED} is not enabled" in message and "CUSTOMER_NOT_ENABLED" in message
        )
        assert "the other accounts land without it" in message


def test_one_odd_row_is_passed_on_and_the_others_stay_as_they_are(
    sandbox: Any, access: Access
) -> None:
    """Intake sets the one aside."""

    def spoil(asked: Asked, answer: Any) -> Any:
        if "searchStream" not in asked.path:
            return None
        answer[0]["results"][0]["metrics"]["costMicros"] = "many"
        del answer[0]["results"][1]["campaign"]["id"]
        return answer

    stream = SOURCE.stream("campaign_performance")
    calm = [page for page in SOURCE.extract(access, stream, WEEK) if isinstance(page, list)][0]
    sandbox.desk.spoil("google_ads", spoil)
    odd = [page for page in SOURCE.extract(access, stream, WEEK) if isinstance(page, list)][0]
    assert odd[0] == calm[0] | {"cost": "many"} and odd[1] == calm[1] | {"campaign_id": None}
    assert odd[2:] == calm[2:]


def test_a_click_given_twice_in_a_day_is_passed_on_twice(sandbox: Any, access: Access) -> None:
    """With another ad the second time; the stream's key tells intake to keep one."""

    def spoil(asked: Asked, answer: Any) -> Any:
        twice = json.loads(json.dumps(answer["results"][0]))
        twice["clickView"]["adGroupAd"] = "customers/1/adGroupAds/2~77"
        answer["results"].append(twice)
        answer["totalResultsCount"] = str(int(answer["totalResultsCount"]) + 1)
        return answer

    sandbox.desk.spoil("google_ads", spoil)
    stream = SOURCE.stream("clicks")
    pages = list(SOURCE.extract(access, stream, DAY))
    ads = Counter(row["gclid"] for page in pages if isinstance(page, list) for row in page)
    assert max(ads.values()) == 2 and stream.key == ("customer_id", "gclid")


@pytest.mark.parametrize("content", ["[]", "[{}]", '[{"results": []}]'])
def test_a_stream_without_a_row_takes_nothing_away(
    content: str, sandbox: Any, access: Access, landing: Landing
) -> None:
    """A month without a claim is possible, one that loses all its claims is not."""
    month = Window(date(2026, 8, 10), date(2026, 9, 9))
    calm = land(access, landing, "conversions", month)

    def empty(asked: Asked, answer: Any) -> Instead | None:
        return Instead(200, content) if "searchStream" in asked.path else None

    sandbox.desk.spoil("google_ads", empty, times=99)
    with pytest.raises(TrueupError, match="the earlier load stays"):
        land(access, landing, "conversions", month)
    assert landing.loads("google_ads", "conversions") == [calm]


def test_a_lost_page_of_claims_is_noticed(sandbox: Any, access: Access, landing: Landing) -> None:
    window = Window(date(2026, 8, 10), date(2026, 9, 9))
    sandbox.desk.order_fault("google_ads", "missing_last_page", 9)
    assert "a lost page?" in str(refused(access, landing, "conversions", window))


@pytest.mark.parametrize("fault", ["throttle", "server_error", "broken_stream"])
def test_what_passes_is_waited_for_and_given_up_on_in_the_end(
    fault: str, sandbox: Any, access: Access, landing: Landing, waits: list[float]
) -> None:
    sandbox.desk.order_fault("google_ads", fault, 3)
    error = refused(access, landing, "campaign_performance", WEEK)
    assert isinstance(error, VendorUnavailable) and not error.permanent
    sandbox.desk.order_fault("google_ads", fault, 2)
    assert land(access, landing, "campaign_performance", WEEK).row_count
    assert len(waits) == 4


@pytest.mark.parametrize(("delay", "waited"), [("1s", 1), ("90.5s", 91), ("300s", 300)])
def test_a_throttled_question_waits_as_long_as_google_says(
    delay: str,
    waited: int,
    sandbox: Any,
    access: Access,
    landing: Landing,
    waits: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(google_ads_refusals, "SHORT_DELAY", delay)
    sandbox.desk.order_fault("google_ads", "throttle", 1)
    assert land(access, landing, "campaign_performance", WEEK).row_count
    assert waits == [waited]


def test_a_spent_quota_is_not_asked_again(sandbox: Any, access: Access, landing: Landing) -> None:
    sandbox.desk.order_fault("google_ads", "quota_spent", 3)
    refused(access, landing, "campaign_performance", WEEK)
    assert sandbox.desk.takes_fault("google_ads", "quota_spent")
    assert sandbox.desk.takes_fault("google_ads", "quota_spent")
    assert not sandbox.desk.takes_fault("google_ads", "quota_spent")


@pytest.mark.parametrize(
    ("quota_error", "delay", "is_waited_for"),
    [
        ("RESOURCE_TEMPORARILY_EXHAUSTED", "5s", True),
        ("RESOURCE_EXHAUSTED", "30s", True),
        ("RESOURCE_EXHAUSTED", "34021s", False),
        ("RESOURCE_EXHAUSTED", None, False),
        ("RESOURCE_TEMPORARILY_EXHAUSTED", None, True),
    ],
)
def test_google_says_itself_how_long_a_quota_lasts(
    quota_error: str, delay: str | None, is_waited_for: bool
) -> None:
    details = {"quotaErrorDetails": {"retryDelay": delay}} if delay else None
    failure = Failure(
        "quotaError", quota_error, "", http=429, status="RESOURCE_EXHAUSTED", details=details
    )
    response = Response()
    response.status_code, response._content = 429, json.dumps([envelope(failure)]).encode()
    response.url = "https://google.example/"
    refusal = judge(response, {"source": "google_ads"})
    assert refusal is not None and refusal.is_passing is is_waited_for


@pytest.mark.parametrize(
    ("customer", "says"),
    [
        ("471-100-2200", "INVALID_CUSTOMER_ID"),
        ("4711002201", "USER_PERMISSION_DENIED"),
        ("4711000000", "REQUESTED_METRICS_FOR_MANAGER"),
    ],
)
def test_a_wrong_account_id_is_refused_access(
    customer: str, says: str, access: Access, landing: Landing
) -> None:
    other = replace(access, accounts=(replace(access.accounts[0], id=customer),))
    error = refused(other, landing, "campaign_performance", WEEK)
    assert isinstance(error, AccessDenied) and says in str(error)


@pytest.mark.parametrize("role", ["client_secret", "refresh_token"])
def test_a_wrong_secret_is_refused_access_and_not_shown(
    role: str, access: Access, landing: Landing
) -> None:
    wrong = replace(access, secrets={**SECRETS, role: "not-this-one"})
    error = refused(wrong, landing, "campaigns", DAY)
    assert isinstance(error, AccessDenied)
    assert "not-this-one" not in str(error)


def test_an_account_in_another_currency_or_zone_stops_the_load(
    access: Access, landing: Landing
) -> None:
    for account in (
        Account(access.accounts[0].id, "America/New_York", "EUR"),
        Account(access.accounts[0].id, "Europe/Lisbon", "USD"),
    ):
        error = refused(replace(access, accounts=(account,)), landing, "account_performance", WEEK)
        assert isinstance(error, BrokenContract)
        assert "not set up as the company file says" in str(error)


def test_an_older_api_version_is_a_contract_error(
    access: Access, landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(google_ads_refusals, "VERSION", "v99")
    error = refused(access, landing, "campaigns", DAY)
    assert isinstance(error, BrokenContract) and "UNSUPPORTED_VERSION" in str(error)


def test_nobody_there_is_worth_a_retry(access: Access, landing: Landing) -> None:
    gone = replace(access, base_url="http://127.0.0.1:9/google_ads")
    error = refused(gone, landing, "campaigns", DAY)
    assert isinstance(error, VendorUnavailable) and not error.permanent
