"""HubSpot: whatever goes wrong is one clear error, and nothing half-read is ever committed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contract.hubspot_portal import TOKEN, WINDOW, access_to, land
from trueup.errors import AccessDenied, BrokenContract, TrueupError, VendorUnavailable
from trueup.landing.store import Landing
from trueup.sources.contract import Access, Account


@pytest.fixture
def access(sandbox: Any, tmp_path: Path) -> Access:
    return access_to(sandbox.url, tmp_path)


def refused(landing: Landing, stream: str, error: TrueupError) -> str:
    """The message, which says where and what to do; and no load was committed."""
    message = str(error)
    for part in ("source: hubspot", f"stream: {stream}", f"window: {WINDOW}", "next step: "):
        assert part in message
    assert TOKEN not in message
    assert landing.loads("hubspot", stream) == []
    return message


@pytest.mark.parametrize(
    ("stream", "fault", "times", "error", "says"),
    [
        ("contacts", "unauthorized", 1, AccessDenied, "INVALID_AUTHENTICATION"),
        ("deals", "missing_scopes", 1, AccessDenied, "MISSING_SCOPES"),
        ("contacts", "throttle", 99, VendorUnavailable, "TEN_SECONDLY_ROLLING"),
        ("deals", "server_error", 99, VendorUnavailable, "HTTP 502"),
        ("contacts", "truncated", 1, BrokenContract, "not valid JSON"),
        ("contacts", "missing_last_page", 1, BrokenContract, "fewer records"),
        ("contacts", "missing_column", 9, BrokenContract, "column lifecycle_stage"),
        ("deals", "missing_column", 9, BrokenContract, "column stage"),
        ("contacts", "retyped_column", 9, BrokenContract, "column lifecycle_stage"),
        ("deals", "retyped_column", 9, BrokenContract, "column stage"),
        ("pipelines", "empty_day", 1, BrokenContract, "no row"),
    ],
)
def test_each_fault_is_one_clear_error(
    sandbox: Any, access: Access, landing: Landing,
    stream: str, fault: str, times: int, error: type[TrueupError], says: str,
) -> None:  # fmt: skip
    sandbox.desk.order_fault("hubspot", fault, times)
    with pytest.raises(error) as raised:
        land(landing, access, stream)
    assert says in refused(landing, stream, raised.value)


def test_a_page_sent_twice_is_an_error(sandbox: Any, access: Access, landing: Landing) -> None:
    sandbox.desk.order_fault("hubspot", "duplicate_page", 1)
    with pytest.raises(BrokenContract, match="a second time") as raised:
        land(landing, access, "contacts")
    refused(landing, "contacts", raised.value)


def test_the_daily_limit_is_not_waited_for(sandbox: Any, access: Access, landing: Landing) -> None:
    sandbox.desk.order_fault("hubspot", "daily_limit", 9)
    before = sandbox.desk.calls["hubspot"]
    with pytest.raises(VendorUnavailable, match="daily call limit") as raised:
        land(landing, access, "contacts")
    refused(landing, "contacts", raised.value)
    assert sandbox.desk.calls["hubspot"] - before == 1


def test_the_ten_second_limit_and_a_hiccup_pass(
    sandbox: Any, access: Access, landing: Landing
) -> None:
    quiet = land(landing, access, "contacts").row_count
    sandbox.desk.order_fault("hubspot", "throttle", 2)
    assert land(landing, access, "contacts").row_count == quiet
    sandbox.desk.order_fault("hubspot", "server_error", 2)
    assert land(landing, access, "contacts").row_count == quiet


def test_another_portal_is_refused(access: Access, landing: Landing) -> None:
    elsewhere = replace(access, accounts=(Account("11111111", "Europe/Lisbon", "EUR"),))
    with pytest.raises(AccessDenied, match="another HubSpot account") as raised:
        land(landing, elsewhere, "contacts")
    message = refused(landing, "contacts", raised.value)
    assert "expected: portal 11111111" in message and "got: portal 24680246" in message


def test_a_portal_in_another_currency_is_refused(access: Access, landing: Landing) -> None:
    in_pounds = replace(access, accounts=(Account("24680246", "Europe/Lisbon", "GBP"),))
    with pytest.raises(BrokenContract, match="the portal's currency") as raised:
        land(landing, in_pounds, "deals")
    message = refused(landing, "deals", raised.value)
    assert "expected: GBP" in message and "got: EUR" in message


def test_a_window_without_changes_is_an_empty_load(
    sandbox: Any, access: Access, landing: Landing
) -> None:
    sandbox.desk.order_fault("hubspot", "empty_day", 9)
    assert land(landing, access, "deals").row_count == 0


def test_a_portal_may_name_or_lack_its_own_properties(access: Access, landing: Landing) -> None:
    lacking = {"properties": {"form": None, "utm_campaign": "utm_medium"}, "page_size": 200}
    load = land(landing, replace(access, options=lacking), "contacts")
    assert load.row_count > 0
    misnamed = {"properties": {"form": "enquiry_from"}}
    with pytest.raises(BrokenContract, match="column form"):
        land(landing, replace(access, options=misnamed), "contacts")
    misspelt = {"properties": {"from": "enquiry_form"}}
    with pytest.raises(TrueupError, match="options.properties: no column from"):
        land(landing, replace(access, options=misspelt), "contacts")
