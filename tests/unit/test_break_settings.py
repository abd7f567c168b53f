"""What somebody sets when a break begins stands in the vendors' settings until it is undone."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest

from sandbox.breaks import Case, make, together
from sandbox.desk import Desk
from sandbox.vendors import ga4_admin, gtm, hubspot_records
from sandbox.vendors.google_ads_answer import answer
from sandbox.world import generate
from sandbox.world.ads_settings import ACCOUNT
from sandbox.world.containers import SERVER, WEB
from sandbox.world.property_settings import PROPERTY

DAY, END = date(2026, 8, 5), date(2026, 8, 8)
EARLIER, MEANWHILE, LATER = (datetime(2026, 8, day, 6) for day in (4, 6, 9))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("broken")
    case = Case(DAY, END, 0.6)
    breaks = [make(number, case) for number in (1, 8, 12, 15, 21, 22, 31)]
    generate(
        folder / "world", start=date(2026, 8, 1), until=date(2026, 8, 12), scale=0.02,
        **together(breaks),
    )  # fmt: skip
    return Desk(folder / "world", folder / "state")


def _google(desk: Desk, query: str) -> list[Any]:
    return [json.loads(row) for row in answer(desk, ACCOUNT, query).rows]


def _at_each(desk: Desk, ask: Any) -> list[Any]:
    found = []
    for moment in (EARLIER, MEANWHILE, LATER):
        desk.set_clock(moment)
        found.append(ask())
    return found


def test_google_tells_whether_it_tags_by_itself(desk: Desk) -> None:
    query = "SELECT customer.auto_tagging_enabled FROM customer"
    found = _at_each(desk, lambda: _google(desk, query)[0]["customer"]["autoTaggingEnabled"])
    assert found == [True, False, True]


def test_google_lists_the_second_action_and_its_window(desk: Desk) -> None:
    query = """SELECT conversion_action.id, conversion_action.primary_for_goal,
        conversion_action.click_through_lookback_window_days FROM conversion_action"""

    def actions() -> dict[str, tuple[bool, str]]:
        return {
            row["conversionAction"]["id"]: (
                row["conversionAction"]["primaryForGoal"],
                row["conversionAction"]["clickThroughLookbackWindowDays"],
            )
            for row in _google(desk, query)
        }

    earlier, meanwhile, later = _at_each(desk, actions)
    assert earlier == later and "900100004" not in earlier
    assert meanwhile == earlier | {"900100004": (True, "30"), "900100001": (True, "12")}


def test_containers_tell_what_was_published(desk: Desk) -> None:
    def live(container: str) -> dict[str, Any]:
        [found] = desk.rows(gtm.LIVE, public_id=container)
        return {one["tagId"]: one for one in json.loads(found["content"])["tag"]}

    earlier, meanwhile, later = _at_each(desk, lambda: live(WEB))
    assert set(earlier) - set(meanwhile) == {"12", "16"}
    assert {key: later[key] for key in ("12", "16")} == {key: earlier[key] for key in ("12", "16")}
    ids = [
        [field["value"] for field in tags["7"]["parameter"] if field["key"] == "eventId"]
        for tags in _at_each(desk, lambda: live(SERVER))
    ]
    assert ids == [[], ["{{Random UUID}}"], []]


def test_the_property_and_the_portal_tell_what_was_set(desk: Desk) -> None:
    def identity() -> str:
        [found] = desk.rows(ga4_admin.NOW, account=PROPERTY)
        path = f"properties/{PROPERTY}/reportingIdentitySettings"
        return json.loads(found["content"])[path]["reportingIdentity"]

    assert _at_each(desk, identity) == ["BLENDED", "DEVICE_BASED", "BLENDED"]
    labels = _at_each(desk, lambda: hubspot_records.labels(desk))
    assert labels == [{}, {"viewing": "Viewing (old)"}, {}]
