"""Series as the sandbox's world lives them, for scoring detectors: its own dynamics, its calendar.

Nothing here knows what a detector assumes. How capture wanders from day to day, hangs together by
weeks and drifts is `sandbox.world.dynamics`, with orders by season, weekday and promotion from
`sandbox.world.days`; only counting is done here, at any volume.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
import numpy as np
from numpy.typing import NDArray

from sandbox.world import Parameters, rhythm
from sandbox.world.dated import Course
from sandbox.world.days import Span, set_calendar
from sandbox.world.draws import define_macros
from sandbox.world.dynamics import sways

Floats = NDArray[np.float64]
START = date(2025, 1, 6)  # a Monday
#: Large enough that counting adds nothing to the demand that is read off.
SCALE = 1000.0


@dataclass(frozen=True)
class Lives:
    """One row per seed, one column per day: what share of orders would be caught of endlessly many,
    what share of them a platform claims, how demand stands to an average day, its promotion."""

    capture: Floats
    claims: Floats
    demand: Floats
    promotion: Floats
    seeds: tuple[int, ...]

    def orders(self, per_day: float, salt: int = 0) -> NDArray[np.int64]:
        rng = np.random.default_rng([*self.seeds[:1], salt, round(per_day)])
        return rng.poisson(self.demand * per_day)


def live(seeds: tuple[int, ...], days: int) -> Lives:
    """The worlds of those seeds."""
    lives = [_one(seed, days) for seed in seeds]
    return Lives(*(np.stack(column) for column in zip(*lives, strict=True)), seeds)


def _one(seed: int, days: int) -> tuple[Floats, Floats, Floats, Floats]:
    parameters = Parameters()
    span = Span(START, START + timedelta(days=days), SCALE, seed)
    course = Course(parameters, (), sways(span, parameters))
    last = span.until - timedelta(days=1)
    with duckdb.connect() as con:
        con.execute("set enable_progress_bar = false")
        frame = {"world_seed": seed, "first_day": span.start, "end_day": span.until}
        define_macros(con, course, frame)
        capture = rhythm.capture_by_day(con, span.start, span.until)[:days]
        set_calendar(con, span, course)
        shop = con.execute(
            "select conversions, promotion from days where kind = 'shop' and day between ? and ?"
            " order by day", [span.start, last],
        ).fetchnumpy()  # fmt: skip
    demand = np.asarray(shop["conversions"], dtype=float)
    return capture, _claims(course, days), demand / demand.mean(), np.asarray(shop["promotion"])


def _claims(course: Course, days: int) -> Floats:
    """The share of orders claimed: seen by the tag or sent by the server, of who saw an ad."""
    place = {"platform": "meta_ads"}
    found = []
    for day in (START + timedelta(days=number) for number in range(days)):
        view, seen, sent = (
            course.at(name, day, place)
            for name in ("meta_view_share", "claim_observed_share", "meta_server_share")
        )
        found.append(view * (seen + (1 - seen) * sent))
    return np.array(found)
