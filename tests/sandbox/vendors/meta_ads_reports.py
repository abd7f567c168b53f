"""What Meta's insights and objects say about the world: set-wise, as of the desk's clock.

Meta counts what happens off Meta on the day it happens, in the ad account's zone, and lists one
conversion under every action type it fits: their sum is a multiple of what happened. The plain
count follows the ad set's own attribution setting, and ad sets have unlike ones.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sandbox.desk import Desk

ACCOUNT = {
    "id": "act_900100200",
    "account_id": "900100200",
    "currency": "GBP",
    "timezone_name": "Europe/Amsterdam",
    "account_status": 1,
    "name": "Harbour House",
}
#: setting -> the windows its plain count adds up. The first one is Meta's own; one ad set in eight
#: counts clicks of a day, and one, which is deleted, a week of them without views.
SETTINGS = {
    "7d_click_1d_view": ("7d_click", "1d_view"),
    "1d_click": ("1d_click",),
    "7d_click": ("7d_click",),
}
#: Windows Meta still fills; `7d_view` and `28d_view` are accepted and left out of the answer.
WINDOWS = ("1d_click", "7d_click", "28d_click", "1d_view")
RETIRED_WINDOWS = ("7d_view", "28d_view")
#: action -> the types it is listed under; the custom one is the server's copy of the pixel event.
ACTION_TYPES = {
    "purchase": (
        "omni_purchase",
        "purchase",
        "offsite_conversion.fb_pixel_purchase",
        "onsite_web_purchase",
        "offsite_conversion.custom.930100",
    ),
    "lead": ("lead", "offsite_conversion.fb_pixel_lead", "offsite_conversion.custom.930200"),
}
#: What actions leave out and `conversions` lists: each enquiry is a contact, too.
CONVERSION_TYPES = {"lead": ("contact_total", "contact_website")}
_LISTS = ("actions", "action_values", "conversions", "conversion_values")
METRICS = ("impressions", "clicks", "spend")
COMMON = ("account_currency", "account_id", "date_start", "date_stop", *METRICS)
AD_ONLY = (
    "campaign_id",
    "campaign_name",
    "adset_id",
    "adset_name",
    "ad_id",
    "ad_name",
    "attribution_setting",
    "objective",
    "actions",
    "action_values",
    "conversions",
    "conversion_values",
)
FIELDS = {
    "account": COMMON,
    "campaign": (*COMMON, "campaign_id", "campaign_name", "objective"),
    "ad": (*COMMON, *AD_ONLY),
}

NAMED = """
    select campaign_id, campaign_name, status
    from campaign_versions
    where platform = 'meta_ads' and valid_from <= $now and (valid_to is null or valid_to > $now)
"""

#: Days are of the zone the account is in at the desk's moment.
_ZONE = f"""coalesce((
    select max_by(content, valid_from)->'account'->>'timezone_name'
    from system_settings where system = 'meta_ads' and valid_from <= $now
), '{ACCOUNT["timezone_name"]}')"""

_CREDITED = f"""
    select campaign_id, ad_group_id, ad_id, action, kind, value_amount_local as value,
        (converted_at at time zone 'UTC' at time zone {_ZONE})::date as ad_date,
        converted_at - touched_at as lag
    from claims
    where platform = 'meta_ads' and known_at <= $now
"""

# A conversion on a day on which the ad no longer ran still has its row, with zeros.
AD_DAYS = f"""
with delivered as (
    select campaign_id, ad_group_id, ad_id, ad_date, impressions, clicks, cost_micros
    from ad_daily
    where platform = 'meta_ads' and known_at <= $now and ad_date between $since and $until
    qualify row_number() over (
        partition by ad_id, ad_date order by known_at desc, version desc) = 1
),
places as (
    select campaign_id, ad_group_id, ad_id, ad_date from delivered where impressions > 0
    union
    select campaign_id, ad_group_id, ad_id, ad_date from ({_CREDITED})
    where ad_date between $since and $until
)
select places.ad_date, places.campaign_id, places.ad_id, places.ad_group_id as adset_id,
    coalesce(impressions, 0) as impressions, coalesce(clicks, 0) as clicks,
    coalesce(cost_micros, 0) as cost_micros, campaign_name, ad_group_name as adset_name, ad_name,
    campaigns.campaign_type as objective,
    case status when 'PAUSED' then 'CAMPAIGN_PAUSED' else status end as effective_status
from places
left join delivered using (ad_id, ad_date)
inner join ({NAMED}) as named on places.campaign_id = named.campaign_id
inner join campaigns on places.campaign_id = campaigns.campaign_id
inner join ads on places.ad_id = ads.ad_id
inner join ad_groups on places.ad_group_id = ad_groups.ad_group_id
order by places.ad_date, places.ad_id
"""

CAMPAIGN_TOTALS = f"""
select max(ad_date) as ad_date, campaign_id, campaign_name, objective,
    sum(impressions) as impressions, sum(clicks) as clicks, sum(cost_micros) as cost_micros
from ({AD_DAYS})
where effective_status in (select unnest($statuses::varchar[]))
group by campaign_id, campaign_name, objective
order by campaign_id
"""

ACCOUNT_DAYS = """
select ad_date, impressions, clicks, cost_micros
from account_daily
where platform = 'meta_ads' and known_at <= $now and ad_date between $since and $until
qualify row_number() over (partition by ad_date order by known_at desc, version desc) = 1
order by ad_date
"""

CREDITS = f"""
with sorted as (
    select *,
        kind = 'click' and lag <= interval 1 day as "1d_click",
        kind = 'click' and lag <= interval 7 day as "7d_click",
        kind = 'click' and lag <= interval 28 day as "28d_click",
        kind = 'view' and lag <= interval 1 day as "1d_view"
    from ({_CREDITED})
    where ad_date between $since and $until
)
select ad_id, ad_date, action,
    {", ".join(f'count(*) filter ("{w}") as "{w}"' for w in WINDOWS)},
    {", ".join(f'sum(value) filter ("{w}") as "{w}_amount"' for w in WINDOWS)}
from sorted
group by all
order by ad_id, ad_date, action
"""

CAMPAIGNS = f"""
select campaigns.campaign_id::varchar as id, campaign_name as name, status,
    status as effective_status, campaign_type as objective,
    strftime(created_at, '%Y-%m-%dT%H:%M:%S+0000') as created_time,
    (select strftime(max(valid_from), '%Y-%m-%dT%H:%M:%S+0000') from campaign_versions as v
        where v.campaign_id = campaigns.campaign_id and valid_from <= $now) as updated_time
from campaigns
inner join ({NAMED}) as named on campaigns.campaign_id = named.campaign_id
where platform = 'meta_ads' and status in (select unnest($statuses::varchar[]))
order by id
"""


def campaigns(desk: Desk, statuses: list[str]) -> list[dict[str, Any]]:
    rows = desk.rows(CAMPAIGNS, statuses=statuses)
    return [{**row, "account_id": ACCOUNT["account_id"]} for row in rows]


def days(desk: Desk, level: str, since: date, until: date, statuses: list[str]) -> pa.Table:
    """Delivery by day, one row per ad (or one for the account); of campaigns their totals."""
    if level == "account":
        return desk.table(ACCOUNT_DAYS, since=since, until=until)
    if level == "campaign":
        return desk.table(CAMPAIGN_TOTALS, since=since, until=until, statuses=statuses)
    table = desk.table(AD_DAYS, since=since, until=until)
    return table.filter(pc.is_in(table["effective_status"], pa.array(statuses)))


def setting_of(adset_id: int) -> str:
    """The ad set's attribution setting, the same at every answer."""
    return {150000000030: "7d_click", 150000000041: "1d_click"}.get(adset_id, "7d_click_1d_view")


def totals(table: pa.Table, names: list[str]) -> dict[str, str]:
    sums = {name: pc.sum(table[name]).as_py() or 0 for name in ("impressions", "clicks")}
    sums["spend"] = _money(pc.sum(table["cost_micros"]).as_py() or 0)
    return {name: str(sums[name]) for name in names}


def rows(desk: Desk, page: pa.Table, fields: list[str], windows: list[str]) -> list[dict[str, Any]]:
    """The page as Meta writes it: every number a string, ids too, empty lists left out."""
    if not page.num_rows:
        return []
    listed = set(_LISTS) & set(fields)
    credits: dict[tuple[int, date], list[dict[str, Any]]] = {}
    if listed:
        span = pc.min_max(page["ad_date"]).as_py()
        for row in desk.rows(CREDITS, since=span["min"], until=span["max"]):
            credits.setdefault((row["ad_id"], row["ad_date"]), []).append(row)
    found = []
    for day in page.to_pylist():
        everything = {
            **{key: str(value) for key, value in day.items()},
            "account_id": ACCOUNT["account_id"],
            "account_currency": ACCOUNT["currency"],
            "attribution_setting": setting_of(day.get("adset_id", 0)),
            "spend": _money(day["cost_micros"]),
        }
        row = {name: everything[name] for name in fields if name in everything}
        if listed:
            row |= _lists(day, credits.get((day["ad_id"], day["ad_date"]), []), listed, windows)
        found.append(row | {"date_start": str(day["ad_date"]), "date_stop": str(day["ad_date"])})
    return found


def _lists(
    day: dict[str, Any], credits: list[dict[str, Any]], listed: set[str], windows: list[str]
) -> dict[str, list[dict[str, str]]]:
    lists: dict[str, list[dict[str, str]]] = {name: [] for name in _LISTS}
    if day["clicks"]:
        seen = {key: str(day["clicks"]) for key in ("value", *windows) if key != "1d_view"}
        lists["actions"].append({"action_type": "link_click", **seen})
        lists["actions"].append({"action_type": "post_engagement", **seen})
    for credit in credits:
        counts, amounts = _counted(credit, setting_of(day["adset_id"]), windows)
        for kinds, of_counts, of_amounts in (
            (ACTION_TYPES, "actions", "action_values"),
            (CONVERSION_TYPES, "conversions", "conversion_values"),
        ):
            for kind in kinds.get(credit["action"], ()) if counts else ():
                lists[of_counts].append({"action_type": kind, **counts})
                lists[of_amounts].append({"action_type": kind, **amounts})
    return {name: lists[name] for name in _LISTS if name in listed and lists[name]}


def _counted(
    credit: dict[str, Any], setting: str, windows: list[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """The credit by key, as a count and as an amount: one key a window that saw anything."""
    plain = SETTINGS[setting]
    counts = {"value": sum(credit[w] for w in plain), **{w: credit[w] for w in windows}}
    worth = {"value": sum(credit[f"{w}_amount"] or 0 for w in plain)}
    worth |= {w: credit[f"{w}_amount"] for w in windows}
    seen = [key for key, count in counts.items() if count]
    return {key: str(counts[key]) for key in seen}, {key: f"{worth[key]:.2f}" for key in seen}


def _money(micros: int) -> str:
    return f"{Decimal(micros) / 1_000_000:.2f}"


def settings(desk: Desk) -> dict[str, Any]:
    """What the account measures with at the desk's moment, by edge."""
    found = desk.rows(
        "select content from system_settings where system = 'meta_ads' and valid_from <= $now"
        " order by valid_from desc limit 1"
    )
    return json.loads(found[0]["content"])
