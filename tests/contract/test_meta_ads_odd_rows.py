"""Meta: a row that is not as it should be costs itself, and a row that is lost is missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from contract.meta_ads_account import MONTH, WEEK, access, brisk_polls, land, refusal
from sandbox.desk import Asked
from trueup.errors import UnknownRefusal
from trueup.landing.store import Landing
from trueup.sources.bounds import LostPage
from trueup.sources.contract import Access
from trueup.sources.meta_ads import SOURCE
from trueup.window import Window

__all__ = ["access", "brisk_polls"]


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


@pytest.mark.parametrize("name", ["ad_performance", "account_performance", "actions"])
def test_rows_whose_totals_meta_does_not_state_land_and_that_is_reported(
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


@pytest.mark.parametrize("name", ["ad_performance", "actions"])
@pytest.mark.parametrize("window", [WEEK, MONTH])
def test_no_row_of_any_ad_is_a_lost_answer_where_the_account_delivered(
    access: Access, landing: Landing, sandbox: Any, name: str, window: Window
) -> None:
    """A job that finished, or a question answered at once, without a row."""
    delivers = {"now": True}

    def nothing(asked: Asked, answer: Any) -> Any:
        if not asked.path.endswith("/insights") or "data" not in answer:
            return None
        is_of_ads = asked.params.get("level", "ad") == "ad"
        return {"data": []} if is_of_ads or not delivers["now"] else None

    calm = land(landing, access, name, window)
    sandbox.desk.spoil("meta_ads", nothing, times=1)
    assert land(landing, access, name, window).day_counts == calm.day_counts
    sandbox.desk.spoil("meta_ads", nothing, times=9999)
    with pytest.raises(LostPage, match="no row of any ad"):
        extract_all(access, name, window)
    delivers["now"] = False
    assert extract_all(access, name, window) == []


def extract_all(access: Access, name: str, window: Window) -> list[Any]:
    """Every row of a stream, as the source gives it."""
    pages = SOURCE.extract(access, SOURCE.stream(name), window)
    return [row for page in pages if isinstance(page, list) for row in page]


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


@pytest.mark.parametrize(
    "totals",
    [
        {"impressions": None},
        {"clicks": "14187.0"},
        [],
        "none",
    ],
)
@pytest.mark.parametrize("name", ["ad_performance", "account_performance", "actions"])
def test_totals_that_cannot_be_read_cost_no_row(
    access: Access, landing: Landing, sandbox: Any, name: str, totals: Any
) -> None:
    """One that can be is held against the rows still."""

    def spoil(asked: Asked, answer: Any) -> Any:
        if "insights" not in asked.path or not answer.get("summary"):
            return None
        answer["summary"] = (
            {**answer["summary"], **totals} if totals and totals != "none" else totals
        )
        return answer

    calm = land(landing, access, name)
    sandbox.desk.spoil("meta_ads", spoil, times=999)
    load = land(landing, access, name)
    assert load.row_count == calm.row_count
    assert bool(load.lacking) == (not isinstance(totals, dict))


def test_of_two_totals_one_that_can_be_read_tells_of_a_lost_page(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    def spoil(asked: Asked, answer: Any) -> Any:
        if "insights" not in asked.path or not answer.get("summary"):
            return None
        return {**answer, "summary": {"impressions": str(10**6), "clicks": None}}

    sandbox.desk.spoil("meta_ads", spoil, times=999)
    assert "total of impressions" in refusal(landing, access, "ad_performance", LostPage)


@pytest.mark.parametrize("summary", [None, {}, {"total_count": "many"}, {"total_count": None}])
def test_campaigns_that_meta_does_not_count_land_and_that_is_reported(
    access: Access, landing: Landing, sandbox: Any, summary: Any
) -> None:
    def spoil(asked: Asked, answer: Any) -> Any:
        if not asked.path.endswith("/campaigns"):
            return None
        return {**answer, "summary": summary}

    calm = land(landing, access, "campaigns")
    sandbox.desk.spoil("meta_ads", spoil, times=999)
    load = land(landing, access, "campaigns")
    assert load.row_count == calm.row_count
    assert any("Meta states no number of campaigns" in why for why in load.lacking)


def test_an_account_whose_id_is_a_number_is_the_same(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    def spoil(asked: Asked, answer: Any) -> Any:
        if "insights" not in asked.path or not answer.get("data"):
            return None
        for row in answer["data"]:
            row["account_id"] = int(row["account_id"])
        return answer

    calm = land(landing, access, "ad_performance")
    sandbox.desk.spoil("meta_ads", spoil, times=999)
    assert land(landing, access, "ad_performance").row_count == calm.row_count


@pytest.mark.parametrize("key", ["action_target_id", "id", "action_destination"])
def test_a_breakdown_that_is_a_number_is_no_window(
    access: Access, landing: Landing, sandbox: Any, key: str
) -> None:
    def spoil(asked: Asked, answer: Any) -> Any:
        if "insights" not in asked.path or not answer.get("data"):
            return None
        row = next(row for row in answer["data"] if row.get("actions"))
        row["actions"][0][key] = "244651559733"
        return answer

    calm = land(landing, access, "actions")
    sandbox.desk.spoil("meta_ads", spoil)
    load = land(landing, access, "actions")
    assert load.row_count == calm.row_count and load.set_aside_count == 1
