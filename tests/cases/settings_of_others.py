"""Snapshots by hand of systems other than a tag manager, and the change to be reported of each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import duckdb

from cases.settings_rows import FIRST, insert

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
    "a model not stated for a while": (
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
BREAKS_OF_OTHERS = {change for *_, change, is_break in _OF_PROPERTY.values() if is_break} | {
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
        (change,),
    )
    for name, (kind, key, label, setting, values, change, _) in _OF_PROPERTY.items()
}  # fmt: skip

OTHERS |= {
    name: (
        "raw_meta_ads.measurement_settings__loads",
        {"account_id": name, "object_type": "pixel", "object_id": "5", "object_name": "Shop",
         "setting": setting},
        tuple({"value": value} for value in values),
        (change,),
    )
    for name, (setting, values, change) in _OF_PIXEL.items()
}  # fmt: skip


def write_others(con: duckdb.DuckDBPyConnection) -> None:
    """Every case as loads of their own; what does not name its account is of the one in the company
    file, by its loads."""
    accounts = dict(con.execute("select source, min(account_id) from company.accounts group by 1")
                    .fetchall())  # fmt: skip
    for name, (table, always, loads, _) in OTHERS.items():
        source = table.partition(".")[0].removeprefix("raw_")
        if "pipeline" in always:
            insert(con, "trueup.applied_loads", [
                {"load_id": f"{name} {place}", "source": source, "account": accounts[source]}
                for place in range(len(loads))
            ])  # fmt: skip
        insert(con, table, [
            {**always, **says, "_load_id": f"{name} {place}", "_day": FIRST.date(),
             "_committed_at": FIRST + timedelta(days=place)}
            for place, says in enumerate(loads)
        ])  # fmt: skip
