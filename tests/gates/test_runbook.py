"""What the runbook tells a tired person to type works."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import duckdb
import pytest

import built
from trueup.commands import verbs

TEXT = (Path(__file__).parents[2] / "docs" / "runbook.md").read_text("utf-8")
PROSE = re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL)
INLINE = [" ".join(code.split()) for code in re.findall(r"`([^`]+)`", PROSE)]
QUERIES = [
    query
    for block in re.findall(r"```sql\n(.*?)```", TEXT, flags=re.DOTALL)
    for query in block.split(";")
    if query.strip()
] + [code for code in INLINE if code.startswith(("select ", "from ")) and "known" not in code]
COMMANDS = sorted({code for code in INLINE if re.match(r"trueup [a-z]", code)})


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: " ".join(query.split())[:60])
def test_a_query_runs_on_a_build(query: str, built_company: built.Company):
    with duckdb.connect(str(built_company.place.build_file), read_only=True) as con:
        con.execute(query)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_one_that_can_be_typed(command: str):
    """Of `build`, `gate`, `publish` in a row the first stands for all."""
    arguments = shlex.split(command.replace("DAY", "2026-09-14"))[1:]
    verb = next(action.choices for action in verbs.parser()._actions if action.choices)[
        arguments[0]
    ]
    if len(arguments) > 1:
        verb.parse_args(arguments[1:])
