"""What dbt came to: data it could not build from, or a dbt that did not get there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trueup.build import dbt, dbt_results
from trueup.build.dbt_results import DataTest, Node
from trueup.errors import Interrupted, UnfitData

#: As it stands before tests begin, when dbt is taken into their process.
RUN_PROCESS = dbt.run_process


def result(kind: str, name: str, status: str) -> dict[str, object]:
    return {
        "unique_id": f"{kind}.trueup.{name}.x1", "status": status, "execution_time": 1,
        "message": "said why", "failures": 2 if status in ("fail", "warn") else 0,
        "compiled_code": "select 1",
    }  # fmt: skip


def dbt_that(
    monkeypatch: pytest.MonkeyPatch, *runs: tuple[int, list[dict[str, object]]]
) -> list[list[str]]:
    """Stands in for dbt: each run leaves these results and ends with its code. What was asked."""
    asked: list[list[str]] = []
    left = list(runs)

    def run(project: Path, build_file: Path, target: Path, arguments: list[str], *_: object) -> int:
        asked.append(arguments)
        code, results = left.pop(0)
        (target / "run_results.json").write_text(json.dumps({"results": results}), "utf-8")
        return code

    monkeypatch.setattr(dbt, "run", run)
    return asked


def build(folder: Path) -> list[Node]:
    return dbt.build(folder, folder / "build.duckdb", folder / "dbt")


def test_a_model_that_failed_is_unfit_data_and_is_named(monkeypatch, tmp_path: Path):
    dbt_that(monkeypatch, (1, [result("model", "m0", "success"), result("model", "m1", "error")]))
    with pytest.raises(UnfitData, match=r"1 of 2 nodes failed.*model m1: said why"):
        build(tmp_path)


def test_tests_that_fail_or_warn_are_left_to_the_gate(monkeypatch, tmp_path: Path):
    dbt_that(monkeypatch, (1, [result("test", "t", "fail"), result("test", "u", "warn")]))
    nodes = build(tmp_path)
    assert [(node.name, node.status, node.failures) for node in nodes] == [
        ("t", "fail", 2),
        ("u", "warn", 2),
    ]
    dbt_results.keep(tmp_path / "dbt", "b1", nodes)
    assert dbt_results.kept(tmp_path / "dbt", "b1") == nodes
    assert dbt_results.kept(tmp_path / "dbt", "b2") is None


def test_what_stands_behind_a_test_that_failed_is_built_all_the_same(monkeypatch, tmp_path: Path):
    """dbt skips it; a mart of two builds would be judged."""
    asked = dbt_that(
        monkeypatch,
        (1, [result("test", "t", "fail"), result("model", "m", "skipped"),
             result("test", "u", "skipped")]),
        (0, [result("model", "m", "success")]),
        (1, [result("test", "u", "fail")]),
    )  # fmt: skip
    nodes = build(tmp_path)
    assert asked[1:] == [["run", "--select", "m"], ["test", "--select", "u"]]
    assert [(node.name, node.status) for node in nodes] == [
        ("t", "fail"),
        ("m", "success"),
        ("u", "fail"),
    ]


def test_what_the_project_says_of_a_test_stands_beside_its_result(monkeypatch, tmp_path: Path):
    declared = {
        "assert_it": {
            "config": {"severity": "WARN", "meta": {"runbook": "docs/runbook.md#claims"}},
            "raw_code": "{{ config(severity='warn') }}\n\n-- Promise 6. A goal is claimed\n"
            "-- by nobody. Only then.\nselect 1",
            "depends_on": {"nodes": ["model.trueup.int_a", "model.trueup.fct_b"]},
        },
        "unique_grain_fct_c_x": {
            "config": {"severity": "ERROR"},
            "test_metadata": {"name": "unique_grain", "kwargs": {"columns": ["a", "b"]}},
            "attached_node": "model.trueup.fct_c",
            "depends_on": {"nodes": ["model.trueup.fct_c"]},
        },
    }
    found = [result("test", name, "fail") | {"declared": one} for name, one in declared.items()]
    dbt_that(monkeypatch, (1, found))
    singular, generic = build(tmp_path)
    assert singular.test == DataTest(
        "fct_b", "", "warn", "A goal is claimed by nobody", "docs/runbook.md#claims"
    )
    assert generic.name == "unique_grain"
    assert generic.test == DataTest("fct_c", "a, b", "error", "", "")


@pytest.mark.parametrize(("code", "ended"), [(2, "exit code 2"), (-9, "signal 9")])
def test_a_dbt_that_did_not_get_there_says_nothing_about_the_data(
    monkeypatch, tmp_path: Path, code: int, ended: str
):
    dbt_that(monkeypatch, (code, [result("model", "m", "success")]))
    with pytest.raises(Interrupted, match=rf"nothing about the data; got: {ended}"):
        build(tmp_path)


@pytest.mark.timeout(60)
def test_a_step_that_is_ended_does_not_wait_for_dbt(monkeypatch, tmp_path: Path):
    hanging = tmp_path / "hanging"
    hanging.write_text("#!/bin/sh\necho started\nexec sleep 600\n")
    hanging.chmod(0o755)
    monkeypatch.setattr(dbt.sys, "executable", str(hanging))
    monkeypatch.setattr(dbt, "run_process", RUN_PROCESS)

    def end(line: str) -> None:
        raise TimeoutError(line)

    with pytest.raises(TimeoutError, match="started"):
        dbt.run(tmp_path, tmp_path / "build.duckdb", tmp_path, [], end)
