"""GA4: how the values of an event are read: amounts, currencies, addresses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from contract.ga4_property import bucket, event, land, landed, write_events
from trueup.landing.store import Landing
from trueup.sources.ga4 import SOURCE
from trueup.sources.ga4 import rows as event_rows
from trueup.window import Window


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.example/?email=ana&gclid=G1", "https://x.example/?email=removed&gclid=G1"),
        ("https://x.example/?a=1&u=ana%40x.pt#top", "https://x.example/?a=1&u=removed#top"),
        ("https://x.example/ana.b@x.co.pt/?fbclid=F", "https://x.example/removed/?fbclid=F"),
        ("https://x.example/?userEmail=A%2540x.pt", "https://x.example/?userEmail=removed"),
        (
            "https://x.example/?phone=351900&utm_source=s",
            "https://x.example/?phone=removed&utm_source=s",
        ),
        ("https://x.example/@home?utm_medium=email", "https://x.example/@home?utm_medium=email"),
    ],
)
def test_contact_details_are_taken_out_of_urls(
    url: str, expected: str, landing: Landing, tmp_path: Path
) -> None:
    window = Window(date(2026, 6, 1), date(2026, 6, 2))
    params = {"page_location": url, "page_referrer": url}
    write_events(tmp_path, "events_20260601.ndjson", [event(params=params, user_id="ana@x.pt")])
    rows = landed(landing, land(landing, bucket(tmp_path), window))
    assert rows["page_location"].to_pylist() == rows["page_referrer"].to_pylist() == [expected]
    assert len(rows["user_id_hmac"][0].as_py()) == 64


def test_addresses_are_taken_out_of_campaign_parameters(landing: Landing, tmp_path: Path) -> None:
    window = Window(date(2026, 6, 1), date(2026, 6, 2))
    link = {"source": "news", "medium": "email", "campaign_name": "to ana@x.pt"}
    visit = event(
        traffic_source={"source": "news", "medium": "email", "name": "to ana@x.pt"},
        collected_traffic_source={f"manual_{name}": text for name, text in link.items()},
        session_traffic_source_last_click={
            "manual_campaign": link, "cross_channel_campaign": link
        },
    )  # fmt: skip
    write_events(tmp_path, "events_20260601.ndjson", [visit])
    [row] = landed(landing, land(landing, bucket(tmp_path), window)).to_pylist()
    assert not [column for column, value in row.items() if "@" in str(value)]
    assert row["collected_manual_medium"] == row["session_medium"] == "email"
    assert row["session_campaign_name"] == row["collected_manual_campaign_name"] == "to removed"


@pytest.mark.parametrize(("option", "currency"), [("usd", "USD"), ("account", "EUR")])
def test_a_value_without_a_currency_takes_the_company_files(
    option: str, currency: str, landing: Landing, tmp_path: Path
) -> None:
    sold = event(event_name="purchase", ecommerce={"purchase_revenue": 12.5})
    write_events(tmp_path, "events_20260601.ndjson", [sold])
    access = bucket(tmp_path, currency_where_none=option)
    [row] = landed(
        landing, land(landing, access, Window(date(2026, 6, 1), date(2026, 6, 2)))
    ).to_pylist()
    assert (row["amount"], row["amount_currency"]) == (Decimal("12.5"), currency)
    assert row["is_currency_assumed"] and row["property_id"] == "310100200"


def test_an_option_that_is_no_currency_is_reported() -> None:
    assert SOURCE.option_problems
    [problem] = SOURCE.option_problems({"currency_where_none": "euros"})
    assert "euros" in problem and not list(SOURCE.option_problems({}))


def test_fields_that_came_since_are_left_alone(landing: Landing, tmp_path: Path) -> None:
    write_events(tmp_path, "events_20260601.ndjson", [event(quantum_click={"id": "q"})])
    load = land(landing, bucket(tmp_path), Window(date(2026, 6, 1), date(2026, 6, 2)))
    assert load.row_count == 1 and "quantum_click" not in landed(landing, load).column_names


@pytest.mark.parametrize(
    ("sent", "amount"),
    [
        ("90", "90"), ("90.5", "90.5"), ("90,5", "90.5"), ("1,234", "1234"), ("1.234", "1.234"),
        ("1.234,5", "1234.5"), ("1,234.5", "1234.5"), ("1.234.567", "1234567"),
        ("1,234,567.89", "1234567.89"), ("1 234,50", "1234.5"), ("1'234.50", "1234.5"),
        ("EUR 12,00", "12"), ("$12", "12"), ("12 kr", "12"), ("1.2e3", "1200"), ("-5,00", "-5"),
        ("\u20ac1\u00a0234,50", "1234.5"), ("NaN", None), ("inf", None), ("free", None), ("", None),
        ("12 of 13", None), ("1-2", None), ("12,3,4", None),
        # The currency's own points
        ("92,50 kr.", "92.5"), ("4.200,00 kr.", "4200"), ("kr. 123.45", "123.45"),
        ("1\u00a0490,00 \u0440\u0443\u0431.", "1490"), ("99,90 \u043b\u0432.", "99.9"),
        ("Rs.500", "500"), ("Rs. 1,234.50", "1234.5"), ("S/.120.00", "120"), ("$.50", "0.5"),
        # Other groups, signs and scripts
        ("1,23,456", "123456"), ("1,23,456.50", "123456.5"), ("CHF 1\u2019234.50", "1234.5"),
        ("1.234,-", "1234"), ("500.- CHF", "500"), ("Rp 150.000", "150000"), ("0,500", "0.5"),
        ("\u221212.50", "-12.5"), ("(12.50)", "-12.5"), ("$(12.50)", "-12.5"), ("12.50-", None),
        ("\u0661\u066c\u0662\u0663\u0664\u066b\u0665\u0660 \u062c.\u0645.\u200f", "1234.5"),
        ("\u09e7,\u09e8\u09e9\u09ea.\u09eb\u09e6", "1234.5"), ("1.5M", None), ("12k", None),
    ],
)  # fmt: skip
def test_a_value_is_read_in_any_countrys_spelling(sent: str, amount: str | None) -> None:
    assert read_number(sent) == (amount and Decimal(amount))


@pytest.mark.parametrize(
    ("sent", "currency", "amount"),
    [
        ("12,345", "KWD", "12.345"), ("12,345", "EUR", "12345"), ("KD 12.345", "KWD", "12.345"),
        ("TND 1.234,500", "TND", "1234.5"), ("\u20ac 12.345", "EUR", "12345"),
    ],
)  # fmt: skip
def test_a_currency_of_three_decimals_has_no_thousands_there(
    sent: str, currency: str, amount: str
) -> None:
    assert read_number(sent, currency) == Decimal(amount)


def read_number(sent: str, currency: str | None = None) -> Decimal | None:
    with event_rows.connect() as con:
        [(found,)] = con.execute("select number_of($1, $2)", [sent, currency]).fetchall()
    return found
