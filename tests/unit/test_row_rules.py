"""Row by row critical expectations set rows aside at intake; those about a whole load do not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from trueup.landing import row_rules
from trueup.landing.intake import take_in
from trueup.landing.store import Landing
from trueup.sources.contract import Column, Stream
from trueup.window import Window

SUITE = """
name: shop__orders
expectations:
  - type: expect_column_values_to_be_between
    kwargs: {column: amount, min_value: 0}
    severity: critical
    meta: {why: An order below zero is a refund in disguise}
  - type: unexpected_rows_expectation
    kwargs: {unexpected_rows_query: "select * from {batch} where length(currency) <> 3"}
    severity: critical
    meta: {why: A currency has three letters}
  - type: unexpected_rows_expectation
    kwargs: {unexpected_rows_query: "select id from {batch} group by id having count(*) > 1"}
    severity: critical
    meta: {why: About several rows}
  - type: expect_column_values_to_not_be_null
    kwargs: {column: note}
    severity: warning
    meta: {why: Only a warning}
"""
ORDERS = Stream(
    name="orders",
    columns=(
        Column("id", required=True), Column("day", "DATE", required=True),
        Column("amount", "DECIMAL(18,6)"), Column("currency"), Column("note"),
    ),
    key=("id",), day="day", empty_ok=True, money="amount", control=("amount",),
)  # fmt: skip
WINDOW = Window(date(2026, 9, 1), date(2026, 9, 3))


@pytest.fixture
def rules(tmp_path: Path) -> tuple[row_rules.RowRule, ...]:
    suite = tmp_path / "shop__orders.yml"
    suite.write_text(SUITE, "utf-8")
    return row_rules.read(suite)


def order(name: str, amount: str, currency: str | None = "EUR") -> dict[str, object]:
    return {"id": name, "day": "2026-09-01", "amount": amount, "currency": currency, "note": None}


def test_rules_are_the_critical_expectations_of_single_rows(rules):
    assert [rule.reason for rule in rules] == [
        "breaks the rule: An order below zero is a refund in disguise",
        "breaks the rule: A currency has three letters",
    ]


def test_a_row_that_breaks_a_rule_costs_the_row(landing: Landing, rules):
    rows = [order("a", "1"), order("b", "-2"), order("c", "4", "EURO"), order("d", "8", None)]
    load = take_in(
        landing, "shop", ORDERS, WINDOW, [rows], api_version="1", hash_key="", rules=rules
    )
    assert load.row_count == 2
    (day,) = load.days
    assert (day.offered, day.landed, day.set_aside) == (4, 2, 2)
    assert (day.landed_money, day.set_aside_money) == (9, 2)
    listed = [(row["position"], row["reason"]) for row in landing.set_aside_rows(load)]
    assert listed == [
        ("row 2", "breaks the rule: An order below zero is a refund in disguise"),
        ("row 3", "breaks the rule: A currency has three letters"),
    ]


def test_a_stream_without_a_suite_has_no_rules(tmp_path: Path):
    assert row_rules.read(tmp_path / "nothing.yml") == ()


def test_a_column_may_be_called_reason():
    rows = pa.table({"amount": [1, -1], "reason": ["it says", None]})
    rule = row_rules.RowRule("amount < 0", "below zero")
    assert row_rules.broken(rows, [rule]) == {1: "below zero"}
