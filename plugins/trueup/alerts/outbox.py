"""What is to be said and was said: one file for each message and receiver.

`pending/` holds what a receiver has not heard, `sent/` what it has. A message is on the disk before
it is sent, under a name that is made of what it says (opening, number, event, receiver): so no
crash loses it and none writes it twice. The file is marked before each try: what a process was
sending when it ended is known to be uncertain. Marks, and that a message was sent, are whole over a
kill; a loss of power may take those of the last seconds, and what they were of is sent again.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from trueup.alerts.incident_files import UNREADABLE, sync, write_whole
from trueup.alerts.incidents import Event, Incident, from_json, to_json

PENDING, SENT, SEQUENCE = "pending", "sent", "sequence.json"
#: How a message ends whose incident was over before anybody could hear of it.
WITHDRAWN = "withdrawn"
#: How long what was said is kept once its incident is over.
KEPT_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True)
class Entry:
    """A message to one receiver. `sequence` orders those that wait, whatever clocks say.

    `is_uncertain`: a try was begun and nobody knows how it ended; `batch` is the message it was
    part of. `reference` is what the receiver calls the message, or the one that began its thread.
    `outcome` is empty until it is delivered, withdrawn or given up.
    """

    receiver: str
    incident: Incident
    event: Event
    number: int
    queued_at: datetime
    sequence: int
    attempts: int = 0
    is_uncertain: bool = False
    batch: str = ""
    reference: str = ""
    outcome: str = ""

    @property
    def name(self) -> str:
        return _name(self.incident.opening, self.number, self.event, self.receiver)


@dataclass(frozen=True)
class Outbox:
    folder: Path

    @property
    def pending_folder(self) -> Path:
        return self.folder / PENDING

    @property
    def sent_folder(self) -> Path:
        return self.folder / SENT

    def queue(self, to_say: Iterable[tuple[Incident, Iterable[str]]], at: datetime) -> None:
        """The newest message about each incident, to each receiver that is to hear it; on the disk
        when this returns. Does nothing where all of it is done, so it may be asked for again after
        a crash."""
        with self._alone():
            last = self._last_sequence()
            written: list[Path] = []
            names = self._names()
            for incident, routed in to_say:
                last += 1
                mine = names.get(incident.opening, set())
                know = {parts[3] for name in mine if (parts := name.split("."))[2] == "opened"}
                for receiver in sorted({*routed, *know}):
                    its = sorted(name for name in mine if name.split(".")[3] == receiver)
                    written += self._queue(incident, receiver, its, at, last)
            write_whole(self.folder / SEQUENCE, {"last": last})
            sync([*written, self.folder / SEQUENCE])

    def pending(self, receiver: str = "") -> list[Entry]:
        """What waits, of one receiver or of all, in the order in which it was decided. What was
        delivered just before a process ended is put where it belongs."""
        return self._waiting(f"*.{receiver or '*'}.json")

    def _waiting(self, pattern: str) -> list[Entry]:
        found = []
        for path in self.pending_folder.glob(pattern):
            entry = _read(path)
            if entry and entry.outcome:
                self._move(path)
            elif entry:
                found.append(entry)
        return sorted(found, key=lambda entry: (entry.sequence, entry.name))

    def begin(self, entries: Iterable[Entry], batch: str) -> list[Entry]:
        """Note on each that it is being sent as part of the message `batch`; gives them as they
        are by now."""
        with self._alone():
            now = [found for entry in entries if (found := _read(self.pending_folder / entry.name))]
            begun = [
                replace(entry, attempts=entry.attempts + 1, is_uncertain=True, batch=batch)
                for entry in now
            ]
            for entry in begun:
                self._write(entry)
        return begun

    def not_heard(self, entries: Iterable[Entry], *, is_certain: bool) -> None:
        """They were not delivered, or nobody knows."""
        with self._alone():
            for entry in entries:
                self._write(replace(entry, is_uncertain=not is_certain))

    def done(self, entries: Iterable[Entry], outcome: str, reference: str = "") -> None:
        """They wait no longer: `outcome` says how they ended."""
        with self._alone():
            self._end(entries, outcome, reference)

    def thread(self, entry: Entry) -> str:
        """What the receiver calls the first message about this opening; empty where this is it."""
        for path in sorted(self.sent_folder.glob(f"{entry.incident.opening}.*.opened.*.json")):
            first = _read(path)
            if first and first.receiver == entry.receiver and first.reference:
                return first.reference
        return ""

    def sharing(self, reference: str, receiver: str) -> set[str]:
        """Openings that began with the same message to the receiver: those of a digest."""
        return {
            entry.incident.opening
            for path in self.sent_folder.glob(f"*.opened.{receiver}.json")
            if (entry := _read(path)) and entry.reference == reference
        }

    def has_resolved(self, opening: str, receiver: str) -> bool:
        return any(self.sent_folder.glob(f"{opening}.*.resolved.{receiver}.json"))

    def knows(self, opening: str, receiver: str) -> bool:
        """Whether the receiver heard that it opened, as far as anybody can say."""
        paths = self.sent_folder.glob(f"{opening}.*.opened.{receiver}.json")
        return any(entry.outcome != WITHDRAWN for path in paths if (entry := _read(path)))

    def prune(self, open_now: Iterable[str]) -> None:
        """Forget what was said long ago of incidents that are over."""
        kept = set(open_now)
        for path in self.sent_folder.glob("*.json"):
            is_old = time.time() - path.stat().st_mtime > KEPT_SECONDS
            if is_old and path.name.partition(".")[0] not in kept:
                path.unlink(missing_ok=True)

    def _end(self, entries: Iterable[Entry], outcome: str, reference: str = "") -> None:
        for entry in entries:
            self._write(replace(entry, is_uncertain=False, outcome=outcome, reference=reference))
            self._move(self.pending_folder / entry.name)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While files change places, nobody else moves them; nothing is sent meanwhile."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("a") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            yield

    def _queue(
        self, incident: Incident, receiver: str, its: Sequence[str], at: datetime, sequence: int
    ) -> Iterator[Path]:
        """Queue one message. `its` are the files there are of the opening and the receiver."""
        event = incident.event
        folders = (self.pending_folder, self.sent_folder)
        found = [x for name in its for folder in folders if (x := _read(folder / name))]
        waiting = [x for x in found if not x.outcome]
        unheard = next((x for x in waiting if x.event == "opened" and not x.is_uncertain), None)
        has_heard = any(x.event == "opened" and x.outcome not in ("", WITHDRAWN) for x in found)
        has_heard = has_heard or bool(waiting and not unheard)
        if event == "resolved":
            if unheard:  # it began and ended before anybody could hear: nobody need hear now
                self._end(waiting, WITHDRAWN)
                return
            if not has_heard:
                return
        elif unheard:  # what it says now is said instead
            yield self._write(replace(unheard, incident=incident))
            return
        elif not has_heard:
            if event == "acknowledged":
                return
            event = "opened"
        if _name(incident.opening, incident.number, event, receiver) not in its:
            yield self._write(Entry(receiver, incident, event, incident.number, at, sequence))

    def _names(self) -> dict[str, set[str]]:
        """Names of all files, by opening."""
        found: dict[str, set[str]] = {}
        for folder in (self.pending_folder, self.sent_folder):
            for name in os.listdir(folder) if folder.is_dir() else ():
                if name.endswith(".json"):
                    found.setdefault(name.partition(".")[0], set()).add(name)
        return found

    def _last_sequence(self) -> int:
        try:
            path = self.folder / SEQUENCE
            return int(json.loads(path.read_text(encoding="utf-8"))["last"])
        except (FileNotFoundError, *UNREADABLE):
            return max((entry.sequence for entry in self.pending()), default=0)

    def _write(self, entry: Entry) -> Path:
        path = self.pending_folder / entry.name
        write_whole(path, {**vars(entry), "incident": to_json(entry.incident)})
        return path

    def _move(self, path: Path) -> None:
        self.sent_folder.mkdir(parents=True, exist_ok=True)
        try:
            os.replace(path, self.sent_folder / path.name)
        except FileNotFoundError:  # somebody else has moved it
            return


def _name(opening: str, number: int, event: Event, receiver: str) -> str:
    return f"{opening}.{number:05d}.{event}.{receiver}.json"


def _read(path: Path) -> Entry | None:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        known = {name: content[name] for name in Entry.__dataclass_fields__ if name in content}
        return Entry(
            **known
            | {
                "incident": from_json(content["incident"]),
                "queued_at": datetime.fromisoformat(content["queued_at"]),
            }
        )
    except (FileNotFoundError, *UNREADABLE):
        return None
