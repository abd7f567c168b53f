"""Build the mart of a day once every source has delivered it, judge it, publish it.

`all sources' assets of one day -> build -> gate -> (held? -> approve) -> publish`

Only one run is active at a time, so nothing else writes the build file and what is published is
what was judged. A late source does not block for ever: at the deadline `housekeeping` starts this
DAG for the day, and the late source is marked stale; when it delivers after all, the day is built
again.

**Triage notes**
- `approve` waits: the gate holds the mart and readers keep the last good one. Its text names what
  failed. Approve, with a reason, to publish all the same (who and why are recorded); reject, mend
  the data (`trueup reject LOAD --why ...`) and trigger the day again. Unanswered, it is rejected
  before the next day's build.
- `gate` failed: the gate itself could not run, which says nothing about the data. Mend the suite
  the log names and clear the task.
- `build` failed: a model could not be built; dbt's message is in the log. The published mart is
  untouched; nothing half-built is ever read. A test that fails does not stop the build: the gate
  judges it.
- `publish` failed: readers still see the last mart. Clear the task; *not been judged* means that
  somebody built by hand in between: clear `gate` instead.
- A message that the mart is late comes three hours after a run was queued, unless its cause was
  reported already: look at the task that runs.
- A task that hangs is ended after two hours and tried again.
"""

from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import DAG, AssetAll, Param, PartitionedAssetTimetable, task

from trueup.company import dag_settings
from trueup.company.dag_settings import BUILD_MART
from trueup.orchestration import dag_parts, steps
from trueup.orchestration.dag_parts import DAG_DEFAULTS, DAY
from trueup.orchestration.limits import HOLD_LASTS

company = dag_settings.read()
built = dag_parts.asset(company, "build")
published = dag_parts.asset(company, "mart")
delivered = [dag_parts.asset(company, source) for source in company.sources]


@task(outlets=[built])
def build(day: str, *, outlet_events: Any = None) -> dict[str, Any]:
    return steps.build(day, outlet_events[built])


@task.branch
def gate(*, ti: Any = None) -> str:
    follow, failed = steps.gate_mart(fit="publish", held="approve", ti=ti)
    ti.xcom_push(key="failed", value=failed)
    return follow


@task(outlets=[published], trigger_rule="none_failed_min_one_success")
def publish(answer: Any, day: str, *, outlet_events: Any = None) -> dict[str, str]:
    return steps.publish(answer, day, outlet_events[published])


with DAG(
    dag_id=BUILD_MART,
    doc_md=__doc__,
    tags=["trueup", "mart"],
    schedule=PartitionedAssetTimetable(assets=AssetAll(*delivered)),
    deadline=dag_parts.mart_deadline(),
    **DAG_DEFAULTS,
):
    approve = ApprovalOperator(
        task_id="approve",
        subject=f"The mart of {DAY} is held. Publish it all the same?",
        body="{{ ti.xcom_pull(task_ids='gate', key='failed') | join('\n') }}",
        params={"reason": Param("", type="string", title="Why it is safe to publish")},
        defaults="Reject",
        response_timeout=HOLD_LASTS,
    )
    judged = gate()
    build(DAY) >> judged >> approve
    judged >> publish(approve.output, DAY)
