"""The scale of the amounts of loads, against what was landed before: scale.py and tax.py say how.

Of spend the price of a click is compared, for budgets may do as they like. Currencies are judged
each on its own. What a person restored after it was held for its scale is the scale from then on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import duckdb

from trueup.gates import scale
from trueup.gates.findings import Finding, Verdict
from trueup.gates.intake_rows import Subject
from trueup.gates.scale import Shift
from trueup.gates.tax import taxed
from trueup.landing.manifest import Load
from trueup.landing.store import Landing, winners
from trueup.landing.typed import DAY
from trueup.scratch import scratch
from trueup.sources.contract import Stream

CHECK = "scale of amounts"
RUNBOOK = "docs/runbook.md#scale"
WHY = "Amounts are of another scale than they were"
CURRENCY, CLICKS = "currency_code", "clicks"
#: How far back amounts are compared, before the first day that is judged.
HISTORY = timedelta(days=90)
#: So many rows of a day and currency say what its amounts are like.
ROWS_OF_A_DAY = 100
#: Shapes whose amounts are prices: a tax on top of them shows.
PRICED = ("orders", "bookings", "order_money")

#: Rows before (`was`) and judged (`is_new`), each key once on either side.
ROWS = """
create or replace temp table amounts as
select
    hash({key}) as key, {day} as day, {code} as code, abs({value})::double as value,
    list_contains($new, parse_filename(filename)) as is_new
from read_parquet($files, filename = true, union_by_name = true)
where {value} <> 0 and {day} >= $since
qualify row_number() over (
    partition by hash({key}), code, is_new order by parse_filename(filename) desc) = 1
"""
PAIRS = """
select was.code, now.day, was.value, now.value
from amounts as now
inner join amounts as was on now.key = was.key and was.code is not distinct from now.code
where now.is_new and not was.is_new
qualify row_number() over (partition by was.code order by was.key) <= 2000
"""
VALUES = """
select code, day, value, is_new from amounts as one
where not is_new or not exists (
    select 1 from amounts as was where not was.is_new and was.key = one.key)
qualify row_number() over (partition by code, day, is_new order by key) <= $most
order by code, day
"""


@dataclass(frozen=True)
class Amounts:
    """A currency's amounts: of rows that came again, and of rows before and new ones."""

    pairs: list[tuple[date, float, float]] = field(default_factory=list)
    before: list[scale.Value] = field(default_factory=list)
    new: list[scale.Value] = field(default_factory=list)


def findings(
    landing: Landing,
    stream: Stream,
    loads: Sequence[Load],
    subject: Subject,
    accepted: Mapping[str, date],
) -> tuple[list[Finding], list[str]]:
    """What the amounts of one account's or feed's loads show, and the loads to hold. `accepted`
    says of loads that were held and restored since when their scale is the right one."""
    found: list[Finding] = []
    held: set[str] = set()
    if not stream.money or stream.kind == "snapshot":
        return [], []
    for code, amounts in _read(landing, stream, loads, accepted).items():
        for shift in _shifts(stream, amounts):
            is_held = shift.outcome == "hold" and not subject.is_witness
            found.append(_finding(subject, stream, code, shift, is_held))
            if is_held:
                held |= {
                    load.load_id
                    for load in loads
                    if load.files and load.since <= shift.last and shift.since < load.until
                }
    return found, sorted(held)


def accepted_since(verdicts: Sequence[Verdict], aside: Collection[str]) -> dict[str, date]:
    """Of loads that a gate held for their scale and that are not `aside` any more: since when."""
    return {
        load_id: finding.since_date
        for verdict in verdicts
        for finding in verdict.findings
        if finding.check_name == CHECK and finding.since_date
        for load_id in verdict.held_loads
        if load_id not in aside
    }


def _shifts(stream: Stream, amounts: Amounts) -> Iterator[Shift]:
    """What was found of one currency: what came again tells best, and then once."""
    if again := scale.restated(amounts.pairs):
        yield again
        return
    if found := scale.shifted(amounts.before, amounts.new):
        newest = found[-1]
        rows = sum(one.rows for one in found)
        yield Shift(
            newest.factor, newest.outcome, found[0].since, newest.last, rows, newest.because
        )
    elif stream.shape in PRICED and amounts.new:
        if tax := taxed([*amounts.before, *amounts.new]):
            yield tax


def _read(
    landing: Landing, stream: Stream, loads: Sequence[Load], accepted: Mapping[str, date]
) -> dict[str, Amounts]:
    """The amounts of `loads` and of what was in force before them, by currency."""
    if not (judged := [load for load in loads if load.files and load.row_count]):
        return {}
    first = judged[0]
    since = max(load.window.last_day for load in judged) - HISTORY
    others = [
        load
        for load in landing.loads(first.source, stream.name, since=since)
        if load.account == first.account and load.load_id not in {one.load_id for one in loads}
    ]
    before = [load for load, _ in winners(others)] if stream.kind == "day" else others
    begins = [accepted[load.load_id] for load in [*others, *judged] if load.load_id in accepted]
    new = [file.name for load in judged for file in load.files]
    old = [file.name for load in before for file in load.files]
    with scratch() as con:
        landing.attach_to(con)
        con.execute(
            _rows_sql(stream, set(first.columns)),
            {
                "files": [landing.url(name) for name in [*old, *new]],
                "new": [name.rpartition("/")[2] for name in new],
                "since": max([since, *begins]),
            },
        )
        return _by_currency(con)


def _rows_sql(stream: Stream, columns: set[str]) -> str:
    """The table of one row per key, day and currency; of clicks, what each cost."""
    value = f'"{stream.money}"'
    if CLICKS in columns:
        value = f"({value}::double / nullif({CLICKS}, 0))"
    key = ", ".join(f'"{name}"' for name in stream.key)
    return ROWS.format(
        key=f"concat_ws('|', {key})",
        day=DAY,
        code=CURRENCY if CURRENCY in columns else "null::varchar",
        value=value,
    )


def _by_currency(con: duckdb.DuckDBPyConnection) -> dict[str, Amounts]:
    found: dict[str, Amounts] = {}
    for code, day, was, now in con.execute(PAIRS).fetchall():
        found.setdefault(code or "", Amounts()).pairs.append((day, was, now))
    for code, day, amount, is_new in con.execute(VALUES, {"most": ROWS_OF_A_DAY}).fetchall():
        of_code = found.setdefault(code or "", Amounts())
        (of_code.new if is_new else of_code.before).append((day, amount))
    return found


def _finding(subject: Subject, stream: Stream, code: str, shift: Shift, is_held: bool) -> Finding:
    of_click = " a click" if any(column.name == CLICKS for column in stream.columns) else ""
    return Finding(
        gate=subject.gate,
        check_name=CHECK,
        table_name=subject.table_name,
        severity="critical" if is_held else "warning",
        verdict="hold" if is_held else "warn",
        checked_at=subject.at,
        signal=f"{stream.money}{of_click}",
        segment=subject.segment,
        why=WHY,
        observed=f"{shift.rows:,} rows{f' in {code}' if code else ''} are {shift.times} what they"
        f" were ({shift.because}): {shift.meaning}",
        since_date=shift.since,
        affected_rows=shift.rows,
        currency_code=code,
        runbook=RUNBOOK,
    )
