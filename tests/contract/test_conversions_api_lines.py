"""Server-side events: what one line of a log is read as, however it is written."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from contract.server_log import SENT, line, read
from trueup.sources.conversions_api.streams import ATTEMPTS

PERSON = {"em": "ann.planted@example.com", "ph": "+351 910 555 010", "fn": "Ann"}


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


TO_META = {"destination": "meta", "pixel_id": "7"}
#: An event as Meta takes it, and as others take theirs.
SOLD = {"event_name": "Purchase", "event_time": 1789034390, "event_id": "E1",
        "user_data": {"em": ["ab" * 32], "client_ip_address": "203.0.113.9"},
        "custom_data": {"value": "10.50", "currency": "eur", "order_id": "X1"}}  # fmt: skip
TIKTOK = {"event_source": "web", "event_source_id": "PX1", "data": [
    {"event": "CompletePayment", "event_time": 1789034390, "event_id": "E5",
     "user": {"email": "ab" * 32, "ttclid": "T"},
     "properties": {"currency": "USD", "value": 9, "order_id": "O5"}}]}  # fmt: skip
UPLOAD = {"customerId": "4711002200", "partialFailure": True, "conversions": [
    {"conversionAction": "customers/4711002200/conversionActions/9", "orderId": "O1", "gclid": "G",
     "conversionDateTime": "2026-09-10 10:59:50+01:00", "conversionValue": 7.5,
     "currencyCode": "EUR", "userIdentifiers": [{"hashedEmail": "ab" * 32}]}]}  # fmt: skip
TAG = {"timestamp": SENT, "destination": "meta", "pixel_id": "7", "event_name": "purchase",
       "ecommerce": {"transaction_id": "T9", "value": 12, "currency": "EUR"},
       "user_data": {"sha256_email_address": "ab" * 32}}  # fmt: skip
OF_SALE = ("destination", "account_id", "action", "event_key", "amount", "currency_code",
           "transaction_id", "has_email", "click_id_kinds")  # fmt: skip
OF_SOLD = ("meta", "7", "Purchase", "E1", Decimal("10.50"), "EUR", "X1", True, None)

#: Lines that are an event or a request as it was sent, and what is read of them.
WHOLE = [
    ("an event beside its destination", {"ts": SENT, **TO_META, **SOLD},
     OF_SOLD),
    ("an event within", {"ts": SENT, **TO_META, "event": SOLD}, OF_SOLD),
    ("a request without a word around it", {"ts": SENT, "pixel_id": "7", "data": [SOLD]}, OF_SOLD),
    ("parts as text", {"ts": SENT, "pixel_id": "7", "request": {"data": [
        {**SOLD, "custom_data": json.dumps(SOLD["custom_data"])}]}}, OF_SOLD),
    ("a request to another", {"ts": SENT, "destination": "tiktok", "request": TIKTOK},
     ("tiktok", "PX1", "CompletePayment", "E5", 9, "USD", "O5", True, "ttclid")),
    ("a request to another, by its address",
     {"ts": SENT, "url": "https://business-api.tiktok.com/open_api/v1.3/event/track/",
      "request": TIKTOK},
     ("tiktok", "PX1", "CompletePayment", "E5", 9, "USD", "O5", True, "ttclid")),
    ("an upload", {"ts": SENT, "destination": "google", "request": UPLOAD},
     ("google", "4711002200", "9", "O1", Decimal("7.5"), "EUR", "O1", True, "gclid")),
    ("an event of a tag manager", TAG,
     ("meta", "7", "purchase", "T9", 12, "EUR", "T9", True, None)),
    ("an event of Google's", {"ts": SENT, "destination": "google", "customer_id": "471-100-2200",
                              "conversion_action": "9", "transactionId": "X2",
                              "conversionValue": 10, "currency": "EUR",
                              "userData": {"userIdentifiers": [{"emailAddress": "ab" * 32}]},
                              "adIdentifiers": {"gclid": "G"}},
     ("google", "4711002200", "9", "X2", 10, "EUR", "X2", True, "gclid")),
]  # fmt: skip

#: What a line says, and what is read of it. Where each was met stands in the docs page's table.
#: What Meta refuses, as it says so.
ANSWERED = {"error": {"code": 100, "error_subcode": 2804003, "fbtrace_id": "A1"}}
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
    ("a number of Python's own", line(value="1_000"), "amount", None),
    ("a moment in parts", line(event_time={"seconds": "1789034390", "nanos": 5}), "event_at",
     datetime(2026, 9, 10, 9, 59, 50, 0, UTC)),
    ("a moment of a document", line(event_time={"$date": "2026-09-10T09:59:50Z"}), "event_at",
     datetime(2026, 9, 10, 9, 59, 50, 0, UTC)),
    ("a moment as answers have it", line(event_time="Thu, 10 Sep 2026 09:59:50 GMT"), "event_at",
     datetime(2026, 9, 10, 9, 59, 50, 0, UTC)),
    ("no such day", line(event_time="Thu, 40 Sep 2026 09:59:50 GMT"), "event_at", None),
    ("a test code in the address", {"ts": SENT, "request": {"data": [SOLD]},
     "url": "https://graph.facebook.com/v23.0/7142003/events?test_event_code=TEST1"},
     "is_test", True),
    ("no test code in the address", {"ts": SENT, "request": {"data": [SOLD]},
     "url": "https://graph.facebook.com/v23.0/7142003/events?access_token=x"}, "is_test", False),
    ("a request to Google without a person", {"ts": SENT, "destination": "google",
     "request": {"conversions": [{"gclid": "G", "conversionAction": "9"}]}}, "has_email", False),
    ("an upload's request is final", {"ts": SENT, "request": UPLOAD, "response": {"status": 200}},
     "outcome", "accepted"),
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
    ("an answer within that of the program that sent it",
     line(destinationResponse={"status": 400, "response": ANSWERED}), "outcome", "rejected"),
    ("the code of an answer within an answer", line(response={"response": ANSWERED}), "error_code",
     "100"),
    ("an answer as a text within a text", line(error_response=json.dumps(
        {"response": json.dumps(ANSWERED)})), "error_subcode", "2804003"),
    ("an answer within the error of a client of HTTP",
     line(error={"code": "ERR_BAD_REQUEST", "response": {"status": 400, "data": ANSWERED}}),
     "error_code", "100"),
    ("an error within an error", line(error=ANSWERED), "error_code", "100"),
    ("errors as a list", line(response={"errors": [{"code": 100}]}), "outcome", "rejected"),
    ("an error in words beside a 200", line(response={"error": "Invalid parameter"}), "outcome",
     "rejected"),
    ("no error, in a word", line(error="none"), "outcome", "accepted"),
    ("a status of 400 within a 200", line(response={"response": {"status": 400}}), "outcome",
     "rejected"),
    ("none received, further within", line(response={"response": {"events_received": 0}}),
     "outcome", "rejected"),
    ("a job that is done", line(job_state="succeeded", error_code="200"), "outcome", "accepted"),
    ("a job that is done has no error", line(job_state="succeeded", error_code="200"),
     "error_code", None),
    ("a job that is tried again", line(job_state="failed", http_status=None, error_code="500"),
     "outcome", "unknown"),
    ("a job that was given up", line(job_state="aborted", http_status=None, error_code="400"),
     "outcome", "rejected"),
    ("no answer, as the system calls it", line(http_status=None, error={"code": "ECONNABORTED"}),
     "outcome", "unknown"),
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


@pytest.mark.parametrize(
    ("given", "values"), [pytest.param(given, values, id=name) for name, given, values in WHOLE]
)
def test_an_event_is_read_whole_however_a_line_holds_it(
    given: dict[str, Any], values: tuple[Any, ...]
) -> None:
    (row,) = read(given)
    assert tuple(row[name] for name in OF_SALE) == values
    assert not any("203.0" in str(value) or "ab" * 32 in str(value) for value in row.values())


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
