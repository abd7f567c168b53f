"""Builds by the statements dbt sent for the same nodes in other builds.

A small company's build costs some fifteen seconds of processor time, of which dbt itself takes ten.
Where dbt worked out before what it would send for every node of a build, the same statements are
sent, with the file's own name in them, and its tests are judged by dbt's rule. Where a statement
fails, the file is as it was before, and dbt makes the build and tells of the failure itself.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from dbt_nodes import Work, Works
from dbt_tables import Tables
from trueup.build import dbt_functions
from trueup.build.dbt import FAILURES
from trueup.build.dbt_results import RESULTS

#: The nodes of a build that stand in a file, or ask it something.
BUILT = ("seed", "model", "test")
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


def replay(
    manifest: Any,
    arguments: Sequence[str],
    works: Works,
    build_file: Path,
    target: Path,
    show: Callable[[str], None],
) -> int | None:
    """The build that dbt is asked for: dbt's exit code. None where dbt did not yet work out each of
    its nodes for files like this one, or a statement failed; then nothing was changed."""
    nodes, tables = selected(manifest, arguments), Tables(target)
    variables = json.loads(arguments[arguments.index("--vars") + 1])
    with duckdb.connect(str(build_file)) as con:
        found = _worked_out(con, [manifest.nodes[key] for key in nodes], works, variables, tables)
        if not found:
            return None
        dbt_functions.register(con)
        con.execute("set TimeZone = 'UTC'; set threads = 1; begin")
        try:
            entries = list(_sent(con, manifest, found, build_file, tables))
        except duckdb.Error:
            con.execute("rollback")
            return None
        con.execute("commit")
    target.mkdir(parents=True, exist_ok=True)
    tables.keep()
    (target / RESULTS).write_text(json.dumps({"results": entries}), "utf-8")
    for entry in entries:
        show(f"{entry['status'].upper()} {entry['unique_id']} {entry['message'] or ''}")
    return FAILURES if any(entry["status"] == "fail" for entry in entries) else 0


def _worked_out(
    con: duckdb.DuckDBPyConnection,
    nodes: list[Any],
    works: Works,
    variables: dict[str, Any],
    tables: Tables,
) -> dict[str, Work]:
    """What dbt did for each node where its relation stood as in this file; nothing at all where it
    did not work out one of them yet."""
    standing = {
        (schema, name): "view" if kind == "VIEW" or (schema, name) in tables else "table"
        for schema, name, kind in con.execute(
            "select table_schema, table_name, table_type from information_schema.tables"
        ).fetchall()
    }
    found: dict[str, Work] = {}
    for node in nodes:
        place = None if node.resource_type == "test" else standing.get((node.schema, node.alias))
        work = works.find(node.unique_id, place, variables)
        if work is None:
            return {}
        found[node.unique_id] = work
    return found


def _sent(
    con: duckdb.DuckDBPyConnection,
    manifest: Any,
    works: dict[str, Work],
    build_file: Path,
    tables: Tables,
) -> Iterator[dict[str, Any]]:
    """Send the statements of each node after those of the nodes it reads, and give its entry among
    dbt's results. What stands for a view that stays as it is shows what is new."""
    for schema in sorted({manifest.nodes[key].schema for key in works}):
        con.execute(f'create schema if not exists "{schema}"')
    for key in _in_order(manifest):
        node, work = manifest.nodes[key], works.get(key)
        place = (node.schema, node.alias)
        if node.resource_type == "model" and place in tables and not (work and work.statements):
            con.execute(tables.again(place))
        if work is None:
            continue
        code = work.code and work.code.of_file(build_file).sql
        entry = work.entry | {"compiled_code": code}
        for statement in work.statements:
            answer = con.execute(tables.instead(statement.of_file(build_file).sql))
            if statement.is_question:
                entry |= _judge(entry["declared"]["config"], *answer.fetchone())
        yield entry


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
