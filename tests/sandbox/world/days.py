"""The calendar: how much was wanted each day, and the reference exchange rates.

Both are small daily series drawn with numpy Generators; everything else hangs on them.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
import numpy as np
import pyarrow as pa

from sandbox.world.dated import Course
from sandbox.world.parameters import Parameters

KINDS = ("shop", "wedding", "event")
CONVERTING = ("orders_per_day", "wedding_enquiries_per_day", "event_enquiries_per_day")
BROWSING = ("shop_browsers_per_day", "wedding_browsers_per_day", "event_browsers_per_day")
# Monday to Sunday, times an average day
WEEKDAYS = {
    "shop": (1.06, 1.00, 0.99, 1.02, 0.95, 0.90, 1.08),
    "wedding": (1.15, 1.05, 1.00, 0.98, 0.82, 0.85, 1.15),
    "event": (1.25, 1.28, 1.25, 1.20, 1.00, 0.48, 0.54),
}
# Day of the year on which each kind is wanted most
SEASON_PEAK = {"shop": 350, "wedding": 225, "event": 275}


@dataclass(frozen=True)
class Span:
    """The half-open range of days the tables cover, and how much traffic they hold."""

    start: date
    until: date
    scale: float
    seed: int


def set_calendar(con: duckdb.DuckDBPyConnection, span: Span, course: Course) -> None:
    """Make `days`: day, kind, demand and promotion indexes, journeys that convert or browse.

    And `bots`, whose sessions are a series of their own.
    """
    p = course.parameters
    rng = np.random.default_rng([span.seed, 1])
    first = span.start - timedelta(days=p.burn_in_days)
    count = (span.until - first).days + p.overhang_days
    days = np.array([first + timedelta(days=i) for i in range(count)], dtype="datetime64[D]")
    promotion = _promotions(rng, days, span.start, p)
    converting = [course.on_days(name, days) for name in CONVERTING]
    browsing = [course.on_days(name, days) for name in BROWSING]
    # Orders look back at the visits before them, so only deals need a run-up
    opened = days >= np.datetime64(span.start - timedelta(days=1))
    tables = []
    for kind, per_day, browsers in zip(KINDS, converting, browsing, strict=True):
        normal = _season(days, kind, p) * np.array(WEEKDAYS[kind])[_weekday(days)]
        noise = np.exp(rng.normal(-(p.day_noise**2) / 2, p.day_noise, count))
        lift = promotion if kind == "shop" else np.ones(count)
        wanted = span.scale * per_day * normal * lift * noise
        conversions = rng.poisson(wanted) * (opened | (kind != "shop"))
        # Promotions bring more people and make more of them buy
        crowd = rng.poisson(span.scale * browsers * normal * np.sqrt(lift) * noise) * opened
        tables.append(
            pa.table({
                "day": days, "kind": [kind] * count, "expected": wanted / noise,
                "promotion": lift, "conversions": conversions, "browsers": crowd,
            })
        )  # fmt: skip
    con.register("calendar", pa.concat_tables(tables))
    con.execute("create table days as select * from calendar")
    con.unregister("calendar")
    expected = span.scale * course.on_days("bot_visits_per_day", days) * opened
    number = np.random.default_rng([span.seed, 3]).poisson(expected)
    con.register("bot_days", pa.table({"day": days, "number": number}))
    con.execute("create table bots as select * from bot_days where number > 0")
    con.unregister("bot_days")


def set_rates(con: duckdb.DuckDBPyConnection, span: Span, course: Course) -> None:
    """Make `fx` (working days) and `rates` (every day, weekends carry the last working day)."""
    p = course.parameters
    rng = np.random.default_rng([span.seed, 2])
    first = span.start - timedelta(days=p.burn_in_days + 10)
    count = (span.until - first).days + p.overhang_days
    days = np.array([first + timedelta(days=i) for i in range(count)], dtype="datetime64[D]")
    working = _weekday(days) < 5
    tables = []
    for currency, name in (("GBP", "gbp_per_eur"), ("USD", "usd_per_eur")):
        level = course.on_days(name, days)
        steps = rng.normal(0, p.rate_daily_volatility, count) * working
        # A pull back to the level keeps long worlds plausible
        walk = np.zeros(count)
        for i in range(1, count):
            walk[i] = 0.98 * walk[i - 1] + steps[i] if working[i] else walk[i - 1]
        ten_thousandths = np.round(level * np.exp(walk) * 10_000).astype(np.int64)
        tables.append(
            pa.table({
                "rate_date": days, "currency_code": [currency] * count,
                "ten_thousandths": ten_thousandths, "working": working,
            })
        )  # fmt: skip
    con.register("walks", pa.concat_tables(tables))
    con.execute("""
        create table rates as
        select rate_date, currency_code, working,
            (ten_thousandths::decimal(18, 0) * 0.0001)::decimal(18, 6) as units_per_eur
        from walks
        union all
        select distinct rate_date, 'EUR', false, 1::decimal(18, 6) from walks;
        create table fx as
        select rate_date, currency_code, units_per_eur from rates
        where working and rate_date >= first_day() - 10 and rate_date < end_day();
    """)
    con.unregister("walks")


def _weekday(days: np.ndarray) -> np.ndarray:
    """Monday is 0; 1970-01-01 was a Thursday."""
    return (days.astype(np.int64) + 3) % 7


def _season(days: np.ndarray, kind: str, p: Parameters) -> np.ndarray:
    day_of_year = (days - days.astype("datetime64[Y]")).astype(np.int64)
    return 1 + p.season_swing * np.cos(2 * np.pi * (day_of_year - SEASON_PEAK[kind]) / 365)


def _promotions(
    rng: np.random.Generator, days: np.ndarray, start: date, p: Parameters
) -> np.ndarray:
    """The factor on a day's orders: one promotion in each equal slot of the year."""
    lift = np.ones(len(days))
    opening = int((np.datetime64(start) - days[0]).astype(np.int64))
    slot = 365 / p.promotions_per_year
    for index in range(int((len(days) - opening) / slot) + 1):
        first = opening + int(slot * index + rng.uniform(4, slot - 5))
        length = int(rng.integers(2, 5))
        lift[first : first + length] = rng.uniform(p.promotion_lift_low, p.promotion_lift_high)
    return lift
