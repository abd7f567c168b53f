"""Loads and their manifests: the contract between extraction and everything else.

A load is one extraction of one stream for one account and one window. Its Parquet parts are
written first and its manifest last; without a manifest there is no load. Nothing is ever
rewritten: a load is set aside by a marker beside it. The rows of an account's day are those of
the newest committed load covering it.

    <root>/<source>/<stream>/load_date=YYYY-MM-DD/<load_id>-<part>.parquet
    <root>/<source>/<stream>/load_date=YYYY-MM-DD/<load_id>-<YYYYMMDD>-<part>.parquet  (bulk)
    <root>/<source>/<stream>/load_date=YYYY-MM-DD/<load_id>.set_aside.parquet
    <root>/<source>/<stream>/load_date=YYYY-MM-DD/<load_id>.manifest.json
    <root>/_rejected/<load_id>.json    a load that was set aside, by a gate or a person
    <root>/_refused/<load_id>.json     a load that never was, and its .set_aside.parquet
"""

from __future__ import annotations

import glob
import json
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import fsspec
import pyarrow.parquet as pq

from trueup.errors import TrueupError
from trueup.landing.manifest import DayAccount as DayAccount
from trueup.landing.manifest import LandedFile as LandedFile
from trueup.landing.manifest import Load, Refusal, is_over, read_load, read_refusal, to_json
from trueup.landing.manifest import Outside as Outside
from trueup.sources.contract import Stream

#: A load is filed under the day it began and may commit this much later.
REACH_BACK = timedelta(days=2)


class Landing:
    """The append-only store of loads under `root`, a local path or an object-store URL."""

    def __init__(self, root: str) -> None:
        self.fs, self.root = fsspec.core.url_to_fs(str(root))

    def folder(self, source: str, stream: str, load_id: str) -> str:
        day = f"{load_id[0:4]}-{load_id[4:6]}-{load_id[6:8]}"
        return f"{source}/{stream}/load_date={day}"

    def path(self, relative: str) -> str:
        return f"{self.root}/{relative}"

    def url(self, relative: str) -> str:
        """What DuckDB reads a landed file by; object stores need `attach_to` first."""
        path = self.path(relative)
        return path if self.is_local else f"{self._protocol}://{path.lstrip('/')}"

    @property
    def is_local(self) -> bool:
        return self._protocol in ("file", "local")

    @property
    def _protocol(self) -> str:
        protocol = self.fs.protocol
        return protocol if isinstance(protocol, str) else protocol[0]

    def attach_to(self, con: Any) -> None:
        """Let a DuckDB connection read this landing where it is not a local folder."""
        if not self.is_local:
            if self._protocol in con.list_filesystems():
                con.unregister_filesystem(self._protocol)
            con.register_filesystem(self.fs)

    def write(self, relative: str, content: bytes) -> None:
        """A file that appears whole or not at all."""
        final = self.path(relative)
        self.fs.makedirs(final.rpartition("/")[0], exist_ok=True)
        partial = f"{final}.{secrets.token_hex(4)}.partial"
        try:
            self.fs.pipe_file(partial, content)
            self.fs.mv(partial, final)
        except OSError:
            with suppress(OSError):
                self._remove(partial)
            raise

    def write_manifest(self, load: Load) -> None:
        """Commit `load`. Appears whole or not at all."""
        folder = self.folder(load.source, load.stream, load.load_id)
        self.write(f"{folder}/{load.load_id}.manifest.json", to_json(load))

    def loads(
        self, source: str, stream: str, *, as_of: datetime | None = None, since: date | None = None
    ) -> list[Load]:
        """Committed loads that are not set aside, oldest commit first.

        `as_of` leaves out loads committed later; `since` leaves out those whose commit day is
        earlier, so that a daily build does not read all manifests of history.
        """
        aside = self.rejected()
        found = self._committed(source, stream, since)
        return [
            load
            for load in found
            if load.load_id not in aside and (as_of is None or load.committed_at <= as_of)
        ]

    def newest_commit(self, source: str, stream: str) -> datetime | None:
        """When the newest load of the stream was committed, set aside or not."""
        days = [name.rpartition("load_date=")[2] for name in self._partitions(source, stream)]
        if not days:
            return None
        since = date.fromisoformat(days[-1]) - REACH_BACK
        return max((x.committed_at for x in self._committed(source, stream, since)), default=None)

    def covered(self, source: str, stream: str, account: str | None = None) -> set[date]:
        """Every day some load of the stream covers; of one account, where one is named."""
        return {
            day
            for load in self.loads(source, stream)
            if account is None or load.account == account
            for day in load.window.days()
        }

    def current(
        self, source: str, stream: Stream, *, as_of: datetime | None = None
    ) -> list[tuple[Load, set[date]]]:
        """Each load that still supplies days, with those days, oldest first; of snapshots the
        newest of each account."""
        loads = self.loads(source, stream.name, as_of=as_of)
        if stream.kind == "day":
            return winners(loads)
        if stream.kind == "snapshot":
            newest = {load.account: load for load in loads}
            loads = sorted(newest.values(), key=lambda x: x.order)
        return [(load, set(load.window.days())) for load in loads]

    def set_aside_loads(self, source: str, stream: str) -> list[Load]:
        """Committed loads that a gate or a person set aside, oldest commit first."""
        aside = self.rejected()
        return [load for load in self._committed(source, stream, None) if load.load_id in aside]

    def reject(self, load_id: str, why: str, at: datetime) -> None:
        """Set a load aside: the next build behaves as if it never came."""
        # The root may be called anything, with brackets and all.
        folder = f"{glob.escape(self.root)}/{self.folder('*', '*', glob.escape(load_id))}"
        manifests = self.fs.glob(f"{folder}/*.manifest.json")
        if not any(name.endswith(f"/{load_id}.manifest.json") for name in manifests):
            raise TrueupError(
                f"there is no committed load {load_id}", next_step="list them with `trueup loads`"
            )
        marker = {"load_id": load_id, "why": why, "rejected_at": at.isoformat()}
        self.write(f"_rejected/{load_id}.json", json.dumps(marker).encode())

    def restore(self, load_id: str) -> None:
        """Undo `reject`."""
        if load_id not in self.rejected():
            raise TrueupError(
                f"load {load_id} is not set aside", next_step="list them with `trueup loads`"
            )
        self.fs.rm_file(self.path(f"_rejected/{load_id}.json"))

    def rejected(self) -> dict[str, dict[str, str]]:
        """The marker of every load set aside, by load id."""
        markers = [json.loads(content) for _, content in self._entries("_rejected")]
        return {marker["load_id"]: marker for marker in markers}

    def refuse(self, refusal: Refusal) -> None:
        """Note a load that was refused, in place of earlier ones of the same account."""
        for name, content in self._entries("_refused"):
            earlier = read_refusal(content)
            same = (earlier.source, earlier.stream, earlier.account) == (
                refusal.source, refusal.stream, refusal.account
            )  # fmt: skip
            if same and earlier.load_id != refusal.load_id:
                self._remove(name, self.path(self.set_aside_file(earlier)))
        self.write(f"_refused/{refusal.load_id}.json", to_json(refusal))

    def refusals(self, source: str, stream: str) -> list[Refusal]:
        """Loads of the stream that were refused and have not landed since, oldest first."""
        entries = [read_refusal(content) for _, content in self._entries("_refused")]
        found = [x for x in entries if (x.source, x.stream) == (source, stream)]
        loads = self.loads(source, stream) if found else []
        return sorted((x for x in found if not is_over(x, loads)), key=lambda x: x.refused_at)

    def set_aside_file(self, entry: Load | Refusal) -> str:
        """Where the rows that a load could not use lie, if there are any."""
        if isinstance(entry, Refusal):
            return f"_refused/{entry.load_id}.set_aside.parquet"
        folder = self.folder(entry.source, entry.stream, entry.load_id)
        return f"{folder}/{entry.load_id}.set_aside.parquet"

    def set_aside_rows(self, entry: Load | Refusal) -> list[dict[str, Any]]:
        """The rows a load could not use: position, reason, kind, content, day, amount, is_lost."""
        path = self.path(self.set_aside_file(entry))
        if not self.fs.exists(path):
            return []
        with self.fs.open(path, "rb") as handle:
            rows: list[dict[str, Any]] = pq.read_table(handle).to_pylist()
        return rows

    def _committed(self, source: str, stream: str, since: date | None) -> list[Load]:
        """Every committed load, set aside or not, oldest commit first."""
        found = [
            read_load(name, self.fs.cat_file(name))
            for partition in self._partitions(source, stream)
            if not since or partition.rpartition("load_date=")[2] >= since.isoformat()
            for name in self.fs.ls(partition, detail=False)
            if name.endswith(".manifest.json")
        ]
        return sorted(found, key=lambda x: x.order)

    def _partitions(self, source: str, stream: str) -> list[str]:
        folder = self.path(f"{source}/{stream}")
        self.fs.invalidate_cache()
        return sorted(self.fs.ls(folder, detail=False)) if self.fs.exists(folder) else []

    def _entries(self, folder: str) -> Iterator[tuple[str, bytes]]:
        """Name and content of every JSON file of a folder below the root."""
        path = self.path(folder)
        self.fs.invalidate_cache()
        if self.fs.exists(path):
            for name in sorted(self.fs.ls(path, detail=False)):
                if name.endswith(".json"):
                    yield name, self.fs.cat_file(name)

    def _remove(self, *paths: str) -> None:
        for path in paths:
            if self.fs.exists(path):
                self.fs.rm_file(path)


def new_load_id(at: datetime) -> str:
    """Sortable by time: 20260915T060102123456-1f2e3d4c."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"


def winners(loads: Iterable[Load]) -> list[tuple[Load, set[date]]]:
    """For each account and day the newest of `loads` that covers it, by load, oldest first."""
    newest: dict[tuple[str, date], Load] = {}
    for load in sorted(loads, key=lambda x: x.order):
        for day in load.window.days():
            newest[load.account, day] = load
    grouped: dict[str, tuple[Load, set[date]]] = {}
    for (_, day), load in newest.items():
        grouped.setdefault(load.load_id, (load, set()))[1].add(day)
    return sorted(grouped.values(), key=lambda pair: pair[0].order)
