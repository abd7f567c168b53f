"""The steps of the DAGs: each calls the pipeline's, says what came of it, and ends the task so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

from airflow.sdk.exceptions import AirflowFailException

from trueup.alerts import tasks
from trueup.company.dag_settings import BUILD_MART, HOUSEKEEPING, INGEST, SEND_ALERTS
from trueup.errors import GateError, Held, Incomplete, TrueupError, UnfitData, VendorUnavailable
from trueup.orchestration import notices
from trueup.orchestration.connections import SECRET_LOOKUPS

#: Weeks end on Sunday.
LAST_WEEKDAY = 6


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

    landed = step(lambda: pipeline.land(source, day(text), secret_lookups=SECRET_LOOKUPS))
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
    from trueup.gates import requirements
    from trueup.landing.landed import Landed, NotLanded

    on_call = notices.on_call()
    content = result["landed"]
    landed = Landed(**{**content, "failed": tuple(NotLanded(**x) for x in content["failed"])})
    dag_id, gate = f"{INGEST}{landed.source}", f"landing/{landed.source}"
    verdict = step(pipeline.gate_landing, landed.source, landed.loads, landed.failed)
    on_call.report(gate)
    on_call.report_missing(gate, tasks.gave_up(result["tries"], f"`land` of {dag_id}"), ti.log_url)
    if verdict.outcome != "gate-error":
        notices.over(dag_id, "gate-error")
    try:
        step(requirements.require_delivered, landed, verdict)
    except Incomplete as error:  # judging again lands nothing
        raise AirflowFailException(str(error)) from error
    delivered.add_partitions(landed.day)
    notices.over(dag_id, "failed")


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

    on_call = notices.on_call()
    verdict = step(pipeline.gate_mart)
    failed = [finding.line for finding in verdict.failed]
    on_call.report(
        "mart", link=f"{ti.log_url.partition('/tasks/')[0]}/tasks/{held}/required_actions"
    )
    if verdict.outcome == "gate-error":
        raise GateError("the mart's gate could not run", got="; ".join(failed[:5]))
    notices.over(BUILD_MART, "gate-error")
    return (held if verdict.outcome == "hold" else fit), failed


def publish(answer: dict[str, Any] | None, text: str, published: Any) -> dict[str, str]:
    """Publish the build; `answer` is what a person said to a hold, if there was one."""
    from trueup import pipeline
    from trueup.gates import mart_health

    on_call = notices.on_call()
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
    if done.verdict:
        published.extra = mart_health.of(done.verdict, done.released_by)
    notices.over(BUILD_MART, "failed")
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

    on_call = notices.on_call()
    wanted = step(day, text)
    on_call.notify_again()
    notices.over(HOUSEKEEPING, "failed")
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

    on_call = notices.on_call()
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
    notices.on_call().notify_again()
    notices.over(SEND_ALERTS, "failed")
