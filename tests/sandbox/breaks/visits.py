"""Breaks of what a visit brings along, and of who comes: kinds 11 and 13 to 20."""

from __future__ import annotations

from dataclasses import replace

from sandbox.breaks.case import LEVELS, Break, Case
from sandbox.world.ads_settings import ACCOUNT
from sandbox.world.containers import field, tag
from sandbox.world.cuts import REGIONS
from sandbox.world.dated import Change
from sandbox.world.deeds import State
from sandbox.world.parameters import REFUSAL_BY_COUNTRY
from sandbox.world.plans import SHOP_SITE
from sandbox.world.tags import add, put, remove

#: Of visits from ads, those that lose their utm words with their click id.
QUERY_LOST = LEVELS.click_id_lost_share * LEVELS.query_lost_share


def consent_changed(case: Case) -> Break:
    """Another banner, which refuses unless somebody agrees: in Europe, or in one country."""
    named = case.segment.get("country")
    countries = (named,) if isinstance(named, str) else named or REGIONS["EEA"]
    changes: tuple[Change, ...] = ()
    for country in map(str, countries):
        level = REFUSAL_BY_COUNTRY.get(country, LEVELS.refusal_outside_europe)
        there = replace(case, segment={**case.segment, "country": country})
        changes += there.set("analytics_refusal_share", level + case.strength * (1 - level))
    defaults = tag(63, "Consent defaults", "cvt_181100201_52",
                   field("analytics_storage", "denied"), field("ad_storage", "denied"))  # fmt: skip
    deeds = case.publish(
        "Consent banner",
        add("tag", {**defaults, "firingTriggerId": ["2147479553"]}),
        remove("63"),
        (("tag", "63", 'tag "Consent defaults" was added'),),
        (("tag", "63", 'tag "Consent defaults" was removed'),),
    )
    return Break(11, "consent_changed", case.day, case.until, changes, deeds)


def query_dropped(case: Case) -> Break:
    """A redirect in front of a landing page forgets everything behind the question mark."""
    page = {"page": f"{SHOP_SITE}/collections/hampers"}
    case = replace(case, segment=case.segment or page)
    lost = LEVELS.click_id_lost_share + case.strength * (1 - LEVELS.click_id_lost_share)
    both = QUERY_LOST + case.strength * (1 - QUERY_LOST)
    changes = case.set("click_id_lost_share", lost)
    changes += case.set("query_lost_share", min(1.0, both / lost))
    return Break(13, "query_string_dropped", case.day, case.until, changes)


def ids_stripped(case: Case) -> Break:
    """A browser takes the click ids out of links, and leaves the utm words."""
    case = replace(case, segment=case.segment or {"browser": "Safari"})
    return Break(14, "click_ids_stripped", case.day, case.until, _ids_lost(case))


def auto_tagging_off(case: Case) -> Break:
    """Google no longer adds its click id to the links of its ads."""

    def turned(on: bool):
        def make(state: State) -> None:
            state["auto_tagging"] = on

        return make

    words = f"account {ACCOUNT}: auto tagging"
    deeds = case.set_in(
        "google_ads", ACCOUNT, turned(False), turned(True),
        (("account", ACCOUNT, f"{words} true became false"),),
        (("account", ACCOUNT, f"{words} false became true"),),
    )  # fmt: skip
    changes = _ids_lost(case, platform="google_ads")
    changes += case.set("braid_share", LEVELS.braid_share * (1 - case.strength),
                        platform="google_ads")  # fmt: skip
    return Break(15, "auto_tagging_off", case.day, case.until, changes, deeds)


def utm_renamed(case: Case) -> Break:
    """Somebody spells the campaigns anew in the links."""
    return Break(16, "utm_renamed", case.day, case.until, case.more("utm_renamed_share"))


def self_referral(case: Case) -> Break:
    """The cookie no longer crosses to the checkout, which takes each buyer for somebody new."""
    kept = [field("tagId", "G-HRBHS2026")]
    deeds = case.publish(
        "Google tag: cookies",
        put("tag", "11", parameter=[*kept, field("cookieDomain", "none")]),
        put("tag", "11", parameter=kept),
        (("tag", "11", 'tag "Google tag": cookie domain became none'),),
        (("tag", "11", 'tag "Google tag": cookie domain none was taken out'),),
    )
    changes = case.more("linker_lost_share")
    return Break(17, "self_referral", case.day, case.until, changes, deeds)


def payment_referral(case: Case) -> Break:
    """A payment provider's host is no longer on the list of unwanted referrals."""
    changes = case.more("payment_referral_share")
    return Break(18, "payment_referral", case.day, case.until, changes)


def unassigned(case: Case) -> Break:
    """Sessions without a start: nothing says where they came from."""
    return Break(19, "unassigned_surge", case.day, case.until, case.more("session_lost_share"))


def bots(case: Case) -> Break:
    """Data centres read pages: at full strength as many visits as the shop has browsers."""
    visits = case.strength * LEVELS.shop_browsers_per_day
    return Break(
        20, "bot_traffic", case.day, case.until, case.set("bot_visits_per_day", visits)
    )  # fmt: skip


def _ids_lost(case: Case, **where: str) -> tuple[Change, ...]:
    """Click ids are lost, and no more utm words than ever."""
    lost = LEVELS.click_id_lost_share + case.strength * (1 - LEVELS.click_id_lost_share)
    return case.set("click_id_lost_share", lost, **where) + case.set(
        "query_lost_share", QUERY_LOST / lost, **where
    )
