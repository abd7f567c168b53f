"""dbt's statements for a build, recorded once and sent again.

A build by dbt takes seconds of dbt's own; what it sends to DuckDB depends on the models and on
whether a build is incremental, not on the rows. So one full and one incremental build are made by
dbt itself, and every other one gets the same statements.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from trueup.build import dbt
from trueup.build.lock import open_build

#: What changes the file; the rest are dbt's questions about it.
WRITES = re.compile(r"\s*(/\*.*?\*/)?\s*(create|insert|delete|update|drop|alter)\b", re.I | re.S)


def record(project: Path, build_file: Path, target: Path, *selection: str) -> list[str]:
    """Let dbt build models into `build_file`; the statements it sent, in order."""
    from dbt.adapters.duckdb.environments.local import DuckDBCursorWrapper
    from dbt.cli.main import dbtRunner

    sent: list[str] = []
    send = DuckDBCursorWrapper.execute

    def execute(self: DuckDBCursorWrapper, sql: str, bindings: object = None) -> object:
        if WRITES.match(sql):
            sent.append(sql)
        return send(self, sql, bindings)

    with _environment(build_file, target), patch.object(DuckDBCursorWrapper, "execute", execute):
        found = dbtRunner().invoke(
            ["--quiet", "--no-write-json", "--log-level", "none", "run", "--threads", "1",
             *selection, "--project-dir", str(project), "--profiles-dir", str(project),
             "--vars", json.dumps(dbt.variables())],
        )  # fmt: skip
    if not found.success:
        bad = [
            (node.node.name, node.message)
            for node in found.result or ()
            if node.status != "success"
        ]
        raise AssertionError(f"dbt did not build: {found.exception or bad}")
    return sent


def send(build_file: Path, statements: list[str]) -> None:
    """What dbt would send for one more build of the file."""
    with open_build(build_file) as con:
        con.execute("set threads = 1")  # so few rows are not worth sharing out
        con.execute("begin")
        for statement in statements:
            con.execute(statement)
        con.execute("commit")


@contextmanager
def _environment(build_file: Path, target: Path) -> Iterator[None]:
    """dbt finds its file by the environment, and gives it back at the end."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    values = {
        "TRUEUP_BUILD_PATH": str(build_file),
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(target / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    with patch.dict(os.environ, values):
        try:
            yield
        finally:
            DuckDBConnectionManager.close_all_connections()
