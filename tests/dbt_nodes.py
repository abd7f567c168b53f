"""What dbt sends for a node of a build, kept for other builds in which it would send the same.

Working out statements is most of what a small company's build costs. Those of a node depend on the
project, on what its relation is in the file before, and on the variables that its templates read;
the rows decide nothing. So dbt works a node out once for each of these in a run of the tests.
"""

from __future__ import annotations

import json
import pickle
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkstemp
from typing import Any
from unittest.mock import patch

import duckdb

from dbt_statements import Statement, captured
from dbt_tables import Tables
from trueup.build.dbt_results import RESULTS

#: What a template read: the variable, the key it asked of it where it is a mapping, and the value.
Read = tuple[str, str | None, Any]
#: A table, a view, or nothing.
Standing = str | None


@dataclass(frozen=True)
class Work:
    """What dbt did for a node whose relation was `standing` in the file, and dbt's entry of it
    among the results; `code` is its query, of which a seed has none."""

    node: str
    standing: Standing
    reads: tuple[Read, ...]
    statements: tuple[Statement, ...]
    code: Statement | None
    entry: dict[str, Any]

    def is_the_same_with(self, variables: dict[str, Any]) -> bool:
        return all(
            (variables[name] if key is None else variables[name][key]) == value
            for name, key, value in self.reads
        )


class Works:
    """What `folder` holds, which all workers of a run write to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._of: dict[tuple[str, Standing], list[Work]] = defaultdict(list)
        for file in sorted(folder.glob("*.works")):
            for work in _read(file):
                self._of[work.node, work.standing].append(work)

    def find(self, node: str, standing: Standing, variables: dict[str, Any]) -> Work | None:
        same = (one for one in self._of[node, standing] if one.is_the_same_with(variables))
        return next(same, None)

    def keep(self, works: Iterable[Work]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        number, name = mkstemp(dir=self._folder)
        with open(number, "wb") as file:
            pickle.dump(list(works), file)
        Path(name).rename(f"{name}.works")


@cache
def _read(file: Path) -> list[Work]:
    works: list[Work] = pickle.loads(file.read_bytes())  # noqa: S301
    return works


@contextmanager
def worked_out_once(folder: Path, build_file: Path, target: Path) -> Iterator[set[str]]:
    """Within the block dbt sends what `folder` holds of its nodes, decides what it always does (the
    order of nodes, what is skipped, what became of a test), and puts there what it works out. Where
    a statement that was held fails, dbt works the node out and tells of it itself. Gives the nodes,
    which are known when the block has ended."""
    from dbt.task.base import BaseRunner

    works, tables = Works(folder), Tables(target)
    new: dict[str, Standing] = {}
    built: set[str] = set()
    work_out = BaseRunner.compile_and_execute
    with captured() as sent, _variables_read() as reads:

        def compile_and_execute(self: Any, manifest: Any, ctx: Any) -> Any:
            node, standing = self.node.unique_id, _standing(self)
            work = works.find(node, standing, self.config.cli_vars)
            if work:
                try:
                    return _send(self, work, build_file, tables)
                except duckdb.Error:
                    return work_out(self, manifest, ctx)
            new[node] = standing
            return work_out(self, manifest, ctx)

        with patch.object(BaseRunner, "compile_and_execute", compile_and_execute):
            yield built
    tables.keep()
    if not (target / RESULTS).exists():  # dbt came to no end
        return
    results = json.loads((target / RESULTS).read_text("utf-8"))["results"]
    built |= {entry["unique_id"] for entry in results}
    statements = defaultdict(list)
    for one in sent:
        statements[one.node].append(one.of_any_file(build_file))
    works.keep(
        Work(
            node := entry["unique_id"],
            new[node],
            tuple(reads[node]),
            tuple(statements[node]),
            entry["compiled_code"] and Statement(entry["compiled_code"]).of_any_file(build_file),
            entry,
        )
        for entry in results
        if entry["unique_id"] in new and entry["status"] in ("success", "pass", "warn", "fail")
    )


def _standing(runner: Any) -> Standing:
    node = runner.node
    if node.resource_type == "test":
        return None
    relation = runner.adapter.get_relation(node.database, node.schema, node.alias)
    return relation and str(relation.type)


def _send(runner: Any, work: Work, build_file: Path, tables: Tables) -> Any:
    """The node's statements, and dbt's own result of them."""
    from dbt.artifacts.schemas.results import RunStatus
    from dbt.task.test import TestResultData

    node, started = runner.node, time.time()
    if work.code:
        node.compiled_code = work.code.of_file(build_file).sql
    with runner.adapter.connection_named(node.unique_id, node):
        cursor = runner.adapter.connections.get_thread_connection().handle.cursor()
        for statement in work.statements:
            answer = cursor.execute(tables.instead(statement.of_file(build_file).sql))
            if statement.is_question:
                return runner.build_test_run_result(node, TestResultData(*answer.fetchone(), {}))
    message = work.entry["message"]
    return runner._build_run_result(node, started, RunStatus.Success, [], message)


class _Watched(dict[str, Any]):
    """A mapping that tells which of its keys is read."""

    def __init__(self, values: dict[str, Any], tell: Callable[[str, Any], None]) -> None:
        super().__init__(values)
        self._tell = tell

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        self._tell(key, value)
        return value


@contextmanager
def _variables_read() -> Iterator[dict[str, list[Read]]]:
    """What the templates of each node read of the variables, within the block."""
    from dbt.context.base import Var

    reads: dict[str, list[Read]] = defaultdict(list)
    look_up = Var.__call__

    def read(self: Var, name: str, *default: Any) -> Any:
        value = look_up(self, name, *default)
        of_node = reads[getattr(self._node, "unique_id", "")]
        if not isinstance(value, dict):
            of_node.append((name, None, value))
            return value
        return _Watched(value, lambda key, one: of_node.append((name, key, one)))

    with patch.object(Var, "__call__", read):
        yield reads
