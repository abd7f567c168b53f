"""Meta: what is too much is asked for in smaller pieces, and what fails leaves the rest alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from contract.meta_ads_account import MONTH, UNKNOWN, WEEK, access, brisk_polls, land, refusal
from sandbox.desk import Asked, Change, Instead
from trueup.landing.run import Request, Run
from trueup.landing.store import Landing
from trueup.sources.bounds import LostPage
from trueup.sources.contract import Absent, Access
from trueup.sources.meta_ads import SOURCE, client
from trueup.window import Window

__all__ = ["access", "brisk_polls"]


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


def test_an_early_day_asks_for_no_campaign_of_before_the_history(
    access: Access, sandbox: Any
) -> None:
    """Meta counts its 37 months from today, whichever day lands."""
    early = Window(date(2026, 6, 2), date(2026, 6, 3))
    pages = list(
        SOURCE.extract(
            replace(access, history_start=early.since), SOURCE.stream("campaigns"), early
        )
    )
    assert any(isinstance(page, list) and page for page in pages)
    assert not any(isinstance(page, Absent) for page in pages)


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


def test_a_job_too_large_is_asked_for_in_smaller_ones(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    calm = land(landing, access, "ad_performance", MONTH)
    sandbox.desk.order_fault("meta_ads", "job_too_large", client.JOB_ATTEMPTS)
    halved = land(landing, access, "ad_performance", MONTH)
    assert halved.control_totals == calm.control_totals
