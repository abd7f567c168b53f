"""Breaks of what is loaded and of what reaches shop and CRM: kinds 24 to 31 and 33 to 35."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sandbox.breaks.case import Break, Case, Order
from sandbox.world.crm_settings import PORTAL
from sandbox.world.deeds import State
from sandbox.world.property_settings import PROPERTY

#: When an ad day is billed anew (ads.py), and how far a clock is put ahead at most.
RESTATED_AFTER, MOST_HOURS = timedelta(days=11), 9
#: More often than anybody asks for a page.
WHENEVER_ASKED = 10_000
#: Hours until GA4's tables hold an event, at full strength.
LATE_HOURS = 96.0


def history_restated(case: Case) -> Break:
    """A platform takes back part of what it billed ten days ago, day after day."""
    until = case.until and case.until - RESTATED_AFTER
    case_of_days = replace(case, day=case.day - RESTATED_AFTER, until=until)
    if not case.segment:
        case_of_days = replace(case_of_days, segment={"platform": "google_ads"})
    changes = case_of_days.more("restated_share")
    return Break(24, "history_restated", case.day, case.until, changes)


def load_partial(case: Case) -> Break:
    """A platform answers as if the day it was asked for had no rows."""
    vendor = str(case.segment.get("platform", "google_ads"))
    orders = (Order(vendor, "empty_day"),)
    return Break(25, "load_partial", case.day, case.until, orders=orders)


def data_late(case: Case) -> Break:
    """GA4's events reach their tables days later than usual."""
    changes = case.set("ga4_delay_hours", LATE_HOURS * case.strength)
    return Break(26, "data_late", case.day, case.until, changes)


def load_duplicated(case: Case) -> Break:
    """A platform answers a page a second time in place of the next, whenever it is asked: once
    alone is asked again, and mended by that."""
    vendor = str(case.segment.get("platform", "meta_ads"))
    orders = (Order(vendor, "duplicate_page", WHENEVER_ASKED),)
    return Break(27, "load_duplicated", case.day, case.until, orders=orders)


def zone_changed(case: Case) -> Break:
    """Somebody sets the property to another zone, and its events' clock goes with it."""
    hours = max(1, round(MOST_HOURS * case.strength))
    path, zone = f"properties/{PROPERTY}", f"Etc/GMT-{hours}"

    def set_zone(state: State) -> None:
        state[path]["timeZone"] = zone

    def set_back(state: State) -> None:
        state[path]["timeZone"] = "Europe/Lisbon"

    words = 'account "Harbour House": time zone'
    deeds = case.set_in(
        "ga4", PROPERTY, set_zone, set_back,
        (("account", PROPERTY, f"{words} Europe/Lisbon became {zone}"),),
        (("account", PROPERTY, f"{words} {zone} became Europe/Lisbon"),),
    )  # fmt: skip
    changes = case.set("event_clock_hours", float(hours))
    return Break(28, "time_zone_changed", case.day, case.until, changes, deeds)


def crm_stopped(case: Case) -> Break:
    """Forms are sent and thanked for, and the CRM hears of none."""
    return Break(29, "crm_stopped", case.day, case.until, case.more("form_lost_share"))


def field_renamed(case: Case) -> Break:
    """The form's hidden field has another name: the CRM keeps no click id of Google's."""
    return Break(30, "form_field_renamed", case.day, case.until, case.more("form_field_lost_share"))


def stages_changed(case: Case) -> Break:
    """The stage of viewings is no longer used: deals go from the enquiry to the proposal."""

    def called(name: str):
        def make(state: State) -> None:
            state["labels"]["viewing"] = name

        return make

    words = 'stage "Viewing"'
    deeds = case.set_in(
        "hubspot", PORTAL, called("Viewing (old)"), lambda state: state["labels"].clear(),
        (("stage", "viewing", f'{words} is now called "Viewing (old)"'),),
        (("stage", "viewing", 'stage "Viewing (old)" is now called "Viewing"'),),
    )  # fmt: skip
    changes = case.less("viewing_share")
    return Break(31, "stage_mapping_changed", case.day, case.until, changes, deeds)


def refunds_missing(case: Case) -> Break:
    """Who pays refunds out no longer tells the shop."""
    return Break(33, "refunds_missing", case.day, case.until, case.more("refund_lost_share"))


def drafts_made(case: Case) -> Break:
    """Staff try out the shop: orders of nothing, at full strength one for three of the web's."""
    changes = case.set("draft_share", case.strength / 3)
    return Break(34, "test_orders", case.day, case.until, changes)


def channel_unmapped(case: Case) -> Break:
    """Links of ads carry a medium that nobody has said the channel of."""
    return Break(35, "channel_unmapped", case.day, case.until, case.more("medium_strange_share"))
