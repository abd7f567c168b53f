"""From GX results to a verdict: severity decides, and a broken gate is not bad data."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from trueup import gates, verdicts
from trueup.warehouse import SCHEMA

SUITE = """
name: fct_spend
expectations:
  - type: expect_column_values_to_be_between
    kwargs: {column: spend, min_value: 0}
    severity: critical
    meta: {why: spend is never negative}
  - type: expect_column_values_to_not_be_null
    kwargs: {column: channel}
    severity: warning
  - type: unexpected_rows_expectation
    kwargs: {unexpected_rows_query: "select * from {batch} where clicks > 2 * spend + 100"}
    severity: warning
"""


@pytest.fixture
def build_file(tmp_path: Path) -> Path:
    path = tmp_path / "build.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute(SCHEMA)
        con.execute("create schema marts; create schema health")
        con.execute(
            "create table health.fct_tracking_signals (signal varchar, segment varchar,"
            " signal_date date, numerator bigint, denominator bigint)"
        )
        con.execute(
            "create table marts.fct_spend as select 'search' as channel, 10.0 as spend, 5 as clicks"
            " from range(20)"
        )
    return path


def judge(build_file: Path, tmp_path: Path, suite: str = SUITE) -> verdicts.Verdict:
    folder = tmp_path / "suites"
    folder.mkdir(exist_ok=True)
    (folder / "fct_spend.yml").write_text(suite, "utf-8")
    return gates.judge_mart(folder, build_file)


def change(build_file: Path, sql: str) -> None:
    with duckdb.connect(str(build_file)) as con:
        con.execute(sql)


def test_clean_data_passes(build_file: Path, tmp_path: Path):
    verdict = judge(build_file, tmp_path)
    assert (verdict.outcome, len(verdict.checks), verdict.failed) == ("pass", 3, ())


def test_a_failed_warning_warns_and_a_failed_critical_holds(build_file: Path, tmp_path: Path):
    change(build_file, "update marts.fct_spend set channel = null where rowid = 0")
    assert judge(build_file, tmp_path).outcome == "warn"
    change(build_file, "update marts.fct_spend set spend = -1 where rowid = 0")
    verdict = judge(build_file, tmp_path)
    assert verdict.outcome == "hold"
    assert "spend is never negative (spend: 1 of 20 rows)" in verdict.summary()


def test_a_check_that_cannot_run_is_a_gate_error_and_not_bad_data(build_file: Path, tmp_path: Path):
    for old, new in (
        ("clicks >", "klicks >"),
        ("column: spend", "column: spent"),
        ("expect_column_values_to_not_be_null", "expect_magic"),
    ):
        broken = SUITE.replace(old, new)
        assert judge(build_file, tmp_path, broken).outcome == "gate-error"
    change(build_file, "drop table marts.fct_spend")
    assert judge(build_file, tmp_path).outcome == "gate-error"


def test_verdicts_carry_counts_and_no_values(build_file: Path, tmp_path: Path):
    change(build_file, "update marts.fct_spend set channel = 'ada@example.com', spend = -7.77")
    verdict = judge(build_file, tmp_path)
    verdicts.keep(tmp_path / "gates", verdict)
    text = "".join(path.read_text() for path in (tmp_path / "gates").glob("*"))
    assert "ada@example.com" not in text and "-7.77" not in text


def test_the_record_reaches_the_models_and_knows_who_released(build_file: Path, tmp_path: Path):
    folder = tmp_path / "gates"
    verdict = judge(build_file, tmp_path)
    verdicts.keep(folder, verdict)
    assert verdicts.last_outcome(folder, "mart") == "pass"
    verdicts.record_release(folder, "ada", "known refund burst", verdict.at)
    gates.load_results(folder, build_file)
    with duckdb.connect(str(build_file)) as con:
        found = con.execute(
            "select gate, count(*), max(released_by) from trueup.gate_results group by 1 order by 1"
        ).fetchall()
    assert found == [("mart", 4, "ada")]
