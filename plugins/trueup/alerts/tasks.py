"""What there is to say of tasks: one that failed for good, a source that is late, builds that
differ."""

from __future__ import annotations

from trueup.alerts.incidents import Kind, Notice
from trueup.company.dag_settings import BUILD_MART, INGEST
from trueup.errors import GateError, TrueupError

RUNBOOK: dict[Kind, str] = {
    "failed": "docs/runbook.md#failed-tasks",
    "gate-error": "docs/runbook.md#gate-errors",
}


def cause(dag_id: str, kind: Kind) -> str:
    """What stops a DAG in this way, whichever run it is."""
    return f"{dag_id} / {kind}"


def gave_up(tries: int, task: str) -> str:
    """What a person reads of the last try, and what is to be cleared once the cause is mended."""
    tried = f"Gave up after {tries} tries" if tries > 1 else "Trying again would not help"
    return f"{tried}; when it is mended, clear the task {task}"


def failed(dag_id: str, task_id: str, run_id: str, tries: int, error: object, log: str) -> Notice:
    """A task failed for good."""
    kind: Kind = "gate-error" if isinstance(error, GateError) else "failed"
    return Notice(
        cause=cause(dag_id, kind),
        kind=kind,
        gate=dag_id,
        what="the task failed",
        where=f"{dag_id}.{task_id}",
        # The text of a foreign exception may hold a row's values; ours never do.
        how_much=str(error) if isinstance(error, TrueupError) else type(error).__name__,
        advice=gave_up(tries, f"`{task_id}` of run {run_id}"),
        runbook=RUNBOOK[kind],
        link=log,
    )


def late(source: str, day: str) -> Notice:
    """A source has not delivered the day by its deadline."""
    return Notice(
        cause=cause(f"{INGEST}{source}", "failed"),
        kind="failed",
        gate=f"{INGEST}{source}",
        what="is late: the mart is built without its newest day",
        where=source,
        how_much=day,
        query=f"trueup loads {source}",
        runbook="docs/runbook.md#freshness",
    )


def mart_late(day: str, hours: float) -> Notice:
    """The mart of a day is not published long after its run was queued."""
    return Notice(
        cause=cause(BUILD_MART, "failed"),
        kind="failed",
        gate=BUILD_MART,
        what="is late: readers still have the mart before it",
        where="mart",
        how_much=f"{day}, {hours:g} hours after its run was queued".lstrip(", "),
        query="trueup status",
        runbook="docs/runbook.md#late-mart",
    )


def builds_differ(error: object) -> Notice:
    """The weekly comparison found a difference."""
    return Notice(
        cause=cause("comparison", "warn"),
        kind="warn",
        gate="comparison",
        what="A full build of the same loads gives another mart: an incremental model is wrong",
        where="build",
        how_much=str(error),
        query="trueup compare",
        runbook="docs/runbook.md#comparison",
    )


def report_not_written(error: object) -> Notice:
    """The page of a published mart could not be written."""
    return Notice(
        cause=cause("report", "warn"),
        kind="warn",
        gate="report",
        what="the mart is published, its page is not: people still see the last one",
        where="report.html",
        # The text of a foreign exception may hold a row's values; ours never do.
        how_much=str(error) if isinstance(error, TrueupError) else type(error).__name__,
        query="trueup report",
        runbook="docs/runbook.md#report",
    )
