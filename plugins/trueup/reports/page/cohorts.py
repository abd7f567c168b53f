"""Customers by the month they came, at ages that all of a month's customers have had: sums of the
marts' columns and ratios of such sums. A younger age is left out: it is open, not nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from trueup.reports.page.formats import divided
from trueup.reports.page.mart_file import MartFile

#: A year of months, and the one that is under way.
MOST_MONTHS = 13
#: Months of age that have a column of their own.
MOST_AGES = 12
#: Channels are compared after half a year, or as old as the oldest cohort is; months of a channel
#: after a quarter, which more of them have had. The first month of age is 0.
COMPARED_AGE, QUARTER_AGE = 5, 2


@dataclass(frozen=True)
class Worth:
    """What customers cost, and what they brought by an age; None where some of it is not known."""

    customers: int
    spend: Decimal | None
    revenue: Decimal | None
    margin: Decimal | None

    @property
    def ltv(self) -> Decimal | None:
        return divided(self.revenue, self.customers)

    @property
    def ltv_margin(self) -> Decimal | None:
        return divided(self.margin, self.customers)

    @property
    def acquisition_cost(self) -> Decimal | None:
        return divided(self.spend, self.customers)

    @property
    def came_back(self) -> Decimal | None:
        """Margin per spend: 1 is paid back."""
        return divided(self.margin, self.spend)


@dataclass(frozen=True)
class Channel:
    """A channel's customers of the compared months, at each age from the first."""

    name: str
    ages: list[Worth]

    @property
    def paid_back_age(self) -> int | None:
        return next((age for age, one in enumerate(self.ages) if (one.came_back or 0) >= 1), None)


@dataclass(frozen=True)
class Cell:
    """A channel's customers of one month: the oldest age they have had, the one at which they had
    paid back, if any, and what they were worth after a quarter."""

    oldest: int
    paid_back_age: int | None
    is_comparable: bool
    quarter: Worth | None


@dataclass(frozen=True)
class Cohorts:
    """Months in their order; `worth` by month and age, `cells` by channel and month. The compared
    months have all had `age`."""

    months: list[tuple[date, int]]
    may_hold_older: list[date]
    worth: dict[tuple[date, int], Worth]
    compared: list[date]
    age: int
    channels: list[Channel]
    cells: dict[tuple[str, date], Cell]


# Where the margin of one channel is not known, that of all of them is not.
SUMS = """
    sum(cohort_customers)::bigint, sum(cohort_spend_amount), sum(cumulative_revenue_amount),
    case when count(*) = count(cumulative_margin_amount) then sum(cumulative_margin_amount) end
"""


def read(mart: MartFile) -> Cohorts | None:
    """None where the mart has no cohorts; without months where nobody has bought yet."""
    if not mart.has("marts.fct_customer_cohorts", "marts.dim_customer"):
        return None
    customers: dict[date, int] = dict(
        mart.rows(
            """
            select date_trunc('month', first_conversion_date)::date, count(*)
            from marts.dim_customer where first_conversion_id is not null group by 1
            union all
            select cohort_month, 0 from marts.fct_customer_cohorts group by 1 order by 1, 2
            """
        )
    )
    if not any(customers.values()):
        return Cohorts([], [], {}, [], 0, [], {})
    months = list(customers.items())[-MOST_MONTHS:]
    first = months[0][0]
    found = mart.rows(
        f"""
        select cohort_month, months_since, bool_or(may_hold_older), {SUMS}
        from marts.fct_customer_cohorts where cohort_month >= ?::date and months_since < {MOST_AGES}
        group by all order by all
        """,
        [first],
    )
    oldest: dict[date, int] = {}
    for month, age, *_ in found:
        oldest[month] = age
    age = min(COMPARED_AGE, max(oldest.values(), default=0))
    compared = [month for month, reached in oldest.items() if reached >= age]
    return Cohorts(
        months,
        sorted({month for month, _, is_older, *_ in found if is_older}),
        {(month, age): Worth(*sums) for month, age, _, *sums in found},
        compared,
        age,
        _channels(mart, compared, age),
        _cells(mart, first),
    )


def _channels(mart: MartFile, months: Sequence[date], age: int) -> list[Channel]:
    """Every channel in the compared months, the largest spend first."""
    if not months:
        return []
    found = mart.rows(
        f"""
        select channel, {SUMS} from marts.fct_customer_cohorts
        where cohort_month between ?::date and ?::date and months_since <= {age}
        group by channel, months_since order by channel, months_since
        """,
        [months[0], months[-1]],
    )
    ages: dict[str, list[Worth]] = {}
    for name, *sums in found:
        ages.setdefault(name, []).append(Worth(*sums))
    return sorted(
        (Channel(name, worths) for name, worths in ages.items()),
        key=lambda one: (-(one.ages[-1].spend or 0), -one.ages[-1].customers, one.name),
    )


def _cells(mart: MartFile, first: date) -> dict[tuple[str, date], Cell]:
    found = mart.rows(
        f"""
        with quarter as (
            select channel, cohort_month, {SUMS} from marts.fct_customer_cohorts
            where months_since = {QUARTER_AGE} group by channel, cohort_month
        )
        select channel, cohort_month, max(months_since),
            min(months_since) filter (where is_paid_back), count(is_paid_back) > 0, quarter.*
        from marts.fct_customer_cohorts left join quarter using (channel, cohort_month)
        where cohort_month >= ?::date group by all
        """,
        [first],
    )
    return {
        (channel, month): Cell(
            oldest, paid_back, is_comparable, Worth(*sums) if sums[0] is not None else None
        )
        for channel, month, oldest, paid_back, is_comparable, _, _, *sums in found
    }
