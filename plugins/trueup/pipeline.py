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
from trueup.errors import GateError, Incomplete, Late, TrueupError, UnfitData
from trueup.settings import SecretLookup, environment_secret

if TYPE_CHECKING:
    from trueup.landing.landed import Landed

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def land(
    source: str,
    day: str,
    *,
    secret_lookups: Iterable[SecretLookup] = (environment_secret,),
    accept_empty: bool = False,
    streams: Iterable[str] = (),
) -> Landed:
    """Land every stream of `source` (or just `streams`) up to and including `day`, or as far as
    the vendor has written, each account on its own: see `check_delivered`."""
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
    request = Request(
        module,
        company.access(source, work.settings.company_file.parent, secrets),
        wanted,
        hash_key=secrets.get(settings.HASH_KEY, ""),
        allow_empty=company.sources[source].allow_empty,
        accepted=accept_empty,
    )
    return Run(work.landing, request).land(chosen)


def check_delivered(landed: Landed) -> None:
    """Raises what keeps the day of the source from being delivered: Incomplete where streams or
    accounts did not land, Late where the vendor had not written the day that was to land."""
    if landed.failed:
        error = Incomplete(
            f"{len(landed.failed)} of {landed.source} did not land"
            + (", the rest did" if landed.loads else ""),
            source=landed.source,
            got=" | ".join(one.text for one in landed.failed),
            next_step=f"mend what it names, then `trueup land {landed.source}`",
        )
        error.permanent = all(one.is_permanent for one in landed.failed)
        raise error
    for stream, through in landed.late.items():
        raise Late(
            "the vendor has not written the newest day yet; what is there is landed",
            source=landed.source, stream=stream,
            expected=landed.day,
            got=f"written through {through}",
            next_step="nothing, if it is early: the next day's run catches up. Sooner: `trueup land"
            f" {landed.source}`, or clear the task `land`. Late every day: set the source's"
            " due_after_hours in the company file",
        )  # fmt: skip


def gate_landing(source: str, load_ids: Iterable[str]) -> dict[str, Any]:
    """Judge loads just landed. A hold sets them aside and raises UnfitData; a gate that could
    not run raises GateError and leaves them as they are."""
    from trueup.gates import judge, verdicts

    work = workspace.current()
    landing = work.landing
    suites = work.settings.expectations / "landing"
    verdict = judge.judge_landing(suites, landing, source, list(load_ids))
    verdicts.keep(work.state.gates, verdict)
    print(verdict.summary())
    if verdict.outcome == "hold":
        for load_id in verdict.failed_loads:
            landing.reject(load_id, why=verdict.summary(), at=datetime.now(UTC))
        raise UnfitData(
            verdict.summary(), source=source,
            next_step="the loads are set aside; `trueup loads` lists them, `trueup restore LOAD`"
            " takes one back",
        )  # fmt: skip
    if verdict.outcome == "gate-error":
        raise GateError(verdict.summary(), source=source, next_step="mend the suite and run again")
    return {"verdict": verdict.outcome, "failed": list(verdict.failed)}


def _in_turn(step: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """`step`, begun only where no other step is at work on the build file."""

    @wraps(step)
    def alone(*args: Given.args, **options: Given.kwargs) -> Answer:
        from trueup.build import lock

        with lock.in_turn(workspace.current().state.build_file, step.__name__.partition("_")[0]):
            return step(*args, **options)

    return alone


@_in_turn
def build(through: str | None = None, *, progress: Any = None) -> dict[str, Any]:
    """Apply new loads, run dbt. `through` is the last day the mart is to cover."""
    from trueup.build import dbt, refresh
    from trueup.gates import judge

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
    judge.load_results(work.state.gates, work.state.build_file)
    nodes = dbt.build(
        work.settings.dbt_project,
        work.state.build_file,
        work.state.dbt,
        progress=progress or _quiet_dbt,
    )
    refresh.complete(work.state.build_file, state.build_id, datetime.now(UTC))
    print(f"dbt: {len(nodes)} nodes, all well")
    return {
        "build_id": state.build_id,
        "through_date": state.through_date.isoformat(),
        "new_loads": state.new_loads,
        "stale_sources": list(state.stale),
    }


@_in_turn
def gate_mart() -> dict[str, Any]:
    """Judge what was built. Never raises on bad data: the verdict says what to do."""
    from trueup.gates import judge, verdicts

    work = workspace.current()
    verdict = judge.judge_mart(work.settings.expectations / "mart", work.state.build_file)
    verdicts.keep(work.state.gates, verdict)
    print(verdict.summary())
    return {"verdict": verdict.outcome, "failed": list(verdict.failed)}


def publish(released_by: str | None = None, reason: str | None = None) -> dict[str, Any]:
    """Put the built marts in place of the published file. A person who releases a hold is
    recorded with the reason."""
    from trueup.gates import judge, verdicts
    from trueup.publish.swap import PublishedMart
    from trueup.publish.swap import publish as put_in_place

    work = workspace.current()
    now = datetime.now(UTC)
    if released_by:
        verdicts.record_release(work.state.gates, released_by, reason or "", now)
    judge.load_results(work.state.gates, work.state.build_file)
    path = put_in_place(
        work.state.build_file, PublishedMart(work.state.mart, work.state.history), now
    )
    print(f"published {path}")
    return {"path": str(path), "published_at": now.isoformat()}


@_in_turn
def publish_unless_held(released_by: str | None = None, reason: str = "") -> dict[str, Any]:
    """Publish if the verdict on this very build allows it, or a person releases it. What nobody
    has judged is never published."""
    from trueup.gates import judge, verdicts

    work = workspace.current()
    if released_by and not reason.strip():
        raise TrueupError("a hold is not released without a reason", next_step="say why: `--why`")
    verdict = verdicts.last(work.state.gates, "mart")
    if not verdict or verdict.get("build_id") != judge.completed_build(work.state.build_file):
        raise TrueupError(
            "the mart is not published: this build has not been judged",
            next_step="run `trueup gate`, or clear the task `gate`",
        )
    if verdict["outcome"] not in ("pass", "warn") and not released_by:
        raise UnfitData(
            f"the mart is not published: the gate's verdict is {verdict['outcome']}",
            next_step="run `trueup gate` and mend what it names, or release it with"
            " `trueup publish --release WHO --why WHY`",
        )
    return publish(released_by, reason)


def run_day(day: str) -> dict[str, Any]:
    """The whole road for one day, one step after the other, without Airflow. A source that fails
    costs its own data: the mart is built without, and the failure raised in the end."""
    work = workspace.current()
    failures: list[TrueupError] = []
    for source in sorted(work.company.sources):
        try:
            landed = land(source, day)
            gate_landing(source, landed.loads)
            check_delivered(landed)
        except TrueupError as error:
            print(f"{source}: {error}")
            failures.append(error)
    if len(failures) == len(work.company.sources):
        raise failures[0]
    build(day)
    gate_mart()
    published = publish_unless_held()
    if failures:
        raise Incomplete(
            f"published without {len(failures)} source(s) that did not deliver the day",
            got=" | ".join(str(error) for error in failures),
            next_step="mend what they name, then land, build and publish the day again",
        )
    return published


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


def _quiet_dbt(line: str) -> None:
    """dbt's own lines, less the ones that only say a test passed."""
    if " PASS " not in line and " START " not in line:
        print(line)
