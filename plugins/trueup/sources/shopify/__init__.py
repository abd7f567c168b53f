"""Shopify: orders with their customer journey, the money that moved for them, which of them there
still are, chargebacks and the shop's own settings.

Flow: client credentials -> 24-hour token -> Admin GraphQL `orders`, cut by time so that
no listing passes the vendor's cap, counted by `ordersCount` -> one row per order, per payment or
refund, per day of orders; `disputes` -> one row per chargeback.
Secrets: `client_id` and `client_secret` of a Dev Dashboard app installed in the shop, with the
scopes read_orders, read_all_orders and read_customers, and read_shopify_payments_disputes where
chargebacks are to be in the ledger.
By hand: `trueup land shopify`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from trueup.errors import BrokenContract
from trueup.sources import forms
from trueup.sources.contract import (
    Access,
    AccountId,
    ControlTotal,
    Option,
    Page,
    Source,
    Stream,
    select,
)
from trueup.sources.shopify.streams import (
    API_VERSION,
    DISPUTES,
    ORDER_DAYS,
    ORDERS,
    SHOP,
    TRANSACTIONS,
)
from trueup.window import Window

if TYPE_CHECKING:
    from trueup.sources.shopify.client import Admin


def extract(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    """The rows of `stream` whose order changed, or was placed, in the window.

    Its days are the reporting zone's, as the ledger's are.
    """
    from trueup.sources.shopify import disputes, rows
    from trueup.sources.shopify.client import Admin

    admin = Admin(access, stream, window)
    shop = admin.shop()
    if stream.name == SHOP.name:
        yield [rows.shop(shop)]
    elif stream.name == DISPUTES.name:
        yield from disputes.listed(admin)
    elif stream.name == ORDER_DAYS.name:
        yield from _order_days(admin, access, window)
    else:
        yield from _changed_orders(admin, access, stream, window, shop["currencyCode"])


def _changed_orders(
    admin: Admin, access: Access, stream: Stream, window: Window, currency: str
) -> Iterator[Page]:
    from trueup.sources.shopify import lines, listing, queries, rows

    def orders(nodes: list[dict[str, Any]]) -> list[Page]:
        return rows.orders([lines.completed(admin, node) for node in nodes], window, currency)

    def transactions(nodes: list[dict[str, Any]]) -> list[Page]:
        return rows.transactions(nodes, window, currency)

    query, to_pages = {
        ORDERS.name: (queries.ORDERS, orders),
        TRANSACTIONS.name: (queries.TRANSACTIONS, transactions),
    }[stream.name]
    listed = listing.Listing(admin, query, _page_size(access))
    since, until = window.instants(access.reporting_zone)
    yield from listed.pages(listing.changed_or_placed(since, until), to_pages)
    if stream.name == ORDERS.name:
        yield ControlTotal("rows", listed.count)


def _order_days(admin: Admin, access: Access, window: Window) -> Iterator[Page]:
    from trueup.sources.shopify import listing, queries, rows

    listed = listing.Listing(admin, queries.ORDER_IDS, _page_size(access))
    since, until = window.instants(access.reporting_zone)
    nodes = listed.whole(listing.made(since, until))
    try:
        yield from rows.order_days(nodes, window, access.reporting_zone)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BrokenContract(
            "the vendor's list of orders cannot be read",
            **admin.place,
            expected="an id and createdAt of every order",
            got=f"{type(error).__name__} on reading them",
            next_step="compare the query with the vendor's schema and changelog",
        ) from None


def _page_size(access: Access) -> int:
    from trueup.sources.shopify import listing

    return int(access.options.get("page_size", listing.PAGE_SIZE))


SOURCE = Source(
    name="shopify",
    api_version=API_VERSION,
    streams=(ORDERS, TRANSACTIONS, ORDER_DAYS, DISPUTES, SHOP),
    extract=extract,
    shapes=("orders", "order_money", "record_days", "settings", "set_aside"),
    secrets=("client_id", "client_secret"),
    account_id=AccountId(
        r"[a-z0-9][a-z0-9-]*\.myshopify\.com",
        "the shop's own address, such as harbour-house.myshopify.com",
    ),
    customer_sites=("myshopify.com",),
    selectors=select("order"),
    options={
        "page_size": Option(
            "orders asked for at once, at most 250 (the default)", forms.whole(most=250)
        )
    },
)
