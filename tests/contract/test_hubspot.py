"""HubSpot: what is landed is what the portal holds, once, whole, and as it stood."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests

from contract.hubspot_portal import CROWD, TOKEN, WINDOW, access_to, crowd_in, land, rows, set_clock
from sandbox.vendors import hubspot_records as crm
from trueup.landing.personal_data import keyed_hash
from trueup.landing.store import Landing
from trueup.sources.contract import Access
from trueup.window import Window


@pytest.fixture
def access(sandbox: Any, tmp_path: Path) -> Access:
    return access_to(sandbox.url, tmp_path)


@pytest.fixture
def crowd(sandbox: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd_in(sandbox.desk, monkeypatch)


def newest(*loads: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The current contacts or deals: the newest version of each."""
    ordered = sorted((row for load in loads for row in load), key=lambda row: row["modified_at"])
    return {row.get("contact_id") if "form" in row else row["deal_id"]: row for row in ordered}


def test_ten_thousand_contacts_of_one_millisecond_are_all_read(
    sandbox: Any, crowd: None, access: Access, landing: Landing
) -> None:
    refused = requests.post(
        f"{access.base_url}/crm/v3/objects/contacts/search",
        headers={"Authorization": f"Bearer {TOKEN}"},
        json={"limit": 200, "after": "10000"},
        timeout=10,
    )
    assert (refused.status_code, refused.json()["category"]) == (400, "VALIDATION_ERROR")
    before = sandbox.desk.calls["hubspot"]
    load = land(landing, replace(access, options={}), "contacts")
    assert len({row["contact_id"] for row in rows(landing, load)}) == load.row_count == CROWD + 1
    assert load.day_counts == {"2026-08-31": CROWD, "2026-09-03": 1}
    # account, pages, archived list, and the past of fifty contacts at a time
    assert sandbox.desk.calls["hubspot"] - before == 1 + 53 + 1 + 211


def test_every_page_is_read_and_hashes_replace_addresses(
    sandbox: Any, access: Access, landing: Landing
) -> None:
    load = land(landing, access, "contacts")
    truth = {
        str(row["contact_id"]): row
        for row in sandbox.desk.rows(
            "select * from contacts where form is not null and exists (select * from enquiries"
            " where enquiries.contact_id = contacts.contact_id and asked_at < '2026-09-14 23:00'"
            " and asked_at > '2026-08-01')"
        )
    }
    found = {row["contact_id"]: row for row in rows(landing, load)}
    assert len(truth) > 3 * access.options["page_size"]
    assert truth.keys() <= found.keys()
    for contact_id, known in truth.items():
        landed = found[contact_id]
        assert landed["email_hmac"] == keyed_hash("email", known["email"], "k")
        assert landed["google_click_id"] == known["gclid"]
        assert landed["form"] == known["form"]
    assert not {"email", "first_name", "phone", "firstname"} & set(found[contact_id])


def test_deals_carry_their_contact_and_every_stage_with_its_amount(
    sandbox: Any, access: Access, landing: Landing
) -> None:
    deals = rows(landing, land(landing, access, "deals"))
    contacts = {str(r["deal_id"]): str(r["contact_id"]) for r in sandbox.desk.rows("from deals")}
    whole = [row for row in deals if row["merged_ids"] is None]
    assert whole and all(contacts[row["deal_id"]] in row["contact_ids"] for row in whole)
    assert {row["currency_code"] for row in deals} <= {"EUR", "GBP"}
    landed = {
        (row["deal_id"], row["stage"], row["amount"])
        for row in rows(landing, land(landing, access, "deal_stages"))
    }
    kept = {row["deal_id"] for row in whole}
    truth = {
        (str(row["deal_id"]), row["stage"], row["amount"])
        for row in sandbox.desk.rows("from deal_stages where entered_at < '2026-09-15'")
    }
    assert {entry for entry in landed if entry[0] in kept} == {
        entry for entry in truth if entry[0] in kept
    }


def test_a_won_deal_that_is_lost_later_shows_both_stages(
    crowd: None, access: Access, landing: Landing
) -> None:
    won = Window(date(2026, 8, 21), date(2026, 8, 22))  # 00:59 of the 21st in Lisbon
    deal = rows(landing, land(landing, access, "deals", won))[0]
    assert (deal["stage"], deal["amount"], deal["is_closed"]) == (
        "closedwon",
        Decimal("4200.5"),
        True,
    )
    assert deal["closed_at"].isoformat() == "2026-08-20T23:59:59.999000+00:00"
    assert (deal["currency_code"], deal["contact_id"]) == ("GBP", "70000000001")
    stages = rows(landing, land(landing, access, "deal_stages"))
    assert [
        (row["stage"], row["amount"]) for row in sorted(stages, key=lambda r: r["entered_at"])
    ] == [
        ("enquiry", Decimal(4000)),
        ("closedwon", Decimal("4200.5")),
        ("closedlost", Decimal("4200.5")),
    ]


@pytest.mark.parametrize("stream", ["contacts", "deals", "deal_stages"])
def test_a_window_landed_again_weeks_later_is_the_same(
    sandbox: Any, access: Access, landing: Landing, stream: str
) -> None:
    first = rows(landing, land(landing, access, stream))
    assert rows(landing, land(landing, access, stream)) == first
    set_clock(sandbox.desk, "2026-09-29T06:00")
    assert rows(landing, land(landing, access, stream)) == first


@pytest.mark.parametrize("stream", ["contacts", "deals"])
def test_a_window_in_two_gives_what_the_whole_gives(
    access: Access, landing: Landing, stream: str
) -> None:
    whole = rows(landing, land(landing, access, stream))
    cut = date(2026, 8, 27)
    earlier = rows(landing, land(landing, access, stream, Window(WINDOW.since, cut)))
    later = rows(landing, land(landing, access, stream, Window(cut, WINDOW.until)))
    assert newest(later, earlier) == newest(whole)


def test_a_deal_that_moves_on_is_restated(sandbox: Any, access: Access, landing: Landing) -> None:
    before = newest(rows(landing, land(landing, access, "deals")))
    set_clock(sandbox.desk, "2026-09-29T06:00")
    later = rows(landing, land(landing, access, "deals", Window(WINDOW.until, date(2026, 9, 29))))
    moved = [row for row in later if row["deal_id"] in before]
    assert any(row["stage"] != before[row["deal_id"]]["stage"] for row in moved)


def test_what_the_index_was_late_with_comes_with_the_next_run(
    sandbox: Any, access: Access, landing: Landing
) -> None:
    last = sandbox.desk.rows(
        "select contact_id::varchar as id, created_at from contacts"
        " where created_at < '2026-09-12' order by created_at desc limit 1"
    )[0]
    day = last["created_at"].date()
    window = Window(day, date.fromordinal(day.toordinal() + 1))
    sandbox.desk.set_clock(last["created_at"].replace(microsecond=999999))
    sandbox.desk.order_fault("hubspot", "index_lag", 1)
    missed = rows(landing, land(landing, replace(access, options={}), "contacts", window))
    set_clock(sandbox.desk, "2026-09-15T06:00")
    again = rows(landing, land(landing, access, "contacts", window))
    assert last["id"] not in {row["contact_id"] for row in missed}
    assert last["id"] in {row["contact_id"] for row in again}


def test_an_archived_contact_says_so_from_that_day(
    crowd: None, access: Access, landing: Landing
) -> None:
    gone = str(70000000000 + CROWD)
    last = Window(date(2026, 9, 3), date(2026, 9, 4))
    after = rows(landing, land(landing, access, "contacts", last))
    assert [(row["contact_id"], row["is_archived"]) for row in after] == [(gone, True)]
    born = Window(date(2026, 9, 1), date(2026, 9, 3))
    before = rows(landing, land(landing, access, "contacts", born))
    assert before == []


def test_a_contact_archived_while_the_index_lags_comes_once(
    sandbox: Any, access: Access, landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd_in(sandbox.desk, monkeypatch, crowd=3)
    set_clock(sandbox.desk, "2026-09-03T09:30")
    sandbox.desk.order_fault("hubspot", "index_lag", 9)
    window = Window(date(2026, 8, 1), date(2026, 9, 4))
    found = rows(landing, land(landing, access, "contacts", window))
    assert [row["is_archived"] for row in found] == [False, False, False, True]


def test_a_merged_record_lists_all_it_was_made_of(
    sandbox: Any, access: Access, landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd_in(sandbox.desk, monkeypatch, crowd=3)
    first = crm.Merge("contacts", 70000000000, 70000000001, 70000000011, datetime(2026, 9, 4, 10))
    second = crm.Merge("contacts", 70000000002, first.merged, 70000000021, datetime(2026, 9, 5, 10))
    monkeypatch.setattr(crm, "MERGES", (first, second))
    window = Window(date(2026, 9, 4), date(2026, 9, 6))
    (made,) = rows(landing, land(landing, access, "contacts", window))
    assert made["contact_id"] == str(second.merged)
    assert sorted(made["merged_ids"].split(";")) == [
        "70000000000", "70000000001", "70000000002", str(first.merged)
    ]  # fmt: skip
    (deal,) = rows(landing, land(landing, access, "deals"))
    assert (deal["contact_id"], deal["merged_ids"]) == (made["contact_id"], None)


def test_pipelines_name_their_stages(access: Access, landing: Landing) -> None:
    found = rows(
        landing, land(landing, access, "pipelines", Window(date(2026, 9, 14), WINDOW.until))
    )
    assert {row["pipeline"] for row in found} == {"weddings", "events"}
    won = [row for row in found if row["win_probability"] == 1]
    assert {row["stage"] for row in won} == {"closedwon", "1049659"}
    assert all(row["is_closed"] for row in won)
