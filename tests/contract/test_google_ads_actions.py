"""Google Ads' conversion actions: windows as they are set, owners, names, and their claims."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from contract.google_ads_account import CUSTOMER, DAY, MANAGER, MONTH, access_to, land, rows
from sandbox.desk import Asked, Change, Instead
from sandbox.vendors.google_ads_gaql import Failure
from sandbox.vendors.google_ads_refusals import CANCELLED, envelope
from trueup.errors import AccessDenied
from trueup.landing.run import Request, Run
from trueup.landing.store import Landing
from trueup.sources.contract import Access
from trueup.sources.google_ads import SOURCE

CLAIMS = SOURCE.stream("conversions")
CLICK, VIEW = "clickThroughLookbackWindowDays", "viewThroughLookbackWindowDays"


@pytest.fixture
def access(sandbox: Any, tmp_path: Path) -> Access:
    return access_to(sandbox.url, tmp_path)


def of_actions(asked: Asked) -> bool:
    return " FROM conversion_action" in asked.params.get("query", "")


def set_to(**windows: Any) -> Change:
    """The shop's action is set to `windows`; those that are None are left out."""

    def change(asked: Asked, answer: Any) -> Any:
        if not of_actions(asked):
            return None
        actions = {one["conversionAction"]["id"]: one for one in answer["results"]}
        action = actions["900100001"]["conversionAction"]
        for name, days in windows.items():
            if name == "status" or days is not None:
                action[name] = days
            else:
                action.pop(name, None)
        return answer

    return change


@pytest.mark.parametrize(
    ("action", "days"),
    [
        ({}, 40),
        ({CLICK: "7"}, 40),
        ({CLICK: "45"}, 55),
        ({CLICK: "60", VIEW: "30"}, 70),
        ({CLICK: "90"}, 100),
        ({CLICK: "1", VIEW: "90"}, 100),
        ({CLICK: "400"}, 100),
        ({CLICK: None, VIEW: None}, 40),
        # an action nobody counts by any longer changes nothing
        ({CLICK: "90", "status": "REMOVED"}, 40),
        ({CLICK: "90", "status": "HIDDEN"}, 100),
    ],
)
def test_claims_are_fetched_again_for_the_longest_window_in_force(
    action: dict[str, Any], days: int, sandbox: Any, access: Access
) -> None:
    sandbox.desk.spoil("google_ads", set_to(**action), times=9)
    assert SOURCE.restate_days
    assert SOURCE.restate_days(access, CLAIMS, date(2026, 9, 14)) == days


def test_other_streams_are_fetched_again_as_declared_and_nobody_is_asked(
    sandbox: Any, access: Access
) -> None:
    before = sandbox.desk.calls["google_ads"]
    for name in ("campaign_performance", "ad_performance", "clicks"):
        stream = SOURCE.stream(name)
        assert SOURCE.restate_days
        assert SOURCE.restate_days(access, stream, date(2026, 9, 15)) == stream.restate_days
    assert sandbox.desk.calls["google_ads"] == before


def test_on_a_monday_spend_of_a_month_is_fetched_again(access: Access) -> None:
    days = {}
    for name in ("account_performance", "campaign_performance", "ad_performance", "clicks"):
        assert SOURCE.restate_days
        days[name] = SOURCE.restate_days(access, SOURCE.stream(name), date(2026, 9, 14))
    assert days == {
        "account_performance": 29, "campaign_performance": 29, "ad_performance": 29, "clicks": 1,
    }  # fmt: skip


def test_where_google_does_not_tell_the_windows_the_longest_is_taken(
    sandbox: Any, access: Access
) -> None:
    sad = Instead(400, envelope(Failure("assetMoodError", "ASSET_IS_SAD", "")))
    sandbox.desk.spoil("google_ads", lambda asked, answer: sad if of_actions(asked) else None, 99)
    assert SOURCE.restate_days
    assert SOURCE.restate_days(access, CLAIMS, date(2026, 9, 14)) == 100


def run(landing: Landing, access: Access, *streams: str, day: date = DAY.since) -> Any:
    request = Request(SOURCE, access, day, suites=Path(), hash_key="k")
    return Run(landing, request).land([SOURCE.stream(name) for name in streams])


def test_a_longer_window_reaches_the_landing(
    sandbox: Any, access: Access, landing: Landing
) -> None:
    """The second day's run asks for all days that may have changed, and no further."""
    early = replace(access, history_start=date(2026, 8, 1))
    run(landing, early, "conversions", day=date(2026, 9, 13))
    sandbox.desk.spoil("google_ads", set_to(**{CLICK: "30"}), times=99)
    for window, since in (("30", date(2026, 8, 5)), ("90", date(2026, 8, 1))):
        sandbox.desk.clear_faults()
        sandbox.desk.spoil("google_ads", set_to(**{CLICK: window}), times=99)
        landed = run(landing, early, "conversions", day=date(2026, 9, 14))
        loads = [load for load in landing.loads("google_ads", "conversions")
                 if load.load_id in landed.loads]  # fmt: skip
        assert min(load.since for load in loads) == since


def test_b4_a_dead_account_costs_itself_in_every_stream(access: Access, landing: Landing) -> None:
    """Case B4, at the vendor's own answer: the other account lands whole."""
    alive = access.accounts[0]
    both = replace(access, accounts=(replace(alive, id=CANCELLED), alive), history_start=DAY.since)
    names = [stream.name for stream in SOURCE.streams]
    landed = run(landing, both, *names)
    assert {(x.account, x.kind) for x in landed.failed} == {(CANCELLED, "AccessDenied")}
    assert [x.stream for x in landed.failed] == names
    for name in names:
        assert {load.account for load in landing.loads("google_ads", name)} == {CUSTOMER}


def test_names_and_settings_that_fail_leave_spend_alone(
    sandbox: Any, access: Access, landing: Landing
) -> None:
    def spoil(asked: Asked, answer: Any) -> Instead | None:
        query = asked.params.get("query", "")
        is_named = "campaign.name" in query or "auto_tagging" in query or of_actions(asked)
        broken = Failure("queryError", "UNRECOGNIZED_FIELD", "", http=400)
        return Instead(400, envelope(broken)) if is_named else None

    sandbox.desk.spoil("google_ads", spoil, times=999)
    day = replace(access, history_start=DAY.since)
    landed = run(landing, day, *(stream.name for stream in SOURCE.streams))
    # what a claim means is part of it: claims wait for their definitions, spend for nobody
    assert {x.stream for x in landed.failed} == {
        "campaigns", "customer_settings", "conversion_actions", "conversions",
        "conversions_by_conversion_date",
    }  # fmt: skip
    for name in ("account_performance", "campaign_performance", "ad_performance", "clicks"):
        assert landing.covered("google_ads", name, CUSTOMER) == {DAY.since}


def test_an_action_says_who_owns_it_and_a_removed_one_keeps_its_name(
    access: Access, landing: Landing
) -> None:
    landed = {
        row["conversion_action_id"]: (row["name"], row["status"], row["owner_customer_id"])
        for row in rows(landing, land(access, landing, "conversion_actions", DAY))
    }
    assert landed["900100003"] == ("Qualified lead (import)", "ENABLED", MANAGER)
    assert landed["900100001"] == ("Purchase (web)", "ENABLED", CUSTOMER)
    assert landed["900100000"] == ("Purchase (web)", "REMOVED", CUSTOMER)
    [settings] = rows(landing, land(access, landing, "customer_settings", DAY))
    assert settings["conversion_customer_id"] == MANAGER


def unlisted(asked: Asked, answer: Any) -> Any:
    """The account lists its own actions alone; the manager's are listed at the manager."""
    if not of_actions(asked) or f"customers/{MANAGER}/" in asked.path:
        return None
    answer["results"] = [
        one for one in answer["results"] if one["conversionAction"]["id"] != "900100003"
    ]
    answer["totalResultsCount"] = str(len(answer["results"]))
    return answer


def definitions(landing: Landing, access: Access) -> set[tuple[Any, ...]]:
    return {
        (row["attribution_model"], row["click_through_lookback_window_days"])
        for row in rows(landing, land(access, landing, "conversions", MONTH))
        if row["conversion_action_id"] == "900100003"
    }


def test_a_claim_by_the_managers_action_has_the_managers_definition(
    sandbox: Any, access: Access, landing: Landing
) -> None:
    assert definitions(landing, access) == {("GOOGLE_ADS_LAST_CLICK", 30)}
    sandbox.desk.spoil("google_ads", unlisted, times=99)
    assert definitions(landing, access) == {("GOOGLE_ADS_LAST_CLICK", 30)}


def test_a_claim_by_an_action_nobody_lets_us_see_lands_without_a_definition(
    sandbox: Any, access: Access, landing: Landing
) -> None:
    denied = Failure("authorizationError", "USER_PERMISSION_DENIED", "", http=403)

    def spoil(asked: Asked, answer: Any) -> Any:
        if f"customers/{MANAGER}/" in asked.path:
            return Instead(403, envelope(denied))
        return unlisted(asked, json.loads(json.dumps(answer)))

    sandbox.desk.spoil("google_ads", spoil, times=99)
    assert definitions(landing, access) == {("UNKNOWN", None)}


def test_s8_a_renamed_action_keeps_its_id_and_past_claims_bear_the_new_name(
    sandbox: Any, access: Access, landing: Landing
) -> None:
    names = {}
    for clock in ("2026-09-15T06:00", "2026-09-17T06:00"):
        sandbox.desk.set_clock(datetime.fromisoformat(clock))
        landed = rows(landing, land(access, landing, "conversions", MONTH))
        names[clock] = {
            row["conversion_action_name"] for row in landed
            if row["conversion_action_id"] == "900100001"
        }  # fmt: skip
    assert list(names.values()) == [{"Purchase (web)"}, {"Online shop purchase"}]


@pytest.mark.parametrize(
    ("family", "code", "http", "kind"),
    [
        ("authorizationError", "CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION", 403, AccessDenied),
        ("authorizationError", "MISSING_TOS", 403, AccessDenied),
        ("notAllowlistedError", "CUSTOMER_NOT_ALLOWLISTED_FOR_THIS_FEATURE", 403, AccessDenied),
    ],
)
def test_a_lasting_error_is_asked_once_over_http(
    family: str, code: str, http: int, kind: type, sandbox: Any, access: Access, landing: Landing
) -> None:
    refusal = Instead(http, [envelope(Failure(family, code, "", http=http))])
    sandbox.desk.spoil("google_ads", lambda asked, answer: refusal, times=99)
    before = sandbox.desk.calls["google_ads"]
    with pytest.raises(kind, match=code):
        land(access, landing, "campaign_performance", DAY)
    assert sandbox.desk.calls["google_ads"] - before == 1


@pytest.mark.parametrize("code", ["EXPIRED_PAGE_TOKEN", "INVALID_PAGE_TOKEN"])
def test_a_page_google_no_longer_knows_is_asked_for_from_the_first(
    code: str, sandbox: Any, access: Access, landing: Landing
) -> None:
    refusal = Instead(400, envelope(Failure("requestError", code, "", http=400)))
    sandbox.desk.spoil("google_ads", lambda asked, answer: refusal, times=1)
    assert land(access, landing, "campaigns", DAY).row_count


def test_a_concurrent_change_at_google_is_waited_out(
    sandbox: Any, access: Access, landing: Landing
) -> None:
    busy = Failure("databaseError", "CONCURRENT_MODIFICATION", "", http=400)
    refusal = Instead(400, envelope(busy))
    sandbox.desk.spoil("google_ads", lambda asked, answer: refusal, times=2)
    assert land(access, landing, "campaigns", DAY).row_count
