"""Whatever a page or a message tells a person to type exists, with these options and arguments."""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs import commands
from docs.commands import Command
from docs.pages import PROJECT, blocks, pages
from trueup.commands import verbs
from trueup.sources import registry

COMMANDS = sorted(
    {command for page in pages() for command in commands.of_page(page)},
    key=lambda command: (command.where, command.text),
)
MESSAGES = sorted(set(commands.of_messages()), key=lambda command: (command.where, command.text))
#: Verbs that people reach by `make docs`.
BEHIND_MAKE_DOCS = {"docs", "schema"}
#: Parts of the bench that `make bench` has no option for.
BENCH = "PYTHONPATH=plugins:tests .venv/bin/python -m bench."
#: Where other tests run the SQL of a page, or the page shows a template.
PAGES_OF_SQL = {"docs/files.md", "docs/marts.md", "docs/runbook.md", "CONTRIBUTING.md"}


def of(program: str, some: list[Command] = COMMANDS) -> list[Command]:
    return [one for one in some if one.text.startswith(program)]


def name(command: Command) -> str:
    return f"{command.where}: {command.text}"


def test_pages_name_commands():
    assert len(of("trueup")) > 30 and len(of("make")) > 8 and len(MESSAGES) > 8


def test_every_command_is_of_a_kind_that_is_checked():
    kinds = ("trueup ", ".venv/bin/trueup", "make ", BENCH, "export TRUEUP_", "cp ")
    assert [name(one) for one in COMMANDS if not one.text.startswith(kinds)] == []


@pytest.mark.parametrize("command", [*of("trueup "), *MESSAGES], ids=name)
def test_a_trueup_command_parses(command: Command, capsys: pytest.CaptureFixture[str]):
    words = command.words()[1:]
    try:
        parsed = verbs.parser().parse_args(words)
    except SystemExit:
        said = capsys.readouterr().err
        # A sentence may name a verb without all it takes, but no verb that is not there.
        assert command.is_mention and "the following arguments are required" in said, said
        return
    _names_what_exists(parsed)


def _names_what_exists(parsed: argparse.Namespace) -> None:
    source = getattr(parsed, "source", None)
    if source is None:
        return
    assert source in registry.NAMES
    streams = {stream.name for stream in registry.load(source).streams}
    named = getattr(parsed, "stream", None) or []
    assert set([named] if isinstance(named, str) else named) <= streams


@pytest.mark.parametrize("command", of("make "), ids=name)
def test_a_make_command_has_its_target_and_variables(command: Command):
    words = command.words()
    makefile = (PROJECT / "Makefile").read_text("utf-8")
    for word in words[1:]:
        variable, is_set, value = word.partition("=")
        if is_set:
            assert f"$({variable})" in makefile
        if variable == "COMPANY" and "/" in value:
            assert (PROJECT / value).exists()
        if variable == "ARGS":
            assert {part for part in value.split() if part.startswith("tests/")} <= {
                str(path.relative_to(PROJECT)) for path in (PROJECT / "tests").rglob("*")
            }
    dry = subprocess.run(
        ["make", "-n", *words[1:]], cwd=PROJECT, capture_output=True, text=True,
        env={key: value for key, value in os.environ.items() if not key.startswith("MAKE")},
    )  # fmt: skip
    assert dry.returncode == 0, dry.stderr


def test_options_of_the_bench_exist():
    shown = {
        option for command in of("make bench") for option in re.findall(r"--[a-z-]+", command.text)
    }
    said = subprocess.run(
        [sys.executable, "-m", "bench", "--help"], cwd=PROJECT, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": "plugins:tests"},
    ).stdout  # fmt: skip
    assert "--quick" in said
    assert shown <= set(re.findall(r"--[a-z-]+", said))


def test_an_airflow_command_parses(tmp_path: Path):
    shown = [one.words()[2:] for one in of("trueup airflow ")]
    assert shown
    parse = (
        "import sys, json; from airflow.cli.cli_parser import get_parser;"
        "[get_parser().parse_args(words) for words in json.loads(sys.argv[1])]"
    )
    done = subprocess.run(
        [sys.executable, "-c", parse, json.dumps(shown)], capture_output=True, text=True,
        env={**os.environ, "AIRFLOW_HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]


def test_every_verb_of_the_makefile_and_the_command_is_shown_somewhere():
    text = "\n".join(page.read_text("utf-8") for page in pages())
    makefile = (PROJECT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE)) - {"help"}
    assert {verb for verb in targets if f"make {verb}" not in text} == set()
    choices = next(action.choices for action in verbs.parser()._actions if action.choices)
    shown = {word for command in of("trueup ") for word in command.text.split()}
    assert set(choices) - shown - BEHIND_MAKE_DOCS == set()


def test_sql_stands_only_on_pages_whose_sql_is_run():
    shown = {one.page for page in pages() for one in blocks(page) if one.language == "sql"}
    assert shown <= PAGES_OF_SQL


@pytest.mark.parametrize("command", of(BENCH), ids=name)
def test_a_part_of_the_bench_takes_what_is_shown(command: Command):
    module, *arguments = command.words()[3:]
    said = subprocess.run(
        [sys.executable, "-m", module, "--help"], cwd=PROJECT, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": "plugins:tests"},
    ).stdout  # fmt: skip
    assert f"usage: python -m {module}" in said
    assert all(word.lower() in said for word in arguments)
