"""A throw-away Airflow: its settings must stand before anything imports it."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from trueup.alerts.incidents import Notice
from trueup.gates import requirements as real
from trueup.gates.findings import Finding, Outcome, Verdict
from trueup.gates.release import Published
from trueup.landing.landed import Landed, NotLanded

AT = datetime(2026, 9, 15, 6, tzinfo=UTC)
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
    """Stands in for trueup.pipeline, trueup.gates.requirements and trueup.alerts.on_call: keeps
    what was called, answers what a test sets."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.raises: dict[str, Exception] = {}
        self.outcome: Outcome = "pass"
        self.not_landed: tuple[NotLanded, ...] = ()
        self.late: list[str] = []
        self.stopped: set[str] = set()
        self.notices: list[Notice] = []

    def _note(self, name: str, *args: Any) -> None:
        self.calls.append((name, *args))
        if name in self.raises:
            raise self.raises[name]

    def called(self, name: str) -> list[tuple[Any, ...]]:
        return [args for what, *args in self.calls if what == name]

    def _verdict(self, gate: str) -> Verdict:
        finding = Finding(gate, "rows", "spend", "critical", self.outcome, AT)
        return Verdict(gate, (finding,), AT)

    def land(self, source: str, day: str, *, secret_lookups: Any) -> Landed:
        self._note("land", source, day)
        return Landed(source, day, ("a-load",), 1, failed=self.not_landed)

    def gate_landing(self, source: str, loads: Any, missing: Any) -> Verdict:
        self._note("gate_landing", source, list(loads))
        return self._verdict(f"landing/{source}")

    def require_delivered(self, landed: Landed, verdict: Verdict) -> None:
        self._note("require_delivered")
        real.require_delivered(landed, verdict)

    def build(self, through: str | None) -> dict[str, Any]:
        self._note("build", through)
        return {"build_id": "b", "through_date": through, "new_loads": 1, "stale_sources": []}

    def gate_mart(self) -> Verdict:
        self._note("gate_mart")
        return self._verdict("mart")

    def publish_unless_held(self, released_by: str | None, reason: str) -> Any:
        self._note("publish", released_by, reason)
        return Published(Path("mart.duckdb"), AT, self._verdict("mart"), released_by or "")

    def compare(self) -> None:
        self._note("compare")

    def notify(self, *notices: Notice) -> None:
        self.notices += notices
        self._note("notify", *(notice.cause for notice in notices))

    def resolve(self, *causes: str) -> None:
        self._note("resolve", *causes)

    def report(self, gate: str, link: str = "") -> None:
        self._note("report", gate)

    def report_missing(self, gate: str, gave_up: str, link: str) -> None:
        self._note("report_missing", gate, gave_up)

    def is_stopped(self, *gates: str) -> bool:
        return bool(self.stopped & set(gates))

    def released(self, gate: str) -> None:
        self._note("released", gate)

    def notify_again(self) -> None:
        self._note("notify_again")

    def tell_changes(self) -> None:
        self._note("tell_changes")

    def overdue(self, day: str) -> list[str]:
        self._note("overdue", day)
        return self.late


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> FakePipeline:
    import trueup
    from trueup import alerts, gates

    fake = FakePipeline()
    for package, name in ((trueup, "pipeline"), (gates, "requirements"), (alerts, "on_call")):
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
