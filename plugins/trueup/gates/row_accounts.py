"""What the models left out of each stream: rows that were landed and are in no mart, as they are
lost, or as their day has not come. Their share is of the rows in force: what another load
superseded weighs nothing.

What intake set aside is judged where it lands (intake_rows.py), with the load.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import duckdb

from trueup.gates.findings import Finding, counted, on_build, worst
from trueup.gates.intake_rows import OUTSIDE, SET_ASIDE
from trueup.gates.money import Money, by_currency, named
from trueup.gates.shares import FEW_ROWS, Judged, Part, Tolerance, judge

ACCOUNTS = """
with lost as (
    select
        source, stream, day, sum(row_count)::bigint as lost_rows, mode(reason) as top_reason,
        case when count(amount_local) = count(*) then sum(amount_local) end as lost_money
    from {schema}.fct_set_aside
    where set_by = 'build' and is_lost and row_count > 0
    group by source, stream, day
)
select
    accounts.source, accounts.stream, accounts.day,
    accounts.offered_rows - accounts.superseded_rows,
    coalesce(lost.lost_rows, 0), accounts.offered_money - accounts.superseded_money,
    case when lost.lost_rows is null then 0 else lost.lost_money end,
    accounts.is_witness, lost.top_reason
from {schema}.fct_row_accounts as accounts
left join lost
    on accounts.source = lost.source and accounts.stream = lost.stream
    and accounts.day is not distinct from lost.day
order by accounts.source, accounts.stream, accounts.day
"""
#: So large a share of a stream's rows is more than those of a new day: a year was mistyped, or the
#: mart is far behind what has landed.
LARGE_SHARE = 0.1
WAITING = """
select source, stream, sum(waiting_rows)::bigint as rows,
    sum(offered_rows - superseded_rows)::bigint as offered
from health.fct_row_accounts
group by source, stream
having rows >= $fewest and rows > $share * offered
order by source, stream
"""
MONEY = """
select currency_code, amount_local as amount from health.fct_set_aside
where set_by = 'build' and is_lost and row_count > 0 and source = $source and stream = $stream
"""


@dataclass(frozen=True)
class Stream:
    """A stream's days, and the reason most of its lost rows have."""

    source: str
    stream: str
    is_witness: bool
    parts: tuple[Part, ...]
    top_reason: str

    @property
    def name(self) -> str:
        return f"{self.source}.{self.stream}"


def findings(
    con: duckdb.DuckDBPyConnection, published: Path, tolerance: Tolerance, at: datetime
) -> list[Finding]:
    """A finding for each stream of which too much is lost, or waits for its day. What readers see
    as lost already, a person has let pass or a tolerance did: such days warn and hold nothing
    again."""
    known = _published(published)
    lost = [
        finding
        for stream in read(con, "health")
        if (finding := _finding(stream, _money(con, stream), known, tolerance, at)).verdict
        != "pass"
    ]
    return [*lost, *_waiting(con, at)]


def _waiting(con: duckdb.DuckDBPyConnection, at: datetime) -> Iterator[Finding]:
    """A warning for each stream that has many rows of days after the mart's last one."""
    try:
        found = con.execute(WAITING, {"fewest": FEW_ROWS, "share": LARGE_SHARE}).fetchall()
    except duckdb.CatalogException:  # the build has no accounts
        return
    for source, stream, rows, offered in found:
        yield Finding(
            gate="mart",
            check_name="rows waiting",
            table_name=f"{source}.{stream}",
            severity="warning",
            verdict="warn",
            checked_at=at,
            why="Rows are dated after the mart's last day, and are in no mart before it has come",
            observed=f"{rows:,} of {counted(offered)}",
            affected_rows=rows,
            query=on_build(
                "select day, waiting_rows, waiting_money from health.fct_row_accounts"
                f" where source = '{source}' and stream = '{stream}' and waiting_rows > 0"
                " order by day"
            ),
            runbook=OUTSIDE,
        )


def read(con: duckdb.DuckDBPyConnection, schema: str) -> list[Stream]:
    """The accounts of every stream that has lost rows; none where the build has no accounts."""
    try:
        rows = con.execute(ACCOUNTS.format(schema=schema)).fetchall()
    except duckdb.CatalogException:
        return []
    grouped: dict[tuple[str, str], list[tuple[Part, bool, str]]] = {}
    for source, stream, day, offered, lost, money, lost_money, is_witness, reason in rows:
        part = Part(day, offered, lost, money, lost_money)
        grouped.setdefault((source, stream), []).append((part, is_witness, reason or ""))
    return [
        Stream(
            source=source,
            stream=stream,
            is_witness=any(is_witness for _, is_witness, _ in days),
            parts=_whole(part for part, _, _ in days),
            top_reason=max(((part.unused, reason) for part, _, reason in days))[1],
        )
        for (source, stream), days in grouped.items()
        if any(part.unused for part, _, _ in days)
    ]


def _money(con: duckdb.DuckDBPyConnection, stream: Stream) -> Money:
    found = con.execute(MONEY, {"source": stream.source, "stream": stream.stream})
    return by_currency(found.fetch_arrow_table().to_pylist())


def _whole(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Rows that could not be dated may be of any day: their share is that of the whole stream."""
    found = tuple(parts)
    rows = sum(part.rows for part in found)
    return tuple(part if part.day else replace(part, rows=rows) for part in found)


def _finding(
    stream: Stream, money: Money, known: set[tuple[str, Part]], tolerance: Tolerance, at: datetime
) -> Finding:
    judged = judge(stream.parts, tolerance)
    fresh = judge([part for part in stream.parts if (stream.name, part) not in known], tolerance)
    verdict = worst([_warning(judged).outcome, fresh.outcome])
    if stream.is_witness and verdict == "hold":
        verdict = "warn"
    is_of_one = len(money) < 2
    in_all = "" if is_of_one else f", {named(money)}"
    return Finding(
        gate="mart",
        check_name="rows lost",
        table_name=stream.name,
        severity="warning" if stream.is_witness else "critical",
        verdict=verdict,
        checked_at=at,
        why="Rows were landed and are in no mart",
        observed=f"{counted(judged.unused)}, {judged.shares}{in_all}: {stream.top_reason}",
        since_date=judged.since,
        affected_rows=judged.unused,
        affected_amount_local=judged.unused_money if is_of_one else None,
        currency_code="".join(money) if is_of_one else "",
        query=on_build(
            f"from health.fct_set_aside where source = '{stream.source}'"
            f" and stream = '{stream.stream}' and set_by = 'build' and is_lost"
        ),
        runbook=SET_ASIDE,
    )


def _warning(judged: Judged) -> Judged:
    return replace(judged, outcome="warn") if judged.outcome == "hold" else judged


def _published(mart: Path) -> set[tuple[str, Part]]:
    """The days of the published mart that have lost rows, as they stand there."""
    if not mart.exists():
        return set()
    with duckdb.connect(str(mart), read_only=True) as con:
        return {
            (stream.name, part)
            for stream in read(con, "health")
            for part in stream.parts
            if part.unused
        }
