"""One extraction becomes one load: pages are typed, hashed, checked, written, then committed.

Everything is checked before the manifest is written, so a load that is not what its stream
declares never exists: columns and types, days inside the window, keys unique, the vendor's own
totals, no empty day where rows are expected, no fetch that shrank.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from trueup.errors import BrokenContract
from trueup.landing import checks, typed
from trueup.landing.checks import Tally
from trueup.landing.store import DayAccount, LandedFile, Landing, Load, new_load_id
from trueup.sources.contract import Absent, ControlTotal, Page, SetAside, Stream
from trueup.window import Window

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
    }
)


def take_in(
    landing: Landing,
    source: str,
    stream: Stream,
    window: Window,
    pages: Iterable[Page],
    *,
    api_version: str,
    hash_key: str,
    empty_ok: bool = False,
    accepted: bool = False,
    known: checks.KnownDays | None = None,
    account: str = "",
    committed_at: datetime | None = None,
) -> Load:
    """Write `pages` as one load and commit it. Raises BrokenContract and commits nothing if the
    rows are not what `stream` declares.

    `empty_ok` says the company expects days without rows; `accepted` that a person has looked at
    empty days and a shrunken fetch and takes them. `known` saves reading the manifests again
    where several windows of a stream are taken in one after the other.
    """
    place = {"source": source, "stream": stream.name, "window": window}
    load_id = new_load_id(committed_at or datetime.now(UTC))
    folder = landing.folder(source, stream.name, load_id)
    landing.fs.makedirs(landing.path(folder), exist_ok=True)
    tally = Tally()
    try:
        for table in _tables(pages, stream, window, hash_key, tally):
            name = f"{folder}/{load_id}-{len(tally.files):04d}.parquet"
            tally.files.append(_write_file(landing, name, table))
            tally.row_count += table.num_rows
    except typed.ColumnProblem as problem:
        raise BrokenContract(
            f"column {problem.column} is not as declared",
            **place,
            expected=problem.expected,
            got=problem.got,
            next_step="compare with the vendor's changelog, then change the stream's declaration",
        ) from None
    measured = _measure(landing, stream, tally)
    checks.check(stream, window, tally, measured, place)
    if not accepted:
        before: checks.KnownDays = {}
        if stream.kind == "day":
            before = checks.known_days(landing, source, stream, account) if known is None else known
        checks.check_absence(tally, empty_ok, before, place)
        checks.check_emptiness(stream, window, tally, measured["days"], empty_ok, before, place)
        if stream.kind == "day":
            checks.check_shrinkage(window, tally, measured["days"], before, place)
    _write_set_aside(landing, folder, load_id, tally.rejected)
    load = Load(
        load_id=load_id,
        source=source,
        stream=stream.name,
        account=account,
        since=window.since,
        until=window.until,
        row_count=tally.row_count,
        days=_day_accounts(measured["days"], tally.rejected),
        control_totals=measured["sums"],
        columns={c.landed_name: c.landed_type for c in stream.columns},
        extra_columns=tuple(sorted(tally.extra)),
        files=tuple(tally.files),
        api_version=api_version,
        committed_at=committed_at or datetime.now(UTC),
    )
    landing.write_manifest(load)
    for absent in tally.absent:
        print(f"{source}.{stream.name} {window}: {absent.why}")
    return load


def _tables(
    pages: Iterable[Page], stream: Stream, window: Window, hash_key: str, tally: Tally
) -> Iterator[pa.Table]:
    declared = {column.name for column in stream.columns} | {typed.EXTRA}
    for page in pages:
        if isinstance(page, ControlTotal):
            tally.stated.append(page)
        elif isinstance(page, SetAside):
            tally.rejected.append(page)
        elif isinstance(page, Absent):
            tally.absent.append(page)
        elif isinstance(page, pa.Table):
            if page.num_rows:
                tally.extra |= set(page.column_names) - declared
                yield _with_day(typed.from_arrow(page, stream, hash_key), stream, window)
        elif page:
            tally.extra |= {key for row in page for key in row} - declared
            yield _with_day(typed.from_dicts(page, stream, hash_key), stream, window)


def _with_day(table: pa.Table, stream: Stream, window: Window) -> pa.Table:
    if stream.kind == "day":
        days = table.column(str(stream.day))
    elif stream.kind == "changes":
        # The window's days are the reporting zone's, the cursor's are UTC's: an hour at either end.
        days = pc.cast(table.column(str(stream.cursor)), pa.date32(), safe=False)
        days = pc.min_element_wise(days, pa.scalar(window.last_day))
        days = pc.max_element_wise(days, pa.scalar(window.since))
    else:
        days = pa.array([window.last_day] * table.num_rows, pa.date32())
    return table.append_column(typed.DAY, days).select(typed.landed_schema(stream).names)


def _measure(landing: Landing, stream: Stream, tally: Tally) -> dict[str, Any]:
    """Rows per day, sums of control columns and repeated keys, over the written parts."""
    if not tally.files:
        return {"days": {}, "sums": {name: "0" for name in stream.control}, "repeated": None}
    keys = ", ".join(f'"{stream.column(name).landed_name}"' for name in stream.key)
    dataset = pq.ParquetDataset(
        [landing.path(file.name) for file in tally.files], filesystem=landing.fs
    ).read(
        columns=sorted(
            {stream.column(n).landed_name for n in (*stream.key, *stream.control)} | {typed.DAY}
        )
    )
    con = duckdb.connect()
    con.register("rows", dataset)
    days = con.execute("select _day::varchar, count(*) from rows group by 1 order by 1").fetchall()
    sums = {
        name: str(con.execute(f'select coalesce(sum("{name}"), 0) from rows').fetchone()[0])
        for name in stream.control
    }
    repeated = con.execute(
        f"select {keys}, count(*) from rows group by all having count(*) > 1 limit 1"
    ).fetchone()
    con.close()
    return {"days": dict(days), "sums": sums, "repeated": repeated}


def _write_file(landing: Landing, name: str, table: pa.Table) -> LandedFile:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    content = sink.getvalue().to_pybytes()
    landing.fs.pipe_file(landing.path(name), content)
    return LandedFile(name, table.num_rows, hashlib.sha256(content).hexdigest())


def _day_accounts(landed: dict[str, int], aside: list[SetAside]) -> tuple[DayAccount, ...]:
    counts = {date.fromisoformat(day): count for day, count in landed.items()}
    lost = Counter(row.day for row in aside)
    return tuple(
        DayAccount(day, counts.get(day, 0) + lost[day], counts.get(day, 0), lost[day], None, None)
        for day in sorted({*counts, *lost}, key=lambda day: day or date.max)
    )


def _write_set_aside(landing: Landing, folder: str, load_id: str, aside: list[SetAside]) -> None:
    if aside:
        table = pa.Table.from_pylist([row.__dict__ for row in aside], SET_ASIDE)
        with landing.fs.open(landing.path(f"{folder}/{load_id}.set_aside.parquet"), "wb") as handle:
            pq.write_table(table, handle)
