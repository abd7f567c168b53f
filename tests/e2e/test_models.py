"""dbt's own unit tests, and what the build says of input it cannot use."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from textwrap import dedent
from typing import Any

import duckdb
import pytest

from built import CLOCK, PROJECT, Company
from sandbox.desk import Asked
from trueup import corrections, pipeline, settings
from trueup.build import dbt, dbt_results
from trueup.company import workspace
from trueup.landing import described


@pytest.fixture
def company(built_company: Company, tmp_path: Path) -> Company:
    return built_company.copy_to(tmp_path)


def test_every_branch_of_every_model(company: Company, tmp_path: Path):
    lines: list[str] = []
    # The company has no files; the staging of files is tested all the same.
    for command in (["run", "--select", "path:models/staging/files"],
                    ["test", "--select", "test_type:unit"]):  # fmt: skip
        code = dbt.run(
            settings.read({}).dbt_project, company.place.build_file, tmp_path / "dbt",
            command, lines.append,
        )  # fmt: skip
        assert code == 0, "\n".join(lines[-60:])
    nodes = dbt_results.read(tmp_path / "dbt")
    assert len(nodes) >= 20 and {node.status for node in nodes} == {"pass"}


def test_amounts_without_an_exchange_rate_are_set_aside_and_hold_with_currency_and_days(
    company: Company,
):
    with company.in_force():
        for line in described.loads(workspace.current(), "fx_rates"):
            corrections.reject(line.split()[0], "the feed was wrong")
        pipeline.build(company.day)
        verdict = pipeline.gate_mart()
    assert verdict.outcome == "hold"
    for account in ("google_ads.ad_performance", "meta_ads.ad_performance"):
        assert f"hold: {account}: Rows were landed and are in no mart" in verdict.summary()
    assert "no exchange rate for GBP since 2026-08-01" in verdict.summary()


def test_a_campaign_type_nobody_mapped_is_an_explicit_row_with_its_spend(
    company: Company, sandbox: Any
):
    sandbox.desk.set_clock(CLOCK)
    sandbox.desk.spoil("google_ads", hologram, 1)
    with company.in_force():
        assert pipeline.land("google_ads", company.day, streams=["campaigns"]).failed == ()
        pipeline.build(company.day)
        verdict = pipeline.gate_mart()
    assert verdict.outcome == "warn"
    named = [line for line in verdict.summary().splitlines() if "HOLOGRAM" in line]
    assert len(named) == 1
    with duckdb.connect(str(company.place.build_file), read_only=True) as con:
        spend, total = con.execute(
            """
            select
                sum(spend_amount) filter (where channel = '(unmapped)'),
                sum(spend_amount) - (select sum(spend_amount) from marts.fct_ad_performance_daily)
            from marts.fct_channel_daily
            """
        ).fetchone()
        assert spend > 0 and total == 0
        assert con.execute(
            """
            select channel, sum(spend_amount) - (
                select sum(spend_amount) from marts.fct_ad_performance_daily
                where campaign_id = '20010000010')
            from marts.fct_campaign_daily where campaign_id = '20010000010' group by 1
            """
        ).fetchall() == [("(unmapped)", 0)]


def hologram(asked: Asked, answer: Any) -> Any:
    """The video campaign is of a type that no table has."""
    text = json.dumps(answer)
    if '"advertisingChannelType": "VIDEO"' not in text:
        return None
    return json.loads(text.replace('ChannelType": "VIDEO"', 'ChannelType": "HOLOGRAM"'))


@pytest.fixture
def till(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Company:
    """A shop of two files: orders 1 and 2, and what `refunds.csv` says was given back."""
    folder = tmp_path / "till"
    folder.mkdir()
    (folder / "orders.csv").write_text("id,day,amount\n1,2026-06-01,100\n2,2026-06-10,50\n")
    for stream, key, day in (
        ("orders", "order_id", "ordered_date"),
        ("refunds", "order_id, refund as refund_id", "refunded_date"),
    ):
        (folder / f"{stream}.sql").write_text(
            f"select _row, id as {key}, day as {day}, amount as amount_local,"
            " 'EUR' as currency_code from input"
        )
    (folder / "company.yml").write_text(
        dedent("""
            name: till
            title: Till
            reporting: {time_zone: UTC, currency: EUR}
            history: {start: 2026-06-01}
            sources:
              files:
                options:
                  feeds:
                    - {name: orders, stream: orders, path: orders.csv, sql: orders.sql}
                    - {name: back, stream: refunds, path: refunds.csv, sql: refunds.sql}
            goals:
              sale:
                tier: strong
                counts_as_revenue: true
                mappings: [{source: files, selector: orders}]
            """)
    )
    monkeypatch.setenv("TRUEUP_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("TRUEUP_COMPANY", str(folder / "company.yml"))
    return Company(tmp_path / "var", folder / "company.yml", "2026-06-30", {})


def build_with(till: Company, *refunds: str) -> dict[str, Decimal]:
    """What each order earned after `refunds` (refund, order, day, amount) were all there is; under
    '' what is of no order."""
    file = till.company_file.with_name("refunds.csv")
    file.write_text("\n".join(["refund,id,day,amount", *refunds]) + "\n")
    pipeline.land("files", till.day)
    pipeline.build(till.day)
    with duckdb.connect(str(till.home / "till" / "build.duckdb"), read_only=True) as con:
        ledger, conversions = (
            dict(con.execute(sql).fetchall())
            for sql in (
                "select coalesce(conversion_id, ''), sum(amount) from marts.fct_ledger_entries"
                " group by 1",
                "select conversion_id, net_amount from marts.fct_conversions",
            )
        )
    assert {key: amount for key, amount in ledger.items() if key} == conversions
    return {conversion_id.rsplit(":")[-1]: amount for conversion_id, amount in ledger.items()}


def test_a_refund_a_corrected_file_no_longer_has_is_given_back(till: Company):
    both = build_with(till, "a,1,2026-06-20,10", "b,2,2026-06-21,5")
    assert both == {"1": Decimal("90.00"), "2": Decimal("45.00")}
    moved = build_with(till, "a,2,2026-06-20,10", "b,2,2026-06-21,5")
    assert moved == {"1": Decimal("100.00"), "2": Decimal("35.00")}
    gone = build_with(till, "b,2,2026-06-21,5")
    assert gone == {"1": Decimal("100.00"), "2": Decimal("45.00")}


def test_a_refund_of_no_order_stands_in_the_ledger_for_itself(till: Company):
    both = build_with(till, "a,9,2026-06-20,10", "b,2,2026-06-21,5")
    assert both == {"1": Decimal(100), "2": Decimal(45), "": Decimal(-10)}
    assert build_with(till, "b,2,2026-06-21,5") == {"1": Decimal(100), "2": Decimal(45)}


def test_the_models_of_the_project_are_what_the_fingerprint_covers(tmp_path: Path):
    before = dbt.fingerprint(PROJECT / "dbt_project")
    assert before == dbt.fingerprint(PROJECT / "dbt_project")
    copy = tmp_path / "dbt_project"
    (copy / "models").mkdir(parents=True)
    (copy / "models" / "a.sql").write_text("select 1", "utf-8")
    first = dbt.fingerprint(copy)
    (copy / "models" / "a.sql").write_text("select 2", "utf-8")
    assert dbt.fingerprint(copy) != first


def test_the_fingerprint_covers_what_models_learn_of_the_sources(monkeypatch: pytest.MonkeyPatch):
    before = dbt.fingerprint(PROJECT / "dbt_project")
    monkeypatch.setattr(dbt, "variables", lambda: {"customer_sites": ["another.example"]})
    assert dbt.fingerprint(PROJECT / "dbt_project") != before
