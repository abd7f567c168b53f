"""dbt's statements for a build, recorded once and sent again.

A build by dbt takes seconds of dbt's own; what it sends to DuckDB depends on the models and on
whether a build is incremental, not on the rows. So one full and one incremental build are made by
dbt itself, and every other one gets the same statements, or those of the models it asks for.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from unittest.mock import patch

import dbt_in_process
import dbt_statements
from dbt_statements import Statement
from trueup.build import dbt, dbt_functions
from trueup.build.lock import open_build

Relatives = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class Graph:
    """Which node of dbt's reads which: by its id, as in dbt's manifest."""

    parents: Relatives
    children: Relatives
    kinds: Mapping[str, str]
    schemas: Mapping[str, str]

    @classmethod
    def read(cls, target: Path) -> Graph:
        """As it stands in what dbt writes of a project."""
        found = json.loads((target / "manifest.json").read_text("utf-8"))
        kinds = {
            name: node["config"].get("materialized", "") for name, node in found["nodes"].items()
        }
        schemas = {name: node["schema"] for name, node in found["nodes"].items()}
        return cls(found["parent_map"], found["child_map"], kinds, schemas)

    def of_schema(self, schema: str) -> set[str]:
        return {name for name, one in self.schemas.items() if one == schema}

    def of_kind(self, materialized: str) -> set[str]:
        return {name for name, kind in self.kinds.items() if kind == materialized}

    def read_by(self, names: Iterable[str]) -> set[str]:
        """These and all that they are made of."""
        return _reached(names, self.parents)

    def reading(self, names: Iterable[str]) -> set[str]:
        """These and all that is made of them."""
        return _reached(names, self.children)


def _reached(names: Iterable[str], steps: Relatives) -> set[str]:
    found, ahead = set(), list(names)
    while ahead:
        if (one := ahead.pop()) not in found:
            found.add(one)
            ahead += steps.get(one, ())
    return found


def record(
    project: Path, build_file: Path, target: Path, kept: Path, *selection: str
) -> list[Statement]:
    """Let dbt build models into `build_file`; the statements that changed it, in order. The
    parsed project lies in `kept`."""
    lines: list[str] = []
    kinds = ["--resource-type", "model", "--resource-type", "seed"]
    arguments = ["build", "--threads", "1", "--write-json", *kinds, *selection]
    # A build that is replayed sends nothing through dbt.
    as_dbt = patch.object(dbt, "run_process", partial(dbt_in_process.run, kept=kept))
    with as_dbt, dbt_statements.captured() as sent:
        code = dbt.run(project, build_file, target, arguments, lines.append)
    assert code == 0, "\n".join(lines[-40:])
    return [one for one in sent if not one.is_question]


def only(statements: Iterable[Statement], nodes: Collection[str]) -> list[Statement]:
    """Those of `nodes`, and those that are of no node: they make schemas."""
    return [one for one in statements if not one.node or one.node in nodes]


def send(build_file: Path, statements: list[Statement]) -> None:
    """What dbt would send for one more build of the file."""
    with open_build(build_file) as con:
        dbt_functions.register(con)
        con.execute("set threads = 1")  # so few rows are not worth sharing out
        con.execute("begin")
        for statement in statements:
            con.execute(statement.sql)
        con.execute("commit")
