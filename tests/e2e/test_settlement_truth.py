"""What the mart expects of young claims, against what they came to: every morning of three months
is read, at 100 claims a day, with the lags of the sandbox's world."""

from __future__ import annotations

from math import sqrt
from pathlib import Path

import pytest

from bench.captures import live
from bench.settlement import Corrected, claimed_of, correct, lags_of, score


@pytest.fixture(scope="module")
def corrected(world: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Corrected]:
    lives = live(tuple(range(7000, 7006)), 365)
    claimed = claimed_of(lives, lags_of(world, "google_ads"), 100, copies=40)
    lines: list[str] = []
    file = correct(claimed, tmp_path_factory.mktemp("settlement"), lines.append)
    return {one.age: one for one in score(file)}


@pytest.mark.parametrize("age", [1, 2, 3, 7, 14])
def test_a_young_day_is_expected_to_come_to_what_it_came_to(
    corrected: dict[int, Corrected], age: int
) -> None:
    """Without bias, and hardly further off than the chance with which each claim shows early: no
    correction by the day's own claims can be nearer."""
    one = corrected[age]
    known = 1 + one.raw_bias
    chance = 0.8 * sqrt((1 - known) / known / 100)
    assert one.raw_bias < -0.05
    assert abs(one.bias) < 0.025
    assert one.error < 1.25 * chance


@pytest.mark.parametrize("age", [1, 2, 3, 7, 14])
def test_nine_of_ten_final_numbers_lie_in_the_interval(
    corrected: dict[int, Corrected], age: int
) -> None:
    one = corrected[age]
    assert 0.86 <= one.covered <= 0.96
    assert 0.84 <= one.amount_covered <= 0.97
