"""Awin: whatever goes wrong is one clear error or costs the row, and nothing half-read lands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from contract.awin_programme import AUGUST, TOKEN, access_to, land, query
from sandbox.desk import Instead
from trueup.errors import (
    AccessDenied,
    BrokenContract,
    TrueupError,
    UnknownRefusal,
    VendorUnavailable,
)
from trueup.landing.store import Landing
from trueup.sources.awin import SOURCE, client, rows
from trueup.sources.contract import Access, Account
from trueup.sources.strict_json import Unreadable


@pytest.fixture
def access(sandbox: Any, tmp_path: Path) -> Access:
    return access_to(sandbox.url, tmp_path)


def refusal(
    landing: Landing, access: Access, error: type[TrueupError], name: str = "transactions"
) -> str:
    """The message, which says where and what to do; and no load was committed."""
    with pytest.raises(error) as raised:
        land(landing, access, name)
    message = str(raised.value)
    for part in ("source: awin", f"stream: {name}", f"window: {AUGUST}", "next step: "):
        assert part in message
    assert TOKEN not in message and "Full authentication" not in message
    assert landing.loads("awin", name) == []
    return message


@pytest.mark.parametrize(
    ("fault", "error", "said"),
    [
        ("expired_token", AccessDenied, "ui.awin.com/awin-api"),
        ("other_account", BrokenContract, "another advertiser"),
        ("missing_column", BrokenContract, "commission_status"),
    ],
)
def test_lasting_faults_are_one_clear_error_at_once(
    access: Access,
    landing: Landing,
    sandbox: Any,
    fault: str,
    error: type[TrueupError],
    said: str,
) -> None:
    sandbox.desk.order_fault("awin", fault, 99)
    before = sandbox.desk.calls["awin"]
    assert said in refusal(landing, access, error)
    assert sandbox.desk.calls["awin"] - before == 1


@pytest.mark.parametrize("fault", ["server_error", "truncated", "web_page", "throttle"])
def test_passing_faults_are_waited_out_and_given_up_in_the_end(
    access: Access,
    landing: Landing,
    sandbox: Any,
    fault: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tenacity.nap.time.sleep", lambda seconds: None)
    sandbox.desk.order_fault("awin", fault, 99)
    refusal(
        landing,
        access,
        UnknownRefusal if fault in ("truncated", "web_page") else VendorUnavailable,
    )
    sandbox.desk.order_fault("awin", fault, 2)
    assert land(landing, access, "transactions").row_count


def test_the_limit_of_calls_is_waited_out_for_a_whole_minute(
    access: Access,
    landing: Landing,
    sandbox: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", slept.append)
    sandbox.desk.order_fault("awin", "throttle", 1)
    assert land(landing, replace(access, options={}), "transactions").row_count
    assert slept == [60]


def test_no_more_calls_are_made_than_the_vendor_grants(
    access: Access,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slept: list[float] = []
    clock = iter(range(1000))
    monkeypatch.setattr(client.time, "monotonic", lambda: float(next(clock)))
    monkeypatch.setattr(client.time, "sleep", slept.append)
    programme = client.Programme(replace(access, options={}), SOURCE.stream("publishers"), AUGUST)
    for _ in range(21):
        programme._keep_pace()
    # The clock of this test moves a second a call: the 21st comes 20 seconds after the first.
    assert len(slept) == 1 and 35 < slept[0] <= 45


@pytest.mark.parametrize("status", [418, 599])
def test_what_nobody_knows_is_tried_within_bounds(
    access: Access,
    landing: Landing,
    sandbox: Any,
    status: int,
) -> None:
    sandbox.desk.spoil("awin", lambda asked, content: Instead(status, {"error": "odd"}), 99)
    before = sandbox.desk.calls["awin"]
    refusal(landing, access, UnknownRefusal if status == 418 else VendorUnavailable)
    assert 1 < sandbox.desk.calls["awin"] - before < 10
    sandbox.desk.clear_faults()


def test_another_account_is_denied_and_the_own_one_lands(
    access: Access,
    landing: Landing,
) -> None:
    dead = replace(access, accounts=(Account("999", "Europe/London", "EUR"),))
    assert "account id" in refusal(landing, dead, AccessDenied)
    assert land(landing, access, "transactions").row_count


def test_a_zone_the_vendor_has_not_is_refused_before_it_is_asked(
    access: Access,
    landing: Landing,
    sandbox: Any,
) -> None:
    lisbon = replace(access, accounts=(Account("15632", "Europe/Lisbon", "EUR"),))
    before = sandbox.desk.calls["awin"]
    assert "Europe/London" in refusal(landing, lisbon, BrokenContract)
    assert sandbox.desk.calls["awin"] == before


def test_an_empty_answer_lands_empty(access: Access, landing: Landing, sandbox: Any) -> None:
    sandbox.desk.order_fault("awin", "empty_day", 1)
    assert land(landing, access, "transactions").row_count == 0


def test_a_new_field_is_kept_and_reported(access: Access, landing: Landing, sandbox: Any) -> None:
    sandbox.desk.order_fault("awin", "new_field", 1)
    load = land(landing, access, "transactions")
    assert query(landing, load, "select distinct _extra from landed") == [
        ('{"loyaltyTier": "gold"}',)
    ]


def test_what_is_deleted_at_the_vendor_is_gone_or_says_so(
    access: Access,
    landing: Landing,
    sandbox: Any,
) -> None:
    before = land(landing, access, "transactions").row_count
    sandbox.desk.order_fault("awin", "deleted", 1)
    load = land(landing, access, "transactions")
    assert load.row_count == before - 1
    said = "select count(*) from landed where commission_status = 'deleted'"
    assert query(landing, load, said) == [(1,)]


@pytest.mark.parametrize(
    ("amount", "is_landed"),
    [({"amount": "12.345678", "currency": "EUR"}, True), (7.5, True), (None, True),
     ({"amount": "a lot", "currency": "EUR"}, False), ({"amount": {}, "currency": "EUR"}, False)],
)  # fmt: skip
def test_an_odd_amount_costs_its_row(
    access: Access,
    landing: Landing,
    sandbox: Any,
    amount: Any,
    is_landed: bool,
) -> None:
    whole = land(landing, access, "transactions").row_count
    sandbox.desk.spoil(
        "awin", lambda asked, answer: [{**answer[0], "saleAmount": amount}, *answer[1:]]
    )
    assert land(landing, access, "transactions").row_count == whole - (not is_landed)


@pytest.mark.parametrize(
    ("field", "value"),
    [("transactionDate", "soon"), ("transactionDate", None), ("id", None),
     ("commissionStatus", None)],
)  # fmt: skip
def test_a_row_without_what_it_needs_is_set_aside(
    access: Access,
    landing: Landing,
    sandbox: Any,
    field: str,
    value: Any,
) -> None:
    whole = land(landing, access, "transactions").row_count
    sandbox.desk.spoil("awin", lambda asked, answer: [{**answer[0], field: value}, *answer[1:]])
    assert land(landing, access, "transactions").row_count == whole - 1


@pytest.mark.parametrize(
    ("answer", "column", "right"),
    [
        ({"commissionStatus": "APPROVED"}, "commission_status", "approved"),
        ({"commissionAmount": 4.26}, "commission_amount", 4.26),
        ({"commissionAmount": {"amount": None, "currency": None}}, "commission_amount", None),
        ({"commissionAmount": {"amount": 1, "currency": "SEK"}}, "commission_currency", "SEK"),
        ({"publisherId": 45628}, "publisher_id", "45628"),
        ({"validationDate": ""}, "validated_at", None),
        ({"validationDate": "0001-01-01T00:00:00"}, "validated_at", None),
        ({"orderRef": "HH1001"}, "order_ref", "HH1001"),
        ({"transactionParts": []}, "transaction_parts", "[]"),
        ({}, "transaction_parts", None),
        ({"customerAcquisition": "new"}, "customer_acquisition", "new"),
        ({"commissionSharingPublisherId": 7}, "commission_sharing_publisher_id", "7"),
        ({"networkFee": {"amount": 1.19, "currency": "EUR"}}, "network_fee_amount", 1.19),
    ],
)
def test_inputs_seen_in_the_wild(answer: dict[str, Any], column: str, right: Any) -> None:
    assert rows.transaction(answer, "Europe/London")[column] == right


@pytest.mark.parametrize(
    "options", [{"validation_days": "long"}, {"calls_per_minute": 0}, {"validation_days": True}]
)
def test_odd_options_are_named(options: dict[str, Any]) -> None:
    assert SOURCE.option_problems and list(SOURCE.option_problems(options))


def test_a_longer_wait_for_validation_is_the_companys_to_say(access: Access) -> None:
    stream, day = SOURCE.stream("transactions"), date(2026, 9, 14)
    assert SOURCE.restate_days
    assert SOURCE.restate_days(access, stream, day) == 92
    longer = replace(access, options={"validation_days": 180})
    assert SOURCE.restate_days(longer, stream, day) == 180
    assert SOURCE.restate_days(longer, SOURCE.stream("publishers"), day) == 0


def test_an_object_that_holds_the_list_is_read_too() -> None:
    class Answer:
        content = b'{"publishers": [{"id": 1}]}'

    assert client._listed(Answer()) == [{"id": 1}]  # type: ignore[arg-type]


@pytest.mark.parametrize("answer", [b'{"errors": []}', b'{"error": "x", "details": []}'])
def test_an_object_of_errors_is_no_list_of_nothing(answer: bytes) -> None:
    class Answer:
        content = answer

    with pytest.raises(Unreadable, match="no list"):
        client._listed(Answer())  # type: ignore[arg-type]
