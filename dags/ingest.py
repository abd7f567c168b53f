"""One DAG per source: land a day, judge it, announce it.

`vendor API -> land -> gate -> asset trueup://<company>/<source>, partitioned by day`

A run's partition key is the newest day it lands (YYYY-MM-DD, reporting zone); the days the vendor
may still restate are fetched again, days never landed are caught up. A second run of a day changes
nothing. To land past days again: `airflow backfill create --dag-id ingest_<source> --from-date
2026-09-01 --to-date 2026-09-08 --max-active-runs 1` lands 1 to 7 September.

**Triage notes**
- Accounts and streams land each on their own: what landed is judged and used, and `gate` fails with
  the names of what did not. The days of those are missing until they land; the mart says so.
- `gate` failed with *access denied* or *missing secrets*: the Connections named in the company file
  need a person. It was not tried again on purpose. Then clear `land`.
- `gate` failed with *vendor unavailable*: `land` was tried for half an hour. Clear `land` when the
  vendor is back. The next day's run catches up by itself, so this can wait until morning.
- `gate` failed with *broken contract*: the vendor changed something; nothing of that stream was
  committed. The message names stream, window and column.
- `gate` failed with *the vendor has not written the newest day yet*: all before it is landed and
  judged. Clear `land` when the vendor is done, or leave it to the next day's run.
- `gate` failed with *hold*: the loads it names are set aside and the last good ones stay in use;
  all others are used. `trueup loads` lists them, `trueup restore LOAD` takes one back. A
  *gate-error* says nothing about the data. A warning fails nothing: the day is delivered, and a
  message says what was seen.
- A `land` that hangs is ended after six hours and goes on where it stopped.
- Do not bother before the deadline: the mart is built without a late source and marks it stale.
"""

from typing import Any

from airflow.sdk import DAG, task

from trueup.company import dag_settings
from trueup.company.dag_settings import INGEST
from trueup.orchestration import dag_parts, steps
from trueup.orchestration.dag_parts import DAG_DEFAULTS, DAY
from trueup.orchestration.limits import LAND_LASTS


@task(execution_timeout=LAND_LASTS)
def land(source: str, day: str, *, ti: Any = None) -> dict[str, Any]:
    return steps.land(source, day, ti)


@task
def gate(
    landed: dict[str, Any], *, outlet_events: Any = None, task: Any = None, ti: Any = None
) -> None:
    steps.gate_landing(landed, outlet_events[task.outlets[0]], ti)


company = dag_settings.read()
for source in company.sources:
    with DAG(
        dag_id=f"{INGEST}{source}",
        doc_md=__doc__,
        tags=["trueup", "ingest"],
        schedule=dag_parts.schedule(company, company.due_minutes[source]),
        **dag_parts.lifetime(company, company.due_minutes[source]),
        **DAG_DEFAULTS,
    ):
        delivered = dag_parts.asset(company, source)
        gate.override(outlets=[delivered])(land(source, DAY))
