"""What every DAG must have, so that review can talk about substance."""

from __future__ import annotations

import ast
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).parents[2]
DAG_FILES = sorted((PROJECT / "dags").glob("*.py"))
#: One per source of the demo company, and the three that are of no source.
SOURCES = yaml.safe_load((PROJECT / "company.yml").read_text())["sources"]
DAG_IDS = sorted(
    ["build_mart", "housekeeping", "send_alerts", *(f"ingest_{source}" for source in SOURCES)]
)
HEAVY = ["dbt", "dlt", "duckdb", "great_expectations", "numpy", "pandas", "pyarrow", "requests"]


def test_exactly_these_dags_import_without_error(dags: Any) -> None:
    assert sorted(dags.dags) == DAG_IDS
    assert dags.import_errors == {}


@pytest.mark.parametrize("dag_id", DAG_IDS)
def test_dag_follows_the_policy(dags: Any, dag_id: str) -> None:
    from trueup.orchestration.dag_parts import TAGS
    from trueup.orchestration.limits import LAND_LASTS, STEP_LASTS
    from trueup.orchestration.notices import tell_failure

    dag = dags.dags[dag_id]
    assert dag.doc_md and "**Triage notes**" in dag.doc_md
    assert {"trueup"} < dag.tags <= TAGS
    assert dag.catchup is False
    assert dag.max_active_runs == 1
    for task in dag.tasks:
        assert task.owner == "data"
        assert task.retries >= 2
        assert task.retry_exponential_backoff
        assert task.on_failure_callback == [tell_failure]
        assert task.execution_timeout == (LAND_LASTS if task.task_id == "land" else STEP_LASTS)


def test_dag_files_parse_within_budget(dags: Any) -> None:
    from airflow.dag_processing.dagbag import DagBag

    again = DagBag(str(PROJECT / "dags")).dagbag_stats
    fastest = {
        first.file: min(first.duration, second.duration)
        for first, second in zip(dags.dagbag_stats, again, strict=True)
    }
    assert all(duration.total_seconds() < 0.5 for duration in fastest.values()), fastest


def test_dag_files_import_nothing_heavy() -> None:
    loads = "\n".join(f"runpy.run_path({str(path)!r})" for path in DAG_FILES)
    script = f"import runpy, sys\n{loads}\nprint([m for m in {HEAVY} if m in sys.modules])"
    assert _python(script) == "[]"


def test_plugin_loader_finds_nothing_to_complain_about() -> None:
    """Without plugins/.airflowignore it would run our modules again, under their bare names."""
    script = """
import sys
from airflow import plugins_manager
plugins_manager.ensure_plugins_loaded()
ours = [n for n, m in sys.modules.items() if "/trueup/" in (getattr(m, "__file__", "") or "")]
print(plugins_manager.get_import_errors(), ours)
"""
    assert _python(script) == "{} []"


def test_only_orchestration_imports_airflow() -> None:
    importers = {
        path.parent.name
        for path in (PROJECT / "plugins" / "trueup").rglob("*.py")
        if "airflow" in _imported(path)
    }
    assert importers == {"orchestration"}


def test_a_run_is_keyed_by_the_day_before_it(dags: Any) -> None:
    from airflow.sdk import timezone

    runs = _schedule(dags, "ingest_google_ads", catchup=True)
    first = next(runs)
    assert first.partition_key == "2026-06-01"
    assert first.run_after == timezone.datetime(2026, 6, 2, 5, 0)  # 06:00 in Lisbon, summer
    keys = [first.partition_key, *(run.partition_key for run in runs)]
    assert len(keys) == len(set(keys)) == (date(2026, 10, 31) - date(2026, 6, 1)).days + 1
    assert keys[-1] == "2026-10-31"


def test_nothing_is_scheduled_after_the_last_day_of_the_history(dags: Any) -> None:
    assert list(_schedule(dags, "ingest_google_ads", catchup=False)) == []
    assert list(_schedule(dags, "housekeeping", catchup=False)) == []
    assert list(_schedule(dags, "send_alerts", catchup=False)) == []


def test_the_deadline_has_the_key_of_the_day_it_closes(dags: Any) -> None:
    first = next(_schedule(dags, "housekeeping", catchup=True))
    assert first.partition_key == "2026-06-01"
    assert first.run_after == datetime(2026, 6, 2, 8, 0, tzinfo=UTC)


def test_a_deadline_after_midnight_still_has_that_key() -> None:
    from airflow.serialization.encoders import coerce_to_core_timetable

    from trueup.company import dag_settings
    from trueup.orchestration import dag_parts

    company = dag_settings.read(PROJECT / "company.yml")
    timetable = coerce_to_core_timetable(dag_parts.schedule(company, 26 * 60))
    lifetime = dag_parts.lifetime(company, 26 * 60)
    assert next(_runs(timetable, lifetime, catchup=True)).partition_key == "2026-06-01"


def test_a_source_that_is_due_later_moves_the_deadline(tmp_path: Path) -> None:
    from trueup.company import dag_settings

    text = (PROJECT / "company.yml").read_text(encoding="utf-8")
    path = tmp_path / "company.yml"
    path.write_text(text.replace("  ga4:\n", "  ga4:\n    due_after_hours: 18\n"), encoding="utf-8")
    company = dag_settings.read(path)
    assert company.due_minutes["ga4"] == 18 * 60
    assert company.due_minutes["shopify"] == 6 * 60
    assert company.deadline_minutes == 21 * 60


def test_a_backfill_range_is_half_open(dags: Any) -> None:
    from airflow.serialization.encoders import coerce_to_core_timetable

    timetable = coerce_to_core_timetable(dags.dags["ingest_ga4"].timetable)
    infos = timetable.iter_partition_dagrun_infos(
        earliest=datetime(2026, 9, 1, tzinfo=UTC), latest=datetime(2026, 9, 4, tzinfo=UTC)
    )
    assert [run.partition_key for run in infos] == ["2026-09-01", "2026-09-02", "2026-09-03"]


def _schedule(dags: Any, dag_id: str, *, catchup: bool) -> Any:
    from airflow.serialization.encoders import coerce_to_core_timetable

    dag = dags.dags[dag_id]
    lifetime = {"start_date": dag.start_date, "end_date": dag.end_date}
    return _runs(coerce_to_core_timetable(dag.timetable), lifetime, catchup=catchup)


def _runs(timetable: Any, lifetime: dict[str, Any], *, catchup: bool) -> Any:
    """The runs the scheduler would create, one after the other."""
    import pendulum
    from airflow.timetables.base import TimeRestriction

    start, end = (pendulum.instance(lifetime[name]) for name in ("start_date", "end_date"))
    bounds = TimeRestriction(earliest=start, latest=end, catchup=catchup)
    last = None
    while last := timetable.next_dagrun_info_v2(last_dagrun_info=last, restriction=bounds):
        yield last


def _imported(path: Path) -> set[str]:
    """Top-level names of the packages a file imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    return names


def _python(script: str) -> str:
    """The last line `script` prints in a fresh interpreter."""
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]
