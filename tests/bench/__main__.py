"""`python -m bench`: time, memory and accuracy over a long history, on this machine.

    --quick     a small world and a short history: does it run at all (its times say nothing)
    --days N    length of the world (default 400); the late day is day N - 40
    --scale X   of the world's traffic (default 1.0, about 700 visits a day)
    --detect    only how well breaks of a series are found, beside other rules; `--seed` the first
    --settlement  only how right claims of the last days are once they are corrected
    --landing   only what a first landing of the early history takes, source by source
    --folder F  where the world, the homes and report.md go (default var/bench)

One home lands its first 30 days and builds, another its first 360; then each takes three more
days one at a time, in turns, so that both meet the machine in the same mood. The late home's
first build is the full build that is measured, and its mart is what accuracy is read from.
Exits 1 where a bar is missed; --quick misses none by time.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bench import (
    accuracy,
    detect,
    machine,
    road,
    scan,
    sections,
    settlement_lines,
    transports,
)
from bench.table import Measure, report
from bench.watch import Watch
from trueup.window import Window

VAR = Path(os.environ.get("TRUEUP_HOME", Path(__file__).parents[2] / "var"))
START = date(2025, 6, 1)
ZONE = "Europe/Lisbon"
DAYS_TIMED = 3
#: Of an export that is read by every way: enough that starting up does not count.
TRANSPORT_DAYS = 14
#: The export of a property with years of events behind it: 25,000 a day. Pages take several times
#: as long as Arrow, so one of the days is read of them.
LARGE_SCALE, LARGE_DAYS, LARGE_DAYS_OF_PAGES = 10, 10, 1


@dataclass(frozen=True)
class Plan:
    """How long and how large. Day 0 is the first of history."""

    days: int
    scale: float
    early: int
    late: int
    large: float = LARGE_SCALE


@dataclass(frozen=True)
class Run:
    """One home's run: its first build, and the days after it."""

    home: road.Home
    number: int
    first: Watch
    peak_bytes: int
    file_bytes: int
    size: scan.Scan
    landed: list[Measure]
    verdicts: list[str]
    days: list[Watch] = field(default_factory=list)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--days", type=int, default=400)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--folder", type=Path, default=VAR / "bench")
    parser.add_argument("--landing", action="store_true")
    parser.add_argument("--detect", action="store_true")
    parser.add_argument("--settlement", action="store_true")
    parser.add_argument("--seed", type=int, default=detect.FIRST_SEED)
    given = parser.parse_args(arguments)
    plan = Plan(given.days, given.scale, early=30, late=given.days - 40)
    if given.quick:
        plan = Plan(days=60, scale=0.05, early=12, late=24, large=0.5)
    if plan.late <= plan.early:
        parser.error("--days must be above 70")
    if given.detect:
        return _detect(given.folder, given.seed, quick=given.quick)
    folder = (given.folder / "quick" if given.quick else given.folder).resolve()
    if given.settlement:
        return _settle(given.folder, quick=given.quick)
    asked = sections.Bars() if given.quick else sections.bars(plan.scale)
    if given.landing:
        found = first_landing(plan, folder, asked)
        print(report("Bench: the first landing", machine.describe(), found))
        return 0
    text, is_met = run(plan, folder, asked)
    (folder / "report.md").write_text(text, encoding="utf-8")
    print(f"\n{text}\nalso in {folder / 'report.md'}")
    return 0 if is_met else 1


def _detect(folder: Path, seed: int, *, quick: bool) -> int:
    """Write and print how well breaks are found; 1 where a bar is missed."""
    found = detect.sections(quick=quick, first_seed=seed)
    return _tell("Bench: breaks of a series", found, folder, "detect.md")


def _settle(folder: Path, *, quick: bool) -> int:
    """Write and print how well young claims are corrected; 1 where a bar is missed."""
    folder.mkdir(parents=True, exist_ok=True)
    found = settlement_lines.sections(folder, quick=quick)
    return _tell("Bench: claims of the last days", found, folder, "settlement.md")


def _tell(title: str, found: list[sections.Section], folder: Path, name: str) -> int:
    text = report(title, machine.describe(), found)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    print(f"\n{text}\nalso in {folder / name}")
    return 1 if any(one.is_met is False for _, lines in found for one in lines) else 0


def run(plan: Plan, folder: Path, asked: sections.Bars) -> tuple[str, bool]:
    """The report, and whether every bar is met."""
    computer = machine.describe()
    with road.open_demo(folder, start=START, days=plan.days, scale=plan.scale) as demo:
        late = begin(demo, demo.home("late"), plan.late)
        early = begin(demo, demo.home("early"), plan.early)
        for offset in range(DAYS_TIMED):
            take_day(demo, early, offset)
            take_day(demo, late, offset)
        last = Window(demo.day(max(plan.late - TRANSPORT_DAYS, 0)), demo.day(plan.late))
        ways = _transports(demo, late.home, last, last)
    numbers = plan.early, plan.late
    found = [
        ("Run", sections.run(late.size, late.verdicts + early.verdicts)),
        ("First landing", late.landed),
        ways,
        large_export(plan.large, folder, asked),
        ("Full build", _full_build(late, asked)),
        *sections.days(numbers, early.days, late.days, asked),
        *judge_accuracy(demo, late.home, demo.day(plan.late + DAYS_TIMED - 1)),
    ]
    title = f"Bench: {plan.late} days of history at scale {plan.scale:g}"
    is_met = all(measure.is_met is not False for _, lines in found for measure in lines)
    return report(title, computer, found), is_met


def first_landing(plan: Plan, folder: Path, asked: sections.Bars) -> list[sections.Section]:
    """The early history landed for the first time, and nothing else."""
    with road.open_demo(folder, start=START, days=plan.days, scale=plan.scale) as demo:
        home, last = demo.home("early"), demo.day(plan.early - 1)
        demo.move_clock_past(last)
        watch = Watch()
        road.land(home, last, watch)
        landed = sections.landing(watch, road.landed_rows(home))
        window = Window(demo.day(max(plan.early - TRANSPORT_DAYS, 0)), demo.day(plan.early))
        ways = _transports(demo, home, window, window)
    return [("First landing", landed), ways, large_export(plan.large, folder, asked)]


def large_export(scale: float, folder: Path, asked: sections.Bars) -> sections.Section:
    """A first landing's export where there are many events a day, by every way it can come."""
    with road.open_demo(folder / "large", start=START, days=LARGE_DAYS, scale=scale) as demo:
        demo.move_clock_past(demo.day(LARGE_DAYS - 1))
        window = Window(START, demo.day(LARGE_DAYS))
        pages = Window(START, demo.day(LARGE_DAYS_OF_PAGES))
        return _transports(demo, demo.home("export"), window, pages, asked.arrow_rows)


def _transports(
    demo: road.Demo,
    home: road.Home,
    window: Window,
    pages: Window,
    arrow_bar: float | None = None,
) -> sections.Section:
    """The export of `window`, by every way it can come; over REST that of `pages`."""
    company = home.folder / "company.yml"
    found = transports.measure(demo.place, company, demo.folder, window, pages)
    a_day = max(one.rows for one in found) / len(list(window.days()))
    return f"Events by every way they come, {a_day:,.0f} a day", sections.transports(
        found, arrow_bar
    )


def begin(demo: road.Demo, home: road.Home, number: int) -> Run:
    """Land all days before day `number`, then build, judge and publish for the first time."""
    last = demo.day(number - 1)
    demo.move_clock_past(last)
    watch = Watch()
    road.land(home, last, watch)
    landed = sections.landing(watch, road.landed_rows(home))
    size = scan.full_scan(home.landing, home.sources)
    first, peak = road.build_afresh(home, last)
    file_bytes = home.place.build_file.stat().st_size
    verdict = road.judge_and_publish(home, Watch())
    return Run(home, number, first, peak, file_bytes, size, landed, [verdict])


def _full_build(taken: Run, asked: sections.Bars) -> list[Measure]:
    return sections.full_build(taken.first, taken.peak_bytes, taken.file_bytes, taken.size, asked)


def take_day(demo: road.Demo, taken: Run, offset: int) -> None:
    """Land, build, judge and publish one more day, timed."""
    day = demo.day(taken.number + offset)
    watch = Watch()
    demo.move_clock_past(day)
    road.land(taken.home, day, watch)
    road.build(taken.home, day, watch)
    taken.verdicts.append(road.judge_and_publish(taken.home, watch))
    taken.days.append(watch)


def judge_accuracy(demo: road.Demo, home: road.Home, through: date) -> list[sections.Section]:
    """The published mart of `home` against the world's truth."""
    mart, world = home.place.mart, demo.world
    matches = accuracy.read_matches(mart, home.place.build_file, world)
    money = accuracy.read_money(mart, world, zone=ZONE, since=demo.start, through=through)
    causes = accuracy.read_causes(mart, world, through=through)
    return [
        ("Matching orders to GA4 sessions", sections.matching(matches)),
        ("Money", sections.money(money)),
        ("Credit against causes (no bar)", sections.causes(causes)),
    ]


if __name__ == "__main__":
    sys.exit(main())
