"""From a delivered file to the table `input`; lines that make no row are set aside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa

from trueup import redaction
from trueup.errors import BrokenContract, of_machine
from trueup.scratch import scratch
from trueup.sources import contacts
from trueup.sources.contract import Access, SetAside, Stream
from trueup.sources.files import csv_lines, json_columns, json_lines
from trueup.sources.files.csv_lines import Bad, CsvFile, Row
from trueup.sources.files.feeds import Feed
from trueup.sources.files.no_rows import ISO_DAY
from trueup.sources.files.text import Unreadable, check_depth, check_size
from trueup.window import Window

ROWS_PER_BATCH = 50_000
#: Errors of DuckDB's that speak of columns and of the select itself, not of what rows hold.
ABOUT_NAMES = ("Binder Error", "Catalog Error", "Parser Error", "IO Error: No files found")
QUOTED = re.compile(r"""'(?:[^']|'')*'|"[^"]*"|\{.*\}|\[.*\]""")


@dataclass(frozen=True)
class Job:
    """One feed on its way onto its stream, in `con`."""

    con: duckdb.DuckDBPyConnection
    feed: Feed
    folder: Path
    stream: Stream
    window: Window
    files: list[str] = field(default_factory=list)

    def count(self, relation: str) -> int:
        row = self.con.execute(f"select count(*) from {relation}").fetchone()
        return int(row[0]) if row else 0

    def broken(self, problem: str, **measured: Any) -> BrokenContract:
        return BrokenContract(
            f"feed {self.feed.name}: {problem}", source="files", stream=self.stream.name,
            window=self.window, **measured,
        )  # fmt: skip


@contextmanager
def connection(access: Access, feed: Feed) -> Iterator[duckdb.DuckDBPyConnection]:
    """Where a feed's select runs: in the reporting zone, with the company file's folder as the
    variable `folder`, by which a select finds a second file. A script of macros may do anything to
    its database, so that its feed has one of its own."""
    with duckdb.connect() if feed.macros else scratch() as con:
        con.execute(f"set timezone = '{access.reporting_zone}'")
        con.execute("set variable folder = $folder", {"folder": str(access.folder.resolve())})
        yield con


def is_json(file: str) -> bool:
    return file.lower().removesuffix(".gz").endswith((".json", ".ndjson", ".jsonl"))


def is_csv(file: str) -> bool:
    return not is_json(file) and not file.lower().removesuffix(".gz").endswith(".parquet")


def read(job: Job, file: Path, limit: int | None = None) -> list[SetAside]:
    """The file as table `input`: its columns as they stand, `_file`, and `_row` from 1. Returns
    the lines that make no row. `limit` takes only the first rows."""
    try:
        if is_csv(file.name):
            return _read_csv(job, file, limit)
        check_size(file)
        return _read_json(job, file, limit) if is_json(file.name) else _read_typed(job, file, limit)
    except Unreadable as error:
        raise job.broken(
            f"{contacts.cut(file.name)} {error}",
            next_step="correct the feed's reader, or deliver the file again",
        ) from None
    except duckdb.Error as error:
        if trouble := of_machine(error, f"reading {file.name}", source="files"):
            raise trouble from None
        raise job.broken(
            f"{contacts.cut(file.name)} cannot be read",
            got=said(error),
            next_step="check the file is whole and the feed's reader options fit it",
        ) from None


def _read_json(job: Job, file: Path, limit: int | None) -> list[SetAside]:
    """JSON as it stands; where DuckDB cannot read it so, its text, or its lines one by one."""
    check_depth(file)
    if text := json_lines.marked(file):
        return _read_text(job, file, text, limit)
    try:
        return _read_typed(job, file, limit)
    except duckdb.InvalidInputException:
        lines = json_lines.of_records(file)
        if not lines or not lines.bad:
            raise
    bad = [_set_aside(file.name, one) for one in lines.bad]
    return [*_read_text(job, file, "".join(lines.good), limit), *bad]


def _read_text(job: Job, file: Path, text: str, limit: int | None) -> list[SetAside]:
    with TemporaryDirectory() as folder:
        plain = Path(folder) / "text.json"
        plain.write_text(text, "utf-8", "surrogateescape", newline="")
        return _read_typed(job, plain, limit, file.name)


def _read_typed(job: Job, file: Path, limit: int | None, name: str = "") -> list[SetAside]:
    """JSON or Parquet, whose columns have types; `name` is the delivered file's, where it is
    another."""
    is_read = json_columns.reader(job.con, file) if is_json(file.name) else "read_parquet(?)"
    job.con.execute(
        "create or replace temp table input as"
        f" select row_number() over () as _row, ? as _file, * from {is_read}"
        + (f" limit {limit}" if limit is not None else ""),
        [name or file.name, str(file)],
    )
    return []


def _read_csv(job: Job, file: Path, limit: int | None) -> list[SetAside]:
    content = csv_lines.read(file, job.feed.reader)
    columns = ", ".join(f"{_quoted(name)} varchar" for name in content.names)
    body = f"_row bigint, _file varchar{', ' if columns else ''}{columns}"
    job.con.execute(f"create or replace temp table input ({body})")
    bad: list[tuple[Bad, int]] = []
    rows = 0
    for batch in _batches(content.records, limit):
        good: list[Row] = []
        for one in batch:
            if isinstance(one, Bad):
                bad.append((one, rows + len(good)))
            else:
                good.append(one)
        rows += len(good)
        if good:
            job.con.register("batch", _table(content, good, file.name))
            job.con.execute("insert into input select * from batch")
            job.con.unregister("batch")
    name = job.files[-1] if job.files else file.name
    return [_set_aside(name, one, is_beside=above in (0, rows)) for one, above in bad]


def _batches(records: Iterable[Row | Bad], limit: int | None) -> Iterator[list[Row | Bad]]:
    batch: list[Row | Bad] = []
    for count, record in enumerate(records):
        if limit is not None and count >= limit:
            break
        batch.append(record)
        if len(batch) >= ROWS_PER_BATCH:
            yield batch
            batch = []
    yield batch


def _table(content: CsvFile, rows: list[Row], name: str) -> pa.Table:
    cells = zip(*(row.cells for row in rows), strict=True)
    arrays = [pa.array(column, pa.string()) for column in cells]
    numbers = pa.array([row.number for row in rows], pa.int64())
    names = pa.array([name] * len(rows), pa.string())
    return pa.table([numbers, names, *arrays], names=["_row", "_file", *content.names])


def _set_aside(name: str, bad: Bad, is_beside: bool = False) -> SetAside:
    days = set(ISO_DAY.findall(bad.text))
    # Of a line that makes no row nobody knows which cell is whose.
    text = contacts.form(bad.text)
    if is_beside and bad.may_be:
        return SetAside(
            f"{name} line {bad.line}", bad.may_be, text, kind="total", is_lost=False
        )  # fmt: skip
    return SetAside(f"{name} line {bad.line}", bad.reason, text, _only_day(days))


def _only_day(days: set[str]) -> date | None:
    try:
        return date.fromisoformat(days.pop()) if len(days) == 1 else None
    except ValueError:
        return None


def is_blank(job: Job) -> bool:
    """Whether the file names no column the select could run on."""
    columns = {row[0] for row in job.con.execute("describe input").fetchall()}
    return columns <= {"_row", "_file"} or (is_json(job.files[-1]) and not job.count("input"))


def unmapped(job: Job) -> Iterator[SetAside]:
    """Every row of a file the select does not run on, where it runs on others; of a file without a
    row its header."""
    reason = "the select does not run on this file"
    rows = job.con.execute("select _row, to_json(input)::varchar from input").fetchall()
    for number, content in rows:
        yield SetAside(f"{job.files[-1]} row {number}", reason, content)
    if not rows:
        names = [str(row[0]) for row in job.con.execute("describe input").fetchall()]
        header = ", ".join(name for name in names if name not in ("_row", "_file"))
        yield SetAside(f"{job.files[-1]} header", reason, contacts.form(header))


def unread(job: Job, error: BrokenContract) -> SetAside:
    """A file that cannot be read, where others of the feed can: what rows it has nobody knows."""
    return SetAside(job.files[-1], "the file cannot be read", error.problem)


def said(error: Exception) -> str:
    """What DuckDB says, without what it quotes of the file."""
    text = " ".join(str(error).split())
    if not text.startswith(ABOUT_NAMES):
        # What could not be converted is quoted, and may be a person's.
        text = QUOTED.sub("(a value)", text.partition("Original Line")[0].partition(" LINE 1:")[0])
    return redaction.clean(text)[:400]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
