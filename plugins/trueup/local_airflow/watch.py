"""One day through a running Airflow: from the sources to the mart, watched."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from trueup.company.dag_settings import BUILD_MART, INGEST
from trueup.local_airflow.rest import Airflow

#: Seconds between two looks: each costs Airflow a tenth of a second of a processor.
LOOK_SECONDS = 2
#: Seconds after the last delivery within which the scheduler starts the build itself.
PATIENCE_SECONDS = 6
REPORTED_STATES = ("success", "failed", "up_for_retry", "awaiting_input")


@dataclass(frozen=True)
class Outcome:
    """How a day ended; `incomplete` is published without sources that failed. `detail` is the end
    of the failed tasks' logs, or how to answer a hold."""

    state: Literal["published", "incomplete", "held", "rejected", "failed", "timeout"]
    detail: str
    seconds: float


@dataclass
class Watch:
    """The runs of `day` as they go on; says each change of a task once.

    `logs` is the folder of task logs; `check` raises if Airflow itself has died.
    """

    airflow: Airflow
    logs: Path
    day: str
    say: Callable[[str], None]
    check: Callable[[], None]
    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    began: float = field(default_factory=time.monotonic)
    said_at: float = field(default_factory=time.monotonic)
    states: dict[tuple[str, str, int], str | None] = field(default_factory=dict)

    @property
    def run_id(self) -> str:
        return f"run__{self.day}__{self.since:%Y%m%dT%H%M%S%f}"

    def run(self, sources: Sequence[str], timeout: float) -> Outcome:
        """Ingest every source, then wait for the build that follows; at most `timeout` seconds."""
        for hold in self.airflow.waiting_holds():
            self.say(f"rejecting the held build {hold}: a new one is asked for")
            self.airflow.answer(hold, "Reject", "superseded by a new run")
        self.say(f"landing {self.day} from {len(sources)} sources: {', '.join(sources)}")
        dag_ids = {f"{INGEST}{source}" for source in sources}
        for dag_id in sorted(dag_ids):
            self.airflow.trigger(dag_id, self.day, self.run_id)
        self.airflow.wake()
        while self._elapsed() < timeout:
            self.check()
            try:
                outcome = self._look(dag_ids)
            except OSError:
                self.check()
                raise
            if outcome:
                return outcome
            time.sleep(LOOK_SECONDS)
        return self._outcome("timeout", f"gave up after {timeout:.0f} s; busy: {self._busy()}")

    def _look(self, dag_ids: set[str]) -> Outcome | None:
        """Say what is new; the outcome once the day has ended."""
        watched = {*dag_ids, BUILD_MART}
        # Runs first: whatever has ended in them has ended in the tasks too.
        runs = [run for run in self.airflow.runs(self.since) if run["dag_id"] in watched]
        tasks = [task for task in self.airflow.tasks(self.since) if task["dag_id"] in watched]
        self._tell(tasks)
        done = {
            run["dag_id"]: run["state"]
            for run in runs
            if run["dag_id"] in dag_ids and run["dag_run_id"] == self.run_id and run["end_date"]
        }
        if set(done) != dag_ids:
            return None
        if set(done.values()) == {"failed"}:
            return self._outcome("failed", self._failures(tasks))
        delivered = max(
            _instant(task["end_date"])
            for task in tasks
            if task["dag_id"] in dag_ids and task["task_id"] == "gate" and task["end_date"]
        )
        # A source that failed costs its own data: the mart is built without it.
        failures = self._failures(tasks) if "failed" in done.values() else ""
        builds = [
            run for run in runs if run["dag_id"] == BUILD_MART and run["partition_key"] == self.day
        ]
        started = {t["dag_run_id"]: t["start_date"] for t in tasks if t["task_id"] == "build"}
        build = self._build_after(delivered, builds, started)
        outcome = self._judge(build, tasks) if build else None
        if outcome and outcome.state == "published" and failures:
            return self._outcome("incomplete", failures)
        return outcome

    def _build_after(
        self,
        delivered: datetime,
        builds: list[dict[str, Any]],
        started: dict[str, str | None],
    ) -> dict[str, Any] | None:
        """The build of our day that sees every delivery. The scheduler starts it; where a source
        failed, or what an earlier, broken run delivered made it start too soon, it is started
        here."""
        for run in builds:
            since = started.get(run["dag_run_id"])
            if since is None or _instant(since) >= delivered:
                return run
        if (datetime.now(UTC) - delivered).total_seconds() > PATIENCE_SECONDS:
            self.airflow.trigger(BUILD_MART, self.day, self.run_id)
        return None

    def _judge(self, build: dict[str, Any], tasks: list[dict[str, Any]]) -> Outcome | None:
        mine = {t["task_id"]: t for t in tasks if t["dag_run_id"] == build["dag_run_id"]}
        if mine.get("approve", {}).get("state") == "awaiting_input":
            page = self.airflow.page(build["dag_run_id"])
            return self._outcome("held", f"approve or reject at {page}")
        if build["state"] == "failed":
            return self._outcome("failed", self._failures(list(mine.values())))
        if build["state"] == "success":
            done = mine.get("publish", {}).get("state") == "success"
            return self._outcome("published" if done else "rejected")
        return None

    def _tell(self, tasks: list[dict[str, Any]]) -> None:
        for task in sorted(tasks, key=lambda t: t["end_date"] or "9999"):
            name, state = f"{task['dag_id']}.{task['task_id']}", task["state"]
            key = (name, task["dag_run_id"], task["try_number"])
            if self.states.get(key) != state:
                self.states[key] = state
                if state in REPORTED_STATES:
                    after = f" after {task['duration']:.1f} s" if task["duration"] else ""
                    self._line(f"{name} {state}{after}")
        if time.monotonic() - self.said_at > 10:
            self._line(f"busy: {self._busy()}")

    def _busy(self) -> str:
        running = (name for (name, _, _), state in self.states.items() if state == "running")
        return ", ".join(running) or "Airflow"

    def _line(self, text: str) -> None:
        self.said_at = time.monotonic()
        self.say(f"{self._elapsed():5.0f} s  {text}")

    def _elapsed(self) -> float:
        return time.monotonic() - self.began

    def _outcome(self, state: Any, detail: str = "") -> Outcome:
        return Outcome(state, detail, self._elapsed())

    def _failures(self, tasks: list[dict[str, Any]]) -> str:
        return "\n".join(
            f"{task['dag_id']}.{task['task_id']} failed:\n{task_log(self.logs, task)}"
            for task in tasks
            if task["state"] == "failed"
        )


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


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
        entry: dict[str, Any] = json.loads(line) if line[:1] == "{" else {"event": line}
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
    """The last lines of a log file, with its name."""
    if not path.exists():
        return f"(no log at {path})"
    text = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join([f"-- {path.name}", *text[-lines:]])
