"""The selects of docs/files.md, each on a file with the dirt such exports have."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from docs.file_company import FileCompany, with_feeds
from docs.pages import FILES_PAGE, named

Make = Callable[..., FileCompany]
#: What the page says of the second kind of Google's download.
EXCEL = {"skip": 2, "delim": "\t", "encoding": "utf-16"}


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """The company of the page with the feeds of one name, and the files they read."""

    def make(feed: str, files: Mapping[str, bytes], **options: Any) -> FileCompany:
        made = with_feeds(tmp_path, feed, files, **options)
        made.enter(monkeypatch)
        return made

    return make


def table(rows: Iterable[Iterable[str]], delimiter: str = ",") -> str:
    """The rows as a spreadsheet writes them: quoted only where it must be, lines ended by CRLF."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


GOOGLE = [
    ["Campaign report"],
    ["September 1, 2026 - September 30, 2026"],
    ["Day", "Campaign", "Campaign ID", "Campaign status", "Currency code", "Cost", "Impr.",
     "Clicks", "Conversions", "Conv. value", "Search impr. share"],
    ["2026-09-01", "Brand, search", "111", "Enabled", "EUR", "1,204.50", "48,210", "1,930",
     "96.50", "9,120.00", "< 10%"],
    ["2026-09-01", "Generic", "222", "Paused", "EUR", "300.00", "9,000", "300", "--", "--", "--"],
    ["2026-09-02", "Generic", "222", "Removed", "EUR", "--", "0", "0", "0.00", "0.00", " --"],
    ["", "Generic", "222", "Paused", "EUR", "7.00", "10", "1", "0.00", "0.00", "--"],
    ["2026-09-02", "Broken", "333", "Enabled", "EUR", "12.5x", "10", "1", "0.00", "0.00", "--"],
    ["Total: Campaigns", " --", " --", " --", "EUR", "1,517.00", "57,220", "2,231", "96.50",
     "9,120.00", "< 10%"],
    ["Total: Account", " --", " --", " --", "EUR", "1,517.00", "57,220", "2,231", "96.50",
     "9,120.00", "< 10%"],
]  # fmt: skip


@pytest.mark.parametrize("reader", [None, EXCEL], ids=["csv", "excel csv"])
def test_google_ads_report(company: Make, reader: dict[str, Any] | None):
    """Title lines, thousands separators, `--`, `< 10%`, totals; with BOM, or UTF-16 and tabs."""
    if reader:
        shown = 'Excel .csv: {skip: 2, delim: "\\t", encoding: utf-16}'
        assert shown in FILES_PAGE.read_text("utf-8")
    text = table(GOOGLE, "\t" if reader else ",").encode("utf-16" if reader else "utf-8-sig")
    made = company("google_ads", {"google_ads_1.csv": text}, reader=reader)
    made.land("ad_performance")
    spent = (
        "select campaign_id, ad_date::varchar, spend_amount_local, impressions, clicks from landed"
    )
    assert sorted(made.landed("ad_performance", spent)) == [
        ("111", "2026-09-01", Decimal("1204.5"), 48210, 1930),
        ("222", "2026-09-01", Decimal(300), 9000, 300),
        ("222", "2026-09-02", Decimal(0), 0, 0),
    ]
    aside = made.set_aside("ad_performance")
    assert [(position, reason) for position, reason, _ in aside] == [
        ("google_ads_1.csv row 4", "ad_date is empty"),
        ("google_ads_1.csv row 5", "spend_amount_local is not DECIMAL(18,6): like '9.9a'"),
    ]
    made.land("claims")
    claimed = "select sum(claimed_conversions), sum(claimed_amount_local), count(*) from landed"
    assert made.landed("claims", claimed) == [(Decimal("96.5"), Decimal(9120), 4)]
    assert [row[:2] for row in made.set_aside("claims")] == [
        ("google_ads_1.csv row 4", "claim_date is empty")
    ]


META = [
    ["Reporting starts", "Reporting ends", "Campaign name", "Campaign ID", "Day",
     "Campaign delivery", "Attribution setting", "Amount spent (EUR)", "Impressions",
     "Link clicks", "Purchases", "Purchases conversion value"],
    ["2026-09-01", "2026-09-30", "", "", "", "", "", "95.35", "9000", "210", "9", "611.4"],
    ["2026-09-01", "2026-09-30", 'Spring "sale"\nshort', "120253000000000001", "2026-09-01",
     "active", "7-day click or 1-day view", "50.10", "5000", "120", "6", "400"],
    ["2026-09-01", "2026-09-30", "Winter", "1.20253E+17", "2026-09-01", "inactive",
     "7-day click", "45.25", "4000", "90", "3", "211.4"],
    ["2026-09-01", "2026-09-30", "Winter", "120253000000000002", "2026-09-02", "not_delivering",
     "7-day click or 1-day view", "", "", "", "", ""],
    ["2026-09-01", "2026-09-30", "", "120253000000000003", "2026-09-03", "active",
     "7-day click or 1-day view", "3.00", "30", "3", "", ""],
]  # fmt: skip


def test_meta_ads_manager_export(company: Make):
    """A total above the rows, names with quotes and line breaks, empty cells, rounded ids."""
    made = company("meta_ads", {"meta_ads_sept.csv": table(META).encode("utf-8-sig")})
    made.land("ad_performance")
    spent = """
        select campaign_id, campaign_name, spend_amount_local, impressions, clicks from landed
        order by ad_date, campaign_id nulls last
    """
    assert made.landed("ad_performance", spent) == [
        ("120253000000000001", 'Spring "sale"\nshort', Decimal("50.1"), 5000, 120),
        (None, "Winter", Decimal("45.25"), 4000, 90),
        ("120253000000000002", "Winter", Decimal(0), None, None),
        ("120253000000000003", None, Decimal(3), 30, 3),
    ]
    assert made.set_aside("ad_performance") == []
    made.land("claims")
    claims = """
        select claimed_conversions, claimed_amount_local, click_window_days, view_window_days
        from landed order by claimed_conversions
    """
    assert made.landed("claims", claims) == [
        (Decimal(0), None, 7, 1),
        (Decimal(0), None, 7, 1),
        (Decimal(3), Decimal("211.4"), 7, None),
        (Decimal(6), Decimal(400), 7, 1),
    ]
    assert made.set_aside("claims") == []


SHOPIFY = [
    "Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Fulfilled at",
    "Accepts Marketing", "Currency", "Subtotal", "Shipping", "Taxes", "Total", "Discount Code",
    "Discount Amount", "Shipping Method", "Created at", "Lineitem quantity", "Lineitem name",
    "Lineitem price", "Lineitem compare at price", "Lineitem sku", "Notes", "Cancelled at",
    "Payment Method", "Refunded Amount", "Outstanding Balance", "Id", "Tags",
]  # fmt: skip


def shopify(name: str, email: str = "", **cells: str) -> list[str]:
    given = {"Name": name, "Email": email, "Lineitem quantity": "1"}
    given |= {key.replace("_", " "): value for key, value in cells.items()}
    assert set(given) <= set(SHOPIFY)
    return [given.get(column, "") for column in SHOPIFY]


def test_shopify_orders_export(company: Make):
    """Line items repeat their order without its total; unpaid and void ones bring no money."""
    order = {"Currency": "EUR", "Created_at": "2026-09-01 00:30:00 +0200", "Shipping": "5.00"}
    rows = [
        SHOPIFY,
        shopify("#1001", "ana@example.com", Financial_Status="paid", Total="105.00",
                Discount_Amount="10.00", Outstanding_Balance="0.00",
                Notes='Ring twice.\n"Blue" door, please', Lineitem_name="Lamp", **order),
        shopify("#1001", "ana@example.com", Lineitem_name="Shade", Lineitem_price="40.00"),
        shopify("#1001", "ana@example.com", Lineitem_name="Bulb", Lineitem_price="5.00"),
        shopify("#1002", Financial_Status="partially_refunded", Total="60.00",
                Refunded_Amount="20.00", **{**order, "Created_at": "2026-09-02 10:00:00 -0400"}),
        shopify("#1003", Financial_Status="pending", Total="70.00", Outstanding_Balance="70.00",
                **{**order, "Created_at": "2026-09-03 10:00:00 +0100"}),
        shopify("#1004", Financial_Status="voided", Total="80.00",
                **{**order, "Created_at": "2026-09-03 10:00:00 +0100"}),
        shopify("#1005", Financial_Status="partially_paid", Total="90.00",
                Outstanding_Balance="50.00",
                **{**order, "Created_at": "2026-09-04 10:00:00 +0100"}),
        shopify("#1008", Financial_Status="paid", Total="12.345",
                **{**order, "Currency": "KWD", "Created_at": "2026-09-05 10:00:00 +0100"}),
        shopify("#1006", Financial_Status="paid", Total="9.00",
                **{**order, "Created_at": "yesterday"}),
        shopify("#1007", Financial_Status="paid",
                **{**order, "Created_at": "2026-09-04 10:00:00 +0100"}),
    ]  # fmt: skip
    made = company("shop", {"orders_export_1.csv": table(rows).encode("utf-8-sig")})
    made.land("orders")
    orders = """
        select order_id, status, amount_local, discount_amount_local, ordered_at::varchar,
            ordered_date::varchar, person_id_hmac is not null
        from landed order by order_id
    """
    assert made.landed("orders", orders) == [
        ("#1002", "won", Decimal(60), None, "2026-09-02 14:00:00+00", "2026-09-02", False),
        ("#1003", "pending", Decimal(70), None, "2026-09-03 09:00:00+00", "2026-09-03", False),
        ("#1004", "void", Decimal(80), None, "2026-09-03 09:00:00+00", "2026-09-03", False),
        ("#1005", "won", Decimal(40), None, "2026-09-04 09:00:00+00", "2026-09-04", False),
        ("#1008", "won", Decimal("12.345"), None, "2026-09-05 09:00:00+00", "2026-09-05", False),
    ]
    assert made.set_aside("orders") == [
        # Half past midnight in Berlin is the day before in Lisbon: before the company's history.
        ("orders_export_1.csv row 1", "ordered_date lies outside the window", Decimal(105)),
        ("orders_export_1.csv row 10", "amount_local is empty", None),
        ("orders_export_1.csv row 9", "ordered_at is not TIMESTAMPTZ: like 'a'", Decimal(9)),
    ]


def test_an_export_with_a_row_for_each_line(company: Make):
    """Two ways to write a day in one file, an article that came back, a price nobody can read."""
    rows = [
        ["Invoice", "Date", "Article", "Quantity", "Unit price", "Customer"],
        ["801", "9/1/26 10:15", "Lamp", "2", "10.50", "ana@example.com"],
        ["801", "9/1/26 10:15", "Shade", "1", "0.125", "ana@example.com"],
        ["801", "9/1/26 10:15", "Shade", "1", "0.125", "ana@example.com"],
        ["802", "09/02/2026 18:40", "Lamp", "1", "10.50", ""],
        ["802", "09/02/2026 18:40", "Lamp", "-1", "10.50", ""],
        ["C803", "09/03/2026 09:00", "Lamp", "-2", "10.50", "ana@example.com"],
        ["804", "09/03/2026 09:05", "Lamp", "1", "10.50", ""],
        ["804", "09/03/2026 09:05", "Shade", "1", "ten", ""],
    ]  # fmt: skip
    made = company("invoices", {"invoice_lines.csv": table(rows).encode("utf-8-sig")})
    made.land("orders")
    orders = "select order_id, ordered_at::varchar, amount_local from landed order by order_id"
    assert made.landed("orders", orders) == [
        ("801", "2026-09-01 09:15:00+00", Decimal("21.25")),
        ("802", "2026-09-02 17:40:00+00", Decimal("10.5")),
    ]
    assert made.set_aside("orders") == [("invoice_lines.csv row 7", "amount_local is empty", None)]
    made.land("refunds")
    refunds = "select refund_id, refunded_date::varchar, amount_local from landed order by all"
    assert made.landed("refunds", refunds) == [
        ("802", "2026-09-02", Decimal("10.5")),
        ("C803", "2026-09-03", Decimal(21)),
    ]
    assert made.set_aside("refunds") == []


@pytest.mark.parametrize(
    ("macro", "written", "number"),
    [
        ("english", "-$5.00", "-5.00"), ("english", "($1,234.50)", "-1234.50"),
        ("english", "US$1,234", "1234"), ("english", "CHF 1'234.50", "1234.50"),
        ("english", "-EUR 5", "-5"), ("english", "₹12.50", "12.50"), ("english", "--", None),
        ("english", "1,5", "1,5"), ("english", "()", "()"), ("english", "12.5x", "12.5x"),
        ("continental", "R$ 1.234,56", "1234.56"), ("continental", "-1 234,5 zł", "-1234.5"),
        ("continental", "(300 EUR)", "-300"), ("continental", "1,234.50", "1,234.50"),
    ],
)  # fmt: skip
def test_numbers_as_exports_write_them(macro: str, written: str, number: str | None):
    """What is no number stays as it is written, to be set aside."""
    with duckdb.connect() as con:
        con.execute(named(FILES_PAGE)["numbers.sql"])
        assert con.execute(f"select {macro}_number(?)", [written]).fetchone() == (number,)


STRIPE = ["id", "Created date (UTC)", "Amount", "Currency", "Status", "Reason", "Failure reason",
          "Charge ID", "PaymentIntent ID", "order_id (metadata)"]  # fmt: skip


def test_stripe_refunds_export(company: Make):
    """What failed, was cancelled or is pending is no refund; some name no order."""
    rows = [
        STRIPE,
        ["re_1", "2026-09-05 23:30:00", "20.00", "eur", "succeeded", "requested_by_customer", "",
         "ch_1", "pi_1", "#1002"],
        ["re_2", "2026-09-06 09:00:00", "30.00", "eur", "failed", "", "expired_or_canceled_card",
         "ch_2", "pi_2", "#1001"],
        ["re_3", "2026-09-07 09:00:00", "1,005.50", "eur", "pending", "", "", "ch_3", "pi_3", ""],
        ["re_4", "2026-09-08 09:00:00", "7.25", "gbp", "succeeded", "duplicate", "", "ch_4", "pi_4",
         ""],
        ["re_5", "2026-09-08 09:00:00", "8.00", "eur", "canceled", "", "", "ch_5", "pi_5", "#9"],
        ["re_6", "2026-09-08 09:00:00", "9.00", "eur", "", "", "", "ch_6", "pi_6", "#9"],
    ]  # fmt: skip
    made = company("shop", {"stripe_refunds_sept.csv": table(rows).encode()})
    made.land("refunds")
    refunds = """
        select refund_id, order_id, amount_local, currency_code, refunded_date::varchar
        from landed order by refund_id
    """
    assert made.landed("refunds", refunds) == [
        ("re_1", "#1002", Decimal(20), "EUR", "2026-09-06"),  # half past midnight in Lisbon
        ("re_4", None, Decimal("7.25"), "GBP", "2026-09-08"),
    ]
    assert [row[:2] for row in made.set_aside("refunds")] == [
        ("stripe_refunds_sept.csv row 2", "not paid back: failed"),
        ("stripe_refunds_sept.csv row 3", "not paid back: pending"),
        ("stripe_refunds_sept.csv row 5", "not paid back: canceled"),
        ("stripe_refunds_sept.csv row 6", "not paid back: no status"),
    ]


def test_a_form_tool_s_leads(company: Make):
    """Answers with line breaks, people who test the form, links with and without parameters."""
    rows = [
        ["Submission ID", "Respondent ID", "Submitted at", "Your e-mail", "Your message",
         "utm_source", "utm_medium", "utm_campaign", "gclid", "fbclid", "page"],
        ["s1", "r1", "2026-09-01 09:15:00", "ana@example.com", 'For 40 guests,\n\n"outside"',
         "google", "cpc", "weddings", "Cj0K-1", "", "https://corner-books.example/?gclid=Cj0K-1"],
        ["s2", "r2", "2026-09-02 23:59:59", "ben@example.com", "Contest entry", "", "", "", "",
         "IwAR-1", "https://corner-books.example/"],
        ["s3", "r3", "2026-09-03 10:00:00", "me@corner-books.example", "Does this work?", "", "",
         "", "", "", ""],
        ["s4", "r4", "2026-09-03 10:01:00", "someone@example.com", " TEST please ignore", "", "",
         "", "", "", ""],
        ["s5", "r5", "03/09/2026", "cleo@example.com", "Hello", "", "", "", "", "", ""],
    ]  # fmt: skip
    made = company("enquiries", {"enquiries.csv": table(rows).encode("utf-8-sig")})
    made.land("leads")
    leads = """
        select lead_id, created_at::varchar, click_id, click_id_kind, utm_campaign,
            length(person_id_hmac) > 20
        from landed order by lead_id
    """
    assert made.landed("leads", leads) == [
        ("s1", "2026-09-01 08:15:00+00", "Cj0K-1", "gclid", "weddings", True),
        ("s2", "2026-09-02 22:59:59+00", "IwAR-1", "fbclid", None, True),
    ]
    assert [row[:2] for row in made.set_aside("leads")] == [
        ("enquiries.csv row 3", "a test submission"),
        ("enquiries.csv row 4", "a test submission"),
        ("enquiries.csv row 5", "created_at is not TIMESTAMPTZ: like '9/9/9'"),
    ]


def test_a_crm_s_enquiries_and_deals(company: Make):
    """Won, lost and open; a source nobody named; a stage the select does not know is open."""
    rows = [
        ["Record ID", "Create date", "Close date", "Deal stage", "Amount", "Currency", "E-mail",
         "Lead source"],
        ["7", "2026-09-01 09:00", "2026-09-20 12:00", "Closed won", "900", "EUR",
         "ana@example.com", "Trade fair"],
        ["8", "2026-09-02 09:00", "2026-09-21 12:00", "Closed lost", "500", "EUR",
         "ben@example.com", ""],
        ["9", "2026-09-03 09:00", "", "Tasting", "", "", "cleo@example.com", "Website"],
    ]  # fmt: skip
    made = company("crm", {"crm_1.csv": table(rows).encode("utf-8-sig")})
    made.land("leads")
    made.land("deals")
    assert made.landed("leads", "select lead_id, origin from landed order by 1") == [
        ("7", "Trade fair"), ("8", None), ("9", "Website"),
    ]  # fmt: skip
    deals = "select deal_id, lead_id, status, amount_local, won_at::date::varchar from landed"
    assert made.landed("deals", f"{deals} order by 1") == [
        ("7", "7", "won", 900, "2026-09-20"), ("8", "8", "lost", 500, "2026-09-21"),
        ("9", "9", "open", None, "2026-09-03"),
    ]  # fmt: skip


BOOKINGS = ["Book number", "Booked by", "Guest name(s)", "Check-in", "Check-out", "Booked on",
            "Status", "Rooms", "People", "Price", "Commission %", "Commission amount",
            "Cancellation date"]  # fmt: skip


def booking(number: str, on: str, status: str, price: str, cancelled: str = "") -> list[str]:
    return [number, "Ana, A.", "Ana; Ben", "2026-10-10", "2026-10-12", on, status, "1", "2", price,
            "15", "0", cancelled]  # fmt: skip


def test_a_booking_list(company: Make):
    """Semicolons, decimal commas, a footer, the same booking in the lists of two months."""
    august = [
        BOOKINGS,
        booking("4001", "2026-09-01 10:12:13", "ok", "1.204,50 EUR"),
        booking(
            "4002", "2026-09-01 11:00:00", "cancelled_by_guest", "300 EUR", "2026-09-09 08:00:01"
        ),
        booking("Total (2)", "", "", "1.504,50 EUR"),
    ]
    september = [
        BOOKINGS,
        booking("4001", "2026-09-01 10:12:13", "ok", "1.204,50 EUR"),
        booking("4003", "2026-09-20 21:30:00", "no_show", "99,90 EUR"),
        booking("4004", "2026-09-21 21:30:00", "ok", "a lot"),
        booking("", "2026-09-22 21:30:00", "ok", "80,00 EUR"),
    ]
    made = company("rooms", {
        "reservations-08.csv": table(august, ";").encode("utf-8-sig"),
        "reservations-09.csv": table(september, ";").encode(),
    })  # fmt: skip
    made.land("bookings")
    bookings = """
        select booking_id, status, amount_local, currency_code, booked_date::varchar,
            cancelled_date::varchar, departure_date::varchar
        from landed order by booking_id
    """
    assert made.landed("bookings", bookings) == [
        ("4001", "won", Decimal("1204.5"), "EUR", "2026-09-01", None, "2026-10-12"),
        ("4002", "cancelled", Decimal(300), "EUR", "2026-09-01", "2026-09-09", "2026-10-12"),
        ("4003", "no_show", Decimal("99.9"), "EUR", "2026-09-20", None, "2026-10-12"),
    ]
    aside = {position: reason for position, reason, _ in made.set_aside("bookings")}
    assert aside == {
        "reservations-08.csv row 1": "the same row as another",
        "reservations-09.csv row 3": "amount_local is not DECIMAL(18,6): like 'a a'",
        "reservations-09.csv row 4": "booking_id is empty",
    }
