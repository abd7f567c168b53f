"""Every parameter of the world can change on a day, where it is said and nowhere else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from math import log
from pathlib import Path

import duckdb
import pytest

from sandbox import world
from sandbox.world import Change, Parameters, cuts, ga4, read_changes
from sandbox.world.dated import Course, Sway
from sandbox.world.days import Span
from sandbox.world.generate import tell
from sandbox.world.storage import describe
from sandbox.world.tables import TABLES
from unit.world_breaks import BREAKS, DAY, END, VIEWS
from unit.world_shifts import MOVED, SHIFTS

SPAN = Span(start=date(2026, 8, 1), until=date(2026, 9, 12), scale=0.6, seed=7)
TINY = replace(SPAN, until=date(2026, 8, 20), scale=0.05)


def _world(span: Span, changes: tuple[Change, ...] = ()) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'; set enable_progress_bar = false")
    tell(con, span, Course(Parameters(), changes))
    for number, chunk in enumerate(ga4.tell_events(con)):
        con.execute(
            f"insert into ga4_events from {chunk}"
            if number
            else f"create table ga4_events as from {chunk}"
        )
    return con


@pytest.fixture(scope="module")
def whole() -> Iterator[duckdb.DuckDBPyConnection]:
    with _world(SPAN) as con:
        yield con


@pytest.fixture(scope="module")
def broken() -> Iterator[duckdb.DuckDBPyConnection]:
    with _world(SPAN, BREAKS) as con:
        yield con


@pytest.fixture(scope="module")
def shifted() -> Iterator[duckdb.DuckDBPyConnection]:
    with _world(SPAN, SHIFTS) as con:
        yield con


def _inside_and_outside(
    con: duckdb.DuckDBPyConnection, rows: str, end: date | None
) -> tuple[float, tuple]:
    last = f"and instant::date < date '{end}'" if end else ""
    inside, *outside = con.sql(f"""
        with judged as (
            select *, inside and instant::date >= date '{DAY}' {last} as hit from ({rows})
        )
        select coalesce(sum(amount) filter (hit), 0)::double, count(*) filter (not hit),
            bit_xor(hash(key, instant::date, amount::double)) filter (not hit)
        from judged
    """).fetchone()
    return inside, tuple(outside)


@pytest.mark.parametrize(
    ("parameter", "whose", "end", "becomes", "rows"),
    VIEWS,
    ids=[f"{parameter}-{whose}" for parameter, whose, *_ in VIEWS],
)
def test_a_change_moves_what_it_should_from_its_day_on_and_nothing_else(
    whole: duckdb.DuckDBPyConnection,
    broken: duckdb.DuckDBPyConnection,
    parameter: str,
    whose: str,
    end: date | None,
    becomes: tuple[float, float],
    rows: str,
) -> None:
    before, outside = _inside_and_outside(whole, rows, end)
    after, still_outside = _inside_and_outside(broken, rows, end)
    assert before > 0, "nobody is there to be moved"
    assert becomes[0] <= after / before <= becomes[1], (before, after)
    assert still_outside == outside


@pytest.mark.parametrize(
    ("parameter", "whose", "of", "becomes", "rows"),
    MOVED,
    ids=[f"{parameter}-{whose}" for parameter, whose, *_ in MOVED],
)
def test_a_change_of_who_comes_or_what_they_do_is_of_its_segment_and_its_days(
    whole: duckdb.DuckDBPyConnection,
    shifted: duckdb.DuckDBPyConnection,
    parameter: str,
    whose: str,
    of: str,
    becomes: tuple[float, float],
    rows: str,
) -> None:
    measure = {"sum": "sum(amount)", "mean": "avg(amount)"}[of]
    (inside, _, early), (moved, count, still) = (
        con.sql(f"""
            select coalesce({measure} filter (inside and instant >= date '{DAY}'), 0), count(*),
                {measure} filter (inside and instant < date '{DAY}')
            from ({rows})
        """).fetchone()
        for con in (whole, shifted)
    )
    assert count and inside, "nobody is there to be moved"
    assert becomes[0] <= float(moved) / float(inside) <= becomes[1], (inside, moved)
    assert 0.55 <= float(still) / float(early) <= 1.6, (early, still)


def test_a_change_that_never_comes_leaves_every_table_as_it_is() -> None:
    never = date(2030, 1, 1)
    changes = tuple(
        Change(
            name, never, where={cuts.OPTIONS.get(name, key): option for key in keys[:1]}, value=1
        )
        for name, keys in cuts.CUTS.items()
        for option in [_some_option(name)]
    )
    assert len(changes) == len(cuts.CUTS)
    with _world(TINY) as plain, _world(TINY, changes) as dated:
        for table in TABLES:
            columns = ", ".join(f'"{name}"' for name in plain.table(table).columns)
            digest = f"select count(*), bit_xor(hash({columns})) from {table}"
            assert dated.sql(digest).fetchone() == plain.sql(digest).fetchone(), table


def _some_option(weight: str) -> str:
    return {"touch_weight": "email", "product_weight": "hamper", "country_weight": "PT"}.get(
        weight, "mobile"
    )


def test_every_parameter_can_be_dated_or_says_why_not() -> None:
    names = {field.name for field in fields(Parameters)} | set(cuts.COMPUTED)
    assert set(cuts.CUTS) | set(cuts.FIXED) == names
    assert not set(cuts.CUTS) & set(cuts.FIXED)


#: Where the level before any change is meant: what platforms are sent as a lead's worth, and
#: around what the day's capture wanders.
UNDATED = {
    "qualified_share": 1, "purchase_tag_loss": 4, "blocked_visit_share": 4,
    "wedding_lead_value": 1, "event_lead_value": 1,  # bands.py
    "ads_consent_given_analytics": 1, "ads_consent_given_refusal": 1,  # who people are
}  # fmt: skip


def test_chapters_ask_for_what_holds_then_and_there() -> None:
    """Each call of a parameter gives the moment first, then what it can be cut by, in order."""
    code = ""
    for path in sorted(Path(world.__file__).parent.glob("*.py")):
        if path.name not in ("dated.py", "cuts.py", "parameters.py"):
            code += path.read_text(encoding="utf-8")
    code = re.sub(r"\{(\w+_COLUMNS)\}", lambda found: getattr(cuts, found[1], "?"), code)
    undated: dict[str, int] = {}
    for name, given in re.findall(r"\b(\w+)\(([^()]*)\)", code):
        known = ("", *cuts.CUTS[name]) if name in cuts.CUTS else ()
        if known and not given:
            undated[name] = undated.get(name, 0) + 1
        elif known and "?" not in given and "{" not in given:
            said = [one.strip() for one in given.split(",")]
            assert len(said) == len(known), f"{name}({given})"
            for word, cut in zip(said[1:], known[1:], strict=True):
                column = {"action": "goal", "tag": "'"}.get(cut, cut)
                assert column in word, f"{name}({given}): {word} is no {cut}"
    assert undated == UNDATED


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"parameter": "luck", "value": 1}, "no parameter that can change"),
        ({"parameter": "day_noise", "value": 1}, "no parameter that can change"),
        ({"parameter": "refund_share"}, "either a value or a factor"),
        ({"parameter": "refund_share", "value": 1, "factor": 2}, "either a value or a factor"),
        ({"parameter": "refund_share", "value": 1.5}, "cannot be 1.5"),
        ({"parameter": "refund_share", "factor": -1}, "cannot be -1"),
        ({"parameter": "refund_share", "value": 1, "where": {"tag": "lead"}}, "not by {'tag'}"),
        ({"parameter": "till_share", "value": 1, "where": {"region": "UK"}}, "cut by nothing"),
        ({"parameter": "device_weight", "factor": 2}, "say of which device"),
        ({"parameter": "refund_share", "value": 1, "until": DAY}, "is not after"),
        ({"parameter": "refund_share", "value": 1, "where": {"region": "Mars"}}, "Mars"),
    ],
)
def test_a_change_that_could_not_be_felt_is_refused(given: dict, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        Change(since=DAY, **given)


def test_changes_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "breaks.json"
    listed = [
        {"parameter": "purchase_tag_loss", "since": "2026-08-22", "until": "2026-09-05",
         "where": {"tag": "purchase", "browser": ["Safari", "Chrome"]}, "value": 0.5},
        {"parameter": "orders_per_day", "since": "2026-08-22", "factor": 2},
    ]  # fmt: skip
    file.write_text(json.dumps(listed))
    assert read_changes(file) == (
        Change("purchase_tag_loss", DAY, END, {"tag": "purchase", "browser": ["Safari", "Chrome"]},
               value=0.5),
        Change("orders_per_day", DAY, factor=2),
    )  # fmt: skip


def test_a_world_with_a_change_is_another_world() -> None:
    changed = Course(Parameters(), (Change("till_share", DAY, value=0),))
    assert describe(SPAN, changed) != describe(SPAN, Course(Parameters()))


def test_what_is_drawn_one_by_one_holds_then_and_there() -> None:
    """Rooms are drawn booking by booking: the day before, elsewhere, and where both fit."""
    day, before = date(2026, 9, 10), date(2026, 9, 9)
    course = Course(
        Parameters(),
        (
            Change("room_no_show_share", day, where={"source": "s-4"}, value=0.5),
            Change("room_no_show_share", day, where={"room_type": "rt-*"}, factor=3),
            Change("room_bookings_per_day", day, date(2026, 9, 12), factor=0.5),
        ),
        (Sway("room_lead_days", day, (0.0, log(2.0))),),
    )
    agency, suite = {"source": "s-4", "room_type": "x"}, {"source": "s-4", "room_type": "rt-4"}
    assert course.at("room_no_show_share", before, suite) == 0.02
    assert course.at("room_no_show_share", day, {"source": "s-1", "room_type": "x"}) == 0.02
    assert course.at("room_no_show_share", day, agency) == 0.5
    assert course.at("room_no_show_share", day, suite) == 1.0
    assert [course.at("room_bookings_per_day", date(2026, 9, n)) for n in (9, 10, 11, 12)] == [
        12.0, 6.0, 6.0, 12.0,
    ]  # fmt: skip
    assert [course.at("room_lead_days", date(2026, 9, n)) for n in (9, 10, 11, 12)] == [
        14.0, 14.0, 28.0, 14.0,
    ]  # fmt: skip
