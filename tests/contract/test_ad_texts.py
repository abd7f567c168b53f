"""What ads say: asked for as the vendors' own clients know it, and found wherever it is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from facebook_business.adobjects.ad import Ad as MetaAd
from facebook_business.adobjects.adaccount import AdAccount
from facebook_business.adobjects.adassetfeedspec import AdAssetFeedSpec
from facebook_business.adobjects.adcreative import AdCreative
from facebook_business.adobjects.adcreativelinkdata import AdCreativeLinkData
from facebook_business.adobjects.adcreativeobjectstoryspec import AdCreativeObjectStorySpec
from facebook_business.adobjects.adcreativevideodata import AdCreativeVideoData
from facebook_business.api import FacebookAdsApi
from facebook_business.session import FacebookSession
from google.ads.googleads.v26.resources.types.ad import Ad as GoogleAd
from google.protobuf import json_format

from contract import google_ads_account, meta_ads_account
from contract.meta_ads_account import TOKEN, WEEK, access, brisk_polls, refusal
from sandbox.desk import Asked
from trueup.landing.store import Landing, Load
from trueup.sources.bounds import LostPage
from trueup.sources.contract import Access
from trueup.sources.google_ads import rows as google_rows
from trueup.sources.google_ads.queries import ASSETS, QUERIES
from trueup.sources.meta_ads import creatives

__all__ = ["access", "brisk_polls"]

GOOGLE_DAY = google_ads_account.DAY


def google(sandbox: Any, landing: Landing, tmp_path: Path) -> list[dict[str, Any]]:
    access = google_ads_account.access_to(sandbox.url, tmp_path)
    load = google_ads_account.land(access, landing, "ads", GOOGLE_DAY)
    return google_ads_account.rows(landing, load)


def meta(access: Access, landing: Landing) -> tuple[Load, list[dict[str, Any]]]:
    load = meta_ads_account.land(landing, access, "ads")
    return load, google_ads_account.rows(landing, load)


# Google


def test_googles_own_messages_have_the_fields_that_are_asked_for() -> None:
    for column, field in QUERIES["ads"].fields:
        if not field.startswith("ad_group_ad.ad."):
            continue
        parts = field.removeprefix("ad_group_ad.ad.").split(".")
        message = GoogleAd.pb(GoogleAd()).DESCRIPTOR
        for part in parts:
            # the client calls a field otherwise that is a word of the language
            found = message.fields_by_name.get(part) or message.fields_by_name[f"{part}_"]
            message = found.message_type
        assert (message is not None and message.name == "AdTextAsset") == (field in ASSETS), column


def test_every_ad_google_lists_has_its_texts_under_its_own_type(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    landed = google(sandbox, landing, tmp_path)
    texts = {
        kind: {row["ad_type"] for row in landed if row[f"{kind}_headlines"]}
        for kind in ("search", "display", "video", "demand_gen")
    }
    assert texts == {
        "search": {"RESPONSIVE_SEARCH_AD"},
        "display": {"RESPONSIVE_DISPLAY_AD"},
        "video": {"VIDEO_RESPONSIVE_AD"},
        "demand_gen": {"DEMAND_GEN_MULTI_ASSET_AD"},
    }
    [spa] = {row["search_headlines"] for row in landed if "sea spa" in str(row["search_headlines"])}
    assert spa == "A day in the sea spa | Open all year"
    # what Google puts together from a catalogue has no words of the company's own
    assert {row["search_headlines"] for row in landed if row["ad_type"].startswith("SHOPP")} == {
        None
    }
    assert all(row["landing_page"].startswith("https://") for row in landed)


def test_googles_own_client_could_read_what_the_sandbox_says_of_an_ad(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    """An ad is of one type: texts under two of them are no ad of Google's."""
    seen: list[Any] = []

    def keep(asked: Asked, answer: Any) -> None:
        seen.extend(answer.get("results", []) if isinstance(answer, dict) else [])

    sandbox.desk.spoil("google_ads", keep, times=9)
    google(sandbox, landing, tmp_path)
    ads = [one["adGroupAd"]["ad"] for one in seen if "adGroupAd" in one]
    assert ads
    for ad in ads:
        json_format.ParseDict(ad, GoogleAd.pb(GoogleAd()))


@pytest.mark.parametrize(
    ("assets", "text"),
    [
        ([{"text": "One"}, {"text": "Two"}], "One | Two"),
        ([{"text": "Call 0049 30 1234567 or ada@example.com"}], "Call removed or removed"),
        ([], None),
        (None, None),
        ("One", None),
        ([{"pinnedField": "HEADLINE_1"}, "Two", {"text": 3}], None),
    ],
)
def test_texts_of_assets_are_read_and_nothing_else(assets: Any, text: str | None) -> None:
    assert google_rows._texts(assets) == text


# Meta


def test_metas_own_client_knows_every_field_that_is_asked_for() -> None:
    assert set(creatives.AD_FIELDS) <= set(vars(MetaAd.Field).values())
    assert set(creatives.CREATIVE_FIELDS) <= set(vars(AdCreative.Field).values())
    posts = set(vars(AdCreativeObjectStorySpec.Field).values())
    assert set(creatives._POSTS) <= posts
    link, video = vars(AdCreativeLinkData.Field).values(), vars(AdCreativeVideoData.Field).values()
    assert {"name", "message", "link", "image_hash", "child_attachments"} <= set(link)
    assert {"title", "message", "video_id", "image_hash", "call_to_action"} <= set(video)
    feed = set(vars(AdAssetFeedSpec.Field).values())
    assert {"titles", "bodies", "videos", "images", "link_urls"} <= feed


def test_metas_own_client_reads_the_same_ads(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    session = FacebookSession(app_secret="sandbox-meta-app-secret", access_token=TOKEN)
    session.GRAPH = f"{sandbox.url}/meta_ads"
    account = AdAccount("act_900100200", api=FacebookAdsApi(session, api_version="v26.0"))
    of_creative = f"creative{{{','.join(creatives.CREATIVE_FIELDS)}}}"
    shown = account.get_ads(fields=[*creatives.AD_FIELDS, of_creative], params={"limit": 500})
    _, landed = meta(access, landing)
    assert {ad["id"] for ad in shown} <= {row["id"] for row in landed}
    assert {key for ad in shown for key in ad.export_all_data()["creative"]} <= {
        *creatives.CREATIVE_FIELDS
    }


def test_an_ad_of_meta_says_what_it_says_wherever_its_creative_keeps_it(
    access: Access, landing: Landing
) -> None:
    load, landed = meta(access, landing)
    assert load.set_aside_count == 0 and len(landed) >= 9
    for row in landed:
        assert row["headline"] and row["description"] and row["asset_id"], row
        assert row["landing_url"].startswith("https://"), row
    assert {row["object_type"] for row in landed} == {"SHARE", "VIDEO"}
    headlines = {row["headline"] for row in landed}
    assert headlines & {"Free delivery this week", "Free delivery this week | Open all year"}
    assert "DELETED" not in {row["effective_status"] for row in landed}


@pytest.mark.parametrize("fault", ["missing_last_page", "duplicate_page"])
def test_a_page_of_ads_that_is_lost_is_missed(
    access: Access, landing: Landing, sandbox: Any, fault: str
) -> None:
    few = replace(access, options={"page_size": 2})
    if fault == "missing_last_page":
        sandbox.desk.order_fault("meta_ads", fault, 99)
        assert "total of rows" in refusal(landing, few, "ads", LostPage)
    whole = meta_ads_account.land(landing, access, "ads", WEEK)
    sandbox.desk.clear_faults()
    assert meta_ads_account.land(landing, few, "ads", WEEK).row_count == whole.row_count


FEED = {"titles": [{"text": "A"}, {"text": "B"}, {}], "bodies": [{"text": "C"}],
        "videos": [{"video_id": "9"}],
        "link_urls": [{"website_url": "https://s.example/f"}]}  # fmt: skip
CARDS = {"child_attachments": [{"name": "1"}, {"name": "2"}]}
POST = {"link": "https://s.example/p", "name": "Head", "message": "Text", "image_hash": "h"}
FILM = {"title": "Film", "message": "Said", "video_id": "8",
        "call_to_action": {"value": {"link": "https://s.example/v"}}}  # fmt: skip


@pytest.mark.parametrize(
    ("creative", "said"),
    [
        ({"asset_feed_spec": FEED, "title": "old"}, ("A | B", "C", "https://s.example/f", "9")),
        ({"object_story_spec": {"link_data": POST}}, ("Head", "Text", "https://s.example/p", "h")),
        ({"object_story_spec": {"video_data": FILM}}, ("Film", "Said", "https://s.example/v", "8")),
        ({"object_story_spec": {"link_data": CARDS}}, ("1 | 2", None, None, None)),
        ({"title": "T", "body": "Ring 0049 30 1234567", "link_url": "https://s.example/l",
          "image_hash": "i"}, ("T", "Ring removed", "https://s.example/l", "i")),
        ({"object_story_spec": None, "asset_feed_spec": [1], "title": 7, "body": ["x"]},
         (None, None, None, None)),
        ({}, (None, None, None, None)),
        (None, (None, None, None, None)),
        ("creative", (None, None, None, None)),
    ],
)  # fmt: skip
def test_a_creative_of_any_form_costs_no_more_than_itself(creative: Any, said: Any) -> None:
    row = creatives.row({"id": "1", "name": "Ad", "creative": creative})
    names = ("headline", "description", "landing_url", "asset_id")
    assert tuple(row[name] for name in names) == said
    assert row["id"] == "1" and "account_id" not in row
