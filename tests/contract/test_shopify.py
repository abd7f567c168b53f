"""Shopify: our extractor misses nothing and repeats nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from contract.shopify_shop import WINDOW, access_to, land, open_small_shop, rows, set_clock
from sandbox.vendors import shopify as page
from sandbox.vendors import shopify_orders
from trueup.landing.store import Landing
from trueup.sources.contract import Access
from trueup.sources.shopify import SOURCE, lines, listing, queries
from trueup.sources.shopify.client import Admin, seconds_of_missing_points
from trueup.sources.shopify.rows import orders as order_rows
from trueup.window import Window

UNIT_PRICE_SET = "discountedUnitPriceAfterAllDiscountsSet"


@pytest.fixture
def access(sandbox: Any, tmp_path: Path) -> Access:
    return access_to(sandbox.url, tmp_path)


@pytest.fixture
def small_shop(sandbox: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    open_small_shop(sandbox.desk, monkeypatch)
    return sandbox


def test_every_order_of_the_world_lands_once_over_many_pages(
    sandbox: Any, access: Access, landing: Landing
) -> None:
    window = Window(date(2026, 8, 1), date(2026, 9, 15))
    before = sandbox.desk.calls["shopify"]
    load = land(landing, access, "orders", window)
    assert sandbox.desk.calls["shopify"] - before > load.row_count / 10
    world = sandbox.desk.rows(
        """select count(*) as orders, sum(total_amount + case when edited_at <= $now
            then greatest(edited_amount, 0) else 0 end) as total from orders
        where ordered_at >= timestamp '2026-07-31 23:00' and ordered_at < '2026-09-14 23:00'"""
    )[0]
    assert load.row_count == world["orders"] > 50
    assert Decimal(load.control_totals["total_amount"]) == world["total"]
    landed = rows(landing, load)
    assert {row["order_id"] for row in landed} == {
        str(row["order_id"])
        for row in sandbox.desk.rows(
            """select order_id from orders
            where ordered_at >= timestamp '2026-07-31 23:00' and ordered_at < '2026-09-14 23:00'"""
        )
    }
    for row in landed:
        parts = row["subtotal_amount"] + row["shipping_amount"]
        assert parts == row["total_amount"]
        assert row["currency_code"] == row["shop_currency_code"] == "EUR"
        assert row["refunded_amount"] <= row["total_amount"]


def test_money_known_by_now_lands_and_adds_up(
    sandbox: Any, access: Access, landing: Landing
) -> None:
    load = land(landing, access, "transactions", Window(date(2026, 8, 1), date(2026, 9, 15)))
    known = sandbox.desk.rows(
        """select count(*) as movements, sum(amount) as amount from transactions
        inner join (
            select order_id, min(updated_at) as placed_at
            from order_updates where updated_at <= $now group by 1
        ) as changes using (order_id)
        where moved_at <= $now and placed_at >= timestamp '2026-07-31 23:00'
            and kind in ('SALE', 'CAPTURE', 'REFUND')"""
    )[0]
    assert (load.row_count, Decimal(load.control_totals["amount"])) == tuple(known.values())
    assert {row["kind"] for row in rows(landing, load)} == {"SALE", "REFUND"}


def test_each_day_says_which_orders_the_shop_still_has(
    small_shop: Any, access: Access, landing: Landing
) -> None:
    days = rows(landing, land(landing, access, "order_days"))
    assert [str(row["created_date"]) for row in days] == [f"2026-09-0{n}" for n in range(1, 10)]
    listed = {str(row["created_date"])[-2:]: row["order_ids"] for row in days if row["order_count"]}
    assert listed == {"01": "1", "05": "3", "06": "6", "09": "4"}


def test_chargebacks_land_as_they_stand_and_not_at_all_without_their_scope(
    small_shop: Any, access: Access, landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(small_shop.desk, "2026-09-10T06:00:00")
    (dispute,) = rows(landing, land(landing, access, "disputes"))
    assert (dispute["order_id"], dispute["status"], dispute["finalized_at"]) == (
        "8", "UNDER_REVIEW", None
    )  # fmt: skip
    set_clock(small_shop.desk, "2026-10-01T06:00:00")
    (dispute,) = rows(landing, land(landing, access, "disputes"))
    assert (dispute["status"], dispute["amount"]) == ("WON", Decimal("94.5"))
    orders = rows(landing, land(landing, access, "orders"))
    assert [row["disputes"] for row in orders if row["order_id"] == "8"] == ["CHARGEBACK WON"]
    monkeypatch.setattr(page, "SCOPES", "read_orders,read_all_orders,read_customers")
    assert land(landing, access, "disputes").row_count == 0


def test_an_order_with_more_lines_than_a_listing_shows_is_asked_for_the_rest(
    small_shop: Any, access: Access
) -> None:
    class Cut(Admin):
        def ask(self, query: str, /, **variables: Any) -> dict[str, Any]:
            if query != queries.ORDER_LINES:
                return super().ask(query, **variables)
            asked.append(variables)
            page = {"hasNextPage": len(asked) < 3, "endCursor": f"c{len(asked)}"}
            return {"order": {"lineItems": {"nodes": [card], "pageInfo": page}}}

    asked: list[dict[str, Any]] = []
    money = {"shopMoney": {"amount": "25.00"}}
    card = {"isGiftCard": True, "quantity": 2, "currentQuantity": 1, UNIT_PRICE_SET: money}
    admin = Cut(access, SOURCE.stream("orders"), WINDOW)
    lines_shown = {"nodes": [card], "pageInfo": {"hasNextPage": True, "endCursor": "c0"}}
    node = lines.completed(admin, {"id": "gid://shopify/Order/1", "lineItems": lines_shown})
    assert [one["after"] for one in asked] == ["c0", "c1", "c2"]
    ((row,),) = order_rows([node], WINDOW, "EUR")
    assert (row["gift_card_amount"], row["gift_card_current_amount"]) == (200, 100)


def test_the_shop_lands_with_its_currency_and_zone(access: Access, landing: Landing) -> None:
    (row,) = rows(landing, land(landing, access, "shop"))
    assert row["myshopify_domain"] == "harbour-house.myshopify.com"
    assert (row["currency_code"], row["time_zone"]) == ("EUR", "Europe/Lisbon")
    assert (row["taxes_included"], row["presentment_currencies"]) == (True, "EUR, GBP")


def test_a_window_is_half_open_in_the_reporting_zone(
    small_shop: Any, access: Access, landing: Landing
) -> None:
    landed = {row["order_id"]: row for row in rows(landing, land(landing, access, "orders"))}
    # 2 was placed 0.1 s too early, 5 at the very end; 8 was placed in August, changed in the window
    assert sorted(landed) == ["1", "3", "4", "6", "8"]
    assert all(row["_day"] in WINDOW for row in landed.values())
    assert landed["1"]["changed_at"] == datetime(2026, 9, 1, tzinfo=UTC)


def test_an_order_changed_after_the_window_is_not_lost(
    small_shop: Any, access: Access, landing: Landing
) -> None:
    row = next(r for r in rows(landing, land(landing, access, "orders")) if r["order_id"] == "3")
    assert row["changed_at"] == datetime(2026, 9, 10, tzinfo=UTC) - timedelta(microseconds=1)
    assert row["refunded_amount"] == Decimal("94.5")


def test_two_halves_of_a_window_give_what_the_whole_gives(
    small_shop: Any, access: Access, landing: Landing
) -> None:
    for stream, key in (("orders", "order_id"), ("transactions", "transaction_id")):
        whole = rows(landing, land(landing, access, stream))
        halves = [land(landing, access, stream, half) for half in WINDOW.split(5)]
        newest = {}
        for row in sorted(rows(landing, *halves), key=lambda r: r["changed_at"]):
            newest[row[key]] = row
        cut = ("changed_at", "_day")
        assert [_without(newest[row[key]], cut) for row in whole] == [
            _without(row, cut) for row in whole
        ]


def _without(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def test_a_second_run_gives_the_same_rows(access: Access, landing: Landing) -> None:
    week = Window(date(2026, 9, 1), date(2026, 9, 8))
    for stream in SOURCE.streams:
        first, second = (land(landing, access, stream.name, week) for _ in range(2))
        assert rows(landing, first) == rows(landing, second)


def refunds(landed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in landed if row["kind"] == "REFUND"]


def test_refunds_of_tomorrow_arrive_tomorrow(
    small_shop: Any, access: Access, landing: Landing
) -> None:
    september = Window(date(2026, 9, 1), date(2026, 9, 12))
    set_clock(small_shop.desk, "2026-09-10T06:00:00")
    before = refunds(rows(landing, land(landing, access, "transactions", september)))
    order = next(r for r in rows(landing, land(landing, access, "orders")) if r["order_id"] == "3")
    assert [row["transaction_id"] for row in before] == ["31"]
    assert (order["financial_status"], order["refunded_amount"]) == ("PARTIALLY_REFUNDED", 30)
    set_clock(small_shop.desk, "2026-09-12T06:00:00")
    after = refunds(rows(landing, land(landing, access, "transactions", september)))
    assert [row["transaction_id"] for row in after] == ["31", "32"]
    assert after[0]["order_refunded_amount"] == after[0]["amount"] + after[1]["amount"]


def test_a_journey_arrives_an_hour_after_its_order(
    small_shop: Any, access: Access, landing: Landing
) -> None:
    set_clock(small_shop.desk, "2026-09-09T23:30:00")
    early = next(r for r in rows(landing, land(landing, access, "orders")) if r["order_id"] == "4")
    assert early["gclid"] is early["utm_source"] is early["last_landing_page"] is None
    set_clock(small_shop.desk, "2026-09-10T06:00:00")
    late = next(r for r in rows(landing, land(landing, access, "orders")) if r["order_id"] == "4")
    assert late["gclid"] == "Cj0KCQ"
    assert late["changed_at"] == early["changed_at"]


def test_an_order_lands_as_the_shop_shows_it(
    small_shop: Any, access: Access, landing: Landing
) -> None:
    row = next(r for r in rows(landing, land(landing, access, "orders")) if r["order_id"] == "6")
    assert (row["order_name"], row["is_test"], row["financial_status"]) == ("HH6", True, "VOIDED")
    assert row["cancelled_at"] == datetime(2026, 9, 7, 9, tzinfo=UTC)
    # subtotal after the discount of 10, in the shop's currency, not in the customer's pounds
    assert (row["subtotal_amount"], row["discount_amount"], row["total_amount"]) == (
        Decimal("90"), Decimal("10"), Decimal("94.5")
    )  # fmt: skip
    assert row["currency_code"] == row["shop_currency_code"] == "EUR"
    assert (row["utm_source"], row["utm_campaign"]) == ("google", "hampers uk")
    assert row["email_hmac"] and not any("@" in str(v) or "%40" in str(v) for v in row.values())
    assert row["last_landing_page"].endswith("gclid=Cj0KCQ&contact=removed")


def test_click_ids_come_from_the_landing_page_where_there_are_no_utm_parameters() -> None:
    page = "https://shop.example/?fbclid=Iw.A&utm_source=&utm_source=ig&utm_source=other"
    visit = {"landingPage": page, "referrerUrl": None}
    node = {"id": "gid://shopify/Order/1", "customerJourneySummary": {"lastVisit": visit}}
    node["customerJourneySummary"]["lastVisit"]["utmParameters"] = None
    ((row,),) = order_rows([node], WINDOW, "EUR")
    assert (row["gclid"], row["fbclid"], row["utm_source"]) == (None, "Iw.A", "ig")


@pytest.mark.parametrize(
    ("seen", "kept"),
    [
        ("https://shop.example/ann@example.com/?a=1", "https://shop.example/removed/?a=1"),
        (
            "https://shop.example/?a=1#to=ann.b+c%40example.co.uk",
            "https://shop.example/?a=1#to=removed",
        ),
        ("https://shop.example/?m=Ann%2540example.com&a=1", "https://shop.example/?m=removed&a=1"),
        ("https://shop.example/?Phone=351912345678&a=1", "https://shop.example/?Phone=removed&a=1"),
        ("https://maps.example/@38.7,-9.1/?a=b%20c", "https://maps.example/@38.7,-9.1/?a=b%20c"),
        ("http://[shop.example/?gclid=G", "http://[shop.example/?gclid=G"),
    ],
)
def test_no_contact_detail_lands_whatever_the_url(seen: str, kept: str) -> None:
    parameters = {"source": "list", "campaign": "ann@example.com"}
    visit = {"landingPage": seen, "referrerUrl": seen, "utmParameters": parameters}
    node = {"id": "gid://shopify/Order/1", "customerJourneySummary": {"lastVisit": visit}}
    ((row,),) = order_rows([node], WINDOW, "EUR")
    assert (row["last_landing_page"], row["last_referrer"]) == (kept, kept)
    assert (row["utm_source"], row["utm_campaign"]) == ("list", "removed")


def test_a_listing_past_the_cap_is_cut_by_time(
    sandbox: Any, access: Access, landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = Window(date(2026, 8, 1), date(2026, 8, 15))
    whole = rows(landing, land(landing, access, "orders", window))
    monkeypatch.setattr(listing, "LISTING_CAP", 10)
    monkeypatch.setattr(shopify_orders, "LISTING_CAP", 10)
    assert len(whole) > 20
    assert rows(landing, land(landing, access, "orders", window)) == whole


def test_pages_get_smaller_where_they_cost_too_much(
    sandbox: Any, access: Access, landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = rows(landing, land(landing, access, "orders"))
    monkeypatch.setattr(page, "SINGLE_QUERY_POINTS", 250)
    costly = access_to(sandbox.url, access.folder, options={})
    assert rows(landing, land(landing, costly, "orders")) == whole


def test_a_token_that_ended_is_renewed(sandbox: Any, access: Access) -> None:
    admin = Admin(access, SOURCE.stream("shop"), WINDOW)
    admin.shop()
    set_clock(sandbox.desk, "2026-09-16T07:00:00")
    assert admin.shop()["currencyCode"] == "EUR"


def test_the_wait_is_what_the_missing_points_need() -> None:
    def answer(requested: int, available: int) -> dict[str, Any]:
        status = {"currentlyAvailable": available, "restoreRate": 100.0}
        cost = {"requestedQueryCost": requested, "throttleStatus": status}
        errors = [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}]
        return {"errors": errors, "extensions": {"cost": cost}}

    assert seconds_of_missing_points(answer(752, 666)) == pytest.approx(0.86)
    assert seconds_of_missing_points(answer(900, 0)) == 9
    assert seconds_of_missing_points(answer(900, 899) | {"errors": "Internal"}) is None
    assert seconds_of_missing_points({"errors": "Internal"}) is None
