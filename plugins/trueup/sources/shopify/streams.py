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
        # of an imported order the import, long after it was processed
        Column("created_at", INSTANT, required=True),
        Column("changed_at", INSTANT, required=True),
        Column("cancelled_at", INSTANT),
        Column("is_test", "BOOLEAN", required=True),
        Column("financial_status"),
        # where it was placed: web, pos, shopify_draft_order, or the id of an app
        Column("source_name"),
        # types and states of its disputes, such as "CHARGEBACK LOST"; empty where there are none
        Column("disputes"),
        Column("currency_code", required=True),
        Column("shop_currency_code", required=True),
        Column("taxes_included", "BOOLEAN", required=True),
        Column("duties_included", "BOOLEAN", required=True),
        # after discounts; holds the tax where taxes_included, the duties where duties_included; the
        # vendor may leave it out of an order that was changed
        Column("subtotal_amount", MONEY),
        # of lines, the whole order and shipping together
        Column("discount_amount", MONEY),
        Column("shipping_amount", MONEY, required=True),
        Column("tax_amount", MONEY),
        Column("tip_amount", MONEY, required=True),
        Column("duties_amount", MONEY),
        Column("fees_amount", MONEY),
        # when it was placed
        Column("original_total_amount", MONEY),
        # before refunds
        Column("total_amount", MONEY, required=True),
        # after edits and returns
        Column("current_total_amount", MONEY),
        Column("received_amount", MONEY),
        Column("refunded_amount", MONEY, required=True),
        # what its gift card lines cost, as ordered and as they stand
        Column("gift_card_amount", MONEY),
        Column("gift_card_current_amount", MONEY),
        Column("email", pii="email"),
        # whether the shop knows a visit before it; null until it has looked
        Column("has_visit", "BOOLEAN"),
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

#: Authorisations and voids are promises, not money: they do not land, and the order's status tells.
TRANSACTIONS = Stream(
    name="transactions",
    shape="order_money",
    kind="changes",
    key=("transaction_id",),
    cursor="changed_at",
    restate_days=2,
    chunk_days=31,
    empty_ok=True,
    control=("amount",),
    money="amount",
    columns=(
        Column("transaction_id", required=True),
        Column("order_id", required=True),
        # SALE or CAPTURE: money in; REFUND or CHANGE: money out
        Column("kind", required=True),
        # only SUCCESS moved money
        Column("status", required=True),
        # gift_card and store credit are payments that bring no money
        Column("gateway"),
        Column("is_test", "BOOLEAN", required=True),
        Column("processed_at", INSTANT, required=True),
        Column("created_at", INSTANT, required=True),
        Column("changed_at", INSTANT, required=True),
        Column("currency_code", required=True),
        Column("shop_currency_code", required=True),
        # cash as it was rounded
        Column("amount", MONEY, required=True),
        # the order's own figures, so that a load can be checked by itself
        Column("order_received_amount", MONEY),
        Column("order_refunded_amount", MONEY, required=True),
    ),
)

#: The orders that the shop still has, of each day they were made on: an order that was landed, and
#: is not among those of its day any more, was deleted. The vendor tells it in no other way.
ORDER_DAYS = Stream(
    name="order_days",
    shape="record_days",
    kind="day",
    key=("created_date",),
    day="created_date",
    restate_days=60,
    chunk_days=31,
    empty_ok=True,
    columns=(
        Column("created_date", "DATE", required=True),
        Column("order_count", "BIGINT", required=True),
        # between semicolons
        Column("order_ids", required=True),
    ),
)

#: Chargebacks of the vendor's own payments: a snapshot, because they cannot be asked for by when
#: they changed. Empty where the app has no scope for them.
DISPUTES = Stream(
    name="disputes",
    shape="order_money",
    kind="snapshot",
    key=("dispute_id",),
    empty_ok=True,
    money="amount",
    columns=(
        Column("dispute_id", required=True),
        Column("order_id"),
        Column("type", required=True),
        Column("status", required=True),
        Column("initiated_at", INSTANT, required=True),
        Column("finalized_at", INSTANT),
        Column("currency_code", required=True),
        Column("amount", MONEY, required=True),
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
        Column("taxes_included", "BOOLEAN"),
        Column("tax_shipping", "BOOLEAN"),
        Column("presentment_currencies"),
    ),
)
