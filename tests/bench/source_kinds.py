"""Gaps of one kind each, made where they come from: in the world, a vendor or the company file.

The two sides of a pair differ by one kind alone, or by one of each platform where these cannot
meet: what one platform claims is no matter of another's. They differ from DAY on, where the kind
can begin on a day; everything else of the two is drawn the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial

from sandbox.breaks import Break, Case, make
from sandbox.world import Change
from sandbox.world.deeds import Deed, State
from sandbox.world.pixel_settings import ACCOUNT as META_ACCOUNT

START, DAY, END = date(2026, 6, 1), date(2026, 8, 31), date(2026, 11, 1)
LAST = END - timedelta(days=1)
#: Of claims that are not in yet, the kind begins as many days before the last.
RECENT_DAY = END - timedelta(days=28)

Edits = Mapping[str, str]


@dataclass(frozen=True)
class Side:
    """A world by what is dated in it, and texts of the company file with what replaces them."""

    changes: tuple[Change, ...] = ()
    deeds: tuple[Deed, ...] = ()
    edits: Edits = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """A gap, the platform that shows it, the columns it belongs in, and the first of the four
    weeks that are scored."""

    name: str
    platform: str
    columns: tuple[str, ...]
    since: date = DAY


@dataclass(frozen=True)
class Pair:
    """Two sides, the sources that show the difference, and the gaps it makes."""

    name: str
    sources: tuple[str, ...]
    broken: Side
    kinds: tuple[Kind, ...]
    usual: Side = Side()


ADS = ("google_ads", "meta_ads")
VISITS = ("ga4", "hubspot", "shopify")
#: The shop's second action is known to the company, which takes claims by whatever window is in
#: force: else a new action or window is a definition without a goal, and says no gap at all.
KNOWN_ACTIONS = {
    '- {source: google_ads, selector: "900100001"} #':
        '- {source: google_ads, selector: "900100004"}\n'
        '      - {source: google_ads, selector: "900100001"} #',
    "headline_claim: {date_basis: click_date, click_window_days: 30}":
        "headline_claim: {date_basis: click_date}",
}  # fmt: skip
#: Claims of an action of another model are never added to the first one's: no gap would be known.
SAME_MODEL = "GOOGLE_SEARCH_ATTRIBUTION_DATA_DRIVEN"
META_ZONE, OTHER_ZONE = "Europe/Amsterdam", "America/Los_Angeles"


def _of(*breaks: Break) -> Side:
    changes = tuple(change for one in breaks for change in one.changes)
    return Side(changes, tuple(deed for one in breaks for deed in one.deeds))


def _both(one: Side, other: Side) -> Side:
    return Side(one.changes + other.changes, one.deeds + other.deeds, {**one.edits, **other.edits})


def _of_both(name: str, *columns: str) -> tuple[Kind, ...]:
    return tuple(Kind(name, platform, columns) for platform in ("google_ads", "meta_ads"))


def _set(parameter: str, value: float, since: date = DAY, **where: str) -> Side:
    return Side((Change(parameter, since, None, where, value=value),))


def _set_zone(state: State) -> None:
    state["account"]["timezone_name"] = OTHER_ZONE


def _further_action() -> Side:
    """It counts half of the claims again, by the model that the first action has."""
    side = _of(make(21, HALF))
    (added,) = side.deeds
    words = (("conversion action", "900100004", f"attribution model became {SAME_MODEL}"),)
    model = Deed(added.system, added.account_id, added.at, _set_model, words)
    return replace(side, deeds=(added, model))


def _set_model(state: State) -> None:
    state["models"]["purchase_again"] = SAME_MODEL


def _elsewhere() -> Side:
    """Meta's account is of another zone all its life, as zones of accounts are."""
    opened = datetime.combine(START, datetime.min.time())
    words = f"account {META_ACCOUNT}: time zone {META_ZONE} became {OTHER_ZONE}"
    deed = Deed("meta_ads", META_ACCOUNT, opened, _set_zone, (("account", META_ACCOUNT, words),))
    return Side(deeds=(deed,), edits={f"time_zone: {META_ZONE}": f"time_zone: {OTHER_ZONE}"})


def _until_then(parameter: str, value: float, **where: str) -> tuple[Side, Side]:
    """What is there from DAY on alone, and what is never there."""
    change = partial(Change, parameter, START - timedelta(days=60), where=where, value=value)
    return Side((change(until=DAY),)), Side((change(until=None),))


VIEWS_ON, NO_VIEWS = _until_then("claim_reported_share", 0, platform="meta_ads", seen_as="view")
MODELLED_ON, NOT_MODELLED = _until_then("google_modelled_share", 0, platform="google_ads")
HALF = Case(DAY, strength=0.5)
GOOGLE_SHOP = {"platform": "google_ads", "action": "purchase"}
#: A view that nobody had, or what it is worth, is by Meta's word alone: no other system sees any.
META_CLICKS = {"platform": "meta_ads", "action": "purchase", "seen_as": "click"}
#: A conversion that another channel had before is the affiliate's, or nobody's, just as well.
CREDITED_ELSEWHERE = ("other_channels_conversions", "other_platforms_conversions")

PAIRS = (
    Pair("nothing", ADS, _set("claim_reported_share", 1),
         _of_both("nothing", "unexplained_conversions")),
    Pair("narrower", ADS, _of(make(22, Case(DAY)), make(23, Case(DAY))), (
        Kind("click window 30 -> 1 days", "google_ads", ("window_conversions",)),
        Kind("view-through switched off", "meta_ads", ("view_through_conversions",)),
    )),
    Pair("wider", ADS, _both(MODELLED_ON, VIEWS_ON), (
        Kind("modelled claims switched on", "google_ads",
             ("modelled_conversions", "unseen_conversions")),
        Kind("view-through switched on", "meta_ads", ("view_through_conversions",)),
    ), _both(NOT_MODELLED, NO_VIEWS)),
    Pair("more", ADS, _both(_further_action(), _set("doubled_claim_share", 0.5, **META_CLICKS)), (
        Kind("a further action is primary", "google_ads", ("overlapping_conversions",)),
        Kind("every second click is invented", "meta_ads", ("unexplained_conversions",)),
    )),
    Pair("fewer", ADS, _both(_set("claim_reported_share", 0.5, **GOOGLE_SHOP),
                             _set("claim_cents_share", 0.3, **META_CLICKS)), (
        Kind("half of the claims never come", "google_ads", ("unreported_conversions",)),
        Kind("three in ten clicks are in cents", "meta_ads", ("valuation_amount",)),
    )),
    Pair("later", ADS, _both(_set("claim_delay_hours", 480, RECENT_DAY, **GOOGLE_SHOP),
                             _elsewhere()), (
        Kind("claims come twenty days late", "google_ads", ("not_yet_settled_conversions",),
             RECENT_DAY),
        Kind("account of another zone", "meta_ads", ("zone_conversions",)),
    )),
    Pair("refunds", ("awin", "shopify"), _set("refund_share", 0.3),
         _of_both("refunds of three in ten orders", "refunds_amount")),
    Pair("cancellations", ("awin", "shopify"), _set("cancel_share", 0.2),
         _of_both("a fifth of orders is cancelled", "cancellations_conversions")),
    Pair("twice", ("ga4", "gtm", *ADS), _of(make(3, HALF)),
         _of_both("every second purchase fires twice", "duplicate_firing_conversions")),
    Pair("affiliates", ("awin", *VISITS), Side((Change("affiliate_factor", DAY, factor=4),)),
         _of_both("affiliates have four times as many", *CREDITED_ELSEWHERE)),
    Pair("consent", ("conversions_api", "gtm", *VISITS, *ADS), _of(make(11, HALF)),
         _of_both("half of the others refuse consent", "unseen_conversions",
                  *CREDITED_ELSEWHERE)),
    Pair("rate", ("fx_rates", "shopify", *ADS), Side((Change("usd_per_eur", DAY, factor=1.25),)),
         (Kind("a euro buys a quarter more", "google_ads", ("currency_amount",),
               DAY - timedelta(days=28)),)),
    Pair("dated", (), Side(),
         (Kind("dated by click, not conversion", "google_ads", ("date_basis_conversions",)),),
         Side(edits={"date_basis: click_date}": "date_basis: conversion_date}"})),
)  # fmt: skip
