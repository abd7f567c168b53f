"""Google Ads' search terms: what was typed, and of each ad the rest that Google does not tell."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from contract.google_ads_account import WEEK, access_to, land, rows
from sandbox.desk import Asked
from trueup.landing.store import Landing
from trueup.sources.google_ads.terms import with_rests

AD = {
    "customer_id": "1", "campaign_id": "c", "ad_group_id": "g", "ad_id": "a",
    "landing_page": "https://h.example/", "ad_date": "2026-09-01",
}  # fmt: skip


def row(term: str | None, *figures: Any, **own: Any) -> dict[str, Any]:
    names = ("impressions", "clicks", "cost", "conversions")
    return {**AD, "search_term": term, **dict(zip(names, figures, strict=True)), **own}


def total(*figures: Any, **own: Any) -> dict[str, Any]:
    found = row(None, *figures, **own)
    del found["search_term"]
    return found


def test_terms_and_rests_add_up_to_the_ads_of_search_campaigns(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    access = access_to(sandbox.url, tmp_path)
    load = land(access, landing, "search_terms", WEEK)
    found = rows(landing, load)
    campaigns = {one["campaign_id"] for one in found}
    ads = [
        one
        for one in rows(landing, land(access, landing, "ad_performance", WEEK))
        if one["campaign_id"] in campaigns
    ]
    for name in ("impressions", "clicks", "cost"):
        assert sum(one[name] for one in found) == sum(one[name] for one in ads)
    claimed = [
        one
        for one in rows(landing, land(access, landing, "conversions", WEEK))
        if one["level"] == "ad" and one["campaign_id"] in campaigns
    ]
    assert sum(one["conversions"] for one in found) == sum(one["conversions"] for one in claimed)
    assert (
        load.set_aside_count == 0
        and campaigns == {f"2001000000{number}" for number in (1, 2, 3, 4, 7, 8, 9)} & campaigns
    )
    named = [one for one in found if one["search_term"]]
    assert len(named) > 100 and all(one["landing_page"].startswith("https://") for one in found)
    hidden = sum(one["cost"] for one in found if one["search_term"] is None)
    assert 0 < hidden < sum(one["cost"] for one in found)


def test_an_account_without_campaigns_that_know_terms_lands_none(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    def without(asked: Asked, answer: Any) -> Any:
        if "search_term_view" in str(asked.params.get("query")):
            return {"fieldMask": answer["fieldMask"], "totalResultsCount": "0"}
        return None

    def no_ads(asked: Asked, answer: Any) -> Any:
        if "advertising_channel_type IN" in str(asked.params.get("query")):
            return [{"fieldMask": answer[0]["fieldMask"]}]
        return None

    sandbox.desk.spoil("google_ads", without, 9)
    sandbox.desk.spoil("google_ads", no_ads, 9)
    assert land(access_to(sandbox.url, tmp_path), landing, "search_terms", WEEK).row_count == 0


@pytest.mark.parametrize(
    ("terms", "ads", "rests"),
    [
        # Its terms account for all of the ad.
        ([row("q", 10, 2, "1.5", 1.0)], [total(10, 2, "1.5", 1.0)], []),
        # An ad none of whose terms is named.
        ([], [total(10, 2, "1.5", 0.5)], [(10, 2, "1.5", "0.5")]),
        # Impressions alone are left.
        ([row("q", 10, 2, "1.5", 0)], [total(12, 2, "1.5", 0)], [(2, 0, "0", "0")]),
        # Nothing is left of an ad that nobody saw.
        ([], [total(0, 0, "0", 0)], []),
        # Fractions of conversions are not exact: what is left of them is none.
        ([row("q", 9, 1, "1", 0.3), row("r", 1, 1, "0.5", 0.1)], [total(11, 2, "1.5", 0.4)],
         [(1, 0, "0", "0")]),
        # What tells who typed it is in the rest, however many terms do.
        ([row("ann@planted.example", 3, 1, "1", 0), row("call 912 345 678", 2, 0, "0", 0)],
         [total(5, 1, "1", 0)], [(5, 1, "1", "0")]),
        # An ad that no report of ads lists keeps its figures, without the words.
        ([row("+44 20 7946 0958", 3, 1, "1", 0), row("0800 123 4567 0", 1, 0, "0", 0)], [],
         [(4, 1, "1", "0")]),
    ],
)  # fmt: skip
def test_the_rest_of_an_ad_is_what_no_term_accounts_for(terms: Any, ads: Any, rests: Any) -> None:
    found, aside = with_rests(terms, ads)
    names = ("impressions", "clicks", "cost", "conversions")
    left = [tuple(Decimal(str(one[n])) for n in names) for one in found if not one["search_term"]]
    assert left == [tuple(map(Decimal, map(str, one))) for one in rests]
    assert aside == [] and "planted" not in str(found)


def test_terms_that_come_to_more_than_their_ad_are_never_a_negative_rest() -> None:
    found, (aside,) = with_rests([row("q", 10, 2, "1.5", 0)], [total(9, 2, "1.5", 0)])
    assert [one["search_term"] for one in found] == ["q"]
    assert aside.kind == "conflict" and not aside.is_lost


def test_an_ad_has_a_rest_of_its_own_on_each_day() -> None:
    ads = [total(5, 1, "1", 0), total(5, 1, "1", 0, ad_date="2026-09-02"),
           total(5, 1, "1", 0, ad_id="b")]  # fmt: skip
    found, _ = with_rests([row("q", 5, 1, "1", 0)], ads)
    assert [(one["ad_id"], one["ad_date"]) for one in found if not one["search_term"]] == [
        ("a", "2026-09-02"),
        ("b", "2026-09-01"),
    ]
