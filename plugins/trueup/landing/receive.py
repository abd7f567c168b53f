"""Pages on their way into a load: counted, typed, and written, set aside or left outside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from trueup.landing import checks, personal_data, row_rules, typed
from trueup.landing.checks import Place
from trueup.landing.manifest import Outside
from trueup.landing.tally import Tally
from trueup.landing.typed import DAY, EXTRA
from trueup.landing.writer import Writer, place_of
from trueup.sources.contract import (
    POSITION,
    Absent,
    ControlTotal,
    Delivered,
    Note,
    Page,
    SetAside,
    Stream,
)

#: After so many rows at fault it is asked whether all are, before the rest is read.
LOOK_AFTER = 1000
Rows: TypeAlias = "list[dict[str, Any]] | pa.Table"


def receive(
    pages: Iterable[Page], hash_key: str, tally: Tally, writer: Writer, place: Place
) -> None:
    """Every page as it comes: counted first, then typed, then written or set aside."""
    money = tally.stream.money
    try:
        for page in pages:
            if isinstance(page, ControlTotal):
                tally.stated.append(page)
            elif isinstance(page, Absent):
                tally.absent.append(page)
                if page.kind != "before":
                    tally.notes.append(page.why)
                if page.kind == "part":
                    tally.lacking.append(page.why)
            elif isinstance(page, Delivered):
                tally.delivered.append(page)
            elif isinstance(page, Note):
                tally.notes.append(page.text)
                if page.doubt:
                    tally.doubts.append(page)
            elif isinstance(page, SetAside):
                tally.offer([page.day])
                tally.set_aside(page)
                tally.add_sums({money: page.amount} if money else {})
            elif len(page):
                _take_page(page, hash_key, tally, writer)
                if sum(tally.faults.values()) > LOOK_AFTER:
                    checks.check_columns(tally, place)
        writer.flush()
    except typed.ColumnProblem as problem:
        raise place.broken(
            f"column {problem.column} is not as declared",
            expected=problem.expected,
            got=problem.got,
            next_step="compare with the vendor's changelog, then change the stream's declaration",
        ) from None


def _take_page(page: Rows, hash_key: str, tally: Tally, writer: Writer) -> None:
    stream = tally.stream
    first = tally.next_row
    positions: Any = pa.array(range(first, first + len(page)), pa.int64())
    declared = {column.name for column in stream.columns} | {EXTRA, POSITION}
    if isinstance(page, pa.Table):
        tally.offer_table(page)
        tally.extra |= set(page.column_names) - declared
        if POSITION in page.column_names:
            positions = page.column(POSITION).combine_chunks()
        table, faults = typed.from_arrow(page, stream, hash_key)
    else:
        tally.offer_dicts(page)
        tally.extra |= {key for row in page for key in row} - declared
        table, faults = typed.from_dicts(page, stream, hash_key)
    for index, fault in sorted(faults.items()):
        tally.faults[fault.column] += 1
        tally.absent_columns[fault.column] += fault.is_absent
        tally.reasons.setdefault(fault.column, fault.reason)
        row = page.slice(index, 1).to_pylist()[0] if isinstance(page, pa.Table) else page[index]
        _set_aside(row, place_of(positions[index].as_py()), fault.reason, tally)
    if faults:
        _check_page(len(page), faults, tally)
        positions = positions.take(typed.kept_rows(len(page), faults))
    _write_within(table, positions, hash_key, tally, writer)


def _check_page(rows: int, faults: typed.Faults, tally: Tally) -> None:
    """A column at fault in nearly every row of an answer is the answer's fault, not the rows'."""
    for column, count in Counter(fault.column for fault in faults.values()).items():
        of_column = [fault for fault in faults.values() if fault.column == column]
        is_absent = rows > 1 and sum(fault.is_absent for fault in of_column) == rows
        is_broken = rows >= checks.BROKEN_MINIMUM_ROWS and count >= checks.BROKEN_SHARE * rows
        if is_absent or is_broken:
            got = "no such column" if is_absent else f"in {count} of {rows} rows of an answer: "
            reason = "" if is_absent else of_column[0].reason
            raise typed.ColumnProblem(column, tally.stream.column(column).type, got + reason)


def _set_aside(row: dict[str, Any], position: str, reason: str, tally: Tally) -> None:
    content = {key: value for key, value in row.items() if key != POSITION}
    tally.add_sums(content)
    amount = tally.amount_of(row)
    tally.set_aside(
        SetAside(
            position,
            reason,
            tally.content_of(content),
            tally.day_of(row),
            amount,
            currency_code=tally.currency_of(row),
            key=tally.key_of(row),
        )  # fmt: skip
    )


def _write_within(
    table: pa.Table, positions: Any, hash_key: str, tally: Tally, writer: Writer
) -> None:
    """Write the rows of the window; of those outside say how many, of which days."""
    stream = tally.stream
    days = _days(table, stream, tally)
    table = table.append_column(DAY, days).select(typed.landed_schema(stream).names)
    if stream.kind == "day" and table.num_rows:
        within = pc.and_(
            pc.greater_equal(days, pa.scalar(tally.window.since)),
            pc.less(days, pa.scalar(tally.window.until)),
        )
        if not pc.all(within).as_py():
            beyond = pc.invert(within)
            _count_outside(table.filter(beyond), positions.filter(beyond), tally)
            table, positions = table.filter(within), positions.filter(within)
    table, positions = _keep_rules(table, positions, tally)
    if table.num_rows:
        writer.add(personal_data.scrubbed(table, stream, hash_key), positions)


def _keep_rules(table: pa.Table, positions: Any, tally: Tally) -> tuple[pa.Table, Any]:
    """The rows that keep the stream's row rules and follow from the last one; the others are set
    aside."""
    stream = tally.stream
    key = [stream.column(name).landed_name for name in stream.key]
    broken = row_rules.broken(table, tally.rules)
    if tally.steadiness:
        broken = tally.steadiness.broken(table) | broken
    for index, reason in broken.items():
        row = table.slice(index, 1).to_pylist()[0]
        day, position = row.pop(DAY), place_of(positions[index].as_py())
        tally.add_sums(row)
        tally.set_aside(
            SetAside(
                position,
                reason,
                tally.content_of(row),
                day,
                tally.amount_of(row),
                currency_code=tally.currency_of(row),
                key=() if stream.add_up else tuple(row[name] for name in key),
            )  # fmt: skip
        )
    if not broken:
        return table, positions
    kept = pa.array([index for index in range(table.num_rows) if index not in broken], pa.int64())
    return table.take(kept), positions.take(kept)


def _days(table: pa.Table, stream: Stream, tally: Tally) -> Any:
    if stream.kind == "day":
        return table.column(str(stream.day)).combine_chunks()
    if stream.kind == "changes":
        days = pc.cast(table.column(str(stream.cursor)), pa.date32(), safe=False).combine_chunks()
        days = pc.min_element_wise(days, pa.scalar(tally.window.last_day))
        return pc.max_element_wise(days, pa.scalar(tally.window.since))
    return pa.array([tally.window.last_day] * table.num_rows, pa.date32())


def _count_outside(table: pa.Table, positions: Any, tally: Tally) -> None:
    days = table.column(DAY)
    bounds = pc.min_max(days).as_py()
    later = pc.sum(pc.greater_equal(days, pa.scalar(tally.window.until))).as_py()
    money = None
    for name in {*tally.stream.control, *filter(None, [tally.stream.money])}:
        found = pc.sum(table.column(name)).as_py()
        total = Decimal(repr(found) if isinstance(found, float) else found or 0)
        if name in tally.stream.control:
            tally.sums[name] = tally.sums.get(name, Decimal(0)) + total
        money = total if name == tally.stream.money else money
    tally.add_outside(Outside(table.num_rows, bounds["min"], bounds["max"], money, later))
    for index in range(min(table.num_rows, tally.outside_room)):
        row = table.slice(index, 1).to_pylist()[0]
        day, position = row.pop(DAY), place_of(positions[index].as_py())
        listed = SetAside(
            position, f"{tally.stream.day} lies outside the window", tally.content_of(row), day,
            tally.amount_of(row), "outside", currency_code=tally.currency_of(row),
        )  # fmt: skip
        tally.list_outside(listed)
