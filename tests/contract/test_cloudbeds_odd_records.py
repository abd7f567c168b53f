"""Cloudbeds: what is no record, or says what no reader knows, costs itself and nothing more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from contract.cloudbeds_property import access_to, book_in, extracted, land, rows
from sandbox.desk import Asked
from trueup.errors import BrokenContract
from trueup.landing.store import Landing
from trueup.sources.contract import Access
from trueup.window import Window

VENDOR = "cloudbeds"
RESERVATIONS = "getReservationsWithRateDetails"
BLOCKED = Window(date(2026, 8, 20), date(2026, 9, 15))


@pytest.fixture
def access(sandbox: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Access:
    book_in(sandbox.desk, monkeypatch)
    return access_to(sandbox.url, tmp_path)


def put(desk: Any, method: str, *place: str | int, value: Any, times: int = 1) -> None:
    """Let `value` stand at a place of the method's next answer."""

    def change(asked: Asked, answer: Any) -> Any:
        if not asked.path.endswith(method):
            return None
        inner = answer
        for step in place[:-1]:
            inner = inner[step]
        inner[place[-1]] = value
        return answer

    desk.spoil(VENDOR, change, times)


@pytest.mark.parametrize(
    ("value", "is_deleted"),
    [
        (True, True), ("true", True), ("True", True), ("1", True), (1, True),
        (False, False), ("false", False), ("FALSE", False), ("0", False), (0, False),
        (None, False),
    ],
)  # fmt: skip
def test_a_text_that_says_no_is_no_yes(
    sandbox: Any, access: Access, value: Any, is_deleted: bool
) -> None:
    put(sandbox.desk, RESERVATIONS, "data", 2, "isDeleted", value=value)
    found, odd, _ = extracted(access, "reservations")
    row = next(one for one in found if one["reservation_id"] == "p000002")
    assert row["is_deleted"] is is_deleted and not odd


@pytest.mark.parametrize("value", ["", "no", "2", 2, 1.5, [], {"is": True}])
def test_what_is_neither_true_nor_false_is_set_aside(
    sandbox: Any, access: Access, value: Any
) -> None:
    put(sandbox.desk, RESERVATIONS, "data", 2, "isDeleted", value=value)
    found, [aside], stated = extracted(access, "reservations")
    assert "isDeleted is neither true nor false" in aside.reason and aside.amount == 200
    assert len(found) == stated["rows"] - 1


@pytest.mark.parametrize(
    ("stream", "method", "place", "column"),
    [
        ("sources", "getSources", ("data", 1, "isThirdParty"), "is_third_party"),
        ("sources", "getSources", ("data", 1, "status"), "is_active"),
        ("rooms", "getRooms", ("data", 0, "rooms", 1, "isVirtual"), "is_virtual"),
        ("rooms", "getRooms", ("data", 0, "rooms", 1, "isPrivate"), "is_private"),
    ],
)
def test_truths_as_text_land_as_what_they_say(
    sandbox: Any, access: Access, landing: Landing,
    stream: str, method: str, place: tuple[str | int, ...], column: str,
) -> None:  # fmt: skip
    put(sandbox.desk, method, *place, value="0")
    landed = land(landing, access, stream)
    assert [row[column] for row in rows(landing, landed)][1] is False
    put(sandbox.desk, method, *place, value="perhaps")
    found, [aside], stated = extracted(access, stream)
    assert aside.reason.endswith("is neither true nor false") and len(found) == stated["rows"] - 1


@pytest.mark.parametrize("value", [None, "x", 7, ["p000002"]])
@pytest.mark.parametrize(
    ("stream", "method", "place"),
    [
        ("reservations", RESERVATIONS, ("data", 2)),
        ("nights", RESERVATIONS, ("data", 2)),
        ("sources", "getSources", ("data", 1)),
        ("rooms", "getRooms", ("data", 0, "rooms", 1)),
        ("room_blocks", "getRoomBlocks", ("data", "roomBlocks", 0)),
        ("transactions", "/transactions", ("transactions", 0)),
    ],
)
def test_a_record_that_is_no_object_costs_that_record(
    sandbox: Any, access: Access, stream: str, method: str, place: tuple[str | int, ...], value: Any
) -> None:
    calm = extracted(access, stream, BLOCKED)[0]
    put(sandbox.desk, method, *place, value=value)
    found, [aside], stated = extracted(access, stream, BLOCKED)
    assert aside.reason == "it is no object" and aside.position and "None" not in aside.position
    # the record's own rows are missing, and counted
    assert 0 < len(found) < len(calm) and stated["rows"] == len(found) + 1


@pytest.mark.parametrize("value", [[None], ["x"], [{"roomID": "r-1"}, None], None, "r-1"])
def test_a_block_of_rooms_that_are_none_is_set_aside(
    sandbox: Any, access: Access, value: Any
) -> None:
    calm = extracted(access, "room_blocks", BLOCKED)[0]
    put(sandbox.desk, "getRoomBlocks", "data", "roomBlocks", 0, "rooms", value=value)
    found, [aside], _ = extracted(access, "room_blocks", BLOCKED)
    assert found == [row for row in calm if row["room_block_id"] != "b-1"]
    assert (aside.position, aside.reason) == (
        "roomBlockID b-1", "its rooms are no list of objects",
    )  # fmt: skip


@pytest.mark.parametrize("value", [[None], ["r-1"], "r-1", {"r-1": {}}, None])
def test_a_property_without_a_room_that_is_one_is_named(
    sandbox: Any, access: Access, value: Any
) -> None:
    put(sandbox.desk, "getRooms", "data", 0, "rooms", value=value, times=99)
    with pytest.raises(BrokenContract, match="getRooms"):
        extracted(access, "rooms")


@pytest.mark.parametrize(
    ("ours", "theirs"), [("Europe/Lisbon", "Portugal"), ("Asia/Kolkata", "Asia/Calcutta")]
)
def test_a_zone_by_its_other_name_is_the_same(
    sandbox: Any, access: Access, ours: str, theirs: str
) -> None:
    put(sandbox.desk, "getHotels", "data", 0, "propertyTimezone", value=theirs)
    here = replace(access, accounts=(replace(access.accounts[0], time_zone=ours),))
    [settings] = extracted(here, "property")[0]
    assert settings["time_zone"] == ours


@pytest.mark.parametrize("theirs", ["Europe/Madrid", "Nowhere/Land", "", None, 1])
def test_a_zone_of_other_days_is_an_error(sandbox: Any, access: Access, theirs: Any) -> None:
    put(sandbox.desk, "getHotels", "data", 0, "propertyTimezone", value=theirs)
    with pytest.raises(BrokenContract, match="time zone"):
        extracted(access, "property")


def test_a_property_that_is_no_object_hides_no_other(sandbox: Any, access: Access) -> None:
    def change(asked: Asked, answer: Any) -> Any:
        if not asked.path.endswith("getHotels"):
            return None
        return {**answer, "data": [None, *answer["data"]], "count": 2, "total": 2}

    sandbox.desk.spoil(VENDOR, change)
    assert len(extracted(access, "property")[0]) == 1


@pytest.mark.parametrize(
    ("states", "rooms", "nights"),
    [(("not_checked_in", "cancelled"), 1, 2), (("cancelled", "cancelled"), 2, 5),
     (("in_house", "checked_out"), 2, 5), ((None, "cancelled"), 1, 2)],
)  # fmt: skip
def test_a_room_that_was_cancelled_by_itself_has_no_nights(
    sandbox: Any, access: Access, states: tuple[str, str], rooms: int, nights: int
) -> None:
    booked = [
        {"roomTypeID": "t-1", "roomStatus": state, "roomCheckIn": "2026-09-01", "roomCheckOut": out}
        for state, out in zip(states, ("2026-09-03", "2026-09-04"), strict=True)
    ]
    put(sandbox.desk, RESERVATIONS, "data", 2, "rooms", value=booked)
    found, odd, _ = extracted(access, "reservations")
    row = next(one for one in found if one["reservation_id"] == "p000002")
    assert (row["room_count"], row["night_count"]) == (rooms, nights) and not odd
