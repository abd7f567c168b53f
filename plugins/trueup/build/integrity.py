"""What was landed is what is built: files and rows are held against what their manifests say.

Hashes are checked before anything is read, counts and sums once DuckDB has read the rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NoReturn

import duckdb
import pyarrow.parquet as pq

from trueup.errors import TrueupError
from trueup.landing.store import LandedFile, Landing, Load
from trueup.sources.contract import Stream
from trueup.window import Window

BLOCK = 1 << 20
#: Hashing leaves Python's lock, so two cores are used; object stores answer several at once.
THREADS = 4
#: Sums of binary fractions depend on the order of their rows.
TOLERANCE = Decimal("1e-9")


@dataclass(frozen=True)
class Kept:
    """A landed file and the load it belongs to, as the manifest has them."""

    source: str
    stream: str
    load_id: str
    window: Window
    file: LandedFile

    @classmethod
    def of(cls, loads: Iterable[Load]) -> list[Kept]:
        return [
            cls(x.source, x.stream, x.load_id, x.window, file) for x in loads for file in x.files
        ]


def check_files(landing: Landing, files: Sequence[Kept]) -> None:
    """Raises TrueupError naming the first file whose bytes are not those that were landed."""
    with ThreadPoolExecutor(THREADS) as pool:
        hashes = pool.map(lambda kept: _hash(landing, kept.file.name), files)
        for kept, found in zip(files, hashes, strict=True):
            if found != kept.file.sha256:
                pool.shutdown(cancel_futures=True)
                _refuse(
                    kept,
                    "a landed file is not the one that was landed",
                    expected=f"{kept.file.row_count:,} rows, sha256 {kept.file.sha256[:12]}",
                    got=_describe(landing, kept.file.name, found),
                )


def check_rows(
    con: duckdb.DuckDBPyConnection,
    stream: Stream,
    chosen: Sequence[tuple[Load, set[date] | None]],
    rows: str = "staged",
) -> None:
    """Rows and money of each load and day, and the sums of whole loads, in the relation `rows`
    (columns as landed, with `_load_id`), against the manifests. Raises TrueupError naming the
    first load that differs."""
    money = f'sum("{stream.money}")' if stream.money else "null"
    sums = ", ".join(f'sum("{name}")' for name in stream.control)
    found: dict[str, dict[date, tuple[int, Decimal | None]]] = {}
    for load_id, day, count, amount in con.execute(
        f"select _load_id, _day, count(*), {money} from {rows} group by 1, 2"
    ).fetchall():
        found.setdefault(load_id, {})[day] = count, amount
    for load, days in chosen:
        _check_days(load, days, found.get(load.load_id, {}), stream)
    whole = {load.load_id: load for load, days in chosen if days is None}
    if sums and whole:
        for load_id, *totals in con.execute(
            f"select _load_id, {sums} from {rows} group by 1"
        ).fetchall():
            if load_id in whole:
                _check_totals(whole[load_id], dict(zip(stream.control, totals, strict=True)))


def _check_days(
    load: Load,
    days: set[date] | None,
    found: dict[date, tuple[int, Decimal | None]],
    stream: Stream,
) -> None:
    expected = {
        day.day: (day.landed, day.landed_money)
        for day in load.days
        if day.day and day.landed and (days is None or day.day in days)
    }
    for day in sorted(expected.keys() | found.keys()):
        rows, amount = expected.get(day, (0, None))
        read, read_amount = found.get(day, (0, None))
        if rows != read or not (amount is None or _is_same(amount, read_amount)):
            _refuse(
                Kept.of([load])[0] if load.files else _without_file(load),
                f"a load does not hold the rows of {day} that its manifest says",
                expected=f"{rows:,} rows{_of(stream, amount)}",
                got=f"{read:,} rows{_of(stream, read_amount)}",
            )


def _check_totals(load: Load, found: dict[str, Decimal | None]) -> None:
    for name, total in found.items():
        stated = load.control_totals.get(name)
        if stated is not None and not _is_same(Decimal(stated), total or Decimal(0)):
            _refuse(
                Kept.of([load])[0],
                f"the sum of {name} of a load is not the one its manifest says",
                expected=stated,
                got=str(total),
            )


def _is_same(stated: Decimal, found: object) -> bool:
    if stated == found:
        return True
    first, second = stated, Decimal(str(found or 0))
    return abs(first - second) <= TOLERANCE * max(abs(first), abs(second), Decimal(1))


def _of(stream: Stream, amount: object) -> str:
    return "" if amount is None else f", {stream.money} {amount}"


def _without_file(load: Load) -> Kept:
    nowhere = LandedFile("(no file)", 0, "")
    return Kept(load.source, load.stream, load.load_id, load.window, nowhere)


def _hash(landing: Landing, name: str) -> str:
    """The SHA-256 of a landed file, or why it cannot be read."""
    digest = hashlib.sha256()
    try:
        with landing.fs.open(landing.path(name), "rb", block_size=BLOCK) as handle:
            while block := handle.read(BLOCK):
                digest.update(block)
    except FileNotFoundError:
        return "no such file"
    except OSError as error:
        return f"cannot be read: {error.strerror or type(error).__name__}"
    return digest.hexdigest()


def _describe(landing: Landing, name: str, found: str) -> str:
    if len(found) != hashlib.sha256().digest_size * 2:
        return found
    try:
        with landing.fs.open(landing.path(name), "rb") as handle:
            rows = f"{pq.ParquetFile(handle).metadata.num_rows:,} rows"
    except Exception:  # whatever Arrow makes of a damaged file
        rows = "no Parquet"
    return f"{rows}, sha256 {found[:12]}"


def _refuse(kept: Kept, problem: str, *, expected: str, got: str) -> NoReturn:
    raise TrueupError(
        f"{problem}: {kept.file.name} of load {kept.load_id}",
        source=kept.source,
        stream=kept.stream,
        window=kept.window,
        expected=expected,
        got=got,
        next_step="put the file back; or set the load aside and land its days again: `trueup reject"
        f" {kept.load_id} --why 'not as landed'`, then `trueup land {kept.source}"
        f" --day {kept.window.last_day}`",
    )
