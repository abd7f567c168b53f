"""Builds of the small company: raw tables as ever, models by dbt's own statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

from dbt_statements import Statement
from orders import replay
from orders.landings import FIRST_COMMIT, Landed, land
from orders.replay import Graph
from orders.truth import HISTORY
from trueup.build import refresh
from trueup.build.lock import open_build
from trueup.company import company_file
from trueup.landing.store import Landing

PROJECT = Path(__file__).parents[2] / "dbt_project"
COMPANY = company_file.read(Path(__file__).parent / "company.yml")
#: Models made anew in every build, and those that keep rows from one build to the next.
TABLES = ("--select", "config.materialized:table", "config.materialized:incremental")
RECORDED = ((), TABLES)
#: Builds come a minute apart, after those that are recorded, whichever worker recorded them.
_minutes = count(len(RECORDED))


@dataclass(frozen=True)
class Models:
    """dbt's statements for a build from nothing and for one that goes on, which model reads which,
    and a completed build of no loads to go on from."""

    full: list[Statement]
    incremental: list[Statement]
    graph: Graph
    empty: Path

    @property
    def keeping(self) -> list[Statement]:
        """Of a build that goes on: the models that keep rows, and what they are made of."""
        return replay.only(self.incremental, self.graph.read_by(self.graph.of_kind("incremental")))

    @property
    def marts(self) -> list[Statement]:
        """Of a build that goes on: the marts, and what they are made of."""
        return replay.only(self.incremental, self.graph.read_by(self.graph.of_schema("marts")))


def record(folder: Path, kept: Path) -> Models:
    file, nothing = folder / "build.duckdb", Landing(str(folder / "nothing"))
    recorded = []
    for minute, selection in enumerate(RECORDED):
        with building(file, nothing, minute):
            recorded.append(replay.record(PROJECT, file, folder, kept, *selection))
    return Models(*recorded, Graph.read(folder), file)


@contextmanager
def building(file: Path, landing: Landing, minute: int | None = None) -> Iterator[None]:
    """One more build of the file; its models are run within the block."""
    at = FIRST_COMMIT + timedelta(days=1, minutes=next(_minutes) if minute is None else minute)
    state = refresh.refresh(file, COMPANY, landing, built_at=at, through=HISTORY.last_day)
    yield
    refresh.complete(file, state.build_id, at)


@contextmanager
def kept_open(file: Path) -> Iterator[None]:
    """Steps within the block share the open file: it is not written out and read after each."""
    with open_build(file) as con:
        con.execute("set threads = 1")  # of all connections to the file
        yield


def build(file: Path, landing: Landing, statements: list[Statement]) -> None:
    with building(file, landing):
        replay.send(file, statements)


def land_all(landing: Landing, order: list[Landed], first: int = 0) -> None:
    for number, landed in enumerate(order, start=first):
        land(landing, landed, number)
