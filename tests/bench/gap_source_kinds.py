"""Gaps of one kind each, put in where they arise: what people and platforms do, or are set to.

Each is a change of the sandbox's world, which the vendors then show, of how a vendor counts, or of
what the company file says of an account.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

from sandbox.breaks import Case, make
from sandbox.breaks import together as as_world
from sandbox.vendors import meta_ads_reports
from sandbox.world import plans
from sandbox.world.dated import Change

GOOGLE, META = "google_ads", "meta_ads"
START, BROKEN, MENDED, END = (
    date(2026, 6, 1), date(2026, 7, 20), date(2026, 8, 17), date(2026, 9, 21)
)  # fmt: skip
LAST = END - timedelta(days=1)
#: How many of the last days a gap of late claims is looked for in.
RECENT_DAYS = 10
OLD_ZONE, NEW_ZONE = "Europe/Amsterdam", "Asia/Tokyo"
#: Every ad click and what becomes of it.
OF_VISITS = ("ga4", "shopify", "hubspot", "google_ads", "meta_ads", "awin")
SHOP_LIFE = ("shopify", "awin")


@dataclass(frozen=True)
class AtSource:
    """One kind: the platform whose gap it makes, the column it belongs in, `world` what `generate`
    is called with, `landed` the sources that show it, `edits` what the company file says instead,
    `zone` where a platform's account is moved to. `is_recent`: of the last days."""

    name: str
    platform: str
    column: str
    world: Mapping[str, Any] = field(default_factory=dict)
    landed: tuple[str, ...] = ()
    edits: tuple[tuple[str, str], ...] = ()
    zone: str | None = None
    is_recent: bool = False

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last of the days on which it is looked for."""
        if self.is_recent:
            return END - timedelta(days=RECENT_DAYS), LAST
        return BROKEN, MENDED - timedelta(days=1)

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """The account in its zone, for the world and for the vendor that counts in it."""
        with ExitStack() as stack:
            if self.zone:
                stack.enter_context(patch.dict(plans.ZONES, {self.platform: self.zone}))
                for name in ("CREDITS", "AD_DAYS"):
                    moved = getattr(meta_ads_reports, name).replace(OLD_ZONE, self.zone)
                    stack.enter_context(patch.object(meta_ads_reports, name, moved))
                account = {"timezone_name": self.zone}
                stack.enter_context(patch.dict(meta_ads_reports.ACCOUNT, account))
            yield


def _changes(*changes: Change) -> dict[str, Any]:
    return {"changes": changes}


def _then(parameter: str, value: float, **where: str) -> Change:
    return Change(parameter, BROKEN, MENDED, where, value=value)


def _broken(number: int, case: Case) -> Mapping[str, Any]:
    return as_world([make(number, case)])


#: For good, as a setting that was landed with the history shows no other day.
ALWAYS = Case(START - timedelta(days=60), None, 0.9)
WHILE = Case(BROKEN, MENDED, 0.5)
WHOLLY = Case(BROKEN, MENDED, 1.0)
#: A dollar that is worth a third more in every second week.
WEEKLY_RATES = tuple(
    Change("usd_per_eur", day, day + timedelta(days=7), value=1.55)
    for day in (BROKEN + timedelta(days=14 * number) for number in range(2))
)
OF_GOOGLE = {"platform": GOOGLE, "action": "purchase"}

KINDS = (
    AtSource(
        "click window 30 -> 3 days", GOOGLE, "window_conversions", _broken(22, ALWAYS), (GOOGLE,),
        (("click_window_days: 30}", "click_window_days: 3}"),),
    ),
    AtSource(
        "views no longer counted", META, "view_through_conversions", _broken(23, WHOLLY), (META,),
    ),
    AtSource(
        "a second action, primary", GOOGLE, "overlapping_conversions", _broken(21, WHILE),
        (GOOGLE,),
        (('      - {source: meta_ads, selector: omni_purchase}',
          '      - {source: google_ads, selector: "900100004"}\n'
          '      - {source: meta_ads, selector: omni_purchase}'),),
    ),
    AtSource(
        "the tags fire twice for half", META, "duplicate_firing_conversions", _broken(3, WHILE),
        ("ga4", META, GOOGLE),
    ),
    AtSource(
        "half of the orders refunded", GOOGLE, "refunds_amount",
        _changes(_then("refund_share", 0.5)), SHOP_LIFE,
    ),
    AtSource(
        "three in ten orders cancelled", GOOGLE, "cancellations_conversions",
        _changes(_then("cancel_share", 0.3)), SHOP_LIFE,
    ),
    AtSource(
        "the dollar up and down by weeks", GOOGLE, "currency_amount",
        _changes(*WEEKLY_RATES), (GOOGLE, "shopify", "fx_rates"),
    ),
    AtSource(
        "the account's zone 7 hours on", META, "zone_conversions", landed=(META,),
        edits=((f"act_900100200, time_zone: {OLD_ZONE}", f"act_900100200, time_zone: {NEW_ZONE}"),),
        zone=NEW_ZONE,
    ),
    AtSource(
        "headline by conversion, not click", GOOGLE, "date_basis_conversions",
        edits=(("date_basis: click_date, click_window_days: 30",
                "date_basis: conversion_date, click_window_days: 30"),),
    ),
    AtSource(
        "half of those who agreed refuse", GOOGLE, "unseen_conversions", _broken(11, WHILE),
        OF_VISITS,
    ),
    AtSource(
        "half of the claims never come", GOOGLE, "unreported_conversions",
        _changes(_then("claim_reported_share", 0.5, **OF_GOOGLE)), (GOOGLE,),
    ),
    AtSource(
        "claims come ten days late", GOOGLE, "not_yet_settled_conversions",
        _changes(Change("claim_delay_hours", END - timedelta(days=RECENT_DAYS + 20), None,
                        OF_GOOGLE, value=240.0)),
        (GOOGLE,), is_recent=True,
    ),
    AtSource(
        "half as many claims of nothing", GOOGLE, "unexplained_conversions",
        _changes(_then("doubled_claim_share", 0.5, **OF_GOOGLE)), (GOOGLE,),
    ),
    AtSource(
        "Meta follows whom Google brought", GOOGLE, "other_platforms_conversions",
        _changes(Change("touch_weight", BROKEN - timedelta(days=14), MENDED,
                        {"touch": "meta_ads:retargeting", "kind": "shop"}, factor=6.0)),
        OF_VISITS,
    ),
)  # fmt: skip
