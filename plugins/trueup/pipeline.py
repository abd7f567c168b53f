"""The road's steps as plain functions: what the DAGs call and what `trueup ...` does by hand.

Each takes and returns small JSON-able values, reads its company from the settings, prints
progress, and imports what is heavy only when it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from trueup import settings
from trueup.company import workspace
from trueup.company.workspace import Workspace
from trueup.errors import Incomplete, TrueupError, of_machine
from trueup.settings import SecretLookup, environment_secret

if TYPE_CHECKING:
    from trueup.gates.findings import Verdict
    from trueup.gates.release import Published
    from trueup.landing.landed import Landed, NotLanded

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def _names_machine(step: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """`step`, whose errors name this machine where it is what stopped it: a full disk, too little
    memory. What libraries say of them is a traceback through files half written."""

    @wraps(step)
    def named(*args: Given.args, **options: Given.kwargs) -> Answer:
        try:
            return step(*args, **options)
        except TrueupError:
            raise
        except Exception as error:
            home = settings.read().home
            doing = f"`{step.__name__.partition('_')[0]}` did not come to its end, below {home}"
            if trouble := of_machine(error, doing):
                raise trouble from error
            raise

    return named


@_names_machine
def land(
    source: str,
    day: str,
    *,
    secret_lookups: Iterable[SecretLookup] = (environment_secret,),
    accept_empty: bool = False,
    streams: Iterable[str] = (),
) -> Landed:
    """Land every stream of `source` (or just `streams`) up to and including `day`, or as far as
    the vendor has written, each account on its own: see `requirements.check_delivered`."""
    from trueup.landing import personal_data
    from trueup.landing.run import Request, Run

    work = workspace.current()
    company, module = work.company, work.company.module(source)
    chosen = [module.stream(name) for name in streams] or module.streams
    newest = company.newest_day(datetime.now(UTC))
    if not company.history.start <= (wanted := date.fromisoformat(day)) <= newest:
        raise TrueupError(
            f"{day} cannot be landed",
            source=source,
            expected=f"a day from {company.history.start} (history.start) to {newest}"
            " (the newest whole day, or history.end)",
            got=day,
            next_step="name a day between them, or change history in the company file",
        )
    secrets = settings.resolve_secrets(company.secret_names(source), secret_lookups)
    if settings.HASH_KEY in secrets:
        personal_data.check_key(secrets[settings.HASH_KEY])
    request = Request(
        module,
        company.access(source, work.settings.company_file.parent, secrets),
        wanted,
        work.settings.expectations / "landing",
        hash_key=secrets.get(settings.HASH_KEY, ""),
        allow_empty=company.sources[source].allow_empty,
        accepted=accept_empty,
    )
    return Run(work.landing, request).land(chosen)


@_names_machine
def gate_landing(
    source: str, load_ids: Iterable[str], missing: Iterable[NotLanded] = ()
) -> Verdict:
    """Judge loads just landed, and any that an earlier try landed and nobody judged; `missing` is
    what did not land. What holds is set aside, whatever else was landed is used: see
    `requirements.require_fit`."""
    from trueup.gates import landing_gate

    return landing_gate.judge_landed(workspace.current(), source, load_ids, missing)


def _in_turn(step: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """`step`, begun only where no other step is at work on the build file."""

    @wraps(step)
    def alone(*args: Given.args, **options: Given.kwargs) -> Answer:
        from trueup.build import lock

        with lock.in_turn(workspace.current().state.build_file, step.__name__.partition("_")[0]):
            return step(*args, **options)

    return alone


@_names_machine
@_in_turn
def build(through: str | None = None, *, progress: Any = None) -> dict[str, Any]:
    """Apply new loads, run dbt. `through` is the last day the mart is to cover."""
    from trueup.build import dbt, dbt_results, refresh
    from trueup.build.dbt_lines import QuietDbt
    from trueup.gates import mart_gate

    work = workspace.current()
    state = refresh.refresh(
        work.state.build_file,
        work.company,
        work.landing,
        built_at=datetime.now(UTC),
        code=dbt.fingerprint(work.settings.dbt_project),
        through=date.fromisoformat(through) if through else None,
    )
    kind = "full" if state.is_full else "incremental"
    print(
        f"{kind} build {state.build_id} through {state.through_date}: {state.new_loads} new loads"
    )
    mart_gate.load_results(work.state.gates, work.state.build_file)
    nodes = dbt.build(
        work.settings.dbt_project,
        work.state.build_file,
        work.state.dbt,
        sources=work.company.sources,
        has_views=not state.is_full,
        progress=progress or QuietDbt(),
    )
    dbt_results.keep(work.state.dbt, state.build_id, nodes)
    refresh.complete(work.state.build_file, state.build_id, datetime.now(UTC))
    objections = sum(node.status not in ("success", "pass") for node in nodes)
    tests = "1 test objects" if objections == 1 else f"{objections} tests object"
    said = f"{tests}: the gate says what of" if objections else "all well"
    print(f"dbt: {len(nodes)} nodes, {said}")
    return {
        "build_id": state.build_id,
        "through_date": state.through_date.isoformat(),
        "new_loads": state.new_loads,
        "stale_sources": list(state.stale),
    }


@_names_machine
@_in_turn
def gate_mart() -> Verdict:
    """Judge what was built. Never raises on bad data: the verdict says what to do."""
    from trueup.gates import mart_gate

    return mart_gate.judge_built(workspace.current())


@_names_machine
def publish() -> Published:
    """Put the built marts in place of the published file, whatever the gate says of them."""
    from trueup.gates import release

    return _shown(release.publish(workspace.current()))


@_names_machine
@_in_turn
def publish_unless_held(released_by: str | None = None, reason: str = "") -> Published:
    """Publish if the verdict on this very build allows it, or a person releases it. What nobody
    has judged is never published."""
    from trueup.gates import release

    work = workspace.current()
    return _shown(release.publish_unless_held(work, released_by or "", reason))


def _shown(published: Published) -> Published:
    """What was published, once its page is written or a person is notified why it is not."""
    from trueup.reports.page import write

    write.after_publish(workspace.current())
    return published


def run_day(day: str) -> Published:
    """The whole road for one day, one step after the other, without Airflow. What fails, a source,
    an account or a feed, costs its own data: the mart is built of what landed, and the failure
    raised in the end."""
    from trueup.gates.requirements import require_delivered

    failures: list[TrueupError] = []
    has_landed = False
    for source in sorted(workspace.current().company.sources):
        try:
            landed = land(source, day)
            has_landed |= bool(landed.loads) or not landed.failed
            require_delivered(landed, gate_landing(source, landed.loads, landed.failed))
        except TrueupError as error:
            print(f"{source}: {error.problem}")
            failures.append(error)
    published = None
    if has_landed:
        try:
            build(day)
            gate_mart()
            published = publish_unless_held()
        except TrueupError:
            print(*failures, sep="\n")
            raise
    if failures or not published:
        raise Incomplete(
            "published without what did not land" if published else "not built: nothing landed",
            got=" | ".join(error.of_causes for error in failures),
            next_step=f"mend what they name, then `trueup run --without-airflow --day {day}`",
        )
    return published


def compare() -> None:
    """A full build of the loads the build file holds, beside the incremental one. Raises UnfitData
    naming the tables and days that differ."""
    from trueup.build import compare
    from trueup.build.dbt_lines import QuietDbt

    compare.run(workspace.current(), progress=QuietDbt())


def overdue(day: str) -> list[str]:
    """Enabled sources with a stream that does not reach `day` for one of its accounts."""
    work = workspace.current()
    wanted = date.fromisoformat(day)
    return [name for name in sorted(work.company.sources) if _lacks(work, name, wanted)]


def _lacks(work: Workspace, source: str, day: date) -> bool:
    company, module = work.company, work.company.module(source)
    secrets = dict.fromkeys(company.secret_names(source), "")
    access = company.access(source, work.settings.company_file.parent, secrets)
    return any(
        day not in work.landing.covered(source, stream.name, account)
        for stream in module.streams
        for account, _ in module.parts(access, stream)
    )
