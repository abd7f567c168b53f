"""The small company of docs/files.md, typed off the page: what the page says happens, happens."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from docs.file_company import DAY, FileCompany, complete_example
from docs.pages import PROJECT, named
from trueup import pipeline
from trueup.__main__ import main


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FileCompany:
    made = complete_example(tmp_path)
    made.enter(monkeypatch)
    return made


def test_it_checks_and_asks_for_the_hash_key(
    company: FileCompany, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert main(["check"]) == 0
    monkeypatch.delenv("TRUEUP_SECRET_HASH_KEY")
    assert main(["check"]) == 1
    assert "TRUEUP_SECRET_HASH_KEY" in capsys.readouterr().err


def test_one_row_is_set_aside_and_the_gate_says_so(company: FileCompany):
    landed = pipeline.land("files", DAY)
    reason = "clicks is not BIGINT: like 'a/a'"
    assert company.set_aside("ad_performance") == [("spend.csv row 3", reason, Decimal(4))]
    assert pipeline.gate_landing("files", landed.loads).outcome == "warn"


def test_with_the_select_mended_its_mart_gives_what_the_files_say(
    company: FileCompany, capsys: pytest.CaptureFixture[str]
):
    select = company.folder / "spend.sql"
    text = select.read_text("utf-8")
    assert text.count("    clicks,\n") == 1
    select.write_text(
        text.replace("    clicks,\n", "    nullif(clicks, 'n/a') as clicks,\n"), "utf-8"
    )
    pipeline.run_day(DAY)
    sums = """
        select channel, sum(spend_amount), sum(clicks), sum(reconciled_revenue_amount)
        from marts.fct_channel_daily group by 1 order by 1
    """
    with duckdb.connect(str(company.state / "mart.duckdb"), read_only=True) as con:
        found = {row[0]: row[1:] for row in con.execute(sums).fetchall()}
        entries = con.execute(
            "select entry_type, sum(amount) from marts.fct_ledger_entries group by 1 order by 1"
        ).fetchall()
    assert found["listing"] == (Decimal("37.6"), 56, Decimal("92.5"))
    assert sum(revenue for *_, revenue in found.values()) == Decimal("137.5")
    assert entries == [("discount", Decimal(-5)), ("sale", Decimal("142.5"))]
    questions = {
        name: sql for name, sql in named(PROJECT / "docs" / "marts.md").items() if ".sql" in name
    }
    assert len(questions) == 47
    for sql in questions.values():
        assert main(["query", sql]) == 0
    capsys.readouterr()
    # Sent into a file, an answer is whole: every row and column.
    assert main(["query", "from generate_series(1, 300)"]) == 0
    assert capsys.readouterr().out.count("\n") > 300
    assert main(["query", "from marts.fct_touches"]) == 0
    touches = capsys.readouterr().out
    assert all(name in touches for name in ("touch_id", "session_source", "first_medium"))
