"""Runs dbt, in a process of its own, and reads what it did.

A process of its own because dbt keeps its DuckDB file open for as long as it lives, and
because it costs seconds of imports that nothing else needs.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from trueup.errors import Interrupted, UnfitData
from trueup.sources import registry, shapes

#: A message is read on a phone at night: enough to recognise the rows, not to list them.
ROWS_LENGTH = 500


@dataclass(frozen=True)
class Node:
    """One model or test of a dbt run. `seconds` is its own execution time."""

    name: str
    kind: str
    status: str
    seconds: float
    message: str
    sql: str = ""


def fingerprint(project: Path) -> str:
    """A hash of everything in the project that decides what is built."""
    digest = hashlib.sha256()
    for path in sorted(project.rglob("*")):
        if path.suffix in (".sql", ".yml", ".csv") and path.is_file():
            digest.update(path.relative_to(project).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def build(
    project: Path, build_file: Path, target: Path, *, progress: Callable[[str], None] = print
) -> list[Node]:
    """Models and data tests of the project, into `build_file`; raises UnfitData naming what failed
    and, of a failed test, the first rows, or Interrupted where dbt itself did not come to an end.

    `target` takes dbt's artifacts and logs, so the project folder stays clean. Unit tests check
    the models, not the data: they run with the project's own tests.
    """
    target.mkdir(parents=True, exist_ok=True)
    (target / "run_results.json").unlink(missing_ok=True)
    # Not --fail-fast: it may note the node that failed as one that was skipped.
    arguments = ["build", "--exclude-resource-type", "unit_test"]
    code = run(project, build_file, target, arguments, progress)
    nodes = read_results(target)
    bad = [node for node in nodes if node.status in ("error", "fail", "runtime error")]
    next_step = f"read {target / 'logs' / 'dbt.log'}; the last good mart stays published"
    if bad:
        raise UnfitData(
            f"dbt could not build the mart: {len(bad)} of {len(nodes)} nodes failed",
            got="; ".join(
                f"{node.kind} {node.name}: {node.message}{_rows(build_file, node)}"
                for node in bad[:5]
            ),
            next_step=next_step,
        )
    if code:
        ended = f"signal {-code}" if code < 0 else f"exit code {code}"
        raise Interrupted(
            "dbt did not come to an end, which says nothing about the data",
            got=ended,
            next_step=next_step,
        )
    return nodes


def _rows(build_file: Path, node: Node) -> str:
    """The first rows a failed test found, for the message; keys and amounts, as tests select."""
    if node.kind != "test" or not node.sql:
        return ""
    with duckdb.connect(str(build_file), read_only=True) as con:
        try:
            found = con.execute(f"from ({node.sql}) limit 3")
            names = [column[0] for column in found.description]
            rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        except duckdb.Error:
            return ""
    return f", such as {json.dumps(rows, default=str)[:ROWS_LENGTH]}" if rows else ""


def run(
    project: Path,
    build_file: Path,
    target: Path,
    arguments: list[str],
    progress: Callable[[str], None] = print,
) -> int:
    """One dbt command; its lines go to `progress` as they come. Returns dbt's exit code."""
    environment = {
        **os.environ,
        "TRUEUP_BUILD_PATH": str(build_file),
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(target / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
        "PYTHONUNBUFFERED": "1",
    }
    command = [
        sys.executable, "-c", "from dbt.cli.main import cli; cli()",
        "--no-use-colors", "--log-format", "text", *arguments,
        "--project-dir", str(project), "--profiles-dir", str(project),
        "--vars", json.dumps(variables()),
    ]  # fmt: skip
    with subprocess.Popen(  # noqa: S603 -- our own interpreter, no shell
        command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        try:
            for line in process.stdout or ():
                progress(line.rstrip())
        except BaseException:  # leaving the block would wait for dbt, however long it hangs
            process.kill()
            raise
    return process.returncode


def variables() -> dict[str, object]:
    """What models are told of the sources: which provide a shape, and the columns of each."""
    return {
        "shape_sources": registry.shape_sources(),
        "shape_columns": {
            one.name: {column.name: column.type for column in shapes.columns(one)}
            for one in (*shapes.SHAPES, shapes.SET_ASIDE)
        },
    }


def read_results(target: Path) -> list[Node]:
    """The nodes of the last run, from dbt's run_results.json; none where dbt did not get there."""
    path = target / "run_results.json"
    if not path.exists():
        return []
    results = json.loads(path.read_text(encoding="utf-8"))["results"]
    return [
        Node(
            name=entry["unique_id"].split(".")[2],
            kind=entry["unique_id"].split(".")[0],
            status=entry["status"],
            seconds=entry["execution_time"],
            message=" ".join(str(entry.get("message") or "").split())[:300],
            sql=entry.get("compiled_code") or "",
        )
        for entry in results
    ]
