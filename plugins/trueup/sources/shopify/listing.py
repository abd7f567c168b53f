"""Listing orders completely: sliced by time below the vendor's cap, and counted.

An order has one `updatedAt`, which moves. A window therefore holds the orders last updated in it
and those placed in it but updated since; together they miss no order of a landed window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from trueup.errors import BrokenContract, TrueupError, VendorUnavailable
from trueup.sources import bounds, pieces, strict_json
from trueup.sources.contract import Page, SetAside
from trueup.sources.shopify import queries
from trueup.sources.shopify.client import Admin
from trueup.sources.shopify.refusals import NotShown, TooCostly, TooSlow

PAGE_SIZE = 250
SMALLEST_PAGE = 10
#: The vendor pages and counts at most this many objects of one listing.
LISTING_CAP = 25_000
#: Seconds whose orders may stay unread before the shop is given up: more are no fault of theirs.
MOST_UNREAD = 2
#: Orders change while they are listed, and pages get lost: a slice that does not agree with its
#: count is listed again.
LISTINGS = 3

Nodes = list[dict[str, Any]]


@dataclass(frozen=True)
class Slice:
    """Orders whose `field` lies in [since, until), whole seconds, and that match `rest`."""

    field: str
    since: datetime
    until: datetime
    rest: str = ""

    @property
    def query(self) -> str:
        span = f"{self.field}:>='{_instant(self.since)}' {self.field}:<'{_instant(self.until)}'"
        return f"{span} {self.rest}".rstrip()

    def halves(self) -> list[Slice]:
        """Its two halves; none where it is a second."""
        seconds = int((self.until - self.since).total_seconds())
        if seconds <= 1:
            return []
        middle = self.since + timedelta(seconds=seconds // 2)
        return [replace(self, until=middle), replace(self, since=middle)]


def changed_or_placed(since: datetime, until: datetime) -> tuple[Slice, Slice]:
    """The orders last updated in [since, until), and those placed in it but updated since."""
    placed = Slice("created_at", since, until, f"updated_at:>='{_instant(until)}'")
    return Slice("updated_at", since, until), placed


def made(since: datetime, until: datetime) -> Slice:
    return Slice("created_at", since, until)


class Listing:
    """Every order of a window, each once. `count` is how many the vendor says there are."""

    def __init__(self, admin: Admin, query: str, size: int) -> None:
        self._admin, self._query, self._size = admin, query, size
        self._seen: set[str] = set()
        self.count = 0

    def pages(
        self, slices: Iterable[Slice], to_pages: Callable[[Nodes], list[Page]]
    ) -> Iterator[Page]:
        """The orders of the slices, as `to_pages` makes pages of them; each slice agrees with its
        count. Of a second that cannot be shown they are set aside."""

        def ask(part: Slice) -> list[Page]:
            # an order updated between the two listings is in both
            try:
                listed = list(self._complete(part))
            except NotShown:
                # Asked as often as it should be: the pieces of it need not be, to find the one.
                self._admin.attempts = min(self._admin.attempts, 2)
                raise
            fresh = [node for node in listed if node["id"] not in self._seen]
            self._seen.update(node["id"] for node in fresh)
            self.count += len(fresh)
            return to_pages(fresh) if fresh else []

        for part in slices:
            yield from pieces.asked(part, ask, Slice.halves, self._unread, (NotShown,), MOST_UNREAD)

    def whole(self, part: Slice) -> Nodes:
        """The orders of a slice, all of them or an error: one that is missing here would count as
        deleted."""
        return list(self._complete(part))

    def _unread(self, part: Slice, error: TrueupError) -> SetAside:
        self.count += 1
        return SetAside(
            f"an order, or more, with {part.query}", f"{error.problem}: {error.got}", part.query
        )

    def _complete(self, part: Slice) -> Iterator[dict[str, Any]]:
        count = self._count(part)
        if count > LISTING_CAP:
            yield from self._in_halves(part, count)
            return
        nodes: Nodes = []
        has_moved = False
        for _ in range(LISTINGS):
            if count == 0:
                return
            nodes = list(self._list(part, count + self._size))
            if len(nodes) == len({node["id"] for node in nodes}) == count:
                yield from nodes
                return
            previous, count = count, self._count(part)
            has_moved = has_moved or count != previous
        if has_moved:
            raise VendorUnavailable(
                "orders change faster than they can be listed",
                **self._admin.place,
                got=f"different counts in {LISTINGS} listings of {part.query}",
                next_step="let the task retry; if it repeats, land in a quieter hour",
            )
        raise VendorUnavailable(
            "the pages do not hold the orders the vendor counts (a page lost or sent twice?)",
            **self._admin.place,
            expected=f"{count} orders for {part.query}",
            got=f"{len(nodes)} rows, {len({node['id'] for node in nodes})} orders",
            next_step="the task retries by itself; if it repeats, list the orders in the admin",
        )

    def _in_halves(self, part: Slice, count: int) -> Iterator[dict[str, Any]]:
        halves = part.halves()
        if not halves:
            raise BrokenContract(
                f"more orders in one second than a listing may hold: {part.query}",
                **self._admin.place,
                expected=f"at most {LISTING_CAP}",
                got=count,
                next_step="export them in the shop's admin and land the file as a `files` source",
            )
        for half in halves:
            yield from self._complete(half)

    def _count(self, part: Slice) -> int:
        asked = self._admin.ask(queries.COUNT, query=part.query, limit=LISTING_CAP + 1)
        found = asked.get("ordersCount")
        count = found.get("count") if isinstance(found, dict) else found
        if not isinstance(count, int):
            got = strict_json.kind(count)
            raise self._admin.unlike("ordersCount", "an object with a whole `count`", got)
        return count

    def _list(self, part: Slice, most: int) -> Iterator[dict[str, Any]]:
        """The orders of all pages of a slice, no more than about `most`: the count will tell. Pages
        that the vendor finds too costly, or is too slow with, get smaller and stay so."""
        after, listed, empty = None, 0, 0
        cursors = bounds.Cursors(self._admin.place)
        while True:
            try:
                found = self._admin.ask(
                    self._query, query=part.query, first=self._size, after=after
                )
                orders = found["orders"]
                nodes = [node for node in orders["nodes"] if node["id"]]
                more, end = orders["pageInfo"]["hasNextPage"], orders["pageInfo"]["endCursor"]
            except (TooCostly, TooSlow) as error:
                if self._size > SMALLEST_PAGE:
                    self._size = max(self._size // 2, SMALLEST_PAGE)
                    continue
                if isinstance(error, TooSlow):
                    raise
                raise self._endless(f"pages of {self._size} orders still cost too much") from None
            except (KeyError, TypeError) as error:
                raise self._unreadable(f"no {error} where a page of orders should be") from None
            yield from nodes
            listed += len(nodes)
            empty = 0 if nodes else empty + 1
            # A page that was sent twice ends where the one before did: the count will tell.
            if not more or listed > most or (after is not None and end == after):
                return
            if listed > LISTING_CAP or empty > bounds.MOST_EMPTY_PAGES or end is None:
                raise self._endless(f"pages that do not end after {listed} orders")
            after = cursors.step(end)

    def _endless(self, got: str) -> BrokenContract:
        return BrokenContract(
            "the vendor's listing of orders comes to no end",
            **self._admin.place,
            got=got,
            next_step="compare the query with the vendor's schema and changelog",
        )

    def _unreadable(self, got: str) -> NotShown:
        return NotShown(
            "the vendor's listing of orders cannot be read",
            **self._admin.place,
            expected="pages of `nodes` with `pageInfo`",
            got=got,
            next_step="compare the query with the vendor's schema and changelog",
        )


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
