"""The record of verdicts: one file of JSON lines for each, light to read for CLI and models.

The first line of a file is about the verdict, each further one is a finding.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from trueup.gates.findings import Finding, Verdict
from trueup.window import Window

#: The gate under which a person's releases are kept.
RELEASE = "release"


def keep(folder: Path, verdict: Verdict) -> Path:
    """Append the verdict to the record; a file of its own, so nothing is ever rewritten."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{verdict.at:%Y%m%dT%H%M%S%f}-{_slug(verdict.gate)}.jsonl"
    head = {
        "gate": verdict.gate,
        "outcome": verdict.outcome,
        "at": verdict.at.isoformat(),
        "loads": verdict.loads,
        "held_loads": verdict.held_loads,
        "build_id": verdict.build_id,
        "windows": {
            unit: [[window.since, window.until] for window in asked]
            for unit, asked in verdict.windows.items()
        },
    }
    lines = [head, *(asdict(finding) for finding in verdict.findings)]
    path = folder / name
    partial = path.with_suffix(".partial")
    partial.write_text("\n".join(json.dumps(line, default=str) for line in lines) + "\n", "utf-8")
    os.replace(partial, path)
    return path


def record_release(folder: Path, released: Verdict, who: str, why: str, at: datetime) -> None:
    """A person published in spite of the verdict `released`: who and why, for each finding that
    held it."""
    held = tuple(
        replace(finding, checked_at=at, released_by=who, reason=why)
        for finding in released.failed
        if finding.verdict in ("hold", "gate-error")
    )
    keep(folder, Verdict(RELEASE, held, at, build_id=released.build_id))


def files(folder: Path, gate: str | None = None, runs: int = 200) -> list[Path]:
    """The newest verdicts' files, newest first, of one gate or of all."""
    suffix = f"-{_slug(gate)}.jsonl" if gate else ".jsonl"
    return sorted(folder.glob(f"*{suffix}"), reverse=True)[:runs]


def recent(folder: Path, gate: str | None = None) -> Iterator[Verdict]:
    """Those verdicts, as far as they can be read: what an older version wrote is passed over."""
    for path in files(folder, gate):
        try:
            head, *rest = (json.loads(line) for line in path.read_text("utf-8").splitlines())
            yield Verdict(
                gate=head["gate"],
                findings=tuple(_finding(line) for line in rest),
                at=datetime.fromisoformat(head["at"]),
                loads=tuple(head["loads"]),
                held_loads=tuple(head["held_loads"]),
                build_id=head["build_id"],
                windows=_windows(head.get("windows", {})),
            )
        except (ValueError, KeyError, TypeError):
            continue


def last(folder: Path, gate: str) -> Verdict | None:
    """The gate's newest verdict."""
    return next(recent(folder, gate), None)


def newest(folder: Path) -> list[Verdict]:
    """The newest verdict of every gate, by the gate's name."""
    found: dict[str, Verdict] = {}
    for verdict in recent(folder):
        if verdict.gate != RELEASE:
            found.setdefault(verdict.gate, verdict)
    return [found[gate] for gate in sorted(found)]


def judged_loads(folder: Path, gate: str) -> set[str]:
    """Every load the landing gate has judged lately."""
    return {load for verdict in recent(folder, gate) for load in verdict.loads}


def _slug(gate: str) -> str:
    return gate.replace("/", "-")


def _windows(kept: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, tuple[Window, ...]]:
    return {
        unit: tuple(Window(*map(date.fromisoformat, ends)) for ends in asked)
        for unit, asked in kept.items()
    }


def _finding(line: Mapping[str, Any]) -> Finding:
    amount, since = line["affected_amount_local"], line["since_date"]
    known = {field.name: line[field.name] for field in fields(Finding) if field.name in line}
    return Finding(
        **known
        | {
            "signals": tuple(line.get("signals", ())),
            "streams": tuple(line.get("streams", ())),
            "checked_at": datetime.fromisoformat(line["checked_at"]),
            "since_date": date.fromisoformat(since) if since else None,
            "affected_amount_local": None if amount is None else Decimal(amount),
        }
    )
