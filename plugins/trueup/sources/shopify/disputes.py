"""Chargebacks: all there are, as they stand now."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.errors import BrokenContract
from trueup.sources.contract import Page
from trueup.sources.shopify import connections, queries, rows
from trueup.sources.shopify.client import Admin
from trueup.sources.shopify.listing import LISTING_CAP

SCOPE = "read_shopify_payments_disputes"
PAGE_SIZE = 100


def listed(admin: Admin) -> Iterator[Page]:
    """Every dispute of the shop; none where the app has no scope for them: orders say that they
    were charged back, and the mart names those whose amount is not known."""
    if not admin.may(SCOPE):
        return
    after: str | None = None
    count = 0
    while True:
        page = admin.ask(queries.DISPUTES, first=PAGE_SIZE, after=after).get("disputes")
        nodes = connections.nodes(admin, "disputes", page)
        yield rows.disputes(nodes, admin.account.time_zone)
        count += len(nodes)
        end = connections.following(admin, "disputes", page)
        if end is None:
            return
        if end == after or count > LISTING_CAP:
            raise BrokenContract(
                "the vendor's listing of disputes comes to no end",
                **admin.place,
                got=f"pages that do not end after {count} disputes",
                next_step="compare the query with the vendor's schema and changelog",
            )
        after = end
