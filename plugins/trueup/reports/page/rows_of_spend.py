"""Campaigns and channels over the last quarter, and what weak goals are worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from trueup.reports.page.figures import COLUMNS_OF_MONEY, MOST_CAMPAIGNS, PERIOD, Span
from trueup.reports.page.formats import divided
from trueup.reports.page.mart_file import Head, MartFile


@dataclass(frozen=True)
class Spent:
    """What a campaign, a channel or the rest of them cost and brought. `claimed_spend` is of the
    days whose claims are known, and so is what is `compared` with claims, of the goals alone that
    are claimed: ratios of claims are of those. A day of it settles after `settles_after` days."""

    name: str
    group: str
    spend: Decimal | None
    clicks: int | None
    claimed_conversions: Decimal | None
    reconciled_conversions: Decimal | None
    claimed_amount: Decimal | None
    revenue: Decimal | None
    claimed_spend: Decimal | None
    compared_conversions: Decimal | None
    compared_revenue: Decimal | None
    settled_spend: Decimal | None
    settles_after: int | None
    broken_days: int
    broken: str | None

    @property
    def claimed_roas(self) -> Decimal | None:
        return divided(self.claimed_amount, self.claimed_spend)

    @property
    def reconciled_roas(self) -> Decimal | None:
        return divided(self.revenue, self.spend)

    @property
    def compared_roas(self) -> Decimal | None:
        """What stands beside the claimed one."""
        return divided(self.compared_revenue, self.claimed_spend)

    @property
    def drawn_roas(self) -> Decimal | None:
        """Beside a claim what compares with it, else all that came in."""
        return self.reconciled_roas if self.claimed_roas is None else self.compared_roas

    @property
    def claim_ratio(self) -> Decimal | None:
        return divided(self.claimed_conversions, self.compared_conversions)

    @property
    def settled_share(self) -> Decimal | None:
        if not self.spend:
            return None
        return divided(self.settled_spend or Decimal(0), self.spend)


@dataclass(frozen=True)
class Spending:
    """Rows of one kind over a span; `rest_count` of them are the last row."""

    span: Span
    rows: list[Spent]
    rest_count: int = 0


@dataclass(frozen=True)
class WeakGoal:
    """Of a weak goal and channel, in mature weeks: how many could be followed, how many became
    strong."""

    goal: str
    channel: str
    followable: int
    strong: int

    @property
    def predictive_value(self) -> Decimal | None:
        return divided(self.strong, self.followable)


def _columns(mart: MartFile, table: str) -> str:
    """What is summed. A mart of before `mature_from_date` does not say how soon a day settles, one
    of before `compared_conversions` not what claims can be compared with."""
    there = mart.columns(table)
    days = "max(mature_from_date - report_date)" if "mature_from_date" in there else "null"
    compared = (
        "sum(compared_conversions),"
        " sum(compared_revenue_amount) filter (where claimed_amount is not null)"
        if "compared_conversions" in there
        else "null, null"
    )
    return COLUMNS_OF_MONEY.replace("{settles_after}", days).replace("{compared}", compared)


def quarter(head: Head) -> Span | None:
    if not head.through:
        return None
    first = head.through - PERIOD + timedelta(days=1)
    return Span(max(first, head.first or first), head.through)


def campaigns(mart: MartFile, span: Span | None) -> Spending | None:
    """The campaigns with the largest spend, and the rest as one row. Of that row claims are known
    where it is of one platform: claims of several are never added."""
    if not span or not mart.has("marts.fct_campaign_daily"):
        return None
    found = mart.rows(
        f"""
        with ranked as (
            select platform, account_id, campaign_id, channel, row_number() over (
                order by sum(spend_amount) desc nulls last, sum(reconciled_revenue_amount) desc
                    nulls last, platform, account_id, campaign_id, channel) as place
            from marts.fct_campaign_daily where report_date between $1::date and $2::date
            group by platform, account_id, campaign_id, channel
        )
        select least(place, {MOST_CAMPAIGNS + 1}) as shown_place, count(distinct place),
            count(distinct daily.platform), max(daily.campaign_name), max(daily.campaign_id),
            max(daily.platform),
            {_columns(mart, "marts.fct_campaign_daily")}
        from marts.fct_campaign_daily as daily inner join ranked
            on daily.platform is not distinct from ranked.platform
            and daily.account_id is not distinct from ranked.account_id
            and daily.campaign_id is not distinct from ranked.campaign_id
            and daily.channel is not distinct from ranked.channel
        where report_date between $1::date and $2::date
        group by shown_place order by shown_place
        """,
        [span.first, span.last],
    )
    rows, rest_count = [], 0
    for place, members, platforms, name, campaign_id, platform, *sums in found:
        if place <= MOST_CAMPAIGNS:
            rows.append(Spent(name or campaign_id, platform, *sums))
        else:
            rest_count = members
            rows.append(_rest(members, platforms == 1, sums))
    return Spending(span, rows, rest_count)


def _rest(members: int, is_of_one_platform: bool, sums: list[Any]) -> Spent:
    spent = Spent(f"{members} more campaigns" if members > 1 else "1 more campaign", "", *sums)
    if is_of_one_platform:
        return spent
    unknown = ("claimed_conversions", "claimed_amount", "compared_conversions", "compared_revenue")
    known = {**vars(spent), **dict.fromkeys(unknown)}
    return Spent(**known)


def channels(mart: MartFile, span: Span | None) -> Spending | None:
    """Every channel, as the mart orders them: claims are null where several platforms claim."""
    if not span or not mart.has("marts.fct_channel_daily"):
        return None
    found = mart.rows(
        f"""
        select channel, {_columns(mart, "marts.fct_channel_daily")} from marts.fct_channel_daily
        where report_date between ?::date and ?::date group by channel
        order by sum(spend_amount) desc nulls last, sum(reconciled_revenue_amount) desc nulls last,
            channel
        """,
        [span.first, span.last],
    )
    return Spending(span, [Spent(name, "", *sums) for name, *sums in found])


def weak_goals(mart: MartFile) -> tuple[list[WeakGoal], date | None] | None:
    """Every weak goal and channel of mature weeks, with the newest such week."""
    if not mart.has("marts.fct_signal_value"):
        return None
    found = mart.rows(
        """
        select goal, channel, sum(followable_signals)::bigint, sum(strong_conversions)::bigint,
            max(week_start_date)
        from marts.fct_signal_value where is_mature group by 1, 2
        order by goal, sum(followable_signals) desc, channel
        """
    )
    newest = max((row[4] for row in found), default=None)
    return [WeakGoal(*row[:4]) for row in found], newest
