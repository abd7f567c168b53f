"""What DAGs tell people of themselves: a task that failed, a mart that is late, what is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from trueup.alerts import tasks
from trueup.alerts.incidents import Kind
from trueup.company.dag_settings import BUILD_MART
from trueup.errors import Held, Incomplete
from trueup.orchestration.connections import SECRET_LOOKUPS
from trueup.orchestration.limits import MART_LASTS


def on_call() -> Any:
    """Who tells people; receivers' secrets are looked for in Connections, then the environment."""
    from trueup.alerts import on_call as teller

    teller.secret_lookups = SECRET_LOOKUPS
    return teller


def tell_failure(context: Any) -> None:
    """Task callback: a task failed for good; tell a person once per cause. What gates find and
    what did not land has been reported by then, each by its name."""
    task = context["task_instance"]
    error = context.get("exception")
    error = getattr(error, "__cause__", None) or error
    if isinstance(error, (Held, Incomplete)):
        return
    notice = tasks.failed(
        task.dag_id, task.task_id, task.run_id, task.try_number, error, task.log_url
    )
    on_call().notify(notice)


def tell_late_mart(context: Any) -> None:
    """Deadline callback: the mart is late. Silent where its cause was reported already."""
    teller = on_call()
    if not teller.is_stopped("mart", BUILD_MART):
        run = context.get("dag_run") or {}
        text = run.get("partition_key") or (run.get("conf") or {}).get("day") or ""
        teller.notify(tasks.mart_late(text, MART_LASTS / timedelta(hours=1)))


def over(dag_id: str, *kinds: Kind) -> None:
    """Whatever stopped the DAG in one of these ways is over."""
    on_call().resolve(*(tasks.cause(dag_id, kind) for kind in kinds))
