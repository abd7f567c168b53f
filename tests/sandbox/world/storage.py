"""From DuckDB to Parquet, the same bytes every time; and the folder that appears whole."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from sandbox.world.dated import Course
from sandbox.world.days import Span
from sandbox.world.tables import TABLES

ROWS_PER_GROUP = 122_880  # fixed, so that equal rows give equal bytes
PASSPORT = "world.json"


def describe(span: Span, course: Course) -> str:
    """The world's passport: all that decides its bytes. Equal passports, equal files."""
    code = hashlib.sha256()
    for module in sorted(Path(__file__).parent.glob("*.py")):
        code.update(module.read_bytes())
    libraries = {name: version(name) for name in ("duckdb", "numpy", "pyarrow")}
    world = {
        "seed": span.seed, "start": span.start.isoformat(), "until": span.until.isoformat(),
        "scale": span.scale, "parameters": asdict(course.parameters),
        "changes": [asdict(change) for change in course.changes],
        "deeds": [[one.system, one.account_id, one.at, one.in_words] for one in course.deeds],
        "dynamics": bool(course.sways), "code": code.hexdigest(),
        "libraries": libraries,
    }  # fmt: skip
    return json.dumps(world, indent=2, sort_keys=True, default=str) + "\n"


def is_written(folder: Path, passport: str) -> bool:
    """True if the folder already holds the world of that passport."""
    written = folder / PASSPORT
    return written.is_file() and written.read_text() == passport


def write_folder(folder: Path, passport: str, fill: Callable[[Path], None]) -> None:
    """Let `fill` write into a hidden folder beside `folder`, then put it in its place.

    Raises FileExistsError when `folder` holds something that is no world.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / PASSPORT).is_file():
        raise FileExistsError(f"{folder} is not a world: name an empty or new folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as scratch:
        fresh, old = Path(scratch) / "fresh", Path(scratch) / "old"
        fresh.mkdir()
        fill(fresh)
        (fresh / PASSPORT).write_text(passport)
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
        shutil.rmtree(old, ignore_errors=True)


def write_tables(
    con: duckdb.DuckDBPyConnection, folder: Path, chunked: Mapping[str, Iterable[str]]
) -> None:
    """Write every table of TABLES; those in `chunked` come as a series of sorted slices."""
    for name, (columns, key) in TABLES.items():
        chosen = _cast(columns)
        path = folder / f"{name}.parquet"
        con.execute("create or replace temp table shape (" + columns + ")")
        schema = con.table("shape").to_arrow_table().schema
        with pq.ParquetWriter(path, schema, compression="zstd", store_schema=False) as writer:
            for table in chunked.get(name, [name]):
                rows = con.table(table).project(chosen).order(key)
                for batch in rows.to_arrow_reader(ROWS_PER_GROUP):
                    writer.write_batch(batch, row_group_size=ROWS_PER_GROUP)


def _cast(columns: str) -> str:
    """`a bigint, b decimal(18, 2)` as `a::bigint as a, b::decimal(18, 2) as b`."""
    parts = columns.replace("decimal(18, ", "decimal(18;").split(", ")
    pairs = [part.replace(";", ", ").split(" ", 1) for part in parts]
    return ", ".join(f"{name}::{kind} as {name}" for name, kind in pairs)
