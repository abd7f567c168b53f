"""The road's steps as plain functions: what the DAGs call and what `trueup ...` does by hand.

Each takes and returns small JSON-able values, reads its company from the settings, prints
progress, and imports what is heavy only when it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from trueup import settings
from trueup.company import workspace
from trueup.errors import GateError, Late, TrueupError, UnfitData
from trueup.settings import SecretLookup, environment_secret

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def land(
    source: str,
    day: str,
    *,
    secret_lookups: Iterable[SecretLookup] = (environment_secret,),
    accept_empty: bool = False,
    streams: Iterable[str] = (),
) -> dict[str, Any]:
    """Land every stream of `source` (or just `streams`) up to and including `day`, or as far as
    the vendor has written: see `check_delivered`."""
    from trueup.landing import checks, intake, plan

    work = workspace.current()
    module = work.company.module(source)
    chosen = [module.stream(name) for name in streams] or module.streams
    wanted = settings.resolve_secrets(work.company.secret_names(source), secret_lookups)
    access = work.company.access(source, work.settings.company_file.parent, wanted)
    landing = work.landing
    load_ids, rows, late = [], 0, {}
    for stream in chosen:
        known = checks.known_days(landing, source, stream, "")
        through = date.fromisoformat(day)
        if module.written_through and not accept_empty:
            through = module.written_through(access, stream, through)
        if through < date.fromisoformat(day):
            print(f"{source}.{stream.name}: the vendor has written through {through} so far")
            late[stream.name] = through.isoformat()
        windows = plan.windows(
            stream,
            day=through,
            history_start=work.company.history.start,
            covered=set(known),
        )
        for window in windows:
            load = intake.take_in(
                landing,
                source,
                stream,
                window,
                module.extract(access, stream, window),
                api_version=module.api_version,
                hash_key=wanted.get(settings.HASH_KEY, ""),
                empty_ok=stream.name in work.company.sources[source].allow_empty,
                accepted=accept_empty,
                known=known,
            )
            extra = f", {load.set_aside_count} set aside" if load.set_aside_count else ""
            unknown = f", new columns {list(load.extra_columns)}" if load.extra_columns else ""
            print(f"landed {source}.{stream.name} {window}: {load.row_count} rows{extra}{unknown}")
            load_ids.append(load.load_id)
            rows += load.row_count
    return {"source": source, "day": day, "loads": load_ids, "rows": rows, "late": late}


def check_delivered(landed: dict[str, Any]) -> None:
    """Raises Late where the vendor had not written the day that was to land."""
    for stream, through in landed["late"].items():
        raise Late(
            "the vendor has not written the newest day yet; what is there is landed",
            source=landed["source"], stream=stream,
            expected=landed["day"],
            got=f"written through {through}",
            next_step="nothing, if it is early: the next day's run catches up. Sooner: `trueup land"
            f" {landed['source']}`, or clear the task `land`. Late every day: set the source's"
            " due_after_hours in the company file",
        )  # fmt: skip


def gate_landing(source: str, load_ids: list[str]) -> dict[str, Any]:
    """Judge loads just landed. A hold sets them aside and raises UnfitData; a gate that could
    not run raises GateError and leaves them as they are."""
    from trueup.gates import judge, verdicts

    work = workspace.current()
    landing = work.landing
    verdict = judge.judge_landing(work.settings.expectations / "landing", landing, source, load_ids)
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
    """The whole road for one day, one step after the other, without Airflow."""
    work = workspace.current()
    for source in sorted(work.company.sources):
        landed = land(source, day)
        gate_landing(source, landed["loads"])
    build(day)
    gate_mart()
    return publish_unless_held()


def compare() -> None:
    """A full build of the loads the build file holds, beside the incremental one. Raises UnfitData
    naming the tables and days that differ."""
    from trueup.build import compare

    compare.run(workspace.current(), progress=_quiet_dbt)


def overdue(day: str) -> list[str]:
    """Enabled sources with a stream that no load covers on `day`."""
    from trueup.sources import registry

    work = workspace.current()
    landing = work.landing
    wanted = date.fromisoformat(day)
    return [
        name
        for name in sorted(work.company.sources)
        if any(
            wanted not in landing.covered(name, stream.name)
            for stream in registry.load(name).streams
        )
    ]


def _quiet_dbt(line: str) -> None:
    """dbt's own lines, less the ones that only say a test passed."""
    if " PASS " not in line and " START " not in line:
        print(line)
