"""Meta: whatever goes wrong is one clear error, and nothing half-read is ever committed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import tenacity.nap

from sandbox.desk import Asked, Change, Instead
from sandbox.vendors import meta_ads
from trueup.errors import (
    AccessDenied,
    BrokenContract,
    TrueupError,
    UnknownRefusal,
    VendorUnavailable,
)
from trueup.landing.intake import take_in
from trueup.landing.run import Request, Run
from trueup.landing.store import Landing, Load
from trueup.sources.bounds import LostPage, TooMuch
from trueup.sources.contract import Absent, Access, Account
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


def test_a_lost_page_of_campaigns_is_missed(access: Access, landing: Landing, sandbox: Any) -> None:
    few = replace(access, options={"page_size": 2})
    sandbox.desk.order_fault("meta_ads", "missing_last_page", 99)
    assert "total of rows" in refusal(landing, few, "campaigns", LostPage)


@pytest.mark.parametrize("name", ["ad_performance", "actions", "campaigns"])
@pytest.mark.parametrize("fault", ["duplicate_page", "missing_last_page"])
def test_a_page_lost_or_sent_twice_once_is_asked_for_again(
    access: Access, sandbox: Any, name: str, fault: str
) -> None:
    few = replace(access, options={"page_size": 60 if name != "campaigns" else 2})
    calm = list(SOURCE.extract(few, SOURCE.stream(name), WEEK))
    sandbox.desk.order_fault("meta_ads", fault, 1)
    assert list(SOURCE.extract(few, SOURCE.stream(name), WEEK)) == calm


@pytest.mark.parametrize(
    ("name", "fault", "lost"),
    [
        ("ad_performance", "missing_column", 1),
        ("ad_performance", "retyped_column", 1),
        ("campaigns", "retyped_column", 1),
        ("actions", "doubled_action", 0),
    ],
)
def test_one_odd_row_is_set_aside(
    access: Access, landing: Landing, sandbox: Any, name: str, fault: str, lost: int
) -> None:
    calm = land(landing, access, name)
    sandbox.desk.order_fault("meta_ads", fault, 1)
    load = land(landing, access, name)
    assert load.row_count == calm.row_count - lost and load.set_aside_count >= 1


@pytest.mark.parametrize(
    ("actions", "lost"),
    [
        ("many", 1),
        ([None, "purchase"], 2),
        ([{"action_type": ["purchase"], "value": "1"}], 1),
        ([{"value": "1"}], 1),
        ([{"action_type": "purchase", "value": {"sum": 1}}], 1),
        ([{"action_type": "purchase", "action_device": "desktop", "value": "1"}], 1),
        ([], 0),
        (None, 0),
    ],
)
def test_a_list_of_actions_that_is_none_costs_itself(
    access: Access, landing: Landing, sandbox: Any, actions: Any, lost: int
) -> None:
    """What stands in place of one ad's list is set aside; every other ad's claims land."""

    def spoil(asked: Asked, answer: Any) -> Any:
        if "insights" not in asked.path or not answer.get("data"):
            return None
        first = next(row for row in answer["data"] if row.get("actions"))
        first |= {"actions": actions, "action_values": None, "conversions": None}
        return answer

    day = Window(WEEK.since, WEEK.since + timedelta(days=1))
    calm = land(landing, access, "actions", day)
    sandbox.desk.spoil("meta_ads", spoil)
    load = land(landing, access, "actions", day)
    assert load.set_aside_count == lost
    assert calm.row_count - 60 < load.row_count < calm.row_count


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


#: A finished job is unknown to the machine that is asked for its result; and Meta's own "I do not
#: know what happened".
JOB_GONE = {"code": 100, "error_subcode": 33, "type": "GraphMethodException"}
UNKNOWN = {"code": 1, "error_subcode": 99, "message": f"An unknown error occurred {TOKEN}"}


def of_a_result(asked: Asked, answer: Any) -> bool:
    """Whether the result of a job was read."""
    node, _, edge = asked.path.partition("/")[2].partition("/")
    return node.isdigit() and edge == "insights"


def job_gone(asked: Asked, answer: Any) -> Instead | None:
    return Instead(400, {"error": JOB_GONE}) if of_a_result(asked, answer) else None


def unknown(asked: Asked, answer: Any) -> Instead:
    return Instead(400, {"error": UNKNOWN})


@pytest.mark.parametrize(("page", "times"), [(1, 1), (2, 1), (1, 2)])
def test_a_finished_job_whose_result_is_unknown_once_is_asked_again(
    access: Access, landing: Landing, sandbox: Any, page: int, times: int
) -> None:
    calm = land(landing, access, "ad_performance", MONTH)

    def spoil(asked: Asked, answer: Any) -> Instead | None:
        return job_gone(asked, answer) if (page > 1) == ("after" in asked.params) else None

    sandbox.desk.spoil("meta_ads", spoil, times)
    troubled = land(landing, access, "ad_performance", MONTH)
    assert troubled.control_totals == calm.control_totals


def test_a_result_that_stays_unknown_is_made_anew_and_given_up_in_the_end(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    calm = land(landing, access, "ad_performance", MONTH)
    sandbox.desk.spoil("meta_ads", job_gone, times=3)  # as often as one job is asked
    anew = land(landing, access, "ad_performance", MONTH)
    assert anew.control_totals == calm.control_totals
    sandbox.desk.spoil("meta_ads", job_gone, times=99)
    with pytest.raises(VendorUnavailable, match="3 report jobs in a row") as raised:
        land(landing, access, "ad_performance", MONTH)
    assert "code 100, subcode 33" in str(raised.value) and not raised.value.permanent


def test_an_error_meta_itself_does_not_know_is_asked_again_within_bounds(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    sandbox.desk.spoil("meta_ads", unknown, times=2)
    assert land(landing, access, "campaigns").row_count
    before = sandbox.desk.calls["meta_ads"]
    sandbox.desk.spoil("meta_ads", unknown, times=99)
    with pytest.raises(UnknownRefusal) as raised:
        land(landing, access, "campaigns")
    assert sandbox.desk.calls["meta_ads"] - before == 3
    message = str(raised.value)
    for part in ("nobody here knows", "code 1, subcode 99", "account: act_900100200"):
        assert part in message
    assert TOKEN not in message and not raised.value.permanent


@pytest.mark.parametrize("code", [2, 104, 341])
def test_trouble_of_metas_own_passes(
    access: Access, landing: Landing, sandbox: Any, code: int
) -> None:
    spoil = Instead(400, {"error": {"code": code, "message": "Service temporarily unavailable"}})
    sandbox.desk.spoil("meta_ads", lambda asked, answer: spoil, times=2)
    assert land(landing, access, "campaigns").row_count


def failed_job(code: int, subcode: int, times: list[int]) -> Change:
    """Jobs that are polled have failed, with Meta's reason."""

    def spoil(asked: Asked, answer: Any) -> Any:
        if not isinstance(answer, dict) or "async_status" not in answer:
            return None
        times[0] += 1
        failure = {"error_code": code, "error_subcode": subcode, "error_message": "no"}
        return {**answer, "async_status": "Job Failed", **failure}

    return spoil


@pytest.mark.parametrize(
    ("code", "subcode", "error", "jobs"),
    [
        (2, 1504041, BrokenContract, 1),
        (2, 1504042, BrokenContract, 1),
        (100, 3191001, AccessDenied, 1),
        (-2, 2490547, VendorUnavailable, 3),
        (2, 1504043, VendorUnavailable, 3),
        (987, 654, VendorUnavailable, 3),
    ],
)
def test_a_job_that_no_new_one_mends_is_given_up_at_once(
    access: Access, landing: Landing, sandbox: Any, code: int, subcode: int,
    error: type[TrueupError], jobs: int,
) -> None:  # fmt: skip
    polled = [0]
    sandbox.desk.spoil("meta_ads", failed_job(code, subcode, polled), times=99)
    message = refusal(landing, access, "ad_performance", error, MONTH)
    assert f"code {code}, subcode {subcode}" in message and polled == [jobs]


def test_a_cursor_meta_no_longer_knows_is_asked_for_from_the_first_page(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    few = replace(access, options={"page_size": 2})
    calm = list(SOURCE.extract(few, SOURCE.stream("campaigns"), WEEK))

    def spoil(asked: Asked, answer: Any) -> Instead | None:
        gone = Instead(400, {"error": {"code": 2642, "message": "Invalid cursors values"}})
        return gone if "after" in asked.params else None

    sandbox.desk.spoil("meta_ads", spoil, times=1)
    assert list(SOURCE.extract(few, SOURCE.stream("campaigns"), WEEK)) == calm
    sandbox.desk.spoil("meta_ads", spoil, times=99)
    assert "no longer knows the page" in refusal(landing, few, "campaigns", LostPage)


def test_names_and_settings_that_fail_leave_spend_alone(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    def spoil(asked: Asked, answer: Any) -> Instead | None:
        is_named = asked.path.endswith("/campaigns") or "timezone_name" in str(asked.params)
        return (
            Instead(400, {"error": {"code": 100, "message": "no such field"}}) if is_named else None
        )

    sandbox.desk.spoil("meta_ads", spoil, times=99)
    day = replace(access, history_start=WEEK.since)
    request = Request(SOURCE, day, WEEK.since, suites=Path(), hash_key="k")
    landed = Run(landing, request).land(SOURCE.streams)
    assert {one.stream for one in landed.failed} == {"campaigns", "account_settings"}
    for name in ("ad_performance", "account_performance", "actions"):
        assert landing.covered("meta_ads", name, "act_900100200") == {WEEK.since}


def longer_than(days: int) -> Change:
    """Meta finds questions about more than so many days too much data."""

    def spoil(asked: Asked, answer: Any) -> Instead | None:
        asked_for = asked.params.get("time_range")
        if not asked_for:
            return None
        first, last = (date.fromisoformat(asked_for[end]) for end in ("since", "until"))
        refusal = {"code": 1, "message": "Please reduce the amount of data you're asking for"}
        return Instead(500, {"error": refusal}) if (last - first).days >= days else None

    return spoil


def test_the_names_of_deleted_campaigns_are_asked_for_in_smaller_pieces(
    access: Access, sandbox: Any
) -> None:
    stream = SOURCE.stream("campaigns")
    calm = list(SOURCE.extract(access, stream, WEEK))
    sandbox.desk.spoil("meta_ads", longer_than(100), times=99)
    assert list(SOURCE.extract(access, stream, WEEK)) == calm


def test_campaigns_land_without_the_names_of_deleted_ones_where_those_are_too_much(
    access: Access, sandbox: Any
) -> None:
    stream = SOURCE.stream("campaigns")
    sandbox.desk.spoil("meta_ads", longer_than(0), times=999)
    pages = list(SOURCE.extract(access, stream, WEEK))
    listed = {row["status"] for page in pages if isinstance(page, list) for row in page}
    assert "ACTIVE" in listed and "DELETED" not in listed
    [absent] = [page for page in pages if isinstance(page, Absent)]
    assert absent.kind == "part" and "names of deleted campaigns" in absent.why


@pytest.mark.parametrize("error", [UNKNOWN, {"code": 987654}, {"code": 100, "error_subcode": 77}])
def test_campaigns_land_without_the_names_of_deleted_ones_where_nobody_knows_why(
    access: Access, sandbox: Any, error: dict[str, Any]
) -> None:
    def spoil(asked: Asked, answer: Any) -> Instead | None:
        return Instead(400, {"error": error}) if "time_range" in asked.params else None

    sandbox.desk.spoil("meta_ads", spoil, times=999)
    pages = list(SOURCE.extract(access, SOURCE.stream("campaigns"), WEEK))
    listed = {row["status"] for page in pages if isinstance(page, list) for row in page}
    assert "ACTIVE" in listed and "DELETED" not in listed
    [absent] = [page for page in pages if isinstance(page, Absent)]
    assert absent.kind == "part" and "names of deleted campaigns" in absent.why


def test_a_day_that_is_always_too_much_leaves_the_other_days(access: Access, sandbox: Any) -> None:
    broken = "2026-08-05"

    def spoil(asked: Asked, answer: Any) -> Instead | None:
        days = asked.params.get("time_range")
        is_in = days and days["since"] <= broken <= days["until"]
        return Instead(400, {"error": {"code": 100, "error_subcode": 1487534}}) if is_in else None

    sandbox.desk.spoil("meta_ads", spoil, times=999)
    for name in ("ad_performance", "actions", "account_performance"):
        pages = list(SOURCE.extract(access, SOURCE.stream(name), WEEK))
        days = {row["date_start"] for page in pages if isinstance(page, list) for row in page}
        assert days == {str(day) for day in WEEK.days()} - {broken}, name
        [absent] = [page for page in pages if isinstance(page, Absent)]
        assert str(absent.days.since) == broken and absent.kind == "gap"


def test_a_page_too_large_is_asked_for_smaller(access: Access, sandbox: Any) -> None:
    def spoil(asked: Asked, answer: Any) -> Instead | None:
        is_large = int(asked.params.get("limit", 0)) > 50
        refusal = {"code": 1, "message": "Please reduce the amount of data you're asking for"}
        return Instead(500, {"error": refusal}) if is_large else None

    stream = SOURCE.stream("ad_performance")
    day = Window(WEEK.since, WEEK.since + timedelta(days=1))
    calm = list(SOURCE.extract(access, stream, day))
    sandbox.desk.spoil("meta_ads", spoil, times=999)
    assert list(SOURCE.extract(access, stream, day)) == calm


def test_one_odd_row_is_passed_on_and_the_others_stay_as_they_are(
    access: Access, sandbox: Any
) -> None:
    """Intake sets the one aside."""

    def spoil(asked: Asked, answer: Any) -> Any:
        if "insights" not in asked.path or "data" not in answer:
            return None
        answer["data"][0]["clicks"] = "many"
        answer["data"][1]["account_id"] = None
        return answer

    for name in ("ad_performance", "actions"):
        stream = SOURCE.stream(name)
        calm = [r for p in SOURCE.extract(access, stream, WEEK) if isinstance(p, list) for r in p]
        sandbox.desk.spoil("meta_ads", spoil)
        odd = [r for p in SOURCE.extract(access, stream, WEEK) if isinstance(p, list) for r in p]
        assert len(odd) == len(calm)
        assert sum(was != now for was, now in zip(calm, odd, strict=True)) in range(1, 20)


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


@pytest.mark.parametrize("name", ["ad_performance", "account_performance", "actions"])
def test_rows_whose_totals_meta_does_not_state_land_and_that_is_told(
    access: Access, landing: Landing, sandbox: Any, name: str
) -> None:
    def without(asked: Asked, answer: Any) -> Any:
        return answer if isinstance(answer, dict) and answer.pop("summary", None) else None

    calm = land(landing, access, name)
    assert calm.notes == ()
    sandbox.desk.spoil("meta_ads", without, times=999)
    load = land(landing, access, name)
    assert load.row_count == calm.row_count
    assert load.lacking and all("Meta states no totals of" in why for why in load.lacking)


def test_totals_that_stand_on_the_first_page_alone_are_taken(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    def first_only(asked: Asked, answer: Any) -> Any:
        is_later = isinstance(answer, dict) and "after" in asked.params
        return answer if is_later and answer.pop("summary", None) else None

    calm = land(landing, access, "ad_performance")
    sandbox.desk.spoil("meta_ads", first_only, times=999)
    load = land(landing, access, "ad_performance")
    assert (load.row_count, load.notes) == (calm.row_count, ())


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


@pytest.mark.parametrize("row", [None, "row", 7, ["row"]])
def test_rows_that_are_no_objects_are_asked_for_again(
    access: Access, landing: Landing, sandbox: Any, row: Any
) -> None:
    def spoil(asked: Asked, answer: Any) -> Any:
        if "insights" not in asked.path or "data" not in answer:
            return None
        answer["data"].insert(0, row)
        return answer

    sandbox.desk.spoil("meta_ads", spoil, times=2)
    calm = land(landing, access, "account_performance")
    assert calm.row_count == 7
    sandbox.desk.spoil("meta_ads", spoil, times=99)
    with pytest.raises(UnknownRefusal, match="data holds what is no object"):
        land(landing, access, "account_performance")


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
