"""What `bench.settlement` measured, as the lines of the report."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import numpy as np

from bench.captures import live
from bench.sections import Section
from bench.settlement import Corrected, Lags, claimed_of, correct, lags_of, score
from bench.table import Measure
from sandbox.world import generate

#: Worlds whose calendar is lived, and series in each; the demo's world lends its lags.
FIRST_SEED, LIVES, COPIES = 7000, 40, 10
VOLUMES = (100, 20)
#: A day that has been over for one whole day, at 100 claims a day: its mean error may be a tenth,
#: and of its intervals, which are of nine in ten, between .88 and .94 hold.
BAR_AGE, BAR_VOLUME, ERROR_BAR, COVERAGE_BAR = 2, 100, 0.10, (0.88, 0.94)
#: The curve of a published data set (Criteo's, as gates.md has it), in thousandths known by age.
PUBLISHED = {1: 320, 2: 460, 3: 530, 4: 580, 5: 630, 6: 670, 7: 710, 8: 740, 12: 830, 16: 890,
             20: 930, 25: 970, 30: 1000}  # fmt: skip


def sections(folder: Path, *, quick: bool) -> list[Section]:
    """Each platform's own lags, and the published ones, at each volume."""
    world = folder / "settlement_world"
    if not (world / "claims.parquet").exists():
        scale = 0.1 if quick else 1.0
        generate(world, start=date(2026, 2, 1), until=date(2026, 8, 1), scale=scale)
    lives = live(tuple(range(FIRST_SEED, FIRST_SEED + (4 if quick else LIVES))), 365)
    lags = {"published lags": _published()} | {
        f"lags of {name}": lags_of(world, name) for name in _platforms(world)
    }
    found: list[Section] = []
    for name, of_name in lags.items():
        for volume in VOLUMES[:1] if quick else VOLUMES:
            claimed = claimed_of(lives, of_name, volume, copies=COPIES)
            file = correct(claimed, folder, lambda _: None)
            found.append((f"{name}, {volume} claims a day", _lines(score(file), volume)))
    return found


def _platforms(world: Path) -> list[str]:
    with duckdb.connect() as con:
        found = con.execute(
            f"select distinct platform from '{world}/claims.parquet' order by 1"
        ).fetchall()
    return [platform for (platform,) in found]


def _published() -> Lags:
    ages = np.array(list(PUBLISHED), dtype=np.int64)
    counts = np.diff([0, *PUBLISHED.values()])
    age = np.repeat(ages, counts)
    return Lags(age, np.full(len(age), 70.0))


def _lines(found: list[Corrected], volume: int) -> list[Measure]:
    lines = []
    for one in found:
        low, high = COVERAGE_BAR
        is_judged = one.age == BAR_AGE and volume == BAR_VOLUME
        is_met = one.error <= ERROR_BAR and low <= one.covered <= high
        lines.append(
            Measure(
                f"read {one.age} days after",
                f"claimed {one.raw_bias:+.0%}, corrected {one.bias:+.1%}, error {one.error:.1%},"
                f" in the interval {one.covered:.1%}; amounts {one.amount_error:.1%},"
                f" {one.amount_covered:.1%}",
                f"error <= {ERROR_BAR:.0%}, {low:.0%} to {high:.0%}" if is_judged else "",
                is_met if is_judged else None,
            )
        )
    return lines
