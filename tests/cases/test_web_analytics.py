"""Cases of GA4 beside a shop that joins by files: a witness never stops the ledger."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cases.small_company import SmallCompany
from contract.ga4_property import event, write_events


def purchase(day: int, number: int, amount: float, currency: str | None) -> dict[str, Any]:
    at = datetime(2026, 9, day, 10, number, tzinfo=UTC)
    params = [{"key": "ga_session_id", "value": {"int_value": number}}]
    if currency:
        params.append({"key": "currency", "value": {"string_value": currency}})
    return event(
        event_date=f"{at:%Y%m%d}", event_timestamp=int(at.timestamp()) * 1_000_000,
        event_name="purchase", event_params=params, user_pseudo_id=f"{number}.{day}",
        ecommerce={"transaction_id": f"A{day:02}{number}", "purchase_revenue": amount},
    )  # fmt: skip


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> SmallCompany:
    folder = tmp_path_factory.mktemp("ga4")
    small = SmallCompany(folder)
    small.sources["ga4"] = {
        "base_url": str(folder / "export"),
        "accounts": [{"id": "1", "time_zone": "Europe/Lisbon", "currency": "EUR"}],
    }
    small.goal(
        "sale", {"source": "files", "selector": "orders"},
        {"source": "ga4", "selector": "purchase"}, {"source": "ga4", "selector": "order_placed"},
    )  # fmt: skip
    small.feed(
        "till", "orders",
        "select _row, id as order_id, \"at\" as ordered_at, amount as amount_local,"
        " 'EUR' as currency_code from input",
        ["id,at,amount", *(f"A{day:02}{n},2026-09-{day:02}T10:0{n}:00Z,10"
                           for day in range(1, 4) for n in range(8))],
    )  # fmt: skip
    days = {day: [purchase(day, n, 10, "EUR") for n in range(8)] for day in (1, 2)}
    days[3] = [purchase(3, 0, 1.00, None), purchase(3, 1, 40, "AED"), purchase(3, 2, 11, "USD")]
    days[3].append(purchase(3, 7, 5, "EUR") | {"event_name": "Order_Placed"})
    for day, events in days.items():
        write_events(folder / "export", f"events_202609{day:02}.ndjson", events)
    small.output = small.publish("2026-09-03")
    return small


def test_b1_a_purchase_without_a_currency_costs_itself(company: SmallCompany):
    assert company.query("select sum(ga4_conversions) from marts.fct_channel_daily") == [(18,)]
    aside = company.query(
        "select reason, amount_local from health.fct_set_aside where source = 'ga4' order by 2"
    )
    assert [amount for _, amount in aside] == [1, 40]
    assert "currency" in aside[0][0]
    assert "warn" in company.output


def test_b2_a_purchase_in_a_currency_without_a_rate_costs_its_amount(company: SmallCompany):
    assert company.query(
        "select sum(ga4_amount) from marts.fct_channel_daily where report_date = date '2026-09-03'"
    ) == [(10,)]
    assert "AED" in company.output
    assert company.mart.exists()


def test_s12_a_shop_joined_by_files_has_tracking_signals(company: SmallCompany):
    rows = company.query(
        "select signal_date::varchar, numerator, denominator from health.fct_tracking_signals"
        " where signal = 'event_capture' and dimension = 'all' order by 1"
    )
    assert rows == [("2026-09-01", 8, 8), ("2026-09-02", 8, 8), ("2026-09-03", 2, 8)]


def test_an_event_that_is_mapped_and_never_comes_is_named_with_those_that_do(
    company: SmallCompany,
) -> None:
    found = company.query(
        "select segment, observed from health.fct_gate_results"
        " where check_name like '%mapped_event_is_seen' and verdict = 'warn'"
    )
    assert found == [
        ("ga4 order_placed", "no event is called order_placed, there are Order_Placed (1)")
    ]


def test_the_company_is_published_and_balances(company: SmallCompany, tmp_path: Path):
    assert company.query("select sum(reconciled_revenue_amount) from marts.fct_channel_daily") == [
        (240,)
    ]
