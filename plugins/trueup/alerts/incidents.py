"""One cause, open until clean: what keeps a person from hearing the same thing twice.

An incident is a small JSON file named after its cause; it is resolved by the first clean run.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

#: `hold`, `warn`: what a gate found. `gate-error`: a gate that could not run. `unavailable`: a
#: vendor that does not answer. `failed`: any other task or landing that came to nothing.
Kind = Literal["hold", "warn", "gate-error", "unavailable", "failed"]


@dataclass(frozen=True)
class Notice:
    """What there is to say of one cause. `cause` is its identity and never holds a date.

    `gate` is the gate that found it, or the DAG that failed; `unit` what that gate judges as a
    whole, so that the cause is over once the unit is judged again without it. `advice` is what the
    last try of a task leaves to a person.
    """

    cause: str
    kind: Kind
    gate: str
    what: str
    where: str
    unit: str = ""
    how_much: str = ""
    advice: str = ""
    query: str = ""
    runbook: str = ""
    link: str = ""

    @property
    def line(self) -> str:
        """All that fits on one line."""
        text = f"{self.where}: {self.what}"
        return f"{text} ({self.how_much})" if self.how_much else text


@dataclass(frozen=True)
class Incident:
    """An open cause; `runs` counts those that met it, `was_notified` says if a person heard."""

    notice: Notice
    opened_at: datetime
    last_seen_at: datetime
    runs: int
    was_notified: bool = False


def open_or_update(folder: Path, notice: Notice, at: datetime) -> Incident:
    """The open incident of the notice's cause, as it stands after one more run has met it. A
    warning that has become a hold is news."""
    path = _path(folder, notice.cause)
    known = _read(path)
    is_worse = known and known.notice.kind == "warn" and notice.kind == "hold"
    incident = Incident(
        notice=notice,
        opened_at=known.opened_at if known else at,
        last_seen_at=at,
        runs=known.runs + 1 if known else 1,
        was_notified=bool(known and known.was_notified and not is_worse),
    )
    _write(path, incident)
    return incident


def mark_notified(folder: Path, heard: Iterable[Incident]) -> None:
    """A person has heard of these."""
    for incident in heard:
        _write(_path(folder, incident.notice.cause), replace(incident, was_notified=True))


def close(folder: Path, cause: str) -> Incident | None:
    """Resolve the incident of `cause`; None where none is open."""
    path = _path(folder, cause)
    incident = _read(path)
    path.unlink(missing_ok=True)
    return incident


def all_open(folder: Path) -> list[Incident]:
    """Every open incident, longest open first."""
    found = [incident for path in folder.glob("*.json") if (incident := _read(path))]
    return sorted(found, key=lambda incident: (incident.opened_at, incident.notice.cause))


@contextmanager
def one_sender(folder: Path) -> Iterator[None]:
    """Keeps two processes from telling a person of the same incident."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def to_dict(incident: Incident) -> dict[str, Any]:
    """The incident as it is kept and sent: one flat object."""
    content = asdict(incident)
    return {**content.pop("notice"), **content}


def _path(folder: Path, cause: str) -> Path:
    readable = re.sub(r"[^a-z0-9]+", "-", cause.lower()).strip("-")[:60]
    return folder / f"{readable}-{hashlib.sha256(cause.encode()).hexdigest()[:8]}.json"


def _read(path: Path) -> Incident | None:
    """The incident in the file; None where there is none, or one of an older version."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        own = {
            "opened_at": datetime.fromisoformat(content.pop("opened_at")),
            "last_seen_at": datetime.fromisoformat(content.pop("last_seen_at")),
            "runs": content.pop("runs"),
            "was_notified": content.pop("was_notified"),
        }
        return Incident(Notice(**content), **own)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def _write(path: Path, incident: Incident) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.partial")
    partial.write_text(json.dumps(to_dict(incident), indent=1, default=str), encoding="utf-8")
    os.replace(partial, path)
