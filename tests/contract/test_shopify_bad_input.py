"""Shopify: whatever goes wrong is one clear error, and nothing half-read is ever committed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contract.shopify_shop import WINDOW, access_to, land, open_small_shop
from sandbox.desk import Asked, Instead
from trueup.errors import (
    AccessDenied,
    BrokenContract,
    TrueupError,
    UnknownRefusal,
    VendorUnavailable,
)
from trueup.landing.store import Landing
from trueup.sources.contract import Access, Account, ControlTotal, SetAside
from trueup.sources.shopify import SOURCE, disputes, lines
from trueup.sources.shopify.client import Admin


@pytest.fixture
def access(sandbox: Any, tmp_path: Path) -> Access:
    return access_to(sandbox.url, tmp_path)


@pytest.fixture
def small_shop(sandbox: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    open_small_shop(sandbox.desk, monkeypatch)
    return sandbox


def refused(landing: Landing, access: Access, stream: str, error: TrueupError) -> str:
    """The message, which says where and what to do; and no load was committed."""
    message = str(error)
    for part in ("source: shopify", f"stream: {stream}", f"window: {WINDOW}", "next step: "):
        assert part in message
    assert access.secrets["client_secret"] not in message and "shpat_" not in message
    assert landing.loads("shopify", stream) == []
    return message


@pytest.mark.parametrize(
    ("stream", "fault", "times", "error", "says"),
    [
        ("orders", "unauthorized", 9, AccessDenied, "HTTP 401"),
        ("shop", "unauthorized", 9, AccessDenied, "HTTP 401"),
        ("orders", "access_denied", 1, AccessDenied, "read_customers"),
        ("transactions", "missing_scope", 1, AccessDenied, "without read_all_orders"),
        ("order_days", "server_error", 99, VendorUnavailable, "HTTP 503"),
        ("orders", "truncated", 99, UnknownRefusal, "cannot be read (truncated?)"),
        ("orders", "wrong_version", 1, BrokenContract, "got: 2026-01"),
        ("orders", "missing_last_page", 9, VendorUnavailable, "the pages do not hold"),
        ("transactions", "missing_last_page", 9, VendorUnavailable, "the pages do not hold"),
        ("order_days", "missing_last_page", 9, VendorUnavailable, "the pages do not hold"),
        ("disputes", "access_denied", 1, AccessDenied, "read_shopify_payments_disputes"),
        ("orders", "duplicate_page", 9999, VendorUnavailable, "the pages do not hold"),
        ("orders", "empty_day", 9, VendorUnavailable, "got: 0 rows"),
        # last: it leaves the bucket of query costs empty
        ("orders", "throttle", 99, VendorUnavailable, "THROTTLED"),
    ],
)
def test_each_fault_is_one_clear_error(
    sandbox: Any, access: Access, landing: Landing,
    stream: str, fault: str, times: int, error: type[TrueupError], says: str,
) -> None:  # fmt: skip
    sandbox.desk.order_fault("shopify", fault, times)
    with pytest.raises(error) as raised:
        land(landing, access, stream)
    assert says in refused(landing, access, stream, raised.value)


@pytest.mark.parametrize("fault", ["missing_column", "retyped_column"])
def test_an_odd_order_is_set_aside_and_the_others_land(
    sandbox: Any, access: Access, landing: Landing, fault: str
) -> None:
    calm = land(landing, access, "orders")
    sandbox.desk.order_fault("shopify", fault, 1)
    load = land(landing, access, "orders")
    assert (load.row_count, load.set_aside_count) == (calm.row_count - 1, 1)


@pytest.mark.parametrize("fault", ["throttle", "server_error", "duplicate_page"])
def test_a_passing_fault_is_overcome(
    sandbox: Any, access: Access, landing: Landing, fault: str
) -> None:
    sandbox.desk.order_fault("shopify", fault, 2)
    assert land(landing, access, "orders").row_count > 10
    assert not sandbox.desk.takes_fault("shopify", fault)


def test_a_query_that_waits_for_points_is_asked_more_often_than_one_that_fails(
    sandbox: Any, access: Access, landing: Landing
) -> None:
    calm = land(landing, access, "orders")
    attempts = Admin(access, SOURCE.stream("orders"), WINDOW).attempts
    sandbox.desk.order_fault("shopify", "throttle", attempts + 2)
    assert land(landing, access, "orders").row_count == calm.row_count


def listing(asked: Asked) -> bool:
    return (
        "orders(" in str(asked.params.get("query")) and "ordersCount" not in asked.params["query"]
    )


def error(code: str | None, *path: Any, message: str = "Something went wrong") -> dict[str, Any]:
    found: dict[str, Any] = {"message": message, "path": list(path)}
    return found | ({"extensions": {"code": code, "requestId": "7d2"}} if code else {})


def extracted(access: Access, stream: str) -> tuple[list[Any], list[SetAside], dict[str, Any]]:
    """Rows, what is set aside, and what the vendor states."""
    pages = list(SOURCE.extract(access, SOURCE.stream(stream), WINDOW))
    rows = [row for page in pages if isinstance(page, list) for row in page]
    odd = [page for page in pages if isinstance(page, SetAside)]
    return rows, odd, {p.name: p.value for p in pages if isinstance(p, ControlTotal)}


@pytest.mark.parametrize("code", ["INTERNAL_SERVER_ERROR", "TIMEOUT", "SOMETHING_NEW", None])
def test_an_error_of_theirs_or_nobodys_is_asked_again_within_bounds(
    small_shop: Any, access: Access, code: str | None
) -> None:
    def spoil(asked: Asked, answer: Any) -> Any:
        return {"errors": [error(code)], "extensions": {}} if listing(asked) else None

    calm = extracted(access, "orders")
    small_shop.desk.spoil("shopify", spoil, times=2)
    assert extracted(access, "orders") == calm
    small_shop.desk.spoil("shopify", spoil, times=9999)
    before = small_shop.desk.calls["shopify"]
    with pytest.raises(UnknownRefusal, match="however often asked") as raised:
        extracted(access, "orders")
    assert small_shop.desk.calls["shopify"] - before < 60
    message = str(raised.value)
    assert (code or "no code") in message and "retries by itself" in message
    assert not raised.value.permanent


@pytest.mark.parametrize(
    ("status", "kind", "says"),
    [
        (402, AccessDenied, "frozen"),
        (404, AccessDenied, "not known"),
        (423, AccessDenied, "locked"),
        (409, UnknownRefusal, "nobody here knows"),
        (430, VendorUnavailable, "HTTP 430"),
        (530, VendorUnavailable, "HTTP 530"),
    ],
)
def test_a_shop_that_is_closed_is_named_and_another_error_is_asked_again(
    sandbox: Any, access: Access, landing: Landing, status: int, kind: Any, says: str
) -> None:
    answer = Instead(status, {"errors": "not now"})
    sandbox.desk.spoil("shopify", lambda *_: answer, times=99)
    with pytest.raises(kind, match=says) as raised:
        land(landing, access, "orders")
    assert "account: harbour-house.myshopify.com" in refused(
        landing, access, "orders", raised.value
    )
    assert raised.value.permanent is (kind is AccessDenied)
    sandbox.desk.clear_faults()
    if not raised.value.permanent:
        sandbox.desk.spoil("shopify", lambda *_: answer, times=2)
        assert land(landing, access, "orders").row_count


def test_what_cannot_be_read_of_one_order_costs_no_more_than_that(
    small_shop: Any, access: Access
) -> None:
    """Data and errors side by side: the field is null, the error says where."""

    def spoil(asked: Asked, answer: Any) -> Any:
        if not listing(asked) or not answer["data"]["orders"]["nodes"]:
            return None
        answer["data"]["orders"]["nodes"][0]["customerJourneySummary"] = None
        journey = ("orders", "nodes", 0, "customerJourneySummary")
        return answer | {"errors": [error("INTERNAL_SERVER_ERROR", *journey)]}

    calm, _, stated = extracted(access, "orders")
    small_shop.desk.spoil("shopify", spoil, times=2)
    assert extracted(access, "orders")[0] == calm
    small_shop.desk.spoil("shopify", spoil, times=999)
    rows, odd, still = extracted(access, "orders")
    assert [row["total_amount"] for row in rows] == [row["total_amount"] for row in calm]
    marked = [row for row in rows if "unread" in row]
    assert 0 < len(marked) < len(rows) and not odd and still == stated
    assert {row["unread"] for row in marked} == {"customerJourneySummary: INTERNAL_SERVER_ERROR"}
    assert all(row["last_landing_page"] is None for row in marked)


def test_an_order_that_cannot_be_shown_at_all_costs_that_order(
    small_shop: Any, access: Access
) -> None:
    """A null where none may be: the whole page is null, and every page that holds the order."""
    calm, _, _ = extracted(access, "orders")
    broken = calm[2]["order_id"]

    def spoil(asked: Asked, answer: Any) -> Any:
        if not listing(asked):
            return None
        nodes = answer["data"]["orders"]["nodes"]
        at = [n for n, node in enumerate(nodes) if node["id"].endswith(f"/{broken}")]
        if not at:
            return None
        path = ("orders", "nodes", at[0], "totalPriceSet")
        return {"data": None, "errors": [error("INTERNAL_SERVER_ERROR", *path)]}

    small_shop.desk.spoil("shopify", spoil, times=9999)
    rows, [aside], stated = extracted(access, "orders")
    assert {row["order_id"] for row in calm} - {row["order_id"] for row in rows} == {broken}
    assert stated == {"rows": len(rows) + 1}
    assert "INTERNAL_SERVER_ERROR" in aside.reason and "updated_at:>=" in aside.position


def test_an_order_without_a_list_of_its_money_costs_its_money(
    small_shop: Any, access: Access
) -> None:
    calm, _, _ = extracted(access, "transactions")

    def spoil(asked: Asked, answer: Any) -> Any:
        nodes = answer["data"]["orders"]["nodes"] if listing(asked) else []
        if not nodes:
            return None
        nodes[0]["transactions"] = None
        spoilt.append(nodes[0]["id"].rpartition("/")[2])
        return answer

    spoilt: list[str] = []

    small_shop.desk.spoil("shopify", spoil)
    rows, [aside], _ = extracted(access, "transactions")
    assert rows == [row for row in calm if row["order_id"] not in spoilt]
    assert len(rows) < len(calm) and aside.reason == "no list of transactions"


@pytest.mark.parametrize(
    ("account", "error", "says"),
    [
        (Account("other.myshopify.com", "Europe/Lisbon", "EUR"), AccessDenied, "another shop"),
        (
            Account("harbour-house.myshopify.com", "Europe/Lisbon", "GBP"),
            BrokenContract,
            "currency",
        ),
        (
            Account("harbour-house.myshopify.com", "Europe/Paris", "EUR"),
            BrokenContract,
            "time zone",
        ),
    ],
)
def test_another_shop_than_the_company_files_is_refused(
    access: Access, landing: Landing, account: Account, error: type[TrueupError], says: str
) -> None:
    with pytest.raises(error) as raised:
        land(landing, replace(access, accounts=(account,)), "orders")
    assert says in refused(landing, access, "orders", raised.value)


def test_a_shops_zone_by_another_of_its_names_is_the_same_zone(access: Access) -> None:
    named = replace(access, accounts=(replace(access.accounts[0], time_zone="Portugal"),))
    [row], *_ = extracted(named, "shop")
    assert row["time_zone"] == "Portugal"


def test_wrong_client_credentials_are_refused(access: Access, landing: Landing) -> None:
    wrong = replace(access, secrets=dict(access.secrets) | {"client_id": "another-app"})
    with pytest.raises(AccessDenied) as raised:
        land(landing, wrong, "orders")
    message = refused(landing, access, "orders", raised.value)
    assert "invalid_client" in message and "check client_id" in message


def test_a_wrong_base_url_is_a_clear_error(access: Access, landing: Landing) -> None:
    lost = replace(access, base_url=access.base_url.replace("/shopify", "/nowhere"))
    with pytest.raises(TrueupError) as raised:
        land(landing, lost, "orders")
    refused(landing, access, "orders", raised.value)


def test_a_graphql_error_never_passes_silently(access: Access) -> None:
    admin = Admin(access, SOURCE.stream("orders"), WINDOW)
    with pytest.raises(BrokenContract, match=r"PARSE_ERROR \(colour\)"):
        admin.ask("{ shop { colour } }")


class Endless(Admin):
    """A vendor whose pages go on for ever, with or without a cursor that moves."""

    moves = True
    asked = 0

    def ask(self, query: str, /, **variables: Any) -> dict[str, Any]:
        self.asked += 1
        page = {"hasNextPage": True, "endCursor": f"c{self.asked}" if self.moves else "c"}
        nodes: list[Any] = [{"id": "gid://x/1"}] * 250
        return {"disputes": {"nodes": nodes, "pageInfo": page},
                "order": {"lineItems": {"nodes": nodes, "pageInfo": page}}}  # fmt: skip

    def may(self, scope: str) -> bool:
        return True


@pytest.mark.parametrize("moves", [True, False])
def test_lists_that_come_to_no_end_are_given_up(
    access: Access, moves: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Endless, "moves", moves)
    first = {"nodes": [], "pageInfo": {"hasNextPage": True, "endCursor": "c0"}}
    order = {"id": "gid://shopify/Order/1", "lineItems": first}
    for stream, ask in (
        ("orders", lambda admin: lines.completed(admin, order)),
        ("disputes", lambda admin: list(disputes.listed(admin))),
    ):
        admin = Endless(access, SOURCE.stream(stream), WINDOW)
        with pytest.raises(BrokenContract, match="comes to no end"):
            ask(admin)
        assert admin.asked <= 101


def test_a_list_of_orders_without_their_days_is_a_broken_contract(
    small_shop: Any, access: Access, landing: Landing
) -> None:
    def spoil(asked: Asked, answer: Any) -> Any:
        if "OrderIds" not in asked.params.get("query", ""):
            return None
        answer["data"]["orders"]["nodes"][0].pop("createdAt")
        return answer

    small_shop.desk.spoil("shopify", spoil, times=99)
    with pytest.raises(BrokenContract, match="list of orders cannot be read"):
        land(landing, access, "order_days")
