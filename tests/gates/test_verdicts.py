"""From GX results to a verdict: severity decides, and a broken gate is not bad data."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from trueup import pipeline
from trueup.build.refresh import SCHEMA, complete
from trueup.company.workspace import StateFolder
from trueup.errors import TrueupError, UnfitData
from trueup.gates import judge as mart_gate
from trueup.gates import verdicts
from trueup.gates.verdicts import Check, Verdict

AT = datetime(2026, 9, 15, 6, tzinfo=UTC)

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
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StateFolder:
    """The demo company's, empty."""
    monkeypatch.setenv("TRUEUP_HOME", str(tmp_path))
    place = StateFolder(tmp_path / "harbour_house")
    place.folder.mkdir()
    return place


@pytest.fixture
def build_file(place: StateFolder) -> Path:
    path = place.build_file
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
    begin(path, "first")
    complete(path, "first", AT)
    return path


def begin(build_file: Path, build_id: str) -> None:
    change(build_file, "delete from trueup.build")
    change(build_file, f"insert into trueup.build values ('{build_id}', now(), today(), false)")


def judge(build_file: Path, tmp_path: Path, suite: str = SUITE) -> verdicts.Verdict:
    folder = tmp_path / "suites"
    folder.mkdir(exist_ok=True)
    (folder / "fct_spend.yml").write_text(suite, "utf-8")
    return mart_gate.judge_mart(folder, build_file)


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


def test_a_check_that_cannot_run_spoils_no_other(build_file: Path, tmp_path: Path):
    """A cast fails while it reads, which is when DuckDB would give up the whole transaction."""
    change(build_file, "update marts.fct_spend set channel = 'ada@example.com', spend = -1")
    broken = SUITE.replace("clicks >", "cast(channel as integer) >")
    verdict = judge(build_file, tmp_path, broken)
    assert [check.verdict for check in verdict.checks] == ["gate-error", "hold", "pass"]
    assert verdict.checks[0].observed.endswith("Conversion Error")


def test_signals_that_cannot_be_scored_are_a_gate_error(build_file: Path, tmp_path: Path):
    change(build_file, "alter table health.fct_tracking_signals rename numerator to seen")
    verdict = judge(build_file, tmp_path)
    assert (verdict.outcome, len(verdict.checks)) == ("gate-error", 4)
    assert "fct_tracking_signals" in verdict.summary()


def test_a_build_that_did_not_complete_is_not_judged(build_file: Path, tmp_path: Path):
    begin(build_file, "killed")
    with pytest.raises(TrueupError, match="newest build did not complete; next step"):
        judge(build_file, tmp_path)
    build_file.unlink()
    duckdb.connect(str(build_file)).close()
    with pytest.raises(TrueupError, match="newest build did not complete"):
        judge(build_file, tmp_path)
    build_file.unlink()
    with pytest.raises(TrueupError, match="nothing is built yet; next step"):
        judge(build_file, tmp_path)
    assert not build_file.exists()


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
    kept = verdicts.last(folder, "mart")
    assert (kept["outcome"], kept["build_id"], len(kept["checks"])) == ("pass", "first", 3)
    verdicts.record_release(folder, "ada", "known refund burst", verdict.at)
    mart_gate.load_results(folder, build_file)
    with duckdb.connect(str(build_file)) as con:
        found = con.execute(
            "select gate, count(*), max(released_by) from trueup.gate_results group by 1 order by 1"
        ).fetchall()
    assert found == [("mart", 4, "ada")]


def test_only_a_build_that_was_judged_is_published(build_file: Path, place: StateFolder):
    fit = Verdict("mart", (), AT, build_id="first")
    with pytest.raises(TrueupError, match="has not been judged; next step: run `trueup gate`"):
        pipeline.publish_unless_held("Ana", "in a hurry")
    verdicts.keep(place.gates, fit)
    pipeline.publish_unless_held()
    begin(build_file, "second")
    with pytest.raises(TrueupError, match="newest build did not complete"):
        pipeline.publish_unless_held()
    complete(build_file, "second", AT)
    for released_by in (None, "Ana"):
        with pytest.raises(TrueupError, match="has not been judged"):
            pipeline.publish_unless_held(released_by, "in a hurry")
    verdicts.keep(place.gates, replace(fit, build_id="second"))
    pipeline.publish_unless_held()


def test_a_hold_is_released_by_a_person_with_a_reason(build_file: Path, place: StateFolder):
    check = Check("mart", "spend", "query", None, "critical", "hold", "1 row", AT.isoformat())
    verdicts.keep(place.gates, Verdict("mart", (check,), AT, build_id="first"))
    with pytest.raises(UnfitData, match="verdict is hold"):
        pipeline.publish_unless_held()
    with pytest.raises(TrueupError, match="not released without a reason"):
        pipeline.publish_unless_held("Ana", " ")
    assert not place.mart.exists()
    pipeline.publish_unless_held("Ana", "checked with finance")
    assert place.mart.exists()
    with duckdb.connect(str(build_file)) as con:
        found = con.execute(
            "select released_by, reason from trueup.gate_results where released_by is not null"
        ).fetchall()
    assert found == [("Ana", "checked with finance")]


def test_a_verdict_is_kept_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("os.replace", lambda *paths: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        verdicts.keep(tmp_path, Verdict("mart", (), AT))
    assert list(verdicts.recent(tmp_path)) == []
