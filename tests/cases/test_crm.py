"""Cases of a CRM whose facts change after the event: one portal holds them all."""

from __future__ import annotations

import pytest

from cases.crm_contacts import CONTACTS, PEOPLE
from cases.crm_deals import DEALS
from cases.crm_portal import Portal, Record, iso, millis
from cases.crm_records import DELIVERY, PIPELINES, contact
from cases.small_company import SmallCompany


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> SmallCompany:
    small = SmallCompany(tmp_path_factory.mktemp("crm"))
    records = [case[0] for case in (*DEALS.values(), *CONTACTS.values(), *PEOPLE.values())]
    records += [
        contact(900, "09-01 10:00"),
        *(Record(kind, f"{number}",
                 (("09-03 12:00", {"hs_timestamp": iso("09-03 12:00"), **more}),),
                 links=(("902", None),))
          for number, (kind, more) in enumerate({
              "calls": {"hs_call_direction": "OUTBOUND", "hs_call_status": "COMPLETED"},
              "emails": {"hs_email_direction": "EMAIL", "hs_email_status": "SENT"},
              "meetings": {"hs_meeting_outcome": "SCHEDULED"},
              "tasks": {"hs_task_status": "COMPLETED",
                        "hs_task_completion_date": iso("09-03 14:00")},
          }.items(), 1001)),
    ]  # fmt: skip
    small.goal("deal", *({"source": "hubspot", "selector": f"pipeline:{p}"} for p in PIPELINES))
    small.goal(
        "lead", *({"source": "hubspot", "selector": f"form:{f}"} for f in ("wedding", "event")),
        tier="weak",
    )  # fmt: skip
    small.channels += [
        {"channel": "paid_search", "is_paid": True, "click_id_kind": "gclid"},
        {"channel": "paid_social", "is_paid": True, "click_id_kind": "fbclid"},
    ]
    with Portal(records, PIPELINES | DELIVERY).open() as url:
        small.sources["hubspot"] = {
            "base_url": url,
            "accounts": [{"id": "1", "time_zone": "Europe/Lisbon", "currency": "EUR"}],
            "credentials": {"access_token": "hubspot_access_token"},
            "options": {"won_stages": ["signed", "misspelt"], "open_stages": ["verbal"]},
        }
        landed = small.land("hubspot")
        built = small.build()
    small.output = "\n".join(
        part.text for part in (landed, built, small.run("gate"), small.run("publish"))
    )
    return small


def test_the_mart_is_published(company: SmallCompany):
    assert "gate mart: warn" in company.output and "published" in company.output, company.output


@pytest.mark.parametrize("case", DEALS)
def test_a_deal_moves_money_on_the_day_it_moves(company: SmallCompany, case: str):
    record, entries, status = DEALS[case]
    found = company.query(
        "select entry_type, strftime(entry_date, '%m-%d'), amount::double"
        f" from marts.fct_ledger_entries where conversion_id = 'hubspot:{record.id}'"
        " order by entry_at, entry_type desc, amount"
    )
    assert found == entries
    statuses = company.query(
        f"select status from marts.fct_conversions where conversion_id = 'hubspot:{record.id}'"
    )
    assert statuses == ([] if status == "none" else [(status,)])


def test_a_deal_stays_with_the_goal_it_was_won_for(company: SmallCompany):
    assert company.query(
        "select distinct goal from marts.fct_conversions where goal != 'lead'"
    ) == [("deal",)]


@pytest.mark.parametrize("case", CONTACTS)
def test_every_enquiry_is_a_lead_of_its_own_day_and_click(company: SmallCompany, case: str):
    record, leads = CONTACTS[case]
    found = company.query(
        "select strftime(conversion_date, '%m-%d'), click_id"
        " from intermediate.int_conversions__recorded where record_type = 'lead'"
        f" and split_part(record_id, ':', 2) = '{record.id}' order by conversion_at",
        company.build_file,
    )
    assert found == leads


@pytest.mark.parametrize("case", PEOPLE)
def test_a_deal_hangs_on_the_enquiry_it_came_of(company: SmallCompany, case: str):
    record, journey = PEOPLE[case]
    found = company.query(
        f"select journey_id from marts.fct_conversions where conversion_id = 'hubspot:{record.id}'"
    )
    assert found == [(f"hubspot:{journey}",)]


def test_a_click_brings_the_lead_of_its_time(company: SmallCompany):
    found = dict(
        company.query(
            "select split_part(conversion_id, ':', 3) || strftime(conversion_date, ' %m-%d'),"
            " channel"
            " from marts.fct_attribution where model = 'last_non_direct'"
            " and conversion_id like 'hubspot:lead:%'"
        )
    )
    assert found["901 09-10"] == "paid_search"
    assert found["902 09-03"] == found["902 09-20"] == "paid_search"
    assert found["907 09-12"] == "paid_social"
    assert "903 09-20" not in found and "904 09-10" not in found


def test_what_a_person_must_look_at_is_reported(company: SmallCompany):
    warnings = {
        (name.partition("__")[0], segment): rows
        for name, segment, rows in company.query(
            "select check_name, segment, affected_rows from health.fct_gate_results"
            " where verdict = 'warn'"
        )
    }
    names = {name: segment for name, segment in warnings}
    assert names["assert_every_deal_stage_has_a_meaning"] == "hubspot: stage ghost"
    assert names["assert_every_stage_of_the_company_file_exists"] == "hubspot: stage misspelt"
    assert warnings["assert_no_won_deal_is_deleted", "hubspot"] == 1
    assert warnings["assert_no_deal_is_won_twice", "hubspot"] == 1
    assert warnings["assert_every_won_deal_has_an_amount", "hubspot"] == 2  # 25 and 30


def test_what_is_not_used_is_listed(company: SmallCompany):
    aside = dict(
        company.query(
            "select stream || ' ' || record_id, reason from intermediate.int_conversions__set_aside"
            " where source = 'hubspot'",
            company.build_file,
        )
    )
    repeat = f"submissions lead:905:{millis(iso('09-03 10:01'))}"
    assert aside[repeat] == "the same form was sent in twice within ten minutes"
    assert aside["contacts lead:916"] == "no form was filled in and no visit is known"


def test_a_word_that_cannot_be_used_costs_itself_and_not_its_deal(company: SmallCompany):
    # of the deals themselves, only the one of which nothing is known
    assert company.query(
        "select stream, reason from health.fct_set_aside"
        " where is_lost and source = 'hubspot' order by 1"
    ) == [
        ("deal_stages", "breaks the rule: A won stage of negative worth would take revenue away"
                        " without a cancellation"),
        ("deals", "pipeline is empty"),
    ]  # fmt: skip


def test_what_was_done_about_an_enquiry_lands_without_a_word_of_it(company: SmallCompany):
    found = company.query(
        "select kind, journey_key, strftime(happened_at at time zone 'UTC', '%H:%M'), is_outbound,"
        " is_done from intermediate.shape_activities order by kind",
        company.build_file,
    )
    assert found == [
        ("call", "contact:902", "12:00", True, True),
        ("email", "contact:902", "12:00", True, True),
        ("meeting", "contact:902", "12:00", None, False),
        ("task", "contact:902", "14:00", None, True),
    ]
