"""What the page compares with a claim: the same goals, the same days, one scale."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from trueup.reports.page import charts, document, figures, mart_file, rows_of_spend
from unit import report_marts


def test_a_claim_stands_beside_what_came_in_of_the_same_goals_and_days(tmp_path: Path):
    mart = report_marts.with_campaigns(tmp_path / "mart.duckdb", ["a"], days=10)
    report_marts.also(
        mart,
        "update marts.fct_campaign_daily set claimed_amount = null, claimed_conversions = null,"
        " compared_conversions = null, compared_revenue_amount = null"
        " where report_date > date '2026-09-10'",
    )
    with mart_file.opened(mart) as opened:
        found = rows_of_spend.campaigns(opened, rows_of_spend.quarter(mart_file.head(opened)))
    assert found
    (row,) = found.rows
    assert (row.spend, row.claimed_spend) == (100, 60)
    assert (row.claimed_roas, row.compared_roas, row.reconciled_roas) == (3, Decimal("1.5"), 2)
    page = document.render(mart)
    assert "Same goals" in page and "3.00<small>of 60</small>" in page


def test_a_mart_that_does_not_say_what_compares_has_no_ratio_of_it(tmp_path: Path):
    mart = report_marts.with_campaigns(tmp_path / "mart.duckdb", ["a"])
    report_marts.also(
        mart,
        "alter table marts.fct_campaign_daily drop column compared_conversions;"
        " alter table marts.fct_channel_daily drop column compared_conversions",
    )
    with mart_file.opened(mart) as opened:
        found = rows_of_spend.campaigns(opened, rows_of_spend.quarter(mart_file.head(opened)))
    assert found and found.rows[0].claimed_roas == 3 and found.rows[0].claim_ratio is None
    assert "Same goals" in document.render(mart)


def test_campaigns_called_alike_are_drawn_with_their_platform_and_nothing_as_a_ring(
    tmp_path: Path,
):
    mart = report_marts.with_campaigns(tmp_path / "mart.duckdb", ["a", "b"])
    report_marts.also(
        mart,
        "update marts.fct_campaign_daily set platform = 'two', campaign_name = 'a',"
        " compared_revenue_amount = 0 where campaign_name = 'b'",
    )
    page = document.render(mart)
    assert ">a one<" in page and ">a two<" in page and "nothing came back" in page


def test_the_gaps_of_all_platforms_are_drawn_to_one_scale():
    small = figures.Gap("s", Decimal(10), [("views", Decimal(5))], Decimal(15))
    large = figures.Gap("l", Decimal(100), [("views", Decimal(-120))], Decimal(-20))
    assert charts.scale_of([small, large]) == (-20, 100)
