"""`python -m bench.breaks`: which breaks are found, how soon, and under which name.

    --kinds 1 2 10+29   kinds by number, those joined by + in one world (default all, may be none)
    --strength X        of each, 0 to 1 (default 1.0)
    --scale X           of the world's traffic (default 0.5: about 13 orders a day)
    --dynamics          rates hang together over time
    --seed N            of the world (default 7)
    --folder F          where worlds and homes go (default var/bench/breaks)

One world without a break is landed whole. Of each broken world only the sources that a break
touches are landed anew, their settings on the days around it too; then all is built and judged, and
what incidents there are is held against what was broken. A break begins on BROKEN and is taken back
on MENDED; one of a delivery happens to the last day, and is judged on it; one that shows only where
days were landed before is landed day by day. What the landing gate tells is an incident too, opened
on the day that landed and called by its check. Incidents that the whole world has too count as
nobody's. In a world of several kinds, one by another name is of the kind whose sources alone show
it, if there is one.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from unittest.mock import patch

import duckdb

import dbt_in_process
from bench.broken_landings import (
    ALSO_CALLED,
    BROKEN,
    END,
    LAST,
    MENDED,
    OF_DELIVERIES,
    START,
    TOUCHED,
    land,
    sources_to_land,
)
from bench.incidents import Incident, at_landing
from bench.road import PROJECT, Home
from bench.served import committed_by, served
from bench.served import home as home_in
from sandbox.breaks import KINDS, Break, Case, make, together
from sandbox.world import generate
from trueup import pipeline
from trueup.build import dbt

VAR = Path(os.environ.get("TRUEUP_HOME", PROJECT / "var"))
#: Claims are dated by their click, so that what breaks them may show on days before it began.
DATED_EARLIER = timedelta(days=7)
INCIDENTS = """
    select cause_family, system, segment, severity, status, onset_date, opened_date, resolved_date
    from trueup.tracking_incidents order by opened_date, cause_family, system, segment"""


@dataclass(frozen=True)
class Road:
    """Where the worlds and homes of a bench lie, and how large they are."""

    folder: Path
    scale: float
    dynamics: bool
    seed: int

    def world(self, name: str, breaks: Sequence[Break]) -> Path:
        generate(
            self.folder / name / "world", seed=self.seed, start=START, until=END,
            scale=self.scale, dynamics=self.dynamics, **together(breaks),
        )  # fmt: skip
        return self.folder / name / "world"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        "python -m bench.breaks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--kinds", nargs="*", default=[str(number) for number in KINDS])
    parser.add_argument("--strength", type=float, default=1.0)
    parser.add_argument("--scale", type=float, default=0.5)
    parser.add_argument("--dynamics", action="store_true")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--folder", type=Path, default=VAR / "bench" / "breaks")
    given = parser.parse_args(arguments)
    road = Road(given.folder.resolve(), given.scale, given.dynamics, given.seed)
    case, last = Case(BROKEN, MENDED, given.strength), Case(LAST, None, given.strength)
    run = partial(dbt_in_process.run, kept=road.folder / "dbt")
    with patch.object(dbt, "run_process", run), dbt_in_process.models_alone():
        usual = _incidents_of(road, "whole", ())
        print(f"whole world: {len(usual)} incidents", *_lines(usual), sep="\n", flush=True)
        print(
            f"{'kind':<34} strength  detected  opened as             others  resolved", flush=True
        )
        for group in given.kinds:
            numbers = [int(number) for number in group.split("+")]
            breaks = [make(one, last if one in OF_DELIVERIES else case) for one in numbers]
            found = [one for one in _incidents_of(road, group, breaks) if not _is_in(one, usual)]
            for one in breaks:
                print(_row(one, given.strength, found, breaks), flush=True)
            print(*_lines(found), sep="\n", flush=True)
    return 0


def _incidents_of(road: Road, name: str, breaks: Sequence[Break]) -> list[Incident]:
    world, state = road.world(name, breaks), road.folder / name / "state"
    with served(world, state) as vendors:
        desk, home = vendors.desk, home_in(road.folder / name / "home", vendors, START)
        with home.in_force():
            if not (done := home.folder / "landed").exists():
                with committed_by(desk):
                    land(
                        desk, sources_to_land(road.folder / "whole" / "home", home, breaks), breaks
                    )
                done.touch()
            pipeline.build(LAST.isoformat())
            return [*at_landing(home), *_judged(home)]


def _judged(home: Home) -> list[Incident]:
    """What the gate's scores and causes come to; its suites are no part of this bench."""
    from trueup.gates import signals
    from trueup.gates.causes.diagnose import diagnose

    with duckdb.connect(home.place.build_file) as con:
        con.execute("set timezone = 'UTC'")
        signals.score(con)
        diagnose(con)
        return [Incident(*row) for row in con.execute(INCIDENTS).fetchall()]


def _is_in(one: Incident, usual: Sequence[Incident]) -> bool:
    """Whether the whole world has it too: a setting may be seen on the day before."""
    return any(
        (one.family, one.system, one.segment) == (other.family, other.system, other.segment)
        and abs(one.opened - other.opened) <= timedelta(days=1)
        for other in usual
    )


def _row(one: Break, strength: float, found: Sequence[Incident], breaks: Sequence[Break]) -> str:
    """How soon anything of the break's days was opened, whether its family was, and how much else
    was that no break of this world is called."""
    named = [incident for incident in found if _is_called(incident, one, breaks)]
    foreign = [x for x in found if not any(_is_called(x, other, breaks) for other in breaks)]
    of_it = named or [incident for incident in foreign if _can_only_be_of(incident, one, breaks)]
    of_it = [
        incident
        for incident in of_it
        if one.day - DATED_EARLIER <= incident.opened <= END
        and (incident.resolved or END) > one.day
    ]
    first = min(of_it, key=lambda incident: incident.opened, default=None)
    kind = f"{one.number} {one.family}"
    if first is None:
        return f"{kind:<34} {strength:8.2f}     never  {'-':<21} {len(foreign):6}"
    days = max((first.opened - one.day).days, 0)
    name = first.family if first.family != one.family else "its family"
    until = first.resolved or "still open"
    return f"{kind:<34} {strength:8.2f}  {days:5} d  {name:<22} {len(foreign):6}  {until}"


def _is_called(incident: Incident, one: Break, breaks: Sequence[Break]) -> bool:
    """Whether it has the break's name, in no source that another break alone shows in."""
    shown = _shown_in(incident, breaks)
    return incident.family in _names(one) and (one in shown or not shown)


def _can_only_be_of(incident: Incident, one: Break, breaks: Sequence[Break]) -> bool:
    """Whether, of the world's breaks, this one alone shows in the incident's source."""
    return len(breaks) == 1 or _shown_in(incident, breaks) == [one]


def _shown_in(incident: Incident, breaks: Sequence[Break]) -> list[Break]:
    """The breaks that show in the incident's source."""
    source = incident.system.partition(".")[0]
    return [one for one in breaks if source in TOUCHED[one.number]]


def _names(one: Break) -> set[str]:
    """What a break is called: by its family, and otherwise in some cases."""
    return {one.family, ALSO_CALLED.get(one.number, one.family)}


def _lines(incidents) -> list[str]:
    return [
        f"    {one.family} {one.system} {one.segment} {one.severity}: {one.onset} to"
        f" {one.resolved or 'now'}, opened {one.opened}"
        for one in incidents
    ]


if __name__ == "__main__":
    sys.exit(main())
