"""`trueup explain` walks one number down, in plain words, whatever a campaign is called."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from trueup.errors import TrueupError
from trueup.reports import explained

DAY = date(2026, 6, 2)
HOSTILE = "Sale\x1b[31m'; drop table marts.fct_touches; --"
MART = """
create schema marts;
create table marts.fct_campaign_daily as
select date '2026-06-02' as report_date, 'ads' as platform, 'A' as account_id, id as campaign_id,
    name as campaign_name, 50 as clicks, 3.0 as claimed_conversions, 300.00 as claimed_amount,
    1 as ga4_conversions, 1.0 as reconciled_conversions, 60.00 as reconciled_revenue_amount
from (values ('c1', $hostile), ('c2', 'Twice'), ('c3', 'Twice')) as campaigns (id, name);
create table marts.dim_campaign as
select campaign_id, campaign_name from marts.fct_campaign_daily;
create table marts.fct_touches as
select 't' || n as touch_id, 'ads' as platform, 'A' as account_id, 'c1' as campaign_id,
    date '2026-06-02' as touch_date, 's' || (n // 2) as session_key
from range(40) as touches (n);
create table marts.fct_attribution as
select 'order' as conversion_id, 't0' as touch_id, 'last_non_direct' as model;
create table marts.fct_conversions as
select 'order' as conversion_id, 'strong' as tier, 'won' as status, 100.00 as gross_amount,
    60.00 as net_amount;
create table marts.fct_reconciliation_daily as
select date '2026-06-02' as report_date, 'ads' as platform, 'A' as account_id,
    'c1' as campaign_id, 'order' as goal, true as is_settled, 3.0 as claimed_conversions,
    1.0 as reconciled_conversions, 1.0 as view_through_conversions,
    1.0 as unexplained_conversions, 0.0 as unseen_conversions, 300.00 as claimed_amount,
    60.00 as reconciled_amount, 40.00 as refunds_amount, 100.00 as view_through_amount,
    100.00 as unexplained_amount, 0.00 as unseen_amount;
"""


@pytest.fixture(autouse=True)
def mart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "mart.duckdb"
    with duckdb.connect(path) as con:
        con.execute(MART.replace("$hostile", "'" + HOSTILE.replace("'", "''") + "'"))
    here = SimpleNamespace(state=SimpleNamespace(mart=path))
    monkeypatch.setattr(explained.workspace, "current", lambda: here)
    return path


def test_every_hop_has_its_loss_and_every_cause_its_number():
    said = "\n".join(explained.explain("c1", DAY))
    assert "claimed by the platform    3, worth 300.00" in said
    assert "tagged landings we saw     40  (less 10: left before" in said
    assert "sessions of these          20  (less 20: further clicks" in said
    assert "orders or deals of these   1, of which stand 1" in said
    assert "in the ledger              60.00  (less 40.00: given back since)" in said
    causes = [line.split("  ")[-1] for line in said.split("From ours to theirs")[1].split("\n")[1:]]
    assert causes == [
        "we reconcile", "given back since", "seen, not clicked", "unexplained",
        "the platform claims",
    ]  # fmt: skip


def test_visits_that_files_report_are_visits(mart: Path):
    with duckdb.connect(mart) as con:
        con.execute("update marts.fct_touches set session_key = null")
    said = "\n".join(explained.explain("c1", DAY))
    assert "sessions of these          40" in said and "further clicks" not in said
    assert "sessions credited later    1 " in said


def test_a_hostile_name_is_a_name(mart: Path):
    said = explained.explain(HOSTILE, DAY)
    assert "\x1b" not in "".join(said)
    with duckdb.connect(mart, read_only=True) as con:
        assert con.execute("select count(*) from marts.fct_touches").fetchone() == (40,)


def test_a_name_of_two_campaigns_is_asked_back_and_one_of_none_is_an_error():
    with pytest.raises(TrueupError, match="2 campaigns have the name 'Twice'") as twice:
        explained.explain("Twice", DAY)
    assert "c2" in str(twice.value) and "c3" in str(twice.value)
    with pytest.raises(TrueupError, match="no campaign has the id or the name"):
        explained.explain("nobody\x1b[0m", DAY)


def test_a_day_without_claims_says_so():
    assert explained.explain("c2", DAY)[-1].startswith("Nothing is claimed")


def test_claims_nobody_landed_are_not_known(mart: Path):
    with duckdb.connect(mart) as con:
        con.execute("update marts.fct_reconciliation_daily set claimed_conversions = null")
    assert explained.explain("c1", DAY)[-1].endswith("is not known")
