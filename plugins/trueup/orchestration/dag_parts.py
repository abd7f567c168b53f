"""What DAGs are made of: schedules, assets, the deadline, and what every one of them has."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from airflow.sdk import (  # type: ignore[attr-defined]
    Asset,
    CronPartitionTimetable,
    DeadlineAlert,
    DeadlineReference,
    SyncCallback,
)

from trueup.company.dag_settings import DagSettings
from trueup.orchestration.limits import MART_LASTS, STEP_LASTS
from trueup.orchestration.notices import tell_failure, tell_late_mart

TAGS = frozenset({"trueup", "ingest", "mart", "housekeeping", "alerts"})

#: Template of a run's day; `steps.day()` says what is wrong where it renders to nothing.
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


def mart_deadline() -> DeadlineAlert:
    """What Airflow's scheduler does where a mart is late, whatever keeps it."""
    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=MART_LASTS,
        callback=SyncCallback(tell_late_mart),
        name="mart is late",
    )


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
