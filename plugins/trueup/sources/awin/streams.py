"""The streams of awin. Names are the vendor's, written as columns are written here."""

from __future__ import annotations

from trueup.sources.contract import Column, Stream

#: The vendor numbers no versions of this API.
API_VERSION = "unversioned"

#: The longest span one question about transactions may have.
SLICE_DAYS = 31
#: Three slices: validation takes weeks, in travel a season.
VALIDATION_DAYS = 3 * SLICE_DAYS - 1
#: A validation or an amendment stands under its own day as soon as it is made.
EVENT_RESTATE_DAYS = 13
#: The campaign report answers 400 days at once. Clicks settle within days.
REPORT_DAYS, CLICK_RESTATE_DAYS = 400, 7

#: The zones the vendor counts days in; it rejects every other.
ZONES = frozenset(
    {
        "America/Sao_Paulo", "Australia/Sydney", "Canada/Central", "Canada/Eastern",
        "Canada/Mountain", "Canada/Pacific", "Europe/Berlin", "Europe/Dublin", "Europe/Helsinki",
        "Europe/London", "Europe/Paris", "US/Central", "US/Eastern", "US/Mountain", "US/Pacific",
        "UTC",
    }
)  # fmt: skip

_MONEY = "DECIMAL(18,6)"
_TRANSACTION = (
    Column("id", required=True),
    Column("advertiser_id", required=True),
    Column("publisher_id", required=True),
    Column("site_name"),
    Column("commission_sharing_publisher_id"),
    Column("campaign"),
    Column("type"),
    Column("commission_status", required=True),
    Column("commission_amount", _MONEY),
    Column("commission_currency"),
    Column("sale_amount", _MONEY),
    Column("sale_currency"),
    Column("old_commission_amount", _MONEY),
    # An amendment may be into another currency.
    Column("old_commission_currency"),
    Column("old_sale_amount", _MONEY),
    Column("network_fee_amount", _MONEY),
    Column("amended", "BOOLEAN"),
    Column("amend_reason"),
    Column("decline_reason"),
    Column("click_at", "TIMESTAMPTZ"),
    Column("transaction_at", "TIMESTAMPTZ", required=True),
    Column("validated_at", "TIMESTAMPTZ"),
    Column("order_ref"),
    Column("voucher_code"),
    Column("voucher_code_used", "BOOLEAN"),
    Column("customer_acquisition"),
    Column("customer_country"),
    Column("paid_to_publisher", "BOOLEAN"),
    Column("transaction_parts", "JSON"),
)

#: What was sold, by the day of the sale, as it stands at every load.
TRANSACTIONS = Stream(
    name="transactions",
    shape="claims",
    columns=(Column("transaction_date", "DATE", required=True), *_TRANSACTION),
    key=("advertiser_id", "id"),
    day="transaction_date",
    restate_days=VALIDATION_DAYS,
    chunk_days=SLICE_DAYS,
    history=True,
    empty_ok=True,
    control=("sale_amount", "commission_amount"),
    money="sale_amount",
)

#: The same sales by the day they were approved or declined.
VALIDATIONS = Stream(
    name="validations",
    shape="ad_performance",
    columns=(Column("validation_date", "DATE", required=True), *_TRANSACTION),
    key=("advertiser_id", "id"),
    day="validation_date",
    restate_days=EVENT_RESTATE_DAYS,
    chunk_days=SLICE_DAYS,
    empty_ok=True,
    control=("commission_amount",),
)

#: The same sales by the day they were amended, which no row says: it is what was asked for.
AMENDMENTS = Stream(
    name="amendments",
    shape="ad_performance",
    columns=(Column("amendment_date", "DATE", required=True), *_TRANSACTION),
    key=("advertiser_id", "id", "amendment_date"),
    day="amendment_date",
    restate_days=EVENT_RESTATE_DAYS,
    chunk_days=SLICE_DAYS,
    empty_ok=True,
)

#: The account's own sums of what was validated on a day, by publisher.
VALIDATED_TOTALS = Stream(
    name="validated_totals",
    shape="account_spend",
    columns=(
        Column("validation_date", "DATE", required=True),
        Column("advertiser_id", required=True),
        Column("publisher_id", required=True),
        Column("currency", required=True),
        Column("confirmed_no", "BIGINT"),
        Column("confirmed_comm", _MONEY, required=True),
        Column("bonus_no", "BIGINT"),
        Column("bonus_comm", _MONEY, required=True),
        Column("declined_no", "BIGINT"),
    ),
    key=("advertiser_id", "publisher_id", "validation_date", "currency"),
    day="validation_date",
    restate_days=EVENT_RESTATE_DAYS,
    chunk_days=SLICE_DAYS,
    empty_ok=True,
    control=("confirmed_comm",),
)

#: Clicks by publisher, by the publisher's own word for its campaign, and by day.
PUBLISHER_DAYS = Stream(
    name="publisher_days",
    shape="ad_performance",
    columns=(
        Column("date", "DATE", required=True),
        Column("advertiser_id", required=True),
        Column("publisher_id", required=True),
        Column("publisher_name"),
        Column("campaign"),
        Column("clicks", "BIGINT", required=True),
        Column("pending_no", "BIGINT"),
        Column("pending_comm", _MONEY),
    ),
    key=("advertiser_id", "publisher_id", "campaign", "date"),
    day="date",
    restate_days=CLICK_RESTATE_DAYS,
    chunk_days=REPORT_DAYS,
    empty_ok=True,
    control=("clicks",),
)

#: The publishers in the programme; one that has left stands here no longer.
PUBLISHERS = Stream(
    name="publishers",
    shape="campaigns",
    columns=(
        Column("advertiser_id", required=True),
        Column("id", required=True),
        Column("name", required=True),
        Column("primary_region"),
        Column("sales_regions", "JSON"),
        Column("primary_type"),
    ),
    key=("advertiser_id", "id"),
    kind="snapshot",
    history=True,
)

STREAMS = (PUBLISHERS, TRANSACTIONS, VALIDATIONS, AMENDMENTS, VALIDATED_TOTALS, PUBLISHER_DAYS)
