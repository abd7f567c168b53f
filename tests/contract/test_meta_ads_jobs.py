"""Meta's jobs: what passes is waited out or asked again, and what lasts is given up in time."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import tenacity.nap

from contract.meta_ads_account import MONTH, TOKEN, UNKNOWN, access, brisk_polls, land, refusal
from sandbox.desk import Asked, Change, Instead
from sandbox.vendors import meta_ads
from trueup.errors import (
    AccessDenied,
    BrokenContract,
    TrueupError,
    UnknownRefusal,
    VendorUnavailable,
)
from trueup.landing.store import Landing
from trueup.sources.contract import Access

__all__ = ["access", "brisk_polls"]


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


#: A finished job is unknown to the machine that is asked for its result.
JOB_GONE = {"code": 100, "error_subcode": 33, "type": "GraphMethodException"}


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
