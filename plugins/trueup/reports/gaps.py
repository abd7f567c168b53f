"""What the mart lacks: rows set aside, loads that are not used, days nobody has landed.

Read from the published mart where it says so, from the manifests of the landing otherwise.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import duckdb

from trueup.company.workspace import Workspace
from trueup.gates.findings import counted
from trueup.landing import described
from trueup.landing.landed import cause_of
from trueup.landing.manifest import Refusal, is_over

#: A reason is shown as far as it fits on a line.
REASON_LENGTH = 90

SET_ASIDE = """
select source, stream, reason, is_lost, sum(row_count)::bigint, sum(amount_local),
    coalesce(currency_code, '')
from health.fct_set_aside group by all
"""
WAITING = """
select source || '.' || stream, sum(waiting_rows)::bigint
from health.fct_row_accounts group by all having sum(waiting_rows) > 0 order by all
"""
STALE = """
select source, coalesce(account_id, ''), min(landed_through)
from health.fct_freshness where is_stale group by all order by all
"""
MISSING = """
select source, coalesce(account_id, ''), string_agg(distinct stream, ', ' order by stream),
    min(first_date), max(last_date)
from health.fct_missing_days group by all order by all
"""


def set_aside(work: Workspace) -> list[str]:
    """Rows set aside: a line for each stream, and in it for what is lost and what another row
    stands in for, and for rows whose day has not come. Money of two currencies is never added."""
    return [*_rows(work), *_waiting(work)]


def missing(work: Workspace) -> list[str]:
    """Loads set aside or refused, what has not landed the newest day, and the days accounts lack:
    a line for each."""
    return [*_loads(work), *_days(work)]


def _days(work: Workspace) -> list[str]:
    if not work.state.mart.exists():
        return []
    with duckdb.connect(str(work.state.mart), read_only=True) as con:
        stale = con.execute(STALE).fetchall()
        gaps = con.execute(MISSING).fetchall() if _has(con, "fct_missing_days") else []
    lines = [
        f"STALE: {_named(source, account)} has landed through {through}"
        if through
        else f"STALE: {_named(source, account)} has never landed"
        for source, account, through in stale
    ]
    return lines + [
        f"MISSING: {_named(source, account)}: {streams} from {first} to {last}"
        for source, account, streams, first, last in gaps
    ]


def _rows(work: Workspace) -> Iterator[str]:
    found: dict[tuple[str, bool], tuple[Counter[str], dict[str, Decimal]]] = {}
    for source, stream, reason, is_lost, rows, amount, currency in _reasons(work):
        key = (f"{source}.{stream}", not is_lost)
        reasons, amounts = found.setdefault(key, (Counter(), {}))
        reasons[reason] += rows
        if amount is not None:
            amounts[currency] = amounts.get(currency, Decimal(0)) + amount
    for (name, is_replaced), (reasons, amounts) in sorted(found.items()):
        (reason, count), *others = reasons.most_common()
        money = "".join(
            f", {amount:,.2f} {currency}".rstrip() for currency, amount in sorted(amounts.items())
        )
        top = textwrap.shorten(reason, REASON_LENGTH, placeholder=" …")
        top += f" ({counted(count)})" if others else ""
        fate = "without a loss" if is_replaced else "lost"
        yield f"set aside: {name}: {counted(sum(reasons.values()))} {fate}{money}: {top}"


def _waiting(work: Workspace) -> list[str]:
    if not work.state.mart.exists():
        return []
    with duckdb.connect(str(work.state.mart), read_only=True) as con:
        if not _has(con, "fct_row_accounts", "waiting_rows"):  # a mart of before it said so
            return []
        found = con.execute(WAITING).fetchall()
    return [f"waiting: {name}: {counted(rows)} of days after the mart's" for name, rows in found]


def _reasons(work: Workspace) -> list[tuple[str, str, str, bool, int, Decimal | None, str]]:
    """Rows and money set aside, by source, stream, reason, whether they are lost, and currency."""
    if work.state.mart.exists():
        with duckdb.connect(str(work.state.mart), read_only=True) as con:
            if _has(con, "fct_set_aside"):
                return con.execute(SET_ASIDE).fetchall()
    return [
        (
            entry.source, entry.stream, str(row["reason"]), bool(row["is_lost"]), 1,
            row["amount"], row.get("currency_code") or "",
        )
        for entry, _, row in described.rows(work)
    ]  # fmt: skip


def _loads(work: Workspace) -> Iterator[str]:
    """Loads that a gate or a person set aside, or intake refused, until their days land again."""
    markers = work.landing.rejected()
    for source, stream in _streams(work):
        aside = work.landing.set_aside_loads(source, stream) if markers else []
        for load in aside:
            if not is_over(load, [*work.landing.loads(source, stream), *aside]):
                why = markers[load.load_id]["why"]
                yield f"load set aside: {load.load_id} {source}.{stream} {load.window}: {why}"
    yield from _refused(work)


def _refused(work: Workspace) -> Iterator[str]:
    """A line for all that one thing kept from landing."""
    by_cause: dict[tuple[str, str, str], list[Refusal]] = {}
    for source, stream in _streams(work):
        for refusal in work.landing.refusals(source, stream):
            cause = cause_of(refusal.error)
            by_cause.setdefault((source, refusal.account, cause), []).append(refusal)
    for (source, account, cause), alike in by_cause.items():
        streams = ", ".join(sorted({one.stream for one in alike}))
        windows = sorted({str(one.window) for one in alike})
        more = f" and {len(windows) - 1} more windows" if len(windows) > 1 else ""
        error = alike[0].error if len(alike) == 1 else cause
        yield f"load refused: {_named(source, account)} {streams} {windows[0]}{more}: {error}"


def _streams(work: Workspace) -> Iterator[tuple[str, str]]:
    for source in sorted(work.company.sources):
        for stream in work.company.module(source).streams:
            yield source, stream.name


def _named(source: str, account: str) -> str:
    return f"{source} ({account})" if account else source


def _has(con: duckdb.DuckDBPyConnection, table: str, column: str | None = None) -> bool:
    return bool(
        con.execute(
            "select 1 from information_schema.columns where table_schema = 'health'"
            " and table_name = $table and column_name = coalesce($column, column_name)",
            {"table": table, "column": column},
        ).fetchone()
    )
