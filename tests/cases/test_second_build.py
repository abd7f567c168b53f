"""A build that goes on from an earlier one: what depends on the code alone stays as it is."""

from __future__ import annotations

from pathlib import Path

import duckdb

import dbt_tables
from cases.small_company import SmallCompany
from cases.test_files_company import ORDERS
from trueup.build import dbt_results
from trueup.build.dbt_results import Node

REVENUE = "select sum(amount) from marts.fct_ledger_entries"


def test_a_second_build_asks_every_test_again_and_makes_no_view_anew(tmp_path: Path):
    company = SmallCompany(tmp_path)
    company.goal("sale", {"source": "files", "selector": "orders"})
    first_day = ["id,day,amount", "1,2026-09-29,100.00"]
    company.feed("till", "orders", ORDERS, first_day)
    first, revenue = _built(company, "2026-09-29")
    assert revenue == 100
    company.write("till_orders.csv", "\n".join([*first_day, "2,2026-09-30,20.00"]) + "\n")
    second, revenue = _built(company, "2026-09-30")
    assert revenue == 120
    assert _found(second, "test") == _found(first, "test") != set()
    dbt_tables.as_views(company.build_file, company.build_file.parent / "dbt")
    left_out = _found(first, "model") - _found(second, "model")
    with duckdb.connect(str(company.build_file), read_only=True) as con:
        views = con.execute("select view_name from duckdb_views() where not internal").fetchall()
    assert left_out == {name for (name,) in views} & _found(first, "model") != set()


def _built(company: SmallCompany, day: str) -> tuple[list[Node], object]:
    assert company.land(day=day).code == 0
    answer = company.build(day)
    assert answer.code == 0, answer.text
    nodes = dbt_results.read(company.build_file.parent / "dbt")
    return nodes, company.query(REVENUE, company.build_file)[0][0]


def _found(nodes: list[Node], kind: str) -> set[str]:
    return {node.selector if kind == "test" else node.name for node in nodes if node.kind == kind}
