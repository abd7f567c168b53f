"""Airflow's REST API, as far as one day's run needs it."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from trueup.company.dag_settings import BUILD_MART
from trueup.errors import TrueupError
from trueup.local_airflow import passwords

#: Straight to this machine: a proxy of the environment is not to see Airflow's password.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
CONFLICT = 409
#: Airflow's own limit of rows in one answer.
MOST = 100


class Refused(TrueupError):
    """Airflow answered with a 4xx `status`."""

    def __init__(self, status: int, problem: str) -> None:
        super().__init__(problem)
        self.status = status


@dataclass
class Airflow:
    """The REST API at `url`, of the Airflow whose password `folder` keeps."""

    url: str
    folder: Path
    _token: str = field(default="", repr=False)

    def call(self, path: str, body: Any = None, method: str | None = None) -> Any:
        """The JSON answer to `path` below /api/v2. Raises OSError, Refused on a 4xx."""
        if not self._token:
            known = {"username": passwords.USER, "password": passwords.read(self.folder)}
            self._token = _request(f"{self.url}/auth/token", known)["access_token"]
        return _request(f"{self.url}/api/v2/{path}", body, method, self._token)

    def ask(self, path: str, body: Any = None, method: str | None = None) -> Any:
        """`call`, tried again a few times: a busy SQLite makes Airflow answer 500."""
        for pause in (1, 2, 4):
            try:
                return self.call(path, body, method)
            except OSError:
                time.sleep(pause)
        return self.call(path, body, method)

    def wake(self) -> None:
        """Have the api-server build what serves task processes, which takes it seconds, while the
        scheduler prepares the first of them. Does not wait for it."""
        with suppress(OSError):
            _OPENER.open(f"{self.url}/execution/health", timeout=0.1).close()

    def not_ready(self, dag_ids: set[str], since: float) -> str:
        """What is still missing, or nothing: components' health, then every DAG in `dag_ids`
        parsed after `since` (epoch seconds). Raises TrueupError if a DAG file does not import."""
        try:
            health = self.call("monitor/health")
        except OSError:
            return "api-server"
        unwell = [
            name
            for name in ("metadatabase", "scheduler", "dag_processor")
            if health[name]["status"] != "healthy"
        ]
        if unwell:
            return ", ".join(unwell)
        for broken in self.call("importErrors")["import_errors"]:
            if datetime.fromisoformat(broken["timestamp"]).timestamp() > since:
                raise TrueupError(f"{broken['filename']}: {broken['stack_trace'].strip()}")
        parsed = {
            dag["dag_id"]
            for dag in self.call(f"dags?limit={MOST}")["dags"]
            if dag["last_parsed_time"]
            and datetime.fromisoformat(dag["last_parsed_time"]).timestamp() > since
        }
        waiting = sorted(dag_ids - parsed)
        return f"DAGs {', '.join(waiting)}" if waiting else ""

    def trigger(self, dag_id: str, day: str, run_id: str) -> None:
        """Start a run of `dag_id` for the partition `day`, unless it was started before."""
        body = {"dag_run_id": run_id, "logical_date": None, "partition_key": day}
        try:
            self.ask(f"dags/{dag_id}/dagRuns", body)
        except Refused as refusal:
            if refusal.status != CONFLICT:
                raise

    def runs(self, since: datetime) -> list[dict[str, Any]]:
        return self.ask(f"dags/~/dagRuns?{_since(since)}")["dag_runs"]

    def tasks(self, since: datetime) -> list[dict[str, Any]]:
        return self.ask(f"dags/~/dagRuns/~/taskInstances?{_since(since)}")["task_instances"]

    def waiting_holds(self) -> list[str]:
        """The run ids of held builds that nobody has answered."""
        query = "response_received=false&state=awaiting_input"
        found = self.ask(f"dags/{BUILD_MART}/dagRuns/~/hitlDetails?{query}")["hitl_details"]
        return [hold["task_instance"]["dag_run_id"] for hold in found]

    def page(self, run_id: str) -> str:
        """Where a person answers a held build."""
        quoted = urllib.parse.quote(run_id, safe="")
        return f"{self.url}/dags/{BUILD_MART}/runs/{quoted}/tasks/approve/required_actions"

    def answer(self, run_id: str, choice: Literal["Approve", "Reject"], reason: str) -> None:
        """Answer a held build."""
        quoted = urllib.parse.quote(run_id, safe="")
        self.ask(
            f"dags/{BUILD_MART}/dagRuns/{quoted}/taskInstances/approve/-1/hitlDetails",
            {"chosen_options": [choice], "params_input": {"reason": reason}},
            "PATCH",
        )


def _since(moment: datetime) -> str:
    return urllib.parse.urlencode({"run_after_gte": moment.isoformat(), "limit": MOST})


def _request(url: str, body: Any = None, method: str | None = None, token: str = "") -> Any:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310 -- loopback
    try:
        with _OPENER.open(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code >= 500:
            raise OSError(f"{url}: {error.code}") from None
        text = error.read().decode(errors="replace")[:500]
        raise Refused(error.code, f"Airflow refused {request.get_method()} {url}: {text}") from None
