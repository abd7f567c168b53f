"""Airflow on one machine: start and stop it, run a day through it. Imports no Airflow.

State lives under `<home>/airflow`: the metadata database, logs, the password, and
`standalone.json`, which says what runs. Everything listens on loopback only, answers to its own
host names alone (plugins/own_hosts.py) and to who knows the password.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote

import yaml

from trueup import settings
from trueup.company.dag_settings import BUILD_MART, HOUSEKEEPING, INGEST, SEND_ALERTS
from trueup.errors import Incomplete, TrueupError, UnfitData
from trueup.local_airflow import passwords, processes, watch
from trueup.local_airflow.processes import Running
from trueup.local_airflow.rest import Airflow

PORT = 8780
START_SECONDS = 180
#: No triggerer: nothing here defers, and a person's answer reaches the scheduler without one.
COMPONENTS = {
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "api-server": ("api-server",),
}
#: Imported once in the process that task processes are forked from, not once per task.
PRELOADED = (
    "airflow",
    "airflow.executors.local_executor",
    "airflow.dag_processing.dagbag",
    "airflow.providers.standard.operators.hitl",
    "airflow.sdk.execution_time.supervisor",
    "airflow.sdk.execution_time.task_runner",
    "dlt",
    "duckdb",
    "pyarrow.parquet",
    "great_expectations",
)

Say = Callable[[str], None]


def start(home: Path, port: int = PORT, say: Say = print) -> Running:
    """Airflow for the company in force, up and with its DAGs loaded; leaves it alone if it already
    is, with the settings and secrets of now. Takes the next free port if `port` is taken. Raises
    TrueupError with the end of the log of a process that dies."""
    running = processes.recall(_state_file(home))
    if running and not running.dead() and running.company_file == _company_file():
        if all(running.inherited.get(name) == mark for name, mark in _inherited().items()):
            say(f"Airflow is up at {running.url}")
            return running
    stop(home, say)
    began = time.monotonic()
    url = f"http://127.0.0.1:{processes.free_port(port)}"
    environment = _environment(home, url)
    logs, made = _logs(home), passwords.keep(_folder(home))
    _folder(home).chmod(0o700)
    if made:
        say(f"Airflow's pages ask who you are: user {passwords.USER}, password {made}")
        say(f"this is shown once; {passwords.file(_folder(home))} keeps it")
    _migrate(home, environment, say)
    say(f"starting Airflow ({', '.join(COMPONENTS)}); logs in {logs}")
    started = processes.launch(COMPONENTS, environment, logs)
    running = Running(_company_file(), _inherited(), url, started)
    running.remember(_state_file(home))
    try:
        _wait_until_ready(home, running, began, say)
    except BaseException:
        stop(home, lambda _: None)
        raise
    say(f"Airflow is up at {url} after {time.monotonic() - began:.0f} s")
    return running


def stop(home: Path, say: Say = print) -> bool:
    """End what `start` left running. False if there was nothing."""
    running = processes.recall(_state_file(home))
    ended = bool(running and running.end())
    _state_file(home).unlink(missing_ok=True)
    if ended:
        say("Airflow is stopped")
    return ended


def run_day(day: date, say: Say = print) -> watch.Outcome:
    """Land, build, gate and publish `day` through Airflow, which is started if it is not up and
    left running. Raises UnfitData on a hold, Incomplete where sources failed and the mart is out
    without them, TrueupError on any other end but a publish."""
    home = settings.read().home
    start(home, say=say)
    outcome = ingest_and_build(home, day, _sources(), say=say)
    if outcome.state in ("held", "rejected"):
        raise UnfitData(
            f"the mart of {day} is {outcome.state}; the last one stays", next_step=outcome.detail
        )
    if outcome.state == "incomplete":
        raise Incomplete(f"{day} is published without what failed\n{outcome.detail}")
    if outcome.state != "published":
        raise TrueupError(f"{day} is not published\n{outcome.detail}")
    return outcome


def ingest_and_build(
    home: Path, day: date, sources: Iterable[str], *, timeout: float = 1800, say: Say = print
) -> watch.Outcome:
    """Run every source's ingest for `day` and wait until the mart of that day is published, held
    or failed. Airflow must be up. A day that was run before is run again."""
    running = processes.recall(_state_file(home))
    if running is None:
        raise TrueupError("Airflow is not up", next_step="run `trueup up`")
    airflow = Airflow(running.url, _folder(home))
    day_watch = watch.Watch(
        airflow, _logs(home), day.isoformat(), say, lambda: _check(home, running)
    )
    return day_watch.run(sorted(sources), timeout)


def airflow(home: Path, arguments: Sequence[str]) -> NoReturn:
    """Become Airflow's own command line (`backfill create ...`) on what `start` started: whoever
    ends or waits for this process ends or waits for that."""
    running = processes.recall(_state_file(home))
    url = running.url if running else f"http://127.0.0.1:{PORT}"
    command = [sys.executable, "-m", "airflow", *arguments]
    sys.stdout.flush()
    os.execve(command[0], command, _environment(home, url))  # noqa: S606 -- our own interpreter


def _environment(home: Path, url: str) -> dict[str, str]:
    """What the processes inherit: ours, and Airflow's settings. DAGs read the same settings."""
    config = settings.read()
    wanted = {
        "CORE__DAGS_FOLDER": config.project / "dags",
        "CORE__PLUGINS_FOLDER": config.project / "plugins",
        "CORE__LOAD_EXAMPLES": False,
        "CORE__PARALLELISM": 2,
        "CORE__DAGS_ARE_PAUSED_AT_CREATION": False,
        "CORE__DEFAULT_TASK_RETRY_DELAY": 5,
        "CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": False,
        "CORE__SIMPLE_AUTH_MANAGER_USERS": f"{passwords.USER}:admin",
        "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": passwords.file(_folder(home)),
        "CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",
        "API__HOST": "127.0.0.1",
        "API__PORT": url.rpartition(":")[2],
        "API__BASE_URL": url,
        "API__WORKERS": 1,
        # Patient where many write at once; SQLite's default gives up after 5 s.
        "DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{quote(str(_folder(home)))}/airflow.db?timeout=60",
        "LOGGING__BASE_LOG_FOLDER": _logs(home),
        "SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": 0.3,
        "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": 60,
        # How long a finished task may go unnoticed where its pipes close before it has exited.
        "WORKERS__MIN_HEARTBEAT_INTERVAL": 1,
        "SCHEDULER__MP_START_METHOD": "forkserver",
        "SCHEDULER__MP_FORKSERVER_PRELOAD": ",".join(PRELOADED),
        "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": 300,
        "DAG_PROCESSOR__PARSING_PROCESSES": 1,
    }
    return {
        **os.environ,
        **{f"AIRFLOW__{name}": str(value) for name, value in wanted.items()},
        "AIRFLOW_HOME": str(_folder(home)),
        "TRUEUP_HOME": str(config.home),
        "TRUEUP_COMPANY": str(config.company_file),
        "TRUEUP_PROJECT": str(config.project),
        "PYTHONUNBUFFERED": "1",
    }


def _migrate(home: Path, environment: dict[str, str], say: Say) -> None:
    """Make or upgrade the metadata database, once per Airflow version."""
    done = _folder(home) / "migrated"
    wanted = version("apache-airflow")
    if done.exists() and done.read_text(encoding="utf-8") == wanted:
        return
    say("preparing Airflow's metadata database")
    log = _logs(home) / "migrate.log"
    with log.open("wb") as output:
        result = subprocess.run(
            [sys.executable, "-m", "airflow", "db", "migrate"],
            env=environment, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    if result.returncode:
        raise TrueupError(f"`airflow db migrate` failed\n{watch.tail(log)}")
    done.write_text(wanted, encoding="utf-8")


def _wait_until_ready(home: Path, running: Running, began: float, say: Say) -> None:
    """Until the components are healthy and have loaded the company's DAGs."""
    client = Airflow(running.url, _folder(home))
    ours = (BUILD_MART, HOUSEKEEPING, SEND_ALERTS)
    wanted = {*ours, *(f"{INGEST}{source}" for source in _sources())}
    since = min(created for _, created in running.processes.values())
    said = time.monotonic()
    while missing := client.not_ready(wanted, since):
        _check(home, running)
        if time.monotonic() - began > START_SECONDS:
            logs = "\n".join(watch.tail(_logs(home) / f"{name}.log") for name in COMPONENTS)
            raise TrueupError(f"Airflow is not ready: {missing}\n{logs}")
        if time.monotonic() - said > 4:
            said = time.monotonic()
            say(f"{said - began:4.0f} s  waiting for {missing}")
        time.sleep(0.4)


def _check(home: Path, running: Running) -> None:
    """Raise TrueupError if a component has died."""
    for name in running.dead():
        log = _logs(home) / f"{name}.log"
        raise TrueupError(
            f"Airflow's {name} has died\n{watch.tail(log)}",
            next_step=f"read {log}, then run `trueup up` again",
        )


def _inherited() -> dict[str, str]:
    """A short mark of each of our variables: tells that one has changed, never its value."""
    return {
        name: hashlib.sha256(value.encode()).hexdigest()[:8]
        for name, value in os.environ.items()
        if name.startswith(("TRUEUP_", "AIRFLOW_CONN_"))
    }


def _company_file() -> str:
    return str(settings.read().company_file)


def _sources() -> list[str]:
    return sorted(yaml.safe_load(Path(_company_file()).read_text(encoding="utf-8"))["sources"])


def _folder(home: Path) -> Path:
    return home / "airflow"


def _logs(home: Path) -> Path:
    folder = _folder(home) / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _state_file(home: Path) -> Path:
    return _folder(home) / "standalone.json"
