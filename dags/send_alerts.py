"""Every ten minutes: deliver messages that wait, and nothing else.

`outbox -> receivers that did not answer, whose quiet hours or whose limits are over`
`a mute that is over -> its incident speaks again`

Whoever finds something tells it at once, in its own task; what a receiver did not take then waits
in the outbox, and so does what is to be said in the morning. Nothing of the data waits for it.

**Triage notes**
- `deliver` failed: no incident is lost, and nobody hears of new ones until it is mended. Its log
  has why; a receiver that does not answer is no failure, and stands in the log too.
- Messages come twice: two installations share one state folder, or a receiver takes messages and
  answers that it did not.
"""

from airflow.sdk import DAG, task

from trueup.company import dag_settings
from trueup.company.dag_settings import SEND_ALERTS
from trueup.orchestration import dag_parts, steps
from trueup.orchestration.dag_parts import DAG_DEFAULTS

company = dag_settings.read()


@task
def deliver() -> None:
    steps.send_alerts()


with DAG(
    dag_id=SEND_ALERTS,
    doc_md=__doc__,
    tags=["trueup", "alerts"],
    schedule="*/10 * * * *",
    **dag_parts.lifetime(company, company.deadline_minutes),
    **DAG_DEFAULTS,
):
    deliver()
