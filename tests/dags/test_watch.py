"""A day watched through a scripted Airflow: what is said, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest

from trueup.errors import TrueupError
from trueup.local_airflow import processes, service, watch
from trueup.local_airflow.processes import Running

DAY = "2026-09-15"
INGESTS = ("ingest_ga4", "ingest_shopify")


class FakeAirflow:
    """Holds runs and tasks as the REST API would tell them."""

    def __init__(self) -> None:
        self.triggered: list[tuple[str, str]] = []
        self.answers: list[tuple[str, str]] = []
        self.holds: list[str] = []
        self.now = datetime.now(UTC) - timedelta(seconds=60)
        self._runs: dict[tuple[str, str], dict[str, Any]] = {}
        self._tasks: list[dict[str, Any]] = []

    def trigger(self, dag_id: str, day: str, run_id: str) -> None:
        self.triggered.append((dag_id, day))
        if dag_id == "build_mart":
            self.build(run_id)
            return
        self.add_run(dag_id, run_id)
        for task_id in ("land", "gate"):
            self.add_task(dag_id, run_id, task_id)

    def build(self, run_id: str, **states: str) -> None:
        self.add_run("build_mart", run_id)
        for task_id in ("build", "gate", "publish"):
            self.add_task("build_mart", run_id, task_id, states.get(task_id, "success"))

    def add_run(self, dag_id: str, run_id: str, state: str = "success") -> None:
        self._runs[dag_id, run_id] = {
            "dag_id": dag_id, "dag_run_id": run_id, "partition_key": DAY, "state": state,
            "end_date": None if state == "running" else self.now.isoformat(),
        }  # fmt: skip

    def add_task(self, dag_id: str, run_id: str, task_id: str, state: str = "success") -> None:
        self.now += timedelta(seconds=1)
        self._tasks.append(
            {
                "dag_id": dag_id, "dag_run_id": run_id, "task_id": task_id, "state": state,
                "try_number": 1, "duration": 1.0, "start_date": self.now.isoformat(),
                "end_date": self.now.isoformat(),
            }
        )  # fmt: skip

    def runs(self, since: datetime) -> list[dict[str, Any]]:
        return list(self._runs.values())

    def tasks(self, since: datetime) -> list[dict[str, Any]]:
        return self._tasks

    def wake(self) -> None:
        pass

    def waiting_holds(self) -> list[str]:
        return self.holds

    def answer(self, run_id: str, choice: str, reason: str) -> None:
        self.answers.append((run_id, choice))

    def page(self, run_id: str) -> str:
        return f"http://airflow/{run_id}"


class Day:
    """A watch over a fake Airflow, what it said, and how it ends."""

    def __init__(self, logs: Path) -> None:
        self.airflow = FakeAirflow()
        self.said: list[str] = []
        self.watch = watch.Watch(self.airflow, logs, DAY, self.said.append, lambda: None)

    def run(self, timeout: float = 5) -> watch.Outcome:
        return self.watch.run(["ga4", "shopify"], timeout)


@pytest.fixture
def day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Day:
    monkeypatch.setattr(watch, "PATIENCE_SECONDS", 0)
    return Day(tmp_path)


def test_the_build_the_scheduler_starts_is_the_one_watched(day: Day) -> None:
    started = day.airflow.trigger

    def trigger(dag_id: str, key: str, run_id: str) -> None:
        started(dag_id, key, run_id)
        if dag_id == INGESTS[-1]:
            day.airflow.build("asset_triggered")

    day.airflow.trigger = trigger
    assert day.run().state == "published"
    assert day.airflow.triggered == [(dag_id, DAY) for dag_id in INGESTS]
    assert sum("build_mart.publish success" in line for line in day.said) == 1


def test_a_build_that_started_before_the_last_delivery_does_not_count(day: Day) -> None:
    day.airflow.build("too_soon")
    assert day.run().state == "published"
    assert day.airflow.triggered[-1] == ("build_mart", DAY)


def test_a_held_build_ends_the_wait_and_says_where_to_answer(day: Day) -> None:
    def build(run_id: str) -> None:
        day.airflow.add_run("build_mart", run_id, "running")
        day.airflow.add_task("build_mart", run_id, "build")
        day.airflow.add_task("build_mart", run_id, "approve", "awaiting_input")

    day.airflow.build = build
    outcome = day.run()
    assert outcome.state == "held"
    assert "http://airflow/run__2026-09-15" in outcome.detail


def test_a_rejected_build_is_not_a_published_one(day: Day) -> None:
    full = day.airflow.build
    day.airflow.build = lambda run_id: full(run_id, publish="skipped")
    assert day.run().state == "rejected"


def test_a_new_run_rejects_the_hold_that_stands_in_its_way(day: Day) -> None:
    day.airflow.holds = ["yesterday"]
    assert day.run().state == "published"
    assert day.airflow.answers == [("yesterday", "Reject")]


def failing(day: Day, logs: Path, *failed: str) -> None:
    """From now on these ingest DAGs fail when they are triggered; the build does not."""

    def trigger(dag_id: str, key: str, run_id: str) -> None:
        day.airflow.triggered.append((dag_id, key))
        if dag_id == "build_mart":
            day.airflow.build(run_id)
            return
        state = "failed" if dag_id in failed else "success"
        day.airflow.add_run(dag_id, run_id, state)
        day.airflow.add_task(dag_id, run_id, "land")
        day.airflow.add_task(dag_id, run_id, "gate", state)
        folder = logs / f"dag_id={dag_id}" / f"run_id={run_id}" / "task_id=gate"
        folder.mkdir(parents=True)
        error = {"exc_type": "Incomplete", "exc_value": "401; source: shopify"}
        lines = [
            {"event": "::group::Pre Execute"},
            {"event": "Filling up the DagBag"},
            {"event": "::endgroup::"},
            {"event": "gate landing/shopify: warn"},
            {"event": "Task failed with exception", "error_detail": [error]},
            {"event": "::group::Post Execute"},
            {"event": "noise"},
        ]
        (folder / "attempt=1.log").write_text("\n".join(map(json.dumps, lines)))

    day.airflow.trigger = trigger


END_OF_LOG = (
    "ingest_shopify.gate failed:\n"
    "  gate landing/shopify: warn\n"
    "  Task failed with exception\n"
    "  Incomplete: 401; source: shopify"
)


def test_a_source_that_failed_costs_itself_and_ends_with_its_log(day: Day, tmp_path: Path) -> None:
    failing(day, tmp_path, "ingest_shopify")
    outcome = day.run()
    assert (outcome.state, outcome.detail) == ("incomplete", END_OF_LOG)
    assert day.airflow.triggered[-1] == ("build_mart", DAY)


def test_where_every_source_failed_nothing_is_built(day: Day, tmp_path: Path) -> None:
    failing(day, tmp_path, *INGESTS)
    outcome = day.run()
    assert outcome.state == "failed" and END_OF_LOG in outcome.detail
    assert [dag_id for dag_id, _ in day.airflow.triggered] == [*INGESTS]


def test_a_day_that_does_not_end_is_given_up(day: Day) -> None:
    day.airflow.trigger = lambda dag_id, key, run_id: day.airflow.add_run(dag_id, run_id, "running")
    assert day.run(timeout=0.1).state == "timeout"


def test_a_dead_component_is_named_with_the_end_of_its_log(tmp_path: Path) -> None:
    log = tmp_path / "airflow" / "logs" / "scheduler.log"
    log.parent.mkdir(parents=True)
    log.write_text("a line\nthe last line\n")
    running = Running("company.yml", {}, "http://x", {"scheduler": (os.getpid(), 0.0)})
    with pytest.raises(TrueupError, match=r"scheduler has died\n-- scheduler.log\na line"):
        service._check(tmp_path, running)


def test_airflows_own_command_takes_our_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A child would live on, and hold our output open, after whoever waits has ended us."""
    became: list[Any] = []
    monkeypatch.setattr(os, "execve", lambda *given: became.extend(given))
    service.airflow(tmp_path, ["backfill", "create"])
    program, command, environment = became
    assert [program, *command] == [
        sys.executable,
        sys.executable,
        *"-m airflow backfill create".split(),
    ]
    assert environment["AIRFLOW_HOME"] == str(tmp_path / "airflow")


@pytest.mark.parametrize("leader_dies_first", [False, True])
def test_processes_are_remembered_and_ended_with_their_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, leader_dies_first: bool
) -> None:
    monkeypatch.setattr(processes, "STOP_SECONDS", 0.5)
    child = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    leader = subprocess.Popen(
        [sys.executable, "-c", child], stdin=subprocess.PIPE, start_new_session=True
    )
    known = psutil.Process(leader.pid)
    while not known.children():
        pass
    started = {"scheduler": (leader.pid, known.create_time())}
    Running("c.yml", {}, "http://x", started).remember(tmp_path / "state.json")
    found = processes.recall(tmp_path / "state.json")
    assert found and found.dead() == []
    if leader_dies_first:
        leader.kill()
        leader.wait()
        assert found.dead() == ["scheduler"]
    assert found.end()
    assert found.dead() == ["scheduler"]
    assert not found.end()


def test_a_state_file_of_another_version_is_no_state(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text('{"pids": {}}')
    assert processes.recall(tmp_path / "state.json") is None
    assert processes.recall(tmp_path / "absent.json") is None
