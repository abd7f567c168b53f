"""Whole DAG runs, in one process, on SQLite: wiring, holds, and who is told."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from trueup.errors import AccessDenied, GateError, Late, UnfitData, VendorUnavailable

DAY = "2026-09-15"
SOURCE = "trueup://harbour_house/google_ads"
#: How a DAG can have stopped.
ENDINGS = ("failed", "held", "gate-error")


@pytest.fixture(autouse=True)
def _ready(database: None, pipeline: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUEUP_SECRET_HASH_KEY", "a-key")


def test_a_delivered_day_is_announced(dags: Any, pipeline: Any) -> None:
    before = events(SOURCE)
    assert run(dags, "ingest_google_ads") == {"land": "success", "gate": "success"}
    assert pipeline.called("land") == [["google_ads", DAY]]
    assert pipeline.called("gate_landing") == [["google_ads", ["a-load"]]]
    assert events(SOURCE)[len(before) :] == [DAY]
    assert pipeline.called("report") == [["landing/google_ads"]]
    assert resolved(pipeline) == {f"ingest_google_ads {how}" for how in ENDINGS}
    assert not pipeline.called("notify")


@pytest.mark.parametrize(
    ("step", "error", "cause"),
    [
        ("land", AccessDenied("401"), "ingest_google_ads failed"),
        ("land", VendorUnavailable("throttled"), "ingest_google_ads failed"),
        ("gate_landing", UnfitData("spend is negative"), "ingest_google_ads held"),
        ("gate_landing", GateError("no such column"), "ingest_google_ads gate-error"),
    ],
)
def test_a_failed_step_announces_nothing_and_tells_a_person_once(
    dags: Any, pipeline: Any, step: str, error: Exception, cause: str
) -> None:
    before = events(SOURCE)
    pipeline.raises[step] = error
    assert run(dags, "ingest_google_ads")["gate"] != "success"
    assert pipeline.called("notify") == [[cause]]
    assert not pipeline.called("resolve") + pipeline.called("report")
    assert events(SOURCE) == before


def test_a_source_that_is_late_keeps_what_landed_and_announces_nothing(
    dags: Any, pipeline: Any
) -> None:
    before = events(SOURCE)
    pipeline.raises["check_delivered"] = Late("not written yet")
    assert run(dags, "ingest_google_ads")["gate"] == "failed"
    assert pipeline.called("report") == [["landing/google_ads"]]
    assert pipeline.called("notify") == [["ingest_google_ads failed"]]
    assert resolved(pipeline) == {"ingest_google_ads held", "ingest_google_ads gate-error"}
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


def test_a_warning_is_published_and_told(dags: Any, pipeline: Any) -> None:
    pipeline.verdict = "warn"
    assert run(dags, "build_mart")["publish"] == "success"
    assert pipeline.called("report") == [["mart"]]


def test_a_hold_that_is_rejected_publishes_nothing(dags: Any, pipeline: Any) -> None:
    pipeline.verdict = "hold"
    with answering("Reject", ""):
        states = run(dags, "build_mart")
    assert (states["approve"], states["publish"]) == ("success", "skipped")
    assert pipeline.called("report") == [["mart"]]
    assert not pipeline.called("publish") + pipeline.called("notify")
    assert "build_mart held" not in resolved(pipeline)


def test_a_hold_that_is_approved_is_published_with_who_and_why(dags: Any, pipeline: Any) -> None:
    pipeline.verdict = "hold"
    with answering("Approve", "checked with finance"):
        assert run(dags, "build_mart")["publish"] == "success"
    assert pipeline.called("publish") == [["Ana", "checked with finance"]]
    assert "build_mart held" in resolved(pipeline)
    assert pipeline.called("released") == [["mart"]]


def test_a_hold_is_not_released_without_a_reason(dags: Any, pipeline: Any) -> None:
    pipeline.verdict = "hold"
    with answering("Approve", " "):
        assert run(dags, "build_mart")["publish"] == "failed"
    assert not pipeline.called("publish")


def test_a_gate_that_cannot_run_is_its_own_cause(dags: Any, pipeline: Any) -> None:
    pipeline.verdict = "gate-error"
    states = run(dags, "build_mart")
    assert (states["gate"], states["publish"]) == ("failed", "upstream_failed")
    assert pipeline.called("notify") == [["build_mart gate-error"]]
    assert not pipeline.called("publish")


def test_a_foreign_error_is_told_by_its_type_alone(pipeline: Any) -> None:
    from trueup import orchestration

    told: dict[str, Any] = {}
    pipeline.notify = lambda cause, title, details: told.update(details, title=title)
    task = SimpleNamespace(
        dag_id="build_mart", task_id="build", run_id="r", try_number=4, log_url=""
    )
    error = ValueError("ana@example.com is not a number")
    orchestration.tell_failure({"task_instance": task, "exception": error})
    assert told["error"] == "ValueError"
    assert told["title"] == "build_mart: task build failed: ValueError"


def test_past_the_deadline_a_day_that_is_not_built_is_due(pipeline: Any) -> None:
    from trueup import orchestration

    pipeline.late = ["shopify"]
    other_day = SimpleNamespace(partition_key="2026-09-14")
    assert orchestration.is_due(DAY, [other_day])
    assert pipeline.called("notify") == [["ingest_shopify failed"]]
    assert pipeline.called("tell_the_untold") == [[]]
    assert not orchestration.is_due(DAY, [other_day, SimpleNamespace(partition_key=DAY)])
    assert len(pipeline.called("notify")) == 1


def test_the_deadline_starts_a_build_of_the_day_unless_there_was_one(
    dags: Any, pipeline: Any
) -> None:
    day = "2026-09-20"
    assert run(dags, "housekeeping", day)["build_without_late"] == "success"
    assert deadline_builds() == [(f"deadline__{day}", {"day": day})]
    run(dags, "build_mart", day)
    assert run(dags, "housekeeping", day)["build_without_late"] == "skipped"


def test_a_run_without_a_day_says_so(dags: Any, pipeline: Any) -> None:
    assert run(dags, "ingest_google_ads", day="")["land"] == "failed"
    assert not pipeline.called("land")


def test_a_connection_is_asked_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    from trueup import orchestration, settings

    monkeypatch.setenv("AIRFLOW_CONN_META_ADS_ACCESS_TOKEN", '{"password": "from-connection"}')
    monkeypatch.setenv("TRUEUP_SECRET_META_ADS_ACCESS_TOKEN", "from-environment")
    lookups = (orchestration.connection_secret, settings.environment_secret)
    names = ["meta_ads_access_token", "hash_key"]
    assert settings.resolve_secrets(names, lookups) == {
        "meta_ads_access_token": "from-connection",
        "hash_key": "a-key",
    }


def run(dags: Any, dag_id: str, day: str = DAY) -> dict[str, str]:
    """Run a DAG for a day, without retries; the final state of each of its tasks."""
    dag = dags.dags[dag_id]
    for task in dag.tasks:
        task.retries = 0
    result = dag.test(logical_date=None, run_conf={"day": day})
    return {task.task_id: str(task.state) for task in result.get_task_instances()}


def resolved(pipeline: Any) -> set[str]:
    """The causes that were called over."""
    return {cause for causes in pipeline.called("resolve") for cause in causes}


def events(uri: str) -> list[str]:
    """The partition keys of an asset's events, oldest first."""
    from airflow.models.asset import AssetEvent, AssetModel  # noqa: TID251 -- no task code
    from airflow.utils.session import create_session
    from sqlalchemy import select

    query = select(AssetEvent.partition_key).join(
        AssetModel, AssetModel.id == AssetEvent.asset_id
    )  # fmt: skip
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
