"""Builds of the small company: raw tables as ever, models by dbt's own statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from orders import replay
from orders.landings import FIRST_COMMIT, Landed, land
from orders.truth import HISTORY
from trueup.build import refresh
from trueup.company import company_file
from trueup.landing.store import Landing

PROJECT = Path(__file__).parents[2] / "dbt_project"
COMPANY = company_file.read(Path(__file__).parent / "company.yml")
#: Models made anew in every build, and those that keep rows from one build to the next.
TABLES = ("--select", "config.materialized:table", "config.materialized:incremental")
KEEPING = ("--select", "+config.materialized:incremental", "--exclude", "config.materialized:view")
_minutes = iter(range(10_000))


@dataclass(frozen=True)
class Models:
    """dbt's statements for a build from nothing, for one that goes on, and for the models that
    keep rows alone; and a completed build of no loads to go on from."""

    full: list[str]
    incremental: list[str]
    keeping: list[str]
    empty: Path


def record(folder: Path, kept: Path) -> Models:
    file, nothing = folder / "build.duckdb", Landing(str(folder / "nothing"))
    recorded = []
    for selection in ((), TABLES, KEEPING):
        with building(file, nothing):
            recorded.append(replay.record(PROJECT, file, folder, kept, *selection))
    return Models(*recorded, file)


@contextmanager
def building(file: Path, landing: Landing) -> Iterator[None]:
    """One more build of the file; its models are run within the block."""
    at = FIRST_COMMIT + timedelta(days=1, minutes=next(_minutes))
    state = refresh.refresh(file, COMPANY, landing, built_at=at, through=HISTORY.last_day)
    yield
    refresh.complete(file, state.build_id, at)


def build(file: Path, landing: Landing, statements: list[str]) -> None:
    with building(file, landing):
        replay.send(file, statements)


def land_all(landing: Landing, order: list[Landed], first: int = 0) -> None:
    for number, landed in enumerate(order, start=first):
        land(landing, landed, number)
