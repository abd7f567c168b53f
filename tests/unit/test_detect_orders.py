"""A dead tag is known after a handful of orders, and a healthy one is left alone."""

from __future__ import annotations

import numpy as np
import pytest

from trueup.gates.detect import orders
from trueup.gates.detect.judging import judge
from trueup.gates.detect.panel import Bools, panel


def opened(seen: Bools, a_day: int = 1) -> Bools:
    """Which series are open after which day, of orders that are `seen`, so many `a_day`."""
    hits = np.atleast_2d(seen).reshape(len(np.atleast_2d(seen)), -1, a_day).sum(axis=2)
    return judge(panel(hits, np.full(hits.shape, a_day))).is_breach


@pytest.mark.parametrize("usual", [0.9, 0.92, 0.97, 1.0])
def test_a_dead_tag_is_found_within_ten_orders(usual: float):
    rng = np.random.default_rng(1)
    seen = rng.random((50, 310)) < usual
    seen[:, 300:] = False
    found = opened(seen)
    assert found[~found[:, 299], 309].mean() >= 0.95


def test_with_three_orders_a_day_it_takes_three_days():
    rng = np.random.default_rng(2)
    seen = rng.random((50, 309)) < 0.92
    seen[:, 300:] = False
    found = opened(seen, 3)
    assert found[~found[:, 99], 102].mean() >= 0.95


def test_a_healthy_tag_is_left_alone_over_many_orders():
    rng = np.random.default_rng(3)
    found = opened(rng.random((50, 1000)) < 0.92)
    assert (found[:, 1:] & ~found[:, :-1]).mean() * 365 <= 0.3


def test_half_of_the_orders_are_missed_within_sixty():
    """No day of one order is rare enough to say so."""
    rng = np.random.default_rng(4)
    seen = rng.random((100, 560)) < 0.92 * np.where(np.arange(560) < 500, 1, 0.5)
    found = opened(seen)
    fresh = found[~found[:, 499], 500:]
    assert fresh.any(axis=1).mean() >= 0.9


def test_only_few_orders_are_taken_one_by_one():
    """Days of many wander by more than their orders alone would."""
    evidence, usual, rows = np.array([3.0]), np.array([0.9]), np.array([True])
    few, many = np.array([10.0]), np.array([31.0])
    most = orders.height(np.array([orders.FEW_ORDERS]), yearly=0.01)[0]
    assert orders.step(evidence, usual, few * 0, few, rows)[0] > most
    assert orders.step(evidence, usual, many * 0, many, rows)[0] == 0


def test_a_series_that_is_not_looked_at_keeps_its_evidence():
    evidence, usual, few = np.array([3.0]), np.array([0.9]), np.array([10.0])
    assert orders.step(evidence, usual, few * 0, few, np.array([False]))[0] == 3.0
