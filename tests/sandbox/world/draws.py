"""Chance, as SQL: the same row always draws the same number.

`draw(id, 'what')` hashes the row's id, the name of the question and the seed into a uniform
number in [0, 1). Draws therefore depend neither on row order nor on threads, and a world of
ten million visits is drawn set-wise. Daily series use numpy Generators (days.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import duckdb

from sandbox.world.cuts import CUTS, OPTIONS
from sandbox.world.dated import Course
from sandbox.world.plans import CURRENCIES, ZONES

MACROS = """
-- hash() alone only XORs its parts together; the outer hash makes two draws independent
create macro draw(id, what) as
    (hash(xor(hash(id::bigint), hash(what || world_seed()))) >> 11)::double
    / 9007199254740992.0;

create macro draw_normal(id, what) as
    sqrt(-2 * ln(1 - draw(id, what || ' radius'))) * cos(2 * pi() * draw(id, what || ' angle'));

create macro draw_integer(id, what, low, high) as
    low + floor(draw(id, what) * (high - low + 1))::bigint;

create macro draw_letters(id, what) as md5(concat(id, what, world_seed()));

create macro row_key(a, b, c) as (hash(concat(a, '|', b, '|', c)) >> 1)::bigint;

-- vendors keep whole seconds; only GA4 counts microseconds
create macro later(instant, seconds) as
    date_trunc('second', instant) + to_seconds(floor(seconds)::bigint);
create macro shortly_after(instant, seconds) as
    instant + to_microseconds(round(seconds * 1000000.0)::bigint);

create macro from_local(zone, local_instant) as timezone('UTC', timezone(zone, local_instant));
create macro local_date(zone, instant) as timezone(zone, timezone('UTC', instant))::date;
create macro reporting_date(instant) as local_date('Europe/Lisbon', instant);
create macro opens_at() as from_local('Europe/Lisbon', first_day()::timestamp);
create macro closes_at() as from_local('Europe/Lisbon', end_day()::timestamp);

-- amounts travel as whole cents and become decimals without touching a float
create macro money(cents) as (cents::decimal(18, 0) * 0.01)::decimal(18, 2);

-- local hours: an evening peak and a broad lunch one
create macro time_of_day(id) as
    to_microseconds((3600e6 * ((
        case when draw(id, 'evening') < 0.6 then 20.0 + 2.2 * draw_normal(id, 'evening hour')
        else 12.5 + 2.8 * draw_normal(id, 'noon hour') end
    + 48) % 24))::bigint);
"""


def define_macros(
    con: duckdb.DuckDBPyConnection, course: Course, frame: Mapping[str, object]
) -> None:
    """Make every parameter and every value of `frame` a macro, then the draws above."""
    course.define(con)
    for name, value in frame.items():
        literal = f"date '{value}'" if isinstance(value, date) else repr(value)
        con.execute(f"create macro {name}() as {literal}")
    con.execute(MACROS)


def define_platforms(con: duckdb.DuckDBPyConnection) -> None:
    """Make macros for the zone and the currency of each platform's account."""
    for name, values in (("zone_of_platform", ZONES), ("currency_of_platform", CURRENCIES)):
        arms = " ".join(f"when '{platform}' then '{value}'" for platform, value in values.items())
        con.execute(f"create macro {name}(p) as case p {arms} end")


def define_choice(
    con: duckdb.DuckDBPyConnection, name: str, mixes: Mapping[str, Mapping[str, float]]
) -> None:
    """Make macro `name(mix, u)`: the option of that mix under which the uniform u falls.

    Weights need not sum to one.
    """
    con.execute(f"create macro {name}(mix, u) as {_choice(mixes, {})}")


def define_dated_choice(
    con: duckdb.DuckDBPyConnection,
    name: str,
    mixes: Mapping[str, Mapping[str, float]],
    course: Course,
    weight: str,
) -> None:
    """Make macro `name(mix, u, instant, ...)`, whose weights move as the parameter `weight` does.

    What it is cut by follows the moment, without the option itself.
    """
    cuts = [cut for cut in CUTS[weight] if cut != OPTIONS[weight]]
    given = ["instant", *("'{}'" if cut == OPTIONS[weight] else cut for cut in CUTS[weight])]
    call = f"{weight}({', '.join(given)})"
    moved = {option: call.format(option) for option in course.options(weight)}
    known = ", ".join(["mix", "u", "instant", *cuts])
    con.execute(f"create macro {name}({known}) as {_choice(mixes, moved)}")


def _choice(mixes: Mapping[str, Mapping[str, float]], moved: Mapping[str, str]) -> str:
    """The option under which u falls, as SQL; `moved` holds what some weights are multiplied by."""
    arms = []
    for mix, weights in mixes.items():
        total, reached, steps = sum(weights.values()), 0.0, []
        shifts: list[str] = []
        # What the moved weights add to the whole, as a share of the unmoved whole
        whole = " + ".join(
            ["1"] + [f"{w / total!r} * ({moved[o]} - 1)" for o, w in weights.items() if o in moved]
        )
        for option, weight in weights.items():
            reached += weight
            if option in moved:
                shifts.append(f"{weight / total!r} * ({moved[option]} - 1)")
            limit = " + ".join([f"{reached / total:.9f}", *shifts])
            drawn = "u" if whole == "1" else f"u * ({whole})"
            steps.append(f"when {drawn} < {limit} then '{option}'")
        steps[-1] = f"else '{option}'"
        inner = f"case {' '.join(steps)} end" if len(steps) > 1 else f"'{option}'"
        arms.append(f"when '{mix}' then {inner}")
    return f"case mix {' '.join(arms)} end"
