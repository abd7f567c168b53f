"""Cases of a CRM whose facts change after the event: one portal holds them all."""

from __future__ import annotations

from typing import Any

import pytest

from cases.crm_portal import Portal, Told, iso, millis
from cases.small_company import SmallCompany

PIPELINES = {
    "default": {"contract": "0.9", "closedwon": "1.0", "delivered": "1.0", "closedlost": "0.0"},
    "second": {"1049658": "0.5", "1049659": "1.0", "1049660": "0.0"},
    "third": {"signed": "0.9", "verbal": "1.0"},
}
WON, LOST = "closedwon", "closedlost"


def deal(number: int, *written: tuple[str, dict[str, Any]], contact: str = "", **more: Any) -> Told:
    """A deal of the default pipeline, with the short names of what is written."""
    names = {"stage": "dealstage", "close": "closedate", "currency": "deal_currency_code",
             "merged": "hs_merged_object_ids", "won": "hs_is_closed_won",
             "closed": "hs_is_closed"}  # fmt: skip
    first = {"pipeline": "default", "amount": None, "deal_currency_code": "EUR"}
    told = [
        (
            at,
            {names.get(name, name): iso(v) if name == "close" else v for name, v in change.items()},
        )
        for at, change in written
    ]
    told[0] = (told[0][0], first | told[0][1])
    links = more.pop("links", ((contact, None),) if contact else ())
    return Told("deals", str(number), tuple(told), links=links, **more)


def won(at: str, amount: str | None, **more: Any) -> tuple[str, dict[str, Any]]:
    return at, {"stage": WON, "close": at, "amount": amount, **more}


#: number: the deal, and its ledger: kind, day and amount in EUR of every entry.
Entries = list[tuple[str, str, float]]
DEALS: dict[str, tuple[Told, Entries, str]] = {
    "H1: the amount comes a minute after the win": (
        deal(1, won("09-10 10:00", "0"), ("09-10 10:01", {"amount": "12000"})),
        [("sale", "09-10", 12000)], "won"),
    "H2: a won stage of another pipeline that nobody listed": (
        deal(2, ("09-10 10:00", {"pipeline": "second", "stage": "1049659", "amount": "5000"})),
        [("sale", "09-10", 5000)], "won"),
    "H3: dragged to won by mistake, back within the hour": (
        deal(3, won("09-10 10:00", "1000"), ("09-10 11:00", {"stage": "contract"})),
        [], "open"),
    "no amount at the win, known ten days later": (
        deal(4, won("09-10 10:00", None), ("09-20 10:00", {"amount": "700"})),
        [("sale", "09-20", 700)], "won"),
    "an estimate that is emptied with the win, known ten days later": (
        deal(60, ("09-05 10:00", {"stage": "contract", "amount": "500"}),
             won("09-10 10:00", None), ("09-20 10:00", {"amount": "700"})),
        [("sale", "09-20", 700)], "won"),
    "a placeholder of 0 for five days": (
        deal(5, won("09-10 10:00", "0"), ("09-15 10:00", {"amount": "900"})),
        [("sale", "09-15", 900)], "won"),
    "put right the next morning, within a day": (
        deal(6, won("09-10 10:00", "1000"), ("09-11 06:00", {"amount": "1100"})),
        [("sale", "09-10", 1100)], "won"),
    "corrected ten days later": (
        deal(7, won("09-10 10:00", "1000"), ("09-20 10:00", {"amount": "800"})),
        [("sale", "09-10", 1000), ("correction", "09-20", -200)], "won"),
    "corrected twice, then lost": (
        deal(8, won("09-10 10:00", "1000"), ("09-15 10:00", {"amount": "1200"}),
             ("09-18 10:00", {"amount": "900"}), ("09-22 10:00", {"stage": LOST})),
        [("sale", "09-10", 1000), ("correction", "09-15", 200), ("correction", "09-18", -300),
         ("cancellation", "09-22", -900)], "cancelled"),
    "moved back to an open stage three days later": (
        deal(9, won("09-10 10:00", "1000"), ("09-13 10:00", {"stage": "contract"})),
        [("sale", "09-10", 1000), ("cancellation", "09-13", -1000)], "open"),
    "lost, opened again, won": (
        deal(10, ("09-02 10:00", {"stage": LOST, "amount": "400"}),
             ("09-05 10:00", {"stage": "contract"}), won("09-12 10:00", "450")),
        [("sale", "09-12", 450)], "won"),
    "won, lost, and won again for more": (
        deal(11, won("09-10 10:00", "500"), ("09-15 10:00", {"stage": LOST}),
             won("09-18 10:00", "600")),
        [("sale", "09-10", 500), ("cancellation", "09-15", -500), ("sale", "09-18", 600)], "won"),
    "out of won for an hour by mistake": (
        deal(12, won("09-10 10:00", "500"), ("09-15 10:00", {"stage": "contract"}),
             ("09-15 11:00", {"stage": WON})),
        [("sale", "09-10", 500)], "won"),
    "deleted after it was won": (
        deal(13, won("09-10 10:00", "500"), archived_at="2026-09-25 10:00"),
        [("sale", "09-10", 500), ("cancellation", "09-25", -500)], "cancelled"),
    "deleted while it was open": (
        deal(14, ("09-10 10:00", {"stage": "contract", "amount": "70"}),
             archived_at="2026-09-14 10:00"),
        [], "lost"),
    "two deals merged into a third, with the history of both": (
        deal(17, ("09-04 10:00", {"stage": "contract", "amount": "300"}), won("09-10 10:00", "300"),
             won("09-11 10:00", "300"), ("09-12 10:00", {"merged": "15;16"})),
        [("sale", "09-10", 300)], "won"),
    "an import of history: closed before the CRM knew of it": (
        deal(18, ("09-20 10:00", {"stage": WON, "close": "09-02", "amount": "800"}),
             by={"09-20 10:00": "IMPORT"}),
        [("sale", "09-02", 800)], "won"),
    "the amount of an import is written a second after its stage": (
        deal(19, ("09-20 10:00", {"stage": WON, "close": "09-03"}),
             ("09-20 10:00:01", {"amount": "810"}), by={"09-20 10:00": "INTEGRATION"}),
        [("sale", "09-03", 810)], "won"),
    "a close date set back by hand": (
        deal(20, ("09-05 10:00", {"stage": "contract", "amount": "100"}),
             ("09-14 10:00", {"stage": WON, "close": "09-11"})),
        [("sale", "09-14", 100)], "won"),
    "closed by an import that says when": (
        deal(21, ("09-03 10:00", {"stage": "contract", "amount": "100"}),
             ("09-20 10:00", {"stage": WON, "close": "09-10"}), by={"09-20 10:00": "IMPORT"}),
        [("sale", "09-10", 100)], "won"),
    "a deal in another currency": (
        deal(22, won("09-10 10:00", "1100", currency="USD")),
        [("sale", "09-10", 1000)], "won"),
    "the currency is put right days after the win": (
        deal(23, won("09-10 10:00", "500"), ("09-15 10:00", {"amount": "660", "currency": "USD"})),
        [("sale", "09-10", 500), ("correction", "09-15", -500), ("correction", "09-15", 600)],
        "won"),
    "an amount that is emptied later stays as it was last known": (
        deal(24, won("09-10 10:00", "500"), ("09-15 10:00", {"amount": None})),
        [("sale", "09-10", 500)], "won"),
    "an amount that is set to nothing later is given back": (
        deal(25, won("09-10 10:00", "500"), ("09-15 10:00", {"amount": "0"})),
        [("sale", "09-10", 500), ("correction", "09-15", -500)], "won"),
    "a won stage that no pipeline has any more": (
        deal(26, ("09-10 10:00", {"stage": "gone", "amount": "250", "won": "true",
                                  "closed": "true"})),
        [("sale", "09-10", 250)], "won"),
    "a stage nobody knows on the way changes nothing": (
        deal(27, ("09-05 10:00", {"stage": "ghost", "amount": "260"}), won("09-10 10:00", "260")),
        [("sale", "09-10", 260)], "won"),
    "from one won stage to the next is one sale": (
        deal(28, won("09-10 10:00", "270"), ("09-18 10:00", {"stage": "delivered"})),
        [("sale", "09-10", 270)], "won"),
    "moved into another pipeline, and won there": (
        deal(29, ("09-05 10:00", {"stage": "contract", "amount": "280"}),
             ("09-10 10:00", {"pipeline": "second", "stage": "1049659"})),
        [("sale", "09-10", 280)], "won"),
    "won in the last hour of the mart, amount still to come": (
        deal(30, won("09-30 22:30", "0")), [], "won"),
    "the company file calls a stage won that the CRM holds open": (
        deal(34, ("09-10 10:00", {"pipeline": "third", "stage": "signed", "amount": "90"})),
        [("sale", "09-10", 90)], "won"),
    "the company file calls a stage open that the CRM holds won": (
        deal(35, ("09-10 10:00", {"pipeline": "third", "stage": "verbal", "amount": "91"})),
        [], "open"),
    "no history at all": (
        Told("deals", "36", (("09-10 10:00", {}),)), [], "none"),
    "entered twice: 1": (
        deal(37, won("09-10 10:00", "333"), contact="903"), [("sale", "09-10", 333)], "won"),
    "entered twice: 2": (
        deal(38, won("09-12 10:00", "333"), contact="903"), [("sale", "09-12", 333)], "won"),
    "won and lost the same day": (
        deal(39, won("09-10 10:00", "44"), ("09-10 15:00", {"stage": LOST})), [], "lost"),
    "closed late in the evening, the next day in the company's zone": (
        deal(41, ("09-20 10:00", {"stage": WON, "close": "09-02 23:30", "amount": "60"}),
             by={"09-20 10:00": "IMPORT"}),
        [("sale", "09-03", 60)], "won"),
    "a close date to come": (
        deal(42, ("09-10 10:00", {"stage": WON, "close": "12-31 10:00", "amount": "61"})),
        [("sale", "09-10", 61)], "won"),
    "a close date in seconds, read as milliseconds": (
        deal(43, ("09-10 10:00", {"stage": WON, "close": "1970-01-21 16:00", "amount": "62"}),
             by={"09-10 10:00": "INTEGRATION"}),
        [("sale", "09-10", 62)], "won"),
    "made open by an integration, and closed a minute later as of before": (
        deal(44, ("09-20 10:00", {"stage": "contract", "amount": "63"}),
             ("09-20 10:01", {"stage": WON, "close": "09-02 12:00"}),
             by={"09-20 10:00": "INTEGRATION", "09-20 10:01": "INTEGRATION"}),
        [("sale", "09-02", 63)], "won"),
    "in the portal's currency until it has one of its own": (
        deal(45, won("09-10 10:00", "500", currency=None),
             ("09-15 10:00", {"amount": "660", "currency": "USD"})),
        [("sale", "09-10", 500), ("correction", "09-15", -500), ("correction", "09-15", 600)],
        "won"),
    "a third of a hundred": (
        deal(46, won("09-10 10:00", "33.333333333333336")), [("sale", "09-10", 33.333333)], "won"),
    "an amount with an exponent": (
        deal(47, won("09-10 10:00", "1.2E4")), [("sale", "09-10", 12000)], "won"),
    "the same stage written twice is one sale": (
        deal(48, won("09-10 10:00", "64"), ("09-15 10:00", {"stage": WON})),
        [("sale", "09-10", 64)], "won"),
    "more values than the CRM keeps": (
        deal(49, won("09-03 10:00", "1"),
             *((f"09-{day:02} 10:00", {"amount": str(day)}) for day in range(6, 30))),
        [("sale", "09-03", 10), *(("correction", f"09-{day}", 1) for day in range(11, 30))],
        "won"),
    "made on a day to come, as somebody wrote": (
        deal(50, won("09-10 10:00", "67", createdate="2030-01-01T00:00:00Z")),
        [("sale", "09-10", 67)], "won"),
    "a sale in a currency put right within a day": (
        deal(40, won("09-10 10:00", "550"), ("09-10 12:00", {"currency": "USD"})),
        [("sale", "09-10", 500)], "won"),
}  # fmt: skip


def contact(number: int, created: str, *written: tuple[str, dict[str, Any]], **more: Any) -> Told:
    names = {"form": "enquiry_form", "g": "hs_google_click_id", "f": "hs_facebook_click_id",
             "asked": "recent_conversion_event_name", "merged": "hs_merged_object_ids"}  # fmt: skip
    told: list[tuple[str, dict[str, Any]]] = [(created, {"email": f"p{number}@example.com"})]
    for at, change in written:
        values = {names.get(name, name): value for name, value in change.items()}
        if "asked" in change:
            values["recent_conversion_date"] = iso(at)
        told.append((at, values))
    return Told("contacts", str(number), tuple(told), **more)


def enquiry(**more: Any) -> dict[str, Any]:
    return {"form": "wedding", "asked": "Contact: Wedding form", **more}


G = "Cj0KCQjwexample0"
#: The contact, and its leads: day and click of each.
CONTACTS: dict[str, tuple[Told, list[tuple[str, str | None]]]] = {
    "H4: known since March, asks in September after a click": (
        contact(901, "03-05 10:00", ("09-10 09:00", enquiry(g=G + "1"))),
        [("09-10", G + "1")]),
    "asks twice, each time after a click of its own": (
        contact(902, "09-03 10:00", ("09-03 10:00", enquiry(g=G + "2")),
                ("09-20 10:00", enquiry(g=G + "3"))),
        [("09-03", G + "2"), ("09-20", G + "3")]),
    "comes back without a click": (
        contact(903, "09-03 10:00", ("09-03 10:00", enquiry(g=G + "4")),
                ("09-20 10:00", enquiry())),
        [("09-03", G + "4"), ("09-20", None)]),
    "the click is of March, the question of September": (
        contact(904, "03-05 10:00", ("03-05 10:00", {"g": G + "5"}), ("09-10 10:00", enquiry())),
        [("09-10", None)]),
    "the same form sent in twice within a minute": (
        contact(905, "09-03 10:00", ("09-03 10:00", enquiry(g=G + "6")),
                ("09-03 10:01", enquiry())),
        [("09-03", G + "6")]),
    "a newsletter is no enquiry": (
        contact(906, "09-03 10:00", ("09-03 10:00", enquiry(g=G + "7")),
                ("09-12 10:00", {"asked": "Blog: Newsletter"})),
        [("09-03", G + "7")]),
    "a newsletter before the enquiry is none either": (
        contact(907, "08-03 10:00", ("08-03 10:00", {"asked": "Blog: Newsletter"}),
                ("09-12 10:00", enquiry(f="IwAR0example07"))),
        [("09-12", "IwAR0example07")]),
    "the form property is put right by hand": (
        contact(908, "09-03 10:00", ("09-03 10:00", enquiry()), ("09-12 10:00", {"form": "event"}),
                by={"09-12 10:00": "CRM_UI"}),
        [("09-03", None)]),
    "a form tool that notes no conversion": (
        contact(909, "08-01 10:00", ("09-12 10:00", {"form": "wedding", "g": G + "8"})),
        [("09-12", G + "8")]),
    "a later click without a question": (
        contact(910, "09-03 10:00", ("09-03 10:00", enquiry(g=G + "9")),
                ("09-25 10:00", {"g": G + "A"})),
        [("09-03", G + "9")]),
    "another form of the company": (
        contact(911, "09-03 10:00", ("09-03 10:00", enquiry()),
                ("09-09 10:00", {"form": "event", "asked": "Events: Event form", "g": G + "B"})),
        [("09-03", None), ("09-09", G + "B")]),
    "of two clicks the later one": (
        contact(912, "08-20 10:00", ("08-20 10:00", {"g": G + "C"}),
                ("09-09 10:00", enquiry(f="IwAR0example12"))),
        [("09-09", "IwAR0example12")]),
    "two contacts merged: each asked once": (
        contact(915, "09-03 10:00", ("09-03 10:00", enquiry(g=G + "D")),
                ("09-08 10:00", enquiry(g=G + "E")), ("09-12 10:00", {"merged": "913;914"})),
        [("09-03", G + "D"), ("09-08", G + "E")]),
    "the form property is put right by many hands": (
        contact(918, "09-03 10:00", ("09-03 10:00", enquiry()), ("09-12 10:00", {"form": "event"}),
                ("09-13 10:00", {"form": "wedding"}), ("09-14 10:00", {"form": "event"}),
                by={"09-12 10:00": "CRM_UI_BULK_ACTION", "09-13 10:00": "MOBILE_IOS",
                    "09-14 10:00": "PROPERTY_RESTORE"}),
        [("09-03", None)]),
    "nobody knows when it was made": (
        contact(919, "09-03 10:00", ("09-03 10:00", enquiry(g=G + "H", createdate=None))),
        [("09-03", G + "H")]),
    "added by hand": (contact(916, "09-03 10:00"), []),
    "asked before the mart begins, and again": (
        contact(917, "07-03 10:00", ("07-03 10:00", enquiry()),
                ("09-21 10:00", enquiry(g=G + "F"))),
        [("07-03", None), ("09-21", G + "F")]),
}  # fmt: skip

#: A deal of people: which person and enquiry it hangs on.
PEOPLE: dict[str, tuple[Told, str]] = {
    "on the enquiry it came of, not on the first one": (
        deal(51, ("09-21 10:00", {"stage": "contract"}), contact="902"),
        f"contact:902:{millis(iso('09-20 10:00'))}"),
    "on the first, where it was made before the second": (
        deal(52, ("09-05 10:00", {"stage": "contract"}), contact="902"), "contact:902"),
    "entered faster than the form": (
        deal(53, ("09-10 08:50", {"stage": "contract"}), contact="901"), "contact:901"),
    "of several contacts the one labelled as primary": (
        deal(54, ("09-21 10:00", {"stage": "contract"}),
             links=(("916", None), ("911", None), ("909", "Primary contact"))),
        "contact:909"),
    "of several without a label the one who asked": (
        deal(55, ("09-21 10:00", {"stage": "contract"}), links=(("916", None), ("909", None))),
        "contact:909"),
    "of a contact that was merged": (
        deal(56, ("09-05 10:00", {"stage": "contract"}), contact="913"), "contact:915"),
}  # fmt: skip


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> SmallCompany:
    small = SmallCompany(tmp_path_factory.mktemp("crm"))
    records = [told[0] for told in (*DEALS.values(), *CONTACTS.values(), *PEOPLE.values())]
    records += [
        contact(900, "09-01 10:00"),
        *(Told(kind, f"{number}", (("09-03 12:00", {"hs_timestamp": iso("09-03 12:00"), **more}),),
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
    with Portal(records, PIPELINES).open() as url:
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
    assert "gate mart: warn" in company.output and "published" in company.output


@pytest.mark.parametrize("case", DEALS)
def test_a_deal_moves_money_on_the_day_it_moves(company: SmallCompany, case: str):
    told, entries, status = DEALS[case]
    found = company.query(
        "select entry_type, strftime(entry_date, '%m-%d'), amount::double"
        f" from marts.fct_ledger_entries where conversion_id = 'hubspot:{told.id}'"
        " order by entry_at, entry_type desc, amount"
    )
    assert found == entries
    statuses = company.query(
        f"select status from marts.fct_conversions where conversion_id = 'hubspot:{told.id}'"
    )
    assert statuses == ([] if status == "none" else [(status,)])


@pytest.mark.parametrize("case", CONTACTS)
def test_every_enquiry_is_a_lead_of_its_own_day_and_click(company: SmallCompany, case: str):
    told, leads = CONTACTS[case]
    found = company.query(
        "select strftime(conversion_date, '%m-%d'), click_id"
        " from intermediate.int_conversions__recorded where record_type = 'lead'"
        f" and split_part(record_id, ':', 2) = '{told.id}' order by conversion_at",
        company.build_file,
    )
    assert found == leads


@pytest.mark.parametrize("case", PEOPLE)
def test_a_deal_hangs_on_the_enquiry_it_came_of(company: SmallCompany, case: str):
    told, journey = PEOPLE[case]
    found = company.query(
        f"select journey_id from marts.fct_conversions where conversion_id = 'hubspot:{told.id}'"
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


def test_what_a_person_must_look_at_is_told(company: SmallCompany):
    told = {
        (name.partition("__")[0], segment): rows
        for name, segment, rows in company.query(
            "select check_name, segment, affected_rows from health.fct_gate_results"
            " where verdict = 'warn'"
        )
    }
    names = {name: segment for name, segment in told}
    assert names["assert_every_deal_stage_has_a_meaning"] == "hubspot: stage ghost"
    assert names["assert_every_stage_of_the_company_file_exists"] == "hubspot: stage misspelt"
    assert told["assert_no_won_deal_is_deleted", "hubspot"] == 1
    assert told["assert_no_deal_is_won_twice", "hubspot"] == 1
    assert told["assert_every_won_deal_has_an_amount", "hubspot"] == 2  # 25 and 30


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
