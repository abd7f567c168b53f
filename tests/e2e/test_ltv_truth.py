"""What the mart expects of customers, against what they went on to buy: histories of a known
process, a hundred new customers a week, projected after a year and a half."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import hyp2f1

from bench.ltv import PUBLISHED, Projected, Purchases, project, purchases_of, score

WEEKS = 75


@pytest.fixture(scope="module")
def bought() -> Purchases:
    return purchases_of(PUBLISHED, per_week=100, weeks=WEEKS, channels=12)


@pytest.fixture(scope="module")
def projected(
    bought: Purchases, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[int, str], Projected]:
    lines: list[str] = []
    file = project(bought, WEEKS, tmp_path_factory.mktemp("ltv"), lines.append)
    return {(one.horizon, one.known): one for one in score(file)}


def test_the_histories_are_of_the_published_process(bought: Purchases) -> None:
    """In a year a customer buys again as often as the process says (Fader, Hardie and Lee 2005,
    equation 9), and spends as much."""
    first = np.full(bought.customer.max() + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, bought.customer, bought.day)
    again = (bought.day - first[bought.customer] < 364).sum() / len(first) - 1
    one, t = PUBLISHED, 52.0
    rest = (one.alpha / (one.alpha + t)) ** one.r * hyp2f1(
        one.r, one.b, one.a + one.b - 1, t / (one.alpha + t)
    )
    assert again == pytest.approx((one.a + one.b - 1) / (one.a - 1) * (1 - rest), rel=0.02)
    assert bought.amount.mean() == pytest.approx(one.p * one.gamma / (one.q - 1), rel=0.02)


@pytest.mark.parametrize("horizon", [3, 6])
def test_a_cohort_comes_to_what_was_expected_within_the_interval_nine_times_of_ten(
    projected: dict[tuple[int, str], Projected], horizon: int
) -> None:
    """After one month; nearer than the mean of all customers, which nobody knows beforehand."""
    one = projected[horizon, "1 month"]
    assert one.cohorts == 12 and one.unknown == 0
    assert abs(one.bias) < 0.03
    assert one.error < one.usual_error
    every = [found for (months, _), found in projected.items() if months == horizon]
    held = sum(found.covered * found.cohorts for found in every)
    assert 0.75 <= held / sum(found.cohorts for found in every) <= 0.97


def test_what_too_few_weeks_have_gone_through_is_not_known(
    projected: dict[tuple[int, str], Projected],
) -> None:
    of_a_year = [one for (horizon, _), one in projected.items() if horizon == 12]
    assert of_a_year and all(one.cohorts == 0 and one.unknown > 0 for one in of_a_year)
