"""Snapshots by hand: what systems were set to, load after load, and what is to be told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb

#: Kind and id of an object, its name, and its settings.
Thing = tuple[str, str, str | None, Mapping[str, str | None]]
FIRST = datetime(2026, 9, 1, 6, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    """Snapshots of one container, and the changes they tell; those that break a goal apart."""

    snapshots: tuple[tuple[Thing, ...], ...]
    changes: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()


def tag(number: str, name: str | None, **settings: str | None) -> Thing:
    return "tag", number, name, {"name": name, "paused": "false", **settings}


def sends(event: str, **settings: str | None) -> dict[str, str | None]:
    return {"parameter eventName": event, "type": "gaawe", "firing_triggers": "21", **settings}


MEASURED_BY = "parameter measurementIdOverride"
PURCHASE = tag("1", "Purchase", **sends("purchase"))
BYSTANDER = tag("9", "Chat", html="1")
TRIGGER: Thing = ("trigger", "21", "Bought", {"name": "Bought", "filter": "hidden a"})

CASES: dict[str, Told] = {
    "one snapshot alone": Told(((PURCHASE, BYSTANDER),)),
    "nothing changed": Told(((PURCHASE,), (PURCHASE,), (PURCHASE,))),
    "a tag was paused": Told(
        ((PURCHASE,), (tag("1", "Purchase", **sends("purchase", paused="true")),)),
        breaks=('tag "Purchase" was paused',),
    ),
    "a tag goes on": Told(
        ((tag("1", "Purchase", **sends("purchase", paused="true")),), (PURCHASE,)),
        ('tag "Purchase" is no longer paused',),
    ),
    "a tag that feeds nothing was paused": Told(
        ((BYSTANDER,), (tag("9", "Chat", html="1", paused="true"),)), ('tag "Chat" was paused',)
    ),
    "a tag was removed": Told(
        ((PURCHASE, BYSTANDER), (BYSTANDER,)), breaks=('tag "Purchase" was removed',)
    ),
    "a tag came": Told(((BYSTANDER,), (PURCHASE, BYSTANDER)), ('tag "Purchase" was added',)),
    "a tag went and came back": Told(
        ((PURCHASE, BYSTANDER), (BYSTANDER,), (PURCHASE, BYSTANDER)),
        ('tag "Purchase" was added',), ('tag "Purchase" was removed',),
    ),
    "a tag came back otherwise": Told(
        ((BYSTANDER, PURCHASE), (PURCHASE,), (tag("9", "Chat", html="2"), PURCHASE)),
        ('tag "Chat" was added', 'tag "Chat" was removed'),
    ),
    "an import gave every tag another number": Told(
        ((PURCHASE,), (tag("301", "Purchase", **sends("purchase")),)),
        ('tag "Purchase" was added',), ('tag "Purchase" was removed',),
    ),
    "there and back": Told(
        ((BYSTANDER,), (tag("9", "Chat", html="2"),), (BYSTANDER,)),
        ('tag "Chat": html 1 became 2', 'tag "Chat": html 2 became 1'),
    ),
    "renamed and paused at once": Told(
        ((tag("9", "Chat"),), (tag("9", "Support", paused="true"),)),
        ('tag "Chat" is now called "Support"', 'tag "Support" was paused'),
    ),
    "a setting came": Told(
        ((tag("9", "Chat"),), (tag("9", "Chat", priority="5"),)),
        ('tag "Chat": priority none became 5',),
    ),
    "a setting went": Told(
        ((tag("9", "Chat", priority="5"),), (tag("9", "Chat"),)),
        ('tag "Chat": priority 5 became none',),
    ),
    "nobody says for a while": Told(
        ((tag("9", "Chat", mode="a"),), (tag("9", "Chat", mode=None),),
         (tag("9", "Chat", mode="b"),)),
        ('tag "Chat": mode a became b',),
    ),
    "known for the first time": Told(
        ((tag("9", "Chat", mode=None),), (tag("9", "Chat", mode="a"),))
    ),
    "unknown in the end": Told(((tag("9", "Chat", mode="a"),), (tag("9", "Chat", mode=None),))),
    "a hidden value changed": Told(
        ((tag("9", "Chat", html="hidden a1"),), (tag("9", "Chat", html="hidden b2"),)),
        ('tag "Chat": html was changed',),
    ),
    "a hidden value came and went": Told(
        ((tag("9", "Chat"),), (tag("9", "Chat", notes="hidden a"),), (tag("9", "Chat"),)),
        ('tag "Chat": notes was added', 'tag "Chat": notes was removed'),
    ),
    "an object without a name": Told(
        ((tag("9", None),), (tag("9", None, paused="true"),)), ("tag 9 was paused",)
    ),
    "a name with quotes": Told(
        ((tag("9", 'The "old" one'),), (tag("9", 'The "old" one', paused="true"),)),
        ('tag "The "old" one" was paused',),
    ),
    "two kinds with one id": Told(
        ((tag("5", "Five"), ("folder", "5", "Five", {"name": "Five"})), (tag("5", "Five"),)),
        ('folder "Five" was removed',),
    ),
    "the trigger of a goal's tag listens to something else": Told(
        ((PURCHASE, TRIGGER),
         (PURCHASE, ("trigger", "21", "Bought", {"name": "Bought", "filter": "hidden b"}))),
        breaks=('trigger "Bought": filter was changed',),
    ),
    "nothing fires the tag of a goal any more": Told(
        ((PURCHASE,), (tag("1", "Purchase", **sends("purchase", firing_triggers="none")),)),
        breaks=('tag "Purchase": firing triggers 21 became none',),
    ),
    "the event of a goal is spelt another way": Told(
        ((PURCHASE,), (tag("1", "Purchase", **sends("Purchase")),)),
        breaks=('tag "Purchase": eventName purchase became Purchase',),
    ),
    "a pixel that fires with the purchase was paused": Told(
        ((PURCHASE, tag("2", "Pixel", type="html", firing_triggers="21")),
         (PURCHASE, tag("2", "Pixel", type="html", firing_triggers="21", paused="true"))),
        breaks=('tag "Pixel" was paused',),
    ),
    "a pixel on all pages feeds no goal": Told(
        ((tag("1", "Purchase", **sends("purchase", firing_triggers="2147479553")),
          tag("2", "Pixel", type="html", firing_triggers="2147479553")),
         (tag("1", "Purchase", **sends("purchase", firing_triggers="2147479553")),)),
        ('tag "Pixel" was removed',),
    ),
    "another trigger fires the tag of a goal": Told(
        ((PURCHASE,), (tag("1", "Purchase", **sends("purchase", firing_triggers="22")),)),
        breaks=('tag "Purchase": firing triggers 21 became 22',),
    ),
    "one trigger more fires it": Told(
        ((PURCHASE,), (tag("1", "Purchase", **sends("purchase", firing_triggers="21, 22")),)),
        ('tag "Purchase": firing triggers 21 became 21, 22',),
    ),
    "an exception keeps the tag of a goal from firing": Told(
        ((tag("1", "Purchase", **sends("purchase", blocking_triggers="none")),),
         (tag("1", "Purchase", **sends("purchase", blocking_triggers="30")),)),
        breaks=('tag "Purchase": blocking triggers none became 30',),
    ),
    "an exception is taken away": Told(
        ((tag("1", "Purchase", **sends("purchase", blocking_triggers="30")),),
         (tag("1", "Purchase", **sends("purchase", blocking_triggers="none")),)),
        ('tag "Purchase": blocking triggers 30 became none',),
    ),
    "an exception keeps back more than it did": Told(
        ((tag("1", "Purchase", **sends("purchase", blocking_triggers="21")), TRIGGER),
         (tag("1", "Purchase", **sends("purchase", blocking_triggers="21")),
          ("trigger", "21", "Bought", {"name": "Bought", "filter": "hidden b"}))),
        breaks=('trigger "Bought": filter was changed',),
    ),
    "the tag of a goal ends on a day": Told(
        ((PURCHASE,), (tag("1", "Purchase", **sends("purchase", schedule_end_ms="2026-10-01")),)),
        breaks=('tag "Purchase": schedule end ms none became 2026-10-01',),
    ),
    "the tag of a goal tells another property": Told(
        ((tag("1", "Purchase", **sends("purchase", **{MEASURED_BY: "G-1"})),),
         (tag("1", "Purchase", **sends("purchase", **{MEASURED_BY: "G-2"})),)),
        breaks=('tag "Purchase": measurementIdOverride G-1 became G-2',),
    ),
    "a trigger waits for something else": Told(
        ((PURCHASE, ("trigger", "21", "Bought", {"name": "Bought", "parameter interval": "5"})),
         (PURCHASE, ("trigger", "21", "Bought", {"name": "Bought", "parameter interval": "9"}))),
        breaks=('trigger "Bought": interval 5 became 9',),
    ),
    "a trigger is filed elsewhere": Told(
        ((PURCHASE, ("trigger", "21", "Bought", {"name": "Bought", "parent_folder_id": "5"})),
         (PURCHASE, ("trigger", "21", "Bought", {"name": "Bought", "parent_folder_id": "9"}))),
        ('trigger "Bought": parent folder id 5 became 9',),
    ),
    "one tag for whatever happens was paused": Told(
        ((tag("1", "Shop", **sends("{{Event}}")),),
         (tag("1", "Shop", **sends("{{Event}}", paused="true")),)),
        breaks=('tag "Shop" was paused',),
    ),
    "a tag whose event's name may not be shown was paused": Told(
        ((tag("1", "Shop", **sends("hidden a")),),
         (tag("1", "Shop", **sends("hidden a", paused="true")),)),
        breaks=('tag "Shop" was paused',),
    ),
    "a pixel of a template that fires with the purchase was paused": Told(
        ((PURCHASE, tag("2", "Pixel", **sends("standard", type="cvt_7_3"))),
         (PURCHASE, tag("2", "Pixel", **sends("standard", type="cvt_7_3", paused="true")))),
        breaks=('tag "Pixel" was paused',),
    ),
    "a pixel of a template elsewhere feeds no goal": Told(
        ((PURCHASE, tag("2", "Pixel", **sends("standard", type="cvt_7_3", firing_triggers="22"))),
         (PURCHASE,)),
        ('tag "Pixel" was removed',),
    ),
    "Google's own tag, which the others need, was paused": Told(
        ((tag("4", "Google", type="googtag"),),
         (tag("4", "Google", type="googtag", paused="true"),)),
        breaks=('tag "Google" was paused',),
    ),
    "a conversion tag asks for more consent": Told(
        ((tag("3", "Ads", type="awct", consent_types="ad_storage"),),
         (tag("3", "Ads", type="awct", consent_types="ad_storage, ad_user_data"),)),
        breaks=('tag "Ads": consent types ad_storage became ad_storage, ad_user_data',),
    ),
}  # fmt: skip


def write(con: duckdb.DuckDBPyConnection) -> None:
    """Every case as a container of its own, its loads in no order at all."""
    rows = [
        {
            "container_id": name, "object_type": kind, "object_id": number, "object_name": label,
            "setting": setting,
            "value": None if (value or "").startswith("hidden") else value,
            "hidden_value_hmac": value.split()[1] if (value or "").startswith("hidden") else None,
            "_load_id": f"{name} {place}", "_committed_at": FIRST + timedelta(days=place),
            # Asked for another day each time, backwards.
            "_day": (FIRST - timedelta(days=place)).date(),
        }
        for name, told in CASES.items()
        for place, things in enumerate(told.snapshots)
        for kind, number, label, settings in things
        for setting, value in settings.items()
        if not (setting == "name" and value is None)
    ]  # fmt: skip
    insert(con, "raw_gtm.settings__loads", rows[::-1])


def insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" for _ in row)
        con.execute(f"insert into {table} ({names}) values ({marks})", list(row.values()))


#: Other systems' loads: table, what every load says, and what each says otherwise.
OTHERS: dict[str, tuple[str, dict[str, Any], tuple[dict[str, Any], ...], tuple[str, ...]]] = {
    "an action is counted for fewer days and steers no more": (
        "raw_google_ads.conversion_actions__loads",
        {"customer_id": "c1", "conversion_action_id": "900100001", "name": "Purchase",
         "status": "ENABLED", "primary_for_goal": True,
         "attribution_model": "GOOGLE_ADS_LAST_CLICK",
         "click_through_lookback_window_days": 30, "view_through_lookback_window_days": 1},
        ({}, {"click_through_lookback_window_days": 7}, {"click_through_lookback_window_days": 7,
         "primary_for_goal": False, "status": "HIDDEN"}),
        ('conversion action "Purchase": click window 30 became 7',
         'conversion action "Purchase": is primary true became false',
         'conversion action "Purchase": status ENABLED became HIDDEN'),
    ),
    "an action's model": (
        "raw_google_ads.conversion_actions__loads",
        {"customer_id": "c2", "conversion_action_id": "7", "name": "Lead", "status": "ENABLED"},
        ({"attribution_model": "GOOGLE_ADS_LAST_CLICK"},
         {"attribution_model": "GOOGLE_SEARCH_ATTRIBUTION_DATA_DRIVEN"}),
        ('conversion action "Lead": attribution model last_click became data_driven',),
    ),
    "an account's zone and tagging": (
        "raw_google_ads.customer_settings__loads",
        {"customer_id": "c3", "currency_code": "USD", "status": "ENABLED"},
        ({"time_zone": "America/New_York", "auto_tagging_enabled": True},
         {"time_zone": "Europe/Lisbon", "auto_tagging_enabled": False, "final_url_suffix": "a=1"}),
        ("account c3: auto tagging enabled true became false",
         "account c3: final url suffix none became a=1",
         "account c3: time zone America/New_York became Europe/Lisbon"),
    ),
    "an action that counts every one": (
        "raw_google_ads.conversion_actions__loads",
        {"customer_id": "c5", "conversion_action_id": "8", "name": "Booking"},
        ({"counting_type": "ONE_PER_CLICK", "category": "DEFAULT"},
         {"counting_type": "MANY_PER_CLICK", "category": "PURCHASE"}),
        ('conversion action "Booking": category default became purchase',
         'conversion action "Booking": counting type one_per_click became many_per_click'),
    ),
    "terms that are taken back": (
        "raw_google_ads.customer_settings__loads",
        {"customer_id": "c4", "currency_code": "USD", "status": "ENABLED"},
        ({"accepted_customer_data_terms": True}, {"accepted_customer_data_terms": False}),
        ("account c4: accepts customer data true became false",),
    ),
    "an account that is suspended": (
        "raw_google_ads.customer_settings__loads", {"customer_id": "c6"},
        ({"status": "ENABLED"}, {"status": "SUSPENDED"}),
        ("account c6: status ENABLED became SUSPENDED",),
    ),
    "a currency more for customers": (
        "raw_shopify.shop__loads",
        {"myshopify_domain": "m", "time_zone": "Europe/Lisbon", "currency_code": "EUR"},
        ({}, {"presentment_currencies": "EUR"}, {"presentment_currencies": "EUR, GBP"}),
        ("account m: presentment currencies EUR became EUR, GBP",),
    ),
    "stages in another order": (
        "raw_hubspot.pipelines__loads",
        {"pipeline": "events", "stage": "offer", "stage_name": "Offer", "is_closed": False,
         "win_probability": 0.4},
        ({"stage_order": 2}, {"stage_order": 3}),
        ('deal stage "Offer": stage order 2 became 3',),
    ),
    "an account that is disabled": (
        "raw_meta_ads.account_settings__loads",
        {"account_id": "1", "currency": "EUR", "timezone_name": "Europe/Lisbon"},
        ({"account_status": 1}, {"account_status": 2}),
        ("account act_1: status 1 became 2",),
    ),
    "a shop's tax, known since lately, and its currency": (
        "raw_shopify.shop__loads",
        {"myshopify_domain": "s", "time_zone": "Europe/Lisbon"},
        ({"currency_code": "EUR"}, {"currency_code": "EUR", "taxes_included": True},
         {"currency_code": "GBP", "taxes_included": False}),
        ("account s: currency code EUR became GBP", "account s: taxes included true became false"),
    ),
    "a stage that wins no more": (
        "raw_hubspot.pipelines__loads",
        {"pipeline": "weddings", "stage": "won", "is_closed": True},
        ({"win_probability": 1}, {"win_probability": 1, "stage_name": "Won"},
         {"win_probability": 0.5, "stage_name": "Won"}),
        ('deal stage "Won": outcome won became lost',
         'deal stage "Won": win probability 1.00 became 0.50'),
    ),
}  # fmt: skip

#: Of what these systems hold, one setting of an object in two loads, and whether it is a break.
_OF_PROPERTY = {
    "an export that leaves the purchase out": (
        "export link", "q1", "projects/4", "excluded_events", ("scroll", "purchase, scroll"),
        'export link "projects/4": excluded events scroll became purchase, scroll', True),
    "an export that leaves out what is no goal": (
        "export link", "q1", "projects/4", "excluded_events", ("none", "scroll"),
        'export link "projects/4": excluded events none became scroll', False),
    "an export that writes no day": (
        "export link", "q1", None, "daily_export", ("true", "false"),
        "export link q1: daily export true became false", True),
    "an export that writes as it goes": (
        "export link", "q1", None, "streaming_export", ("false", "true"),
        "export link q1: streaming export false became true", False),
    "a property in the trash": (
        "property", "p", "Site", "in_trash", ("false", "true"),
        'account "Site": in trash false became true', False),
    "a window": (
        "property", "p", "Site", "other_window_days", ("90", "30"),
        'account "Site": other window 90 became 30', False),
    "a model nobody told for a while": (
        "property", "p", "Site", "attribution_model", ("data_driven", None, "last_click"),
        'account "Site": attribution model data_driven became last_click', False),
    "a key event that counts otherwise": (
        "key event", "purchase", "purchase", "counting_method",
        ("once_per_event", "once_per_session"),
        'key event "purchase": counting method once_per_event became once_per_session', False),
    "measurement that is enhanced no more": (
        "data stream", "7", "Site", "enhanced_measurement", ("true", "false"),
        'data stream "Site": enhanced measurement true became false', False),
}  # fmt: skip
_OF_PIXEL = {
    "no matching": ("automatic_matching", ("true", "false"),
                    'pixel "Shop": automatic matching true became false'),
    "not available": ("is_unavailable", ("false", "true"),
                      'pixel "Shop": is unavailable false became true'),
    "no cookies": ("first_party_cookies",
                   ("first_party_cookie_enabled", "first_party_cookie_disabled"),
                   'pixel "Shop": first party cookies first_party_cookie_enabled became'
                   " first_party_cookie_disabled"),
    "another owner": ("owner", ("7", "8"), 'pixel "Shop": owner 7 became 8'),
    "not matched fields": ("matched_fields", ("em, ph", "em"),
                           'pixel "Shop": matched fields em, ph became em'),
}  # fmt: skip
BREAKS_OF_OTHERS = {told for *_, told, is_break in _OF_PROPERTY.values() if is_break} | {
    "account c4: accepts customer data true became false",
    'pixel "Shop": automatic matching true became false',
    'pixel "Shop": is unavailable false became true',
    'pixel "Shop": first party cookies first_party_cookie_enabled became'
    " first_party_cookie_disabled",
    'conversion action "Purchase": status ENABLED became HIDDEN',
    "account c3: auto tagging enabled true became false",
    'conversion action "Purchase": click window 30 became 7',
}
OTHERS |= {
    name: (
        "raw_ga4.settings__loads",
        {"property_id": name, "object_type": kind, "object_id": key, "object_name": label,
         "setting": setting},
        tuple({"value": value} for value in values),
        (told,),
    )
    for name, (kind, key, label, setting, values, told, _) in _OF_PROPERTY.items()
}  # fmt: skip

OTHERS |= {
    name: (
        "raw_meta_ads.measurement_settings__loads",
        {"account_id": name, "object_type": "pixel", "object_id": "5", "object_name": "Shop",
         "setting": setting},
        tuple({"value": value} for value in values),
        (told,),
    )
    for name, (setting, values, told) in _OF_PIXEL.items()
}  # fmt: skip


def write_others(con: duckdb.DuckDBPyConnection) -> None:
    for name, (table, always, loads, _) in OTHERS.items():
        insert(con, table, [
            {**always, **says, "_load_id": f"{name} {place}", "_day": FIRST.date(),
             "_committed_at": FIRST + timedelta(days=place)}
            for place, says in enumerate(loads)
        ])  # fmt: skip
