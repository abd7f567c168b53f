"""How right claims of the last days are once the mart has corrected them, and how often the final
number lies where the mart says it does.

    python -m bench --settlement [--quick]

A home that lands its history at once has one reading of each day. Here platforms are read every
morning for three months: how long after its click a claim shows, and what it is worth, is drawn
from the claims of the sandbox's world, how many clicks lead to one on a day from its calendar and
dynamics (`captures.py`). The models are the mart's own, run by dbt over versions of these claims.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from bench.captures import Lives
from trueup.build import dbt

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PROJECT = Path(__file__).parents[2] / "dbt_project"
#: Sixty cohorts that were read at every age, as the mart uses, and as many days as the last age.
LAST_AGE, DAYS = 30, 90
THROUGH = "2026-06-30"
MODELS = ("fqn:intermediate.settlement", "fct_settlement", "fct_claims_matured_daily")


@dataclass(frozen=True)
class Lags:
    """Of each claim of a platform: the age in days it is first read at, and its value."""

    age: Ints
    value: Floats


def lags_of(world: Path, platform: str) -> Lags:
    """Of the world's claims by clicks, by the day of the click, read each morning at six. The
    world's last month is left out: it has not seen the slow ones."""
    sql = f"""
        with claims as (
            select
                touched_at,
                (known_at - interval 6 hours)::date + 1 - touched_at::date as age,
                coalesce(value_amount_local, 0)::double as value
            from '{world}/claims.parquet'
            where platform = ? and kind = 'click' and action = 'purchase'
        )
        select age, value from claims
        where touched_at < (select max(touched_at) from claims) - to_days({LAST_AGE + 2})
            and age between 1 and {LAST_AGE}
        order by all
        """
    with duckdb.connect() as con:
        found = con.execute(sql, [platform]).fetchnumpy()
    return Lags(found["age"].astype(np.int64), found["value"].astype(np.float64))


@dataclass(frozen=True)
class Claimed:
    """Claims that show on one morning: of a series, a cohort and its age. Cohort 0 is the first."""

    series: Ints
    cohort: Ints
    age: Ints
    count: Ints
    amount: Floats


def claimed_of(lives: Lives, lags: Lags, per_day: float, *, copies: int = 1) -> Claimed:
    """Some series per life, each beginning somewhere in its year."""
    rng = np.random.default_rng([lives.seeds[0], round(per_day)])
    rows = np.repeat(lives.demand, copies, axis=0)
    begins = rng.integers(0, rows.shape[1] - DAYS, len(rows))
    demand = np.stack([row[first : first + DAYS] for row, first in zip(rows, begins, strict=True)])
    drawn = rng.poisson(demand * per_day)
    series, cohort = (np.repeat(where.ravel(), drawn.ravel()) for where in np.indices(drawn.shape))
    chosen = rng.integers(0, len(lags.age), len(series))
    cells = (series * DAYS + cohort) * (LAST_AGE + 1) + lags.age[chosen]
    size = drawn.size * (LAST_AGE + 1)
    count = np.bincount(cells, minlength=size)
    amount = np.bincount(cells, weights=lags.value[chosen], minlength=size)
    some = np.flatnonzero(count)
    rest, age = np.divmod(some, LAST_AGE + 1)
    return Claimed(*np.divmod(rest, DAYS), age, count[some], amount[some])


#: What the mart's models read, as a build has it that landed every morning and built in the end.
READ = f"""
create schema trueup; create schema company; create schema intermediate; create schema marts;
create macro cohort_day(number) as date '{THROUGH}' - {DAYS - 1} + number::integer;
create table trueup.build as
select 'now' as build_id, date '{THROUGH}' as through_date;
create table company.settings as
select date '2026-01-01' as history_start, {LAST_AGE} as settled_after_days;
create table intermediate.int_dates__spined as
select unnest(generate_series(date '2025-12-01', date '{THROUGH}' + 60, interval 1 day))::date
    as date_day;
create table trueup.applied_loads as
select
    series || '/' || read_date as load_id, 'files' as source, 'claims' as stream,
    series as account, read_date - {LAST_AGE} as since, read_date as until,
    read_date::timestamp + interval 6 hours as committed_at
from (select distinct series::varchar as series from claimed)
cross join (select date_day as read_date from intermediate.int_dates__spined)
where read_date between date '{THROUGH}' - {DAYS - 2} and date '{THROUGH}' + 1;
create table intermediate.int_claims__valued as
with running as (
    select
        series::varchar as series, cohort_day(cohort) as claim_date,
        cohort_day(cohort) + age::integer as read_date,
        sum(count) over steps as conversions, sum(amount) over steps as amount
    from claimed
    where cohort_day(cohort) + age::integer <= date '{THROUGH}' + 1
    window steps as (partition by series, cohort order by age)
)
select
    series || '/' || claim_date || '/' || read_date as claim_version_key,
    'files' as source, series as platform, series as account_id, 'all' as campaign_id,
    'sale' as goal, 'strong' as tier, true as is_headline, claim_date,
    series || '/' || read_date as load_id,
    lead(series || '/' || read_date) over steps as closed_by_load_id,
    conversions::decimal(18, 6) as claimed_conversions,
    amount::decimal(38, 6) as claimed_amount, amount::decimal(38, 6) as claimed_amount_local
from running
window steps as (partition by series, claim_date order by read_date);
create table intermediate.int_claims__versions as
select claim_version_key, claim_date, closed_by_load_id from intermediate.int_claims__valued;
create table marts.fct_platform_claims as
from intermediate.int_claims__valued where closed_by_load_id is null;
create table marts.fct_ledger_entries (
    source varchar, goal varchar, conversion_id varchar, conversion_date date, entry_date date,
    amount decimal(38, 6)
);
"""


def correct(claimed: Claimed, folder: Path, show: Callable[[str], None] = print) -> Path:
    """The build file with what the mart says of these claims."""
    file = folder / "build.duckdb"
    file.unlink(missing_ok=True)
    with duckdb.connect(str(file)) as con:
        con.execute("set timezone = 'UTC'")
        columns = vars(claimed)
        names = ", ".join(f"unnest(${name}) as {name}" for name in columns)
        con.execute(f"create table claimed as select {names}", columns)
        con.execute(READ)
    code = dbt.run(PROJECT, file, folder / "target", ["run", "--select", *MODELS], show)
    if code:
        raise RuntimeError(f"dbt could not correct the claims: exit code {code}")
    return file


@dataclass(frozen=True)
class Corrected:
    """Cohorts of one age: shares of the final number, means over all series."""

    age: int
    cohorts: int
    raw_bias: float
    bias: float
    error: float
    covered: float
    amount_error: float
    amount_covered: float


def score(file: Path, ages: Sequence[int] = (1, 2, 3, 7, 14)) -> list[Corrected]:
    """What the mart expects of cohorts of each age, beside all that was claimed in the end."""
    sql = """
        with final as (
            select
                series::varchar as platform, cohort_day(cohort) as report_date,
                sum(count) as count, sum(amount) as amount
            from claimed
            group by all
        )
        select
            age_days, count(*),
            avg(claimed_conversions / count - 1), avg(expected_conversions / count - 1),
            avg(abs(expected_conversions / count - 1)),
            avg((count between expected_conversions_low
                and coalesce(expected_conversions_high, 'infinity'::double))::integer),
            avg(abs(expected_amount / final.amount - 1)),
            avg((final.amount between expected_amount_low
                and coalesce(expected_amount_high, 'infinity'::double))::integer)
        from final
        inner join marts.fct_claims_matured_daily using (platform, report_date)
        where age_days in (select unnest(?))
        group by age_days order by age_days
        """
    with duckdb.connect(str(file), read_only=True) as con:
        rows = con.execute(sql, [list(ages)]).fetchall()
    return [Corrected(age, cohorts, *map(float, rest)) for age, cohorts, *rest in rows]
