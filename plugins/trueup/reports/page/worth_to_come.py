"""What each channel's newest customers are projected to be worth, beside what they cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from trueup.reports.page import tables
from trueup.reports.page.formats import UNKNOWN, amount, count, plain, words
from trueup.reports.page.mart_file import Head, MartFile
from trueup.reports.page.tables import Column, Html


@dataclass(frozen=True)
class Expected:
    """LTV at a horizon: what it was where every customer has had that age, else a projection, whose
    `low` and `high` are None where nothing says how wide it is."""

    is_observed: bool
    ltv: Decimal | None
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True)
class Projection:
    """A channel's newest cohort of which something is projected; `by_horizon` in months of age."""

    channel: str
    month: date
    customers: int
    known_months: int
    known_ltv: Decimal | None
    cost: Decimal | None
    by_horizon: dict[int, Expected] = field(default_factory=dict)


def read(mart: MartFile) -> list[Projection] | None:
    """The largest cohort first; None where the mart projects nothing at all."""
    if not mart.has("marts.fct_customer_ltv"):
        return None
    found: dict[str, Projection] = {}
    for channel, month, customers, known_months, known, cost, horizon, *expected in mart.rows(
        """
        select
            channel, cohort_month, cohort_customers, max(known_months) over cohort,
            max_by(known_ltv_revenue_amount, known_months) over cohort, acquisition_cost_amount,
            horizon_months, is_observed, expected_ltv_revenue_amount,
            expected_ltv_revenue_amount_low, expected_ltv_revenue_amount_high
        from marts.fct_customer_ltv
        window cohort as (partition by channel, cohort_month)
        qualify cohort_month = max(
            case when not is_observed and expected_ltv_revenue_amount is not null
                then cohort_month end
        ) over (partition by channel)
        order by cohort_customers desc, channel, horizon_months
        """
    ):
        one = found.setdefault(
            channel, Projection(channel, month, customers, known_months, known, cost)
        )
        one.by_horizon[horizon] = Expected(*expected)
    return list(found.values())


def shown(found: Sequence[Projection] | None, head: Head, digits: int) -> Iterator[str]:
    """Nothing where the mart has no projections; where the history is too short, that it is."""
    if found is None:
        return
    yield "<h3>What customers will be worth</h3>"
    if not found:
        yield tables.note(
            "Not known yet: it takes 13 weeks of a channel's earlier customers who have all had the"
            " age in question."
        )
        return
    yield tables.note(
        "Each channel's newest month of customers that is projected, by how much the revenue of the"
        " channel's earlier customers grew from the same age on. In brackets what nine of ten such"
        " months come to, ? where too few came before to say; one without is what they brought."
        " A new product or a season that no earlier customers went through is in none of them."
    )
    yield _table(found, head, digits)


def _table(found: Sequence[Projection], head: Head, digits: int) -> str:
    horizons = sorted({horizon for one in found for horizon in one.by_horizon})
    columns = [
        Column("Channel", is_figure=False), Column("Came in", is_figure=False), Column("Customers"),
        Column("Cost per customer"), Column("Months known"), Column("LTV so far"),
        *(Column(f"LTV {horizon} months") for horizon in horizons),
    ]  # fmt: skip
    rows: list[list[str | Html]] = [
        [
            plain(words(one.channel), 40), f"{one.month:%b %Y}", count(one.customers),
            amount(one.cost, digits), count(one.known_months), amount(one.known_ltv, digits),
            *(_expected(one.by_horizon.get(horizon), digits) for horizon in horizons),
        ]
        for one in found
    ]  # fmt: skip
    return tables.table(f"LTV to come by channel, {head.currency}", columns, rows, is_wide=True)


def _expected(one: Expected | None, digits: int) -> str:
    if one is None or one.ltv is None:
        return UNKNOWN
    if one.is_observed:
        return amount(one.ltv, digits)
    if one.low is None or one.high is None:
        return f"{amount(one.ltv, digits)} (?)"
    return f"{amount(one.ltv, digits)} ({amount(one.low, digits)} to {amount(one.high, digits)})"
