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
create schema marts; create schema health;
create table health.fct_build as
select date '2026-06-01' as history_start_date, date '2026-06-30' as through_date;
create table marts.fct_campaign_daily as
select date '2026-06-02' as report_date, 'ads' as platform, 'A' as account_id, id as campaign_id,
    name as campaign_name, 50 as clicks, 3.0 as claimed_conversions, 300.00 as claimed_amount,
    1 as ga4_conversions, 1.0 as reconciled_conversions, 402.00 as reconciled_revenue_amount
from (values ('c1', $hostile), ('c2', 'Twice'), ('c3', 'Twice')) as campaigns (id, name);
create table marts.dim_campaign as
select platform, account_id, campaign_id, campaign_name, true as is_current
from marts.fct_campaign_daily;
insert into marts.dim_campaign values ('ads', 'A', 'c2', 'Once', false),
    ('ads', 'A', 'c4', 'Gifts | Broad', true), ('ads', 'A', 'c5', 'Gifts | Narrow', true);
create table marts.fct_touches as
select 't' || n as touch_id, 'ads' as platform, 'A' as account_id, 'c1' as campaign_id,
    date '2026-06-02' as touch_date, 's' || (n // 2) as session_key
from range(40) as touches (n);
create table marts.fct_attribution as
select 'order' as conversion_id, 't0' as touch_id, 'last_non_direct' as model,
    'ads' as platform, 'A' as account_id, 'c1' as campaign_id, 1.0 as credit
union all select 'older', 'none', 'last_non_direct', 'ads', 'A', 'c1', 1.0
union all select 'void', 'none', 'last_non_direct', 'ads', 'A', 'c1', 1.0
union all select 'stay', 'none', 'last_non_direct', 'ads', 'A', 'c1', 1.0;
create table marts.fct_conversions as
select * from (values
    ('order', 'won', date '2026-06-02', 'order', 100.00, 60.00),
    ('older', 'won', date '2026-06-01', 'order', 20.00, 15.00),
    ('void', 'cancelled', date '2026-06-02', 'order', 7.00, 0.00),
    ('stay', 'won', date '2026-06-02', 'booking', 300.00, 300.00))
    as conversions (conversion_id, status, conversion_date, goal, gross_amount, net_amount)
cross join (select 'strong' as tier);
create table marts.fct_ledger_entries as
select * from (values
    ('order', date '2026-06-02', date '2026-06-02', 100.00),
    ('order', date '2026-06-09', date '2026-06-02', -40.00),
    ('older', date '2026-06-01', date '2026-06-01', 20.00),
    ('older', date '2026-06-02', date '2026-06-01', -5.00),
    ('void', date '2026-06-02', date '2026-06-02', 7.00),
    ('void', date '2026-06-03', date '2026-06-02', -7.00),
    ('stay', date '2026-06-02', date '2026-06-02', 300.00))
    as entries (conversion_id, entry_date, conversion_date, amount);
create table marts.fct_platform_claims as
select 'ads' as platform, 'A' as account_id, 'c1' as campaign_id, date '2026-06-02' as claim_date,
    action as action_key, 'id' as action_id, action as action_name, goal,
    'conversion_date' as date_basis, null::varchar as attribution_model,
    clicks as click_window_days, views as view_window_days, is_view_through,
    false as is_modelled, is_headline,
    claimed::decimal(18,6) as claimed_conversions, amount::decimal(38,6) as claimed_amount
from (values
    ('Purchase', 'order', 7, 1, false, true, 3, 300),
    ('Purchase', 'order', 28, null, false, false, 5, 500),
    ('Purchase', 'order', 1, null, false, false, 1, 100),
    ('Purchase', 'order', null, 1, true, false, 1, 100),
    ('Sign\x1bup', null, 7, 1, false, true, 9, null),
    ('Nothing', null, 7, 1, false, false, 0, null))
    as claims (action, goal, clicks, views, is_view_through, is_headline, claimed, amount);
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


def said(name: str = "c1", day: date = DAY) -> str:
    return "\n".join(explained.explain(name, day))


def test_every_hop_has_its_loss_and_every_cause_its_number():
    lines = said()
    assert "claimed by the platform    3, worth 300.00" in lines
    assert "touches in our records     40  (less 10: clicks without a touch" in lines
    assert "visits of these            20  (less 20: further clicks" in lines
    assert "conversions of these       1, of which stand 1" in lines
    assert "in the ledger              60.00  (less 40.00: given back or corrected since)" in lines
    walk = lines.split("From ours to theirs")[1].split("\n\n")[0].split("\n")[1:]
    assert [line.split("  ")[-1] for line in walk] == [
        "we reconcile", "given back since", "seen, not clicked", "unexplained",
        "the platform claims",
    ]  # fmt: skip


def test_the_money_of_the_day_is_walked_to_what_is_reconciled():
    lines = said().split("money that moved 402.00\n")[1].split("\n\n")[0].split("\n")
    steps = [line.strip().split("  ", 1) for line in lines]
    assert [(amount, words.split(",")[0]) for amount, words in steps] == [
        ("+5.00", "moved for conversions of other days"),
        ("-7.00", "moved for conversions that stand no more"),
        ("-40.00", "of the day's conversions"),
        ("-300.00", "of goals the platform does not claim"),
        ("+60.00", "so much we reconcile below"),
    ]


def test_what_is_claimed_beside_the_headline_has_its_definition_and_its_share():
    beside = said().split("Claimed beside the headline")[1].split("\n")[1:]
    assert [line.strip().split("  ", 1)[1].strip() for line in beside] == [
        "500.00  Purchase, of order (conversion_date, 28-day clicks), beside 3.00 of the headline:"
        " 62%; 1 more of it",
        "Sign up, of no goal (conversion_date, 7-day clicks, 1-day views), beside 3.00 of the"
        " headline: 75%",
    ]


def test_what_is_not_known_of_a_platform_is_in_no_line(mart: Path):
    with duckdb.connect(mart) as con:
        con.execute("update marts.fct_campaign_daily set clicks = 0, ga4_conversions = null")
        con.execute("update marts.fct_conversions set status = 'cancelled'")
    lines = said()
    assert "clicks it reports          not known\n" in lines and "without a touch" not in lines
    assert "conversions GA4 saw        not known\n" in lines
    assert "of which stand 0\n  in the ledger              0.00\n" in lines


def test_visits_that_files_report_are_visits(mart: Path):
    with duckdb.connect(mart) as con:
        con.execute("update marts.fct_touches set session_key = null")
    assert "visits of these            40" in said() and "further clicks" not in said()
    assert "visits credited later      1 " in said()


def test_a_hostile_name_is_a_name(mart: Path):
    assert "\x1b" not in said(HOSTILE)
    with duckdb.connect(mart, read_only=True) as con:
        assert con.execute("select count(*) from marts.fct_touches").fetchone() == (40,)


def test_a_name_of_two_campaigns_is_asked_back_and_one_of_none_is_an_error():
    with pytest.raises(TrueupError, match="2 campaigns have the name 'Twice'") as twice:
        explained.explain("Twice", DAY)
    assert "c2" in str(twice.value) and "c3" in str(twice.value)
    with pytest.raises(TrueupError, match="no campaign has the id or the name"):
        explained.explain("nobody\x1b[0m", DAY)


def test_case_and_blanks_do_not_hide_a_campaign_nor_does_a_name_it_bore():
    for name in ("gifts  | broad ", "GIFTS | BROAD", " C4", "Gifts | Broad"):
        assert said(name).startswith("Gifts | Broad (ads c4)")
    assert said("once").startswith("Twice (ads c2)")


def test_names_like_the_one_asked_for_are_offered():
    with pytest.raises(TrueupError, match=r"Gifts \| Broad .*Gifts \| Narrow"):
        said("gifts")
    with pytest.raises(TrueupError, match=r"like it are Gifts \| Broad") as misspelt:
        said("Gifs | Brod")
    assert "Once" not in str(misspelt.value)


@pytest.mark.parametrize("day", [date(2026, 5, 31), date(2026, 7, 1)])
def test_a_day_outside_of_the_history_is_refused_with_its_bounds(day: date):
    with pytest.raises(TrueupError, match="2026-06-01 to 2026-06-30"):
        said(day=day)


def test_a_day_without_a_gap_says_why(mart: Path):
    assert said("c2").endswith("what came in is of goals it does not claim.")
    with duckdb.connect(mart) as con:
        con.execute("update marts.fct_campaign_daily set reconciled_conversions = 0,"
                    " reconciled_revenue_amount = 0")  # fmt: skip
    assert said("c2").endswith(
        "Nothing is claimed by the headline and nothing is reconciled on this day."
    )
    with duckdb.connect(mart) as con:
        con.execute("update marts.fct_campaign_daily set claimed_conversions = null")
    assert said("c2").endswith("What the platform claims on this day is not known.")
    with duckdb.connect(mart) as con:
        con.execute("update marts.fct_platform_claims set is_headline = false")
    assert said("c2").endswith("No claims of ads are used: there is no gap to walk.")


def test_claims_nobody_landed_are_not_known(mart: Path):
    with duckdb.connect(mart) as con:
        con.execute(
            "update marts.fct_reconciliation_daily"
            " set claimed_conversions = null, is_settled = false"
        )
    assert "is not known" in said() and "not settled" not in said()
