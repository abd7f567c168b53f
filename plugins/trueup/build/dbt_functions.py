"""The functions that dbt's models call and SQL does not have: attribution models that look at all
journeys at once, and what a chain of ties ends in. dbt-duckdb finds `Plugin` by its name in
profiles.yml.

They run where the tables are made, so what they give is under the same contracts and tests as the
rest. A step of its own after dbt would be neither, and a dbt model in Python costs pandas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

Rows = Sequence[Mapping[str, Any]]

TRANSITIONS = "struct(from_state varchar, to_state varchar, journeys bigint)[]"
PATHS = "struct(path varchar, conversions bigint, unconverted bigint)[]"
SHARES = "struct(state varchar, share double)[]"
TIES = "struct(customer_key varchar, other_key varchar)[]"
KEYS = "struct(customer_key varchar, least_key varchar)[]"


class Plugin(BasePlugin):
    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        register(conn)


def register(con: duckdb.DuckDBPyConnection) -> None:
    """Teach a connection what the models call, if it was not taught yet."""
    known = con.execute(
        "select 1 from duckdb_functions() where function_name = 'markov_shares'"
    ).fetchone()
    if known:
        return
    for name, function, given, found in (
        ("markov_shares", markov_shares, TRANSITIONS, SHARES),
        ("shapley_shares", shapley_shares, PATHS, SHARES),
        ("least_of_tied", least_of_tied, TIES, KEYS),
    ):
        con.create_function(name, function, [duckdb.type(given)], duckdb.type(found))


def markov_shares(transitions: Rows) -> list[dict[str, Any]]:
    from trueup.build import path_models

    given = [(one["from_state"], one["to_state"], one["journeys"]) for one in transitions]
    return _as_rows(path_models.removal_effects, given)


def shapley_shares(paths: Rows) -> list[dict[str, Any]]:
    from trueup.build import path_models

    given = [(one["path"], one["conversions"], one["unconverted"]) for one in paths]
    return _as_rows(path_models.shapley_values, given)


def least_of_tied(ties: Rows) -> list[dict[str, str]]:
    """By key, the least of all that ties lead to from it, over however many."""
    least: dict[str, str] = {}

    def end_of(key: str) -> str:
        trail = []
        while (further := least.setdefault(key, key)) != key:
            trail.append(key)
            key = further
        least.update(dict.fromkeys(trail, key))
        return key

    for tie in ties:
        lesser, greater = sorted((end_of(tie["customer_key"]), end_of(tie["other_key"])))
        least[greater] = lesser
    return [{"customer_key": key, "least_key": end_of(key)} for key in list(least)]


def _as_rows(
    model: Callable[[list[tuple[Any, ...]]], dict[str, float]], given: list[tuple[Any, ...]]
) -> list[dict[str, Any]]:
    from trueup.build.path_models import shares

    found = shares(model(sorted(given)))
    return [{"state": state, "share": share} for state, share in found.items()]
