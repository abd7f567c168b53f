"""One number of a platform, walked down to the ledger: what `trueup explain` prints.

Read from the published mart alone. Names come from platforms: they are bound as values and shown
without what a terminal would obey. A line says only what is known of that platform: an agency
charges for no clicks, and not every company has a witness of its visits.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from trueup.company import workspace
from trueup.errors import TrueupError
from trueup.reports import explained_gap
from trueup.reports.explained_campaign import OF_CAMPAIGN, Campaign, chosen

KNOWN = "select history_start_date, through_date from health.fct_build"
#: A platform that never reports a click reports none, which is not 0 of them.
DAILY = f"""
select case when (
        select sum(clicks) from marts.fct_campaign_daily where platform = $platform) > 0
    then sum(clicks) end,
    sum(claimed_conversions), sum(claimed_amount), sum(ga4_conversions),
    sum(reconciled_conversions), sum(reconciled_revenue_amount)
from marts.fct_campaign_daily where {OF_CAMPAIGN} and report_date = $day
"""
#: A visit another system recorded has no session: it is a visit of its own.
VISITS = f"""
select count(*), count(distinct visit), count(distinct visit) filter (is_credited)
from (
    select coalesce(session_key, touch_id) as visit, touch_id in (
        select touch_id from marts.fct_attribution where model = 'last_non_direct') as is_credited
    from marts.fct_touches where {OF_CAMPAIGN} and touch_date = $day)
"""
#: What its visits of the day became, whenever that was.
SOLD = f"""
select count(*), count(*) filter (status = 'won'), sum(gross_amount) filter (status = 'won'),
    case when count(*) filter (status = 'won') = 0 then 0
        else sum(net_amount) filter (status = 'won') end
from marts.fct_conversions
where tier = 'strong' and conversion_id in (
    select conversion_id from marts.fct_attribution
    where model = 'last_non_direct' and touch_id in (
        select touch_id from marts.fct_touches where {OF_CAMPAIGN} and touch_date = $day))
"""
#: From the money that moved on the day to what the day's conversions that stand brought to this
#: day, and of that what is of goals ($claimed are the others) that the platform does not claim.
MOVED = f"""
with credited as (
    select conversion_id, credit from marts.fct_attribution
    where model = 'last_non_direct' and {OF_CAMPAIGN}
),
standing as (
    select conversion_id, goal, conversion_date, net_amount
    from marts.fct_conversions where tier = 'strong' and status = 'won'
),
entries as (
    select entries.entry_date, entries.conversion_date, entries.amount * credited.credit as amount,
        standing.conversion_id is not null as stands
    from marts.fct_ledger_entries as entries
    inner join credited on entries.conversion_id = credited.conversion_id
    left join standing on entries.conversion_id = standing.conversion_id
    where entries.entry_date = $day or entries.conversion_date = $day
),
unclaimed as (
    select -sum(standing.net_amount * credited.credit) as amount
    from standing inner join credited on standing.conversion_id = credited.conversion_id
    where standing.conversion_date = $day and not list_contains($claimed, standing.goal)
)
select
    -sum(amount) filter (entry_date = $day and conversion_date is distinct from $day),
    -sum(amount) filter (entry_date = $day and conversion_date = $day and not stands),
    sum(amount) filter (entry_date != $day and conversion_date = $day and stands),
    (select amount from unclaimed)
from entries
"""
MOVES = (
    "moved for conversions of other days",
    "moved for conversions that stand no more",
    "of the day's conversions, moved on other days (given back or corrected, paid late)",
    "of goals the platform does not claim",
)
UNSEEN = "clicks without a touch, as of pages left before they load, refused consent, lost tags"
FURTHER = "further clicks of the same visit"
UNCREDITED = "brought no conversion, or another visit is credited"
GIVEN_BACK = "given back or corrected since"


def explain(name: str, day: date) -> list[str]:
    """The lines of one campaign's day."""
    mart = workspace.current().state.mart
    if not mart.exists():
        raise TrueupError(
            f"nothing has been published to {mart}",
            next_step="`trueup build`, `trueup gate`, `trueup publish`",
        )
    with duckdb.connect(str(mart), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        campaign = chosen(con, name)
        _check_day(con, day)
        return list(_lines(con, campaign, day))


def _check_day(con: duckdb.DuckDBPyConnection, day: date) -> None:
    since, through = con.execute(KNOWN).fetchall()[0]
    if not since <= day <= through:
        raise TrueupError(
            f"{day} is outside of what the mart knows",
            expected=f"a day from {since} to {through}",
            next_step="ask for a day of these",
        )


def _lines(con: duckdb.DuckDBPyConnection, campaign: Campaign, day: date) -> Iterator[str]:
    def asked(sql: str) -> tuple[Any, ...]:
        return con.execute(sql, campaign.bound | {"day": day}).fetchall()[0]  # an aggregate's one

    clicks, claimed, claimed_amount, seen, reconciled, revenue = asked(DAILY)
    touches, visits, credited = asked(VISITS)
    sold, standing, gross, net = asked(SOLD)
    yield f"{campaign.shown} on {day}"
    yield f"  claimed by the platform    {_count(claimed)}, worth {_money(claimed_amount)}"
    yield f"  clicks it reports          {_count(clicks)}"
    yield f"  touches in our records     {_count(touches)}{_loss(clicks, touches, UNSEEN)}"
    yield f"  visits of these            {_count(visits)}{_loss(touches, visits, FURTHER)}"
    yield f"  visits credited later      {_count(credited)}{_loss(visits, credited, UNCREDITED)}"
    yield f"  conversions GA4 saw        {_count(seen)}{_witness(seen)}"
    yield f"  conversions of these       {_count(sold)}, of which stand {_count(standing)}"
    yield f"  in the ledger              {_money(net)}{_loss(gross, net, GIVEN_BACK)}"
    yield f"  reconciled on the day      {_count(reconciled)}, money that moved {_money(revenue)}"
    rows = explained_gap.goals(con, campaign, day)
    if rows:
        yield from _moved(con, campaign, day, revenue, rows)
        yield from explained_gap.waterfall(rows)
    else:
        yield explained_gap.without_a_gap(con, campaign, claimed, bool(reconciled or revenue))
    yield from explained_gap.beside(con, campaign, day)


def _moved(
    con: duckdb.DuckDBPyConnection,
    campaign: Campaign,
    day: date,
    revenue: Any,
    rows: list[dict[str, Any]],
) -> Iterator[str]:
    """What lies between the money of the day and what its conversions are reconciled at."""
    bound = campaign.bound | {"day": day, "claimed": [row["goal"] for row in rows]}
    steps = con.execute(MOVED, bound).fetchall()[0]
    if revenue is None or not any(steps):
        return
    for step, words in zip(steps, MOVES, strict=True):
        if step:
            yield f"    {step:>+23,.2f}  {words}"
    whole = revenue + sum(step or Decimal(0) for step in steps)
    yield f"    {whole:>+23,.2f}  so much we reconcile below"


def _witness(seen: Any) -> str:
    return "" if seen is None else " (its own last click, on its own day)"


def _loss(before: Any, after: Any, cause: str) -> str:
    if before is None or after is None or after >= before:
        return ""
    lost = before - after
    shown = f"{lost:,.2f}" if isinstance(lost, Decimal) else f"{lost:,}"
    return f"  (less {shown}: {cause})"


def _count(number: Any) -> str:
    return "not known" if number is None else f"{number:,.2f}".rstrip("0").rstrip(".")


def _money(amount: Any) -> str:
    return "not known" if amount is None else f"{amount:,.2f}"
