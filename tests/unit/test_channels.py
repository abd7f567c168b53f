"""Channels: what vendors' campaign types stand for, and what the company file declares."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
from facebook_business.adobjects.campaign import Campaign
from google.ads.googleads.v26.enums.types.advertising_channel_sub_type import (
    AdvertisingChannelSubTypeEnum,
)
from google.ads.googleads.v26.enums.types.advertising_channel_type import AdvertisingChannelTypeEnum
from pydantic import ValidationError

from built import PROJECT
from trueup.company import channels, checks
from trueup.company.parts import Retargeting

STAGING = PROJECT / "dbt_project" / "models" / "staging"
#: What the API says where it does not know itself.
NO_TYPE = {"UNSPECIFIED", "UNKNOWN"}
GOOGLE = {
    "SEARCH": "paid_search", "HOTEL": "paid_search", "TRAVEL": "paid_search",
    "LOCAL_SERVICES": "paid_search", "SHOPPING": "shopping", "DISPLAY": "display",
    "VIDEO": "video", "DEMAND_GEN": "demand_gen", "PERFORMANCE_MAX": "performance_max",
    "MULTI_CHANNEL": "cross_network", "SMART": "cross_network", "LOCAL": "cross_network",
}  # fmt: skip


def table(vendor: str) -> list[tuple[str, ...]]:
    path = STAGING / vendor / f"stg_{vendor}__campaign_types.sql"
    return duckdb.sql(path.read_text("utf-8")).fetchall()


def names(enum: type) -> set[str]:
    return {one.name for one in enum} - NO_TYPE  # type: ignore[attr-defined]


@pytest.mark.parametrize(("campaign_type", "channel"), GOOGLE.items())
def test_a_type_of_googles_campaigns_has_a_channel(campaign_type: str, channel: str):
    assert (campaign_type, None, channel) in table("google_ads")


def test_every_type_of_the_api_is_in_the_table():
    known = {name for name, sub_type, _ in table("google_ads") if sub_type is None}
    of_the_api = names(AdvertisingChannelTypeEnum.AdvertisingChannelType)
    assert of_the_api == set(GOOGLE)
    # What DEMAND_GEN was called until version 17, in loads of then.
    assert known == of_the_api | {"DISCOVERY"}


def test_a_sub_type_has_a_row_only_where_it_is_of_another_channel():
    rows = {(name, sub_type): channel for name, sub_type, channel in table("google_ads")}
    own = {key: channel for key, channel in rows.items() if key[1]}
    assert own == {("SHOPPING", "SHOPPING_SMART_ADS"): "cross_network"}
    sub_types = names(AdvertisingChannelSubTypeEnum.AdvertisingChannelSubType)
    assert {sub_type for _, sub_type in own} <= sub_types
    assert all(channel != rows[name, None] for (name, _), channel in own.items())


def test_every_objective_of_meta_is_paid_social():
    of_the_sdk = {v for k, v in vars(Campaign.Objective).items() if not k.startswith("_")}
    assert {name for name, _ in table("meta_ads")} == of_the_sdk
    assert {channel for _, channel in table("meta_ads")} == {"paid_social"}


@pytest.mark.parametrize("vendor", ["google_ads", "meta_ads"])
def test_the_page_of_a_vendor_names_every_type_and_its_channel(vendor: str):
    page = (PROJECT / "docs" / "sources" / f"{vendor}.md").read_text("utf-8")
    for name, *_, channel in table(vendor):
        [line] = [x for x in page.splitlines() if x.startswith(f"| `{name}` |")]
        assert f"`{channel}`" in line


def test_what_stands_for_a_channel_is_of_the_list():
    macro = PROJECT / "dbt_project" / "macros" / "standard_channel.sql"
    said = re.findall(r"(?:then '|\": \")([a-z_]+)['\"]", Path(macro).read_text("utf-8"))
    assert set(said) <= set(channels.NAMES)
    assert len(channels.NAMES) == len(set(channels.NAMES))


def test_the_marts_page_says_what_each_channel_means():
    page = (PROJECT / "docs" / "marts.md").read_text("utf-8")
    for channel in (*channels.STANDARD, *channels.REST):
        assert f"| `{channel.name}` |" in page and channel.meaning in page


SOURCES = {"google_ads": {}, "meta_ads": {}}


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ([{"platform": "meta_ads", "campaign_id": "7"}], []),
        ([{"platform": "tiktok", "campaign_id": "7"}],
         ["retargeting.0.platform: tiktok is not among the sources or their feeds"]),
        ([{"platform": "meta_ads", "campaign_id": "7"}] * 2,
         ["retargeting.1: the same is declared twice"]),
    ],
)  # fmt: skip
def test_a_declaration_is_checked(declared: list[dict[str, str]], expected: list[str]):
    found = checks.problems({"sources": SOURCES, "retargeting": declared})
    assert [text for text in found if text.startswith("retargeting")] == expected


@pytest.mark.parametrize(
    ("declared", "problem"),
    [
        ({"platform": "meta_ads"}, "name one of"),
        ({"platform": "meta_ads", "campaign_id": "7", "campaign": "x"}, "name one of"),
        ({"platform": "meta_ads", "campaign": "(x"}, "not a regular expression"),
        ({"platform": "meta_ads", "campaign_id": 7}, "valid string"),
        ({"platform": "meta_ads", "audience": "x"}, "Extra inputs"),
        ({"campaign_id": "7"}, "Field required"),
    ],
)
def test_a_declaration_names_one_thing(declared: dict[str, object], problem: str):
    with pytest.raises(ValidationError, match=re.escape(problem)):
        Retargeting.model_validate(declared)


def test_a_target_may_be_of_a_channel_that_no_rule_names():
    content = {"sources": SOURCES, "channels": [], "targets": {"shopping": {}, "billboards": {}}}
    assert [text for text in checks.problems(content) if text.startswith("targets")] == [
        "targets.billboards: no channel rule names this channel"
    ]
