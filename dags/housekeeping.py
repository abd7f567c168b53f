"""Once a day, at the deadline: build the mart of the day if a late source has kept it waiting.

`deadline -> is the day built? -> if not: tell who is late -> trigger build_mart for the day`
`deadline -> is the week over? -> compare a full build with the incremental one`

The deadline is `TRUEUP_DEADLINE_MINUTES` after the last source is due. The build marks a late
source stale. The comparison builds a copy; what is published does not change.

**Triage notes**
- A message that a source is late: look at that source's `ingest_...` DAG. The mart went out
  without its newest day; it is built again when the source delivers.
- `compare` failed with *differs*: an incremental model is wrong. The published mart may be too:
  see the runbook's *comparison*.
- This DAG failed otherwise: nothing is lost but the deadline build. Clear it, or trigger
  `build_mart` with the day as its partition key.
"""

from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import DAG, task

from trueup.company import dag_settings
from trueup.company.dag_settings import BUILD_MART, HOUSEKEEPING
from trueup.orchestration import dag_parts, steps
from trueup.orchestration.dag_parts import DAG_DEFAULTS, DAY

company = dag_settings.read()
built = dag_parts.asset(company, "build")


@task.short_circuit(inlets=[built])
def is_due(day: str, *, inlet_events: Any = None) -> bool:
    return steps.is_due(day, inlet_events[built])


@task.short_circuit
def is_weekly(day: str) -> bool:
    return steps.is_weekly(day)


@task
def compare() -> None:
    steps.compare()


deadline = company.deadline_minutes

with DAG(
    dag_id=HOUSEKEEPING,
    doc_md=__doc__,
    tags=["trueup", "housekeeping"],
    schedule=dag_parts.schedule(company, deadline),
    **dag_parts.lifetime(company, deadline),
    **DAG_DEFAULTS,
):
    is_due(DAY) >> TriggerDagRunOperator(
        task_id="build_without_late",
        trigger_dag_id=BUILD_MART,
        trigger_run_id=f"deadline__{DAY}",
        conf={"day": DAY},
        logical_date=None,
        skip_when_already_exists=True,
    )
    is_weekly(DAY) >> compare()
