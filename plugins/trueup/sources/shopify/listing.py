"""Listing orders completely: sliced by time below the vendor's cap, and counted.

An order has one `updatedAt`, which moves. A window therefore holds the orders last updated in it
and those placed in it but updated since; together they miss no order of a landed window.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from trueup.errors import BrokenContract, VendorUnavailable
from trueup.sources.shopify import queries
from trueup.sources.shopify.client import Admin, TooCostly

PAGE_SIZE = 250
SMALLEST_PAGE = 10
#: The vendor pages and counts at most this many objects of one listing.
LISTING_CAP = 25_000
#: Orders change while they are listed; a slice whose count moved is listed again.
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

    def halves(self) -> tuple[Slice, Slice]:
        seconds = int((self.until - self.since).total_seconds())
        middle = self.since + timedelta(seconds=seconds // 2)
        return replace(self, until=middle), replace(self, since=middle)


def changed_orders(
    admin: Admin, query: str, since: datetime, until: datetime, size: int
) -> Iterator[Nodes]:
    """The orders of [since, until), each once, a slice at a time; each slice agrees with its
    count."""
    seen: set[str] = set()
    for part in (
        Slice("updated_at", since, until),
        Slice("created_at", since, until, f"updated_at:>='{_instant(until)}'"),
    ):
        for nodes in _complete(admin, query, part, size):
            # an order updated between the two listings is in both
            fresh = [node for node in nodes if node["id"] not in seen]
            seen.update(node["id"] for node in fresh)
            if fresh:
                yield fresh


def _complete(admin: Admin, query: str, part: Slice, size: int) -> Iterator[Nodes]:
    count = _count(admin, part)
    if count > LISTING_CAP:
        if part.until - part.since <= timedelta(seconds=1):
            raise BrokenContract(
                f"more orders in one second than a listing may hold: {part.query}",
                **admin.place,
                expected=f"at most {LISTING_CAP}",
                got=count,
                next_step="export them in the shop's admin and land the file as a `files` source",
            )
        for half in part.halves():
            yield from _complete(admin, query, half, size)
        return
    nodes: Nodes = []
    for _ in range(LISTINGS):
        if count == 0:
            return
        nodes = _list(admin, query, part, size)
        if len(nodes) == len({node["id"] for node in nodes}) == count:
            yield nodes
            return
        before, count = count, _count(admin, part)
        if count == before:
            break
    else:
        raise VendorUnavailable(
            "orders change faster than they can be listed",
            **admin.place,
            got=f"{LISTINGS} different counts for {part.query}",
            next_step="let the task retry; if it repeats, land in a quieter hour",
        )
    raise BrokenContract(
        "the pages do not hold the orders the vendor counts (a page lost or sent twice?)",
        **admin.place,
        expected=f"{count} orders for {part.query}",
        got=f"{len(nodes)} rows, {len({node['id'] for node in nodes})} orders",
        next_step="run the task again; if it repeats, list the orders in the shop's admin",
    )


def _count(admin: Admin, part: Slice) -> int:
    stated = admin.ask(queries.COUNT, query=part.query, limit=LISTING_CAP + 1)["ordersCount"]
    return int(stated["count"])


def _list(admin: Admin, query: str, part: Slice, size: int) -> Nodes:
    """All pages of a slice. Pages get smaller where the vendor finds them too costly."""
    nodes: Nodes = []
    after = None
    while True:
        try:
            listed = admin.ask(query, query=part.query, first=size, after=after)["orders"]
            nodes += [node for node in listed["nodes"] if node["id"]]
            more, after = listed["pageInfo"]["hasNextPage"], listed["pageInfo"]["endCursor"]
        except TooCostly:
            if size <= SMALLEST_PAGE:
                raise _unreadable(admin, f"pages of {size} orders still cost too much") from None
            size = max(size // 2, SMALLEST_PAGE)
            continue
        except (KeyError, TypeError) as error:
            raise _unreadable(admin, f"no {error} where a page of orders should be") from None
        if not more:
            return nodes
        if len(nodes) > LISTING_CAP or after is None:
            raise _unreadable(admin, f"pages that do not end after {len(nodes)} orders")


def _unreadable(admin: Admin, got: str) -> BrokenContract:
    return BrokenContract(
        "the vendor's listing of orders cannot be read",
        **admin.place,
        expected="pages of `nodes` with `pageInfo`",
        got=got,
        next_step="compare the query with the vendor's schema and changelog",
    )


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
