"""The README's commands, as it shows them, on a built company: each does what it says."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import duckdb
import pytest

import built
from docs import commands
from docs.pages import PROJECT
from trueup import __main__ as cli

README = PROJECT / "README.md"
#: Run by tests of Airflow's own: they start it, stop it or become it.
ELSEWHERE = {"up", "down", "airflow", "run"}
#: Typed into a shell, which shows that commands start. That builds and gates run in processes of
#: their own is what tests of Airflow and of the toy vendor say.
IN_A_PROCESS = {"check", "loads", "as-of", "status"}


@pytest.fixture(scope="module")
def company(
    published_company: built.Company, tmp_path_factory: pytest.TempPathFactory
) -> built.Company:
    """A copy of the published company, to be changed."""
    return published_company.copy_to(tmp_path_factory.mktemp("typed"))


@dataclass(frozen=True)
class Said:
    """What a person sees who types a command."""

    code: int
    output: str
    errors: str


def run(company: built.Company, line: str) -> Said:
    """`line` typed in the project's folder: what starts Python is tried on some, and the others
    run in this process, which has imported what they need."""
    program, *words = shlex.split(line)
    assert program == "trueup", line
    if IN_A_PROCESS & set(words):
        return shell(company, line)
    output, errors = StringIO(), StringIO()
    with company.in_force(), chdir(PROJECT), redirect_stdout(output), redirect_stderr(errors):
        code = cli.main(words)
    return Said(code, output.getvalue(), errors.getvalue())


def shell(company: built.Company, line: str) -> Said:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRUEUP_")}
    typed = re.sub(r"^trueup\b", f"{shlex.quote(sys.executable)} -m trueup", line)
    environment = kept | company.environment | {"PYTHONPATH": str(PROJECT / "plugins")}
    done = subprocess.run(
        ["bash", "-c", typed], cwd=PROJECT, env=environment, capture_output=True, text=True
    )
    return Said(done.returncode, done.stdout, done.stderr)


def campaign_of(company: built.Company) -> str:
    """The id of a campaign that the published mart has."""
    with duckdb.connect(str(company.place.mart), read_only=True) as con:
        [(campaign_id,)] = con.execute(
            "select campaign_id from marts.fct_campaign_daily where campaign_id is not null"
            " order by spend_amount desc nulls last, campaign_id limit 1"
        ).fetchall()
    return str(campaign_id)


def typed(company: built.Company, command: commands.Command, load: str) -> str:
    """The command with what the reader fills in: this company's file or, to be watched, one of two
    columns by day, and a load it has."""
    file = ratio_by_day(company.home) if verb(command) == "watch" else company.company_file
    filled = commands.FILLED | {
        "LOAD": load, "FILE": str(file), "SQL": "'from marts.dim_date limit 3'",
        "CAMPAIGN": shlex.quote(campaign_of(company)),
        # A company without an open incident: the name of a signal may stand there too.
        "INCIDENT": "event_capture",
    }  # fmt: skip
    words = [filled.get(word, word) for word in command.text.split()]
    if words[-1] == "--why":
        words.append("typo")
    return " ".join(words)


def ratio_by_day(folder: Path) -> Path:
    """Forty days of two shops, in the columns that the README names."""
    path, first = folder / "ratio.csv", date(2026, 8, 1)
    days = [first + timedelta(day) for day in range(40)]
    rows = [f"{day},{shop},{seen},100" for day in days for shop, seen in (("a", 90), ("b", 80))]
    path.write_text("\n".join(["d,shop,seen,orders", *rows, ""]), "utf-8")
    return path


def verb(command: commands.Command) -> str:
    return next(word for word in command.text.split()[1:] if not word.startswith(("-", "FILE")))


COMMANDS = [
    one
    for one in commands.of_page(README)
    if one.text.startswith("trueup ") and verb(one) not in ELSEWHERE
]


def test_the_readme_shows_what_it_takes_to_run_a_company_by_hand():
    assert {verb(one) for one in COMMANDS} >= {
        "check", "land", "loads", "rejects", "reject", "restore", "build", "gate", "publish",
        "rollback", "as-of", "status", "query",
    }  # fmt: skip


def test_each_does_what_it_says(company: built.Company, sandbox, tmp_path: Path):
    """One after the other, as they stand on the page: `gate` judges what `build` built."""
    load = run(company, "trueup loads shopify").output.split()[0]
    said = {}
    for command in COMMANDS:
        line = typed(company, command, load)
        done = run(company, line)
        assert done.code == 0, f"{line}\n{done.output[-3000:]}\n{done.errors[-3000:]}"
        said[verb(command)] = done.output
    assert "all well" in said["check"]
    assert "landed ga4.events" in said["land"]
    assert "shopify" in said["loads"]
    assert "published" in said["publish"]
    assert "the claims together exceed" in said["status"]
    assert re.search(r"2026-\d\d-\d\d", said["query"])


def test_the_readme_s_as_of_examples_show_moments_and_rows(company: built.Company):
    moments, rows = (one.text for one in COMMANDS if verb(one) == "as-of")
    listed = run(company, moments).output
    moment = re.search(r"^(\S+Z)  \d+ rows of 2026-0", listed, re.M)[1]
    for line in (rows, rows.replace("now", moment)):
        done = run(company, line)
        assert done.code == 0, done.errors
        assert re.search(r"2026-0[89]-\d\d\D+\d+", done.output), done.output
