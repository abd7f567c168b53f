"""Loads and their manifests: the contract between extraction and everything else.

A load is one extraction of one stream for one window. Its Parquet parts are written first and
its manifest last; without a manifest there is no load. Nothing is ever rewritten: a load is set
aside by a marker beside it. Rows of a day are those of the newest committed load covering it.

    <root>/<source>/<stream>/load_date=YYYY-MM-DD/<load_id>-<part>.parquet
    <root>/<source>/<stream>/load_date=YYYY-MM-DD/<load_id>.manifest.json
    <root>/_rejected/<load_id>.json
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

import fsspec
import pyarrow.parquet as pq

from trueup.errors import TrueupError
from trueup.sources.contract import Stream
from trueup.window import Window


@dataclass(frozen=True)
class Load:
    """One committed load, as its manifest tells it. `files` are relative to the root."""

    load_id: str
    source: str
    stream: str
    since: date
    until: date
    row_count: int
    day_counts: dict[str, int]
    control_totals: dict[str, str]
    columns: dict[str, str]
    extra_columns: tuple[str, ...]
    rejected_count: int
    files: tuple[str, ...]
    api_version: str
    committed_at: datetime
    #: Ids of the accounts that were asked; none where a source knows no accounts.
    accounts: tuple[str, ...] = ()

    @property
    def window(self) -> Window:
        return Window(self.since, self.until)

    @property
    def order(self) -> tuple[datetime, str]:
        """Later commits win; the id breaks ties so that the order is total."""
        return self.committed_at, self.load_id


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
            con.register_filesystem(self.fs)

    def write_manifest(self, load: Load) -> None:
        """Commit `load`. Appears whole or not at all."""
        folder = self.folder(load.source, load.stream, load.load_id)
        self._write_whole(f"{folder}/{load.load_id}.manifest.json", _to_json(load))

    def loads(
        self, source: str, stream: str, *, as_of: datetime | None = None, since: date | None = None
    ) -> list[Load]:
        """Committed loads that are not set aside, oldest commit first.

        `as_of` leaves out loads committed later; `since` leaves out those whose commit day is
        earlier, so that a daily build does not read all manifests of history.
        """
        found = []
        for name in self._manifests(source, stream, since):
            load = _read_manifest(name, self.fs.cat_file(name))
            if as_of is None or load.committed_at <= as_of:
                found.append(load)
        aside = self.rejected()
        return sorted((x for x in found if x.load_id not in aside), key=lambda x: x.order)

    def covered(self, source: str, stream: str) -> set[date]:
        """Every day some current load of the stream covers."""
        return {day for load in self.loads(source, stream) for day in load.window.days()}

    def current(
        self, source: str, stream: Stream, *, as_of: datetime | None = None
    ) -> list[tuple[Load, set[date]]]:
        """Each load that still supplies days, with those days; snapshots: only the newest."""
        loads = self.loads(source, stream.name, as_of=as_of)
        if stream.kind == "snapshot":
            return [(load, set(load.window.days())) for load in loads[-1:]]
        if stream.kind == "changes":
            return [(load, set(load.window.days())) for load in loads]
        return winners(loads)

    def reject(self, load_id: str, why: str, at: datetime) -> None:
        """Set a load aside: the next build behaves as if it never came."""
        folder = self.path(self.folder("*", "*", load_id))
        manifests = self.fs.glob(f"{folder}/*.manifest.json")
        if not any(name.endswith(f"/{load_id}.manifest.json") for name in manifests):
            raise TrueupError(
                f"there is no committed load {load_id}", next_step="list them with `trueup loads`"
            )
        marker = {"load_id": load_id, "why": why, "rejected_at": at.isoformat()}
        self._write_whole(f"_rejected/{load_id}.json", json.dumps(marker).encode())

    def restore(self, load_id: str) -> None:
        """Undo `reject`."""
        if load_id not in self.rejected():
            raise TrueupError(
                f"load {load_id} is not set aside", next_step="list them with `trueup loads`"
            )
        self.fs.rm_file(self.path(f"_rejected/{load_id}.json"))

    def rejected_rows(self, load: Load) -> list[dict[str, str]]:
        """The input rows a load could not use: position, reason, content."""
        folder = self.folder(load.source, load.stream, load.load_id)
        with self.fs.open(self.path(f"{folder}/{load.load_id}.rejected.parquet"), "rb") as handle:
            return pq.read_table(handle).to_pylist()

    def rejected(self) -> dict[str, dict[str, str]]:
        """The marker of every load set aside, by load id."""
        folder = self.path("_rejected")
        self.fs.invalidate_cache()
        if not self.fs.exists(folder):
            return {}
        names = [name for name in self.fs.ls(folder, detail=False) if name.endswith(".json")]
        markers = [json.loads(self.fs.cat_file(name)) for name in names]
        return {marker["load_id"]: marker for marker in markers}

    def _manifests(self, source: str, stream: str, since: date | None) -> Iterator[str]:
        folder = self.path(f"{source}/{stream}")
        self.fs.invalidate_cache()
        if not self.fs.exists(folder):
            return
        for partition in sorted(self.fs.ls(folder, detail=False)):
            if since and partition.rpartition("load_date=")[2] < since.isoformat():
                continue
            for name in sorted(self.fs.ls(partition, detail=False)):
                if name.endswith(".manifest.json"):
                    yield name

    def _write_whole(self, relative: str, content: bytes) -> None:
        final = self.path(relative)
        self.fs.makedirs(final.rpartition("/")[0], exist_ok=True)
        partial = f"{final}.{secrets.token_hex(4)}.partial"
        self.fs.pipe_file(partial, content)
        self.fs.mv(partial, final)


def new_load_id(at: datetime) -> str:
    """Sortable by time: 20260915T060102123456-1f2e3d4c."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"


def winners(loads: Iterable[Load]) -> list[tuple[Load, set[date]]]:
    """For each day the newest of `loads` that covers it, grouped by load, oldest first."""
    by_day: dict[date, Load] = {}
    for load in sorted(loads, key=lambda x: x.order):
        for day in load.window.days():
            by_day[day] = load
    grouped: dict[str, tuple[Load, set[date]]] = {}
    for day, load in by_day.items():
        grouped.setdefault(load.load_id, (load, set()))[1].add(day)
    return sorted(grouped.values(), key=lambda pair: pair[0].order)


def _to_json(load: Load) -> bytes:
    return json.dumps(asdict(load), default=str, indent=1, sort_keys=True).encode()


def _read_manifest(name: str, content: bytes) -> Load:
    try:
        raw: dict[str, Any] = json.loads(content)
        return Load(
            **{
                **raw,
                "since": date.fromisoformat(raw["since"]),
                "until": date.fromisoformat(raw["until"]),
                "committed_at": datetime.fromisoformat(raw["committed_at"]),
                "extra_columns": tuple(raw["extra_columns"]),
                "files": tuple(raw["files"]),
                "accounts": tuple(raw.get("accounts", ())),
            }
        )
    except (ValueError, TypeError, KeyError) as error:
        raise TrueupError(
            f"the manifest {name} cannot be read",
            got=f"{type(error).__name__}: {error}",
            next_step="remove it: its load then never was, and the next landing fetches its days",
        ) from None
