"""One cause, open until clean: what keeps a person from being told the same thing twice.

An incident is a small JSON file named after its cause; it is resolved by the first clean run.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Incident:
    """`cause` is its identity and never holds a date; `seen` counts the runs that hit it, and
    `told` says whether a person has heard of it."""

    cause: str
    title: str
    opened_at: str
    last_seen_at: str
    seen: int
    details: dict[str, Any]
    told: bool = False


def open_or_update(
    folder: Path, cause: str, title: str, details: dict[str, Any], at: datetime
) -> Incident:
    """The open incident of `cause`, as it stands after one more run has hit it."""
    path = _path(folder, cause)
    known = _read(path)
    incident = Incident(
        cause=cause,
        title=title,
        opened_at=known.opened_at if known else at.isoformat(),
        last_seen_at=at.isoformat(),
        seen=known.seen + 1 if known else 1,
        details=details,
        told=bool(known and known.told),
    )
    _write(path, incident)
    return incident


def mark_told(folder: Path, told: Iterable[Incident]) -> None:
    """A person has heard of these."""
    for incident in told:
        _write(_path(folder, incident.cause), replace(incident, told=True))


def close(folder: Path, cause: str) -> Incident | None:
    """Resolve the incident of `cause`; None where none is open."""
    path = _path(folder, cause)
    incident = _read(path)
    path.unlink(missing_ok=True)
    return incident


def all_open(folder: Path) -> list[Incident]:
    """Every open incident, longest open first."""
    found = [_read(path) for path in folder.glob("*.json")]
    return sorted(filter(None, found), key=lambda incident: (incident.opened_at, incident.cause))


def _path(folder: Path, cause: str) -> Path:
    readable = re.sub(r"[^a-z0-9]+", "-", cause.lower()).strip("-")[:60]
    return folder / f"{readable}-{hashlib.sha256(cause.encode()).hexdigest()[:8]}.json"


def _read(path: Path) -> Incident | None:
    try:
        return Incident(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def _write(path: Path, incident: Incident) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(asdict(incident), indent=1, default=str), encoding="utf-8")
    os.replace(partial, path)
