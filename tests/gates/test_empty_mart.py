"""When nothing in the channels is a broken mart, and when a company counts leads alone."""

from __future__ import annotations

import duckdb
import pytest

from gates import suites

SUITE, WHY = "fct_channel_daily", "An empty mart must never take the place of a full one"


@pytest.mark.parametrize(
    ("tiers", "conversions", "days", "is_held"),
    [
        (["weak"], 3, 0, False),
        (["weak"], 0, 0, True),
        (["weak", "strong"], 3, 0, True),
        (["weak", "strong"], 3, 1, False),
        ([], 0, 0, True),
    ],
)
def test_an_empty_mart_is_held_unless_leads_are_all_there_is(
    tiers: list[str], conversions: int, days: int, is_held: bool
):
    (wanted,) = [one for one in suites.read("mart") if (one.suite, one.why) == (SUITE, WHY)]
    con = duckdb.connect()
    con.execute("create schema company; create schema marts")
    con.execute("create table company.goals (goal varchar, tier varchar)")
    con.execute(
        "insert into company.goals select tier, tier from (select unnest(?::varchar[]) as tier)",
        [tiers],
    )
    for table, rows in (("fct_conversions", conversions), ("fct_channel_daily", days)):
        con.execute(f"create table marts.{table} as select * from range({rows})")
    query = wanted.kwargs["unexpected_rows_query"].replace("{batch}", f"marts.{SUITE}")
    assert bool(con.execute(query).fetchall()) == is_held
