"""`python -m bench.gap_at_source`: gaps put in at their source, and the column they land in.

    --kinds 1 2 5   kinds by number (default: all)
    --scale X       of the world's traffic (default 1.0: about 27 orders a day)
    --seed N        of the world (default 7)
    --folder F      where worlds and homes go (default var/bench/gap)

One world of 112 days without any such gap is landed whole and built. Then, one kind after another,
a world that differs in nothing else: the sources that show it are landed anew, and all that the gap
reads is built. Of what this adds to the gap of shop orders, over four weeks, the share is shown
that stands in the kind's own column: `by day`, where a claim too many on one day and too few on the
next are two misses, and `in all`. A world that was landed is not landed again, and a kind that was
scored not scored again, unless its line is taken out of F/scores.txt.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from unittest.mock import patch

import duckdb

import dbt_in_process
from bench.breaks import served
from bench.broken_landings import committed_by, move_past
from bench.gap import Days, healthy, of_days, scored
from bench.gap_source_kinds import END, KINDS, LAST, START, AtSource
from bench.road import PROJECT, Home
from sandbox import demo, keys
from sandbox.desk import Desk
from sandbox.world import generate
from trueup import pipeline
from trueup.build import dbt

VAR = Path(os.environ.get("TRUEUP_HOME", PROJECT / "var"))
#: Nothing of it differs from a world in which all is as ever.
USUAL = AtSource("as ever", "google_ads", "unexplained_conversions")
#: All that the gap is made of.
READ_BY_GAP = ("--select", "+fct_reconciliation_daily")


@dataclass(frozen=True)
class Bench:
    folder: Path
    scale: float
    seed: int

    def built(self, name: str, kind: AtSource) -> Path:
        """The build file of the kind's world, landed where that is not done, and built."""
        folder = self.folder / name
        done = folder / "landed"
        with kind.in_force():
            world = folder / "world"
            generate(world, seed=self.seed, start=START, until=END, scale=self.scale, **kind.world)
            with served(world, folder / "state") as (desk, url, storage_api):
                home = self._home(folder / "home", kind, desk, url, storage_api)
                if not done.exists():
                    self._land(home, kind, desk)
                    done.touch()
                with home.in_force():
                    pipeline.build(LAST.isoformat())
        return home.place.build_file

    def _home(self, folder: Path, kind: AtSource, desk: Desk, url: str, storage_api: str) -> Home:
        folder.mkdir(parents=True, exist_ok=True)
        text = (PROJECT / "company.yml").read_text(encoding="utf-8")
        for old, new in kind.edits:
            if text.count(old) != 1:
                raise ValueError(f"company.yml says {old!r} {text.count(old)} times, not once")
            text = text.replace(old, new)
        text = re.sub(r"http://127\.0\.0\.1:\d+", url, text)
        text = text.replace("127.0.0.1:8766", storage_api)
        text = re.sub(r"^  start: .*$", f"  start: {START}", text, flags=re.M)
        (folder / "company.yml").write_text(text, encoding="utf-8")
        return Home(folder, demo.environment() | keys.environment(desk.state, url))

    def _land(self, home: Home, kind: AtSource, desk: Desk) -> None:
        shutil.rmtree(home.place.folder, ignore_errors=True)
        sources = list(kind.landed)
        if kind is USUAL:
            sources = home.sources
        else:
            kept = self.folder / "as-ever" / "home" / home.place.folder.name / "landing"
            shutil.copytree(
                kept, home.place.landing, copy_function=os.link,
                ignore=lambda at, names: sources if Path(at) == kept else (),
            )  # fmt: skip
        with home.in_force(), committed_by(desk):
            move_past(desk, LAST)
            for source in sources:
                pipeline.land(source, LAST.isoformat())


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.gap_at_source", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--kinds", nargs="*", type=int, default=list(range(1, len(KINDS) + 1)))
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--folder", type=Path, default=VAR / "bench" / "gap")
    given = parser.parse_args(arguments)
    bench = Bench(given.folder.resolve(), given.scale, given.seed)
    bench.folder.mkdir(parents=True, exist_ok=True)
    scores = bench.folder / "scores.txt"
    known = scores.read_text(encoding="utf-8").splitlines() if scores.exists() else []
    with _builds(bench.folder / "dbt"):
        usual = bench.built("as-ever", USUAL)
        with duckdb.connect(usual, read_only=True) as con:
            print(*healthy(con), sep="\n", flush=True)
        for kind in (KINDS[number - 1] for number in given.kinds):
            line = next((line for line in known if line.startswith(f"{kind.name}  ")), None)
            if line is None:
                name = re.sub(r"\W+", "-", kind.name)
                broken = bench.built(name, kind)
                line = scored(kind.name, kind.column, _days(kind, usual), _days(kind, broken))
                with scores.open("a", encoding="utf-8") as file:
                    file.write(line + "\n")
            print(line, flush=True)
    return 0


@contextmanager
def _builds(kept: Path) -> Iterator[None]:
    """dbt within this process, without its tests, and of what the gap reads alone."""
    run_all = partial(dbt_in_process.run, kept=kept)

    def run(arguments: list[str], environment: dict[str, str], show: Callable[[str], None]) -> int:
        asked = [*arguments, *READ_BY_GAP] if arguments[0] == "build" else arguments
        return run_all(asked, environment, show)

    with patch.object(dbt, "run_process", run), dbt_in_process.models_alone():
        yield


def _days(kind: AtSource, file: Path) -> Days:
    with duckdb.connect(file, read_only=True) as con:
        return of_days(con, kind.platform, kind.column, *kind.days)


if __name__ == "__main__":
    sys.exit(main())
