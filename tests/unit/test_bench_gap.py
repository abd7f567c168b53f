"""How gaps are scored, on toy figures, and that each kind made at its source is one kind alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from bench import gap
from bench.gap_at_source import PROJECT
from bench.served import edited
from bench.source_kinds import DAY, KNOWN_ACTIONS, PAIRS, START, Pair
from sandbox.desk import Desk
from sandbox.vendors import meta_ads_reports
from sandbox.world import generate
from trueup.company import company_file

FIRST, SECOND = date(2026, 9, 1), date(2026, 9, 2)


def days(*values: tuple[int, int]) -> gap.Days:
    """The gap and the column of a first and a second day."""
    return {
        day: (Decimal(whole), Decimal(own))
        for day, (whole, own) in zip((FIRST, SECOND), values, strict=True)
    }


def test_a_gap_that_its_column_has_whole_scores_all_by_day_and_in_all() -> None:
    line = gap.scored("a kind", "column", days((1, 1), (0, 0)), days((5, 5), (-2, -2)))
    assert "gap         6.0  by day 100.0%" in line
    assert "in all        +2.0 of        +2.0" in line


def test_one_too_many_on_a_day_and_one_too_few_on_the_next_are_two_misses() -> None:
    line = gap.scored("a kind", "column", days((0, 0), (0, 0)), days((2, 3), (2, 1)))
    assert "by day  50.0%" in line
    assert "in all        +4.0 of        +4.0" in line


def test_no_difference_has_no_score() -> None:
    assert "by day      -" in gap.scored(
        "nothing", "column", days((1, 0), (1, 0)), days((1, 0), (1, 0))
    )


def test_columns_of_two_measures_are_not_added() -> None:
    with pytest.raises(ValueError, match="unpack"):
        gap.measure_of(("unseen_conversions", "valuation_amount"))


def test_each_goal_has_its_unexplained_claims_of_four_settled_weeks() -> None:
    with duckdb.connect() as con:
        con.execute("""
            create schema marts;
            create table marts.fct_reconciliation_daily as
            from (values
                (date '2026-08-01', 'g', 'won', true, 5, 5),
                (date '2026-08-02', 'g', 'won', true, 6, 1),
                (date '2026-08-29', 'g', 'won', true, 2, -1),
                (date '2026-08-29', 'g', 'asked', true, 4, 0),
                (date '2026-08-30', 'g', 'won', false, 9, 9),
                (date '2026-08-29', 'm', 'won', true, null, 1)
            ) as days (report_date, platform, goal, is_settled, claimed_conversions,
                unexplained_conversions)
        """)
        asked, won = gap.of_goals(con)
    assert asked.startswith("g            asked                0.0 of     4.0 ")
    assert won.startswith("g            won                  2.0 of     8.0 ") and won.endswith(
        "25.0%"
    )


def test_meta_counts_its_days_in_the_zone_its_account_is_set_to(tmp_path: Path) -> None:
    (zoned,) = (pair for pair in PAIRS if any("time_zone" in old for old in pair.broken.edits))
    days = {}
    for name, deeds in (("here", ()), ("elsewhere", zoned.broken.deeds)):
        generate(tmp_path / name, start=START, until=date(2026, 6, 15), scale=0.5, deeds=deeds)
        desk = Desk(tmp_path / name, tmp_path / "state" / name)
        desk.set_clock(datetime(2026, 6, 15))
        found = desk.rows(meta_ads_reports.CREDITS, since=START, until=date(2026, 6, 14))
        days[name] = Counter(row["ad_date"] for row in found for _ in range(row["7d_click"]))
    here, elsewhere = days["here"], days["elsewhere"]
    assert here.total() == pytest.approx(elsewhere.total(), abs=2)
    assert (here - elsewhere).total() > 2


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_the_company_file_of_each_side_can_be_read(pair: Pair, tmp_path: Path) -> None:
    for side in (pair.usual, pair.broken):
        text = edited((PROJECT / "company.yml").read_text(), {**KNOWN_ACTIONS, **side.edits})
        (tmp_path / "company.yml").write_text(text)
        company = company_file.read(tmp_path / "company.yml")
        assert set(pair.sources) <= set(company.sources)


def test_both_sides_are_the_same_before_the_day_of_the_difference() -> None:
    for pair in PAIRS:
        usual = [replace(one, until=None) for one in pair.usual.changes]
        for one in pair.broken.changes:
            assert one.since >= DAY or replace(one, until=None) in usual, pair.name
