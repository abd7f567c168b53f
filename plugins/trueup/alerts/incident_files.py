"""Where incidents lie: a small JSON file for each that is open, one file of lines for those over.

A file is written whole or not at all; a decision is on the disk before anything is said of it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from trueup.alerts.incidents import ID_LENGTH, Incident, from_json, to_json

#: The file of incidents that are over, newest last.
CLOSED = "closed.jsonl"
#: How many of them are kept; the file is cut back once it holds half as many again.
MOST_CLOSED = 2000
#: Files synced at the same time.
AT_ONCE = 16
#: What files of older versions, or of another hand, raise when they are read.
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, ArithmeticError)


def read(folder: Path, cause: str) -> Incident | None:
    """The open incident of the cause."""
    return _read(path_of(folder, cause))


def write(folder: Path, incident: Incident) -> Path:
    """Where the incident now lies; on the disk once it is synced."""
    path = path_of(folder, incident.notice.cause)
    write_whole(path, to_json(incident))
    return path


def all_open(folder: Path) -> list[Incident]:
    """Every open incident, longest open first."""
    found = [incident for path in folder.glob("*.json") if (incident := _read(path))]
    return sorted(found, key=lambda incident: (incident.opened_at, incident.notice.cause))


def archive(folder: Path, over: Sequence[Incident]) -> None:
    """Put incidents that are over into the history, once, and take them from the open ones."""
    known = {incident.opening for incident in closed(folder, len(over) + 50)}
    new = [incident for incident in over if incident.opening not in known]
    with (folder / CLOSED).open("a+b") as file:
        # A line that a crash cut off would take the next one with it
        file.truncate((folder / CLOSED).read_bytes().rfind(b"\n") + 1)
        file.writelines(
            f"{json.dumps(to_json(incident), default=str)}\n".encode() for incident in new
        )
        file.flush()
        os.fsync(file.fileno())
    for incident in over:
        path_of(folder, incident.notice.cause).unlink(missing_ok=True)
    lines = _lines(folder)
    if len(lines) > MOST_CLOSED * 3 // 2:
        _replace(folder / CLOSED, "".join(f"{line}\n" for line in lines[-MOST_CLOSED:]))


def closed(folder: Path, most: int) -> list[Incident]:
    """The newest incidents that are over, newest first."""
    found = []
    for line in reversed(_lines(folder)[-most:]):
        try:
            found.append(from_json(json.loads(line)))
        except UNREADABLE:
            continue
    return found


def named(folder: Path, name: str) -> list[Incident]:
    """The open incidents a person may mean: by short id or its start, by the mart's own id or its
    start, or by the whole cause."""
    wanted = name.strip()
    return [
        incident
        for incident in all_open(folder)
        if incident.notice.cause == wanted
        or (len(wanted) > 1 and incident.id.startswith(wanted.lower()))
        or (len(wanted) >= ID_LENGTH and incident.notice.incident_id.startswith(wanted))
    ]


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Keeps two processes from deciding of the same incidents."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def path_of(folder: Path, cause: str) -> Path:
    readable = re.sub(r"[^a-z0-9]+", "-", cause.lower()).strip("-")[:60]
    return folder / f"{readable}-{hashlib.sha256(cause.encode()).hexdigest()[:8]}.json"


def write_whole(path: Path, content: Mapping[str, Any]) -> None:
    """`content` as JSON at `path`, whole or not at all, whoever is killed; what the power takes
    with it is said where `sync` is called."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, json.dumps(content, indent=1, default=str))


def _replace(path: Path, text: str) -> None:
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    partial.write_text(text, encoding="utf-8")
    os.replace(partial, path)


def sync(paths: Iterable[Path]) -> None:
    """These files, and that they are where they are, outlast a loss of power. Many at once, for
    the file system writes those that wait together."""
    files = [path for path in paths if path.exists()]
    folders = {path.parent for path in files}
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        for _ in pool.map(_sync, files):
            pass
        for _ in pool.map(_sync, folders):
            pass


def _sync(path: Path) -> None:
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:  # somebody has moved it on
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _lines(folder: Path) -> list[str]:
    try:
        return (folder / CLOSED).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []


def _read(path: Path) -> Incident | None:
    """The incident in the file; None where there is none, or one of an older version."""
    try:
        return from_json(json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, *UNREADABLE):
        return None
