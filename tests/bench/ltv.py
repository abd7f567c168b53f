"""How right customers' worth is where the mart projects it, and how often it lies where the mart
says it does.

    python -m bench.ltv FOLDER [--quick]

Purchase histories are drawn from the BG/NBD process with gamma-gamma amounts: who buys does so at a
rate of their own, may be gone after each further purchase with a chance of their own, and spends
about as much each time. Its parameters are those published for an online music shop (CDNOW, in
weeks and dollars: Fader, Hardie and Lee 2005; Fader and Hardie 2013). The mart knows none of this:
its own models, run by dbt, see what was bought through a day, and what the same customers went on
to buy is known here. A third of them or more are older than the history, as in life.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from bench import machine
from bench.table import Measure, report
from trueup.build import dbt

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PROJECT = Path(__file__).parents[2] / "dbt_project"
START = "2024-01-01"  # a Monday
MODELS = (
    "int_customers__ages", "int_customers__growth", "fct_customer_cohorts", "fct_customer_ltv",
)  # fmt: skip
#: Weeks before the history in which customers were acquired too, and after it in which they go on.
WEEKS_BEFORE, WEEKS_AFTER = 52, 60


@dataclass(frozen=True)
class Process:
    """Rates of purchase a week are Gamma(r, alpha), chances to be gone after one Beta(a, b); an
    amount is Gamma(p, nu), with nu Gamma(q, gamma) of each customer."""

    r: float = 0.243
    alpha: float = 4.414
    a: float = 0.793
    b: float = 2.426
    p: float = 6.25
    q: float = 3.74
    gamma: float = 15.44


PUBLISHED = Process()


@dataclass(frozen=True)
class Purchases:
    """One row per purchase, on a day counted from the history's first; of a channel's customer."""

    customer: Ints
    channel: Ints
    day: Ints
    amount: Floats


def purchases_of(
    process: Process, *, per_week: float, weeks: int, channels: int, seed: int = 1
) -> Purchases:
    """As many channels alike as are asked for, each with so many new customers a week."""
    rng = np.random.default_rng([seed, round(per_week), weeks])
    born = rng.poisson(per_week * (WEEKS_BEFORE + weeks), channels)
    channel = np.repeat(np.arange(channels), born)
    count, end = len(channel), 7.0 * (weeks + WEEKS_AFTER)
    at = rng.uniform(-7.0 * WEEKS_BEFORE, 7.0 * weeks, count)
    rate = rng.gamma(process.r, 1 / process.alpha, count) / 7
    gone = rng.beta(process.a, process.b, count)
    scale = 1 / rng.gamma(process.q, 1 / process.gamma, count)
    customer, found = np.arange(count), []
    while len(customer):
        found.append((customer, np.floor(at).astype(np.int64)))
        at = at + rng.exponential(1.0, len(customer)) / np.maximum(rate[customer], 1e-9)
        stays = at < end
        if len(found) > 1:  # the first purchase drives nobody away
            stays &= rng.random(len(customer)) >= gone[customer]
        customer, at = customer[stays], at[stays]
    buyers = np.concatenate([one for one, _ in found])
    days = np.concatenate([day for _, day in found])
    amounts = np.round(rng.gamma(process.p, scale[buyers]), 2)
    return Purchases(buyers, channel[buyers], days, amounts)


#: What the mart's models read, as a build has it; and `worth`, which no build can know.
READ = f"""
create schema trueup; create schema company; create schema intermediate; create schema marts;
create table all_purchases as
select customer::varchar as customer_id, channel::varchar as channel,
    date '{START}' + day::integer as bought_date, amount::decimal(38, 6) as amount,
    row_number() over (order by customer, day, amount) as purchase_id
from bought where day >= 0;
create table trueup.build as
select 'now' as build_id, date '{START}' + {{days}} - 1 as through_date;
create table company.settings as select date '{START}' as history_start;
create table purchases as from all_purchases
where bought_date <= (select through_date from trueup.build);
create table intermediate.int_dates__spined as
select unnest(generate_series(date '{START}', date '{START}' + {{days}} + 60, interval 1 day))::date
    as date_day;
create table marts.dim_customer as
select customer_id, min_by(purchase_id, (bought_date, purchase_id))::varchar as first_conversion_id,
    min(bought_date) as first_conversion_date, any_value(channel) as first_channel,
    min(bought_date) < date '{START}' + 90 as may_be_older
from purchases group by customer_id;
create table intermediate.int_customers__conversions as
select purchase_id::varchar as conversion_id, customer_id, bought_date as conversion_date,
    'strong' as tier, 'won' as status
from purchases;
create table marts.fct_ledger_entries as
select purchase_id::varchar as conversion_id, bought_date as entry_date, amount,
    (amount * 0.4)::decimal(38, 6) as margin_amount
from purchases;
create table intermediate.int_daily__channels as
select bought_date as report_date, channel, 0::decimal(38, 6) as spend_amount
from purchases where false;
create table intermediate.int_spend__known_from as
select channel, bought_date as known_from_date
from purchases where false;
create table worth as
select date_trunc('month', first_conversion_date)::date as cohort_month, first_channel as channel,
    horizon_months, count(distinct customer_id) as customers, sum(amount) as revenue
from marts.dim_customer as customers
inner join all_purchases using (customer_id)
cross join (values (3), (6), (12)) as horizons (horizon_months)
where bought_date < first_conversion_date + 30 * horizon_months
group by all;
"""


def project(
    bought: Purchases, weeks: int, folder: Path, show: Callable[[str], None] = print
) -> Path:
    """The build file with what the mart says at the end of the history."""
    file = folder / "build.duckdb"
    file.unlink(missing_ok=True)
    with duckdb.connect(str(file)) as con:
        con.execute("set timezone = 'UTC'")
        columns = vars(bought)
        names = ", ".join(f"unnest(${name}) as {name}" for name in columns)
        con.execute(f"create table bought as select {names}", columns)
        con.execute(READ.format(days=7 * weeks))
    code = dbt.run(PROJECT, file, folder / "target", ["run", "--select", *MODELS], show)
    if code:
        raise RuntimeError(f"dbt could not project: exit code {code}")
    return file


@dataclass(frozen=True)
class Projected:
    """Cohorts of a horizon and some ages: shares of what they came to, means over cohorts. The
    usual error is that of the mean over all customers, which nobody could know beforehand."""

    horizon: int
    known: str
    cohorts: int
    unknown: int
    bias: float
    error: float
    usual_error: float
    covered: float


def score(file: Path) -> list[Projected]:
    """What was projected, beside what the same customers bought in the end."""
    sql = """
        with usual as (
            select horizon_months, sum(revenue) / sum(customers) as per_customer
            from worth where cohort_month > (select min(cohort_month) + 90 from worth) group by all
        ),
        judged as (
            select *, worth.revenue::double as came, expected_revenue_amount::double as expected,
                case when known_months = 1 then '1 month' when known_months < 6 then '2 to 5 months'
                    else '6 to 11 months' end as known
            from marts.fct_customer_ltv
            inner join worth using (cohort_month, channel, horizon_months)
            inner join usual using (horizon_months)
            where not is_observed
        )
        select
            horizon_months, known, count(expected), count(*) - count(expected),
            coalesce(sum(expected) / sum(came) filter (expected is not null) - 1, 0),
            coalesce(avg(abs(expected / came - 1)), 0),
            coalesce(avg(abs(per_customer * customers / came - 1)), 0),
            coalesce(avg((came / customers between expected_ltv_revenue_amount_low and coalesce(
                expected_ltv_revenue_amount_high, 'infinity'::double
            ))::integer) filter (expected is not null), 0)
        from judged
        group by all order by all
        """
    with duckdb.connect(str(file), read_only=True) as con:
        return [Projected(*row) for row in con.execute(sql).fetchall()]


#: New customers a week, weeks of history, and channels alike that are scored at once.
PLANS = ((100, 104, 60), (20, 104, 60), (100, 57, 60))
#: Of projected cohorts of a hundred a week with two years behind them: on the mean over cohorts
#: nothing is left of bias, and of intervals, which are of nine in ten, so many hold.
BIAS_BAR, COVERAGE_BAR = 0.02, (0.84, 0.94)


def lines(found: list[Projected], *, is_judged: bool) -> list[Measure]:
    low, high = COVERAGE_BAR
    measures = []
    for one in found:
        name = f"worth at {one.horizon} months, {one.known} known"
        if not one.cohorts:
            measures.append(Measure(name, f"not known of {one.unknown} cohorts"))
            continue
        is_met = abs(one.bias) <= BIAS_BAR and low <= one.covered <= high
        measures.append(
            Measure(
                name,
                f"{one.cohorts} cohorts, bias {one.bias:+.1%}, error {one.error:.1%} (of the"
                f" mean {one.usual_error:.1%}), in the interval {one.covered:.1%}",
                f"bias <= {BIAS_BAR:.0%}, {low:.0%} to {high:.0%}" if is_judged else "",
                is_met if is_judged else None,
            )
        )
    return measures


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.ltv", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--quick", action="store_true", help="few channels, judged by no bar")
    given = parser.parse_args()
    folder = given.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    sections = []
    for per_week, weeks, channels in PLANS:
        count = 4 if given.quick else channels
        bought = purchases_of(PUBLISHED, per_week=per_week, weeks=weeks, channels=count)
        found = score(project(bought, weeks, folder, lambda line: None))
        is_judged = not given.quick and (per_week, weeks) == (100, 104)
        title = f"{per_week} new customers a week, {weeks} weeks of history"
        sections.append((title, lines(found, is_judged=is_judged)))
    print(report("Bench: what customers will be worth", machine.describe(), sections))
    return 1 if any(one.is_met is False for _, found in sections for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
