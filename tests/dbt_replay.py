"""Builds by the statements dbt sent for a build of the same kind.

A small company's build costs some fifteen seconds of processor time, of which dbt itself takes ten.
What dbt sends depends on the project, on what it is asked for, and on the relations the file holds,
not on the rows. So the first build of a kind is made by dbt, and its statements are kept; a later
one gets the same statements, with its own file's name in them, and its tests are judged by dbt's
rule. Where a statement fails, the file is as it was before, and dbt makes the build and tells of
the failure itself.

What dbt makes a view of is a table where statements are sent again: DuckDB plans a view anew for
each model and test that reads it, which is half of what a small company's build costs. Views of
health stay views, since the gate writes what they show. Whatever builds or changes the file
afterwards asks `as_views` for the rest, as dbt made them.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb

from trueup.build import dbt_functions
from trueup.build.dbt import FAILURES
from trueup.build.dbt_results import RESULTS

#: What changes the file, and what a test asks of it; the rest are dbt's questions about the file.
WRITES = re.compile(
    r"\s*(/\*.*?\*/)?\s*(create|insert|copy|delete|update|drop|alter)\b", re.I | re.S
)
ASKS = re.compile(r"\bshould_warn\b", re.I)
MAKES_VIEW = re.compile(
    r"(?P<comment>\s*/\*.*?\*/)?\s*create\s+view\s+(?P<relation>\S+\.\"(?P<folder>\w+)\"\.\"\w+\")",
    re.I | re.S,
)
#: Beside dbt's results: the relations that stand as tables, and the statements that make views.
AS_TABLES = "as_tables"

#: The file's own name, which dbt gives every relation it names, within what is kept.
CATALOG, ITS_OWN = '"{}".', '"(the file)".'


@dataclass(frozen=True)
class Statement:
    """One statement, and the node that sends it; whether it is what a test asks of the file."""

    sql: str
    node: str = ""
    is_question: bool = False

    def of_any_file(self, build_file: Path) -> Statement:
        return replace(self, sql=self.sql.replace(CATALOG.format(build_file.stem), ITS_OWN))

    def of_file(self, build_file: Path) -> Statement:
        return replace(self, sql=self.sql.replace(ITS_OWN, CATALOG.format(build_file.stem)))


def key_of(build_file: Path, fingerprint: str, arguments: list[str]) -> str:
    """Names the kind of build that `arguments` make of the file as it is."""
    with duckdb.connect(str(build_file), read_only=True) as con:
        relations = con.execute(
            "select table_schema, table_name, table_type from information_schema.tables"
            " order by all"
        ).fetchall()
    kind = json.dumps([fingerprint, arguments, relations])
    return hashlib.sha256(kind.encode()).hexdigest()[:20]


@contextmanager
def captured() -> Iterator[list[Statement]]:
    """The statements dbt sends within the block, in order."""
    from dbt.adapters.duckdb.environments.local import DuckDBCursorWrapper
    from dbt_common.events.contextvars import get_node_info

    sent: list[Statement] = []
    one_at_a_time = threading.Lock()
    send = DuckDBCursorWrapper.execute

    def execute(self: DuckDBCursorWrapper, sql: str, bindings: object = None) -> object:
        node = str(get_node_info().get("unique_id", ""))
        with one_at_a_time:
            if WRITES.match(sql):
                sent.append(Statement(sql, node))
            elif node.startswith("test.") and ASKS.search(sql):
                sent.append(Statement(sql, node, is_question=True))
        return send(self, sql, bindings)

    with patch.object(DuckDBCursorWrapper, "execute", execute):
        yield sent


@contextmanager
def recorded(folder: Path, build_file: Path, target: Path) -> Iterator[None]:
    """Keep in `folder` what dbt sends and writes within the block, if it came to its end."""
    with captured() as sent:
        yield
    if not (target / RESULTS).exists():  # dbt came to no end
        return
    results = json.loads((target / RESULTS).read_text("utf-8"))["results"]
    if {entry["status"] for entry in results} <= {"success", "pass", "warn"}:
        _keep(folder, target, [one.of_any_file(build_file) for one in sent])


def _keep(folder: Path, target: Path, sent: list[Statement]) -> None:
    own = folder.with_name(f"{folder.name}.{os.getpid()}")
    own.mkdir(parents=True)
    (own / "statements").write_bytes(pickle.dumps(sent))
    shutil.copy(target / RESULTS, own / RESULTS)
    if folder.exists():  # the other worker was quicker
        shutil.rmtree(own)
    else:
        own.rename(folder)


def replay(
    folder: Path,
    build_file: Path,
    target: Path,
    show: Callable[[str], None],
    *,
    is_models_alone: bool = False,
) -> int | None:
    """Send what is kept in `folder`, or what is not of tests, and write what it came to: dbt's exit
    code, or None where a statement failed and nothing was changed."""
    kept: list[Statement] = pickle.loads((folder / "statements").read_bytes())  # noqa: S301
    results = json.loads((folder / RESULTS).read_text("utf-8"))
    declared = {entry["unique_id"]: entry["declared"] for entry in results["results"]}
    found: dict[str, dict[str, Any]] = {}
    as_tables: list[tuple[str, str]] = []
    with duckdb.connect(str(build_file)) as con:
        dbt_functions.register(con)
        con.execute("set TimeZone = 'UTC'; set threads = 1; begin")
        try:
            for one in (statement.of_file(build_file) for statement in kept):
                if one.is_question and is_models_alone:
                    continue
                view = None if one.is_question else MAKES_VIEW.match(one.sql)
                if view and view["folder"] != "health":
                    as_tables.append((view["relation"], one.sql))
                    con.execute(f"create table {view['relation']}{one.sql[view.end() :]}")
                    continue
                answer = con.execute(one.sql)
                if one.is_question:
                    found[one.node] = _judge(declared[one.node]["config"], *answer.fetchone())
        except duckdb.Error:
            con.execute("rollback")
            return None
        con.execute("commit")
    target.mkdir(parents=True, exist_ok=True)
    (target / AS_TABLES).write_bytes(pickle.dumps(as_tables))
    if is_models_alone:
        results["results"] = [
            one for one in results["results"] if not one["unique_id"].startswith("test.")
        ]
    for entry in results["results"]:
        entry |= found.get(entry["unique_id"], {})
        show(f"{entry['status'].upper()} {entry['unique_id']} {entry['message'] or ''}")
    (target / RESULTS).write_text(json.dumps(results), "utf-8")
    return FAILURES if any(one["status"] == "fail" for one in found.values()) else 0


def as_views(build_file: Path, target: Path) -> None:
    """Makes views again, as dbt did, of what a replay into the file left as tables."""
    if not (target / AS_TABLES).exists():
        return
    with duckdb.connect(str(build_file)) as con:
        dbt_functions.register(con)
        tables = con.execute(
            'select format(\'"{}"."{}"."{}"\', database_name, schema_name, table_name)'
            " from duckdb_tables()"
        ).fetchall()
        con.execute("begin")
        for relation, statement in pickle.loads((target / AS_TABLES).read_bytes()):  # noqa: S301
            if (relation,) in tables:
                con.execute(f"drop table {relation}")
                con.execute(statement)
        con.execute("commit")
    (target / AS_TABLES).unlink()


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
