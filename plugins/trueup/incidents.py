"""One cause, open until clean: what keeps a person from being told the same thing twice.

An incident is a small JSON file named after its cause; it is resolved by the first clean run.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Incident:
    """`cause` is its identity and never holds a date; `seen` counts the runs that hit it."""

    cause: str
    title: str
    opened_at: str
    last_seen_at: str
    seen: int
    details: dict[str, Any]


def open_or_update(
    folder: Path, cause: str, title: str, details: dict[str, Any], at: datetime
) -> tuple[Incident, bool]:
    """The open incident of `cause`, and whether this call opened it."""
    path = _path(folder, cause)
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    incident = Incident(
        cause=cause,
        title=title,
        opened_at=known["opened_at"] if known else at.isoformat(),
        last_seen_at=at.isoformat(),
        seen=known["seen"] + 1 if known else 1,
        details=details,
    )
    _write(path, incident)
    return incident, known is None


def close(folder: Path, cause: str) -> Incident | None:
    """Resolve the incident of `cause`; None where none is open."""
    path = _path(folder, cause)
    if not path.exists():
        return None
    incident = Incident(**json.loads(path.read_text(encoding="utf-8")))
    path.unlink()
    return incident


def all_open(folder: Path) -> list[Incident]:
    """Every open incident, longest open first."""
    found = [
        Incident(**json.loads(path.read_text(encoding="utf-8"))) for path in folder.glob("*.json")
    ]
    return sorted(found, key=lambda incident: incident.opened_at)


def _path(folder: Path, cause: str) -> Path:
    readable = re.sub(r"[^a-z0-9]+", "-", cause.lower()).strip("-")[:60]
    return folder / f"{readable}-{hashlib.sha256(cause.encode()).hexdigest()[:8]}.json"


def _write(path: Path, incident: Incident) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(asdict(incident), indent=1, default=str), encoding="utf-8")
    os.replace(partial, path)
