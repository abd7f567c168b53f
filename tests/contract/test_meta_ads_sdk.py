"""Meta: its own SDK and published schemas against the sandbox."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from facebook_business.adobjects.adaccount import AdAccount
from facebook_business.adobjects.adsinsights import AdsInsights
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError
from facebook_business.session import FacebookSession

from trueup.sources.meta_ads import SOURCE

TOKEN, SECRET = "sandbox-meta-token", "sandbox-meta-app-secret"
ACCOUNT = "act_900100200"
DELIVERY = ["ad_id", "date_start", "impressions", "clicks", "spend"]
EVERY_AD = {
    "field": "ad.effective_status",
    "operator": "IN",
    "value": ["ACTIVE", "CAMPAIGN_PAUSED", "DELETED"],
}
ASKED = {
    "level": "ad",
    "time_increment": 1,
    "time_range": {"since": "2026-08-01", "until": "2026-08-30"},
    "filtering": [EVERY_AD],
    "action_attribution_windows": ["1d_click", "7d_click", "28d_click", "1d_view", "7d_view"],
    "use_unified_attribution_setting": True,
}


@pytest.fixture
def sdk(sandbox: Any) -> AdAccount:
    """The account as Meta's own client sees it."""
    session = FacebookSession(app_secret=SECRET, access_token=TOKEN)
    session.GRAPH = f"{sandbox.url}/meta_ads"
    return AdAccount(ACCOUNT, api=FacebookAdsApi(session, api_version="v26.0"))


@pytest.fixture
def published(shared: Callable[[str], Path]) -> Callable[[str], set[str]]:
    def names(node: str) -> set[str]:
        schema = json.loads(shared(f"contracts/meta/{node}.json").read_text())
        return {field["name"] for field in schema["fields"]}

    return names


def test_sdk_pages_through_insights(sdk: AdAccount, sandbox: Any) -> None:
    week = {**ASKED, "time_range": {"since": "2026-08-03", "until": "2026-08-09"}}
    whole = list(sdk.get_insights(fields=DELIVERY, params={**week, "limit": 500}))
    before = sandbox.desk.calls["meta_ads"]
    paged = list(sdk.get_insights(fields=DELIVERY, params={**week, "limit": len(whole) - 1}))
    assert sandbox.desk.calls["meta_ads"] - before == 2
    assert [dict(row) for row in paged] == [dict(row) for row in whole]


def test_sdk_runs_a_job_that_is_not_done_at_100_percent(sdk: AdAccount) -> None:
    job = sdk.get_insights(fields=DELIVERY, params=ASKED, is_async=True)
    seen = []
    while not seen or seen[-1][0] != "Job Completed":
        time.sleep(0.01)
        job = job.api_get()
        seen.append((job["async_status"], job["async_percent_completion"]))
    assert seen == [("Job Running", 100), ("Job Completed", 100)]
    result = list(job.get_result(params={"limit": 200}))
    direct = list(sdk.get_insights(fields=DELIVERY, params={**ASKED, "limit": 500}))
    assert [dict(row) for row in result] == [dict(row) for row in direct]


def test_sdk_sees_no_deleted_ads_unless_it_asks(sdk: AdAccount) -> None:
    every = {**ASKED, "limit": 500}
    plain = {key: value for key, value in every.items() if key != "filtering"}
    shown = {row["ad_id"] for row in sdk.get_insights(fields=DELIVERY, params=plain)}
    asked_for = {row["ad_id"] for row in sdk.get_insights(fields=DELIVERY, params=every)}
    assert shown < asked_for


def test_sdk_may_ask_insights_for_deleted_campaigns_and_the_edge_not(sdk: AdAccount) -> None:
    with pytest.raises(FacebookRequestError) as raised:
        sdk.get_campaigns(params={"effective_status": ["ACTIVE", "DELETED"]})
    assert (raised.value.api_error_code(), raised.value.api_error_subcode()) == (100, 1815001)
    listed = {row["id"] for row in sdk.get_campaigns(params={"effective_status": ["ACTIVE"]})}
    deleted = {**EVERY_AD, "value": ["DELETED"]}
    asked = {"level": "campaign", "date_preset": "maximum", "filtering": [deleted]}
    reported = {
        row["campaign_id"] for row in sdk.get_insights(fields=["campaign_id"], params=asked)
    }
    assert reported and not reported & listed


@pytest.mark.parametrize(
    ("fault", "code", "subcode"),
    [
        ("throttle", 17, 2446079),
        ("throttle_app", 4, 1504022),
        ("throttle_account", 613, 1487742),
        ("unauthorized", 190, 463),
        ("retired_version", 2635, None),
    ],
)
def test_sdk_reads_the_sandboxs_refusals(
    sdk: AdAccount, sandbox: Any, fault: str, code: int, subcode: int | None
) -> None:
    sandbox.desk.order_fault("meta_ads", fault, 1)
    with pytest.raises(FacebookRequestError) as raised:
        sdk.api_get(fields=["currency"])
    assert (raised.value.api_error_code(), raised.value.api_error_subcode()) == (code, subcode)
    assert "X-Business-Use-Case-Usage".lower() in {k.lower() for k in raised.value.http_headers()}


# Strict: nothing in an answer that Meta's own schema does not know


def test_every_insights_key_is_published_and_every_number_a_string(
    sdk: AdAccount, published: Callable[[str], set[str]]
) -> None:
    names = [c.name for c in SOURCE.stream("ad_performance").columns]
    fields = [*names, "actions", "action_values"]
    rows = [dict(row) for row in sdk.get_insights(fields=fields, params={**ASKED, "limit": 500})]
    keys = {key for row in rows for key in row}
    assert keys == set(fields)
    assert keys <= published("AdsInsights") and keys <= set(AdsInsights._field_types)
    entries = [e for row in rows for name in fields[-2:] for e in row.get(name, [])]
    assert {k for e in entries for k in e} <= published("AdsActionStats")
    assert not any("7d_view" in e for e in entries)
    scalars = [value for row in rows for name, value in row.items() if name in names]
    assert {type(value) for value in [*scalars, *(v for e in entries for v in e.values())]} == {str}


def test_every_object_key_is_published(
    sdk: AdAccount, published: Callable[[str], set[str]]
) -> None:
    columns = {name: [c.name for c in SOURCE.stream(name).columns]
               for name in ("account_settings", "campaigns")}  # fmt: skip
    account = sdk.api_get(fields=columns["account_settings"])
    assert set(account.export_all_data()) - {"id"} == set(columns["account_settings"])
    assert set(account.export_all_data()) <= published("AdAccount")
    campaigns = sdk.get_campaigns(
        fields=columns["campaigns"], params={"effective_status": ["ACTIVE", "PAUSED"]}
    )
    assert {key for row in campaigns for key in row.export_all_data()} == set(columns["campaigns"])
    assert set(columns["campaigns"]) <= published("Campaign")
    job = sdk.get_insights(fields=DELIVERY, params=ASKED, is_async=True)
    assert set(job.api_get().export_all_data()) - {"report_run_id"} <= published("AdReportRun")
