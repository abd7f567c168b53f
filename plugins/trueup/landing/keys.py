"""Keys that come more than once in a load: one row of each is used, the others are set aside.

Identical rows collapse. Of different rows of one key the last is used, of a `changes` stream the
one with the newest cursor; streams whose rows add up know no repeated key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa

from trueup.landing import typed
from trueup.landing.held import CURRENCY
from trueup.landing.store import Landing
from trueup.landing.typed import DAY
from trueup.landing.values import SUM
from trueup.landing.writer import Part, Writer, place_of
from trueup.scratch import scratch
from trueup.sources.contract import SetAside, Stream
from trueup.sources.pages import AsideKind

LANDED = "read_parquet($files, filename = true, file_row_number = true)"


@dataclass(frozen=True)
class Repeat:
    """A row whose key another one has too, and what is kept of it."""

    part: Part
    row: int
    cursor: Any
    cells: tuple[int, ...]
    day: date
    amount: Decimal | None
    currency_code: str | None
    sums: dict[str, Decimal]

    @property
    def position(self) -> int | str:
        return self.part.position(self.row)


@dataclass(frozen=True)
class Dropped:
    """A row taken out of the load, as it is listed, and its part in the vendor's totals."""

    listed: SetAside
    sums: dict[str, Decimal]
    position: int | str


def collapse(landing: Landing, stream: Stream, writer: Writer) -> list[Dropped]:
    """Leave one row of every key in the files of `writer`; the others, in the order they came."""
    if stream.add_up or not writer.parts:
        return []
    dropped = []
    rows: dict[str, tuple[Part, set[int]]] = {}
    for group in _repeated(landing, stream, writer.parts):
        used = group[-1]
        for one in group[:-1]:
            rows.setdefault(one.part.file.name, (one.part, set()))[1].add(one.row)
            dropped.append(_dropped(stream, one, used))
    for part, places in rows.values():
        writer.drop(part, places)
    return dropped


def with_stand_ins(
    landing: Landing, stream: Stream, writer: Writer, aside: list[SetAside]
) -> list[SetAside]:
    """The rows of `aside`, those of which another row of the same key landed as not lost."""
    keyed = [(index, *row.key) for index, row in enumerate(aside) if row.is_lost and row.key]
    if not keyed or not writer.parts:
        return aside
    standing = _landed_keys(landing, stream, writer, keyed)
    shown = ", ".join(name for name in stream.key if name != "feed")
    return [
        replace(
            row,
            reason=f"{row.reason}; another row of the same {shown} is used",
            kind="duplicate",
            is_lost=False,
        )
        if index in standing
        else row
        for index, row in enumerate(aside)
    ]


def _landed_keys(
    landing: Landing, stream: Stream, writer: Writer, keyed: list[tuple[Any, ...]]
) -> set[int]:
    """The first value of those of `keyed` whose further ones are the key of a row that landed."""
    names = [stream.column(name).landed_name for name in stream.key]
    types = [typed.landed_schema(stream).field(name).type for name in names]
    cells = [list(cell) for cell in zip(*keyed, strict=True)]
    arrays = map(pa.array, cells, [pa.int64(), *types])
    using = ", ".join(f'"{name}"' for name in names)
    with scratch() as con:
        landing.attach_to(con)
        con.register("wanted", pa.table(list(arrays), names=["_index", *names]))
        found = con.execute(
            f"select _index from wanted semi join {LANDED} using ({using})",
            {"files": [landing.url(part.file.name) for part in writer.parts]},
        ).fetchall()
    return {index for (index,) in found}


def _dropped(stream: Stream, one: Repeat, used: Repeat) -> Dropped:
    names = ", ".join(stream.key)
    kind: AsideKind = "conflict"
    # Which row it is stands beside the reason, so that rows of one reason are counted together.
    is_used = f"used: {place_of(used.position)}"
    if one.cells == used.cells:
        reason, kind = "the same row as another", "duplicate"
    else:
        rule = f"the newest {stream.cursor}" if stream.kind == "changes" else "the last"
        reason = f"the same {names} as another row, which is used: {rule}"
        is_used += f", which differs in {', '.join(_unlike(stream, one, used))}"
    listed = SetAside(
        place_of(one.position), reason, is_used, one.day, one.amount, kind, is_lost=False,
        currency_code=one.currency_code, used_amount=used.amount,
    )  # fmt: skip
    return Dropped(listed, one.sums, one.position)


def _unlike(stream: Stream, one: Repeat, used: Repeat) -> list[str]:
    """The columns in which two rows of one key differ."""
    names = [*(column.name for column in stream.columns), "columns that are not declared"]
    cells = zip(names, one.cells, used.cells, strict=True)
    return [name for name, was, is_used in cells if was != is_used]


def _repeated(landing: Landing, stream: Stream, parts: list[Part]) -> Iterable[list[Repeat]]:
    """The rows of every key that comes more than once, the one that is used last."""
    by_url = {landing.url(part.file.name): part for part in parts}
    keys = ", ".join(f'"{stream.column(name).landed_name}"' for name in stream.key)
    with scratch() as con:
        landing.attach_to(con)
        one = f"select 1 from {LANDED} group by {keys} having count(*) > 1 limit 1"
        if not con.execute(one, {"files": list(by_url)}).fetchone():
            return []
        return _groups(con, stream, keys, by_url)


def _groups(
    con: duckdb.DuckDBPyConnection, stream: Stream, keys: str, by_url: dict[str, Part]
) -> Iterable[list[Repeat]]:
    amounts = [*stream.control, *([stream.money] if stream.money else [])]
    columns = ", ".join(f'"{name}"::{SUM}' for name in amounts)
    cursor = f'"{stream.cursor}"' if stream.kind == "changes" else "null"
    names = [column.landed_name for column in stream.columns]
    cells = ", ".join(f'hash("{name}")' for name in names)
    currency = CURRENCY if CURRENCY in names else "null"
    found = con.execute(
        f"""
        select
            dense_rank() over (order by {keys}), filename, file_row_number, {cursor},
            [{cells}, hash(_extra)], {currency}, {DAY}{", " + columns if columns else ""}
        from {LANDED}
        qualify count(*) over (partition by {keys}) > 1
        """,
        {"files": list(by_url)},
    ).fetchall()
    order = {url: index for index, url in enumerate(by_url)}
    groups: dict[int, list[Repeat]] = defaultdict(list)
    for key, url, row, at, content, code, day, *sums in sorted(
        found, key=lambda x: (x[0], x[3] or 0, order[x[1]], x[2])
    ):
        known = {name: value or Decimal(0) for name, value in zip(amounts, sums, strict=True)}
        amount = known.get(stream.money) if stream.money else None
        groups[key].append(Repeat(by_url[url], row, at, tuple(content), day, amount, code, known))
    return groups.values()
