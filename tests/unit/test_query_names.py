"""A query on a table there is not: the name that is meant is the mart's, never DuckDB's own."""

from __future__ import annotations

import duckdb
import pytest

from trueup.errors import TrueupError
from trueup.reports import locked


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("campaign_daily", "marts.fct_campaign_daily"),  # DuckDB says pg_am
        ("fct_campaign_daily", "marts.fct_campaign_daily"),
        ("health.fct_gate_result", "health.fct_gate_results"),
        ("class", ""),  # DuckDB says pg_class
        ("orders", ""),  # DuckDB says pg_prepared_statements
    ],
)
def test_a_table_that_is_not_there_is_answered_with_one_that_is(asked: str, meant: str):
    with duckdb.connect() as con:
        con.execute("create schema marts; create schema health")
        con.execute("create table marts.fct_campaign_daily (spend_amount integer)")
        con.execute("create table health.fct_gate_results (verdict varchar)")
        with pytest.raises(TrueupError, match="does not exist!") as raised:
            locked.answer(con, f"from {asked}", "")
    said = str(raised.value)
    assert "pg_" not in said and (f'Did you mean "{meant}"?' in said) is bool(meant)
