"""`python -m bench.gap_at_source`: does a gap land in the column of what caused it.

    --pairs NAME ...    of worlds, by their names in `source_kinds.py` (default: all)
    --seed N            of the worlds (default 7)
    --scale X           of their traffic (default 1.0: about 27 orders a day)
    --folder F          where worlds and homes go (default var/bench/gap)

Each kind is two worlds with the same draws that differ by it alone. One whole world is landed and
built; of each other world only the sources that show the difference are landed anew. Over four
weeks, long settled but for claims that are late, the growth of the gap between the two is held
against that of the columns it belongs in: `by day`, where one too many on a day and one too few on
the next are two misses, and `in all`. `nothing` is no difference, and has to show none.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from unittest.mock import patch

import duckdb

import dbt_in_process
from bench import gap
from bench.broken_landings import land_settings
from bench.road import PROJECT
from bench.served import committed_by, home, link_landing, move_past, served
from bench.source_kinds import DAY, END, KNOWN_ACTIONS, LAST, PAIRS, START, Kind, Pair, Side
from sandbox.world import generate
from trueup import pipeline
from trueup.build import dbt

VAR = Path(os.environ.get("TRUEUP_HOME", PROJECT / "var"))


@dataclass(frozen=True)
class Ground:
    """Where the worlds and homes of one seed lie."""

    folder: Path
    seed: int
    scale: float

    def built(self, name: str, side: Side, sources: Sequence[str] | None) -> Path:
        """The build of a side; of all sources but `sources` with the whole world's landing."""
        folder, whole = self.folder / name, self.folder / "whole"
        world = (folder if side.changes or side.deeds or sources is None else whole) / "world"
        generate(
            world, start=START, until=END, seed=self.seed, scale=self.scale,
            changes=side.changes, deeds=side.deeds,
        )  # fmt: skip
        with served(world, folder / "state") as vendors:
            own = home(folder / "home", vendors, START, {**KNOWN_ACTIONS, **side.edits})
            with own.in_force():
                if not (done := own.folder / "landed").exists():
                    if sources is not None:
                        link_landing(whole / "home", own, sources)
                    touched = own.sources if sources is None else sources
                    with committed_by(vendors.desk):
                        land_settings(vendors.desk, touched, (START, DAY))
                        move_past(vendors.desk, LAST)
                        for source in touched:
                            pipeline.land(source, LAST.isoformat())
                    done.touch()
                pipeline.build(LAST.isoformat())
                return own.place.build_file


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.gap_at_source", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--pairs", nargs="*", default=[pair.name for pair in PAIRS])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--folder", type=Path, default=VAR / "bench" / "gap")
    given = parser.parse_args(arguments)
    ground = Ground((given.folder / str(given.seed)).resolve(), given.seed, given.scale)
    with patch.object(dbt, "run_process", partial(_run, kept=given.folder.resolve() / "dbt")):
        whole = ground.built("whole", Side(), None)
        with duckdb.connect(whole, read_only=True) as con:
            print(*gap.healthy(con), sep="\n", flush=True)
        for pair in (pair for pair in PAIRS if pair.name in given.pairs):
            print(*_scored(ground, whole, pair), sep="\n", flush=True)
    return 0


def _run(
    arguments: list[str], environment: dict[str, str], show: Callable[[str], None], *, kept: Path
) -> int:
    """dbt within this process, and of its models those alone that the gap is made of."""
    ours = [
        *arguments,
        *dbt_in_process.NO_TESTS,
        "--select",
        "+fct_reconciliation_daily",
        "+fct_conversions",
    ]
    return dbt_in_process.run(ours, environment, show, kept=kept)


def _scored(ground: Ground, whole: Path, pair: Pair) -> list[str]:
    usual = whole
    if pair.usual != Side():
        usual = ground.built(f"{pair.name}-usual", pair.usual, pair.sources)
    broken = ground.built(pair.name, pair.broken, pair.sources)
    return [line for kind in pair.kinds for line in lines(kind, usual, broken)]


def lines(kind: Kind, usual: Path, broken: Path) -> list[str]:
    """The kind's score, and which other columns moved most."""
    since, until = kind.since, kind.since + timedelta(days=27)
    sides = []
    for file in (usual, broken):
        with duckdb.connect(file, read_only=True) as con:
            days = gap.of_days(con, kind.platform, kind.columns, since, until)
            sides.append((days, _causes(con, kind, since, until)))
    (days, causes), (new_days, new_causes) = sides
    moved = {name: new_causes[name] - causes[name] for name in causes}
    others = sorted(
        (name for name in moved if name not in kind.columns and round(moved[name], 1)),
        key=lambda name: -abs(moved[name]),
    )
    shown = ", ".join(f"{name} {moved[name]:+.1f}" for name in others[:5])
    columns = " + ".join(kind.columns)
    return [gap.scored(kind.name, columns, days, new_days), f"    elsewhere {shown or 'nothing'}"]


def _causes(
    con: duckdb.DuckDBPyConnection, kind: Kind, since: date, until: date
) -> dict[str, Decimal]:
    """Every column of the kind's measure over the days, claims and what is reconciled too."""
    measure = gap.measure_of(kind.columns)
    found = con.execute(
        f"""
        select sum(columns('(.*_{measure})$')) as '\\1' from marts.fct_reconciliation_daily
        where platform = $platform and goal = 'shop_order' and report_date between $since and $until
        """,
        {"platform": kind.platform, "since": since, "until": until},
    )
    names = [column[0] for column in found.description or ()]
    (values,) = found.fetchall()
    return {name: value or Decimal(0) for name, value in zip(names, values, strict=True)}


if __name__ == "__main__":
    sys.exit(main())
