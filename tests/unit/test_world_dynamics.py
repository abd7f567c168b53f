"""Rates of a swaying world hang together as life's do, and its averages stay where they were."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pytest

from sandbox.world import Parameters, bands, generate, rhythm
from sandbox.world.dated import Course
from sandbox.world.days import Span
from sandbox.world.draws import define_macros
from sandbox.world.dynamics import PATHS, sways

# Orders are what most rates are of; those who only look would make the world larger, not surer
BUSY = Parameters(
    shop_browsers_per_day=20.0, wedding_browsers_per_day=4.0, event_browsers_per_day=2.0
)
WEEKS = {"start": date(2026, 1, 5), "until": date(2026, 8, 31), "scale": 1.0}


@pytest.fixture(scope="module")
def swaying(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("swaying") / "world"
    generate(folder, parameters=BUSY, dynamics=True, **WEEKS)
    return folder


def test_weeks_are_alike_and_levels_drift(swaying: Path) -> None:
    measured = rhythm.measure(swaying)
    assert set(measured) == set(rhythm.BANDS)
    # Of twenty orders a day it is known to .0045 only: the next test has it without counting
    del measured["capture_overdispersion"]
    outside = {
        name: value
        for name, value in measured.items()
        if not rhythm.BANDS[name][0] <= value <= rhythm.BANDS[name][1]
    }
    assert outside == {}


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_capture_is_overdispersed_hangs_together_by_weeks_and_drifts(seed: int) -> None:
    first, last = date(2020, 1, 6), date(2026, 1, 5)
    span = Span(start=first, until=last, scale=1.0, seed=seed)
    captures = {}
    with_sways = sways(span, Parameters())
    for name, swaying in (("swaying", with_sways), ("still", ())):
        with duckdb.connect() as con:
            frame = {"world_seed": seed, "first_day": first, "end_day": last}
            define_macros(con, Course(Parameters(), (), swaying), frame)
            captures[name] = rhythm.capture_by_day(con, first, last)
    for name, capture in captures.items():
        level = capture.mean()
        weeks = capture[: len(capture) // 7 * 7].reshape(-1, 7).mean(axis=1)
        alike = np.corrcoef(weeks[1:], weeks[:-1])[0, 1]
        months = capture[: len(capture) // 30 * 30].reshape(-1, 30).mean(axis=1)
        drift = np.abs(np.diff(months)).mean()
        assert 0.92 < level < 0.94, name
        if name == "swaying":
            assert 0.004 < capture.var() / (level * (1 - level)) < 0.010
            assert 0.3 < alike < 0.6
            assert 0.005 < drift < 0.020
        else:
            assert abs(alike) < 0.2
            assert drift < 0.005


def test_averages_stay_within_their_bands(swaying: Path) -> None:
    outside = {
        name: value
        for name, value in bands.measure(swaying).items()
        if not bands.BANDS[name][0] <= value <= bands.BANDS[name][1]
    }
    assert outside == {}


@pytest.mark.parametrize("seed", [7, 8])
def test_each_path_hangs_together_by_weeks_and_takes_nothing_from_the_average(seed: int) -> None:
    span = Span(start=date(2010, 1, 4), until=date(2026, 1, 5), scale=1.0, seed=seed)
    drawn = sways(span, Parameters())[: len(PATHS)]
    assert len({sway.variable for sway in drawn}) == len(PATHS)
    for path, sway in zip(PATHS, drawn, strict=True):
        logs = np.array(sway.logs)
        weeks = logs[: len(logs) // 7 * 7].reshape(-1, 7).mean(axis=1)
        assert 0.4 < np.corrcoef(weeks[1:], weeks[:-1])[0, 1] < 0.8, path
        odds = np.exp(logs) * (path.level / (1 - path.level) if path.level else 1)
        levels = odds / (1 + odds) if path.level else odds
        assert abs(levels.mean() - (path.level or 1)) < 0.02 * (path.level or 1), path
        months = levels[: len(levels) // 30 * 30].reshape(-1, 30).mean(axis=1)
        drift = np.abs(np.diff(months)).mean()
        assert 0.4 * path.width < drift < 1.2 * path.width, path


def test_without_dynamics_nothing_sways(tmp_path: Path) -> None:
    span = {"start": date(2026, 6, 1), "until": date(2026, 6, 20), "scale": 0.05}
    generate(tmp_path / "still", **span)
    generate(tmp_path / "swaying", dynamics=True, **span)
    still, moved = (
        (tmp_path / name / "visits.parquet").read_bytes() for name in ("still", "swaying")
    )
    assert still != moved
