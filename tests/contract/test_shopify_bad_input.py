"""Shopify: whatever goes wrong is one clear error, and nothing half-read is ever committed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contract.shopify_shop import WINDOW, access_to, land
from trueup.errors import AccessDenied, BrokenContract, TrueupError, VendorUnavailable
from trueup.landing.store import Landing
from trueup.sources.contract import Access, Account
from trueup.sources.shopify import SOURCE
from trueup.sources.shopify.client import Admin


@pytest.fixture
def access(sandbox: Any, tmp_path: Path) -> Access:
    return access_to(sandbox.url, tmp_path)


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
        ("refunds", "missing_scope", 1, AccessDenied, "without read_all_orders"),
        ("orders", "throttle", 99, VendorUnavailable, "Throttled"),
        ("refunds", "server_error", 99, VendorUnavailable, "HTTP 503"),
        ("orders", "truncated", 1, BrokenContract, "not valid JSON"),
        ("orders", "wrong_version", 1, BrokenContract, "got: 2026-01"),
        ("orders", "missing_last_page", 9, BrokenContract, "the pages do not hold"),
        ("refunds", "missing_last_page", 9, BrokenContract, "the pages do not hold"),
        ("orders", "duplicate_page", 1, BrokenContract, "the pages do not hold"),
        ("orders", "empty_day", 9, BrokenContract, "got: 0 rows"),
        ("orders", "missing_column", 9, BrokenContract, "column subtotal_amount"),
        ("refunds", "missing_column", 9, BrokenContract, "column refunds"),
        ("orders", "retyped_column", 9, BrokenContract, "column updated_at"),
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


@pytest.mark.parametrize("fault", ["throttle", "server_error"])
def test_a_passing_fault_is_overcome(
    sandbox: Any, access: Access, landing: Landing, fault: str
) -> None:
    sandbox.desk.order_fault("shopify", fault, 2)
    assert land(landing, access, "orders").row_count > 10
    assert not sandbox.desk.takes_fault("shopify", fault)


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
    with pytest.raises(BrokenContract, match="Cannot query field 'colour'"):
        admin.ask("{ shop { colour } }")
