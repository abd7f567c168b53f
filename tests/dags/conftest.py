"""A throw-away Airflow: its settings must stand before anything imports it."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from trueup.landing.landed import Landed

PROJECT = Path(__file__).parents[2]

os.environ.update(
    AIRFLOW_HOME=tempfile.mkdtemp(prefix="trueup-airflow-"),
    AIRFLOW__CORE__DAGS_FOLDER=str(PROJECT / "dags"),
    AIRFLOW__CORE__PLUGINS_FOLDER=str(PROJECT / "plugins"),
    AIRFLOW__CORE__LOAD_EXAMPLES="False",
    AIRFLOW__LOGGING__LOGGING_LEVEL="WARNING",
    TRUEUP_COMPANY=str(PROJECT / "company.yml"),
    TRUEUP_DEADLINE_MINUTES="180",
)


class FakePipeline:
    """Stands in for trueup.pipeline and trueup.oncall: keeps what was called, answers what a test
    sets."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.raises: dict[str, Exception] = {}
        self.verdict = "pass"
        self.late: list[str] = []

    def _note(self, name: str, *args: Any) -> None:
        self.calls.append((name, *args))
        if name in self.raises:
            raise self.raises[name]

    def called(self, name: str) -> list[tuple[Any, ...]]:
        return [args for what, *args in self.calls if what == name]

    def land(self, source: str, day: str, *, secret_lookups: Any) -> Landed:
        self._note("land", source, day)
        return Landed(source, day, ("a-load",), 1)

    def check_delivered(self, landed: Landed) -> None:
        self._note("check_delivered")

    def gate_landing(self, source: str, load_ids: list[str]) -> dict[str, Any]:
        self._note("gate_landing", source, load_ids)
        return {"verdict": "pass", "failed": []}

    def build(self, through: str | None) -> dict[str, Any]:
        self._note("build", through)
        return {"build_id": "b", "through_date": through, "new_loads": 1, "stale_sources": []}

    def gate_mart(self) -> dict[str, Any]:
        self._note("gate_mart")
        return {"verdict": self.verdict, "failed": [] if self.verdict == "pass" else ["spend"]}

    def publish_unless_held(self, released_by: str | None, reason: str) -> dict[str, Any]:
        self._note("publish", released_by, reason)
        return {"path": "mart.duckdb", "published_at": "2026-09-16T06:10:00Z"}

    def notify(self, cause: str, title: str, details: dict[str, Any]) -> None:
        self._note("notify", cause)

    def resolve(self, *causes: str) -> None:
        self._note("resolve", *causes)

    def report(self, gate: str) -> None:
        self._note("report", gate)

    def released(self, gate: str) -> None:
        self._note("released", gate)

    def tell_the_untold(self) -> None:
        self._note("tell_the_untold")

    def overdue(self, day: str) -> list[str]:
        self._note("overdue", day)
        return self.late


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> FakePipeline:
    import trueup
    from trueup import alerts

    fake = FakePipeline()
    for package, name in ((trueup, "pipeline"), (alerts, "on_call")):
        monkeypatch.setitem(sys.modules, f"{package.__name__}.{name}", fake)
        monkeypatch.setattr(package, name, fake, raising=False)
    return fake


@pytest.fixture(scope="session")
def database() -> None:
    """Airflow's metadata database, made once."""
    from airflow.utils.db import initdb

    initdb()


@pytest.fixture(scope="session")
def dags() -> Iterator[Any]:
    from airflow.dag_processing.dagbag import DagBag

    yield DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"])
