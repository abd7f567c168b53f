"""Builds by the statements dbt sent for the same nodes in other builds.

A small company's build costs some fifteen seconds of processor time, of which dbt itself takes ten.
Where dbt worked out before what it would send for a node, the same statements are sent, with the
file's own name in them, and tests are judged by dbt's rule; dbt itself is asked for the others
alone, and what they read is made before them. Where a statement fails, the file is as it was
before, and dbt makes the whole build and tells of the failure itself.
"""

from __future__ import annotations

import json
import shutil
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator, Sequence
from graphlib import TopologicalSorter
from pathlib import Path
from threading import Lock
from typing import Any
from zlib import crc32

import duckdb

from dbt_nodes import Standing, Work, Works, worked_out
from dbt_tables import Tables
from trueup.build import dbt_functions
from trueup.build.dbt import FAILURES
from trueup.build.dbt_results import RESULTS

#: The nodes of a build that stand in a file, or ask it something.
BUILT = ("seed", "model", "test")
Show = Callable[[str], None]
_orders: dict[int, tuple[Any, tuple[str, ...]]] = {}


def selected(manifest: Any, arguments: Sequence[str]) -> set[str]:
    """The nodes that dbt builds when it is asked with `arguments`; none where only dbt knows."""
    asked = ArgumentParser(add_help=False)
    asked.add_argument("verb")
    for name in ("--project-dir", "--profiles-dir", "--vars", "--indirect-selection"):
        asked.add_argument(name)
    asked.add_argument("--exclude-resource-type", action="append", default=[])
    asked.add_argument("--exclude", nargs="*", default=[])
    known, others = asked.parse_known_args(arguments)
    criteria = [one.split(":") for one in known.exclude]
    if others or any(method not in ("fqn", "config.materialized") for method, _ in criteria):
        return set()
    kinds = [kind for kind in BUILT if kind not in known.exclude_resource_type]
    return {
        key
        for key, node in manifest.nodes.items()
        if node.resource_type in kinds and not any(_is_of(node, *one) for one in criteria)
    }


def _is_of(node: Any, method: str, value: str) -> bool:
    """As dbt reads the criterion `method:value`."""
    if method == "config.materialized":
        return bool(node.config.materialized == value)
    path = value.split(".")
    return bool(node.fqn[1 : len(path) + 1] == path)


class Replay:
    """The build that dbt is asked for with `arguments`, of what it worked out before. The nodes in
    `missing` are for dbt: those it did not work out yet for files like this one and, where there
    are such, one of thirty others, for which it must send what it sent before."""

    def __init__(
        self, manifest: Any, arguments: Sequence[str], works: Works, build_file: Path, target: Path
    ) -> None:
        self._manifest, self._arguments, self._known = manifest, arguments, works
        self._build_file, self._target = build_file, target
        self._tables = Tables(target)
        self._sent: set[str] = set()
        self._one_at_a_time = Lock()
        self.entries: list[dict[str, Any]] = []
        self.chosen = selected(manifest, arguments)
        variables = json.loads(arguments[arguments.index("--vars") + 1])
        found = {key: works.find(key, standing, variables) for key, standing in self._standing()}
        self._works = {key: work for key, work in found.items() if work}
        self.missing = found.keys() - self._works.keys()
        sample = (key for key in self._works if crc32(f"{key} {len(found)}".encode()) % 30 == 0)
        self.missing |= set(sample) if self.missing else set()

    def _standing(self) -> Iterator[tuple[str, Standing]]:
        """Each node, and what its relation is in the file, as dbt made it."""
        with duckdb.connect(str(self._build_file), read_only=True) as con:
            kinds = {
                (schema, name): "view" if kind == "VIEW" else "table"
                for schema, name, kind in con.execute(
                    "select table_schema, table_name, table_type from information_schema.tables"
                ).fetchall()
            }
        kinds |= dict.fromkeys(self._tables.places & kinds.keys(), "view")
        for key in self.chosen:
            node = self._manifest.nodes[key]
            is_test = node.resource_type == "test"
            yield key, None if is_test else kinds.get((node.schema, node.alias))

    def made_with(self, ask_dbt: Callable[[list[str]], int], show: Show) -> int | None:
        """Make all of it, what is missing by dbt: its exit code, or None where some of it could not
        be made, and then nothing was changed."""
        before = self._build_file.with_suffix(".before")
        shutil.copy(self._build_file, before)
        with worked_out(
            self._known, self._build_file, self._target, self._send_what_is_read_by
        ) as ended:
            if self.missing:
                ask_dbt(self._asked_of_dbt())
        self.entries += ended.values()
        code = self.made(show) if ended.keys() == self.missing else None
        if code is None:
            self._build_file.with_suffix(f"{self._build_file.suffix}.wal").unlink(missing_ok=True)
            before.replace(self._build_file)
        before.unlink(missing_ok=True)
        return code

    def made(self, show: Show) -> int | None:
        """Make all of it but what is missing: dbt's exit code, or None where a statement failed and
        nothing was changed. Its results are written where dbt writes them."""
        with duckdb.connect(str(self._build_file)) as con:
            dbt_functions.register(con)
            con.execute("set TimeZone = 'UTC'; set threads = 1; begin")
            try:
                self._send(con, _in_order(self._manifest))
            except duckdb.Error:
                con.execute("rollback")
                return None
            con.execute("commit")
        self._target.mkdir(parents=True, exist_ok=True)
        self._tables.keep()
        (self._target / RESULTS).write_text(json.dumps({"results": self.entries}), "utf-8")
        for entry in self.entries:
            show(f"{entry['status'].upper()} {entry['unique_id']} {entry['message'] or ''}")
        return FAILURES if any(entry["status"] == "fail" for entry in self.entries) else 0

    def _asked_of_dbt(self) -> list[str]:
        """What dbt is asked with for what is missing."""
        names = sorted(self._manifest.nodes[key].name for key in self.missing)
        alone = ["--indirect-selection", "empty", "--exclude-resource-type", "unit_test"]
        of_all = self._arguments[self._arguments.index("--project-dir") :]
        return ["build", *alone, "--select", *names, *of_all]

    def _send_what_is_read_by(self, node: str, con: Any) -> None:
        """Make what a node is made of, but what is missing, which dbt makes before it."""
        with self._one_at_a_time:
            read = _read_by(self._manifest, node)
            self._send(con, [key for key in _in_order(self._manifest) if key in read])

    def _send(self, con: Any, keys: Iterable[str]) -> None:
        """Send the statements of the nodes, in this order, that were not sent yet. What stands for
        a view that stays as it is shows what is new."""
        for key in keys:
            node, work = self._manifest.nodes[key], self._works.get(key)
            place = (node.schema, node.alias)
            if key in self._sent or key in self.missing:
                continue
            self._sent.add(key)
            is_view = node.resource_type == "model" and place in self._tables.places
            if is_view and not (work and work.statements):
                con.execute(self._tables.again(place))
            if work:
                con.execute(f'create schema if not exists "{node.schema}"')
                self.entries.append(self._entry(con, work))

    def _entry(self, con: Any, work: Work) -> dict[str, Any]:
        """Send the statements of one node; its entry among dbt's results."""
        code = work.code and work.code.of_file(self._build_file).sql
        entry = work.entry | {"compiled_code": code}
        for statement in work.statements:
            sql = statement.of_file(self._build_file).sql
            answer = con.execute(self._tables.instead(sql))
            if statement.is_question:
                entry |= _judge(entry["declared"]["config"], *answer.fetchone())
        return entry


def _read_by(manifest: Any, node: str) -> set[str]:
    """The nodes that a node is made of."""
    found: set[str] = set()
    ahead = list(manifest.nodes[node].depends_on_nodes)
    while ahead:
        if (one := ahead.pop()) in manifest.nodes and one not in found:
            found.add(one)
            ahead += manifest.nodes[one].depends_on_nodes
    return found


def _in_order(manifest: Any) -> tuple[str, ...]:
    """All nodes that stand in a file or ask it something, each after those it reads."""
    if id(manifest) not in _orders:
        nodes = {key: one for key, one in manifest.nodes.items() if one.resource_type in BUILT}
        reads = {key: nodes.keys() & set(one.depends_on_nodes) for key, one in nodes.items()}
        # The manifest stays, so that no other has its id.
        _orders[id(manifest)] = (manifest, tuple(TopologicalSorter(reads).static_order()))
    return _orders[id(manifest)][1]


def _judge(
    config: dict[str, Any], failures: int, should_warn: bool, should_error: bool
) -> dict[str, Any]:
    """dbt's own rule: an error where the test is one, else a warning, else it passed."""
    if config["severity"].lower() == "error" and should_error:
        status, rule = "fail", f"fail if {config['error_if']}"
    elif should_warn:
        status, rule = "warn", f"warn if {config['warn_if']}"
    else:
        return {"status": "pass", "failures": 0, "message": None}
    count = f"{failures} result{'' if failures == 1 else 's'}"
    message = f"Got {count}, configured to {rule}"
    return {"status": status, "failures": int(failures), "message": message}
