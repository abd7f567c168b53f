"""Staging drops nothing: a row that was landed stands once in a shape, or in what is set aside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import duckdb
import pytest
import yaml

from built import PROJECT, Company
from trueup import pipeline
from trueup.build import dbt, refresh
from trueup.company import workspace
from trueup.sources import registry

#: Of each stream a file as people have them: what is plain, what is odd, what means nothing here.
FILES = {
    "ad_performance": (
        "platform,account_id,campaign_id,campaign_name,ad_date,currency_code,spend_amount_local",
        ",a,brand,Brand,2026-09-01,EUR,10.005",
        "p,b,brand,Brand,2026-09-02,EUR,10",
    ),
    "claims": (
        "action_id,claim_date,date_basis,claimed_conversions,claimed_amount_local,currency_code",
        "sale,2026-09-01,click_date,2,50,EUR",
        "sale,2026-09-02,click_date,0,0,EUR",
    ),
    "orders": (
        "order_id,ordered_date,amount_local,discount_amount_local,currency_code,status,lead_id",
        "1,2026-09-01,40,10,EUR,,7",
        "2,2026-09-02,50,,EUR,cancelled,",
        "3,2026-09-02,60,,EUR,pending,",
        "4,2026-09-02,70,,EUR,something,",
    ),
    "refunds": (
        "refund_id,refunded_date,order_id,amount_local,currency_code,entry_type",
        "a,2026-09-03,1,5,EUR,",
        "b,2026-09-03,99,6,EUR,",
        "c,2026-09-03,,7,EUR,chargeback",
        "d,2026-09-03,1,8,EUR,something",
    ),
    "leads": ("lead_id,created_date,origin", "7,2026-09-01,web", "8,2026-09-01,"),
    "deals": (
        "deal_id,won_date,lead_id,amount_local,currency_code",
        "1,2026-09-04,7,700,EUR",
        "2,2026-09-04,,,",
    ),
    "bookings": (
        "booking_id,booked_date,arrival_date,departure_date,status,cancelled_date,amount_local,"
        "stayed_amount_local,currency_code",
        "1,2026-09-01,2026-09-05,2026-09-07,,,300,330,EUR",
        "2,2026-09-01,2026-09-05,2026-09-07,,2026-09-03,200,20,EUR",
        "3,2026-09-01,2026-09-05,2026-09-07,no_show,,100,,EUR",
        "4,2026-09-01,2026-09-05,2026-09-07,something,,100,,EUR",
    ),
    "touches": ("touch_id,touch_date,touch_source", "1,2026-09-01,bing", "2,2026-09-02,"),
}


@pytest.fixture(scope="module")
def staged(
    landed_company: Company, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The build file of the demo company, with every stream of files, staged and no further."""
    folder = tmp_path_factory.mktemp("staged")
    company = landed_company.copy_to(folder)
    described = yaml.safe_load(company.company_file.read_text("utf-8"))
    feeds = [
        {"name": "f", "stream": stream, "path": f"{stream}.csv", "sql": f"{stream}.sql"}
        for stream in FILES
    ]
    described["sources"]["files"] = {"options": {"feeds": feeds}}
    for stream, lines in FILES.items():
        (folder / f"{stream}.csv").write_text("\n".join(lines) + "\n", "utf-8")
        (folder / f"{stream}.sql").write_text("select * exclude (_file) from input", "utf-8")
    (folder / "company.yml").write_text(yaml.safe_dump(described), "utf-8")
    environment = company.environment | {"TRUEUP_COMPANY": str(folder / "company.yml")}
    with Company(company.home, folder / "company.yml", company.day, environment).in_force():
        pipeline.land("files", company.day)
        work = workspace.current()
        refresh.refresh(
            work.state.build_file, work.company, work.landing, built_at=datetime.now(UTC)
        )
        lines: list[str] = []
        code = dbt.run(
            work.settings.dbt_project, work.state.build_file, folder / "dbt",
            ["build", "--select", "file_words", "path:models/staging",
             "path:models/intermediate/shapes", "--exclude-resource-type", "test",
             "--exclude-resource-type", "unit_test"],
            lines.append,
        )  # fmt: skip
        assert code == 0, "\n".join(lines[-40:])
        with duckdb.connect(str(work.state.build_file), read_only=True) as con:
            yield con


STAGING = PROJECT / "dbt_project" / "models" / "staging"
STREAMS = [
    (name, stream.name)
    for name in registry.NAMES
    for stream in registry.load(name).streams
    if any(f'"{stream.name}' in path.read_text("utf-8") for path in STAGING.glob(f"{name}/*.sql"))
]


@pytest.mark.parametrize(("source", "stream"), STREAMS)
def test_every_row_stands_once(staged: duckdb.DuckDBPyConnection, source: str, stream: str):
    raw = f"raw_{source}.{stream}"
    shapes = " union all ".join(
        f"select source, stream, _day, _rows, _load_id from intermediate.shape_{name}"
        f" {'where is_current' if name == 'claims' else ''}"
        for name in registry.shape_sources()
        if name != "set_aside"
    )
    landed = staged.execute(f"select _day, count(*) from {raw} group by 1 order by 1").fetchall()
    counted = staged.execute(
        f"""
        with counted as (
            {shapes}
            union all
            select source, stream, day, set_aside_rows, _load_id from intermediate.shape_set_aside
        )
        select _day, sum(_rows)
        from counted
        where source = ? and stream = ? and _load_id in (select _load_id from {raw})
        group by 1
        order by 1
        """,
        [source, stream],
    ).fetchall()
    assert landed
    assert counted == landed


def test_money_of_files_moves_on_its_own_dates(staged: duckdb.DuckDBPyConnection):
    moved = staged.execute(
        """
        select entry_id, record_id, cast(entry_at at time zone 'Europe/Lisbon' as date)::varchar,
            cast(amount_local as double)
        from intermediate.shape_order_money
        where source = 'files'
        order by 1
        """
    ).fetchall()
    assert moved == [
        ("cancellation:booking:f:2", "booking:f:2", "2026-09-03", -180.0),
        ("cancellation:booking:f:3", "booking:f:3", "2026-09-05", -100.0),
        ("cancellation:f:2", "f:2", "2026-09-02", -50.0),
        ("correction:booking:f:1", "booking:f:1", "2026-09-07", 30.0),
        ("discount:f:1", "f:1", "2026-09-01", -10.0),
        ("refund:f:a", "f:1", "2026-09-03", -5.0),
        ("refund:f:b", "f:99", "2026-09-03", -6.0),
        ("refund:f:c", None, "2026-09-03", -7.0),
        ("sale:booking:f:1", "booking:f:1", "2026-09-01", 300.0),
        ("sale:booking:f:2", "booking:f:2", "2026-09-01", 200.0),
        ("sale:booking:f:3", "booking:f:3", "2026-09-01", 100.0),
        ("sale:f:1", "f:1", "2026-09-01", 50.0),
        ("sale:f:2", "f:2", "2026-09-02", 50.0),
    ]


def test_what_means_nothing_is_set_aside_with_its_sum(staged: duckdb.DuckDBPyConnection):
    aside = staged.execute(
        """
        select stream, record_id, kind, cast(amount_local as double)
        from intermediate.shape_set_aside
        where source = 'files'
        order by 1
        """
    ).fetchall()
    assert aside == [
        ("bookings", "booking:f:4", "unreadable", 100.0),
        ("orders", "f:4", "unreadable", 70.0),
        ("refunds", "refund:f:d", "unreadable", 8.0),
    ]
