"""A dead tag is known after a handful of orders, and a healthy one is left alone."""

from __future__ import annotations

import numpy as np
import pytest

from trueup.gates.detect.orders import run, run_groups


@pytest.mark.parametrize("usual", [0.85, 0.92, 0.97, 1.0])
def test_a_dead_tag_is_found_within_ten_orders(usual: float):
    assert run([False] * 10, usual) is not None
    healthy = [True] * 50 + [False] * 10
    assert 50 < run(healthy, usual) < 60


def test_a_healthy_tag_is_left_alone_over_many_orders():
    rng = np.random.default_rng(3)
    assert run(rng.random(50_000) < 0.92, 0.92) is None


def test_half_of_the_orders_are_missed_within_fifty():
    rng = np.random.default_rng(4)
    waits = [run(rng.random(200) < 0.46, 0.92) for _ in range(200)]
    assert np.median(waits) <= 20 and np.quantile(waits, 0.95) <= 50


def test_days_in_order_do_as_well_as_single_orders():
    assert run_groups([(28, 30), (27, 30), (0, 12)], 0.92) == 2
    assert run_groups([(28, 30)] * 300, 0.92) is None
    assert run_groups([], 0.92) is None
