"""What the DAG files share: schedules, assets, steps and callbacks.

The only module here that imports Airflow. A run's *day* is its partition key, YYYY-MM-DD: the
newest whole day of the reporting zone the run lands or builds, which is the day before the
scheduled run. Runs started without a partition key name it in their conf: `{"day": "2026-09-15"}`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from airflow.sdk import Asset, Connection, CronPartitionTimetable
from airflow.sdk.exceptions import AirflowFailException, AirflowNotFoundException

from trueup import settings
from trueup.company.dag_settings import DagSettings
from trueup.errors import GateError, TrueupError, UnfitData

#: A held build that nobody answers is rejected before the next day's build is due.
HOLD_LASTS = timedelta(hours=20)
#: A step that takes longer hangs: it is ended, and tried again.
STEP_LASTS = timedelta(hours=2)
#: A first landing may be years long; tried again, it goes on where it stopped.
LAND_LASTS = timedelta(hours=6)
TAGS = frozenset({"trueup", "ingest", "mart", "upkeep"})

#: Template of a run's day; `day()` says what is wrong where it renders to nothing.
DAY = "{{ dag_run.partition_key or (dag_run.conf or {}).get('day', '') }}"


def schedule(company: DagSettings, minute: int) -> CronPartitionTimetable:
    """One run a day, `minute` minutes after the day is over, with that day as partition key.

    A backfill of these runs reads its range as every window here: from, up to but not
    including to.
    """
    days_late, minute_of_day = divmod(minute, 24 * 60)
    hours, minutes = divmod(minute_of_day, 60)
    return CronPartitionTimetable(
        f"{minutes} {hours} * * *",
        timezone=company.time_zone,
        run_offset=-1 - days_late,
        key_format="%Y-%m-%d",
    )


def lifetime(company: DagSettings, minute: int) -> dict[str, datetime | None]:
    """A DAG's start and end date, so that its first and last scheduled runs are those of the
    first and last day of the company's history. Triggers and backfills know no such bounds."""
    midnight = time(tzinfo=ZoneInfo(company.time_zone))
    wait = timedelta(days=1, minutes=minute)
    return {
        "start_date": datetime.combine(company.start, midnight) + wait,
        "end_date": company.end and datetime.combine(company.end, midnight) + wait,
    }


def asset(company: DagSettings, name: str) -> Asset:
    """The asset of a source, or of `build` or `mart`, partitioned by day."""
    return Asset(f"trueup://{company.name}/{name}")


def day(text: str) -> str:
    """`text` if it is a day. Raises TrueupError where a run was started without one."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise TrueupError(
            "the run has no day",
            expected="a partition key, or conf day, like 2026-09-15",
            got=repr(text),
            next_step="trigger it again with the day to land as its partition key",
        ) from None


def connection_secret(name: str) -> str | None:
    """The password of the Airflow Connection called `name`, or None if there is none."""
    try:
        return Connection.get(name).password
    except AirflowNotFoundException:
        return None


def step(call: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """The result of `call`. What trying again cannot mend fails the task now, without retries."""
    try:
        return call(*args, **options)
    except TrueupError as error:
        if error.permanent:
            raise AirflowFailException(str(error)) from error
        raise


def land(source: str, text: str) -> dict[str, Any]:
    """Land `source` for the day in `text`; secrets from Connections, then the environment."""
    from trueup import pipeline

    lookups = (connection_secret, settings.environment_secret)
    return asdict(step(lambda: pipeline.land(source, day(text), secret_lookups=lookups)))


def gate_landing(landed: dict[str, Any], delivered: Any) -> None:
    """Judge loads just landed; only then is the source's day `delivered` (an outlet event)."""
    from trueup import pipeline
    from trueup.alerts import on_call
    from trueup.landing.landed import Landed, NotLanded

    source = landed["source"]
    failed = tuple(NotLanded(**one) for one in landed["failed"])
    step(pipeline.gate_landing, source, list(landed["loads"]))
    on_call.report(f"landing/{source}")
    over(f"ingest_{source}", "held", "gate-error")
    step(pipeline.check_delivered, Landed(**{**landed, "failed": failed}))
    delivered.add_partitions(landed["day"])
    over(f"ingest_{source}", "failed")


def build(text: str, built: Any) -> dict[str, Any]:
    """Build the marts through the day in `text` (all that is landed, where it is empty)."""
    from trueup import pipeline

    result = step(lambda: pipeline.build(day(text) if text else None))
    if text:
        built.add_partitions(text)
    return result


def gate_mart(fit: str, held: str) -> tuple[str, list[str]]:
    """The task to follow and what failed. Tells a person what fails now and did not before."""
    from trueup import pipeline
    from trueup.alerts import on_call

    judged = step(pipeline.gate_mart)
    verdict, failed = judged["verdict"], judged["failed"]
    on_call.report("mart")
    if verdict == "gate-error":
        raise GateError("the mart's gate could not run", got=", ".join(failed))
    over("build_mart", "gate-error")
    return (held if verdict == "hold" else fit), failed


def publish(answer: dict[str, Any] | None, text: str, published: Any) -> dict[str, Any]:
    """Publish the build; `answer` is what a person said to a hold, if there was one."""
    from trueup import pipeline
    from trueup.alerts import on_call

    released_by, reason = None, ""
    if answer:
        user = answer["responded_by_user"] or {}
        released_by = user.get("name") or user.get("id") or "unknown"
        reason = (answer["params_input"] or {}).get("reason", "").strip()
        if not reason:
            raise AirflowFailException(
                "released without a reason; clear the task `approve`, then answer with one"
            )
    result = step(pipeline.publish_unless_held, released_by, reason)
    if text:
        published.add_partitions(text)
    over("build_mart", "failed", "held")
    if released_by:
        on_call.released("mart")
    return result


def is_due(text: str, builds: Any) -> bool:
    """Whether the day in `text` still has to be built, now that its deadline has passed.

    `builds` are the events of the build asset. Every source that is late is told to a person,
    under the cause its own failure would have had, so that one trouble is one message.
    """
    from trueup import pipeline
    from trueup.alerts import on_call

    wanted = step(day, text)
    on_call.tell_the_untold()
    over("housekeeping", "failed")
    if any(event.partition_key == wanted for event in builds):
        print(f"{wanted} is built")
        return False
    for source in step(pipeline.overdue, wanted):
        title = f"{source} is late: the mart is built without its newest day"
        on_call.notify(f"ingest_{source} failed", title, {"source": source, "day": wanted})
    return True


def tell_failure(context: Any) -> None:
    """Task callback: a task failed for good; tell a person once per cause."""
    from trueup.alerts import on_call

    task = context["task_instance"]
    error = context.get("exception")
    error = getattr(error, "__cause__", None) or error
    # The text of a foreign exception may hold a row's values; ours never do.
    what = str(error) if isinstance(error, TrueupError) else type(error).__name__
    on_call.notify(
        f"{task.dag_id} {_kind(error)}",
        f"{task.dag_id}: task {task.task_id} failed: {what}",
        {"run": task.run_id, "try": task.try_number, "error": what, "log": task.log_url},
    )


def over(dag_id: str, *kinds: str) -> None:
    """Whatever stopped the DAG in one of these ways is over."""
    from trueup.alerts import on_call

    on_call.resolve(*(f"{dag_id} {kind}" for kind in kinds))


def _kind(error: object) -> str:
    if isinstance(error, UnfitData):
        return "held"
    return "gate-error" if isinstance(error, GateError) else "failed"


#: What every DAG has. Retries back off from Airflow's default delay, doubling.
DAG_DEFAULTS: dict[str, Any] = {
    "catchup": False,
    "max_active_runs": 1,
    "default_args": {
        "owner": "data",
        "retries": 3,
        "retry_exponential_backoff": 2.0,
        "max_retry_delay": timedelta(minutes=30),
        "execution_timeout": STEP_LASTS,
        "on_failure_callback": tell_failure,
    },
}
