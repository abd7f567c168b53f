"""dbt's own unit tests, and what the build says of input it cannot use."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from built import PROJECT, Company
from trueup import pipeline, settings, transform, upkeep
from trueup.errors import UnfitData


@pytest.fixture
def company(built_company: Company, tmp_path: Path) -> Company:
    return built_company.copy_to(tmp_path)


def test_every_branch_of_every_model(company: Company, tmp_path: Path):
    lines: list[str] = []
    code = transform.run(
        settings.read({}).dbt_project, company.place.build_file, tmp_path / "dbt",
        ["test", "--select", "test_type:unit"], lines.append,
    )  # fmt: skip
    assert code == 0, "\n".join(lines[-60:])
    nodes = transform.read_results(tmp_path / "dbt")
    assert len(nodes) >= 20 and {node.status for node in nodes} == {"pass"}


def test_a_missing_exchange_rate_stops_the_build_and_names_currency_and_days(company: Company):
    with company.in_force():
        for line in upkeep.describe_loads("fx_rates"):
            upkeep.reject(line.split()[0], "the feed was wrong")
        with pytest.raises(UnfitData, match=r"exchange rate[\s\S]*GBP[\s\S]*next step"):
            pipeline.build(company.day)
    assert not company.place.mart.exists()


def test_an_unmapped_channel_is_an_explicit_row_with_its_spend(company: Company, tmp_path: Path):
    text = company.company_file.read_text("utf-8")
    own = tmp_path / "company.yml"
    own.write_text("\n".join(x for x in text.splitlines() if "paid_social" not in x), "utf-8")
    environment = company.environment | {"TRUEUP_COMPANY": str(own)}
    with Company(company.home, own, company.day, environment).in_force():
        pipeline.build(company.day)
        assert pipeline.gate_mart()["verdict"] == "warn"
    with duckdb.connect(str(company.place.build_file), read_only=True) as con:
        spend, total = con.execute(
            """
            select
                sum(spend_amount) filter (where channel = '(unmapped)'),
                sum(spend_amount) - (select sum(spend_amount) from marts.fct_ad_performance_daily)
            from marts.fct_channel_daily
            """
        ).fetchone()
    assert spend > 0
    assert total == 0


def test_the_models_of_the_project_are_what_the_fingerprint_covers(tmp_path: Path):
    before = transform.fingerprint(PROJECT / "dbt_project")
    assert before == transform.fingerprint(PROJECT / "dbt_project")
    copy = tmp_path / "dbt_project"
    (copy / "models").mkdir(parents=True)
    (copy / "models" / "a.sql").write_text("select 1", "utf-8")
    first = transform.fingerprint(copy)
    (copy / "models" / "a.sql").write_text("select 2", "utf-8")
    assert transform.fingerprint(copy) != first
