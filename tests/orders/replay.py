"""dbt's statements for a build, recorded once and sent again.

A build by dbt takes seconds of dbt's own; what it sends to DuckDB depends on the models and on
whether a build is incremental, not on the rows. So one full and one incremental build are made by
dbt itself, and every other one gets the same statements.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from unittest.mock import patch

import dbt_in_process
import dbt_replay
from trueup.build import dbt
from trueup.build.lock import open_build


def record(project: Path, build_file: Path, target: Path, kept: Path, *selection: str) -> list[str]:
    """Let dbt build models into `build_file`; the statements that changed it, in order. The
    parsed project lies in `kept`."""
    lines: list[str] = []
    kinds = ["--resource-type", "model", "--resource-type", "seed"]
    arguments = ["build", "--threads", "1", *kinds, *selection]
    # A build that is replayed sends nothing through dbt.
    as_dbt = patch.object(dbt, "run_process", partial(dbt_in_process.run, kept=kept))
    with as_dbt, dbt_replay.captured() as sent:
        code = dbt.run(project, build_file, target, arguments, lines.append)
    assert code == 0, "\n".join(lines[-40:])
    return [one.sql for one in sent if not one.test]


def send(build_file: Path, statements: list[str]) -> None:
    """What dbt would send for one more build of the file."""
    with open_build(build_file) as con:
        con.execute("set threads = 1")  # so few rows are not worth sharing out
        con.execute("begin")
        for statement in statements:
            con.execute(statement)
        con.execute("commit")
