"""Cloudbeds: rows that move from page to page while they are read are all landed, or none is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contract.cloudbeds_property import WINDOW, access_to, book_in, extracted, land
from sandbox.desk import Asked
from trueup.errors import BrokenContract
from trueup.landing.store import Landing
from trueup.sources.bounds import LostPage
from trueup.sources.cloudbeds.walks import MOST_WALKS
from trueup.sources.contract import Access
from trueup.window import Window

VENDOR = "cloudbeds"
RESERVATIONS = "getReservationsWithRateDetails"
#: Its last day is no Monday: the reservations that changed are the only ones asked for.
QUIET = Window(WINDOW.since, WINDOW.last_day)
Book = list[dict[str, Any]]


@pytest.fixture
def access(sandbox: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Access:
    book_in(sandbox.desk, monkeypatch)
    return access_to(sandbox.url, tmp_path)


@pytest.fixture
def whole(sandbox: Any, access: Access) -> Book:
    """The reservations of the window as the vendor lists them."""
    listed: Book = []

    def collect(asked: Asked, answer: Any) -> None:
        if asked.path.endswith(RESERVATIONS):
            listed.extend(answer["data"])

    sandbox.desk.spoil(VENDOR, collect)
    extracted(access, "reservations", QUIET)
    sandbox.desk.clear_faults()
    assert len(listed) == 255
    return listed


def in_all(rows: Book, shown: Book) -> Any:
    return len(rows)


def serve(
    desk: Any,
    rows_at: Callable[[int, int], Book],
    total: Callable[[Book, Book], Any] = in_all,
) -> list[int]:
    """Let the listing be what `rows_at` says of a walk and a page, and the total what `total` says
    of the listing and the page; returns the numbers of the pages as they are asked for."""
    asked_pages: list[int] = []

    def page(asked: Asked, answer: Any) -> Any:
        if not asked.path.endswith(RESERVATIONS):
            return None
        number, size = int(asked.params["pageNumber"]), int(asked.params["pageSize"])
        asked_pages.append(number)
        rows = rows_at(asked_pages.count(1), number)
        shown = rows[(number - 1) * size : number * size]
        return {**answer, "data": shown, "count": len(shown), "total": total(rows, shown)}

    desk.spoil(VENDOR, page, times=99)
    return asked_pages


def ids(access: Access) -> list[str]:
    return sorted(row["reservation_id"] for row in extracted(access, "reservations", QUIET)[0])


def of(book: Book) -> list[str]:
    return sorted(one["reservationID"] for one in book)


def test_one_that_leaves_while_it_is_read_hides_no_other(
    sandbox: Any, access: Access, whole: Book
) -> None:
    """All after it move up, and the first of page 2 is on none of the pages that follow."""
    pages = serve(sandbox.desk, lambda walk, page: whole if (walk, page) == (1, 1) else whole[1:])
    assert ids(access) == of(whole[1:])
    assert pages == [1, 2, 3] * 2


def test_one_that_comes_while_they_are_read_is_seen(
    sandbox: Any, access: Access, whole: Book
) -> None:
    serve(sandbox.desk, lambda walk, page: whole[1:] if (walk, page) == (1, 1) else whole)
    assert ids(access) == of(whole)


def test_what_moves_at_each_walk_is_left_to_the_next_run(
    sandbox: Any, access: Access, whole: Book, landing: Landing
) -> None:
    pages = serve(sandbox.desk, lambda walk, page: whole[walk if page > 1 else walk - 1 :])
    with pytest.raises(LostPage) as raised:
        land(landing, access, "reservations", QUIET)
    assert pages == [1, 2, 3] * MOST_WALKS and not raised.value.permanent
    for part in ("moved from page to page while they were read", "stream: reservations", "next st"):
        assert part in str(raised.value)
    assert landing.loads(VENDOR, "reservations") == []


def swapped(book: Book, one: int) -> Book:
    """`book` with the last row of page 1 once more in the place of another."""
    return [*book[:one], book[99], *book[one + 1 :]]


def test_walks_that_each_miss_another_are_whole_together(
    sandbox: Any, access: Access, whole: Book
) -> None:
    """The total stays: an order that is not fixed shows one twice, and another not at all."""
    newest = [{**one, "total": 300 + walk} for walk, one in enumerate(whole[:1], 2)]
    serve(
        sandbox.desk,
        lambda walk, page: swapped(whole if walk == 1 else newest + whole[1:], 99 + walk),
    )
    found = {row["reservation_id"]: row for row in extracted(access, "reservations", QUIET)[0]}
    assert sorted(found) == of(whole)
    assert found[whole[0]["reservationID"]]["total_amount"] == 302


def test_one_that_is_never_listed_is_no_whole_listing(
    sandbox: Any, access: Access, whole: Book
) -> None:
    serve(sandbox.desk, lambda walk, page: swapped(whole, 100))
    with pytest.raises(LostPage, match="moved from page to page"):
        extracted(access, "reservations", QUIET)


@pytest.mark.parametrize("size", [2, 127, 100])
@pytest.mark.parametrize(
    "total",
    [in_all, lambda rows, shown: len(shown), lambda rows, shown: 1, lambda rows, shown: None],
    ids=["of all", "of the page", "too small", "none"],
)
def test_a_full_page_is_the_last_only_where_the_total_says_so(
    sandbox: Any, access: Access, whole: Book, size: int, total: Any
) -> None:
    """A total that counts its own page, or less than has come, ends no listing."""
    few = whole[: size * 2]
    serve(sandbox.desk, lambda walk, page: few, total)
    wide = replace(access, options={"requests_per_second": 1000, "page_size": size})
    assert ids(wide) == of(few)


def test_exactly_one_full_page_is_whole(sandbox: Any, access: Access, whole: Book) -> None:
    pages = serve(sandbox.desk, lambda walk, page: whole[:100])
    assert ids(access) == of(whole[:100])
    assert pages == [1, 2]


@pytest.mark.parametrize("total", ["", "250x", "-1", -1, True, [], 2.5])
def test_a_total_that_is_no_number_is_named(
    sandbox: Any, access: Access, whole: Book, total: Any
) -> None:
    serve(sandbox.desk, lambda walk, page: whole, lambda rows, shown: total)
    with pytest.raises(BrokenContract, match="a number of rows in `total`"):
        extracted(access, "reservations", QUIET)


@pytest.mark.parametrize("total", ["255", 255.0])
def test_a_total_in_another_form_is_read(
    sandbox: Any, access: Access, whole: Book, total: Any
) -> None:
    serve(sandbox.desk, lambda walk, page: whole, lambda rows, shown: total)
    assert ids(access) == of(whole)


@pytest.mark.parametrize("stated", [4, 1, None])
@pytest.mark.parametrize("of_each_type", [False, True])
def test_a_house_of_more_rooms_than_a_page_holds_is_read_whole(
    sandbox: Any, access: Access, stated: int | None, of_each_type: bool
) -> None:
    """Whether its total is of rooms or of properties, and its rooms are in one object or several:
    the vendor says neither, and has been seen to do both."""

    def page(asked: Asked, answer: Any) -> Any:
        if not asked.path.endswith("getRooms"):
            return None
        [one] = answer["data"]
        data = [{**one, "rooms": [room]} for room in one["rooms"]] if of_each_type else [one]
        return {**answer, "data": data, "total": stated}

    sandbox.desk.spoil(VENDOR, page, times=99)
    by_two = replace(access, options={**access.options, "page_size": 2})
    found, aside, _ = extracted(by_two, "rooms")
    assert [room["room_id"] for room in found] == ["r-1", "r-2", "r-3", "r-4"] and not aside
