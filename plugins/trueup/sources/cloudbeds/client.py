"""Reading one Cloudbeds property, page by page and no faster than its key may be used.

A key that asks more than five times a second is suspended until its owner writes to the vendor,
so the pace is kept here and not left to HTTP 429.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from trueup.errors import AccessDenied, BrokenContract
from trueup.sources import http, pieces
from trueup.sources.bounds import LostPage
from trueup.sources.cloudbeds.refusals import judge
from trueup.sources.cloudbeds.streams import ACCOUNTING_VERSION, API_VERSION
from trueup.sources.contract import Access, Stream
from trueup.window import Window

CLOUDBEDS_URL = "https://api.cloudbeds.com"
#: What a page of any listing holds at most.
PAGE_SIZE = 100
REQUESTS_PER_SECOND = 5

Record = dict[str, Any]


class Property:
    """The property behind `access`, read on behalf of one stream and window."""

    def __init__(self, access: Access, stream: Stream, window: Window) -> None:
        self.account = access.account
        self._page_size = min(int(access.options.get("page_size", PAGE_SIZE)), PAGE_SIZE)
        self._pause = 1 / float(access.options.get("requests_per_second", REQUESTS_PER_SECOND))
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
        hotels = self._list("getHotels", propertyIDs=self.account.id)
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
        self._check("time zone", self.zone, found.get("propertyTimezone"))
        return {"property_id": self.account.id, "time_zone": self.zone, "currency_code": currency}

    def reservations(self, since: datetime, until: datetime) -> list[Record]:
        """Those changed at `since` or later and before `until`, deleted ones too."""
        return self._list(
            "getReservationsWithRateDetails",
            **self._of_reservations(),
            modifiedFrom=self._local(since),
            # the upper bound counts, and the vendor's clock has no parts of a second
            modifiedTo=self._local(until, -1),
        )

    def open_stays(self, day: date) -> list[Record]:
        """Those whose guests leave on `day` or later."""
        return self._list(
            "getReservationsWithRateDetails",
            **self._of_reservations(),
            reservationCheckOutFrom=str(day),
        )

    def sources(self) -> list[Record]:
        return self._list("getSources", is_paged=False, propertyIDs=self.account.id)

    def rooms(self) -> list[Record]:
        """The property's rooms; the pages are of properties, of which there is one."""
        listed = self._list("getRooms", propertyIDs=self.account.id, includeRoomRelations=1)
        try:
            return [room for one in listed for room in one["rooms"]]
        except (KeyError, TypeError):
            raise self.unlike("getRooms", "a list of `rooms` of each property") from None

    def room_blocks(self, first: date, last: date) -> list[Record]:
        """Blocks that touch a day from `first` to `last`."""
        return self._list(
            "getRoomBlocks",
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

    def held(self, pages: Iterator[list[Record]]) -> list[Record]:
        """The rows of a walk that is held in memory until it is whole, within bounds."""
        return [row for page in self._api.held(pages, lambda page: not page) for row in page]

    def _of_reservations(self) -> Record:
        return {
            "propertyID": self.account.id,
            "includeDeleted": "true",
            "includeGuestsDetails": "true",
        }

    def _list(
        self, method: str, *, is_paged: bool = True, inside: str = "", **params: Any
    ) -> list[Record]:
        """All rows of a listing, at the second try where a page was lost or came twice."""
        paged = {"pageSize": self._page_size} if is_paged else {}

        def walk(asked: Record) -> list[Record]:
            return self.held(self._pages(method, inside, asked, is_paged))

        return pieces.once_more(walk, {**params, **paged})

    def _pages(
        self, method: str, inside: str, params: Record, is_paged: bool
    ) -> Iterator[list[Record]]:
        seen, number = 0, 1
        previous: list[Record] | None = None
        while True:
            asked = {**params, "pageNumber": number} if is_paged else params
            answer = self._ask(method, asked)
            rows = answer.get("data")
            rows = rows.get(inside) if inside and isinstance(rows, dict) else rows
            if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                raise self.unlike(method, "a list of objects in `data`")
            if rows and rows == previous:
                raise self.lost(method, "a page that differs from the one before it", "the same")
            yield rows
            seen, number, previous = seen + len(rows), number + 1, rows
            total = answer.get("total")
            if not is_paged or (total is None and len(rows) < self._page_size):
                return
            if total is not None and seen >= int(total):
                return
            if not rows:
                raise self.lost(method, f"{total} rows", seen)

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
