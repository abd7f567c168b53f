"""Reading one Cloudbeds property, page by page and no faster than its key may be used.

A key that asks more than five times a second is suspended until its owner writes to the vendor,
so the pace is kept here and not left to HTTP 429.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from trueup.errors import AccessDenied, BrokenContract
from trueup.sources import http, zones
from trueup.sources.bounds import LostPage
from trueup.sources.cloudbeds import walks
from trueup.sources.cloudbeds.refusals import judge
from trueup.sources.cloudbeds.streams import ACCOUNTING_VERSION, API_VERSION
from trueup.sources.contract import Access, Stream
from trueup.window import Window

CLOUDBEDS_URL = "https://api.cloudbeds.com"
#: What a page of any listing holds at most.
PAGE_SIZE = 100
REQUESTS_PER_SECOND = 5
#: What the Accounting API's amounts are counted in.
UNITS, SMALLEST_UNITS = "units", "smallest_units"

Record = dict[str, Any]


class Property:
    """The property behind `access`, read on behalf of one stream and window."""

    def __init__(self, access: Access, stream: Stream, window: Window) -> None:
        self.account = access.account
        self._page_size = min(int(access.options.get("page_size", PAGE_SIZE)), PAGE_SIZE)
        self._pause = 1 / float(access.options.get("requests_per_second", REQUESTS_PER_SECOND))
        self.pays_in_smallest_units = access.options.get("payments_in") == SMALLEST_UNITS
        self._asked_at = float("-inf")
        self._api = http.Api(
            access,
            stream,
            window,
            judge=judge,
            headers={
                "x-api-key": access.secrets["api_key"],
                # the Accounting API's contract names a bearer, and keys open both
                "Authorization": f"Bearer {access.secrets['api_key']}",
                "X-PROPERTY-ID": self.account.id,
            },
            base_url=access.base_url or CLOUDBEDS_URL,
        )

    @property
    def zone(self) -> str:
        return self.account.time_zone

    def settings(self) -> Record:
        """The property as the key sees it; an error unless it is the company file's account."""
        listed = self._list("getHotels", "propertyID", propertyIDs=self.account.id)
        hotels = [hotel for hotel in listed if isinstance(hotel, dict)]
        found = next((h for h in hotels if str(h.get("propertyID")) == self.account.id), None)
        if found is None:
            raise AccessDenied(
                "the key does not open the property",
                **self._api.place,
                expected=f"property {self.account.id}",
                got=f"{len(hotels)} other properties",
                next_step="correct sources.cloudbeds.accounts, or make a key in that property",
            )
        currency = _currency(found.get("propertyCurrency"))
        self._check("currency", self.account.currency_code, currency)
        zone = found.get("propertyTimezone")
        if not zones.have_same_days(zone, self.zone):
            self._check("time zone", self.zone, zone)
        return {"property_id": self.account.id, "time_zone": self.zone, "currency_code": currency}

    def reservations(self, since: datetime, until: datetime) -> list[Any]:
        """Those changed at `since` or later and before `until`, deleted ones too."""
        return self._list(
            "getReservationsWithRateDetails",
            "reservationID",
            **self._of_reservations(),
            modifiedFrom=self._local(since),
            # the upper bound counts, and the vendor's clock has no parts of a second
            modifiedTo=self._local(until, -1),
        )

    def open_stays(self, day: date, until: datetime) -> list[Any]:
        """Those made before `until` whose guests leave on `day` or later."""
        return self._list(
            "getReservationsWithRateDetails",
            "reservationID",
            **self._of_reservations(),
            reservationCheckOutFrom=str(day),
            resultsTo=self._local(until, -1),
        )

    def sources(self) -> list[Any]:
        return self._list("getSources", "sourceID", is_paged=False, propertyIDs=self.account.id)

    def rooms(self) -> list[Any]:
        """The property's rooms: pages hold so many rooms, in one object or one for each type."""
        asked: Record = {"propertyIDs": self.account.id, "includeRoomRelations": 1}
        return self._list("getRooms", "roomID", inside="rooms", **asked)

    def room_blocks(self, first: date, last: date) -> list[Any]:
        """Blocks that touch a day from `first` to `last`."""
        return self._list(
            "getRoomBlocks",
            "roomBlockID",
            inside="roomBlocks",
            propertyID=self.account.id,
            startDate=str(first),
            endDate=str(last),
        )

    def accounting(self, path: str, body: Record | None = None) -> Record:
        """What the Accounting API answers; a question with a body is sent as one."""
        self._keep_pace()
        method = "GET" if body is None else "POST"
        return self._api.object(f"accounting/{ACCOUNTING_VERSION}/{path}", method=method, body=body)

    def held(self, pages: Iterator[list[Any]]) -> list[Any]:
        """The rows of a walk that is held in memory until it is whole, within bounds."""
        return [row for page in self._api.held(pages, lambda page: not page) for row in page]

    def objects(self, method: str, name: str, listed: list[Any]) -> list[Any]:
        """What was listed, unless none of it is an object: a single one that is none is odd, and
        set aside."""
        if listed and not any(isinstance(one, dict) for one in listed):
            raise self.unlike(method, f"a list of objects in `{name}`")
        return listed

    def _of_reservations(self) -> Record:
        return {
            "propertyID": self.account.id,
            "includeDeleted": "true",
            "includeGuestsDetails": "true",
        }

    def _list(
        self, method: str, key: str, *, is_paged: bool = True, inside: str = "", **params: Any
    ) -> list[Any]:
        """All records of a listing, each with its id under `key`; one may be no object, not all."""

        def page(number: int) -> walks.Numbered:
            asked = {**params, "pageSize": self._page_size, "pageNumber": number}
            answer = self._ask(method, asked)
            return walks.Numbered(self._rows(method, answer, inside), self._total(method, answer))

        if is_paged:
            found = walks.whole(self._walks(page, key), lambda walk: self._torn(method, walk))
        else:
            found = self._rows(method, self._ask(method, params), inside)
        return self.objects(method, "data", found)

    def _walks(self, page: Callable[[int], walks.Numbered], key: str) -> Iterator[walks.Walk]:
        for _ in range(walks.MOST_WALKS):
            walk = walks.Walk(key, self._page_size)
            for _ in self._api.held(walk.read(page), lambda one: not one.rows):
                pass
            yield walk

    def _rows(self, method: str, answer: Record, inside: str) -> list[Any]:
        """The rows of a page; with `inside` those that its object, or each of several, holds."""
        rows = answer.get("data")
        if inside:
            objects = rows if isinstance(rows, list) else [rows]
            held = [one.get(inside) if isinstance(one, dict) else None for one in objects]
            is_held = all(isinstance(one, list) for one in held)
            rows = [row for one in held for row in one or ()] if is_held else None
        if not isinstance(rows, list):
            raise self.unlike(method, f"a list of objects in `{inside or 'data'}`")
        return rows

    def _total(self, method: str, answer: Record) -> int | None:
        try:
            return walks.total_of(answer.get("total"))
        except ValueError:
            raise self.unlike(method, "a number of rows in `total`") from None

    def _torn(self, method: str, walk: walks.Walk) -> LostPage:
        expected = f"{max(walk.totals)} rows" if walk.totals else "each row on one page"
        if not walk.has_moved:
            return self.lost(method, expected, f"{len(walk.found)} rows")
        totals = " and then ".join(map(str, sorted(walk.totals, reverse=True)))
        return LostPage(
            f"rows of {method} moved from page to page while they were read, {walks.MOST_WALKS}"
            " times",
            **self._api.place,
            expected="one total on all pages, and each row on one of them",
            got=f"{len(walk.found)} rows of {totals or 'no total'}",
            next_step="run the task again when fewer people change bookings; if it repeats, ask"
            " Cloudbeds with the window above",
        )

    def _ask(self, method: str, params: Record) -> Record:
        self._keep_pace()
        return self._api.object(f"api/{API_VERSION}/{method}", params=params)

    def _keep_pace(self) -> None:
        time.sleep(max(self._asked_at + self._pause - time.monotonic(), 0))
        self._asked_at = time.monotonic()

    def _local(self, moment: datetime, seconds: int = 0) -> str:
        """The moment as the property's clock shows it: the vendor knows no offsets."""
        shown = datetime.fromtimestamp(moment.timestamp() + seconds, ZoneInfo(self.zone))
        return f"{shown:%Y-%m-%d %H:%M:%S}"

    def _check(self, what: str, expected: str, got: object) -> None:
        if got != expected:
            raise BrokenContract(
                f"the property's {what} is not what the company file says",
                **self._api.place,
                expected=expected,
                got=got,
                next_step="correct the account of cloudbeds in the company file",
            )

    def lost(self, method: str, expected: str, got: object) -> LostPage:
        return LostPage(
            f"{method} lost a page, or sent one twice",
            **self._api.place,
            expected=expected,
            got=got,
            next_step="run the task again; if it repeats, ask Cloudbeds with the window above",
        )

    def unlike(self, method: str, expected: str) -> BrokenContract:
        return BrokenContract(
            f"the answer of {method} is not as its version declares it",
            **self._api.place,
            expected=expected,
            got="another form",
            next_step="compare with Cloudbeds' changelog, then change the source",
        )


def _currency(value: Any) -> Any:
    """The specification shows a list; an object is sent by other methods of the same API."""
    one = value[0] if isinstance(value, list) and value else value
    return one.get("currencyCode") if isinstance(one, dict) else one
