"""Whole DAG runs, in one process, on SQLite: wiring, holds, and who is notified."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from trueup.errors import GateError, Late, TrueupError, UnfitData, VendorUnavailable
from trueup.gates import mart_health
from trueup.landing.landed import NotLanded

DAY = "2026-09-15"
SOURCE = "trueup://harbour_house/google_ads"
MART = "trueup://harbour_house/mart"
#: How a DAG can have stopped.
ENDINGS = ("failed", "gate-error")
REFUSED = NotLanded("spend", "a1", "AccessDenied", "account a1: 403", is_permanent=True)
SILENT = NotLanded("spend", "a1", "VendorUnavailable", "no answer", is_permanent=False)


@pytest.fixture(autouse=True)
def _ready(database: None, pipeline: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUEUP_SECRET_HASH_KEY", "a-key-of-the-tests")


def test_a_delivered_day_is_announced(dags: Any, pipeline: Any) -> None:
    before = events(SOURCE)
    assert run(dags, "ingest_google_ads") == {"land": "success", "gate": "success"}
    assert pipeline.called("land") == [["google_ads", DAY]]
    assert pipeline.called("gate_landing") == [["google_ads", ["a-load"]]]
    assert events(SOURCE)[len(before) :] == [DAY]
    assert pipeline.called("report") == [["landing/google_ads"]]
    assert resolved(pipeline) == {f"ingest_google_ads / {how}" for how in ENDINGS}
    assert not pipeline.called("notify")


@pytest.mark.parametrize(
    ("step", "error", "cause"),
    [
        ("land", UnfitData("no such stream"), "ingest_google_ads / failed"),
        ("gate_landing", GateError("no such column"), "ingest_google_ads / gate-error"),
        ("require_delivered", Late("not written yet"), "ingest_google_ads / failed"),
    ],
)
def test_a_failed_step_announces_nothing_and_tells_a_person_once(
    dags: Any, pipeline: Any, step: str, error: Exception, cause: str
) -> None:
    before = events(SOURCE)
    pipeline.raises[step] = error
    assert run(dags, "ingest_google_ads")["gate"] != "success"
    assert pipeline.called("notify") == [[cause]]
    assert "ingest_google_ads / failed" not in resolved(pipeline)
    assert events(SOURCE) == before


@pytest.mark.parametrize("missing", [REFUSED, SILENT])
def test_what_landed_is_judged_and_then_the_task_fails_with_what_did_not(
    dags: Any, pipeline: Any, missing: NotLanded
) -> None:
    """The last try of a vendor that does not answer, or the first of an account that is refused."""
    before = events(SOURCE)
    pipeline.not_landed = (missing,)
    assert run(dags, "ingest_google_ads") == {"land": "success", "gate": "failed"}
    assert pipeline.called("gate_landing") == [["google_ads", ["a-load"]]]
    ((gate, gave_up),) = pipeline.called("report_missing")
    assert gate == "landing/google_ads"
    assert "clear the task `land` of ingest_google_ads" in gave_up
    assert not pipeline.called("notify"), "reported by name already"
    assert events(SOURCE) == before


def test_what_a_vendor_may_yet_answer_is_asked_for_while_tries_remain(pipeline: Any) -> None:
    from trueup.orchestration import steps

    pipeline.not_landed = (REFUSED, SILENT)
    task = SimpleNamespace(try_number=3, max_tries=3)
    with pytest.raises(VendorUnavailable, match="1 of google_ads did not land yet"):
        steps.land("google_ads", DAY, task)
    task.try_number = 4
    assert steps.land("google_ads", DAY, task)["tries"] == 4
    pipeline.not_landed, task.try_number = (REFUSED,), 1
    assert steps.land("google_ads", DAY, task)["landed"]["failed"]


def test_loads_that_are_held_are_reported_one_by_one_and_stop_the_day(
    dags: Any, pipeline: Any
) -> None:
    before = events(SOURCE)
    pipeline.outcome = "hold"
    assert run(dags, "ingest_google_ads") == {"land": "success", "gate": "failed"}
    assert pipeline.called("report") == [["landing/google_ads"]]
    assert not pipeline.called("notify")
    assert events(SOURCE) == before


def test_what_is_fit_is_published(dags: Any, pipeline: Any) -> None:
    states = run(dags, "build_mart")
    assert states == {
        "build": "success",
        "gate": "success",
        "approve": "skipped",
        "publish": "success",
    }
    assert pipeline.called("build") == [[DAY]]
    assert pipeline.called("publish") == [[None, ""]]
    assert not pipeline.called("notify") + pipeline.called("released")


def test_a_warning_is_published_and_reported(dags: Any, pipeline: Any) -> None:
    pipeline.outcome = "warn"
    assert run(dags, "build_mart")["publish"] == "success"
    assert pipeline.called("report") == [["mart"]]


def test_the_mart_event_says_what_the_gate_said_and_a_reader_may_insist_on_a_healthy_mart(
    dags: Any, pipeline: Any
) -> None:
    run(dags, "build_mart")
    mart_health.require_healthy(asset_events(MART))
    pipeline.outcome = "warn"
    run(dags, "build_mart")
    with pytest.raises(UnfitData, match="warn: spend / rows"):
        mart_health.require_healthy(asset_events(MART))
    mart_health.require_healthy(asset_events(MART), tolerate=["spend"])
    pipeline.outcome = "hold"
    with answering("Approve", "checked with finance"):
        run(dags, "build_mart")
    assert asset_events(MART)[-1].extra["released_by"] == "Ana"
    with pytest.raises(UnfitData, match="hold"):
        mart_health.require_healthy(asset_events(MART), tolerate=["spend"])


def test_a_reader_of_a_mart_that_nobody_published_gets_an_error_that_says_so() -> None:
    with pytest.raises(UnfitData, match="run `build_mart` first"):
        mart_health.require_healthy([])


def test_a_hold_that_is_rejected_publishes_nothing(dags: Any, pipeline: Any) -> None:
    pipeline.outcome = "hold"
    with answering("Reject", ""):
        states = run(dags, "build_mart")
    assert (states["approve"], states["publish"]) == ("success", "skipped")
    assert pipeline.called("report") == [["mart"]]
    assert not pipeline.called("publish") + pipeline.called("notify")


def test_a_hold_that_is_approved_is_published_with_who_and_why(dags: Any, pipeline: Any) -> None:
    pipeline.outcome = "hold"
    with answering("Approve", "checked with finance"):
        assert run(dags, "build_mart")["publish"] == "success"
    assert pipeline.called("publish") == [["Ana", "checked with finance"]]
    assert pipeline.called("released") == [["mart"]]


def test_a_hold_is_not_released_without_a_reason(dags: Any, pipeline: Any) -> None:
    pipeline.outcome = "hold"
    with answering("Approve", " "):
        assert run(dags, "build_mart")["publish"] == "failed"
    assert not pipeline.called("publish")


def test_a_gate_that_cannot_run_is_its_own_cause(dags: Any, pipeline: Any) -> None:
    pipeline.outcome = "gate-error"
    states = run(dags, "build_mart")
    assert (states["gate"], states["publish"]) == ("failed", "upstream_failed")
    assert pipeline.called("notify") == [["build_mart / gate-error"]]
    assert not pipeline.called("publish")


def failing(error: Exception, try_number: int = 4) -> dict[str, Any]:
    task = SimpleNamespace(
        dag_id="build_mart", task_id="build", run_id="r1", try_number=try_number,
        log_url="http://airflow/log",
    )  # fmt: skip
    return {"task_instance": task, "exception": error}


def test_a_foreign_error_is_reported_by_its_type_alone(pipeline: Any) -> None:
    from trueup.orchestration import notices

    notices.tell_failure(failing(ValueError("ana@example.com is not a number")))
    (notice,) = pipeline.notices
    assert (notice.where, notice.how_much) == ("build_mart.build", "ValueError")


def test_the_last_try_says_that_it_gave_up_and_what_to_clear(pipeline: Any) -> None:
    from trueup.orchestration import notices

    notices.tell_failure(failing(UnfitData("a model is broken")))
    notices.tell_failure(failing(UnfitData("a model is broken"), try_number=1))
    last, first = pipeline.notices
    clear = "when it is mended, clear the task `build` of run r1"
    assert last.advice == f"Gave up after 4 tries; {clear}"
    assert first.advice == f"Trying again would not help; {clear}"
    assert (last.how_much, last.link) == ("a model is broken", "http://airflow/log")
    assert last.runbook == "docs/runbook.md#failed-tasks"


def test_past_the_deadline_a_day_that_is_not_built_is_due(pipeline: Any) -> None:
    from trueup.orchestration import steps

    pipeline.late = ["ga4", "hubspot", "shopify"]
    pipeline.stopped = {"landing/hubspot"}  # why it is late is known
    other_day = SimpleNamespace(partition_key="2026-09-14")
    assert steps.is_due(DAY, [other_day])
    assert pipeline.called("notify") == [["ingest_ga4 / failed", "ingest_shopify / failed"]]
    assert pipeline.called("notify_again") == [[]]
    assert not steps.is_due(DAY, [other_day, SimpleNamespace(partition_key=DAY)])
    assert len(pipeline.called("notify")) == 1


def test_the_deadline_starts_a_build_of_the_day_unless_there_was_one(
    dags: Any, pipeline: Any
) -> None:
    day = "2026-09-20"
    assert run(dags, "housekeeping", day)["build_without_late"] == "success"
    assert deadline_builds() == [(f"deadline__{day}", {"day": day})]
    run(dags, "build_mart", day)
    assert run(dags, "housekeeping", day)["build_without_late"] == "skipped"


def test_a_full_build_is_compared_once_a_week_and_a_difference_reported(
    dags: Any, pipeline: Any
) -> None:
    assert run(dags, "housekeeping", "2026-09-19")["compare"] == "skipped"
    assert run(dags, "housekeeping", "2026-09-20")["compare"] == "success"
    assert resolved(pipeline) >= {"comparison / warn"}
    assert not pipeline.called("notify")
    pipeline.raises["compare"] = UnfitData("marts.fct_spend 2026-09-01 differs")
    assert run(dags, "housekeeping", "2026-09-27")["compare"] == "failed"
    assert pipeline.called("notify") == [["comparison / warn"]]
    assert "fct_spend 2026-09-01" in pipeline.notices[0].how_much
    pipeline.raises["compare"] = TrueupError("no room on the disk")
    assert run(dags, "housekeeping", "2026-10-04")["compare"] == "failed"
    assert pipeline.called("notify")[1:] == [["housekeeping / failed"]]


def test_messages_that_wait_are_sent(dags: Any, pipeline: Any) -> None:
    assert run(dags, "send_alerts") == {"deliver": "success"}
    assert pipeline.called("notify_again") == [[]]
    assert resolved(pipeline) == {"send_alerts / failed"}


def test_a_mart_that_is_late_is_reported_by_the_scheduler(dags: Any, pipeline: Any) -> None:
    """Airflow notes the deadline with the run, and calls what the DAG names once it is missed."""
    from airflow.sdk.execution_time.callback_supervisor import execute_callback

    from trueup.orchestration.limits import MART_LASTS

    with queued(dags, "build_mart", "2026-09-22") as (session, queued_run):
        (deadline,) = queued_run.deadlines
        assert deadline.deadline_time - queued_run.queued_at == MART_LASTS
        deadline.handle_miss(session)
        called = deadline.callback.data
    assert execute_callback(called["path"], called["kwargs"], "", None, Log()) == (True, None)
    pipeline.stopped = {"build_mart"}  # why it is late is known
    execute_callback(called["path"], called["kwargs"], "", None, Log())
    (notice,) = pipeline.notices
    assert (notice.cause, notice.how_much) == (
        "build_mart / failed", "2026-09-22, 3 hours after its run was queued",
    )  # fmt: skip


def test_a_mart_in_time_leaves_no_deadline(dags: Any, pipeline: Any) -> None:
    with queued(dags, "build_mart", "2026-09-23") as (session, queued_run):
        assert queued_run.deadlines
        for task in queued_run.task_instances:
            task.state = "success"
        queued_run.update_state(session=session)
        assert queued_run.state == "success"
        assert queued_run.deadlines == []


def test_a_run_without_a_day_says_so(dags: Any, pipeline: Any) -> None:
    assert run(dags, "ingest_google_ads", day="")["land"] == "failed"
    assert not pipeline.called("land")


def test_a_connection_is_asked_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    from trueup import settings
    from trueup.orchestration.connections import SECRET_LOOKUPS

    monkeypatch.setenv("AIRFLOW_CONN_META_ADS_ACCESS_TOKEN", '{"password": "from-connection"}')
    monkeypatch.setenv("TRUEUP_SECRET_META_ADS_ACCESS_TOKEN", "from-environment")
    names = ["meta_ads_access_token", "hash_key"]
    assert settings.resolve_secrets(names, SECRET_LOOKUPS) == {
        "meta_ads_access_token": "from-connection",
        "hash_key": "a-key-of-the-tests",
    }


def run(dags: Any, dag_id: str, day: str = DAY) -> dict[str, str]:
    """Run a DAG for a day, without retries; the final state of each of its tasks."""
    dag = dags.dags[dag_id]
    declared = {task.task_id: task.retries for task in dag.tasks}
    # dag.test() of 3.3.2 looks for deadlines of a DAG that the database does not have.
    deadline, dag.deadline = dag.deadline, None
    for task in dag.tasks:
        task.retries = 0
    try:
        result = dag.test(logical_date=None, run_conf={"day": day})
    finally:
        dag.deadline = deadline
        for task in dag.tasks:
            task.retries = declared[task.task_id]
    return {task.task_id: str(task.state) for task in result.get_task_instances()}


def resolved(pipeline: Any) -> set[str]:
    """The causes that were called over."""
    return {cause for causes in pipeline.called("resolve") for cause in causes}


def events(uri: str) -> list[str]:
    """The partition keys of an asset's events, oldest first."""
    return [event.partition_key for event in asset_events(uri)]


def asset_events(uri: str) -> list[Any]:
    """An asset's events, oldest first."""
    from airflow.models.asset import AssetEvent, AssetModel  # noqa: TID251 -- no task code
    from airflow.utils.session import create_session
    from sqlalchemy import select

    query = select(AssetEvent).join(AssetModel, AssetModel.id == AssetEvent.asset_id)
    with create_session() as session:
        return list(session.scalars(query.where(AssetModel.uri == uri).order_by(AssetEvent.id)))


def deadline_builds() -> list[tuple[str, Any]]:
    """Run id and conf of every build that a deadline asked for."""
    from airflow.models.dagrun import DagRun  # noqa: TID251 -- no task code
    from airflow.utils.session import create_session
    from sqlalchemy import select

    query = select(DagRun).where(DagRun.dag_id == "build_mart", DagRun.run_id.like("deadline%"))
    with create_session() as session:
        return [(found.run_id, found.conf) for found in session.scalars(query)]


@contextmanager
def queued(dags: Any, dag_id: str, day: str) -> Any:
    """A run of the DAG as the scheduler queues it, which is gone afterwards."""
    from airflow.models.dagbag import DBDagBag  # noqa: TID251 -- no task code
    from airflow.sdk import timezone
    from airflow.utils.session import create_session
    from airflow.utils.types import DagRunTriggeredByType, DagRunType

    run(dags, "send_alerts")  # which takes all DAGs of the folder into the database
    with create_session() as session:
        dag = DBDagBag().get_latest_version_of_dag(dag_id, session=session)
        queued_run = dag.create_dagrun(
            run_id=f"queued__{day}",
            run_after=timezone.utcnow(),
            run_type=DagRunType.MANUAL,
            triggered_by=DagRunTriggeredByType.TEST,
            state="queued",
            conf={"day": day},
            session=session,
        )
        queued_run.dag = dag
        session.flush()
        session.refresh(queued_run)
        yield session, queued_run
        session.rollback()


class Log:
    """Takes what Airflow logs of a callback."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: None


@contextmanager
def answering(choice: str, reason: str) -> Any:
    """Somebody called Ana answers the next approval, through the API's own code."""
    stop = threading.Event()
    thread = threading.Thread(target=_answer, args=(choice, reason, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _answer(choice: str, reason: str, stop: threading.Event) -> None:
    from airflow.api_fastapi.core_api.datamodels.hitl import UpdateHITLDetailPayload
    from airflow.api_fastapi.core_api.routes.public.hitl import update_hitl_detail
    from airflow.models.taskinstance import TaskInstance  # noqa: TID251 -- no task code
    from airflow.utils.session import create_session
    from sqlalchemy import select

    ana = SimpleNamespace(get_id=lambda: "1", get_name=lambda: "Ana")
    body = UpdateHITLDetailPayload(chosen_options=[choice], params_input={"reason": reason})
    while not stop.is_set():
        with create_session() as session:
            waiting = session.scalar(
                select(TaskInstance).where(TaskInstance.state == "awaiting_input")
            )
            if waiting:
                update_hitl_detail(
                    "build_mart", waiting.run_id, "approve", body, ana, session, waiting.map_index
                )
                return
        time.sleep(0.2)
