"""Tables that stand in for the world's while a test runs."""

from __future__ import annotations

from functools import cache
from typing import Any

import duckdb

from sandbox.answers import Answers
from sandbox.desk import Desk


def stand_in(desk: Desk, monkeypatch: Any, tables: dict[str, str], **variables: int) -> None:
    """Have the vendors show `tables`, each a query, which may ask for `variables`."""
    answers = _answers(tuple(tables.items()), tuple(variables.items()))
    monkeypatch.setattr(desk, "answers", answers)


@cache
def _answers(
    tables: tuple[tuple[str, str], ...], variables: tuple[tuple[str, int], ...]
) -> Answers:
    """Made once for all tests that show the same."""
    con = duckdb.connect()
    for name, value in variables:
        con.execute(f"set variable {name} = {value}")
    for name, query in tables:
        con.execute(f"create table {name} as {query}")
    return Answers(con)
