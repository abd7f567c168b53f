"""The landing gate: each account's or feed's loads of a stream, by the stream's suite and by what
of their rows is set aside. A hold sets aside that load alone; the rest is used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from trueup.company.workspace import Workspace
from trueup.gates import (
    intake_rows,
    load_restated,
    load_scale,
    looked_at,
    not_landed,
    suites,
    verdicts,
)
from trueup.gates.findings import LANDING, Finding, Verdict, on_load, on_stream
from trueup.gates.load_batches import Scratch, batches
from trueup.gates.measures import Failure, measured
from trueup.gates.shares import Tolerance
from trueup.landing.landed import NotLanded
from trueup.landing.manifest import Load
from trueup.landing.store import Landing
from trueup.sources.contract import Stream

#: A load that no verdict names is looked for this far back.
UNJUDGED_DAYS = timedelta(days=7)


@dataclass(frozen=True)
class Standard:
    """How strictly one account's or feed's rows of a stream are judged."""

    tolerance: Tolerance = Tolerance()
    is_witness: bool = False
    money: str | None = None
    repeats: bool = False
    #: What it declares, where the scale of its amounts is judged; and since when that of loads
    #: which a person restored is the right one.
    stream: Stream | None = None
    accepted: Mapping[str, date] = field(default_factory=dict)


def judge_landed(
    work: Workspace, source: str, load_ids: Iterable[str], missing: Iterable[NotLanded]
) -> Verdict:
    """Judge the loads named, and any of the source that an earlier try landed and nobody judged,
    with what is `missing`; keep the verdict and set aside the loads it holds."""
    module, company, landing = work.company.module(source), work.company, work.landing
    wanted = set(load_ids)
    known = verdicts.judged_loads(work.state.gates, f"{LANDING}{source}")
    since = min([datetime.now(UTC).date() - UNJUDGED_DAYS, *map(_began, wanted)])
    loads = [
        load
        for stream in module.streams
        for load in landing.loads(source, stream.name, since=since)
        if load.load_id in wanted or load.load_id not in known
    ]

    record = list(verdicts.recent(work.state.gates, f"{LANDING}{source}"))
    accepted = load_scale.accepted_since(record, set(landing.rejected()))

    def standard(stream: str, account: str) -> Standard:
        allowed = company.tolerances_of(source, stream, account)
        tolerance = Tolerance(allowed.warn_share, allowed.hold_share)
        declared = module.stream(stream)
        return Standard(
            tolerance, declared.is_witness, declared.money, declared.repeats, declared, accepted
        )

    judged = judge(work.settings.expectations / "landing", landing, source, loads, standard)
    absent = not_landed.findings(source, missing, judged.at)
    asked = looked_at.windows(source, loads)
    findings = tuple(looked_at.with_reach(finding, asked) for finding in judged.findings)
    verdict = replace(judged, findings=(*findings, *absent), windows=asked)
    verdicts.keep(work.state.gates, verdict)
    # Why something did not land has been printed where it did not.
    brief = [replace(one, observed=one.observed.partition(": ")[0]) for one in absent]
    print(replace(verdict, findings=(*findings, *brief)).summary())
    for load in loads:
        if load.load_id in verdict.held_loads:
            landing.reject(load.load_id, why=why_held(load, verdict), at=verdict.at)
    return verdict


def why_held(load: Load, verdict: Verdict) -> str:
    """What holds a load, and not what holds others that landed beside it."""
    holds = [finding for finding in verdict.failed if finding.verdict == "hold"]
    table = f"{load.source}.{load.stream}"
    own = [one for one in holds if one.table_name == table and one.segment in ("", load.account)]
    return "; ".join(finding.line for finding in own or holds)


def _began(load_id: str) -> date:
    """The day a load began, which is the folder it lies in."""
    return date.fromisoformat(load_id[:8])


def judge(
    folder: Path,
    landing: Landing,
    source: str,
    loads: Sequence[Load],
    standard: Callable[[str, str], Standard],
) -> Verdict:
    """The verdict on loads of a source by the suites in `folder`, and by `standard` of a stream
    and account; `held_loads` are those that are not to be used."""
    at = datetime.now(UTC)
    found, held = _judge_rows(landing, source, loads, standard, at)
    with TemporaryDirectory() as place:
        scratch = Scratch(folder, Path(place) / "landing.duckdb", landing, source, at)
        judged = scratch.run(batches(load for load in loads if load.files))
        several = [batch for batch, failures in judged if _holds(failures)]
        alone = scratch.run(one for batch in several for one in batch.alone())
        bad = {batch.loads[0].load_id for batch, failures in alone if _holds(failures)}
        with duckdb.connect(str(scratch.file), read_only=True) as con:
            con.execute("set timezone = 'UTC'")
            for batch, failures in judged:
                ids = [load.load_id for load in batch.loads] if _holds(failures) else []
                # What fails only where loads are seen together is a fault of them all.
                ids = [load_id for load_id in ids if load_id in bad] or ids
                command = (
                    partial(on_load, ids[0]) if ids else partial(on_stream, source, batch.stream)
                )
                found += measured(con, failures, command)
                held += ids
    return Verdict(
        gate=f"{LANDING}{source}",
        findings=tuple(found),
        at=at,
        loads=tuple(sorted(load.load_id for load in loads)),
        held_loads=tuple(sorted(set(held))),
    )


def _judge_rows(
    landing: Landing,
    source: str,
    loads: Sequence[Load],
    standard: Callable[[str, str], Standard],
    at: datetime,
) -> tuple[list[Finding], list[str]]:
    """What intake could not use, and the loads of which that is too much."""
    found: list[Finding] = []
    held: list[str] = []
    for batch in batches(loads):
        how = standard(batch.stream, batch.account)
        table = f"{source}.{batch.stream}"
        subject = intake_rows.Subject(
            gate=f"{LANDING}{source}",
            table_name=table,
            segment=batch.account,
            query=f"trueup rejects {source}",
            tolerance=how.tolerance,
            is_witness=how.is_witness,
            at=at,
            money=how.money,
            repeats=how.repeats,
        )
        findings, of_batch = intake_rows.findings(landing, batch.loads, subject)
        found += findings
        held += of_batch
        if how.stream:
            found += load_restated.findings(landing, how.stream, batch.loads, subject)
            try:
                findings, of_batch = load_scale.findings(
                    landing, how.stream, batch.loads, subject, how.accepted
                )
            except duckdb.Error as error:  # whatever it is, the data is not to blame
                findings, of_batch = [suites.gate_error(subject.gate, table, error, at)], []
            found += findings
            held += of_batch
    return found, held


def _holds(failures: Iterable[Failure]) -> bool:
    return any(failure.finding.verdict == "hold" for failure in failures)
