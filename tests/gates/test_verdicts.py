"""From GX results to a verdict: severity decides, and a broken gate is not bad data."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from gates.causes import score_tables
from trueup import pipeline
from trueup.build.dbt_results import DataTest, Node
from trueup.build.refresh import SCHEMA, complete
from trueup.company.workspace import StateFolder
from trueup.errors import TrueupError, UnfitData
from trueup.gates import mart_gate, verdicts
from trueup.gates.findings import Finding, Verdict
from trueup.gates.shares import Tolerance

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
    meta: {why: more clicks than the spend pays for, runbook: docs/runbook.md#spend}
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
        con.execute(score_tables.HEALTH)
        con.execute(
            "create table marts.fct_spend as select 'search' as channel, 10.0 as spend,"
            " 5 as clicks, date '2026-09-01' + n::int as ad_date from range(20) as days (n)"
        )
    begin(path, "first")
    complete(path, "first", AT)
    return path


def begin(build_file: Path, build_id: str) -> None:
    change(build_file, "delete from trueup.build")
    change(build_file, f"insert into trueup.build values ('{build_id}', now(), today(), false)")


def judge(
    build_file: Path, tmp_path: Path, suite: str = SUITE, tests: tuple[Node, ...] = ()
) -> Verdict:
    folder = tmp_path / "suites"
    folder.mkdir(exist_ok=True)
    (folder / "fct_spend.yml").write_text(suite, "utf-8")
    return mart_gate.judge(
        folder, build_file, tests, published=tmp_path / "mart.duckdb", tolerance=Tolerance()
    )


def change(build_file: Path, sql: str) -> None:
    with duckdb.connect(str(build_file)) as con:
        con.execute(sql)


def test_clean_data_passes(build_file: Path, tmp_path: Path):
    verdict = judge(build_file, tmp_path)
    assert (verdict.outcome, len(verdict.findings), verdict.failed) == ("pass", 3, ())


def test_a_failed_warning_warns_and_a_failed_critical_holds(build_file: Path, tmp_path: Path):
    change(build_file, "update marts.fct_spend set channel = null where rowid = 0")
    assert judge(build_file, tmp_path).outcome == "warn"
    change(build_file, "update marts.fct_spend set spend = -1 where rowid = 0")
    verdict = judge(build_file, tmp_path)
    assert verdict.outcome == "hold"
    assert "hold: fct_spend.spend: spend is never negative (1 of 20 rows" in verdict.summary()


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
    found = {finding.verdict: finding for finding in verdict.findings}
    assert set(found) == {"gate-error", "hold", "pass"}
    assert found["gate-error"].observed.endswith("Conversion Error")


def test_signals_that_cannot_be_scored_are_a_gate_error(build_file: Path, tmp_path: Path):
    change(build_file, "alter table intermediate.int_signals__counted rename numerator to seen")
    verdict = judge(build_file, tmp_path)
    assert (verdict.outcome, len(verdict.findings)) == ("gate-error", 4)
    assert "fct_tracking_signals" in verdict.summary()


def test_a_share_above_its_whole_is_a_warning(build_file: Path, tmp_path: Path):
    change(
        build_file,
        "insert into intermediate.int_signals__counted by name select"
        " 'event_capture' as signal, 'share' as kind, 'all' as dimension, 'all' as segment,"
        " date '2026-09-01' + n::int as signal_date, if(n = 29, 31, 28) as numerator,"
        " 30 as denominator, true as is_mature from range(30) as days (n)",
    )
    verdict = judge(build_file, tmp_path)
    found = [x for x in verdict.failed if x.check_name == "a part no larger than its whole"]
    assert verdict.outcome == "warn" and found
    assert found[0].observed == "on 1 of the newest 7 days" and found[0].query


def test_causes_that_cannot_be_found_are_a_gate_error_of_their_own(
    build_file: Path, tmp_path: Path
):
    change(build_file, "drop table health.fct_config_changes")
    verdict = judge(build_file, tmp_path)
    errors = [x.table_name for x in verdict.findings if x.verdict == "gate-error"]
    assert (verdict.outcome, errors) == ("gate-error", ["fct_incidents"])


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


def test_what_fails_says_since_when_how_much_and_how_to_see_it(build_file: Path, tmp_path: Path):
    change(build_file, "update marts.fct_spend set spend = -1 where ad_date >= date '2026-09-18'")
    change(build_file, "update marts.fct_spend set clicks = 999 where ad_date = date '2026-09-05'")
    hold, warn = judge(build_file, tmp_path).failed
    assert (str(hold.since_date), hold.affected_rows) == ("2026-09-18", 3)
    assert hold.query.endswith('query --build "select * from marts.fct_spend where spend < 0.0"')
    assert (warn.check_name, str(warn.since_date)) == (warn.why, "2026-09-05")
    assert (warn.observed, warn.runbook) == ("1 row", "docs/runbook.md#spend")
    with duckdb.connect(str(build_file), read_only=True) as con:
        assert len(con.execute(f"from ({warn.query.split(chr(34))[1]})").fetchall()) == 1


def test_rows_that_name_a_segment_are_a_finding_each(build_file: Path, tmp_path: Path):
    change(build_file, "update marts.fct_spend set channel = 'social' where rowid < 4")
    segments = SUITE.replace(
        "select * from {batch} where clicks > 2 * spend + 100",
        "select channel as segment, min(ad_date) as since_date, count(*) as affected_rows,"
        " sum(spend) as affected_amount_local, 'EUR' as currency_code from {batch} group by 1",
    )
    found = {finding.segment: finding for finding in judge(build_file, tmp_path, segments).failed}
    assert set(found) == {"search", "social"}
    assert found["social"].how_much == "4 rows since 2026-09-01, 40.00 EUR"
    assert len({finding.cause for finding in found.values()}) == 2


def test_amounts_in_two_currencies_are_not_added(build_file: Path, tmp_path: Path):
    two = SUITE.replace(
        "select * from {batch} where clicks > 2 * spend + 100",
        "select ad_date as since_date, spend as affected_amount_local,"
        " case when ad_date < date '2026-09-05' then 'EUR' else 'JPY' end"
        " as currency_code from {batch}",
    )
    (finding,) = judge(build_file, tmp_path, two).failed
    assert (finding.affected_rows or 0) > 4 and finding.affected_amount_local is None
    assert finding.currency_code == "" and "EUR" not in finding.how_much


def dbt_test(status: str, severity: str = "error", sql: str = "", meaning: str = "") -> Node:
    facts = DataTest("fct_spend", "", severity, meaning, "")
    return Node("assert_it", "test", status, 0.1, "", 2 if sql else 0, sql, "assert_it", facts)


def test_dbts_tests_are_part_of_the_verdict(build_file: Path, tmp_path: Path):
    sql = "select channel, ad_date from marts.fct_spend where ad_date > date '2026-09-18'"
    meaning = "A goal is claimed by nobody"
    for status, severity, outcome in (
        ("pass", "error", "pass"), ("warn", "warn", "warn"), ("fail", "error", "hold"),
        ("error", "error", "gate-error"), ("skipped", "warn", "gate-error"),
    ):  # fmt: skip
        test = dbt_test(status, severity, "" if status == "pass" else sql, meaning)
        assert judge(build_file, tmp_path, tests=(test,)).outcome == outcome
    (finding,) = judge(
        build_file, tmp_path, tests=(dbt_test("fail", "error", sql, meaning),)
    ).failed
    assert finding.where == "fct_spend" and finding.what == meaning
    assert finding.observed.startswith('2 rows, such as [{"channel": "search", "ad_date": "2026')
    assert str(finding.since_date) == "2026-09-19"


def test_the_rows_of_a_dbt_test_hold_no_address(build_file: Path, tmp_path: Path):
    change(build_file, "update marts.fct_spend set channel = '?mail=ada%40example.com&x=1'")
    test = dbt_test("warn", "warn", "select channel from marts.fct_spend")
    (finding,) = judge(build_file, tmp_path, tests=(test,)).failed
    assert "example" not in finding.observed and "(an e-mail address)" in finding.observed


def test_tests_that_were_not_noted_are_a_gate_error(build_file: Path, tmp_path: Path):
    folder = tmp_path / "none"
    folder.mkdir()
    verdict = mart_gate.judge(
        folder, build_file, None, published=tmp_path / "mart.duckdb", tolerance=Tolerance()
    )
    assert verdict.outcome == "gate-error" and "build again" in verdict.summary()


def test_the_record_reaches_the_models_and_knows_who_released(build_file: Path, tmp_path: Path):
    folder = tmp_path / "gates"
    change(build_file, "update marts.fct_spend set spend = -1 where rowid = 0")
    verdict = judge(build_file, tmp_path)
    verdicts.keep(folder, verdict)
    kept = verdicts.last(folder, "mart")
    assert kept == verdict
    assert (kept.outcome, kept.build_id, len(kept.findings)) == ("hold", "first", 3)
    verdicts.record_release(folder, verdict, "ada", "known refund burst", verdict.at)
    mart_gate.load_results(folder, build_file)
    with duckdb.connect(str(build_file)) as con:
        found = con.execute(
            "select verdict, count(*), max(released_by), max(signal) filter (where reason <> '')"
            " from trueup.gate_results group by 1 order by 1"
        ).fetchall()
    assert found == [("hold", 2, "ada", "spend"), ("pass", 2, "", None)]
    assert [verdict.gate for verdict in verdicts.newest(folder)] == ["mart"]


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
    finding = Finding("mart", "query", "spend", "critical", "hold", AT, observed="1 row")
    verdicts.keep(place.gates, Verdict("mart", (finding,), AT, build_id="first"))
    with pytest.raises(UnfitData, match="verdict is hold; got: hold: spend: query \\(1 row\\)"):
        pipeline.publish_unless_held()
    with pytest.raises(TrueupError, match="not released without a reason"):
        pipeline.publish_unless_held("Ana", " ")
    assert not place.mart.exists()
    pipeline.publish_unless_held("Ana", "checked with finance")
    assert place.mart.exists()
    with duckdb.connect(str(build_file)) as con:
        found = con.execute(
            "select released_by, reason from trueup.gate_results where released_by <> ''"
        ).fetchall()
    assert found == [("Ana", "checked with finance")]


def test_a_verdict_is_kept_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("os.replace", lambda *paths: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        verdicts.keep(tmp_path, Verdict("mart", (), AT))
    assert list(verdicts.recent(tmp_path)) == []


def test_what_an_older_version_wrote_is_passed_over(tmp_path: Path):
    verdicts.keep(tmp_path, Verdict("mart", (), AT))
    (tmp_path / "20260101T000000000000-mart.jsonl").write_text('{"gate": "mart"}\n', "utf-8")
    assert len(list(verdicts.recent(tmp_path))) == 1
