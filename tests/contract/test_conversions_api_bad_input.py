"""Server-side events: what logs and vendors may hold that nobody wants, and what it comes to."""

from __future__ import annotations

import gzip
import hashlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from contract.server_log import (
    FOR_EVER,
    GOOGLE,
    META,
    WEEK,
    access_to,
    land,
    read,
    rows,
    set_aside,
    write,
)
from sandbox.desk import Asked, Instead
from trueup.errors import AccessDenied, BrokenContract, UnknownRefusal, VendorUnavailable
from trueup.sources import refusal_tables
from trueup.sources.contract import Absent, CompanyNames
from trueup.sources.conversions_api import SOURCE, judging, outcomes
from trueup.sources.conversions_api.streams import ATTEMPTS
from trueup.window import Window

SENT = "2026-09-10T10:00:00Z"
DAY = Window(date(2026, 9, 10), date(2026, 9, 11))
PERSON = {"em": "ann.planted@example.com", "ph": "+351 910 555 010", "fn": "Ann"}


def line(**more: Any) -> dict[str, Any]:
    """A flat line that is as it should be, but for `more`."""
    return {
        "sent_at": SENT, "destination": "meta", "pixel_id": "714200300400500",
        "event_name": "Purchase", "event_id": "E1", "event_time": 1789034390, "http_status": 200,
        "value": 10, "currency": "EUR", **more,
    }  # fmt: skip


def upload(failed: list[int], **more: Any) -> dict[str, Any]:
    """A line of an upload to Google Ads, which answers 200 and lists the events that failed."""
    errors = [
        {
            "errorCode": {"conversionUploadError": "UNPARSEABLE_GCLID"},
            "location": {"fieldPathElements": [{"fieldName": "conversions", "index": index}]},
        }
        for index in failed
    ]
    failure = {"code": 3, "message": "of one of them", "details": [{"errors": errors}]}
    answer = {"results": [{}], **({"partialFailureError": failure} if failed else {})}
    return line(destination="google", api="upload_clicks", response=answer, **more)


#: What a line says, and what is read of it. Where each was met stands in the docs page's table.
READINGS = [
    ("seconds", line(event_time=1789034390), "event_at", datetime(2026, 9, 10, 9, 59, 50, 0, UTC)),
    ("milliseconds", line(event_time=1789034390000), "event_at",
     datetime(2026, 9, 10, 9, 59, 50, 0, UTC)),
    ("microseconds as text", line(event_time="1789034390000000"), "event_at",
     datetime(2026, 9, 10, 9, 59, 50, 0, UTC)),
    ("a float of BigQuery's", line(event_time="1.78903439E9"), "event_at",
     datetime(2026, 9, 10, 9, 59, 50, 0, UTC)),
    ("text with UTC behind", line(event_time="2026-09-10 09:59:50 UTC"), "event_at",
     datetime(2026, 9, 10, 9, 59, 50, 0, UTC)),
    ("no offset is the reporting zone's", line(event_time="2026-09-10 10:59:50"), "event_at",
     datetime(2026, 9, 10, 9, 59, 50, 0, UTC)),
    ("a day is no moment", line(event_time="2026-09-10"), "event_at", None),
    ("a clock that was never set", line(event_time=0), "event_at", None),
    ("a clock an hour ahead", line(event_time=1789038000), "is_clock_wrong", True),
    ("clocks differ by minutes", line(event_time=1789034700), "is_clock_wrong", False),
    ("nobody says when", line(event_time=None), "is_clock_wrong", None),
    ("no answer at all", line(http_status=None), "outcome", "unknown"),
    ("time ran out", line(http_status=0), "outcome", "unknown"),
    ("the server failed", line(http_status=503), "outcome", "unknown"),
    ("all received", line(events_received=1), "outcome", "accepted"),
    ("none received of one", line(events_received=0), "outcome", "rejected"),
    ("some received of a batch", line(events_received=3, events_sent=5), "outcome", "unknown"),
    ("throttled", line(http_status=429), "outcome", "rejected"),
    ("Meta's own trouble", line(http_status=500, error_code=2), "outcome", "unknown"),
    ("a code nobody knows", line(http_status=400, error_code=777), "outcome", "rejected"),
    ("a code nobody knows has no words", line(http_status=400, error_code=777), "reason", None),
    ("an expired token", line(http_status=400, error_code=190, error_subcode=463), "reason",
     "the access token has expired"),
    ("too old", line(http_status=400, error_code=100, error_subcode=2804003), "reason",
     "the event is older than seven days"),
    ("a subcode nobody knows", line(http_status=400, error_code=100, error_subcode=1), "reason",
     "a parameter of the event is not valid"),
    ("a code of 0 is no error", line(error_code=0), "outcome", "accepted"),
    ("success that is none", line(destination="tiktok", error_code=40002), "outcome", "rejected"),
    ("the sender's own word", line(http_status=None, outcome="Failed"), "outcome", "rejected"),
    ("a word for a status", line(http_status=None, status="success"), "outcome", "accepted"),
    ("a destination by its host", line(destination="graph.facebook.com"), "destination", "meta"),
    ("a destination by its product", line(destination="Facebook CAPI"), "destination", "meta"),
    ("a destination by its endpoint", line(destination="datamanager.googleapis.com"),
     "destination", "google"),
    ("another destination", line(destination="TikTok"), "destination", "tiktok"),
    ("an account with its prefix", line(pixel_id="act_9001"), "account_id", "9001"),
    ("an account in tens", line(destination="google", pixel_id=None, customer_id="471-100-2200"),
     "account_id", "4711002200"),
    ("an id that became a float", line(pixel_id=714200300400500.0), "account_id",
     "714200300400500"),
    ("no event id", line(event_id="", order_id="HH5"), "has_event_id", False),
    ("the order stands for the event id", line(event_id=None, order_id="HH5"), "event_key", "HH5"),
    ("Google's 200 is no verdict", line(destination="google"), "outcome", "received"),
    ("an upload's 200 is one", line(destination="google", api="upload_clicks"), "outcome",
     "accepted"),
    ("a test code", line(test_event_code="TEST12345"), "is_test", True),
    ("validated only", line(destination="google", validate_only="false"), "is_test", False),
    ("hashed", line(em="ab" * 32), "is_hashed", True),
    ("hashed with the library's tail", line(em="ab" * 32 + ".AQYCAQIB"), "is_hashed", True),
    ("nobody hashed it", line(em=["ann@example.com"]), "is_hashed", False),
    ("an empty list is nothing sent", line(em=[]), "has_email", False),
    ("a line that speaks of no e-mail", line(), "has_email", None),
    ("said, not shown", line(has_email="yes"), "has_email", True),
    ("consent denied", line(consent={"adUserData": "CONSENT_DENIED"}), "has_ads_consent", False),
    ("consent not specified", line(ad_user_data="UNSPECIFIED"), "has_ads_consent", None),
    ("click ids", line(gclid="G", fbc="fb.1.2.3", wbraid=""), "click_id_kinds", "fbclid,gclid"),
    ("a currency in small letters", line(currency="eur"), "currency_code", "EUR"),
    ("no currency", line(currency="€"), "currency_code", None),
    ("a value for readers", line(value="1.234,50 EUR"), "amount", None),
    ("a value as text", line(value="1234.5"), "amount", Decimal("1234.500000")),
    ("no number", line(value="NaN"), "amount", None),
    ("a clock without end", line(event_time="1e999"), "event_at", None),
    ("no number at all for a status", line(http_status=float("nan")), "outcome", "unknown"),
    ("an id without end", line(event_id=float("inf")), "has_event_id", False),
    ("an action by its resource's name", line(event_name="customers/4711/conversionActions/9001"),
     "action", "9001"),
    ("an event id nobody filled in", line(event_id="undefined"), "has_event_id", False),
    ("an event id that is a variable's name", line(event_id="{{Event ID}}"), "has_event_id", False),
    ("the order's id where the event's is no value", line(event_id="null", order_id="HH5"),
     "event_key", "HH5"),
    ("no order but a word", line(transaction_id="(not set)"), "transaction_id", None),
    ("a test code that is none", line(test_event_code="None"), "is_test", False),
    ("no test, as a float", line(is_test="0.0"), "is_test", False),
    ("a status as a float", line(http_status="200.0"), "outcome", "accepted"),
    ("a status in words", line(http_status="HTTP/1.1 200 OK"), "outcome", "accepted"),
    ("a code as a float", line(http_status="400.0", error_code="190.0"), "reason",
     "the access token has expired or is not valid"),
    ("no error, as a float", line(error_code="0.0"), "outcome", "accepted"),
    ("no error but a word", line(error_code="undefined"), "outcome", "accepted"),
    ("no error but NaN", line(error_code=float("nan")), "outcome", "accepted"),
    ("an id printed as a float", line(pixel_id="714200300400500.0"), "account_id",
     "714200300400500"),
    ("an id a spreadsheet printed", line(pixel_id="7.142003004005e+14"), "account_id",
     "714200300400500"),
    ("an id that only looks like a number", line(event_id="12e4"), "event_key", "12e4"),
    ("no e-mail but a word", line(em="undefined"), "has_email", False),
    ("the hash of no e-mail", line(em=hashlib.sha256(b"").hexdigest()), "has_email", False),
    ("no click id but a word", line(gclid="null"), "click_id_kinds", None),
    ("a destination by its address", line(destination="https://graph.facebook.com/v23.0/7/events"),
     "destination", "meta"),
    ("another destination by its address",
     line(destination="https://business-api.tiktok.com/open_api"), "destination", "tiktok"),
    ("no within a 200: a code", line(destination="tiktok", response={"code": 40002}), "error_code",
     "40002"),
    ("a code that is the status", line(http_status=None, response={"code": 200}), "outcome",
     "accepted"),
    ("no within a 200: none processed",
     line(destination="pinterest", response={"num_events_received": 1, "num_events_processed": 0}),
     "outcome", "rejected"),
    ("no within a 200: a word", line(destination="snapchat", response={"status": "INVALID"}),
     "outcome", "rejected"),
    ("no within a 200: no success", line(response={"success": False}), "outcome", "rejected"),
    ("no within a 200: an error beside it", line(error={"code": 190}), "outcome", "rejected"),
    ("an error whose answer is a list",
     line(destination="google", http_status=403,
          response=[{"error": {"status": "PERMISSION_DENIED"}}]),
     "error_code", "PERMISSION_DENIED"),
    ("an upload that failed in part", upload([0]), "outcome", "rejected"),
    ("an upload's code", upload([0]), "error_code", "UNPARSEABLE_GCLID"),
    ("two errors of one event of two", upload([1, 1], events_sent=2), "outcome", "unknown"),
    ("an error of each event of two", upload([0, 1], events_sent=2), "outcome", "rejected"),
    ("an upload of which nothing failed", upload([]), "outcome", "accepted"),
    ("a request as text", {"ts": SENT, "pixel_id": "7142", "payload": json.dumps({"data": [
        {"event_name": "Lead", "event_id": "L1", "user_data": {"em": ["ab" * 32]}}]}),
        "response": '{"events_received":1,"fbtrace_id":"T"}'}, "outcome", "accepted"),
    ("the dataset in the address", {"ts": SENT, "url": "https://graph.facebook.com/v1/7142003/events",
        "request": {"data": [{"event_name": "Lead"}]}}, "account_id", "7142003"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "column", "value"),
    [pytest.param(given, column, value, id=name) for name, given, column, value in READINGS],
)
def test_a_line_is_read_as(given: dict[str, Any], column: str, value: Any) -> None:
    (row,) = read(given)
    assert row[column] == value
    assert set(row) == {one.name for one in ATTEMPTS.columns}


def test_a_request_of_many_events_is_a_row_of_each() -> None:
    events = [{"event_name": "Purchase", "event_id": str(n)} for n in range(3)]
    batch = {"ts": SENT, "pixel_id": "7", "request": {"data": events}}
    answered = [{"events_received": 3}, {"events_received": 2}, {"error": {"code": 100}}]
    found = [{row["outcome"] for row in read({**batch, "response": one})} for one in answered]
    assert found == [{"accepted"}, {"unknown"}, {"rejected"}]
    assert [row["event_key"] for row in read(batch)] == ["0", "1", "2"]


def test_a_request_to_two_accounts_is_a_row_of_each_event_that_goes_there() -> None:
    destinations = [
        {"reference": name, "operatingAccount": {"accountId": account}, "productDestinationId": "9"}
        for name, account in (("a", "1001"), ("b", "1002"))
    ]
    events = [
        {"transactionId": "T1"}, {"transactionId": "T2", "destinationReferences": ["b"]},
    ]  # fmt: skip
    request = {"destinations": destinations, "events": events}
    found = read({"ts": SENT, "request": request, "response": {"status": 200}})
    assert [(row["account_id"], row["event_key"]) for row in found] == [
        ("1001", "T1"), ("1002", "T1"), ("1002", "T2"),
    ]  # fmt: skip


def test_an_event_without_an_id_is_the_same_when_it_is_sent_again() -> None:
    keys = [
        row["event_key"]
        for sent_at, person in ((SENT, "a@b.example"), ("2026-09-10T10:05:00Z", "c@d.example"))
        for row in read(line(event_id=None, sent_at=sent_at, em=person))
    ]
    assert keys[0] == keys[1] and keys[0].startswith("line:")
    leads = [line(event_id=None, event_time=None, sent_at=at) for at in (SENT, "2026-09-11T08:00Z")]
    assert len({row["event_key"] for one in leads for row in read(one)}) == 2
    events = [{"event_name": "PageView"}, {"event_name": "PageView"}]
    found = read({"ts": SENT, "pixel_id": "7", "request": {"data": events}})
    assert found[0]["event_key"] != found[1]["event_key"]


@pytest.mark.parametrize("address", ["user_data", "flat"])
def test_nothing_of_a_person_is_in_a_row(address: str) -> None:
    personal = {**PERSON, "client_ip_address": "203.0.113.9", "external_id": "cust-77"}
    event = {"event_name": "Lead", "event_time": 1789034390}
    given = (
        line(**personal, event_id=None)
        if address == "flat"
        else {"ts": SENT, "pixel_id": "7", "request": {"data": [{**event, "user_data": personal}]}}
    )
    (row,) = read(given)
    assert (row["has_email"], row["has_phone"], row["has_ip"]) == (True, True, True)
    assert not any(text in str(row) for text in ("planted", "910", "203.0", "cust-77", "Ann"))


def test_files_of_every_form_land_the_same_rows(landing: Any, tmp_path: Path) -> None:
    lines = [line(event_id=f"E{n}") for n in range(3)]
    write(tmp_path, "a.jsonl", *lines)
    (tmp_path / "b.json").write_text(json.dumps(lines))
    (tmp_path / "c.ndjson.gz").write_bytes(
        gzip.compress("\n".join(map(json.dumps, lines)).encode())
    )
    names = list(lines[0])
    cells = [";".join(str(one[name]) for name in names) for one in lines]
    (tmp_path / "d.csv").write_text("\n".join([";".join(names), *cells]))
    instants = f"select * replace (sent_at::timestamptz as sent_at) from '{tmp_path}/a.jsonl'"
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        con.execute(f"copy ({instants}) to '{tmp_path}/e.parquet'")
    found = []
    for name in ("a.jsonl", "b.json", "c.ndjson.gz", "d.csv", "e.parquet"):
        access = access_to(
            None, tmp_path, {"name": "sender", "path": name, "reader": {"delim": ";"}}
        )
        found.append(rows(landing, *land(landing, access, window=DAY)))
    assert all(one == found[0] for one in found) and len(found[0]) == 3


def test_a_bad_line_costs_itself(landing: Any, tmp_path: Path) -> None:
    write(
        tmp_path, "log.jsonl", line(), '{"sent_at": "2026-09-10T10:00:00Z", "em": "ann@exam',
        "[]", '"text"', "", line(event_id="E2", sent_at="yesterday"),
        line(event_id="E3", destination=""), line(event_id="E4", event_name=None),
        line(event_id="E5"),
    )  # fmt: skip
    access = access_to(None, tmp_path, {"name": "sender", "path": "log.jsonl"})
    (load,) = land(landing, access, window=DAY)
    assert [row["event_key"] for row in rows(landing, load)] == ["E1", "E5"]
    reasons = sorted(one["reason"] for one in set_aside(landing, load))
    assert len(reasons) == 5
    assert {"action is empty", "destination is empty", "the line is no JSON object"} < set(reasons)
    assert "ann@" not in str(set_aside(landing, load))


def test_files_of_days_are_read_for_their_days_and_a_missing_one_is_told(tmp_path: Path) -> None:
    for day in ("2026-09-08", "2026-09-10"):
        write(tmp_path, f"sent-{day}.jsonl", line(sent_at=f"{day}T10:00:00Z"))
    write(tmp_path, "sent-2026-07-01.jsonl", "no JSON at all")
    access = access_to(None, tmp_path, {"name": "sender", "path": "sent-*.jsonl"})
    window = Window(date(2026, 9, 8), date(2026, 9, 12))
    pages = list(SOURCE.extract(access, ATTEMPTS, window))
    absent = {str(one.days.since): one.kind for one in pages if isinstance(one, Absent)}
    assert absent == {"2026-09-09": "gap", "2026-09-11": "late"}
    assert [row["sent_date"].day for page in pages if isinstance(page, list) for row in page] == [
        8, 10,
    ]  # fmt: skip
    assert SOURCE.written_through(access, ATTEMPTS, date(2026, 9, 14)) == date(2026, 9, 10)


def test_a_file_that_is_not_of_a_day_is_read_for_each_window(landing: Any, tmp_path: Path) -> None:
    days = [line(sent_at=f"2026-09-{day:02}T10:00:00Z", event_id=str(day)) for day in (1, 9, 10)]
    write(tmp_path, "log.jsonl", *days)
    access = access_to(None, tmp_path, {"name": "sender", "path": "log.jsonl"})
    (load,) = land(landing, access, window=DAY)
    assert [row["event_key"] for row in rows(landing, load)] == ["10"]
    assert set_aside(landing, load) == []


def test_a_line_in_the_file_of_quite_another_day_is_counted(landing: Any, tmp_path: Path) -> None:
    write(tmp_path, "sent-2026-09-10.jsonl", line(), line(sent_at="2026-08-01T10:00:00Z"))
    access = access_to(None, tmp_path, {"name": "sender", "path": "sent-*.jsonl"})
    (load,) = land(landing, access, window=DAY)
    assert [one["kind"] for one in set_aside(landing, load)] == ["outside"]


def test_an_empty_log_is_a_day_on_which_nothing_was_sent(landing: Any, tmp_path: Path) -> None:
    write(tmp_path, "log.jsonl")
    access = access_to(None, tmp_path, {"name": "sender", "path": "log.jsonl"})
    (load,) = land(landing, access, window=DAY)
    assert rows(landing, load) == []


def test_lines_that_come_late_are_landed_when_they_come(landing: Any, tmp_path: Path) -> None:
    write(tmp_path, "log.jsonl", line())
    access = access_to(None, tmp_path, {"name": "sender", "path": "log.jsonl"})
    first = rows(landing, *land(landing, access, window=DAY))
    write(tmp_path, "log.jsonl", line(), line(event_id="E2"))
    again = rows(landing, *land(landing, access, window=DAY))
    assert (len(first), len(again)) == (1, 2)


@pytest.mark.parametrize(
    ("file", "content", "why"),
    [
        (None, b"", "no file matches"),
        ("log.parquet", b"PAR1 and nothing", "cannot be read"),
        ("log.jsonl.gz", b"\x1f\x8b and nothing", "cannot be read"),
        ("log.csv", b"PK\x03\x04", "Excel"),
    ],
)
def test_a_log_that_cannot_be_read_says_why(
    landing: Any, tmp_path: Path, file: str | None, content: bytes, why: str
) -> None:
    if file:
        (tmp_path / file).write_bytes(content)
    access = access_to(None, tmp_path, {"name": "sender", "path": "log*"})
    with pytest.raises(BrokenContract, match=why) as broken:
        land(landing, access, window=DAY)
    assert "sender" in str(broken.value) and "next step" in str(broken.value)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({}, "logs: a list"),
        ({"logs": [{"name": "a"}]}, "logs.0: either a path or a table"),
        ({"logs": [{"name": "a", "path": "x", "table": "p.d.t"}]}, "either a path or a table"),
        ({"logs": [{"name": "a", "table": "sent_events"}]}, "no project.dataset.table"),
        ({"logs": [{"path": "x"}]}, "logs.0.name: missing"),
        ({"logs": [{"name": "a", "path": "x"}, {"name": "a", "path": "y"}]}, "two logs a"),
        ({"logs": [{"name": "a", "path": "x", "sql": "y"}]}, "sql: unknown key"),
        ({"logs": [{"name": "a", "path": "x", "reader": {"delim": ";;"}}]}, "one character"),
        ({"logs": ["a"]}, "not a mapping"),
        ({"logs": [{"name": "a", "path": "x"}], "most_requests": 0}, "most_requests"),
    ],
)
def test_what_is_wrong_with_the_options_is_said(options: dict[str, Any], problem: str) -> None:
    assert SOURCE.option_problems is not None
    assert problem in "; ".join(SOURCE.option_problems(options))


def test_secrets_that_are_wanted_are_named(tmp_path: Path) -> None:
    access = access_to(None, tmp_path, {"name": "a", "table": "p.d.t"}, {"name": "b", "path": "x"})
    assert SOURCE.problems is not None and SOURCE.account_id is not None
    said = "; ".join(SOURCE.problems(access, CompanyNames()))
    assert "meta_access_token" in said and "google_service_account" in said
    assert "log b has no file" in said
    assert SOURCE.account_id.problem("714200300400500") and not SOURCE.account_id.problem(META)


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
    told = str(raised.value)
    assert f"stream: {stream}" in told and "next step" in told
    assert "sandbox-conversions-token" not in told


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


def test_a_request_google_knows_no_longer_is_told_as_such(
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


def test_more_requests_than_may_be_asked_are_told(sandbox: Any, tmp_path: Path) -> None:
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
