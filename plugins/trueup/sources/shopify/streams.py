"""What lands from Shopify. Amounts are in the shop's currency unless named presentment."""

from __future__ import annotations

from trueup.sources.contract import Column, Stream

API_VERSION = "2026-10"
MONEY = "DECIMAL(18,6)"
INSTANT = "TIMESTAMPTZ"

#: `changed_at` is the order's updatedAt, moved to the nearest instant of the window's UTC days.
#: It differs for an order placed in the window and changed again after it, which would
#: otherwise be missing until that change is landed, and in the hours by which the reporting
#: zone's days, which the window means, differ from UTC's.
ORDERS = Stream(
    name="orders",
    shape="orders",
    kind="changes",
    key=("order_id",),
    cursor="changed_at",
    # A journey is attributed up to a day after its order, and that does not move updatedAt.
    restate_days=2,
    chunk_days=31,
    empty_ok=True,
    control=("total_amount",),
    money="total_amount",
    columns=(
        Column("order_id", required=True),
        Column("order_name", required=True),
        Column("processed_at", INSTANT, required=True),
        Column("changed_at", INSTANT, required=True),
        Column("cancelled_at", INSTANT),
        Column("is_test", "BOOLEAN", required=True),
        Column("financial_status"),
        Column("currency_code", required=True),
        Column("shop_currency_code", required=True),
        Column("taxes_included", "BOOLEAN", required=True),
        Column("duties_included", "BOOLEAN", required=True),
        # after discounts; holds the tax where taxes_included, the duties where duties_included
        Column("subtotal_amount", MONEY, required=True),
        # of lines, the whole order and shipping together
        Column("discount_amount", MONEY),
        Column("shipping_amount", MONEY, required=True),
        Column("tax_amount", MONEY),
        Column("tip_amount", MONEY, required=True),
        Column("duties_amount", MONEY),
        Column("fees_amount", MONEY),
        # before refunds
        Column("total_amount", MONEY, required=True),
        Column("refunded_amount", MONEY, required=True),
        Column("email", pii="email"),
        Column("last_landing_page"),
        Column("last_referrer"),
        # of the last visit, read off its landing page
        Column("gclid"),
        Column("fbclid"),
        # of the last visit: the vendor's own, else read off its landing page
        Column("utm_source"),
        Column("utm_medium"),
        Column("utm_campaign"),
    ),
)

REFUNDS = Stream(
    name="refunds",
    shape="order_money",
    kind="changes",
    key=("refund_id",),
    cursor="changed_at",
    restate_days=2,
    chunk_days=31,
    empty_ok=True,
    control=("amount",),
    money="amount",
    columns=(
        Column("refund_id", required=True),
        Column("order_id", required=True),
        Column("processed_at", INSTANT, required=True),
        Column("changed_at", INSTANT, required=True),
        Column("currency_code", required=True),
        Column("shop_currency_code", required=True),
        Column("amount", MONEY, required=True),
        # the order's own figures, so that a load can be checked by itself
        Column("order_total_amount", MONEY, required=True),
        Column("order_refunded_amount", MONEY, required=True),
    ),
)

SHOP = Stream(
    name="shop",
    shape="settings",
    kind="snapshot",
    key=("myshopify_domain",),
    history=True,
    columns=(
        Column("myshopify_domain", required=True),
        Column("currency_code", required=True),
        Column("time_zone", required=True),
    ),
)
