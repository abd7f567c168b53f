"""The promises of the mart, on a whole day of the demo company, without Airflow."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest

from built import PROJECT, Company
from dbt_in_process import models_alone
from docs.pages import named
from trueup import corrections, pipeline
from trueup.build.compare import MARKED_BY_GATES
from trueup.company import company_file
from trueup.errors import UnfitData

#: What a reader of the mart can see; health tables hold run times and are left out.
MART = "marts"


def digest(file: Path, schema: str = MART) -> dict[str, tuple[int, int]]:
    """Rows and an order-free hash of every mart, but for what its gate marks in it afterwards."""
    unmarked = f"select columns(c -> c not in {tuple(sorted(MARKED_BY_GATES))}) from"
    with duckdb.connect(str(file), read_only=True) as con:
        names = con.execute(
            "select table_name from information_schema.tables where table_schema = ? order by 1",
            [schema],
        ).fetchall()
        return {
            name: con.execute(
                "select count(*), coalesce(sum(hash(t)), 0)::hugeint"
                f" from ({unmarked} {schema}.{name}) as t"
            ).fetchone()
            for (name,) in names
        }


def publish(company: Company, day: str | None = None) -> dict[str, tuple[int, int]]:
    """Build and publish; the digest of the published mart."""
    with company.in_force(), models_alone():
        pipeline.build(day or company.day)
        pipeline.publish()
    return digest(company.place.mart)


def land_all(company: Company, day: str) -> None:
    with company.in_force():
        for source in sorted(company_file.read(company.company_file).sources):
            pipeline.land(source, day)


@pytest.fixture(scope="module")
def before(published_company: Company) -> dict[str, tuple[int, int]]:
    """The digest of the mart each test starts from."""
    return digest(published_company.place.mart)


@pytest.fixture
def company(published_company: Company, sandbox, tmp_path: Path) -> Company:
    return published_company.copy_to(tmp_path)


def test_reconciled_revenue_is_the_worlds_true_net_revenue_to_the_cent(built_company, world):
    """Of every conversion, on every day, by every kind of entry."""
    truth = f"""
        select
            conversion_id,
            (entry_at at time zone 'UTC' at time zone 'Europe/Lisbon')::date as entry_date,
            entry_type,
            sum(amount)::decimal(18, 2)
        from '{world}/true_ledger.parquet'
        where entry_date between date '2026-08-01' and date '{built_company.day}'
        group by all order by all
    """
    mart = (
        "select conversion_id, entry_date, entry_type, sum(amount)::decimal(18, 2)"
        " from marts.fct_ledger_entries group by all order by all"
    )
    with duckdb.connect(str(built_company.place.build_file), read_only=True) as con:
        expected, got = (con.execute(sql).fetchall() for sql in (truth, mart))
        daily, ledger = con.execute(
            "select (select sum(reconciled_revenue_amount) from marts.fct_channel_daily),"
            " (select sum(amount) from marts.fct_ledger_entries)"
        ).fetchone()
    assert daily == ledger
    assert len(expected) > 50
    assert got == expected


def test_building_day_by_day_gives_what_one_full_build_gives(company: Company, sandbox):
    """And what the platforms restate on the way arrives, and the old value stays: the page's query
    gives the claims of the first morning as they stood in its mart."""
    mornings = []
    for day in (15, 18):
        sandbox.desk.set_clock(datetime(2026, 9, day + 1, 6, 0))
        land_all(company, f"2026-09-{day}")
        stepwise = publish(company, f"2026-09-{day}")
        with duckdb.connect(str(company.place.mart), read_only=True) as con:
            mornings.append(headline_claims(con))
    with duckdb.connect(str(company.place.mart), read_only=True) as con:
        first, last = mornings
        then, now = known_then(con, first.newest)
        assert (then, now) == (first.claimed, last.claimed)
        assert then != now
        restated = con.execute(
            """
            select count(*)
            from marts.fct_platform_claims_history as was
            inner join marts.fct_platform_claims as now using (claim_key, claim_date)
            where was.valid_to is not null and was.claimed_amount_local <> now.claimed_amount_local
            """
        ).fetchone()[0]
    assert restated > 0
    company.place.build_file.unlink()
    assert publish(company, "2026-09-18") == stepwise


class Claims(NamedTuple):
    """Headline claims by platform, campaign, goal and day; when the newest was observed."""

    claimed: dict[tuple[Any, ...], Any]
    newest: datetime


def headline_claims(con: duckdb.DuckDBPyConnection) -> Claims:
    con.execute("set timezone = 'UTC'")
    rows = con.execute(
        "select platform, campaign_id, action_id, claim_date, sum(claimed_conversions)"
        " from marts.fct_platform_claims where is_headline group by all"
    ).fetchall()
    (newest,) = con.execute("select max(valid_from) from marts.fct_platform_claims").fetchone()
    return Claims({tuple(key): claimed for *key, claimed in rows if claimed}, newest)


def known_then(con: duckdb.DuckDBPyConnection, moment: datetime) -> tuple[dict[Any, Any], ...]:
    """What the page's query says was claimed at the moment, and is by now."""
    sql = named(PROJECT / "docs" / "marts.md")["known_then.sql"]
    asked = "2026-09-14 12:00:00+00"
    assert sql.count(asked) == 1
    rows = con.execute(sql.replace(asked, moment.isoformat())).fetchall()
    return tuple({tuple(row[:4]): row[at] for row in rows if row[at]} for at in (4, 5))


def test_a_load_set_aside_is_as_if_it_never_came(company: Company, before, sandbox):
    sandbox.desk.set_clock(datetime(2026, 9, 19, 6, 0))
    with company.in_force(), models_alone():
        loads = pipeline.land("meta_ads", company.day).loads
        pipeline.build(company.day)
        assert digest(company.place.build_file) != before
        for load in loads:
            corrections.reject(load, "landed by mistake")
    assert publish(company) == before


BUILD = "from trueup import pipeline; pipeline.build('2026-09-14')"


def test_a_second_run_of_the_day_changes_no_row_though_killed_at_any_moment(
    company: Company, before
):
    land_all(company, company.day)
    for seconds in (1.5, 6, 10):
        killed = subprocess.Popen(
            [sys.executable, "-c", BUILD],
            env={**os.environ, **company.environment, "PYTHONPATH": str(PROJECT / "plugins")},
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(seconds)
        os.killpg(killed.pid, 9)
        killed.wait()
    assert publish(company) == before


READ = """
import json, sys
from pathlib import Path
from e2e.test_promises import digest
while not Path(sys.argv[2]).exists():
    print(json.dumps(digest(Path(sys.argv[1]))), flush=True)
"""


def test_a_hold_keeps_the_old_mart_readable_throughout(company: Company, before, tmp_path: Path):
    """The reader is a process of its own, as every reader of the mart is."""
    over, seen = tmp_path / "over", tmp_path / "seen.jsonl"
    with seen.open("w") as lines:
        reader = subprocess.Popen(
            [sys.executable, "-c", READ, company.place.mart, over],
            env={**os.environ, "PYTHONPATH": f"{PROJECT / 'plugins'}:{PROJECT / 'tests'}"},
            stdout=lines,
        )
    try:
        with company.in_force(), models_alone():
            pipeline.build(company.day)
            with duckdb.connect(str(company.place.build_file)) as con:
                con.execute("delete from marts.fct_ledger_entries where entry_type = 'refund'")
            assert pipeline.gate_mart().outcome == "hold"
            with pytest.raises(UnfitData, match=r"verdict is hold.*--release WHO"):
                pipeline.publish_unless_held()
    finally:
        over.touch()
        assert reader.wait(60) == 0
    digests = [json.loads(line) for line in seen.read_text().splitlines()]
    assert len(digests) > 3
    assert all(one == json.loads(json.dumps(before)) for one in digests)


def test_the_order_of_backfills_does_not_matter(company: Company, before):
    with company.in_force():
        for day in ("2026-09-12", "2026-08-20", "2026-09-14", "2026-09-03"):
            pipeline.land("shopify", day)
            pipeline.land("meta_ads", day)
    assert publish(company) == before
