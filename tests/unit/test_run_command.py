"""`trueup run` through Airflow: what is done beside it."""

from __future__ import annotations

import argparse
import threading
from pathlib import Path

import pytest

from built import PROJECT
from trueup.build import dbt
from trueup.commands import run
from trueup.errors import TrueupError
from trueup.local_airflow import service

DAY = argparse.Namespace(day="2026-09-14", without_airflow=False)


@pytest.fixture
def parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Where dbt was asked to parse the project; it leaves there what it leaves."""
    asked: list[Path] = []

    def parse(project: Path, build_file: Path, target: Path, sources: object) -> int:
        asked.append(target)
        target.mkdir(parents=True)
        (target / "partial_parse.msgpack").touch()
        return 0

    monkeypatch.setenv("TRUEUP_HOME", str(tmp_path))
    monkeypatch.setenv("TRUEUP_COMPANY", str(PROJECT / "company.yml"))
    monkeypatch.setattr(dbt, "parse", parse)
    return asked


def test_dbt_parses_the_models_while_the_first_day_runs_and_never_again(
    parsed: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(service, "run_day", lambda day: None)
    assert run.run(DAY) == 0
    assert run.run(DAY) == 0
    assert parsed == [tmp_path / "harbour_house" / "dbt"]


def test_the_day_does_not_wait_for_dbt_to_parse(
    parsed: list[Path], monkeypatch: pytest.MonkeyPatch
):
    is_running = threading.Event()
    seen: list[bool] = []
    monkeypatch.setattr(dbt, "parse", lambda *_: seen.append(is_running.wait(5)))
    monkeypatch.setattr(service, "run_day", lambda day: is_running.set())
    assert run.run(DAY) == 0
    assert seen == [True]


def test_how_the_day_ended_is_told_whatever_became_of_the_parsing(
    parsed: list[Path], monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: object) -> None:
        raise TrueupError("no")

    monkeypatch.setattr(dbt, "parse", fail)
    monkeypatch.setattr(service, "run_day", lambda day: None)
    assert run.run(DAY) == 0
