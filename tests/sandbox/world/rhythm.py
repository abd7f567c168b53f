"""How rates go over time, measured on a finished world: `python -m sandbox.world.rhythm FOLDER`.

`bands.py` looks at averages; here are overdispersion, how alike weeks are, and drift, of a world of
half a year or more whose rates hang together (`generate(..., dynamics=True)`).
"""

import sys
from datetime import date
from pathlib import Path

import duckdb
import numpy as np

from sandbox.world.cuts import VISIT

#: Each rate: the rows it is of, a day and a number each.
RATES = {
    "capture": """select ordered_at::date as day, (seen.visit_id is not null)::int as x
        from orders inner join visits using (visit_id) left join seen using (visit_id)
        where analytics_consent""",
    "refusal": """select visit_at::date as day, (not analytics_consent)::int as x
        from visits where country <> 'US'""",
    "lost_google": """select visit_at::date as day, click_id_lost::int as x
        from visits where platform = 'google_ads'""",
    "lost_meta": """select visit_at::date as day, click_id_lost::int as x
        from visits where platform = 'meta_ads'""",
    "claim_google": """select ordered_at::date as day, (claimed.order_id is not null)::int as x
        from web_orders left join (select * from claimed where platform = 'google_ads') as claimed
        using (order_id)""",
    "claim_meta": """select ordered_at::date as day, (claimed.order_id is not null)::int as x
        from web_orders left join (select * from claimed where platform = 'meta_ads') as claimed
        using (order_id)""",
    "refund": """select ordered_at::date as day, (refunded.order_id is not null)::int as x
        from web_orders left join (select distinct order_id from refunds) as refunded
        using (order_id)""",
    "desktop": "select visit_at::date as day, (device = 'desktop')::int as x from visits",
    "british": "select visit_at::date as day, (country = 'GB')::int as x from visits",
    "hampers": """select ordered_at::date as day, (product_type = 'hamper')::int as x
        from web_orders""",
    "click_rate": """select ad_date as day, ln(impressions / clicks) as x from ad_daily
        where version = 3 and clicks > 0 and campaign_id = 20010000001""",
    "click_cost": """select ad_date as day, ln(cost_micros / clicks) as x from ad_daily
        where version = 3 and clicks > 0 and platform = 'google_ads'
            and campaign_id = 20010000001""",
}
VIEWS = """
create view seen as select distinct visit_id from ga4_events where event_name = 'purchase';
create view web_orders as select * from orders where source_name = 'web' and not is_test;
create view claimed as select distinct platform, order_id from claims where action = 'purchase';
"""
#: What GA4 catches of nobody in particular.
NOWHERE = ", ".join(["null"] * len(VISIT))
#: What drifts by points, and has enough of them for a month to show it.
DRIFTING = ("capture", "refusal", "lost_google", "lost_meta", "desktop", "british")

# (lowest, highest) value each measure may take. Rates themselves are alike by .3 to .6; counting
# hides some of it in a world of the demo's size. Overdispersion is as sure as days have orders: its
# error is .0045 at twenty a day, .0013 at eighty. `capture_by_day` has both without counting.
BANDS = {
    "capture_overdispersion": (0.004, 0.010),
    "weeks_alike": (0.20, 0.60),
    "claims_alike": (0.20, 0.75),
    "points_a_month": (0.005, 0.020),
}


def measure(folder: Path) -> dict[str, float]:
    """Each measure's value in the world written in `folder`."""
    with duckdb.connect() as con:
        con.execute("set enable_progress_bar = false")
        for path in sorted(folder.glob("*.parquet")):
            con.from_parquet(str(path)).create_view(path.stem)
        con.execute(VIEWS)
        alike = {name: _alike(_means(con, rows, 7)[0]) for name, rows in RATES.items()}
        return {
            "capture_overdispersion": _overdispersion(con, RATES["capture"]),
            "weeks_alike": float(np.mean(list(alike.values()))),
            "claims_alike": (alike["claim_google"] + alike["claim_meta"]) / 2,
            "points_a_month": float(
                np.mean([_drift(*_means(con, RATES[name], 28)) for name in DRIFTING])
            ),
        }


def capture_by_day(con: duckdb.DuckDBPyConnection, first: date, last: date) -> np.ndarray:
    """What share of the orders of a day GA4 would catch if there were endlessly many."""
    found = con.sql(f"""
        with lost as (
            select purchase_tag_loss(day, 'purchase', {NOWHERE})
                + draw_normal(epoch(day)::bigint, 'capture') * sqrt(capture_overdispersion(day)
                * (purchase_tag_loss() + blocked_visit_share())
                * (1 - purchase_tag_loss() - blocked_visit_share())) as tag_loss,
                blocked_visit_share(day, {NOWHERE}) as blocked
            from range(timestamp '{first}', timestamp '{last}', interval 1 day) as days (day)
        )
        select (1 - greatest(tag_loss, 0)) * (1 - blocked) as capture from lost
    """).fetchnumpy()
    return np.asarray(found["capture"], dtype=float)


def _alike(mean: np.ndarray) -> float:
    """The correlation of a week's rate with that of the week before."""
    return float(np.corrcoef(mean[1:], mean[:-1])[0, 1])


def _drift(mean: np.ndarray, noise: np.ndarray) -> float:
    """The mean distance of one month's rate from the one before."""
    squared = (np.diff(mean) ** 2 - noise[1:] - noise[:-1]).mean()
    return float(np.sqrt(max(squared, 0) * 2 / np.pi))


def _means(con: duckdb.DuckDBPyConnection, rows: str, days: int) -> tuple[np.ndarray, np.ndarray]:
    """The mean of every whole stretch of so many days, and its variance by counting."""
    found = con.sql(f"""
        select (day - (select min(ordered_at::date) from orders)) // {days} as stretch,
            avg(x) as mean, var_pop(x) / count(*) as noise, count(distinct day) as days
        from ({rows})
        group by stretch
        having days = {days}
        order by stretch
    """).fetchnumpy()
    return np.asarray(found["mean"], dtype=float), np.asarray(found["noise"], dtype=float)


def _overdispersion(con: duckdb.DuckDBPyConnection, rows: str) -> float:
    """The rho of a beta-binomial over days, by moments."""
    found = con.sql(f"select sum(x) as k, count(*) as n from ({rows}) group by day").fetchnumpy()
    k, n = np.asarray(found["k"], dtype=float), np.asarray(found["n"], dtype=float)
    share = k.sum() / n.sum()
    chi_squared = ((k - n * share) ** 2 / (n * share * (1 - share))).sum()
    return float((chi_squared - (len(n) - 1)) / (n - 1).sum())


def main(folder: Path) -> None:
    """Print each measure beside its band."""
    for name, value in measure(folder).items():
        low, high = BANDS[name]
        verdict = "ok" if low <= value <= high else "OUT"
        sys.stdout.write(f"{name:32} {value:8.4f}   {low:g} to {high:g}  {verdict}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
