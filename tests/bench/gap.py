"""`python -m bench.gap HOME`: how much of the gap the mart explains, and whether rightly.

HOME is a company's folder with a `build.duckdb`, which is copied and never written. First the share
of settled platform-days on which at most 2 % of the claims are unexplained, how much of all claims
is unseen, and how many are said to have fired twice: of sales, and of all goals, leads and deals
among them. Of each goal, what is unexplained of the last four settled weeks.

Then gaps of one kind each are put into a copy's tables where the reconciliation reads them, over
four settled weeks; it is computed anew, and of the gap that this adds the share is shown that
stands in the column of its kind: `by day`, where one too many on a day and one too few on the next
are two misses, and `in all`. Kinds are in `gap_kinds.py`.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from bench.gap_kinds import KINDS, Kind
from bench.road import PROJECT
from trueup.build import dbt

#: In the order they stand on each other.
MODELS = (
    "int_attribution__last_touches",
    "int_reconciliation__twins", "int_reconciliation__definitions",
    "int_reconciliation__touched", "int_reconciliation__exchanged",
    "int_reconciliation__claims", "int_reconciliation__steps", "int_reconciliation__named",
    "int_reconciliation__lags", "int_reconciliation__repeated", "fct_unseen_daily",
    "int_reconciliation__cells", "int_reconciliation__goal_groups",
    "int_reconciliation__expected", "int_reconciliation__judged", "int_reconciliation__rests",
    "fct_reconciliation_daily",
)  # fmt: skip
#: Of a day's claims, what may be unexplained on a healthy platform-day.
BAR = Decimal("0.02")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.gap", description=__doc__)
    parser.add_argument("home", type=Path)
    given = parser.parse_args(arguments)
    with TemporaryDirectory(prefix="gap-") as folder:
        copy, target = Path(folder) / "build.duckdb", Path(folder) / "target"
        shutil.copyfile(given.home / "build.duckdb", copy)
        target.mkdir()
        compile_all = ["compile", "--select", *MODELS]
        code = dbt.run(PROJECT / "dbt_project", copy, target, compile_all, lambda line: None)
        if code:
            return code
        sql = {name: _compiled(target, name) for name in MODELS}
        with duckdb.connect(copy) as con:
            con.execute("set timezone = 'UTC'")
            recompute(con, sql)
            for line in (*healthy(con), *of_goals(con)):
                print(line, flush=True)
            for kind in KINDS:
                print(_row(con, sql, kind), flush=True)
    return 0


def _compiled(target: Path, name: str) -> str:
    (found,) = target.glob(f"compiled/*/models/**/{name}.sql")
    return found.read_text(encoding="utf-8")


def recompute(con: duckdb.DuckDBPyConnection, sql: dict[str, str]) -> None:
    for name, text in sql.items():
        schema = "marts" if name.startswith("fct") else "intermediate"
        con.execute(f"create or replace table {schema}.{name} as {text}")


def healthy(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Per platform and over all: settled days, and the share of them under the bar; of orders and
    bookings, then of all goals together."""
    con.execute(
        """
        create or replace temp view settled_days as
        select platform, report_date, claimed_conversions as claimed, goal,
            unexplained_conversions as unexplained, unseen_conversions as unseen,
            duplicate_firing_conversions as doubled
        from marts.fct_reconciliation_daily
        where is_settled and claimed_conversions is not null
        """
    )
    of_sales = """
        goal in (select goal from company.goals where tier = 'strong')
        and goal in (select goal from marts.fct_conversions
            where record_type in ('order', 'booking'))"""
    return [*_healthy(con, "sales", of_sales), *_healthy(con, "all goals", "true")]


def _healthy(con: duckdb.DuckDBPyConnection, what: str, condition: str) -> list[str]:
    found = con.execute(
        f"""
        with goals as (
            select platform, report_date, goal, sum(claimed) as claimed,
                sum(unexplained) as unexplained, sum(unseen) as unseen, sum(doubled) as doubled
            from settled_days where {condition} group by all
        ),
        days as (
            select platform, report_date, sum(claimed) as claimed,
                sum(abs(unexplained)) as unexplained, sum(unseen) as unseen,
                sum(doubled) as doubled
            from goals group by all
        )
        select coalesce(platform, 'all'), count(*),
            avg((unexplained <= $bar * claimed)::int),
            sum(unexplained) / sum(claimed), sum(unseen) / sum(claimed), sum(doubled)
        from days where claimed > 0
        group by rollup (platform) order by all
        """,
        {"bar": BAR},
    ).fetchall()
    return [
        f"{name:<12} {what}: {days} days, {share:.1%} of them with at most {BAR:.0%} unexplained;"
        f" of all claims {whole:.1%} is, {unseen:.1%} unseen, {doubled:.0f} in number fired twice"
        for name, days, share, whole, unseen, doubled in found
    ]


def of_goals(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Per platform and goal: what is claimed of the last four settled weeks, and unexplained."""
    found = con.execute(
        """
        with settled as (
            select max(report_date) - 28 as since
            from marts.fct_reconciliation_daily where is_settled
        )
        select platform, goal, sum(claimed_conversions), sum(abs(unexplained_conversions))
        from marts.fct_reconciliation_daily cross join settled
        where is_settled and report_date > since and claimed_conversions is not null
        group by platform, goal having sum(claimed_conversions) > 0 order by platform, goal
        """
    ).fetchall()
    return [
        f"{platform:<12} {goal:<16} {unexplained:7.1f} of {claimed:7.1f} claims of the last four"
        f" settled weeks unexplained, {unexplained / claimed:.1%}"
        for platform, goal, claimed, unexplained in found
    ]


def _row(con: duckdb.DuckDBPyConnection, sql: dict[str, str], kind: Kind) -> str:
    """The kind put in, computed, and taken out again."""
    (through,) = con.execute("select through_date from trueup.build").fetchone() or (None,)
    assert isinstance(through, date)
    until = through - timedelta(days=0 if kind.is_recent else 60)
    since = until - timedelta(days=27)
    con.execute("begin")
    try:
        usual = of_days(con, kind.platform, (kind.column,), since, until)
        for statement in kind.statements:
            con.execute(statement.format(since=since, until=until, platform=kind.platform))
        recompute(con, sql)
        broken = of_days(con, kind.platform, (kind.column,), since, until)
    finally:
        con.execute("rollback")
    return scored(kind.name, kind.column, usual, broken)


Days = dict[date, tuple[Decimal, Decimal]]


def scored(name: str, column: str, usual: Days, broken: Days) -> str:
    """A line of how much the gap grew, and how much of that its own column did."""
    nothing = (Decimal(0), Decimal(0))
    days = sorted(usual.keys() | broken.keys())
    gaps = [broken.get(day, nothing)[0] - usual.get(day, nothing)[0] for day in days]
    own = [broken.get(day, nothing)[1] - usual.get(day, nothing)[1] for day in days]
    size = sum(abs(gap) for gap in gaps)
    missed = sum(abs(gap - landed) for gap, landed in zip(gaps, own, strict=True))
    by_day = f"{float(1 - missed / size):6.1%}" if size else "     -"
    return (
        f"{name:<34}  {column:<28} gap {size:11.1f}  by day {by_day}"
        f"  in all {sum(own):+11.1f} of {sum(gaps):+11.1f}"
    )


def measure_of(columns: Sequence[str]) -> str:
    """`conversions` or `amount`, by how the columns end."""
    (measure,) = {column.rsplit("_", 1)[1] for column in columns}
    return measure


def of_days(
    con: duckdb.DuckDBPyConnection, platform: str, columns: Sequence[str], since: date, until: date
) -> Days:
    """The gap of shop orders in the columns' measure, and the columns together, by day."""
    measure = measure_of(columns)
    found = con.execute(
        f"""
        select report_date, sum(claimed_{measure} - reconciled_{measure}),
            sum({" + ".join(columns)})
        from marts.fct_reconciliation_daily
        where platform = $platform and goal = 'shop_order' and report_date between $since and $until
        group by report_date
        """,
        {"platform": platform, "since": since, "until": until},
    ).fetchall()
    return {day: (gap or Decimal(0), own or Decimal(0)) for day, gap, own in found}


if __name__ == "__main__":
    sys.exit(main())
