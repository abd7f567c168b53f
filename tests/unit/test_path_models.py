"""Attribution by all journeys at once, against figures worked out by hand and by brute force."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from itertools import pairwise, permutations

import duckdb
import pytest

from trueup.build import dbt_functions
from trueup.build.path_models import (
    CONVERTED,
    MOST_ENUMERATED,
    START,
    UNCONVERTED,
    Path,
    Transition,
    removal_effects,
    shapley_values,
    shares,
)

#: Ten of sixteen journeys begin with ads: two convert at once, four go on to email, of which two
#: convert and two look into video, from where one converts. Six begin with video; one converts.
BY_HAND: list[Path] = [
    ("ads", 2, 4),
    ("ads > email", 2, 0),
    ("ads > email > video", 1, 1),
    ("video", 1, 5),
]
SEED = 20260101


def transitions(paths: Sequence[Path]) -> list[Transition]:
    found: list[Transition] = []
    for path, converted, unconverted in paths:
        states = [START, *path.split(" > ")]
        found += [(origin, to, converted + unconverted) for origin, to in pairwise(states)]
        found += [(states[-1], CONVERTED, converted), (states[-1], UNCONVERTED, unconverted)]
    return found


def some_paths(channels: str, count: int) -> list[Path]:
    dice = random.Random(SEED)
    return [
        (" > ".join(dice.choices(channels, k=dice.randint(1, 5))), dice.randint(0, 3), 4)
        for _ in range(count)
    ]


def test_removal_effects_are_those_worked_out_by_hand():
    # From video 2 of 8 convert; from email 2 of 4, and 2 of 4 go on to video: 1/2 + 1/2 * 1/4 =
    # 5/8; from ads 2 of 10, and 4 of 10 go on to email: 1/5 + 2/5 * 5/8 = 9/20. From the start 10
    # of 16 meet ads, 6 video: 5/8 * 9/20 + 3/8 * 1/4 = 3/8, and indeed 6 of 16 converted. Without
    # ads 3/8 * 1/4 = 3/32 are left; without email 5/8 * 1/5 + 3/32 = 7/32; without video
    # 5/8 * (1/5 + 2/5 * 1/2) = 1/4.
    effects = removal_effects(transitions(BY_HAND))
    assert effects == pytest.approx({"ads": 3 / 4, "email": 5 / 12, "video": 1 / 3})


def test_one_inverse_gives_what_removing_each_state_in_turn_gives():
    paths = some_paths("abcdef", 200)
    steps = transitions(paths)
    whole = conversion_rate(steps)
    for state, effect in removal_effects(steps).items():
        gone = [(origin, UNCONVERTED if to == state else to, n) for origin, to, n in steps]
        assert effect == pytest.approx(1 - conversion_rate(gone) / whole, abs=1e-9)


def conversion_rate(steps: Sequence[Transition]) -> float:
    """Found by walking the chain a thousand steps, without any inverse."""
    leaving: dict[str, int] = {}
    for origin, _, count in steps:
        leaving[origin] = leaving.get(origin, 0) + count
    here, done = {START: 1.0}, 0.0
    for _ in range(1000):
        following: dict[str, float] = {}
        for origin, to, count in steps:
            following[to] = following.get(to, 0) + here.get(origin, 0) * count / leaving[origin]
        done += following.pop(CONVERTED, 0)
        here = following
    return done


def test_who_stays_where_they_are_changes_nothing():
    repeated = [(path.replace("ads", "ads > ads"), *rest) for path, *rest in BY_HAND]
    assert removal_effects(transitions(repeated)) == removal_effects(transitions(BY_HAND))


def test_where_nobody_converts_nobody_has_a_share():
    assert shares(removal_effects(transitions([("ads > email", 0, 3)]))) == {}
    assert shares(shapley_values([("ads > email", 0, 3)])) == {}


def test_shapley_values_are_those_of_every_order_of_arrival():
    paths = some_paths("abcd", 400)
    rates = rates_of(paths)
    assert len(rates) == 15  # every coalition was seen: nothing is assumed of any
    expected = dict.fromkeys("abcd", 0.0)
    for coalition, (journeys, converted) in rates.items():
        for state in coalition if converted else ():
            expected[state] += journeys * brute_force(coalition, state, rates)
    assert shapley_values(paths) == pytest.approx(expected)
    assert sum(expected.values()) == pytest.approx(sum(converted for _, converted, _ in paths))


Rates = Mapping[frozenset[str], tuple[int, int]]


def rates_of(paths: Sequence[Path]) -> Rates:
    found: dict[frozenset[str], tuple[int, int]] = {}
    for path, converted, unconverted in paths:
        coalition = frozenset(path.split(" > "))
        journeys, known = found.get(coalition, (0, 0))
        found[coalition] = journeys + converted + unconverted, known + converted
    return found


def brute_force(coalition: frozenset[str], state: str, rates: Rates) -> float:
    """What a state adds when it arrives, over all orders of arrival."""
    orders = list(permutations(sorted(coalition)))
    added = 0.0
    for order in orders:
        present = frozenset(order[: order.index(state)])
        journeys, converted = rates[present | {state}]
        added += converted / journeys
        if present:
            journeys, converted = rates[present]
            added -= converted / journeys
    return added / len(orders)


def test_a_channel_that_journeys_are_no_better_for_is_worth_nothing():
    assert shapley_values([("ads", 1, 1), ("ads > email", 2, 2)]) == {"ads": 3.0, "email": 0.0}
    assert shapley_values([("ads", 1, 1), ("ads > email", 1, 9)])["email"] == 0.0


def test_long_journeys_have_the_values_of_what_was_seen_of_them():
    # Nothing of its parts was ever seen, so what it is worth is theirs together.
    states = [f"c{n}" for n in range(MOST_ENUMERATED + 8)]
    values = shapley_values([(" > ".join(states), 5, 5)])
    assert values == pytest.approx(dict.fromkeys(states, 5 / len(states)))


def test_models_call_them_with_rows_in_any_order():
    answers = []
    for order in ("", "desc"):
        with duckdb.connect() as con:
            dbt_functions.register(con)
            con.execute("create table paths (path varchar, conversions bigint, unconverted bigint)")
            con.executemany("insert into paths values (?, ?, ?)", BY_HAND)
            found = con.execute(
                f"select shapley_shares(array_agg(paths order by path {order})) from paths"
            ).fetchone()
            answers.append({one["state"]: one["share"] for one in (found or [[]])[0]})
    assert answers[0] == answers[1] == shares(shapley_values(BY_HAND))
