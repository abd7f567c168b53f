"""The GA4 day tables as they stand at a moment of the virtual clock."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

import duckdb

from sandbox.bigquery_export import DAILY_AT, instants, met_events, nested_rows
from sandbox.desk import Desk
from sandbox.vendors.bigquery_rows import page_select
from sandbox.vendors.bigquery_schema import DAILY, INTRADAY, Node

KEPT_WEEKS = 2
#: Answers kept for who asks again, and how long one may be: a hundred megabytes at most.
KEPT_ANSWERS, LONGEST_KEPT = 200, 500_000

_lock = threading.Lock()


@dataclass
class _Kept:
    """Of one desk: weeks of events, what was answered of them, and which of them is nested."""

    con: duckdb.DuckDBPyConnection
    weeks: OrderedDict[date, str] = field(default_factory=OrderedDict)
    answers: OrderedDict[tuple[object, ...], Any] = field(default_factory=OrderedDict)
    nested_of: tuple[object, ...] = ()


_kept: WeakKeyDictionary[Desk, _Kept] = WeakKeyDictionary()


@dataclass(frozen=True)
class Table:
    """One day's table as it stands at a moment of the virtual clock."""

    name: str
    day: date
    nodes: tuple[Node, ...]

    @property
    def is_intraday(self) -> bool:
        return self.nodes is INTRADAY


def day_tables(desk: Desk) -> dict[str, Table]:
    """Every table that exists now, by name."""
    span = desk.rows("select min(event_at) as first, max(event_at) as last from ga4_events")[0]
    now = desk.now
    found = {}
    day = (span["first"] + timedelta(hours=1)).date()  # the first local day
    while day <= span["last"].date():
        since, _ = instants(day, day + timedelta(days=1))
        midnight = datetime.combine(day, datetime.min.time())
        if now >= midnight + DAILY_AT:
            found[f"events_{day:%Y%m%d}"] = Table(f"events_{day:%Y%m%d}", day, DAILY)
        elif now > since:
            name = f"events_intraday_{day:%Y%m%d}"
            found[name] = Table(name, day, INTRADAY)
        day += timedelta(days=1)
    return found


def count_rows(desk: Desk, table: Table) -> int:
    return _answer(desk, table, lambda events: f"select count(*) from {events}")


def read_page(
    desk: Desk, table: Table, nodes: tuple[Node, ...], first: int, size: int
) -> str | None:
    """`size` of the table's rows from the row `first` on, as tabledata.list spells them."""
    return _answer(desk, table, lambda events: page_select(events, nodes, first, size))


def read_arrow(desk: Desk, table: Table, nodes: tuple[Node, ...]) -> Any:
    """All of the table's rows as nested Arrow.

    A week is nested at once: making DuckDB's plan of all those fields takes longer than a day's
    rows do.
    """
    with _lock:
        kept, week = _week(desk, table.day)
        asked = (week, desk.now, nodes)
        if kept.nested_of != asked:
            rows = nested_rows(f"(from {week} where known_at <= $now)", nodes, "event_at")
            kept.con.execute(f"create or replace table nested as {rows}", {"now": desk.now})
            kept.nested_of = asked
        since, until = instants(table.day, table.day + timedelta(days=1))
        return kept.con.execute(
            "select * exclude (event_at) from nested"
            " where event_at >= $since and event_at < $until",
            {"since": since, "until": until},
        ).to_arrow_table()


def _answer(desk: Desk, table: Table, query_of: Callable[[str], str]) -> Any:
    """The one value of a query over the table's events that are known now."""
    since, until = instants(table.day, table.day + timedelta(days=1))
    with _lock:
        kept, week = _week(desk, table.day)
        events = (
            f"(from {week} where event_at >= $since and event_at < $until and known_at <= $now)"
        )
        bounds = {"since": since, "until": until, "now": desk.now}
        answers = kept.answers
        asked = (*bounds.values(), query := query_of(events))
        if asked not in answers:
            [answer] = kept.con.execute(query, bounds).fetchone() or (None,)
            if len(str(answer)) > LONGEST_KEPT:
                return answer
            answers[asked] = answer
            if len(answers) > KEPT_ANSWERS:
                answers.popitem(last=False)
        return answers[asked]


def _week(desk: Desk, day: date) -> tuple[_Kept, str]:
    """What is kept of a desk, and the table that holds the week of a day.

    A week of events is kept in memory: pages are asked for day by day, and reading the world's
    file for each would cost more than the answer.
    """
    monday = day - timedelta(days=day.weekday())
    if desk not in _kept:
        # One page is one task: a second thread would only wait for it, busily.
        _kept[desk] = _Kept(duckdb.connect(config={"threads": 1}))
    con, weeks = _kept[desk].con, _kept[desk].weeks
    if monday not in weeks:
        weeks[monday] = f"week_{monday:%Y%m%d}"
        _keep_week(desk, con, monday, weeks[monday])
    weeks.move_to_end(monday)
    while len(weeks) > KEPT_WEEKS:
        con.execute(f"drop table {weeks.popitem(last=False)[1]}")
    return _kept[desk], weeks[monday]


def _keep_week(desk: Desk, con: duckdb.DuckDBPyConnection, monday: date, name: str) -> None:
    since, until = instants(monday, monday + timedelta(days=7))
    week = desk.table(
        met_events("(from ga4_events where event_at >= $since and event_at < $until)"),
        since=since,
        until=until,
    )
    con.register("week", week)
    con.execute(f"create table {name} as from week")
    con.unregister("week")
