"""The Parquet files of a load, until it is committed: written, hashed, thinned out, discarded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from trueup.landing.manifest import LandedFile
from trueup.landing.store import Landing
from trueup.landing.typed import DAY
from trueup.sources import contacts
from trueup.sources.contract import POSITION, SetAside, Stream

#: Rows held back until a file is worth its while.
ROWS_PER_FILE = 250_000
#: What is kept of a row that is not used.
SET_ASIDE = pa.schema(
    {
        "position": pa.string(),
        "reason": pa.string(),
        "kind": pa.string(),
        "content": pa.string(),
        "day": pa.date32(),
        "amount": pa.decimal128(18, 6),
        "is_lost": pa.bool_(),
        "currency_code": pa.string(),
        "used_amount": pa.decimal128(18, 6),
    }
)


@dataclass
class Part:
    """A file as written, and where each of its rows stood in the answer."""

    file: LandedFile
    positions: Any

    def position(self, row: int) -> int | str:
        value: int | str = self.positions[row].as_py()
        return value


def place_of(position: int | str) -> str:
    """The words for a position: rows of an answer are numbered, those of files have their own."""
    return f"row {position}" if isinstance(position, int) else position


class Writer:
    """Writes the files of one load; of `bulk` streams each holds the rows of one day."""

    def __init__(self, landing: Landing, source: str, stream: Stream, load_id: str) -> None:
        self.parts: list[Part] = []
        self._landing, self._stream, self._load_id = landing, stream, load_id
        self._folder = landing.folder(source, stream.name, load_id)
        self._waiting: list[pa.Table] = []
        self._begun: set[str] = set()
        landing.fs.makedirs(landing.path(self._folder), exist_ok=True)

    @property
    def row_count(self) -> int:
        return sum(part.file.row_count for part in self.parts)

    def add(self, table: pa.Table, positions: Any) -> None:
        self._waiting.append(table.append_column(POSITION, positions))
        if sum(table.num_rows for table in self._waiting) >= ROWS_PER_FILE:
            self.flush()

    def flush(self) -> None:
        """Write what was held back."""
        if not self._waiting:
            return
        table = pa.concat_tables(self._waiting)
        self._waiting = []
        for day, rows in self._by_file(table):
            label = f"{day:%Y%m%d}-" if day else ""
            name = f"{self._folder}/{self._load_id}-{label}{len(self.parts):04d}.parquet"
            file = self._write(name, rows.drop_columns([POSITION]), day)
            self.parts.append(Part(file, rows.column(POSITION).combine_chunks()))

    def drop(self, part: Part, rows: set[int]) -> None:
        """Write a file again without some of its rows, or take it away where none is left."""
        keep = pa.array([row for row in range(part.file.row_count) if row not in rows], pa.int64())
        path = self._landing.path(part.file.name)
        if not len(keep):
            self._landing.fs.rm_file(path)
            self.parts.remove(part)
            return
        with self._landing.fs.open(path, "rb") as handle:
            table = pq.read_table(handle).take(keep)
        part.positions = part.positions.take(keep)
        part.file = self._write(part.file.name, table, part.file.day)

    def set_aside(self, relative: str, rows: list[SetAside]) -> None:
        """List the rows that are not used."""
        if rows:
            table = pa.Table.from_pylist([_impersonal(row) for row in rows], SET_ASIDE)
            self._landing.write(relative, _parquet(table))

    def discard(self) -> None:
        """Take every file away, also one that was begun only: there is no load."""
        for name in {*self._begun, *(part.file.name for part in self.parts)}:
            if self._landing.fs.exists(self._landing.path(name)):
                self._landing.fs.rm_file(self._landing.path(name))
        self.parts, self._begun = [], set()

    def _by_file(self, table: pa.Table) -> Iterator[tuple[date | None, pa.Table]]:
        if not self._stream.bulk:
            yield None, table
            return
        for day in sorted(pc.unique(table.column(DAY)).to_pylist()):
            yield day, table.filter(pc.equal(table.column(DAY), pa.scalar(day, pa.date32())))

    def _write(self, name: str, table: pa.Table, day: date | None) -> LandedFile:
        content = _parquet(table)
        self._begun.add(name)
        self._landing.fs.pipe_file(self._landing.path(name), content)
        return LandedFile(name, table.num_rows, hashlib.sha256(content).hexdigest(), day)


def _impersonal(row: SetAside) -> dict[str, Any]:
    """A row set aside as it is listed: where it stood and why say nothing of whom it was about."""
    return row.__dict__ | {
        "position": contacts.cut(row.position),
        "reason": contacts.cut(row.reason),
        "content": contacts.impersonal(row.content),
    }


def _parquet(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    content: bytes = sink.getvalue().to_pybytes()
    return content
