"""The demo company over a long history: its vendors in a process of their own, and homes that
land, build, judge and publish what these show.

A home is one company's state. Two homes of one world differ only in how much history they hold.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from multiprocessing import get_context
from pathlib import Path
from unittest.mock import patch

from bench.watch import PeakMemory, Watch
from sandbox import background, demo, keys
from sandbox.world import generate
from trueup import pipeline
from trueup.build import dbt, dbt_results, integrity, refresh
from trueup.company import company_file
from trueup.company.workspace import StateFolder
from trueup.landing.store import Landing
from trueup.sources import registry

PROJECT = Path(__file__).parents[2]
CLOCK_TIME = time(6)  # of the day after, UTC, as the demo's first run has it


@dataclass(frozen=True)
class Demo:
    """A world and its vendors, up on loopback."""

    folder: Path
    start: date
    place: background.Place

    @property
    def world(self) -> Path:
        return self.place.home / "world"

    def day(self, number: int) -> date:
        """Day 0 is the first of history."""
        return self.start + timedelta(days=number)

    def move_clock_past(self, day: date) -> None:
        now = datetime.combine(day + timedelta(days=1), CLOCK_TIME)
        background.ask(self.place, "POST", "/_sandbox/clock", {"now": now.isoformat()})

    def home(self, name: str) -> Home:
        """An empty home: whatever an earlier run left there is gone."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        text = (PROJECT / "company.yml").read_text(encoding="utf-8")
        text = re.sub(r"http://127\.0\.0\.1:\d+", self.place.url, text)
        text = text.replace("127.0.0.1:8766", f"127.0.0.1:{self.place.storage_port}")
        text = re.sub(r"^  start: .*$", f"  start: {self.start}", text, flags=re.M)
        text = re.sub(r"^  end: .*\n", "", text, flags=re.M)
        (folder / "company.yml").write_text(text, encoding="utf-8")
        secrets = keys.environment(self.place.home / "state", self.place.url)
        return Home(folder, demo.environment() | secrets)


@dataclass(frozen=True)
class Home:
    """One company's state below `folder`, with the secrets its sources want."""

    folder: Path
    secrets: dict[str, str]

    @property
    def place(self) -> StateFolder:
        return StateFolder(self.folder / company_file.read(self.folder / "company.yml").name)

    @property
    def landing(self) -> Landing:
        return Landing(str(self.place.landing))

    @property
    def sources(self) -> list[str]:
        return sorted(company_file.read(self.folder / "company.yml").sources)

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """The environment of this home and no other setting."""
        settings = {
            "TRUEUP_HOME": str(self.folder),
            "TRUEUP_COMPANY": str(self.folder / "company.yml"),
        }
        others = {k: v for k, v in os.environ.items() if not k.startswith("TRUEUP_")}
        with patch.dict(os.environ, others | self.secrets | settings, clear=True):
            yield


@contextmanager
def open_demo(folder: Path, *, start: date, days: int, scale: float) -> Iterator[Demo]:
    """The world of `days` from `start` (made once), its vendors up until the block ends."""
    place = background.Place((folder / "sandbox").resolve(), _free_port(), scale=scale)
    world = place.home / "world"
    generate(world, start=start, until=start + timedelta(days=days), scale=scale)
    background.up(place)
    try:
        yield Demo(folder, start, place)
    finally:
        background.down(place)


def land(home: Home, through: date, watch: Watch) -> None:
    """Land every source through a day and judge it; two parts, as the vendors' own time is
    in the first, which is also counted for each source."""
    with home.in_force():
        for source in home.sources:
            with watch.part("land"), watch.part(f"land {source}"):
                landed = pipeline.land(source, through.isoformat())
            with watch.part("landing gates"):
                pipeline.gate_landing(source, landed.loads)


def landed_rows(home: Home) -> dict[str, int]:
    """The rows every source has landed, in all its loads."""
    return {
        source: sum(
            load.row_count
            for stream in registry.load(source).streams
            for load in home.landing.loads(source, stream.name)
        )
        for source in home.sources
    }


def build(home: Home, through: date, watch: Watch) -> None:
    """`build` is the whole, `refresh` and `dbt` are parts of it, `integrity` one of `refresh`."""
    timed_refresh = watch.timed("refresh", refresh.refresh)
    timed_dbt = watch.timed("dbt", dbt.build)
    with (
        home.in_force(),
        patch.object(refresh, "refresh", timed_refresh),
        patch.object(dbt, "build", timed_dbt),
        patch.object(integrity, "check_files", watch.timed("integrity", integrity.check_files)),
        patch.object(integrity, "check_rows", watch.timed("integrity", integrity.check_rows)),
        watch.part("build"),
    ):
        pipeline.build(through.isoformat())
    for node in dbt_results.read(home.place.dbt):
        name = f"{node.kind} {node.name}"
        watch.nodes[name] = watch.nodes.get(name, 0.0) + node.seconds


def build_afresh(home: Home, through: date) -> tuple[Watch, int]:
    """The first build, in a process with nothing else in memory: its times and peak bytes."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_build_watched, home, through).result()


def judge_and_publish(home: Home, watch: Watch) -> str:
    """The mart gate's verdict. Publishes whatever it is, as the times are what is asked."""
    with home.in_force():
        with watch.part("mart gate"):
            verdict = pipeline.gate_mart().outcome
        with watch.part("publish"):
            pipeline.publish()
    return verdict


def _build_watched(home: Home, through: date) -> tuple[Watch, int]:
    watch = Watch()
    with PeakMemory() as memory:
        build(home, through, watch)
    return watch, memory.bytes


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
