"""The nine metrics as docs/marts.md asks them, against sums made by hand (metrics_company.py)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from cases.small_company import SmallCompany
from docs.pages import PROJECT, named

FIRST, SECOND, THIRD = date(2026, 6, 1), date(2026, 6, 8), date(2026, 6, 15)
SPRING, SUMMER = ("maps_ads", "spring"), ("maps_ads", "summer")
#: What each query answers, its keys in front.
ANSWERS: dict[str, list[tuple[Any, ...]]] = {
    # Of the week's sums: the mean of the two days' ratios would be 0.03 and 0.83.
    "cpc_ctr.sql": [
        (*SPRING, FIRST, 90 / 100, 100 / 4000),
        (*SPRING, SECOND, 40 / 20, 20 / 800),
        (*SUMMER, FIRST, 30 / 10, 10 / 500),
        (*SUMMER, SECOND, 10 / 5, 5 / 200),
    ],
    # Spring brought Bob's 60 and Gus's 140, then Cid's 20 of which 5 went back. Nobody landed what
    # is claimed after the 8th: Cid's purchase and summer's second week compare with no claim.
    "cpa_roas.sql": [
        (*SPRING, FIRST, 90 / 3, 90 / 2, 3 / 2, 300 / 90, 200 / 90, 200 / 90),
        (*SPRING, SECOND, 40 / 2, 40 / 1, None, 60 / 40, 0, 15 / 40),
        (*SUMMER, FIRST, 30 / 1, None, None, 50 / 30, 0, 0),
        (*SUMMER, SECOND, None, 10 / 1, None, None, None, 40 / 10),
    ],
    "conversion_rate.sql": [
        (*SPRING, FIRST, 2 / 100),
        (*SPRING, SECOND, 1 / 20),
        (*SUMMER, FIRST, 0),
        (*SUMMER, SECOND, 1 / 5),
    ],
    # Bob is no new customer when he comes back by summer. The week of the wedding cost nothing.
    "goal_ratios.sql": [
        (*SPRING, "sale", FIRST, 90 / 2, 90 / 2, 200 / 90, 2 / 100),
        (*SPRING, "sale", SECOND, 40 / 1, 40 / 1, 15 / 40, 1 / 20),
        (*SPRING, "wedding", THIRD, None, None, None, None),
        (*SUMMER, "sale", FIRST, None, None, 0, 0),
        (*SUMMER, "sale", SECOND, 10 / 1, None, 40 / 10, 1 / 5),
    ],
    "aov.sql": [
        ("sale", "email", None, FIRST, 100),
        ("sale", *SPRING, FIRST, (60 + 140) / 2),
        ("sale", *SPRING, SECOND, 20 - 5),
        ("sale", *SUMMER, SECOND, 40),
        ("sale", None, None, date(2026, 9, 14), 70),
        ("wedding", *SPRING, THIRD, 500),
    ],
    # Bob's 60 and 40 and Gus's 140; Bob's 70 came after his 90 days.
    "ltv_by_goal.sql": [
        ("email", None, "sale", FIRST, 1, 100),
        (*SPRING, "sale", FIRST, 2, (60 + 40 + 140) / 2),
        (*SPRING, "sale", SECOND, 1, 20 - 5),
        (*SPRING, "wedding", THIRD, 1, 500),
    ],
    # Dan and Eve asked; one deal, won within thirty days.
    "lead_quality.sql": [("enquiry", *SPRING, FIRST, 2, 1 / 2, 1 / 2, 500 / 2)],
    # Spring was on Ann's way to the newsletter's sale, and on Bob's to summer's.
    "assisted.sql": [
        ("sale", "email", None, FIRST, 0, 1),
        ("sale", *SPRING, FIRST, 1, 2),
        ("sale", *SPRING, SECOND, 1, 1),
        ("sale", *SUMMER, SECOND, 0, 1),
        ("wedding", *SPRING, THIRD, 0, 1),
    ],
}


def asked(metrics: SmallCompany, sql: str) -> list[tuple[Any, ...]]:
    """The answer, with the beginning of a week or month as the day that it is."""
    return [
        tuple(cell.date() if isinstance(cell, datetime) else cell for cell in row)
        for row in metrics.query(sql, metrics.build_file)
    ]


def page(query: str) -> str:
    return named(PROJECT / "docs" / "marts.md")[query]


def in_order(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=lambda row: [str(cell) for cell in row])


def is_near(found: tuple[Any, ...], made: tuple[Any, ...]) -> bool:
    return len(found) == len(made) and all(
        one == pytest.approx(other, abs=1e-6) if isinstance(other, int | float) else one == other
        for one, other in zip(found, made, strict=True)
    )


@pytest.mark.parametrize("query", ANSWERS)
def test_a_metric_is_what_is_worked_out_by_hand(metrics: SmallCompany, query: str):
    found, made = in_order(asked(metrics, page(query))), in_order(ANSWERS[query])
    assert len(found) == len(made), found
    wrong = [pair for pair in zip(found, made, strict=True) if not is_near(*pair)]
    assert wrong == []


def test_the_history_of_june_s_customers_is_worth_what_they_paid_by_each_age(metrics: SmallCompany):
    """Spring's four customers paid 60, 40, 140, 15 and 500 in their first thirty days, and nothing
    in the next sixty; they cost 170 in June and leave half of it."""
    rows = [row for row in asked(metrics, page("ltv.sql")) if row[2] == FIRST]
    assert in_order(rows) == in_order(
        [(age, "email", FIRST, 1, 100, 50, 0, 50, None) for age in range(3)]
        + [
            (age, "maps_ads", FIRST, 4, 755 / 4, 755 / 8, 170 / 4, 755 / 2 - 170, True)
            for age in range(3)
        ]
    )


def test_what_everyone_has_had_is_observed_and_what_no_week_has_gone_through_is_not_known(
    metrics: SmallCompany,
):
    rows = {
        row[:2]: row[3:] for row in asked(metrics, page("ltv_projected.sql")) if row[2] == FIRST
    }
    assert rows[3, "maps_ads"] == (3, 4, 755 / 4, 755 / 4, 755 / 4, 755 / 4, 170 / 4, True)
    for months in (6, 12):
        assert rows[months, "maps_ads"] == (3, 4, 755 / 4, None, None, None, 170 / 4, None)
