"""HubSpot: whatever goes wrong is one clear error, and nothing half-read is ever committed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contract.hubspot_portal import TOKEN, WINDOW, access_to, land
from sandbox.desk import Asked, Instead
from trueup.errors import (
    AccessDenied,
    BrokenContract,
    TrueupError,
    UnknownRefusal,
    VendorUnavailable,
)
from trueup.landing.store import Landing
from trueup.sources.bounds import LostPage
from trueup.sources.contract import Access, Account, ControlTotal, SetAside
from trueup.sources.hubspot import SOURCE
from trueup.sources.hubspot.refusals import TooSlow


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
        ("contacts", "truncated", 99, UnknownRefusal, "cannot be read (truncated?)"),
        ("contacts", "missing_last_page", 99, LostPage, "fewer records"),
        ("contacts", "missing_column", 999, BrokenContract, "column lifecycle_stage"),
        ("deals", "missing_column", 999, BrokenContract, "column stage"),
        ("contacts", "retyped_column", 999, BrokenContract, "column lifecycle_stage"),
        ("deals", "retyped_column", 999, BrokenContract, "column stage"),
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


@pytest.mark.parametrize("fault", ["duplicate_page", "missing_last_page"])
def test_a_page_lost_or_sent_twice_once_is_asked_for_again(
    sandbox: Any, access: Access, fault: str
) -> None:
    calm = extracted(access, "contacts")
    sandbox.desk.order_fault("hubspot", fault, 1)
    assert extracted(access, "contacts") == calm
    assert not sandbox.desk.takes_fault("hubspot", fault)


def test_a_page_sent_twice_is_an_error(sandbox: Any, access: Access, landing: Landing) -> None:
    sandbox.desk.order_fault("hubspot", "duplicate_page", 99)
    with pytest.raises(VendorUnavailable, match="a second time") as raised:
        land(landing, access, "contacts")
    refused(landing, "contacts", raised.value)


def answers(asked: Asked, path: str) -> bool:
    return asked.path.endswith(path)


@pytest.mark.parametrize(
    "answer",
    [
        Instead(400, {"status": "error", "category": "MOOD_SWING", "message": "not today"}),
        Instead(409, {"status": "error", "message": "conflict"}),
        Instead(403, "<html>cloudflare</html>", {"content-type": "text/html"}),
        Instead(200, "<html>maintenance</html>", {"content-type": "text/html"}),
    ],
)
def test_an_error_nobody_knows_is_asked_again_within_bounds(
    sandbox: Any, access: Access, landing: Landing, answer: Instead
) -> None:
    sandbox.desk.spoil("hubspot", lambda asked, _: answer, times=2)
    assert land(landing, access, "pipelines").row_count
    sandbox.desk.spoil("hubspot", lambda asked, _: answer, times=99)
    with pytest.raises(UnknownRefusal) as raised:
        land(landing, access, "contacts")
    assert not raised.value.permanent
    message = refused(landing, "contacts", raised.value)
    assert "account: 24680246" in message and "retries by itself" in message


@pytest.mark.parametrize("status", [423, 477, 408, 524, 530])
def test_a_locked_or_moving_portal_is_waited_for(
    sandbox: Any, access: Access, landing: Landing, status: int
) -> None:
    sandbox.desk.spoil("hubspot", lambda asked, _: Instead(status, {"status": "error"}), times=2)
    assert land(landing, access, "pipelines").row_count


def test_a_search_that_times_out_is_asked_for_fewer_records(sandbox: Any, access: Access) -> None:
    def spoil(asked: Asked, answer: Any) -> Instead | None:
        is_slow = answers(asked, "/search") and asked.params["limit"] > 60
        return Instead(504, "<html>Gateway Timeout</html>") if is_slow else None

    whole = replace(access, options={"page_size": 200})
    calm = extracted(whole, "contacts")
    sandbox.desk.spoil("hubspot", spoil, times=99)
    assert extracted(whole, "contacts") == calm
    sandbox.desk.spoil(
        "hubspot", lambda a, _: Instead(504, "") if answers(a, "/search") else None, 99
    )
    with pytest.raises(TooSlow, match="does not answer in time") as raised:
        extracted(whole, "contacts")
    assert not raised.value.permanent


def extracted(access: Access, stream: str) -> tuple[list[Any], list[SetAside], dict[str, Any]]:
    """Rows, what is set aside, and what the vendor states."""
    pages = list(SOURCE.extract(access, SOURCE.stream(stream), WINDOW))
    rows = [row for page in pages if isinstance(page, list) for row in page]
    odd = [page for page in pages if isinstance(page, SetAside)]
    return rows, odd, {p.name: p.value for p in pages if isinstance(p, ControlTotal)}


def test_a_batch_that_is_answered_in_part_costs_the_record_that_is_gone(
    sandbox: Any, access: Access
) -> None:
    """HTTP 207: results and errors side by side."""
    rows, _, stated = extracted(access, "deals")
    gone = rows[3]["deal_id"]
    error = {"status": "error", "category": "OBJECT_NOT_FOUND", "message": "Could not get some"}

    def spoil(asked: Asked, answer: Any) -> Instead | None:
        if not answers(asked, "deals/batch/read"):
            return None
        left = [record for record in answer["results"] if record["id"] != gone]
        if len(left) == len(answer["results"]):
            return None
        if not left:
            return Instead(404, error)
        return Instead(207, {**answer, "results": left, "numErrors": 1, "errors": [error]})

    sandbox.desk.spoil("hubspot", spoil, times=99)
    for stream in ("deals", "deal_stages"):
        left, [odd], still = extracted(access, stream)
        assert gone not in {row["deal_id"] for row in left} and odd.position == f"deals {gone}"
        assert "gone" in odd.reason and odd.is_lost
        if stream == "deals":
            assert [row for row in rows if row["deal_id"] != gone] == left
            assert still == stated == {"rows": len(left) + 1}


def test_a_record_missing_once_is_asked_for_again(sandbox: Any, access: Access) -> None:
    calm = extracted(access, "deals")

    def spoil(asked: Asked, answer: Any) -> Any:
        if not answers(asked, "deals/batch/read"):
            return None
        return {**answer, "results": answer["results"][1:]}

    sandbox.desk.spoil("hubspot", spoil)
    assert extracted(access, "deals") == calm


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"createdAt": "yesterday"}, None),
        ({"properties": None}, "no properties"),
        ({"properties": {"lastmodifieddate": "soon"}}, "lastmodifieddate is no ISO 8601 instant"),
        ({"id": None}, "no id"),
    ],
)
def test_one_odd_record_costs_that_record(
    sandbox: Any, access: Access, change: dict[str, Any], says: str | None
) -> None:
    calm, _, stated = extracted(access, "contacts")

    def spoil(asked: Asked, answer: Any) -> Any:
        if not answers(asked, "contacts/search" if says else "contacts/batch/read"):
            return None
        answer["results"][2] |= change
        return answer

    sandbox.desk.spoil("hubspot", spoil)
    rows, odd, still = extracted(access, "contacts")
    assert still == stated
    if says is None:  # a column of the row: intake's to judge
        assert len(rows) == len(calm) and not odd
        assert sum(row not in calm for row in rows) == 1
    else:
        assert len(rows) == len(calm) - 1 and all(row in calm for row in rows)
        [aside] = odd
        assert says in aside.reason and "@" not in aside.content


def test_a_pipeline_without_stages_costs_that_pipeline(sandbox: Any, access: Access) -> None:
    def spoil(asked: Asked, answer: Any) -> Any:
        if not answers(asked, "pipelines/deals"):
            return None
        del answer["results"][0]["stages"]
        return answer

    sandbox.desk.spoil("hubspot", spoil)
    rows, [aside], _ = extracted(access, "pipelines")
    assert {row["pipeline"] for row in rows} == {"events"} and aside.position == "pipeline weddings"


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
