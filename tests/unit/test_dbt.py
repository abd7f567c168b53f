"""What dbt came to: data it could not build from, or a dbt that did not get there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trueup.build import dbt
from trueup.errors import Interrupted, UnfitData


def dbt_that(monkeypatch: pytest.MonkeyPatch, code: int, *statuses: str) -> None:
    """Stands in for dbt: leaves results of these statuses and ends with `code`."""

    def run(project: Path, build_file: Path, target: Path, *_: object) -> int:
        results = [
            {"unique_id": f"model.trueup.m{i}", "status": status, "execution_time": 1,
             "message": "said why"}
            for i, status in enumerate(statuses)
        ]  # fmt: skip
        (target / "run_results.json").write_text(json.dumps({"results": results}), "utf-8")
        return code

    monkeypatch.setattr(dbt, "run", run)


def build(folder: Path) -> list[dbt.Node]:
    return dbt.build(folder, folder / "build.duckdb", folder / "dbt")


def test_a_node_that_failed_is_unfit_data_and_is_named(monkeypatch, tmp_path: Path):
    dbt_that(monkeypatch, 1, "success", "error")
    with pytest.raises(UnfitData, match=r"1 of 2 nodes failed.*model m1: said why"):
        build(tmp_path)


@pytest.mark.parametrize(("code", "ended"), [(2, "exit code 2"), (-9, "signal 9")])
def test_a_dbt_that_did_not_get_there_says_nothing_about_the_data(
    monkeypatch, tmp_path: Path, code: int, ended: str
):
    dbt_that(monkeypatch, code, "success")
    with pytest.raises(Interrupted, match=rf"nothing about the data; got: {ended}"):
        build(tmp_path)


@pytest.mark.timeout(60)
def test_a_step_that_is_ended_does_not_wait_for_dbt(monkeypatch, tmp_path: Path):
    hanging = tmp_path / "hanging"
    hanging.write_text("#!/bin/sh\necho started\nexec sleep 600\n")
    hanging.chmod(0o755)
    monkeypatch.setattr(dbt.sys, "executable", str(hanging))

    def end(line: str) -> None:
        raise TimeoutError(line)

    with pytest.raises(TimeoutError, match="started"):
        dbt.run(tmp_path, tmp_path / "build.duckdb", tmp_path, [], end)
