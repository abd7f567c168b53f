"""Odd answers of ad platforms, judged on the marts: one company, one build."""

from __future__ import annotations

from typing import Any

import pytest

from cases.ad_accounts import SECRETS, GoogleAds, MetaAds, entries, opened
from cases.small_company import SmallCompany
from cases.test_files_company import ORDERS, SEPTEMBER
from trueup.sources.meta_ads.overlaps import counted

PURCHASE, IMPORTED, CALL = ("900", "Purchase"), ("901", "purchase (GA4)"), ("902", "Call")
PIXEL = "offsite_conversion.fb_pixel_purchase"
#: From this day on Meta states purchases under every type they are part of.
WIDER_SINCE = "2026-09-11"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> SmallCompany:
    google, meta = GoogleAds(), MetaAds()
    google.campaign("111", "Brand")
    for action in (PURCHASE, IMPORTED, CALL):
        google.action(*action)
    meta.campaign("201", "Summer")
    for number, day in enumerate(SEPTEMBER):
        google.spend(day, "111", 50)
        # the import sees the sales the tag sees; calls are others
        google.claim(day, "111", PURCHASE, 3, 300, 3.02 if day == "2026-09-09" else None)
        google.claim(day, "111", IMPORTED, 3, 300)
        google.claim(day, "111", CALL, 1 + number % 3, 40)
        kinds = (PIXEL, "purchase", "omni_purchase") if day >= WIDER_SINCE else (PIXEL,)
        meta.ad(day, "201", "20.00", dict.fromkeys(kinds, (2, 80)))
    small = SmallCompany(tmp_path_factory.mktemp("ads"), environment=dict(SECRETS))
    actions: list[dict[str, Any]] = [
        *({"source": "google_ads", "selector": id} for id, _ in (PURCHASE, IMPORTED, CALL)),
        *({"source": "meta_ads", "selector": kind} for kind in ("omni_purchase", PIXEL)),
    ]
    small.goal("sale", {"source": "files", "selector": "orders"}, *actions)
    small.feed(
        "till", "orders", ORDERS,
        ["id,day,amount", *(f"{day}-{n},{day},50" for day in SEPTEMBER for n in range(6))],
    )  # fmt: skip
    with opened(google, meta) as url:
        small.sources = entries(url)
        small.output = small.publish()
    assert small.mart.exists(), small.output
    return small


@pytest.mark.parametrize(
    ("action_type", "counts"),
    [("omni_purchase", ("purchase", 1)), ("purchase", ("purchase", 2)),
     ("onsite_web_app_purchase", ("purchase", 4)), (PIXEL, ("purchase", 7)),
     ("app_custom_event.fb_mobile_purchase", ("purchase", 7)), ("lead", ("lead", 2)),
     ("onsite_conversion.lead_grouped", ("lead", 7)), ("leadgen_grouped", ("lead", 8)),
     ("omni_initiated_checkout", ("initiate_checkout", 1)), ("contact_total", ("contact", 1)),
     ("contact_website", ("contact", 7)), ("offsite_conversion.custom.77", None),
     ("onsite_web_lead", ("lead", 6)), ("offsite_search_add_meta_leads", ("lead", 9)),
     ("offsite_complete_registration_add_meta_leads", ("lead", 9)),
     ("offsite_purchase_add_20_s_calls", ("purchase", 9)),
     ("offsite_content_view_add_20_s_calls", ("view_content", 9))],
)  # fmt: skip
def test_what_an_action_type_counts_and_how_widely(action_type: str, counts: Any) -> None:
    assert counted(action_type) == counts


def claimed(company: SmallCompany, platform: str, day: str) -> list[Any]:
    return company.query(
        "select claimed_conversions, claimed_amount from marts.fct_campaign_daily"
        f" where platform = '{platform}' and report_date = '{day}' and claimed_conversions > 0"
    )


def test_a_conversion_meta_states_under_several_types_counts_once(company: SmallCompany) -> None:
    assert claimed(company, "meta_ads", "2026-09-20") == [(2, 80)]
    # before, the pixel's is all there is
    assert claimed(company, "meta_ads", "2026-09-05") == [(2, 80)]


def test_two_actions_that_claim_the_same_conversions_are_named(company: SmallCompany) -> None:
    found = company.query(
        "select segment, observed from health.fct_gate_results"
        " where check_name like '%count_different_conversions' and verdict = 'warn'"
    )
    assert found == [
        ("google_ads 4711002200 sale",
         "Purchase (900) and purchase (GA4) (901) claim the same conversions, and both count")
    ]  # fmt: skip


def test_ads_that_claim_a_little_more_than_their_campaign_cost_nothing(
    company: SmallCompany,
) -> None:
    # three of the tag, three of the import, and 1 + 8 % 3 calls
    assert claimed(company, "google_ads", "2026-09-09") == [(9, 640)]
    assert "Ads claim a little more than their campaign" in company.output
