"""How well breaks of a series are found, and how long they stay open, beside other rules.

    python -m bench --detect [--quick] [--seed FIRST]

Series are of the sandbox's world (`captures.py`), with seeds on which the
budget's parts were chosen; `--seed 9000` gives others, that nothing was tuned on. A break is
a factor on the capture from a day on, repaired six weeks later.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from bench import rivals
from bench.captures import Lives, live
from bench.sections import Section
from bench.table import Measure, at_most
from trueup.gates.detect.judging import judge
from trueup.gates.detect.panel import panel

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
FIRST_SEED = 5000
VOLUMES = (30, 200, 1500)
FACTORS = {"dead": 0.0, "x0.5": 0.5, "x0.8": 0.8, "x0.9": 0.9}
DAYS, BREAK, LASTS = 365, 230, 42
YEAR = 365
#: Orders that the events system saw, of all: where it is worse, it falls.
captured = partial(panel, worse=-1)


@dataclass(frozen=True)
class Found:
    """What one detector made of one break in many series; shares of the series."""

    same_day: float
    one_day: float
    week: float
    open_on_day_30: float
    closed_in_two: float
    repair_alarms: float
    openings: int
    true_openings: int

    @property
    def recall(self) -> str:
        return "/".join(f"{share:.2f}" for share in (self.same_day, self.one_day, self.week))

    @property
    def lasting(self) -> str:
        return (
            f"open on day 30 {self.open_on_day_30:.2f}, closed in two {self.closed_in_two:.2f},"
            f" alarms by the repair {self.repair_alarms:.2f}"
        )


def sections(*, quick: bool, first_seed: int = FIRST_SEED) -> list[Section]:
    """Everything that is measured, as sections of the report."""
    count = 6 if quick else 100
    lives = live(tuple(range(first_seed, first_seed + count)), DAYS)
    found: list[Section] = []
    ours: dict[int, dict[str, Found]] = {}
    alarms: dict[int, float] = {}
    for volume in VOLUMES:
        table, alarms[volume], ours[volume] = _volume(lives, volume)
        found.append(table)
    found += [
        ("Bars", _bars(alarms, ours, quick)),
        ("Slow losses, claims, first days", _others(lives, quick)),
        ("Order by order", _orders()),
        ("Cost", _cost(quick)),
    ]
    return found


def _volume(lives: Lives, volume: int) -> tuple[Section, float, dict[str, Found]]:
    detectors = ["trueup", *(f"{name}, {of}" for name in rivals.RULES for of in ("ratio", "count"))]
    clean = _alarms(lives, volume, 1.0)
    broken = {name: _alarms(lives, volume, factor) for name, factor in FACTORS.items()}
    lines, ours = [], {}
    alarms = 0.0
    for detector in detectors:
        per_year = _openings(clean[detector]).sum() / len(clean[detector]) * YEAR / DAYS
        scored = {name: score(found[detector]) for name, found in broken.items()}
        recalls = ", ".join(f"{name} {one.recall}" for name, one in scored.items())
        lines.append(Measure(detector, f"{per_year:.2f} false alarms a year; {recalls}"))
        if detector == "trueup":
            ours, alarms = scored, per_year
            lines += [Measure(f"trueup, {name}", one.lasting) for name, one in scored.items()]
    return (f"{volume} orders a day: found same day/1 day/7 days", lines), alarms, ours


def _alarms(lives: Lives, volume: int, factor: float) -> dict[str, Bools]:
    """On which days each detector alarms, of every series."""
    orders = lives.orders(volume).clip(1)
    factors = np.ones(DAYS)
    factors[BREAK : BREAK + LASTS] = factor
    rng = np.random.default_rng([lives.seeds[0], volume, round(factor * 100)])
    seen = rng.binomial(orders, np.clip(lives.capture * factors, 0, 1)).astype(float)
    found = {"trueup": judge(captured(seen, orders)).is_breach}
    for name, rule in rivals.RULES.items():
        found[f"{name}, ratio"] = rule(seen / orders)
        found[f"{name}, count"] = rule(seen)
    return found


def score(alarms: Bools) -> Found:
    """What alarms of [series, day] say of the break from day `BREAK` for `LASTS` days. A series
    that was in alarm already on the day before has not been found by it."""
    fresh = ~alarms[:, BREAK - 1]
    since = alarms[fresh, BREAK:]
    found = since[:, :30].any(axis=1)
    repair = BREAK + LASTS
    opened = _openings(alarms)
    return Found(
        same_day=_share(since[:, 0]),
        one_day=_share(since[:, :2].any(axis=1)),
        week=_share(since[:, :8].any(axis=1)),
        open_on_day_30=_share(since[found, 30]),
        closed_in_two=_share(~since[found, LASTS + 1]),
        repair_alarms=float(opened[fresh, repair : repair + 28].sum() / max(fresh.sum(), 1)),
        openings=int(opened.sum()),
        true_openings=int(opened[:, BREAK:repair].any(axis=1).sum()),
    )


def _openings(alarms: Bools) -> Bools:
    """Days on which an alarm begins."""
    before = np.zeros_like(alarms)
    before[:, 1:] = alarms[:, :-1]
    return alarms & ~before


def _share(found: Bools) -> float:
    return float(found.mean()) if len(found) else float("nan")


def at_least(name: str, number: float, bar: float) -> Measure:
    return Measure(name, f"{number:.2f}", f">= {bar:g}", bool(number >= bar))


def _bars(
    alarms: dict[int, float], ours: dict[int, dict[str, Found]], quick: bool
) -> list[Measure]:
    large = [ours[volume][name] for volume in (200, 1500) for name in ("dead", "x0.5", "x0.8")]
    small = [ours[30][name] for name in ("dead", "x0.5", "x0.8")]
    every = [one for of in ours.values() for one in of.values()]
    clear = [one for of in ours.values() for name, one in of.items() if name in ("dead", "x0.5")]
    wrong = sum(one.openings - one.true_openings for one in every)
    lines = [
        at_least("20 % lost of 200 or more: within a day", min(o.one_day for o in large), 0.95),
        at_least("20 % lost of 30: within a week", min(o.week for o in small), 0.90),
        at_least("found at any strength: open on day 30", min(o.open_on_day_30 for o in every), 1),
        at_least("half or all lost: closed in two", min(o.closed_in_two for o in clear), 0.95),
        at_most("most alarms by a repair", f"{max(o.repair_alarms for o in every):.2f}",
                max(o.repair_alarms for o in every), 0.02),
        Measure("openings in broken years that were no break, of all",
                f"{wrong} of {sum(one.openings for one in every)}"),
    ]  # fmt: skip
    for volume, per_year in alarms.items():
        name = f"false alarms a series-year, {volume} orders"
        lines.append(at_most(name, f"{per_year:.2f}", per_year, 0.3))
    if quick:
        return [Measure(line.name, line.value) for line in lines]
    return lines


def _others(lives: Lives, quick: bool) -> list[Measure]:
    rng = np.random.default_rng([lives.seeds[0], 1])
    days = np.arange(DAYS)
    orders = lives.orders(300).clip(1)

    def seen(lost: Floats) -> Bools:
        share = np.clip(lives.capture - lost, 0, 1)
        return judge(captured(rng.binomial(orders, share), orders)).is_breach

    creeping = score(seen(0.005 * np.clip(days - BREAK + 1, 0, 100)))
    late = seen(0.005 * np.clip(days - BREAK + 1, 0, 100))
    three_weeks = _share(late[~late[:, BREAK - 1], BREAK : BREAK + 21].any(axis=1))
    drift = _openings(seen(days * 0.01 / 30)).sum() / len(orders) * YEAR / DAYS
    lines = [
        at_least("half a point a day at 300: within three weeks", three_weeks, 0.95),
        Measure("half a point a day at 300: within a week", f"{creeping.week:.2f}"),
        at_most("a point a month at 300: alarms a year", f"{drift:.2f}", drift, 0.3),
    ]
    few = lives.orders(30).clip(1)
    claims = rng.binomial(few, np.clip(lives.claims, 0, 1))
    is_broken = (days >= BREAK) & (days < BREAK + LASTS)
    halved = np.where(is_broken, rng.binomial(claims, 0.5), claims)
    for name, claimed in (("doubled", np.where(is_broken, 2 * claims, claims)), ("halved", halved)):
        found = score(judge(panel(claimed, few, is_rate=True)).is_breach)
        lines.append(at_least(f"claims {name} at 30: within a week", found.week, 0.95))
        lines.append(Measure(f"claims {name} at 30", f"{found.recall}; {found.lasting}"))
    clean = judge(panel(claims, few, is_rate=True)).is_breach
    per_year = _openings(clean).sum() / len(few) * YEAR / DAYS
    lines.append(at_most("claims, false alarms a series-year", f"{per_year:.2f}", per_year, 0.3))
    lines += _first_days(lives, rng) + _promotions(lives, rng)
    return [Measure(line.name, line.value) for line in lines] if quick else lines


def _first_days(lives: Lives, rng: np.random.Generator) -> list[Measure]:
    orders = lives.orders(200).clip(1)[:, :30]
    lines = []
    for name, factor in (("dead", 0.0), ("x0.5", 0.5), ("x0.8", 0.8)):
        factors = np.where(np.arange(30) >= 8, factor, 1.0)
        seen = rng.binomial(orders, np.clip(lives.capture[:, :30] * factors, 0, 1))
        found = judge(captured(seen, orders)).is_breach
        text = "/".join(f"{_share(found[:, 8 : 8 + n].any(axis=1)):.2f}" for n in (1, 2, 8))
        lines.append(Measure(f"{name} from the ninth day of all, at 200", text))
    return lines


def _promotions(lives: Lives, rng: np.random.Generator) -> list[Measure]:
    """Whether days of a sale raise more alarms than their share of days."""
    orders = lives.orders(200).clip(1)
    found = _openings(judge(captured(rng.binomial(orders, lives.capture), orders)).is_breach)
    is_sale = lives.promotion > 1
    return [
        Measure("alarms that begin on days of a sale, of all (share of days)",
                f"{found[is_sale].sum()} of {found.sum()} ({is_sale.mean():.3f})")
    ]  # fmt: skip


def _orders() -> list[Measure]:
    """Orders until a break is open, from the first one after it, where there is one order a day."""
    rng = np.random.default_rng([FIRST_SEED, 2])
    days = np.arange(1000)
    one = np.ones((200, len(days)))
    lines = []
    for name, factor in FACTORS.items():
        seen = rng.random(one.shape) < 0.93 * np.where(days < 500, 1, factor)
        found = judge(captured(seen, one)).is_breach
        fresh = found[~found[:, 499], 500:]
        waits = np.where(fresh.any(axis=1), fresh.argmax(axis=1) + 1, len(days))
        worst = float(np.quantile(waits, 0.95))
        text = f"median {np.median(waits):.0f}, 95 of 100 within {worst:.0f}"
        if name == "dead":
            lines.append(at_most(f"{name}: matured orders until found", text, worst, 10))
        else:
            lines.append(Measure(f"{name}: matured orders until found", text))
    usual = rng.random(one.shape) < 0.93
    per_year = _openings(judge(captured(usual, one)).is_breach).mean() * YEAR
    lines.append(at_most("one order a day, alarms a series-year", f"{per_year:.2f}", per_year, 0.3))
    return lines


def _cost(quick: bool) -> list[Measure]:
    rng = np.random.default_rng(3)
    lines = []
    for days, bar in ((365, 3.0), (1095, 8.0)):
        orders = rng.poisson(200, (200, days)) + 1
        counts = panel(rng.binomial(orders, 0.92), orders)
        began, worked = time.perf_counter(), time.process_time()
        judge(counts)
        seconds, busy = time.perf_counter() - began, time.process_time() - worked
        text = f"{seconds:.2f} s, {busy:.2f} s of a processor"
        name = f"200 series, {days} days"
        lines.append(Measure(name, text) if quick else at_most(name, text, busy, bar))
    return lines
