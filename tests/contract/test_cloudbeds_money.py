"""Cloudbeds' Accounting API: payments, refunds and voids land once and whole, or say why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from contract.cloudbeds_property import (
    TABLES,
    WINDOW,
    access_to,
    book_in,
    extracted,
    land,
    rows,
)
from sandbox.desk import Asked, Instead
from trueup.errors import (
    AccessDenied,
    BrokenContract,
    TrueupError,
    UnknownRefusal,
    VendorUnavailable,
)
from trueup.landing.plan import windows
from trueup.landing.store import Landing
from trueup.sources.bounds import LostPage
from trueup.sources.cloudbeds import SOURCE
from trueup.sources.contract import Access
from trueup.window import Window

VENDOR = "cloudbeds"
#: More payments than a page may hold.
MANY = 2500
FULL_BOOK = TABLES | {
    "room_payments": f"""
        select i as transaction_id, 'p000001' as reservation_id, '9300' as code,
            timestamp '2026-08-10 00:00' + interval (i) minute as moved_at,
            1.25::decimal(18, 2) as amount, i as root_id
        from range({MANY}) numbers(i)""",
}


@pytest.fixture
def access(sandbox: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Access:
    book_in(sandbox.desk, monkeypatch)
    return access_to(sandbox.url, tmp_path)


@pytest.fixture
def busy(sandbox: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Access:
    book_in(sandbox.desk, monkeypatch, FULL_BOOK)
    return access_to(sandbox.url, tmp_path)


def test_money_lands_as_it_was_posted(access: Access, landing: Landing) -> None:
    found = rows(landing, land(landing, access, "transactions"))
    assert [(r["code"], r["reservation_id"], r["amount"], r["root_id"]) for r in found] == [
        ("9300", "late", Decimal(60), "1"), ("9100", "silent", Decimal(260), "2"),
        ("9100", "silent", Decimal(260), "3"), ("9100V", "silent", Decimal(-260), "3"),
        ("9100A", "silent", Decimal(-20), "2"),
    ]  # fmt: skip
    assert {(r["source_kind"], r["currency_code"]) for r in found} == {("RESERVATION", "EUR")}
    assert found[0]["moved_at"].isoformat() == "2026-08-20T09:00:05+00:00"


def test_a_page_past_the_vendors_cap_loses_nothing(sandbox: Any, busy: Access) -> None:
    before = sandbox.desk.calls[VENDOR]
    found, odd, stated = extracted(busy, "transactions")
    assert len({row["transaction_id"] for row in found}) == MANY == stated["rows"] and not odd
    # the property, the codes, three pages of 1,100 at most
    assert sandbox.desk.calls[VENDOR] - before == 1 + 1 + 3


def test_a_day_is_the_reporting_zones(access: Access) -> None:
    """13 September ends at 23:00 UTC."""
    day = Window(date(2026, 9, 13), date(2026, 9, 14))
    assert [row["transaction_id"] for row in extracted(access, "transactions", day)[0]] == [
        "2", "3", "4",
    ]  # fmt: skip
    empty = Window(date(2026, 9, 1), date(2026, 9, 2))
    assert extracted(access, "transactions", empty)[0] == []


def test_a_payment_entered_for_a_day_of_last_month_is_asked_for() -> None:
    """As when a month's books are closed; in one question, as on any day."""
    today, month_ago = date(2026, 9, 30), date(2026, 8, 31)
    covered = set(Window(WINDOW.since, today).days())
    stream = SOURCE.stream("transactions")
    [asked] = windows(stream, day=today, history_start=WINDOW.since, covered=covered)
    assert asked.since <= month_ago and asked.last_day == today


def test_a_window_landed_again_is_the_same(access: Access, landing: Landing) -> None:
    first = rows(landing, land(landing, access, "transactions"))
    assert rows(landing, land(landing, access, "transactions")) == first


@pytest.mark.parametrize(
    ("fault", "times", "error", "says"),
    [
        ("unauthorized", 9, AccessDenied, "read:payment"),
        ("no_accounting", 9, AccessDenied, "read:payment"),
        ("user_gone", 9, AccessDenied, "a user who is active"),
        ("throttle", 99, VendorUnavailable, "HTTP 429"),
        ("server_error", 99, VendorUnavailable, "HTTP 503"),
        ("same_token", 99, LostPage, "lost a page"),
    ],
)
def test_each_fault_is_one_clear_error(
    sandbox: Any, busy: Access, landing: Landing,
    fault: str, times: int, error: type[TrueupError], says: str,
) -> None:  # fmt: skip
    sandbox.desk.order_fault(VENDOR, fault, times)
    with pytest.raises(error) as raised:
        land(landing, busy, "transactions")
    for part in ("source: cloudbeds", "stream: transactions", "next step: ", says):
        assert part in str(raised.value)
    assert landing.loads(VENDOR, "transactions") == []


@pytest.mark.parametrize("fault", ["throttle", "server_error", "same_token"])
def test_what_passes_is_waited_for(sandbox: Any, busy: Access, fault: str) -> None:
    sandbox.desk.order_fault(VENDOR, fault, 1)
    assert len(extracted(busy, "transactions")[0]) == MANY


def changed(change: dict[str, Any]) -> Any:
    def spoil(asked: Asked, answer: Any) -> Any:
        if not asked.path.endswith("/transactions"):
            return None
        answer["transactions"][0] |= change
        return answer

    return spoil


@pytest.mark.parametrize(
    ("change", "column", "value"),
    [
        ({"transactionDatetime": "2026-08-20T09:00:05"}, "moved_at", "2026-08-20 09:00:05+00:00"),
        (
            {"transactionDatetime": "2026-08-20T10:00:05.648106+01:00"},
            "moved_at", "2026-08-20 10:00:05.648106+01:00",
        ),
        ({"amount": "60.00"}, "amount", "60.00"),
        ({"currency": None}, "currency_code", "EUR"),
        ({"rootId": None}, "root_id", None),
        ({"sourceIdentifier": None}, "reservation_id", None),
        ({"sourceIdentifier": ""}, "reservation_id", None),
        ({"sourceKind": "GROUP_PROFILE"}, "source_kind", "GROUP_PROFILE"),
        ({"sourceKind": None}, "source_kind", None),
        ({"internalTransactionCode": "9300R"}, "code", "9300R"),
        ({"internalTransactionCode": 9300}, "code", "9300"),
        ({"folioId": "new", "notes": "of Ana Silva"}, "code", "9300"),
    ],
)  # fmt: skip
def test_the_forms_a_field_comes_in_are_read(
    sandbox: Any, access: Access, change: dict[str, Any], column: str, value: Any
) -> None:
    sandbox.desk.spoil(VENDOR, changed(change))
    found, odd, _ = extracted(access, "transactions")
    assert not odd
    assert found[0][column] == value or str(found[0][column]) == value
    assert "Ana" not in str(found)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"id": None}, "id or internalTransactionCode is missing"),
        ({"internalTransactionCode": ""}, "id or internalTransactionCode is missing"),
        ({"transactionDatetime": None}, "transactionDatetime is no date and time"),
        ({"transactionDatetime": "yesterday"}, "transactionDatetime is no date and time"),
        ({"transactionDatetime": "1970-01-01T00:00:00Z"}, "is the zero of a clock"),
    ],
)
def test_one_odd_transaction_costs_that_transaction(
    sandbox: Any, access: Access, change: dict[str, Any], says: str
) -> None:
    calm, _, stated = extracted(access, "transactions")
    sandbox.desk.spoil(VENDOR, changed(change))
    found, [aside], still = extracted(access, "transactions")
    assert len(found) == len(calm) - 1 and still == stated
    assert says in aside.reason and aside.amount == 60


@pytest.mark.parametrize(
    ("path", "answer", "says"),
    [
        ("/transactions", {"transactions": "all"}, "transactions"),
        ("/transactions", {"transactions": [1]}, "transactions"),
        ("/transactions", {}, "transactions"),
        ("internal-transaction-codes", {"content": []}, "codes of payments"),
        ("internal-transaction-codes", {"content": [{"code": "1000"}]}, "codes of payments"),
        ("internal-transaction-codes", {"content": None}, "a list of objects"),
    ],
)
def test_an_answer_in_another_form_is_named(
    sandbox: Any, access: Access, path: str, answer: Any, says: str
) -> None:
    sandbox.desk.spoil(
        VENDOR, lambda asked, _: answer if asked.path.endswith(path) else None, times=99
    )
    with pytest.raises(BrokenContract, match=says):
        extracted(access, "transactions")


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("ACCESS_DENIED", 403, AccessDenied),
        ("INVALID_REQUEST", 400, TrueupError),
        ("UNEXPECTED_ERROR", 500, VendorUnavailable),
        ("SOMETHING_NEW", 418, UnknownRefusal),
    ],
)
def test_the_accounting_apis_own_errors_are_read(
    sandbox: Any, access: Access, code: str, status: int, error: type[TrueupError]
) -> None:
    body = {"id": "1", "errorCode": code, "errorDetails": "Ana Silva of room 12"}
    sandbox.desk.spoil(VENDOR, lambda *_: Instead(status, body), times=99)
    with pytest.raises(error) as raised:
        extracted(access, "transactions", WINDOW)
    assert "Ana" not in str(raised.value)


@pytest.mark.parametrize(
    ("change", "amount"),
    [({"amount": 6000}, 60), ({"amount": 60000, "currencyScale": 3}, 60),
     ({"amount": 60, "currencyScale": 0}, 60), ({"amount": -6000}, -60)],
)  # fmt: skip
def test_amounts_in_the_smallest_unit_become_units_where_the_company_says_so(
    sandbox: Any, access: Access, change: dict[str, Any], amount: int
) -> None:
    in_cents = replace(access, options={**access.options, "payments_in": "smallest_units"})
    sandbox.desk.spoil(VENDOR, changed(change))
    found, odd, _ = extracted(in_cents, "transactions")
    assert not odd and found[0]["amount"] == amount


@pytest.mark.parametrize("scale", [None, "2", True, -1, 40])
def test_cents_of_nobody_knows_what_cost_that_transaction(
    sandbox: Any, access: Access, scale: Any
) -> None:
    in_cents = replace(access, options={**access.options, "payments_in": "smallest_units"})
    sandbox.desk.spoil(VENDOR, changed({"currencyScale": scale}))
    found, [aside], _ = extracted(in_cents, "transactions")
    assert len(found) == 4 and aside.reason == "currencyScale is no number of decimals"
