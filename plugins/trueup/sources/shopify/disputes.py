"""Chargebacks: all there are, as they stand now."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.errors import BrokenContract
from trueup.sources.contract import Page
from trueup.sources.shopify import queries, rows
from trueup.sources.shopify.client import Admin
from trueup.sources.shopify.listing import LISTING_CAP

SCOPE = "read_shopify_payments_disputes"
PAGE_SIZE = 100


def listed(admin: Admin) -> Iterator[Page]:
    """Every dispute of the shop; none where the app has no scope for them: orders say that they
    were charged back, and the mart names those whose amount is not known."""
    if not admin.may(SCOPE):
        return
    after, count = None, 0
    while True:
        asked = admin.ask(queries.DISPUTES, first=PAGE_SIZE, after=after)["disputes"]
        yield rows.disputes(asked["nodes"])
        count += len(asked["nodes"])
        page = asked["pageInfo"]
        if not page["hasNextPage"]:
            return
        if page["endCursor"] in (None, after) or count > LISTING_CAP:
            raise BrokenContract(
                "the vendor's listing of disputes comes to no end",
                **admin.place,
                got=f"pages that do not end after {count} disputes",
                next_step="compare the query with the vendor's schema and changelog",
            )
        after = page["endCursor"]
