"""One line of a sender's log as rows, one for each event it sent and each destination.

A line is flat, with the columns docs/sources/conversions_api.md lists, or holds the request as it
was sent (`request`, with Meta's `data` or Google's `events`) and the `response` as it came. What is
personal is looked at here, to say whether it was sent, and goes no further.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from trueup.sources.conversions_api import outcomes, single_values
from trueup.sources.conversions_api.answers import answer_of
from trueup.sources.conversions_api.requests_sent import ADDRESS as ADDRESS_OF_REQUEST
from trueup.sources.conversions_api.requests_sent import Sent, events_of, test_code, whole
from trueup.sources.conversions_api.single_values import Line
from trueup.sources.conversions_api.streams import GOOGLE, META

#: What a column of ours is called in logs, the first that is there counts.
SENT_AT = ("sent_at", "sent_time", "logged_at", "timestamp", "ts", "time", "date", "created_at")
EVENT_AT = (
    "event_at", "event_time", "event_timestamp", "eventTimestamp", "conversion_date_time",
    "conversionDateTime",
)  # fmt: skip
DESTINATION = ("destination", "platform", "vendor", "endpoint", "api_name")
ACCOUNT = (
    "account_id", "dataset_id", "pixel_id", "customer_id", "operating_account_id", "pixel",
)  # fmt: skip
ACTION = (
    "action", "event_name", "eventName", "conversion_action_id", "conversion_action",
    "product_destination_id", "event",
)  # fmt: skip
EVENT_ID = ("event_id", "eventId", "event_ID")
TRANSACTION_ID = ("transaction_id", "transactionId", "order_id", "orderId")
VALUE = ("value", "conversion_value", "conversionValue", "amount")
CURRENCY = ("currency", "currency_code", "currencyCode")
TEST = ("is_test", "test_event_code", "validate_only", "validateOnly")
#: What identifiers are called, in Meta's short form, in Google's, and in words.
EMAIL = (
    "has_email", "em", "email", "emails", "email_address", "emailAddress", "hashed_email",
    "sha256_email_address",
)  # fmt: skip
PHONE = (
    "has_phone", "ph", "phone", "phones", "phone_number", "phoneNumber", "hashed_phone",
    "sha256_phone_number",
)  # fmt: skip
ADDRESS = (
    "has_address", "fn", "ln", "ct", "st", "zp", "country", "db", "ge", "first_name", "last_name",
    "address", "city", "postal_code",
)  # fmt: skip
EXTERNAL_ID = ("has_external_id", "external_id", "externalId", "user_id", "userId")
BROWSER_ID = ("has_browser_id", "fbp", "client_id", "clientId")
IP = ("has_ip", "client_ip_address", "ip_address", "ipAddress", "ip")
CLICK_IDS = {
    "gclid": "gclid", "gbraid": "gbraid", "wbraid": "wbraid", "dclid": "dclid", "fbc": "fbclid",
    "fbclid": "fbclid", "ttclid": "ttclid", "msclkid": "msclkid", "li_fat_id": "li_fat_id",
}  # fmt: skip
ADS_CONSENT = ("ad_user_data", "adUserData", "has_ads_consent", "consent_ad_user_data")
PERSONALIZATION = (
    "ad_personalization", "adPersonalization", "has_personalization_consent",
    "consent_ad_personalization",
)  # fmt: skip
#: The columns that say of an event, not of its sending.
TELLING = (
    "destination", "account_id", "action", "event_at", "amount", "currency_code", "has_email",
    "has_phone", "has_address", "has_external_id", "has_browser_id", "has_ip", "click_id_kinds",
)  # fmt: skip
#: What an address of the web says of whose it is.
HOST = re.compile(r"https?://(?:[^/:?#]+\.)?([^./:?#]+)\.[a-z]{2,}(?:[/:?#]|$)", re.IGNORECASE)
#: Clocks of servers differ by so much; an event that is later than its sending by more is not.
CLOCK_TOLERANCE = timedelta(minutes=10)

Row = dict[str, Any]


def rows(line: Line, log: str, zone: str) -> Iterator[Row]:
    """The events of a line. What it does not say is null, and judged by the intake."""
    sent_at = single_values.moment(single_values.first(line, SENT_AT), zone)
    events = events_of(line, _asked_destination(line)) or [_flat(line)]
    for place, sent in enumerate(events):
        row = _row(sent, log, sent_at, zone)
        yield {**row, "event_key": row["event_key"] or _digest(row, place)}


def _flat(line: Line) -> Sent:
    """A line that is one event, or holds it; its destination and account stand beside it."""
    destination = _destination(single_values.first(line, DESTINATION))
    event = single_values.mapping(line.get("event"))
    consent = single_values.mapping(event.get("consent") or line.get("consent"))
    given = {key: value for key, value in line.items() if key not in ("request", "response")}
    test = {"test_event_code": test_code(line)}
    return Sent(
        destination or "",
        single_values.text(single_values.first({**line, **event}, ACCOUNT)),
        single_values.text(single_values.first({**event, **line}, ACTION)),
        {**test, **whole(given), **whole(event), **consent},
        answer_of(line, destination or "", 1),
    )


def _row(sent: Sent, log: str, sent_at: datetime | None, zone: str) -> Row:
    event = sent.event
    event_at = single_values.moment(single_values.first(event, EVENT_AT), zone)
    event_id = single_values.text(single_values.first(event, EVENT_ID))
    transaction_id = single_values.text(single_values.first(event, TRANSACTION_ID))
    answer = sent.answer
    has_error = (answer.code or "").lower() not in outcomes.NO_ERROR
    return {
        "log": log,
        "destination": sent.destination or None,
        "account_id": _account(sent),
        "action": re.sub(r"^customers/\d+/conversionActions/", "", sent.action or "") or None,
        "event_key": event_id or transaction_id,
        "has_event_id": event_id is not None,
        "transaction_id": transaction_id,
        "event_at": event_at,
        "sent_at": sent_at,
        "sent_date": single_values.day_of(sent_at, zone),
        "is_clock_wrong": _is_ahead(event_at, sent_at),
        "is_test": _is_test(event),
        "outcome": outcomes.of(answer),
        "http_status": answer.status,
        "error_code": answer.code if has_error else None,
        "error_subcode": answer.subcode if has_error else None,
        "reason": outcomes.reason_of(sent.destination, answer.code, answer.subcode)
        if has_error
        else None,
        "request_id": sent.request_id,
        **_identifiers(event),
        "has_ads_consent": single_values.truth(single_values.first(event, ADS_CONSENT)),
        "has_personalization_consent": single_values.truth(
            single_values.first(event, PERSONALIZATION)
        ),
        "amount": single_values.amount(single_values.first(event, VALUE)),
        "currency_code": _currency(event),
    }


def _identifiers(event: Line) -> Row:
    """Which identifiers were sent, and never one of them."""
    kinds = {kind for name, kind in CLICK_IDS.items() if single_values.is_sent(event, (name,))}
    return {
        "has_email": _has(event, EMAIL),
        "has_phone": _has(event, PHONE),
        "has_address": _has(event, ADDRESS),
        "has_external_id": _has(event, EXTERNAL_ID),
        "has_browser_id": _has(event, BROWSER_ID),
        "has_ip": _has(event, IP),
        "is_hashed": single_values.is_hashed(event, (*EMAIL[1:], *PHONE[1:])),
        "click_id_kinds": ",".join(sorted(kinds))
        or single_values.text(event.get("click_id_kinds")),
    }


def _has(event: Line, names: tuple[str, ...]) -> bool | None:
    stated = single_values.truth(event.get(names[0]))
    return single_values.is_sent(event, names[1:]) if stated is None else stated


def _asked_destination(line: Line) -> str | None:
    """Whom a line of a request says it asked: by its name, else by the host it asked."""
    named = _destination(single_values.first(line, ("destination", "vendor")))
    address = single_values.text(single_values.first(line, ("endpoint", *ADDRESS_OF_REQUEST)))
    return named or (_destination(address) if address and HOST.match(address) else None)


def _destination(value: Any) -> str | None:
    """The destination in our word for it; all of Meta's or Google's doors are one each."""
    given = single_values.text(value) or ""
    host = HOST.match(given)
    word = re.sub(r"[^a-z0-9]+", "_", (host[1] if host else given).lower()).strip("_")
    if re.match(r"(meta|facebook|fb|instagram|graph_facebook)(_|$|ads|capi|pixel)", word):
        return META
    if re.match(r"(google|datamanager|data_manager|adwords|enhanced_conversions)", word):
        return GOOGLE
    return word or None


def _account(sent: Sent) -> str | None:
    """The account's id as its destination writes it without marks."""
    if sent.account_id and sent.destination in (META, GOOGLE):
        return re.sub(r"^(act_|customers/)|-", "", sent.account_id)
    return sent.account_id


def _digest(row: Row, place: int) -> str:
    """What tells an event without an id from others: its place in the request and what is landed of
    it but its sending, so that it is the same when it is sent again. One that does not say when it
    happened is known by when it was sent, or all of them would be one. Nothing of a person."""
    dated = {**row, "event_at": row["event_at"] or row["sent_at"]}
    content = [place, *(str(dated[name]) for name in TELLING)]
    return "line:" + hashlib.sha256(json.dumps(content).encode()).hexdigest()[:24]


def _is_ahead(event_at: datetime | None, sent_at: datetime | None) -> bool | None:
    if event_at is None or sent_at is None:
        return None
    return event_at > sent_at + CLOCK_TOLERANCE


def _is_test(event: Line) -> bool:
    given = single_values.first(event, TEST)
    return bool(given) and single_values.truth(given) is not False


def _currency(event: Line) -> str | None:
    code = (single_values.text(single_values.first(event, CURRENCY)) or "").upper()
    return code if re.fullmatch("[A-Z]{3}", code) else None
