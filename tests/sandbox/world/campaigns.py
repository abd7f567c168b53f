"""The advertising plan as tables: campaigns, their history, ad groups, ads, and who serves."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

import duckdb
import pyarrow as pa

from sandbox.world.days import Span
from sandbox.world.plans import ACCOUNTS, CURRENCIES, GOOGLE, META, PLANS, ZONES, Plan

WORDS = {  # each platform's words for: running, halted, deleted
    GOOGLE: ("ENABLED", "PAUSED", "REMOVED"),
    META: ("ACTIVE", "PAUSED", "DELETED"),
}

#: How an ad's text ends, by what its campaign's people want first.
BOOKED_BY = {
    "shop": "order by noon, sent the same day",
    "wedding": "ask for a date and a price",
    "event": "ask for a date and a price",
}

SERVING = """
-- which campaigns run on a day, and the slice of its audience each one gets;
-- the slice of a halted campaign is nobody's: those people come by themselves or not at all
create table serving as
with weighted as (
    select platform, purpose, kind, campaign_id, weight, removed_at, paused_from, paused_to,
        sum(weight) over (
            partition by platform, purpose, kind order by campaign_id
            rows between unbounded preceding and current row
        ) as reached,
        sum(weight) over (partition by platform, purpose, kind) as total
    from (select *, unnest(kinds) as kind from plans)
)
select day, weighted.kind, concat(platform, ':', purpose) as touch, campaign_id,
    (reached - weight) / total as slice_low, reached / total as slice_high
from weighted
cross join (select distinct day from days)
where (removed_at is null or day < removed_at::date)
    and (paused_from is null or day < paused_from::date or day >= paused_to::date);

-- ads of a campaign are numbered from zero; a campaign without ads has one nameless place
create table ad_places as
select campaign_id, ad_group_id, ad_id,
    row_number() over (partition by campaign_id order by ad_id) - 1 as place,
    count(*) over (partition by campaign_id) as places
from (
    select campaign_id, ad_group_id, ad_id from ads
    union all
    select campaign_id, null, null from plans where campaign_id not in (
        select campaign_id from ads)
);
"""


def run_campaigns(con: duckdb.DuckDBPyConnection, span: Span) -> None:
    """Make campaigns, campaign_versions, ad_groups, ads and the helpers `plans`, `serving`."""
    _load(con, "plans", [_plan(plan, span) for plan in PLANS])
    _load(con, "campaign_versions", [row for plan in PLANS for row in _versions(plan, span)])
    groups = [(plan, index, name) for plan in PLANS for index, name in enumerate(plan.ad_groups)]
    _load(con, "ad_groups", [
        {"platform": plan.platform, "campaign_id": plan.campaign_id,
         "ad_group_id": _ad_group_id(plan, index), "ad_group_name": name}
        for plan, index, name in groups
    ])  # fmt: skip
    _load(con, "ads", [row for plan, index, _ in groups for row in _ads(plan, index)])
    con.execute("""
        create table campaigns as
        select platform, account_id, campaign_id, campaign_type, slug as utm_campaign, purpose,
            created_at, true_effect
        from plans
    """)
    con.execute(SERVING)


def _plan(plan: Plan, span: Span) -> dict:
    paused = plan.paused or (None, None)
    return {
        "platform": plan.platform, "account_id": ACCOUNTS[plan.platform],
        "zone": ZONES[plan.platform], "currency_code": CURRENCIES[plan.platform],
        "campaign_id": plan.campaign_id, "campaign_type": plan.campaign_type,
        "purpose": plan.purpose, "slug": plan.slug, "kinds": list(plan.kinds),
        "weight": plan.weight, "true_effect": plan.true_effect,
        "click_cost": plan.click_cost, "click_rate": plan.click_rate,
        "landing": plan.landing, "suffix": plan.suffix,
        "created_at": _created_at(plan, span), "removed_at": _moment(span, plan.removed_at),
        "paused_from": _moment(span, paused[0]), "paused_to": _moment(span, paused[1]),
    }  # fmt: skip


def _versions(plan: Plan, span: Span) -> list[dict]:
    """The campaign's name and status over time, one row per change."""
    running, halted, deleted = WORDS[plan.platform]
    changes = [(_created_at(plan, span), {"campaign_name": plan.names[0], "status": running})]
    for share, name in zip(plan.renamed_at, plan.names[1:], strict=True):
        changes.append((_moment(span, share), {"campaign_name": name}))
    if plan.paused:
        changes.append((_moment(span, plan.paused[0]), {"status": halted}))
        changes.append((_moment(span, plan.paused[1]), {"status": running}))
    if plan.removed_at:
        changes.append((_moment(span, plan.removed_at), {"status": deleted}))
    changes.sort(key=lambda change: change[0])
    ends = [moment for moment, _ in changes[1:]] + [None]
    rows, state = [], {"platform": plan.platform, "campaign_id": plan.campaign_id}
    for (moment, change), end in zip(changes, ends, strict=True):
        state = {**state, **change}
        rows.append({**state, "valid_from": moment, "valid_to": end})
    return rows


def _ads(plan: Plan, group: int) -> list[dict]:
    ad_group_id = _ad_group_id(plan, group)
    query = f"?{_query(plan)}" if _query(plan) else ""
    return [
        {"platform": plan.platform, "campaign_id": plan.campaign_id, "ad_group_id": ad_group_id,
         "ad_id": ad_group_id * 10 + index, "ad_name": f"{plan.slug} {group + 1}.{index}",
         "headline": headline, "ad_text": f"{headline}: {BOOKED_BY[plan.kinds[0]]}",
         "final_url": plan.landing + query}
        for index, headline in enumerate(plan.headlines, start=1)
    ]  # fmt: skip


def _query(plan: Plan) -> str:
    """The company's convention: the stable slug in utm_campaign, the id in utm_id."""
    source = ("google", "cpc") if plan.platform == GOOGLE else ("facebook", "paid_social")
    tags = {"utm_source": source[0], "utm_medium": source[1], "utm_campaign": plan.slug}
    chosen = {"utm": {**tags, "utm_id": plan.campaign_id}, "id": {"utm_id": plan.campaign_id}}
    return urlencode(chosen.get(plan.suffix, {}))


def _ad_group_id(plan: Plan, group: int) -> int:
    return plan.campaign_id % 10**10 * 10 + 150 * 10**9 + group


def _created_at(plan: Plan, span: Span) -> datetime:
    """Months before the world opens, a different day for each campaign."""
    days_before = 60 + plan.campaign_id % 97 * 3
    return datetime.combine(span.start, datetime.min.time()) - timedelta(days=days_before, hours=-9)


def _moment(span: Span, share: float | None) -> datetime | None:
    """Ten in the morning UTC of the day after that share of the range."""
    if share is None:
        return None
    days = round((span.until - span.start).days * share)
    return datetime.combine(span.start, datetime.min.time()) + timedelta(days=days, hours=10)


def _load(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict]) -> None:
    con.from_arrow(pa.Table.from_pylist(rows)).create(table)
