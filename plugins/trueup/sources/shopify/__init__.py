"""Shopify: orders with their customer journey, refunds and the shop's own settings.

Flow: client credentials -> 24-hour token -> Admin GraphQL `orders`, cut by time so that
no listing passes the vendor's cap, counted by `ordersCount` -> one row per order or refund.
Secrets: `client_id` and `client_secret` of a Dev Dashboard app installed in the shop, with the
scopes read_orders, read_all_orders and read_customers.
By hand: `trueup land shopify`.
"""

from __future__ import annotations

from collections.abc import Iterator

from trueup.sources.contract import Access, ControlTotal, Page, Source, Stream
from trueup.sources.shopify.streams import API_VERSION, ORDERS, REFUNDS, SHOP
from trueup.window import Window


def extract(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    """The rows of `stream` whose order changed, or was placed, in the window.

    Its days are the reporting zone's, as the ledger's are.
    """
    from trueup.sources.shopify import listing, queries, rows
    from trueup.sources.shopify.client import Admin

    admin = Admin(access, stream, window)
    shop = admin.shop()
    if stream.name == SHOP.name:
        yield [rows.shop(shop)]
        return
    query, to_pages = {
        ORDERS.name: (queries.ORDERS, rows.orders),
        REFUNDS.name: (queries.REFUNDS, rows.refunds),
    }[stream.name]
    size = int(access.options.get("page_size", listing.PAGE_SIZE))
    listed = listing.Listing(admin, query, size)
    since, until = window.instants(access.reporting_zone)
    yield from listed.pages(
        since, until, lambda nodes: to_pages(nodes, window, shop["currencyCode"])
    )
    if stream.name == ORDERS.name:
        yield ControlTotal("rows", listed.count)


SOURCE = Source(
    name="shopify",
    api_version=API_VERSION,
    streams=(ORDERS, REFUNDS, SHOP),
    extract=extract,
    shapes=("orders", "order_money", "settings", "set_aside"),
    secrets=("client_id", "client_secret"),
    options={"page_size": "orders asked for at once, at most 250 (the default)"},
)
