"""Metrics are defined once more for dbt's semantic layer: the SQL that MetricFlow makes of them
gives the numbers of docs/marts.md."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import dbt_in_process
from cases.small_company import SmallCompany
from docs.pages import PROJECT
from docs.semantic_layer import SemanticLayer
from docs.test_metrics import asked, in_order, is_near, page

WEEK = "metric_time__week"
#: A question to the semantic layer, and the same of the query's answer: its columns in this order.
QUESTIONS: dict[str, tuple[Sequence[str], Sequence[str], str, str]] = {
    "CPC and CTR": (
        ["cpc", "ctr"],
        ["campaign_day__channel", "campaign_day__campaign_name", WEEK],
        "cpc_ctr.sql",
        "channel, campaign_name, week, cpc, ctr",
    ),
    "CPA and ROAS": (
        [
            "claimed_cpa",
            "reconciled_cpa",
            "claim_ratio",
            "claimed_roas",
            "compared_roas",
            "reconciled_roas",
        ],
        ["campaign_day__channel", "campaign_day__campaign_name", WEEK],
        "cpa_roas.sql",
        "channel, campaign_name, week, claimed_cpa, reconciled_cpa, claim_ratio, claimed_roas,"
        " compared_roas, reconciled_roas",
    ),
    "conversion rate": (
        ["conversion_rate"],
        ["campaign_day__channel", "campaign_day__campaign_name", WEEK],
        "conversion_rate.sql",
        "channel, campaign_name, week, conversion_rate",
    ),
    "AOV": (
        ["aov"],
        ["credit__goal", "credit__channel", "credit__campaign_id", WEEK],
        "aov.sql",
        "goal, channel, campaign_id, week, aov",
    ),
    "LTV of 90 days": (
        ["ltv_of_90_days"],
        ["cohort_age__channel", "metric_time__month"],
        "ltv.sql",
        "channel, cohort_month, ltv_revenue_amount",
    ),
    "lead quality": (
        ["qualified_rate", "won_rate", "revenue_per_lead"],
        ["lead__goal", "lead__channel", "lead__campaign_id", WEEK],
        "lead_quality.sql",
        "goal, channel, campaign_id, week, qualified_share, won_share, revenue_per_lead",
    ),
    "assisted conversions": (
        ["assisted_conversions"],
        ["journey__goal", "journey__channel", "journey__campaign_id", WEEK],
        "assisted.sql",
        "goal, channel, campaign_id, week, assisted",
    ),
}
#: Of what the query shows too: other ages, conversions without a touch, none that was assisted.
SHOWN_TOO = {
    "AOV": "channel is not null",
    "LTV of 90 days": "months_since = 2",
    "assisted conversions": "assisted > 0",
}


@pytest.fixture(scope="module")
def layer(metrics: SmallCompany, common: Path, tmp_path_factory) -> SemanticLayer:
    environment = {"TRUEUP_BUILD_PATH": str(metrics.build_file)}
    manifest = dbt_in_process.parsed(PROJECT / "dbt_project", environment, kept=common / "dbt")
    assert manifest, "dbt could not parse the project"
    return SemanticLayer(manifest, tmp_path_factory.mktemp("layer") / "semantic_manifest.json")


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_compiled_metric_is_what_the_marts_page_asks(
    layer: SemanticLayer, metrics: SmallCompany, question: str
):
    names, by, query, columns = QUESTIONS[question]
    answer = page(query).replace("order by all", "")
    shown = f"select {columns} from ({answer}) where {SHOWN_TOO.get(question, 'true')}"
    made = in_order(asked(metrics, shown))
    found = in_order(_compiled(layer, metrics, names, by))
    assert made, "a question without an answer compares nothing"
    assert len(found) == len(made), (found, made)
    assert [pair for pair in zip(found, made, strict=True) if not is_near(*pair)] == []


def _compiled(
    layer: SemanticLayer, metrics: SmallCompany, names: Sequence[str], by: Sequence[str]
) -> list[tuple[Any, ...]]:
    """Rows of which the last metric says something: the page leaves out weeks without spend or
    impressions, which the semantic layer shows."""
    columns = ", ".join([*by, *(f"{name}::double" for name in names)])
    sql = f"select {columns} from ({layer.sql(names, by)}) where {names[-1]} is not null"
    return asked(metrics, sql)


def test_every_ratio_of_the_project_is_held_to_a_query(layer: SemanticLayer):
    """But the LTV of a year, which no company is old enough for that can be worked out by hand."""
    ratios = {name for name, kind in layer.metrics.items() if kind == "ratio"}
    held = {name for names, *_ in QUESTIONS.values() for name in names}
    assert ratios - held == {"ltv_of_a_year"}


def test_the_ltv_of_a_year_is_of_those_of_whom_it_is_known(
    layer: SemanticLayer, metrics: SmallCompany
):
    by = ["cohort_horizon__channel", "metric_time__month"]
    assert _compiled(layer, metrics, ["ltv_of_a_year"], by) == []


def test_the_page_names_every_metric_that_is_asked(layer: SemanticLayer):
    text = (PROJECT / "docs" / "marts.md").read_text("utf-8")
    part = text.partition("### As a semantic layer")[2].partition("\n## ")[0]
    held = {name for names, *_ in QUESTIONS.values() for name in names} | {"ltv_of_a_year"}
    assert [name for name in sorted(held) if f"`{name}`" not in part] == []
