"""What a chain of ties ends in, against what one joins link by link."""

from __future__ import annotations

import random

import duckdb

from trueup.build import dbt_functions
from trueup.build.dbt_functions import least_of_tied


def tied(*pairs: tuple[str, str]) -> dict[str, str]:
    rows = least_of_tied([{"customer_key": one, "other_key": other} for one, other in pairs])
    return {row["customer_key"]: row["least_key"] for row in rows}


def test_all_that_ties_lead_to_is_the_least_of_them():
    assert tied(("c", "b"), ("e", "d"), ("d", "c"), ("b", "a"), ("y", "x")) == (
        dict.fromkeys("abcde", "a") | dict.fromkeys("xy", "x")
    )
    assert tied(("a", "b"), ("b", "a"), ("c", "c")) == {"a": "a", "b": "a", "c": "c"}
    assert tied() == {}


def test_a_chain_of_ten_thousand_is_one_in_whatever_order_its_links_come():
    names = [f"{n:05}" for n in range(10_000)]
    links = list(zip(names, names[1:], strict=False))
    for seed in range(3):
        shuffled = random.Random(seed).sample(links, len(links))
        assert set(tied(*shuffled).values()) == {"00000"}


def test_the_database_asks_it_of_rows_and_of_none():
    con = duckdb.connect()
    dbt_functions.register(con)
    asked = """
        select unnest(least_of_tied(array_agg(
            struct_pack(customer_key := one, other_key := other))), recursive := true)
        from (values ('c', 'b'), ('b', 'a')) as ties (one, other) where {} order by all
    """
    assert con.execute(asked.format("true")).fetchall() == [("a", "a"), ("b", "a"), ("c", "a")]
    assert con.execute(asked.format("false")).fetchall() == []
