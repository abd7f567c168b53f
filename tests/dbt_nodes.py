"""What dbt sends for a node of a build, kept for other builds in which it would send the same.

Working out statements is most of what a small company's build costs. Those of a node depend on the
project, on what its relation is in the file before, and on the variables that its templates read;
the rows decide nothing. So dbt works a node out once for each of these in a run of the tests.
"""

from __future__ import annotations

import json
import pickle
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkstemp
from typing import Any
from unittest.mock import patch

from dbt_statements import Statement, captured
from trueup.build.dbt_results import RESULTS

#: What a template read: the variable, the key it asked of it where it is a mapping, and the value.
Read = tuple[str, str | None, Any]
#: How dbt calls a node that came to its end, whatever a test found.
ENDED = ("success", "pass", "warn", "fail")
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
        self._new: list[Work] = []
        for file in sorted(folder.glob("*.works")):
            for work in _read(file):
                self._of[work.node, work.standing].append(work)

    def find(self, node: str, standing: Standing, variables: dict[str, Any]) -> Work | None:
        same = (one for one in self._of[node, standing] if one.is_the_same_with(variables))
        return next(same, None)

    def add(self, work: Work, variables: dict[str, Any]) -> None:
        known = self.find(work.node, work.standing, variables)
        assert known is None or known.statements == work.statements, f"dbt sends else: {work.node}"
        if known is None:
            self._new.append(work)

    def keep(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        number, name = mkstemp(dir=self._folder)
        with open(number, "wb") as file:
            pickle.dump(self._new, file)
        Path(name).rename(f"{name}.works")


@cache
def _read(file: Path) -> list[Work]:
    works: list[Work] = pickle.loads(file.read_bytes())  # noqa: S301
    return works


@contextmanager
def worked_out(
    works: Works, build_file: Path, target: Path, make_before: Callable[[str, Any], None]
) -> Iterator[dict[str, dict[str, Any]]]:
    """Within the block dbt works nodes out, and what it did for them is kept in `works`; where that
    is there, dbt must do the same. Before each node, `make_before` gets its name and a connection.
    Gives dbt's results of the nodes that came to their end, which are there when the block ends."""
    from dbt.task.base import BaseRunner

    standings: dict[str, tuple[Standing, dict[str, Any]]] = {}
    ended: dict[str, dict[str, Any]] = {}
    work_out = BaseRunner.compile_and_execute
    with captured() as sent, _variables_read() as reads:

        def compile_and_execute(self: Any, manifest: Any, ctx: Any) -> Any:
            node = self.node.unique_id
            with self.adapter.connection_named(node, self.node):
                cursor = self.adapter.connections.get_thread_connection().handle.cursor()
                make_before(node, cursor._cursor)  # what is sent by it is not of this node
            standings[node] = (_standing(self), self.config.cli_vars)
            return work_out(self, manifest, ctx)

        with patch.object(BaseRunner, "compile_and_execute", compile_and_execute):
            yield ended
    if not (target / RESULTS).exists():  # dbt came to no end
        return
    results = json.loads((target / RESULTS).read_text("utf-8"))["results"]
    ended |= {entry["unique_id"]: entry for entry in results if entry["status"] in ENDED}
    statements = defaultdict(list)
    for one in sent:
        statements[one.node].append(one.of_any_file(build_file))
    for node, entry in ended.items():
        standing, variables = standings[node]
        code = entry["compiled_code"]
        query = code and Statement(code).of_any_file(build_file)
        new = Work(node, standing, tuple(reads[node]), tuple(statements[node]), query, entry)
        works.add(new, variables)
    works.keep()


def _standing(runner: Any) -> Standing:
    node = runner.node
    if node.resource_type == "test":
        return None
    relation = runner.adapter.get_relation(node.database, node.schema, node.alias)
    return relation and str(relation.type)


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
