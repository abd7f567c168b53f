"""Cloudbeds: what is landed is what the property's book holds, once and whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from contract.cloudbeds_property import (
    PLAIN,
    WINDOW,
    access_to,
    book_in,
    extracted,
    land,
    rows,
    set_clock,
)  # fmt: skip
from sandbox.desk import Desk
from sandbox.vendors import cloudbeds_book
from trueup.landing.personal_data import keyed_hash
from trueup.landing.store import Landing
from trueup.sources.contract import Access
from trueup.window import Window


@pytest.fixture
def access(sandbox: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Access:
    book_in(sandbox.desk, monkeypatch)
    return access_to(sandbox.url, tmp_path)


def day(text: str) -> Window:
    since = date.fromisoformat(text)
    return Window(since, date.fromordinal(since.toordinal() + 1))


def test_every_page_is_read_and_addresses_are_hashed(
    sandbox: Any, access: Access, landing: Landing
) -> None:
    before = sandbox.desk.calls["cloudbeds"]
    found = {
        row["reservation_id"]: row for row in rows(landing, land(landing, access, "reservations"))
    }
    assert len(found) == PLAIN + 5
    # settings, three pages, and the stays that are open on the window's Monday
    assert sandbox.desk.calls["cloudbeds"] - before == 1 + 3 + 1
    plain = found["p000007"]
    assert plain["email_hmac"] == keyed_hash("email", "guest7@example.com", "k")
    assert not {"email", "guestName", "guestList"} & set(plain)
    assert (plain["room_count"], plain["night_count"], plain["total_amount"]) == (1, 2, 200)
    assert (plain["source_name"], plain["source_category"]) == ("Website/Booking Engine", "Direct")


def test_a_page_size_past_the_vendors_cap_loses_nothing(access: Access) -> None:
    wide = replace(access, options={"requests_per_second": 1000, "page_size": 500})
    assert extracted(wide, "reservations")[0] == extracted(access, "reservations")[0]
    narrow = replace(access, options={"requests_per_second": 1000, "page_size": 7})
    assert extracted(narrow, "reservations")[0] == extracted(access, "reservations")[0]


def test_lives_of_reservations(access: Access) -> None:
    found = {row["reservation_id"]: row for row in extracted(access, "reservations")[0]}
    late = found["late"]
    assert (late["status"], late["paid_amount"], late["source_reservation_id"]) == (
        "canceled", 60.0, "BDC-77",
    )  # fmt: skip
    assert late["cancelled_at"].isoformat() == "2026-09-09T20:00:00+00:00"
    assert found["gone"]["is_deleted"] and not late["is_deleted"]
    assert (found["dayroom"]["night_count"], found["dayroom"]["email"]) == (0, None)


def test_a_day_is_the_reporting_zones_and_asked_for_by_the_propertys_clock(access: Access) -> None:
    """23:30 in UTC is half past midnight of the next day in Lisbon."""
    names = [
        {row["reservation_id"] for row in extracted(access, "reservations", day(text))[0]}
        for text in ("2026-08-31", "2026-09-01")
    ]
    assert "midnight" not in names[0] and "midnight" in names[1]


def test_a_change_that_moves_no_timestamp_is_seen_on_monday(access: Access) -> None:
    sunday, monday = day("2026-09-13"), day("2026-09-14")
    assert extracted(access, "reservations", sunday)[0] == []
    found = {row["reservation_id"]: row for row in extracted(access, "reservations", monday)[0]}
    silent = found["silent"]
    assert (silent["status"], silent["total_amount"]) == ("checked_in", 260.0)
    # newer than what was landed of it before
    assert silent["changed_at"].isoformat() == "2026-09-14T22:59:59+00:00"
    # open stays alone: those whose guests left more than a week ago are not asked for again
    assert {"late", "midnight"} <= found.keys() and "p000001" not in found


def test_of_years_that_are_read_at_once_each_monday_asks_for_what_was_made_by_then(
    sandbox: Any, access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else every such window of a long history would list all of the book after it."""
    listing, listed = cloudbeds_book.reservations, []

    def watched(desk: Desk, **asked: Any) -> cloudbeds_book.Rows:
        found = listing(desk, **asked)
        listed.extend(row["reservation_id"] for row in found if asked["leaving_from"])
        return found

    monkeypatch.setattr(cloudbeds_book, "reservations", watched)
    extracted(access, "reservations", Window(WINDOW.since, date(2026, 8, 25)))
    assert {"late", "silent"} <= set(listed) and "midnight" not in listed


def test_what_is_restated_arrives_with_a_newer_version(
    sandbox: Any, access: Access, landing: Landing
) -> None:
    set_clock(sandbox.desk, "2026-09-09T12:00")
    early = Window(WINDOW.since, date(2026, 9, 9))
    before = {
        r["reservation_id"]: r for r in rows(landing, land(landing, access, "reservations", early))
    }
    set_clock(sandbox.desk, "2026-09-15T06:00")
    later = Window(date(2026, 9, 7), WINDOW.until)
    after = {
        r["reservation_id"]: r for r in rows(landing, land(landing, access, "reservations", later))
    }
    assert (before["late"]["status"], after["late"]["status"]) == ("confirmed", "canceled")
    assert before["late"]["changed_at"] < after["late"]["changed_at"]


def test_a_window_landed_again_is_the_same(access: Access, landing: Landing) -> None:
    first = rows(landing, land(landing, access, "reservations"))
    assert rows(landing, land(landing, access, "reservations")) == first


def test_nights_have_their_rate_and_add_up_to_the_stay(access: Access, landing: Landing) -> None:
    nights = rows(landing, land(landing, access, "nights"))
    silent = [n for n in nights if n["reservation_id"] == "silent"]
    assert [str(n["night_date"]) for n in silent] == [f"2026-09-{d}" for d in range(12, 16)]
    assert sum(n["rate_amount"] for n in silent) == Decimal(260)
    assert {n["room_type_id"] for n in silent} == {"t-1"}
    assert [n["room_status"] for n in nights if n["reservation_id"] == "late"] == ["cancelled"] * 2
    assert not [n for n in nights if n["reservation_id"] == "dayroom"]


def test_blocks_are_days_of_rooms(access: Access, landing: Landing) -> None:
    window = Window(date(2026, 9, 1), date(2026, 9, 15))
    blocks = rows(landing, land(landing, access, "room_blocks", window))
    assert [(str(b["block_date"]), b["room_id"]) for b in blocks] == [
        ("2026-09-01", "r-2"), ("2026-09-02", "r-2"), ("2026-09-14", "r-3"),
    ]  # fmt: skip


def test_channels_of_distribution_rooms_and_settings(access: Access, landing: Landing) -> None:
    channels = rows(landing, land(landing, access, "sources"))
    assert [(c["source_name"], c["is_third_party"], c["commission_percent"]) for c in channels] == [
        ("Website/Booking Engine", False, 0), ("Booking.com", True, 15), ("Walk-In", False, 0),
    ]  # fmt: skip
    rooms = rows(landing, land(landing, access, "rooms"))
    assert [(r["room_id"], r["is_virtual"], r["linked_room_ids"]) for r in rooms] == [
        ("r-1", False, "r-4"), ("r-2", False, "r-4"), ("r-3", False, "r-4"),
        ("r-4", True, "r-1;r-2;r-3"),
    ]  # fmt: skip
    [settings] = rows(landing, land(landing, access, "property"))
    assert (settings["time_zone"], settings["currency_code"]) == ("Europe/Lisbon", "EUR")


def test_a_day_without_a_change_lands_empty(access: Access, landing: Landing) -> None:
    assert land(landing, access, "reservations", day("2026-08-16")).row_count == 0
    assert land(landing, access, "nights", day("2026-08-16")).row_count == 0


def test_the_pace_of_a_key_is_kept(access: Access, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five requests a second: none begins sooner than a fifth of one after the last."""
    waits: list[float] = []
    monkeypatch.setattr("trueup.sources.cloudbeds.client.time.sleep", waits.append)
    extracted(replace(access, options={}), "sources")
    assert len(waits) == 2 and waits[0] == 0 and 0.1 < waits[1] <= 0.2
