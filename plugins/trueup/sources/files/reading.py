"""From a delivered file to the table `input`; lines that do not split into columns are rejected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from trueup.errors import BrokenContract
from trueup.sources.contacts import EMAIL_IN_TEXT
from trueup.sources.contract import SetAside, Stream
from trueup.window import Window

#: Nothing of a CSV file is guessed: a guess leaves out lines it takes for comments or titles.
CSV = {
    "all_varchar": True, "header": True, "delim": ",", "quote": '"', "escape": '"',
    "comment": "", "skip": 0, "store_rejects": True,
}  # fmt: skip
#: A format no date has, so that JSON's dates stay text: DuckDB would take 03-04-2021 for April.
JSON = "read_json_auto(?, dateformat = 'text', timestampformat = 'text')"


@dataclass(frozen=True)
class Job:
    """One feed on its way onto its stream. In `con`, `input`, `mapped`, `typed` and `usable` hold
    the file at hand, each made from the one before, and `landed` the keys of files before it."""

    con: duckdb.DuckDBPyConnection
    feed: Mapping[str, Any]
    folder: Path
    stream: Stream
    window: Window

    def count(self, relation: str) -> int:
        return self.con.execute(f"select count(*) from {relation}").fetchone()[0]

    def broken(self, problem: str, **measured: Any) -> BrokenContract:
        return BrokenContract(
            f"feed {self.feed['name']}: {problem}", source="files", stream=self.stream.name,
            window=self.window, **measured,
        )  # fmt: skip


def is_json(file: str) -> bool:
    return file.lower().removesuffix(".gz").endswith((".json", ".ndjson", ".jsonl"))


def read(job: Job, file: Path) -> None:
    """The file as table `input`: its columns as they stand, `_file`, and `_row` from 1."""
    if file.name.lower().removesuffix(".gz").endswith(".parquet"):
        reader = "read_parquet(?)"
    elif is_json(file.name):
        reader = JSON
    else:
        settings = CSV | job.feed.get("reader", {})
        reader = f"read_csv(?, {', '.join(f'{k} = {_literal(v)}' for k, v in settings.items())})"
    try:
        job.con.execute(
            "create or replace table input as"
            f" select row_number() over () as _row, ? as _file, * from {reader}",
            [file.name, str(file)],
        )
    except duckdb.Error as error:
        raise job.broken(
            f"{file.name} cannot be read",
            got=said(error),
            next_step="check the file is whole and the feed's reader options fit it",
        ) from None


def malformed(job: Job, file: Path) -> Iterator[SetAside]:
    """Lines of a CSV file that do not split into its columns."""
    if not job.con.execute("from duckdb_tables() where table_name = 'reject_errors'").fetchone():
        return
    lines = job.con.execute(
        """
        select line, lower(any_value(error_type)), regexp_replace(any_value(csv_line), ?,
            'removed', 'g')
        from reject_errors inner join reject_scans using (scan_id, file_id)
        where file_path = ?
        group by line
        order by line
        """,
        [EMAIL_IN_TEXT, str(file)],
    ).fetchall()
    for line, problem, content in lines:
        if problem == "invalid encoding":
            raise job.broken(
                f"{file.name} is not in the encoding it is read in",
                got=f"line {line}",
                next_step="name it in the feed's reader options, such as {encoding: latin-1}",
            )
        yield SetAside(f"{file.name} line {line}", problem, content)


def said(error: Exception) -> str:
    """What DuckDB says, which may quote the file."""
    return re.sub(EMAIL_IN_TEXT, "removed", " ".join(str(error).split()))[:400]


def _literal(value: object) -> str:
    if isinstance(value, bool | int | float):
        return str(value).lower()
    return "'" + str(value).replace("'", "''") + "'"
