"""GA4's dialects: what a purchase may look like in the export, and the sale it is matched with.

One company, one build. Each dialect is an order of its own, at a moment of its own, and the events
GA4 shows of it; the right value is what the mart says of that order and of GA4's amount of its day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from cases.small_company import SmallCompany
from contract.ga4_property import event, write_events


def params(values: dict[str, Any]) -> list[dict[str, Any]]:
    """Parameters as the export holds them: text, whole and other numbers each in their own part."""
    parts = {str: "string_value", int: "int_value", float: "double_value"}
    return [{"key": key, "value": {parts[type(v)]: v}} for key, v in values.items()]


def purchase(
    ecommerce: dict[str, Any] | None = None,
    *,
    name: str = "purchase",
    after: int = 5,
    items: list[dict[str, Any]] | None = None,
    fields: dict[str, Any] | None = None,
    **sent: Any,
) -> dict[str, Any]:
    """One event; `sent` are its parameters, `after` its seconds after the order."""
    return {
        "event_name": name, "after": after, "ecommerce": ecommerce or {}, "items": items or [],
        "event_params": params({"ga_session_id": 7} | sent), **(fields or {}),
    }  # fmt: skip


@dataclass(frozen=True)
class Dialect:
    """An order of `amount` under `order_id`, what GA4 shows, how it is matched, GA4's amount."""

    name: str
    order_id: str
    amount: float
    events: Iterable[dict[str, Any]]
    ga4_amount: str | None
    match: str = "transaction_id"
    reasons: tuple[str, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)


EUR = {"currency": "EUR"}


def both(order_id: str, revenue: float) -> dict[str, Any]:
    return {"transaction_id": order_id, "purchase_revenue": revenue}


DIALECTS = [
    Dialect("Measurement Protocol, ecommerce empty (G1)", "G1", 90,
            [purchase(transaction_id="G1", value=90, **EUR)], "90"),
    Dialect("Measurement Protocol, value with a fraction", "G2", 90.5,
            [purchase(transaction_id="G2", value=90.5, **EUR)], "90.50"),
    Dialect("value as text", "G3", 91.25, [purchase(transaction_id="G3", value="91.25", **EUR)],
            "91.25"),
    Dialect("value as text with a comma", "G4", 92.5,
            [purchase(transaction_id="G4", value="92,50", **EUR)], "92.50"),
    Dialect("value as text by thousands, comma last", "G5", 1234.56,
            [purchase(transaction_id="G5", value="1.234,56 €", **EUR)], "1234.56"),
    Dialect("value as text by thousands, point last", "G6", 1234.5,
            [purchase(transaction_id="G6", value="€1,234.50", **EUR)], "1234.50"),
    Dialect("value as text, comma by thousands alone", "G7", 2345,
            [purchase(transaction_id="G7", value="2,345", **EUR)], "2345"),
    Dialect("value that is no number", "G8", 93,
            [purchase(transaction_id="G8", value="free", **EUR)], None,
            reasons=("its value is no number",)),
    Dialect("id as a number", "100201", 94, [purchase(transaction_id=100201, value=94, **EUR)],
            "94"),
    Dialect("id as a number with a point", "100202", 95,
            [purchase(transaction_id=100202.0, value=95, **EUR)], "95"),
    Dialect("id in scientific notation", "5123456789012", 96,
            [purchase(both("5.123456789012E12", 96), **EUR)], "96"),
    Dialect("id that lost its leading zeros", "000000123", 97,
            [purchase(both("123", 97), **EUR)], "97"),
    Dialect("id as gid://", "5678901234567", 98,
            [purchase(both("gid://shopify/Order/5678901234567", 98), **EUR)], "98"),
    Dialect("the order's id as gid://", "gid://shopify/Order/5678901234568", 99,
            [purchase(both("5678901234568", 99), **EUR)], "99"),
    Dialect("id with blanks and a #", "A-1001", 101,
            [purchase(both(" #A-1001 ", 101), **EUR)], "101"),
    Dialect("id in other capitals and quotes", "Ab-1002", 102,
            [purchase(both('"AB-1002"', 102), **EUR)], "102"),
    Dialect("id encoded for a link", "A-1003", 103, [purchase(both("%23A-1003", 103), **EUR)],
            "103"),
    Dialect("(not set) in ecommerce, the id in a parameter", "G9", 104,
            [purchase(both("(not set)", 104), transaction_id="G9", **EUR)], "104"),
    Dialect("(not set) everywhere: by amount and time", "G10", 105.5,
            [purchase(both("(not set)", 105.5), **EUR)], "105.50", match="amount_and_time"),
    Dialect("undefined as id: by amount and time", "G11", 106.5,
            [purchase(both("undefined", 106.5), **EUR)], "106.50", match="amount_and_time"),
    Dialect("no id at all: by amount and time", "G12", 107.5,
            [purchase({"purchase_revenue": 107.5}, **EUR)], "107.50", match="amount_and_time"),
    Dialect("currency in small letters, with a blank", "G13", 108,
            [purchase(both("G13", 118.8), currency=" usd")], "108"),
    Dialect("no currency, but Google's own US dollars", "G14", 109,
            [purchase(both("G14", 1) | {"purchase_revenue_in_usd": 119.9})], "109"),
    Dialect("no currency: the company file's", "G15", 110, [purchase(both("G15", 110))], "110"),
    Dialect("a sign for a currency: the company file's", "G16", 111,
            [purchase(both("G16", 111), currency="€")], "111"),
    Dialect("no value of its own: from the items", "G17", 112,
            [purchase({"transaction_id": "G17"}, **EUR,
                      items=[{"price": 40.0, "quantity": 2}, {"price": 32.0}])], "112"),
    Dialect("a value of 0 beside items is 0", "G18", 113,
            [purchase(both("G18", 0), value=0, **EUR, items=[{"price": 113.0}])], "0"),
    Dialect("items with revenue of their own", "G19", 114,
            [purchase({"transaction_id": "G19"}, **EUR,
                      items=[{"price": 60.0, "quantity": 2, "item_revenue": 114.0}])], "114"),
    Dialect("revenue and value differ: the export's revenue", "G20", 115,
            [purchase(both("G20", 115), value=1.0, **EUR)], "115"),
    Dialect("only Google's US dollars", "G21", 116,
            [purchase({"transaction_id": "G21"}, fields={"event_value_in_usd": 127.6}, **EUR)],
            "116"),
    Dialect("value without the tax and shipping sent beside it, two days late", "G22", 150,
            [purchase(both("G22", 117) | {"tax_value": 27.0, "shipping_value": 6.0},
                      after=2 * 86400, **EUR)], "117"),
    Dialect("reloaded: the same id twice", "G23", 118,
            [purchase(both("G23", 118), **EUR), purchase(both("G23", 118), after=300, **EUR)],
            "118"),
    Dialect("sent by the tag and by the server, as text and as number", "00124", 119,
            [purchase(both("00124", 119), after=20, **EUR),
             purchase(transaction_id=124, value=119, after=2, fields={"user_pseudo_id": None},
                      **EUR)], "119"),
    Dialect("an older app's name of the event", "G24", 120,
            [purchase(both("G24", 120), name="ecommerce_purchase", **EUR)], "120"),
    Dialect("refunded in part, with an amount", "G25", 121,
            [purchase(both("G25", 121), **EUR),
             purchase({"transaction_id": "G25", "refund_value": 21.0}, name="refund", after=3600,
                      **EUR)], "100"),
    Dialect("refunded in two equal parts of two days", "G26", 122,
            [purchase(both("G26", 122), **EUR),
             *(purchase({"transaction_id": "G26", "refund_value": 22.0}, name="refund",
                        after=86400 * n, **EUR) for n in (1, 2))], "78"),
    Dialect("refunded whole, naming nothing but the sale", "G27", 123,
            [purchase(both("G27", 123), **EUR),
             purchase({"transaction_id": "G27"}, name="refund", after=3600)], "0"),
    Dialect("a refund by Measurement Protocol", "G28", 124,
            [purchase(both("G28", 124), **EUR),
             purchase(name="refund", transaction_id="G28", value="24,00", after=3600, **EUR)],
            "100"),
    Dialect("only a refund is no witness of the sale", "G29", 125,
            [purchase({"transaction_id": "G29", "refund_value": 125.0}, name="refund", **EUR)],
            "-125", match="none"),
    Dialect("a negative purchase takes back", "G30", 126,
            [purchase(both("G30", 126), **EUR), purchase(both("G30", -26), after=900, **EUR)],
            "100"),
    Dialect("null value", "G31", 127, [purchase({"transaction_id": "G31"}, **EUR)], None),
    Dialect("value as text, the currency's point behind it", "G32", 128.5,
            [purchase(transaction_id="G32", value="128,50 kr.", **EUR)], "128.50"),
    Dialect("value as text, the currency's point before it", "G33", 129,
            [purchase(transaction_id="G33", value="Rs.129", **EUR)], "129"),
    Dialect("refunded in part, by items alone", "G34", 130,
            [purchase(both("G34", 130), **EUR),
             purchase({"transaction_id": "G34"}, name="refund", after=3600, **EUR,
                      items=[{"price": 9.0, "quantity": 2}, {"price": 12.0}])], "100"),
    Dialect("a word for a currency: the company file's", "G35", 131,
            [purchase(both("G35", 131), currency="euro")], "131"),
    Dialect("refunded whole, reported twice on two days", "G37", 133,
            [purchase(both("G37", 133), **EUR),
             *(purchase({"transaction_id": "G37"}, name="refund", after=86400 * n)
               for n in (1, 2))], "0"),
    Dialect("refunded in parts, then whole, naming nothing but the sale", "G71", 251,
            [purchase(both("G71", 251), **EUR),
             *(purchase({"transaction_id": "G71", "refund_value": part}, name="refund",
                        after=3600 * n, **EUR) for n, part in ((1, 21.0), (2, 30.0))),
             purchase({"transaction_id": "G71"}, name="refund", after=86400)], "0"),
    Dialect("refunded whole with its value, sent on two days", "G72", 252,
            [purchase(both("G72", 252), **EUR),
             *(purchase({"transaction_id": "G72", "refund_value": 252.0}, name="refund",
                        after=86400 * n, **EUR) for n in (1, 2))], "0"),
    Dialect("no id, value without the tax beside it", "G38", 134.5,
            [purchase({"purchase_revenue": 109.35, "tax_value": 25.15}, **EUR)], "109.35",
            match="amount_and_time"),
    Dialect("id with a mark nobody sees, an hour late", "G39", 135,
            [purchase(both("G39\u200b\ufeff", 135), after=3600, **EUR)], "135"),
    Dialect("id in wide digits, an hour late", "2040", 136,
            [purchase(both("\uff12\uff10\uff14\uff10", 136), after=3600, **EUR)], "136"),
    Dialect("blank in the id encoded for a link", "G 41", 137,
            [purchase(both("G%2041", 137), after=3600, **EUR)], "137"),
    Dialect("id in brackets", "4F2504E0-4F89-11D3", 138,
            [purchase(both("{4f2504e0-4f89-11d3}", 138), after=3600, **EUR)], "138"),
    Dialect("a shop's prefix in GA4 alone", "32042", 139,
            [purchase(both("WC-32042", 139), after=3600, **EUR)], "139"),
    Dialect("a shop's prefix in the order alone", "EU32043", 140,
            [purchase(both("32043", 140), after=3600, **EUR)], "140"),
    Dialect("a mark behind the number", "32044", 141,
            [purchase(both("32044-1", 141), after=3600, **EUR)], "141"),
    Dialect("an address around the number", "32045", 142,
            [purchase(both("https://shop.example/orders/32045", 142), after=3600, **EUR)], "142"),
    Dialect("a prefix, and another amount: no evidence", "32046", 143,
            [purchase(both("WC-32046", 99), after=3600, **EUR)], "99", match="none"),
    Dialect("two prefixes are two shops", "UK-32047", 144,
            [purchase(both("DE-32047", 144), after=3600, **EUR)], "144", match="none"),
    # What a tag sends in place of an id is the same from sale to sale, and no sale's own
    *(Dialect(f"{word!r} for an id, sale {sale}", f"W{place:02}{sale}", 300.5 + place + 50 * sale,
              [purchase(both(word, 300.5 + place + 50 * sale), **EUR)],
              f"{300.5 + place + 50 * sale}", match="amount_and_time")
      for place, word in enumerate(["-", "(other)", "Unknown", "%order_id%", "[order]", "000",
                                    "${order.id}", "transaction_id"])
      for sale in (1, 2)),
    *(Dialect(f"one number for every sale, sale {sale}", f"N{sale}", 420.5 + sale,
              [purchase(both("777001", 420.5 + sale), **EUR)], f"{420.5 + sale}",
              match="amount_and_time") for sale in (1, 2, 3)),
    Dialect("no id, and the page loaded again", "G73", 430.5,
            [purchase({"purchase_revenue": 430.5}, **EUR),
             purchase({"purchase_revenue": 430.5}, after=120, **EUR)], "430.50",
            match="amount_and_time"),
    Dialect("no id, one row twice", "G74", 431.5,
            [purchase({"purchase_revenue": 431.5}, **EUR)] * 2, "431.50", match="amount_and_time"),
    Dialect("items alone, in dollars", "Q1", 40,
            [purchase({"transaction_id": "Q1"}, currency="USD",
                      items=[{"price": 22.0, "quantity": 2}])], "40"),
    Dialect("sent again for more, after an upsell", "Q2", 143,
            [purchase(both("Q2", 143), **EUR), purchase(both("Q2", 163), after=240, **EUR)], "143"),
    Dialect("taken back in part before it was sold, by the server's clock", "Q3", 144.5,
            [purchase(both("Q3", 144.5), **EUR),
             purchase({"transaction_id": "Q3", "refund_value": 44.5}, name="refund", after=-60,
                      **EUR)], "100"),
    Dialect("its currency twice: the company file's", "Q4", 145,
            [purchase(both("Q4", 145), currency="EUR,EUR")], "145"),
    Dialect("value with three decimals", "Q5", 146.5,
            [purchase(transaction_id="Q5", value="146.500", **EUR)], "146.50"),
    Dialect("items given away beside one that is sold", "Q6", 147,
            [purchase({"transaction_id": "Q6"}, **EUR,
                      items=[{"price": 0.0, "quantity": 3}, {"price": 147.0, "quantity": 1}])],
            "147"),
    Dialect("more taken back than it was worth", "Q7", 148,
            [purchase(both("Q7", 148), **EUR),
             purchase({"transaction_id": "Q7"}, name="refund", after=3600, **EUR,
                      items=[{"price": 148.0, "quantity": 1}]),
             purchase({"transaction_id": "Q7"}, name="refund", after=7200)], "0"),
    Dialect("taken back by the field of a sale", "Q8", 149,
            [purchase(both("Q8", 149), **EUR),
             purchase({"transaction_id": "Q8", "purchase_revenue": 49.0}, name="refund",
                      after=3600, **EUR)], "100"),
    Dialect("value with a low line", "G75", 432,
            [purchase(transaction_id="G75", value="1_000", **EUR)], None,
            reasons=("its value is no number",)),
    Dialect("the session's id only where the visit began", "G36", 132,
            [purchase(both("G36", 132), fields={"event_params": params(EUR)})], "132"),
    Dialect("refunded in two equal parts of a day, hours apart", "R73", 253,
            [purchase(both("R73", 253), **EUR),
             *(purchase({"transaction_id": "R73", "refund_value": 26.5}, name="refund",
                        after=3600 * n, **EUR) for n in (1, 3))], "200"),
    Dialect("refunded in part, sent twice within minutes", "R74", 254,
            [purchase(both("R74", 254), **EUR),
             *(purchase({"transaction_id": "R74", "refund_value": 54.0}, name="refund",
                        after=3600 + 100 * n, **EUR) for n in range(3))], "200"),
    Dialect("refunded in three equal parts that are more than the sale", "R76", 256,
            [purchase(both("R76", 256), **EUR),
             *(purchase({"transaction_id": "R76", "refund_value": 100.0}, name="refund",
                        after=3600 * n, **EUR) for n in (1, 2, 3))], "0"),
]  # fmt: skip


def ordered_at(number: int) -> datetime:
    """Far enough apart that no order is near another's event."""
    return datetime(2026, 9, 1, 9, tzinfo=UTC) + timedelta(hours=3 * number)


def shown(number: int, dialect: Dialect) -> Iterable[dict[str, Any]]:
    """The visit's first page, five minutes before the order, and the dialect's events."""
    yield moment(number, -300, event_name="page_view", event_params=params({"ga_session_id": 7}))
    for place, one in enumerate(dialect.events):
        rest = {key: value for key, value in one.items() if key != "after"}
        yield moment(number, one["after"], batch_event_index=place, **rest)


def moment(number: int, seconds: int, **values: Any) -> dict[str, Any]:
    at = ordered_at(number) + timedelta(seconds=seconds)
    return event(
        event_date=f"{at + timedelta(hours=1):%Y%m%d}",
        event_timestamp=int(at.timestamp()) * 1_000_000,
        **({"user_pseudo_id": f"{number}.1"} | values),
    )


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> SmallCompany:
    folder = tmp_path_factory.mktemp("ga4")
    small = SmallCompany(folder)
    small.sources["ga4"] = {
        "base_url": str(folder / "export"),
        "accounts": [{"id": "1", "time_zone": "Europe/Lisbon", "currency": "EUR"}],
        "options": {"currency_where_none": "EUR"},
    }
    small.goal(
        "sale", {"source": "files", "selector": "orders"}, {"source": "ga4", "selector": "purchase"}
    )
    small.feed(
        "till", "orders",
        "select _row, id as order_id, \"at\" as ordered_at, amount as amount_local,"
        " 'EUR' as currency_code from input",
        ["id,at,amount", *(f"{one.order_id},{ordered_at(number):%Y-%m-%dT%H:%M:%SZ},{one.amount}"
                           for number, one in enumerate(DIALECTS))],
    )  # fmt: skip
    days: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for number, one in enumerate(DIALECTS):
        for row in shown(number, one):
            days[row["event_date"]].append(row)
    for day, rows in days.items():
        write_events(folder / "export", f"events_{day}.ndjson", rows)
    small.output = small.publish(f"{date.fromisoformat(max(days))}")
    assert small.mart.exists(), small.output
    return small


@pytest.mark.parametrize("number", range(len(DIALECTS)), ids=[one.name for one in DIALECTS])
def test_a_dialect_is_matched_and_worth_what_it_says(company: SmallCompany, number: int) -> None:
    one = DIALECTS[number]
    order = f"files:till:{one.order_id}"
    found = company.query(
        f"select match_method from marts.fct_conversions where conversion_id like '%{one.order_id}'"
    )
    assert found == [(one.match,)], order
    seen = f"client_id = '{number}.1' or client_id is null and amount_local = {one.amount}"
    [(amount,)] = company.query(
        "select sum(amount) from intermediate.int_events__conversions"
        f" where not is_repeat and ({seen})",
        company.build_file,
    )
    assert amount == (one.ga4_amount and Decimal(one.ga4_amount))
    reasons = company.query(
        f"select reason from intermediate.int_events__conversions where reason is not null"
        f" and client_id = '{number}.1'",
        company.build_file,
    )
    assert tuple(reason for (reason,) in reasons) == one.reasons


def test_what_was_assumed_or_read_from_elsewhere_is_marked(company: SmallCompany) -> None:
    marks = company.query(
        "select distinct transaction_id, amount_from, is_currency_assumed"
        " from intermediate.int_events__conversions where transaction_id in"
        " ('G1', 'G8', 'G14', 'G15', 'G16', 'G17', 'G20', 'G21', 'G25') order by all",
        company.build_file,
    )
    assert marks == [
        ("G1", "value", False), ("G14", "usd", False), ("G15", "purchase_revenue", True),
        ("G16", "purchase_revenue", True), ("G17", "items", False),
        ("G20", "purchase_revenue", False), ("G21", "usd", False),
        ("G25", "purchase_revenue", False), ("G25", "refund_value", False),
        ("G8", "unreadable", False),
    ]  # fmt: skip


def test_the_mart_is_published_and_ga4s_amount_is_net_of_refunds(company: SmallCompany) -> None:
    right = sum(Decimal(one.ga4_amount or 0) for one in DIALECTS)
    assert company.query("select sum(ga4_amount) from marts.fct_channel_daily") == [(right,)]
    bought = len(DIALECTS) - 1  # of one, GA4 shows a refund alone
    assert company.query("select sum(ga4_conversions) from marts.fct_channel_daily") == [(bought,)]
    aside = company.query("select reason from health.fct_set_aside where source = 'ga4'")
    assert aside == [("its value is no number",)] * 2
