"""Drives a running Airflow over its REST API: one day from the sources to the mart, watched."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

from trueup.rest import Airflow

#: Seconds after the last delivery in which the scheduler should have started the build itself.
PATIENCE_SECONDS = 6
TOLD_STATES = ("success", "failed", "up_for_retry", "awaiting_input")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """How a day ended. `detail` is the end of the failed tasks' logs, or how to answer a hold."""

    state: Literal["published", "held", "rejected", "failed", "timeout"]
    detail: str
    seconds: float


def ingest_and_build(
    airflow: Airflow,
    day: date,
    sources: Sequence[str],
    *,
    timeout: float,
    say: Say,
    check: Callable[[], None],
) -> Outcome:
    """Run every source for `day`, then wait for the build that follows. `check` raises if Airflow
    itself has died."""
    for hold in airflow.waiting_holds():
        say(f"rejecting the held build {hold['run_id']}: a new one is asked for")
        airflow.answer(hold["run_id"], "Reject", "superseded by a new run")
    since = datetime.now(UTC)
    watch = _Watch(airflow, day.isoformat(), since, time.monotonic(), say)
    stamp = f"{since:%Y%m%dT%H%M%S}"
    dag_ids = [f"ingest_{source}" for source in sources]
    say(f"landing {day} from {len(dag_ids)} sources: {', '.join(sources)}")
    for dag_id in dag_ids:
        airflow.trigger(dag_id, watch.day, stamp)
    while watch.elapsed() < timeout:
        check()
        ended = watch.look(dag_ids, stamp)
        if ended:
            return ended
        time.sleep(0.7)
    return watch.outcome("timeout", f"gave up after {timeout:.0f} s: {watch.busy()}")


@dataclass
class _Watch:
    """One day's runs as they go on; says each change of a task's state once."""

    airflow: Airflow
    day: str
    since: datetime
    began: float
    say: Say
    states: dict[tuple[str, str, int], str | None] = field(default_factory=dict)
    said_at: float = field(default_factory=time.monotonic)

    def elapsed(self) -> float:
        return time.monotonic() - self.began

    def busy(self) -> str:
        running = (key[0] for key, state in self.states.items() if state == "running")
        return ", ".join(running) or "Airflow"

    def outcome(self, state: Any, detail: str = "") -> Outcome:
        return Outcome(state, detail, self.elapsed())

    def look(self, dag_ids: list[str], stamp: str) -> Outcome | None:
        """Say what is new; the outcome once the day has ended."""
        watched = {*dag_ids, "build_mart"}
        tasks = [task for task in self.airflow.tasks(self.since) if task["dag_id"] in watched]
        runs = [run for run in self.airflow.runs(self.since) if run["dag_id"] in watched]
        self._tell(tasks)
        ours = [run for run in runs if run["dag_run_id"] == f"run__{self.day}__{stamp}"]
        ingests = {run["dag_id"] for run in ours if run["end_date"]} - {"build_mart"}
        if ingests < set(dag_ids):
            return None
        if any(run["state"] == "failed" for run in ours if run["dag_id"] in ingests):
            return self.outcome("failed", self._failures(tasks))
        delivered = max(
            task["end_date"]
            for task in tasks
            if task["dag_id"] in ingests and task["task_id"] == "gate" and task["end_date"]
        )
        builds = [run for run in runs if run["dag_id"] == "build_mart"]
        build = self._build_after(builds, delivered, stamp)
        return self._judge(build, tasks) if build else None

    def _build_after(
        self, builds: list[dict[str, Any]], delivered: str, stamp: str
    ) -> dict[str, Any] | None:
        """The build of our day that saw every delivery. The scheduler starts it; where deliveries
        of an earlier, broken run made it start too soon, it is started again here."""
        for run in builds:
            if run["partition_key"] != self.day:
                continue
            if run["run_after"] >= delivered or (run["start_date"] or "9999") >= delivered:
                return run
        waited = (datetime.now(UTC) - datetime.fromisoformat(delivered)).total_seconds()
        if waited > PATIENCE_SECONDS:
            self.airflow.trigger("build_mart", self.day, stamp)
        return None

    def _judge(self, build: dict[str, Any], tasks: list[dict[str, Any]]) -> Outcome | None:
        mine = {t["task_id"]: t for t in tasks if t["dag_run_id"] == build["dag_run_id"]}
        if mine.get("approve", {}).get("state") == "awaiting_input":
            return self.outcome("held", f"approve or reject at {self.airflow.page(build)}")
        if build["state"] == "failed":
            return self.outcome("failed", self._failures(list(mine.values())))
        if build["state"] == "success":
            done = mine.get("publish", {}).get("state") == "success"
            return self.outcome("published" if done else "rejected")
        return None

    def _tell(self, tasks: list[dict[str, Any]]) -> None:
        for task in sorted(tasks, key=lambda t: t["end_date"] or "9999"):
            name, state = f"{task['dag_id']}.{task['task_id']}", task["state"]
            key = (name, task["dag_run_id"], task["try_number"])
            if self.states.get(key) != state:
                self.states[key] = state
                if state in TOLD_STATES:
                    after = f" after {task['duration']:.1f} s" if task["duration"] else ""
                    self._line(f"{name} {state}{after}")
        if time.monotonic() - self.said_at > 10:
            self._line(f"busy: {self.busy()}")

    def _line(self, text: str) -> None:
        self.said_at = time.monotonic()
        self.say(f"{self.elapsed():5.0f} s  {text}")

    def _failures(self, tasks: list[dict[str, Any]]) -> str:
        failed = [task for task in tasks if task["state"] == "failed"]
        return "\n".join(
            f"{task['dag_id']}.{task['task_id']} failed:\n{task_log(self.airflow.logs, task)}"
            for task in failed
        )


def task_log(logs: Path, task: dict[str, Any], lines: int = 12) -> str:
    """The end of a task's log as plain lines: what it printed, then the error."""
    path = (
        logs / f"dag_id={task['dag_id']}" / f"run_id={task['dag_run_id']}"
        / f"task_id={task['task_id']}" / f"attempt={task['try_number']}.log"
    )  # fmt: skip
    if not path.exists():
        return f"  (no log at {path})"
    found: list[str] = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        entry = json.loads(line) if line.startswith("{") else {"event": line}
        event = str(entry.get("event", ""))
        if event.startswith("::group::Post"):
            break
        if event.startswith("::endgroup::"):
            found.clear()  # what Airflow itself does before a task runs
            continue
        found.append(event)
        for error in reversed(entry.get("error_detail") or ()):
            if error["exc_value"] not in "\n".join(found):
                found.append(f"{error['exc_type']}: {error['exc_value']}")
    return "\n".join(f"  {line}" for line in found[-lines:])


def tail(path: Path, lines: int = 15) -> str:
    """The last lines of a log file, with its name; nothing where there is none."""
    if not path.exists():
        return f"(no log at {path})"
    text = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join([f"-- {path.name}", *text[-lines:]])
