"""Cases of one thing spelt in two ways, and of words of other systems: one company holds them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cases.small_company import SmallCompany
from cases.test_files_company import SEPTEMBER

ORDERS = (
    "select _row, id as order_id, day as ordered_date, amount as amount_local,"
    " 'EUR' as currency_code, status from input"
)
REFUNDS = (
    "select _row, id as refund_id, order_id, day as refunded_date, amount as amount_local,"
    " 'EUR' as currency_code, type as entry_type from input"
)
BOOKINGS = (
    "select _row, id as booking_id, day as booked_date, day as arrival_date,"
    " day::date + 1 as departure_date, amount as amount_local, 'EUR' as currency_code, status"
    " from input"
)
SPEND = (
    "select _row, 'maps' as platform, 'a' as account_id, campaign as campaign_id, day as ad_date,"
    " 'EUR' as currency_code, cost as spend_amount_local from input"
)
CLAIMS = (
    "select _row, 'maps' as platform, 'a' as account_id, campaign as campaign_id,"
    " day as claim_date, 'buy' as action_id, 'click_date' as date_basis, 'EUR' as currency_code,"
    " n as claimed_conversions, amount as claimed_amount_local from input"
)
#: What shops call an order, and what that means.
STATUSES = {
    "Awaiting Fulfillment": "won", "Awaiting Shipment": "won", "awaiting pickup": "won",
    "wc-processing": "won", "Processing in progress": "won", "Partially Shipped": "won",
    "succeeded": "won", "captured": "won", "wc-completed": "won", "Ready for collection": "won",
    "Awaiting Payment": "pending", "wc-on-hold": "pending", "holded": "pending",
    "payment_review": "pending", "requires_payment_method": "pending", "Incomplete": "pending",
    "Payment error": "void", "denied": "void", "Suspected Fraud": "void", "wc-failed": "void",
    "wc-cancelled": "cancelled", "CXL": "cancelled",
    # money that is asked back came in
    "Pending Refund": "won", "Awaiting return": "won", "return requested": "won",
    "Refund in progress": "won", "Refund failed": "won", "Refund cancelled": "won",
    # paid and not yet handed over, or on its way
    "Pending shipment": "won", "pending fulfillment": "won", "Awaiting production": "won",
    "Unshipped": "won", "Shipped - Delivered to Buyer": "won", "In transit": "won",
    "Pending - Waiting for Pick Up": "pending", "Shipped - unpaid": "pending",
    # payment services
    "Remote payment accepted": "won", "Cleared": "won",
    "Sent for settle": "won", "chargeback_won": "won", "Uncleared": "pending", "Held": "pending",
    "Unclaimed": "pending", "PART_CAPTURED": "pending", "Refused": "void", "Timed out": "void",
    # bought, and not there yet; a bill that was sent is not paid
    "pre-order": "won", "Preorder": "won", "backordered": "won",
    "On backorder (not paid)": "pending",
    "undelivered": "won", "unfulfilled": "won", "Open": "pending", "invoiced": "pending",
    "PendingAvailability": "pending", "InvoiceUnconfirmed": "won", "PartiallyShipped": "won",
    # words joined in other ways
    "partiallyPaid": "pending", "NotPaid": "pending", "paid_partially": "pending",
    "processing_awaiting_payment": "pending", "processing_awaiting_shipment": "won",
    # a stay that is over waits for a word about it
    "Awaiting guest review": "won", "Past guest": "won", "Currently hosting": "won",
    # placed, and nobody says that it is paid; what is paid at the door is not paid yet
    "new": "pending", "NEW_ORDER": "pending", "Placed": "pending", "Reserved": "pending",
    "COD": "pending", "Cash on delivery": "pending", "COD - shipped": "pending",
    "Pay on collection": "pending", "Nachnahme": "pending", "contra reembolso": "pending",
    "bank transfer": "pending", "COD unpaid": "pending", "COD not collected": "pending",
    "COD collected": "won", "Cash on Delivery (paid)": "won", "COD cancelled": "cancelled",
    "COD refused": "void",
    # other languages
    "Bezahlt": "won", "Pagado": "won", "Pago": "won", "Payée": "won", "Betaald": "won",
    "Pendente": "pending", "Pendiente de pago": "pending", "En attente de paiement": "pending",
    "Offen": "pending", "Storniert": "cancelled", "Annulé": "cancelled", "Anulada": "cancelled",
}  # fmt: skip

#: What systems of rooms call a booking; a new one stands, as does one that is paid on arrival.
OF_BOOKINGS = {
    "new": "won", "Reserved": "won", "Due In": "won", "Pay at property": "won",
    "modified": "won", "Tentative": "pending", "unpaid": "pending", "Cancelled": "cancelled",
}  # fmt: skip

#: What payment services and shops call what went back, and what the ledger has of 10 of it.
TYPES = {
    "REFUND": ("refund", -10), "Partial refund": ("refund", -10), "Payment Refund": ("refund", -10),
    "credit note": ("refund", -10), "Gutschrift": ("refund", -10), "remboursement": ("refund", -10),
    "refund_failure": ("correction", 10), "RefundedReversed": ("correction", 10),
    "dispute": ("chargeback", -10), "Payment Reversal": ("chargeback", -10),
    "SecondChargeback": ("chargeback", -10), "Chargeback Reversal": ("chargeback", 10),
    "dispute_reversal": ("chargeback", 10), "Canceled_Reversal": ("chargeback", 10),
    "storno": ("cancellation", -10), "Dispute Fee": ("fee", -10), "Adjustment": ("correction", -10),
}  # fmt: skip


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> SmallCompany:
    small = SmallCompany(tmp_path_factory.mktemp("spellings"))
    small.goal(
        "sale", *({"source": "files", "selector": name} for name in ("orders", "bookings", "buy"))
    )
    small.channels.append({"channel": "maps_ads", "is_paid": True, "platform": "maps"})
    small.feed(
        "till", "orders", ORDERS,
        ["id,day,amount,status",
         *(f"A{day[-2:]}{n},{day},100,paid" for day in SEPTEMBER for n in range(8)),
         *(f"ST{n},2026-09-09,{n + 1},{status}" for n, status in enumerate(STATUSES)),
         *(f"TY{n},2026-09-09,50,paid" for n in range(len(TYPES))),
         *(f"{id},2026-09-05,100,paid"
           for id in ("5001", "0005002", "#5003", "ab5", "5005", "5006", "5007", "07", "7")),
         "TAKEN,2026-09-05,100,Chargeback", "BACK,2026-09-05,100,returned",
         "PART,2026-09-05,100,Partial refund", "GONE,2026-09-05,100,Refund issued",
         "GIVEN,2026-09-05,100,Rückerstattet", "LOST,2026-09-05,100,Chargeback lost",
         "GOING,2026-09-05,100,Refund approved",
         "REFUSED,2026-09-05,100,Shipped - Rejected by Buyer"],
    )  # fmt: skip
    small.feed(
        "rooms", "bookings", BOOKINGS,
        ["id,day,amount,status",
         *(f"BK{n},2026-09-{n + 2:02},{n + 1},{status}" for n, status in enumerate(OF_BOOKINGS)),
         *(f"B{day[-2:]},{day},50,confirmed" for day in SEPTEMBER)],
    )  # fmt: skip
    small.feed(
        "bank", "refunds", REFUNDS,
        ["id,order_id,day,amount,type",
         "r1,#5001,2026-09-07,10,", "r2,5002,2026-09-07,10,", "r3,5003,2026-09-07,10,",
         "r4,AB5,2026-09-07,10,", "r5,5005.0,2026-09-07,10,", "r6,5.006E3,2026-09-07,10,",
         "r7,7,2026-09-07,10,", "c1,5007,2026-09-07,100,chargeback",
         "c2,5007,2026-09-20,100,Chargeback_Reversal",
         *(f"t{n},TY{n},2026-09-21,10,{type}" for n, type in enumerate(TYPES))],
    )  # fmt: skip
    small.feed(
        "maps", "ad_performance", SPEND,
        ["day,campaign,cost", *(f"{day},777,10" for day in SEPTEMBER),
         "2026-09-05,777.0,5", "2026-09-05,12345000000,1", "2026-09-06,1.2345E+10,1",
         "2026-09-05,1.20211E+17,2", '2026-09-05,"1,20211E+17",1', '2026-09-06,"7,77E+02",5',
         *(f"2026-09-05,{word},2" for word in ("(not set)", "null", "{campaignid}", "--", ""))],
    )  # fmt: skip
    small.feed(
        "maps", "claims", CLAIMS,
        ["day,campaign,n,amount", *(f"{day},777,1,20" for day in SEPTEMBER),
         "2026-09-05,777,1,30", "2026-09-06,777.0,0.5,5"],
        headline_claim={"date_basis": "click_date"},
    )  # fmt: skip
    small.output = small.publish()
    return small


@pytest.mark.parametrize("number", range(len(STATUSES)), ids=list(STATUSES))
def test_a_status_means_what_shops_mean_by_it(company: SmallCompany, number: int):
    assert company.query(
        f"select status from marts.fct_conversions where conversion_id like '%:ST{number}'"
    ) == [(list(STATUSES.values())[number],)]


@pytest.mark.parametrize("number", range(len(OF_BOOKINGS)), ids=list(OF_BOOKINGS))
def test_a_booking_that_is_new_stands(company: SmallCompany, number: int):
    assert company.query(
        f"select status from marts.fct_conversions where conversion_id like '%:BK{number}'"
    ) == [(list(OF_BOOKINGS.values())[number],)]


@pytest.mark.parametrize("number", range(len(TYPES)), ids=list(TYPES))
def test_what_went_back_is_what_its_system_calls_it(company: SmallCompany, number: int):
    assert company.query(
        "select entry_type, amount from marts.fct_ledger_entries"
        f" where conversion_id = 'files:till:TY{number}' and entry_type != 'sale'"
    ) == [list(TYPES.values())[number]]


@pytest.mark.parametrize("order", ["5001", "0005002", "#5003", "ab5", "5005", "5006", "7"])
def test_a_refund_finds_its_order_however_its_number_is_spelt(company: SmallCompany, order: str):
    assert company.query(
        "select entry_date::varchar, amount from marts.fct_ledger_entries"
        f" where entry_type = 'refund' and conversion_id = 'files:till:{order}'"
    ) == [("2026-09-07", -10)]


def test_a_number_as_it_is_written_comes_before_one_that_is_like_it(company: SmallCompany):
    assert company.query(
        "select net_amount from marts.fct_conversions where conversion_id = 'files:till:07'"
    ) == [(100,)]


def test_a_chargeback_that_was_won_brings_back_what_it_took_on_its_day(company: SmallCompany):
    assert company.query(
        "select entry_date::varchar, amount from marts.fct_ledger_entries"
        " where conversion_id = 'files:till:5007' and entry_type = 'chargeback' order by 1"
    ) == [("2026-09-07", -100), ("2026-09-20", 100)]


def test_a_status_that_says_money_went_back_is_reported_where_no_refund_says_how_much(
    company: SmallCompany,
):
    assert "(8 rows since 2026-09-05, 800.00 EUR)" in company.output


def test_a_campaign_is_one_however_its_id_is_spelt(company: SmallCompany):
    found = company.query(
        "select campaign_id, sum(spend_amount) from marts.fct_campaign_daily"
        " where platform = 'maps' group by 1 order by 1"
    )
    assert found == [("(unallocated)", 13), ("12345000000", 2), ("777", 310)]


def test_a_campaign_whose_id_lost_its_digits_is_none_and_is_reported(company: SmallCompany):
    """Its spend stays; of 1.20211E+17 nobody knows which of many campaigns it is."""
    assert "An id has lost digits in a spreadsheet, such as 1.20211E+17" in company.output


def test_claims_of_one_key_in_a_file_add_up_without_a_warning(company: SmallCompany):
    found = company.query(
        "select report_date::varchar, claimed_conversions, claimed_amount"
        " from marts.fct_campaign_daily where campaign_id = '777'"
        " and report_date between '2026-09-04' and '2026-09-06' order by 1"
    )
    assert found == [("2026-09-04", 1, 20), ("2026-09-05", 2, 50),
                     ("2026-09-06", Decimal("1.5"), 25)]  # fmt: skip
    assert "rows of shape" not in company.output


def test_every_row_is_accounted_for(company: SmallCompany):
    assert "hold" not in company.output
    aside = company.query("select distinct kind from health.fct_set_aside")
    assert aside == [("no amount",)]  # what two statuses say was given back
