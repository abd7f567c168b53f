"""The figures of the page, as the marts have them: sums of a mart's columns, and ratios of such
sums where docs/glossary.md says how one is made. Claims are added within a platform alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from trueup.reports.page.mart_file import Head, MartFile

#: Four whole weeks, so that every weekday counts the same.
SETTLED_DAYS = 28
#: What campaigns and channels are looked at for: a quarter, as budgets are.
PERIOD = timedelta(days=90)
#: Campaigns that have a row of their own.
MOST_CAMPAIGNS = 25
#: Up to so many days a line has a point per day, then per week, then per month.
DAILY_UP_TO, WEEKLY_UP_TO = 45, 800


@dataclass(frozen=True)
class Span:
    """Days from `first` to `last`, both of them included."""

    first: date
    last: date


@dataclass(frozen=True)
class Series:
    """One line: a value for each step of time, None where it is not known."""

    name: str
    values: list[Decimal | None]


@dataclass(frozen=True)
class OverTime:
    """What came in and what each platform claims, by day, week or month."""

    step: str
    starts: list[date]
    last: date
    came_in: Series
    claims: list[Series]
    settled_through: date | None


@dataclass(frozen=True)
class Totals:
    """What the last settled weeks came to."""

    span: Span
    came_in: Decimal | None
    earned: Decimal | None
    taken_back: Decimal | None
    spend: Decimal | None


@dataclass(frozen=True)
class Gap:
    """From what is reconciled to what a platform claims, cause by cause."""

    platform: str
    reconciled: Decimal
    causes: list[tuple[str, Decimal]]
    claimed: Decimal


@dataclass(frozen=True)
class Gaps:
    span: Span
    platforms: list[Gap]


COLUMNS_OF_MONEY = """
    sum(spend_amount), sum(clicks), sum(claimed_conversions), sum(reconciled_conversions),
    sum(claimed_amount), sum(reconciled_revenue_amount),
    sum(spend_amount) filter (where claimed_amount is not null), {compared},
    sum(spend_amount) filter (where is_settled), {settles_after},
    count(distinct report_date) filter (where tracking_health <> 'ok'),
    string_agg(distinct tracking_health, ', ' order by tracking_health)
        filter (where tracking_health <> 'ok')
"""


def settled_through(mart: MartFile, head: Head) -> date | None:
    """The newest day of the history that is settled in every channel, and so are those before."""
    table = "marts.fct_channel_daily"
    if not head.first or not mart.has(table):
        return None
    newest = mart.rows(
        f"select max(report_date) from {table} where report_date < all"
        f" (select report_date from {table} where not is_settled and report_date >= ?::date)",
        [head.first],
    )
    return newest[0][0]


def gap_settled_through(mart: MartFile) -> date | None:
    """The newest day whose gap is settled. Where nobody knows what a platform claims, as before
    the history or while it did not land, a row never settles, and keeps no other from the page."""
    table = "marts.fct_reconciliation_daily"
    if not mart.has(table):
        return None
    return mart.rows(f"select max(report_date) from {table} where is_settled")[0][0]


def settled_weeks(last: date | None, head: Head) -> Span | None:
    """The four weeks that end on a settled day; None where the history is too short for them."""
    if not last or not head.first:
        return None
    first = last - timedelta(days=SETTLED_DAYS - 1)
    return Span(first, last) if first >= head.first else None


def settled_days(last: date | None, head: Head) -> int:
    """How many days of the history there are up to a settled one."""
    return (last - head.first).days + 1 if last and head.first and last >= head.first else 0


def totals(mart: MartFile, span: Span | None) -> Totals | None:
    if not span or not mart.has("marts.fct_ledger_entries", "marts.fct_channel_daily"):
        return None
    days = [span.first, span.last]
    money = mart.rows(
        """
        select sum(amount), sum(amount) filter (where amount > 0), sum(amount) filter (
            where amount < 0)
        from marts.fct_ledger_entries where entry_date between ?::date and ?::date
        """,
        days,
    )[0]
    spend = mart.rows(
        "select sum(spend_amount) from marts.fct_channel_daily"
        " where report_date between ?::date and ?::date",
        days,
    )[0][0]
    came_in, earned, taken_back = money
    return Totals(span, came_in, earned, taken_back, spend)


def over_time(mart: MartFile, head: Head) -> OverTime | None:
    """Money and claims by whole days, weeks or months: a week cut short would look like a fall."""
    if not mart.has("marts.fct_ledger_entries") or not head.first or not head.through:
        return None
    length = (head.through - head.first).days + 1
    step = "day" if length <= DAILY_UP_TO else "week" if length <= WEEKLY_UP_TO else "month"
    steps = mart.rows(
        f"""
        select start::date, (next - interval 1 day)::date from (
            select date_trunc('{step}', day) as start, count(*) as days,
                date_trunc('{step}', day) + interval 1 {step} as next
            from generate_series(?::date, ?::date, interval 1 day) as days (day) group by all)
        where days = date_diff('day', start, next) order by 1
        """,
        [head.first, head.through],
    )
    starts = [start for start, _ in steps]
    came_in: dict[date, Decimal] = dict(
        mart.rows(
            f"select date_trunc('{step}', entry_date)::date, sum(amount)"
            " from marts.fct_ledger_entries group by 1"
        )
    )
    return OverTime(
        step,
        starts,
        steps[-1][1] if steps else head.through,
        Series("came in", [came_in.get(start, Decimal(0)) for start in starts]),
        _claims(mart, step, starts),
        settled_through(mart, head),
    )


def _claims(mart: MartFile, step: str, starts: list[date]) -> list[Series]:
    """What each platform claims, the largest first. A step of which a day is not known is not."""
    if not mart.has("marts.fct_campaign_daily"):
        return []
    found = mart.rows(
        f"""
        with days as (
            select platform, report_date, sum(claimed_amount) as claimed
            from marts.fct_campaign_daily group by all
        )
        select platform, date_trunc('{step}', report_date)::date,
            case when count(claimed) = count(*) then sum(claimed) end
        from days group by all
        """
    )
    by_platform: dict[str, dict[date, Decimal | None]] = {}
    for platform, start, claimed in found:
        by_platform.setdefault(platform, {})[start] = claimed
    lines = [
        Series(platform, [values.get(start) for start in starts])
        for platform, values in by_platform.items()
        if any(values.values())
    ]
    return sorted(lines, key=lambda line: (-sum(x or 0 for x in line.values), line.name))


def gaps(mart: MartFile, head: Head) -> Gaps | None:
    """The gap of each platform over settled weeks; None where the mart has none."""
    table = "marts.fct_reconciliation_daily"
    span = settled_weeks(gap_settled_through(mart), head)
    if not span:
        return None
    ends = ("claimed_amount", "reconciled_amount")
    causes = [
        column
        for column in mart.columns(table)
        if column.endswith("_amount") and column not in ends
    ]
    sums = "".join(f', sum("{cause}")' for cause in causes)
    # Where claims are not known there is no gap; both ends are of the same rows.
    found = mart.rows(
        f"""
        select platform, sum(reconciled_amount), sum(claimed_amount){sums} from {table}
        where report_date between ?::date and ?::date and claimed_amount is not null
        group by platform order by sum(claimed_amount) desc, platform
        """,
        [span.first, span.last],
    )
    names = [cause.removesuffix("_amount") for cause in causes]
    return Gaps(
        span,
        [
            Gap(
                platform,
                reconciled or Decimal(0),
                [(name, value or Decimal(0)) for name, value in zip(names, values, strict=True)],
                claimed,
            )
            for platform, reconciled, claimed, *values in found
        ],
    )
