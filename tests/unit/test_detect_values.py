"""Values that are a constant multiple of the order's are named by their constant."""

from __future__ import annotations

import numpy as np
import pytest

from trueup.gates.detect.values import named

RATES = {"USD for EUR": 1.0834}


def baskets(factor: float, events: int = 40, wrong: float = 1.0) -> list[float]:
    rng = np.random.default_rng(1)
    amounts = rng.uniform(15, 240, events)
    factors = np.where(rng.random(events) < wrong, factor, 1.0)
    return (np.round(amounts * factors, 2) / np.round(amounts, 2)).tolist()


@pytest.mark.parametrize(
    ("factor", "name"),
    [
        (100, "x 100"),
        (0.01, "/ 100"),
        (1.23, "23 % tax included"),
        (1 / 1.19, "19 % tax left out"),
        (1 / 1.055, "5.5 % tax left out"),
        (1.0834, "USD for EUR"),
        (1 / 1.0834, "USD for EUR, the other way"),
    ],
)
def test_a_constant_is_named(factor: float, name: str):
    found = named(baskets(factor), RATES)
    assert found is not None and (found.name, found.events) == (name, 40)
    assert found.factor == pytest.approx(factor) and found.share > 0.8


@pytest.mark.parametrize("wrong", [0.3, 0.0])
def test_values_that_are_mostly_right_are_no_finding(wrong: float):
    assert named(baskets(100, wrong=wrong), RATES) is None


def test_values_without_a_constant_few_or_none_are_no_finding():
    rng = np.random.default_rng(2)
    assert named((1 + rng.uniform(0.03, 0.9, 50)).tolist(), RATES) is None
    assert named([100.0] * 4) is None
    assert named([0.0, float("nan"), -1.0, float("inf")]) is None
    assert named([]) is None
