"""One number of a platform, walked down to the ledger: what `trueup explain` prints.

Read from the published mart alone. Names come from platforms: they are bound as values and shown
without what a terminal would obey.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from trueup.alerts.receivers.message import cut, inert
from trueup.company import workspace
from trueup.errors import TrueupError

NAME_LENGTH = 80
CAMPAIGNS = """
select distinct platform, account_id, campaign_id, campaign_name
from marts.fct_campaign_daily
where campaign_id = $name or campaign_name = $name
    or campaign_id in (select campaign_id from marts.dim_campaign where campaign_name = $name)
order by all
"""
OF_CAMPAIGN = "platform = $platform and account_id = $account and campaign_id = $campaign"
DAILY = f"""
select sum(clicks), sum(claimed_conversions), sum(claimed_amount), sum(ga4_conversions),
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
    sum(net_amount) filter (status = 'won')
from marts.fct_conversions
where tier = 'strong' and conversion_id in (
    select conversion_id from marts.fct_attribution
    where model = 'last_non_direct' and touch_id in (
        select touch_id from marts.fct_touches where {OF_CAMPAIGN} and touch_date = $day))
"""
GOALS = f"""
select * from marts.fct_reconciliation_daily
where {OF_CAMPAIGN} and report_date = $day order by goal
"""
#: The causes in the order they are decided in, as a person says them.
CAUSES = {
    "refunds": "given back since",
    "cancellations": "cancelled, lost or still open; the platform keeps them",
    "other_channels": "a later visit of another channel is credited",
    "other_platforms": "a later visit of another platform is credited; very likely claimed twice",
    "zone": "another day in the account's time zone",
    "date_basis": "the platform dates them by the click",
    "currency": "another exchange rate",
    "window": "the click is older than the platform's window",
    "valuation": "the platform states another value for the order",
    "view_through": "seen, not clicked",
    "overlapping": "another action counts the same goal",
    "modelled": "modelled, by the platform's own word",
    "duplicate_firing": "the tag fired twice",
    "not_yet_settled": "claims that are still to come",
    "other_campaigns": "the platform credits another campaign of the account",
    "unseen": "nobody but the platform saw the way; so many are likely",
    "unreported": "touched by the platform, but not claimed",
    "no_conversion": "no order of ours has that number",
    "unexplained": "unexplained",
}


@dataclass(frozen=True)
class Campaign:
    platform: str
    account_id: str
    campaign_id: str
    name: str

    @property
    def shown(self) -> str:
        platform, name, own = (
            cut(inert(text, keep=""), NAME_LENGTH)
            for text in (self.platform, self.name, self.campaign_id)
        )
        return f"{name} ({platform} {own})"


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
        campaign = _chosen(con, name)
        return list(_lines(con, campaign, day))


def _chosen(con: duckdb.DuckDBPyConnection, name: str) -> Campaign:
    found = [Campaign(*row) for row in con.execute(CAMPAIGNS, {"name": name}).fetchall()]
    if len(found) == 1:
        return found[0]
    asked = cut(inert(name, keep=""), NAME_LENGTH)
    if not found:
        raise TrueupError(
            f"no campaign has the id or the name {asked!r}",
            next_step='`trueup query "select distinct platform, campaign_id, campaign_name from'
            ' marts.fct_campaign_daily"` lists them',
        )
    raise TrueupError(
        f"{len(found)} campaigns have the name {asked!r}",
        got="; ".join(one.shown for one in found),
        next_step="name the one you mean by its id",
    )


def _lines(con: duckdb.DuckDBPyConnection, campaign: Campaign, day: date) -> Iterator[str]:
    def asked(sql: str) -> tuple[Any, ...]:
        rows = con.execute(
            sql,
            {
                "platform": campaign.platform,
                "account": campaign.account_id,
                "campaign": campaign.campaign_id,
                "day": day,
            },
        ).fetchall()
        return rows[0]  # of an aggregate there is always one

    clicks, claimed, claimed_amount, seen, reconciled, revenue = asked(DAILY)
    landings, sessions, converting = asked(VISITS)
    sold, standing, gross, net = asked(SOLD)
    yield f"{campaign.shown} on {day}"
    yield f"  claimed by the platform    {_count(claimed)}, worth {_money(claimed_amount)}"
    yield f"  clicks it charges for      {_count(clicks)}"
    yield f"  tagged landings we saw     {_count(landings)}{_loss(clicks, landings, LANDINGS)}"
    yield f"  sessions of these          {_count(sessions)}{_loss(landings, sessions, SESSIONS)}"
    uncredited = _loss(sessions, converting, CREDITED)
    yield f"  sessions credited later    {_count(converting)}{uncredited}"
    yield f"  conversions GA4 saw        {_count(seen)} (its own last click, on its own day)"
    yield f"  orders or deals of these   {_count(sold)}, of which stand {_count(standing)}"
    yield f"  in the ledger              {_money(net)}{_loss(gross, net, LEDGER)}"
    yield (f"  reconciled on the day      {_count(reconciled)}, money that moved {_money(revenue)}")
    yield from _waterfall(con, campaign, day)


LANDINGS = "left before the page loaded, refused consent, or the click's tag was lost"
SESSIONS = "further clicks of the same visit"
CREDITED = "brought no order, or another visit is credited"
LEDGER = "given back since"


def _waterfall(con: duckdb.DuckDBPyConnection, campaign: Campaign, day: date) -> Iterator[str]:
    answer = con.execute(
        GOALS,
        {
            "platform": campaign.platform,
            "account": campaign.account_id,
            "campaign": campaign.campaign_id,
            "day": day,
        },
    )
    columns = [column[0] for column in answer.description or ()]
    rows = [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]
    if not rows:
        yield "Nothing is claimed and nothing is reconciled on this day."
    for row in rows:
        yield ""
        goal = cut(inert(row["goal"], keep=""), NAME_LENGTH)
        settled = "" if row["is_settled"] else " (not settled: claims still move)"
        yield f"From ours to theirs, {goal}{settled}"
        yield _step(row, "reconciled", "we reconcile")
        if row["claimed_conversions"] is None:
            yield "  what the platform claims on this day is not known"
            continue
        for cause, words in CAUSES.items():
            if row.get(f"{cause}_conversions") or row.get(f"{cause}_amount"):
                yield _step(row, cause, words)
        yield _step(row, "claimed", "the platform claims")


def _step(row: dict[str, Any], cause: str, words: str) -> str:
    number = row.get(f"{cause}_conversions") or Decimal(0)
    amount = row.get(f"{cause}_amount")
    money = "" if amount is None else f"{amount:>14,.2f}"
    return f"  {number:>+9.2f} {money:>14}  {words}"


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
