"""Server-side events: what vendors say of them, whatever they answer."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from contract.server_log import DAY, FOR_EVER, GOOGLE, WEEK, access_to, land, rows
from sandbox.desk import Asked, Instead
from trueup.errors import AccessDenied, BrokenContract, UnknownRefusal, VendorUnavailable
from trueup.sources import google_service_account, refusal_tables
from trueup.sources.contract import Absent
from trueup.sources.conversions_api import SOURCE, judging, outcomes

FAULTS = [
    ("requests", "google_throttle", 1, None), ("requests", "google_server_error", 1, None),
    ("requests", "google_server_error", FOR_EVER, VendorUnavailable),
    ("requests", "google_throttle", FOR_EVER, VendorUnavailable),
    ("requests", "google_forbidden", 1, AccessDenied),
    ("requests", "google_unauthorized", 1, AccessDenied),
    ("requests", "google_unknown", FOR_EVER, UnknownRefusal),
    ("quality", "meta_throttle", 1, None), ("quality", "meta_server_error", 1, None),
    ("quality", "meta_too_many", FOR_EVER, VendorUnavailable),
    ("quality", "meta_expired", 1, AccessDenied), ("quality", "meta_forbidden", 1, AccessDenied),
    ("quality", "meta_unknown", FOR_EVER, UnknownRefusal),
    ("attempts", "bigquery_throttle", 1, None),
    ("attempts", "bigquery_denied", 1, AccessDenied),
    ("attempts", "missing_column", FOR_EVER, BrokenContract),
    ("attempts", "missing_last_page", FOR_EVER, None),
]  # fmt: skip


@pytest.mark.parametrize(("stream", "fault", "times", "error"), FAULTS)
def test_a_vendors_fault_comes_to(
    sandbox: Any, landing: Any, tmp_path: Path, stream: str, fault: str, times: int,
    error: type[Exception] | None,
) -> None:  # fmt: skip
    sandbox.desk.order_fault("conversions_api", fault, times)
    if error is None:
        assert land(landing, access_to(sandbox, tmp_path), stream, WEEK)
        return
    with pytest.raises(error) as raised:
        land(landing, access_to(sandbox, tmp_path), stream, WEEK)
    message = str(raised.value)
    assert f"stream: {stream}" in message and "next step" in message
    assert "sandbox-conversions-token" not in message


@pytest.mark.parametrize("stream", ["attempts", "requests"])
def test_an_access_token_that_ends_is_renewed(
    sandbox: Any, landing: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stream: str
) -> None:
    monkeypatch.setattr(google_service_account, "MARGIN", 3601)  # every token has ended at once
    before = sandbox.desk.calls["google_sign_in"]
    assert rows(landing, *land(landing, access_to(sandbox, tmp_path), stream, WEEK))
    assert sandbox.desk.calls["google_sign_in"] - before > 1


def test_a_page_that_is_missing_is_no_short_table(
    sandbox: Any, landing: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.vendors.conversions_api.MOST_ROWS", 2)
    whole = rows(landing, *land(landing, access_to(sandbox, tmp_path), window=WEEK))
    assert len(whole) > 20
    sandbox.desk.order_fault("conversions_api", "missing_last_page", FOR_EVER)
    with pytest.raises(UnknownRefusal, match="fewer rows"):
        land(landing, access_to(sandbox, tmp_path), window=WEEK)


def test_a_dead_dataset_costs_meta_alone(sandbox: Any, landing: Any, tmp_path: Path) -> None:
    sandbox.desk.order_fault("conversions_api", "meta_forbidden", FOR_EVER)
    access = access_to(sandbox, tmp_path)
    with pytest.raises(AccessDenied, match="meta_access_token"):
        land(landing, access, "quality", WEEK)
    assert rows(landing, *land(landing, access, "attempts", WEEK))
    assert rows(landing, *land(landing, access, "requests", WEEK))


@pytest.mark.parametrize(
    "answer",
    ["", "<html>", "[]", '{"web": 7}', '{"web": [7, {"event_name": "Purchase"}]}', '{"web": [{}]}'],
)
def test_hostile_answers_of_quality_are_no_figures(
    sandbox: Any, landing: Any, tmp_path: Path, answer: str
) -> None:
    def instead(asked: Asked, _: Any) -> Instead | None:
        return Instead(200, answer) if "dataset_quality" in asked.path else None

    sandbox.desk.spoil("conversions_api", instead, FOR_EVER)
    try:
        loads = land(landing, access_to(sandbox, tmp_path), "quality", WEEK)
    except (UnknownRefusal, BrokenContract):
        return
    assert all(row["match_quality"] is None for row in rows(landing, *loads))


@pytest.mark.parametrize(
    "answer",
    ['{"requestStatusPerDestination": 7}', '{"requestStatusPerDestination": [{}]}', "{}",
     '{"requestStatusPerDestination": [{"requestStatus": "NEW_WORD"}]}'],
)  # fmt: skip
def test_hostile_verdicts_are_none(sandbox: Any, landing: Any, tmp_path: Path, answer: str) -> None:
    def instead(asked: Asked, _: Any) -> Instead | None:
        return Instead(200, answer) if "requestStatus" in asked.path else None

    sandbox.desk.spoil("conversions_api", instead, FOR_EVER)
    loads = land(landing, access_to(sandbox, tmp_path), "requests", WEEK)
    known = {"SUCCESS", "FAILED", "PARTIAL_SUCCESS"}
    assert not known & {row["status"] for row in rows(landing, *loads)}


def test_a_request_google_knows_no_longer_is_reported_as_such(
    sandbox: Any, landing: Any, tmp_path: Path
) -> None:
    error = {
        "code": 400,
        "status": "INVALID_ARGUMENT",
        "details": [{"reason": "INVALID_REQUEST_ID"}],
    }

    def instead(asked: Asked, _: Any) -> Instead | None:
        return Instead(400, {"error": error}) if "requestStatus" in asked.path else None

    sandbox.desk.spoil("conversions_api", instead)
    landed = rows(landing, *land(landing, access_to(sandbox, tmp_path), "requests", WEEK))
    assert [row["status"] for row in landed].count("NOT_KNOWN") == 1


def test_more_requests_than_may_be_asked_are_reported(sandbox: Any, tmp_path: Path) -> None:
    access = access_to(sandbox, tmp_path, most_requests=3)
    stream = SOURCE.stream("requests")
    ((_, part),) = SOURCE.parts(access, stream)
    asked, *absent = SOURCE.extract(part, stream, WEEK)
    assert len({row["request_id"] for row in asked}) == 3 and len(absent) == 1
    assert isinstance(absent[0], Absent) and absent[0].kind == "part"
    assert "not asked" in absent[0].why


def test_a_verdict_that_is_still_to_come_is_restated(
    sandbox: Any, landing: Any, tmp_path: Path
) -> None:
    sandbox.desk.set_clock(datetime(2026, 9, 14, 0, 10))
    access = access_to(sandbox, tmp_path)
    early = {row["status"] for row in rows(landing, *land(landing, access, "requests", WEEK))}
    sandbox.desk.set_clock(datetime(2026, 9, 15, 6, 0))
    late = {row["status"] for row in rows(landing, *land(landing, access, "requests", WEEK))}
    assert "PROCESSING" not in late and "SUCCESS" in early | late


@pytest.mark.parametrize("known", refusal_tables.read(judging.TABLE).rows, ids=str)
def test_a_listed_refusal_comes_to_what_the_table_says(known: refusal_tables.Known) -> None:
    from requests import PreparedRequest, Response

    where, _, field = known.where.partition(".")
    error: dict[str, Any] = {"message": "of ann@example.com"}
    if where == "meta":
        error |= {"code": int(known.code)}
    elif field == "status":
        error |= {"status": known.code}
    else:
        error |= {"details": [{"reason": known.code}]}
    response = Response()
    response.status_code, response.url = 400, "https://vendor.example/x"
    response._content, response.request = json.dumps({"error": error}).encode(), PreparedRequest()
    judge = judging.judge_meta if where == "meta" else judging.judge_google
    place = {"source": "conversions_api", "stream": "quality", "window": DAY, "account": GOOGLE}
    refusal = judge(response, place)
    assert refusal is not None and "ann@" not in str(refusal.error)
    assert refusal.is_passing == (known.sort != "permanent")


def test_every_rejection_says_where_it_was_read() -> None:
    for row in outcomes.table():
        assert row.sort in ("permanent", "temporary", "unknown")
        assert row.address.startswith("https://") and row.reason
        assert row.destination in ("meta", "google")
