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

from airflow.sdk import (  # type: ignore[attr-defined]
    Asset,
    Connection,
    CronPartitionTimetable,
    DeadlineAlert,
    DeadlineReference,
    SyncCallback,
)
from airflow.sdk.exceptions import AirflowFailException, AirflowNotFoundException

from trueup import settings
from trueup.alerts import tasks
from trueup.alerts.incidents import Kind
from trueup.company.dag_settings import (
    BUILD_MART,
    HOUSEKEEPING,
    INGEST,
    SEND_ALERTS,
    DagSettings,
)
from trueup.errors import (
    GateError,
    Held,
    Incomplete,
    TrueupError,
    UnfitData,
    VendorUnavailable,
)

#: A held build that nobody answers is rejected before the next day's build is due.
HOLD_LASTS = timedelta(hours=20)
#: A step that takes longer hangs: it is ended, and tried again.
STEP_LASTS = timedelta(hours=2)
#: A first landing may be years long; tried again, it goes on where it stopped.
LAND_LASTS = timedelta(hours=6)
#: A mart that is not published so long after its run was queued is late: a step that hangs is
#: ended and tried again by then.
MART_LASTS = timedelta(hours=3)
TAGS = frozenset({"trueup", "ingest", "mart", "housekeeping", "alerts"})
#: Weeks end on Sunday.
LAST_WEEKDAY = 6

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
        "end_date": datetime.combine(company.end, midnight) + wait if company.end else None,
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


def mart_deadline() -> DeadlineAlert:
    """What Airflow's scheduler does where a mart is late, whatever keeps it."""
    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=MART_LASTS,
        callback=SyncCallback(tell_late_mart),
        name="mart is late",
    )


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


def land(source: str, text: str, ti: Any) -> dict[str, Any]:
    """Land `source` for the day in `text`; secrets from Connections, then the environment. While
    tries remain, what the vendor may yet answer is asked for again."""
    from trueup import pipeline

    lookups = (connection_secret, settings.environment_secret)
    landed = step(lambda: pipeline.land(source, day(text), secret_lookups=lookups))
    temporary = [one for one in landed.failed if not one.is_permanent]
    if temporary and ti.try_number <= ti.max_tries:
        raise VendorUnavailable(
            f"{len(temporary)} of {source} did not land yet, the rest did; all is tried again",
            got="; ".join(one.text for one in temporary[:3]),
        )
    return {"landed": asdict(landed), "tries": ti.try_number}


def gate_landing(result: dict[str, Any], delivered: Any, ti: Any) -> None:
    """Judge loads just landed, and tell what was found and what did not land. Only where all of it
    landed and is fit is the source's day `delivered` (an outlet event)."""
    from trueup import pipeline

    on_call = _on_call()
    from trueup.landing.landed import Landed, NotLanded

    content = result["landed"]
    landed = Landed(**{**content, "failed": tuple(NotLanded(**x) for x in content["failed"])})
    dag_id, gate = f"{INGEST}{landed.source}", f"landing/{landed.source}"
    verdict = step(pipeline.gate_landing, landed.source, landed.loads, landed.failed)
    on_call.report(gate)
    on_call.report_missing(gate, tasks.gave_up(result["tries"], f"`land` of {dag_id}"), ti.log_url)
    if verdict.outcome != "gate-error":
        over(dag_id, "gate-error")
    try:
        step(pipeline.require_delivered, landed, verdict)
    except Incomplete as error:  # judging again lands nothing
        raise AirflowFailException(str(error)) from error
    delivered.add_partitions(landed.day)
    over(dag_id, "failed")


def build(text: str, built: Any) -> dict[str, Any]:
    """Build the marts through the day in `text` (all that is landed, where it is empty)."""
    from trueup import pipeline

    result = step(lambda: pipeline.build(day(text) if text else None))
    if text:
        built.add_partitions(text)
    return result


def gate_mart(fit: str, held: str, ti: Any) -> tuple[str, list[str]]:
    """The task to follow and what failed. Tells a person what fails now and did not before."""
    from trueup import pipeline

    on_call = _on_call()

    verdict = step(pipeline.gate_mart)
    failed = [finding.line for finding in verdict.failed]
    on_call.report(
        "mart", link=f"{ti.log_url.partition('/tasks/')[0]}/tasks/{held}/required_actions"
    )
    if verdict.outcome == "gate-error":
        raise GateError("the mart's gate could not run", got="; ".join(failed[:5]))
    over(BUILD_MART, "gate-error")
    return (held if verdict.outcome == "hold" else fit), failed


def publish(answer: dict[str, Any] | None, text: str, published: Any) -> dict[str, str]:
    """Publish the build; `answer` is what a person said to a hold, if there was one."""
    from trueup import pipeline

    on_call = _on_call()

    released_by, reason = None, ""
    if answer:
        user = answer["responded_by_user"] or {}
        released_by = user.get("name") or user.get("id") or "unknown"
        reason = (answer["params_input"] or {}).get("reason", "").strip()
        if not reason:
            raise AirflowFailException(
                "released without a reason; clear the task `approve`, then answer with one"
            )
    done = step(pipeline.publish_unless_held, released_by, reason)
    if text:
        published.add_partitions(text)
    over(BUILD_MART, "failed")
    on_call.tell_changes()
    if released_by:
        on_call.released("mart")
    return {"path": str(done.path), "published_at": done.at.isoformat()}


def is_due(text: str, builds: Any) -> bool:
    """Whether the day in `text` still has to be built, now that its deadline has passed.

    `builds` are the events of the build asset. Sources that are late are reported in one
    message, unless why they are is known already.
    """
    from trueup import pipeline

    on_call = _on_call()

    wanted = step(day, text)
    on_call.notify_again()
    over(HOUSEKEEPING, "failed")
    if any(event.partition_key == wanted for event in builds):
        print(f"{wanted} is built")
        return False
    late = [
        tasks.late(source, wanted)
        for source in step(pipeline.overdue, wanted)
        if not on_call.is_stopped(f"{INGEST}{source}", f"landing/{source}")
    ]
    if late:
        on_call.notify(*late)
    return True


def is_weekly(text: str) -> bool:
    """Whether the day in `text` ends a week, after which builds are compared."""
    return date.fromisoformat(step(day, text)).weekday() == LAST_WEEKDAY


def compare() -> None:
    """Hold a full build against the incremental one, and tell a difference."""
    from trueup import pipeline

    on_call = _on_call()

    try:
        step(pipeline.compare)
    except AirflowFailException as error:
        if not isinstance(error.__cause__, UnfitData):
            raise
        found = tasks.builds_differ(error.__cause__)
        on_call.notify(found)
        raise AirflowFailException(found.line) from Held(found.line)
    on_call.resolve(tasks.cause("comparison", "warn"))


def send_alerts() -> None:
    """Deliver what waits, and say what a mute that is over kept back."""
    _on_call().notify_again()
    over(SEND_ALERTS, "failed")


def tell_late_mart(context: Any) -> None:
    """Deadline callback: the mart is late. Says nothing where why it is has been told."""
    on_call = _on_call()
    if not on_call.is_stopped("mart", BUILD_MART):
        run = context.get("dag_run") or {}
        text = run.get("partition_key") or (run.get("conf") or {}).get("day") or ""
        on_call.notify(tasks.mart_late(text, MART_LASTS / timedelta(hours=1)))


def _on_call() -> Any:
    """Who tells people; receivers' secrets are looked for in Connections, then the environment."""
    from trueup.alerts import on_call

    on_call.secret_lookups = (connection_secret, settings.environment_secret)
    return on_call


def tell_failure(context: Any) -> None:
    """Task callback: a task failed for good; tell a person once per cause. What gates find and
    what did not land has been reported by then, each by its name."""
    on_call = _on_call()

    task = context["task_instance"]
    error = context.get("exception")
    error = getattr(error, "__cause__", None) or error
    if isinstance(error, (Held, Incomplete)):
        return
    notice = tasks.failed(
        task.dag_id, task.task_id, task.run_id, task.try_number, error, task.log_url
    )
    on_call.notify(notice)


def over(dag_id: str, *kinds: Kind) -> None:
    """Whatever stopped the DAG in one of these ways is over."""
    on_call = _on_call()

    on_call.resolve(*(tasks.cause(dag_id, kind) for kind in kinds))


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
