"""What gates said, kept as one file of JSON lines per run: light to read, for CLI and models."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

#: `hold`: unfit data, nothing is published. `warn`: the world or a minor rule broke, publish and
#: tell. `gate-error`: the gate itself could not run, which says nothing about the data.
Outcome = Literal["pass", "warn", "hold", "gate-error"]


@dataclass(frozen=True)
class Check:
    """One expectation's result. `observed` holds counts or aggregates, never row values."""

    gate: str
    suite: str
    expectation: str
    column_name: str | None
    severity: str
    verdict: Outcome
    observed: str
    checked_at: str
    why: str = ""
    runbook: str = ""
    released_by: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Verdict:
    """A gate's judgement of one batch of data: the worst of its checks decides.

    `failed_loads` are those a landing gate holds, `build_id` is the build the mart's gate judged.
    """

    gate: str
    checks: tuple[Check, ...]
    at: datetime
    failed_loads: tuple[str, ...] = ()
    build_id: str = ""

    @property
    def outcome(self) -> Outcome:
        found = {check.verdict for check in self.checks}
        for worst in ("hold", "gate-error", "warn"):
            if worst in found:
                return worst
        return "pass"

    @property
    def failed(self) -> tuple[str, ...]:
        return tuple(
            f"{check.verdict}: {check.suite}: {check.why or check.expectation}"
            f" ({check.column_name or 'rows'}: {check.observed})"
            for check in self.checks
            if check.verdict != "pass"
        )

    def summary(self) -> str:
        head = f"gate {self.gate}: {self.outcome}, {len(self.checks)} checks"
        return "; ".join([head, *self.failed])


def keep(folder: Path, verdict: Verdict) -> Path:
    """Append the verdict to the record; a file of its own, so nothing is ever rewritten."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{verdict.at:%Y%m%dT%H%M%S%f}-{verdict.gate.replace('/', '-')}.jsonl"
    head = {
        "gate": verdict.gate,
        "outcome": verdict.outcome,
        "at": verdict.at.isoformat(),
        "build_id": verdict.build_id,
    }
    lines = [head, *(asdict(check) for check in verdict.checks)]
    path = folder / name
    partial = path.with_suffix(".partial")
    partial.write_text("\n".join(json.dumps(line, default=str) for line in lines) + "\n", "utf-8")
    os.replace(partial, path)
    return path


def record_release(folder: Path, who: str, why: str, at: datetime) -> None:
    """A person published in spite of a hold: who and why, beside the verdicts."""
    check = Check(
        "mart", "release", "released by a person", None, "critical", "pass", "",
        at.isoformat(), released_by=who, reason=why,
    )  # fmt: skip
    keep(folder, Verdict("release", (check,), at))


def files(folder: Path, gate: str | None = None, runs: int = 200) -> list[Path]:
    """The newest verdicts' files, newest first, of one gate or of all."""
    suffix = f"-{gate.replace('/', '-')}.jsonl" if gate else ".jsonl"
    return sorted(folder.glob(f"*{suffix}"), reverse=True)[:runs]


def recent(folder: Path, gate: str | None = None) -> Iterator[dict[str, Any]]:
    """The heads of those verdicts with their checks (`checks`)."""
    for path in files(folder, gate):
        head, *checks = (json.loads(line) for line in path.read_text("utf-8").splitlines())
        yield {**head, "checks": checks}


def last(folder: Path, gate: str) -> dict[str, Any] | None:
    """The gate's newest verdict."""
    return next(recent(folder, gate), None)
