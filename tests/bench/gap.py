"""`python -m bench.gap HOME`: how much of the gap the mart explains, and whether rightly.

HOME is a company's folder with a `build.duckdb`, which is copied and never written. First the share
of settled platform-days on which at most 2 % of the claims of orders are unexplained. Then gaps of
one kind each are put into a copy's tables where the reconciliation reads them, over four settled
weeks; it is computed anew, and of the gap that this adds the share is shown that stands, day by
day, in the column of its kind. Kinds are in `gap_kinds.py`.
"""

from __future__ import annotations

import argparse
import shutil
import sys
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
    "int_reconciliation__claims", "int_reconciliation__definitions",
    "int_reconciliation__touched", "int_reconciliation__steps", "int_reconciliation__named",
    "int_reconciliation__bounds", "int_reconciliation__cells", "int_reconciliation__rests",
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
            for line in _healthy(con):
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


def _healthy(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Per platform and over all: settled days, and the share of them under the bar."""
    found = con.execute(
        """
        with days as (
            select platform, report_date, sum(claimed_conversions) as claimed,
                sum(unexplained_conversions) as unexplained
            from marts.fct_reconciliation_daily
            where is_settled and claimed_conversions is not null
                and goal in (select goal from company.goals where tier = 'strong')
                and goal in (select goal from marts.fct_conversions
                    where record_type in ('order', 'booking'))
            group by all
        )
        select coalesce(platform, 'all'), count(*),
            avg((abs(unexplained) <= $bar * claimed)::int),
            sum(abs(unexplained)) / sum(claimed)
        from days where claimed > 0
        group by rollup (platform) order by all
        """,
        {"bar": BAR},
    ).fetchall()
    return [
        f"{name:<12} {days:5} days, {share:.1%} of them with at most {BAR:.0%} unexplained;"
        f" {whole:.1%} of all claims"
        for name, days, share, whole in found
    ]


def _row(con: duckdb.DuckDBPyConnection, sql: dict[str, str], kind: Kind) -> str:
    """The kind put in, computed, and taken out again."""
    (through,) = con.execute("select through_date from trueup.build").fetchone() or (None,)
    assert isinstance(through, date)
    until = through - timedelta(days=0 if kind.is_recent else 60)
    since = until - timedelta(days=27)
    con.execute("begin")
    try:
        usual = _days(con, kind, since, until)
        for statement in kind.statements:
            con.execute(statement.format(since=since, until=until, platform=kind.platform))
        recompute(con, sql)
        broken = _days(con, kind, since, until)
    finally:
        con.execute("rollback")
    gap = {day: broken[day][0] - usual.get(day, (0, 0))[0] for day in broken}
    landed = {day: broken[day][1] - usual.get(day, (0, 0))[1] for day in broken}
    size = sum(abs(change) for change in gap.values())
    missed = sum(abs(gap[day] - landed[day]) for day in gap)
    share = 1 - missed / size if size else Decimal(0)
    return f"{kind.name:<34} {kind.column:<28} gap {size:12.1f}  landed {float(share):6.1%}"


def _days(
    con: duckdb.DuckDBPyConnection, kind: Kind, since: date, until: date
) -> dict[date, tuple[Decimal, Decimal]]:
    """Gap and the kind's own column, by day."""
    found = con.execute(
        f"""
        select report_date, sum(claimed_{kind.measure} - reconciled_{kind.measure}),
            sum({kind.column})
        from marts.fct_reconciliation_daily
        where platform = $platform and goal = 'shop_order' and report_date between $since and $until
        group by report_date
        """,
        {"platform": kind.platform, "since": since, "until": until},
    ).fetchall()
    return {day: (gap or Decimal(0), own or Decimal(0)) for day, gap, own in found}


if __name__ == "__main__":
    sys.exit(main())
