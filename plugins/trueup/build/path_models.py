"""What channels (or campaigns) contribute to conversions, by models that look at all journeys at
once, those that came to nothing too: removal effects of a Markov chain, and Shapley values.

Both are views, not the truth: who was going to buy anyway is on more journeys, and no journey says
so. docs/adr/0011 says what each asks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

#: Where a journey begins, and what it comes to, among the states it passes through.
START, CONVERTED, UNCONVERTED = "(start)", "(converted)", "(unconverted)"
#: Between the states of a path, as dbt's models write them.
SEPARATOR = " > "

#: Of more states than this, the known coalitions are gone through instead of all possible ones.
MOST_ENUMERATED = 12

#: From a state to the next, and how many journeys went there.
Transition = tuple[str, str, int]
#: A path, and how many journeys took it and converted, or did not.
Path = tuple[str, int, int]


def removal_effects(transitions: Sequence[Transition]) -> dict[str, float]:
    """By state, the part of conversions that would be lost if whoever gets there went away: of
    those who convert, how many come by it. Exact, by one inverse, for order one.

    With N = (I - Q)^-1, the visits to each state: one that is removed takes with it those who ever
    reach it, N[start, c] / N[c, c], and would have converted from there, h[c]; of all, h[start]
    convert. Who stays in a state only stays there longer: such steps are left out.
    """
    counts = Counter[tuple[str, str]]()
    for origin, to, journeys in transitions:
        if origin != to:
            counts[origin, to] += journeys
    states = [START, *sorted({origin for origin, _ in counts} - {START})]
    place = {state: n for n, state in enumerate(states)}
    between = np.zeros((len(states), len(states)))
    converting = np.zeros(len(states))
    leaving = np.zeros(len(states))
    for (origin, to), journeys in counts.items():
        leaving[place[origin]] += journeys
        if to in place:
            between[place[origin], place[to]] = journeys
        elif to == CONVERTED:
            converting[place[origin]] = journeys
    if not converting.any():
        return dict.fromkeys(states[1:], 0.0)
    visits = np.linalg.inv(np.eye(len(states)) - between / leaving[:, None])
    from_here = visits @ (converting / leaving)
    reached = visits[0] / np.diag(visits)
    effects = reached * from_here / from_here[0]
    return {state: float(effects[n]) for n, state in enumerate(states) if n}


def shapley_values(paths: Sequence[Path]) -> dict[str, float]:
    """By state, the conversions it is worth: for each journey that converted, the Shapley value of
    a game of the states on it, in which a coalition is worth the rate at which journeys by exactly
    those states convert. Exact; what was never seen together adds nothing by being together.

    Such a game is written as what each coalition adds to its parts (its dividend), and the value of
    a state is its even share of every dividend it has a part in. One that journeys are the worse
    for would owe conversions: its value is 0.
    """
    states = sorted({state for path, _, _ in paths for state in path.split(SEPARATOR)})
    journeys, converted = _by_coalition(paths, {state: 1 << n for n, state in enumerate(states)})
    dividends: dict[int, float] = {}
    values = dict.fromkeys(states, 0.0)
    for coalition in sorted(converted):
        parts = _parts(coalition, journeys)
        for part in parts:
            if part not in dividends:
                smaller = sum(dividends[one] for one in _parts(part, journeys) if one != part)
                dividends[part] = converted[part] / journeys[part] - smaller
        for part in parts:
            share = journeys[coalition] * dividends[part] / part.bit_count()
            for n in range(part.bit_length()):
                if part >> n & 1:
                    values[states[n]] += share
    return {state: max(value, 0.0) for state, value in values.items()}


def _by_coalition(
    paths: Sequence[Path], bits: Mapping[str, int]
) -> tuple[Mapping[int, int], Mapping[int, int]]:
    """Journeys by the states they passed through in whatever order, a bit of each; and those that
    converted."""
    journeys, converted = Counter[int](), Counter[int]()
    for path, conversions, rest in paths:
        coalition = sum(bits[state] for state in set(path.split(SEPARATOR)))
        journeys[coalition] += conversions + rest
        if conversions:
            converted[coalition] += conversions
    return journeys, converted


def _parts(coalition: int, known: Mapping[int, object]) -> list[int]:
    """The known coalitions that are part of one, itself too, each after its own parts."""
    if coalition.bit_count() > MOST_ENUMERATED:
        return sorted(one for one in known if one & coalition == one)
    parts, part = [], coalition
    while part:
        if part in known:
            parts.append(part)
        part = (part - 1) & coalition
    return parts[::-1]


def shares(values: Mapping[str, float]) -> dict[str, float]:
    """What each has of the whole; nothing where there is none."""
    whole = sum(values.values())
    return {state: value / whole for state, value in values.items()} if whole > 0 else {}
