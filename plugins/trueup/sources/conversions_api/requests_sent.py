"""Requests as they were sent, taken apart into their events."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from trueup.sources.conversions_api import single_values
from trueup.sources.conversions_api.answers import REQUEST_ID, answer_of, request_id_of
from trueup.sources.conversions_api.outcomes import Answer
from trueup.sources.conversions_api.single_values import Line
from trueup.sources.conversions_api.streams import GOOGLE, META

REQUEST = ("request", "payload", "request_body", "body")
ADDRESS = ("url", "request_url", "path")
ACCOUNT_IN_URL = re.compile(r"/(\d{6,20})/events")
TEST_IN_URL = re.compile(r"[?&]test_event_code=([^&#\s]+)")
#: Where destinations and tag managers keep a part of an event: what was bought, and who.
PARTS = ("custom_data", "properties", "ecommerce", "user_data", "user", "adIdentifiers")
ACCOUNT = ("account_id", "dataset_id", "pixel_id", "event_source_id", "pixel_code")
ACTION = ("event_name", "event")
#: What Google calls an identifier of each kind.
IDENTIFIERS = {
    "emailAddress": ("emailAddress", "hashedEmail", "hashed_email"),
    "phoneNumber": ("phoneNumber", "hashedPhoneNumber", "hashed_phone_number"),
    "address": ("address", "addressInfo", "address_info"),
}


@dataclass(frozen=True)
class Sent:
    """One event as it went to one destination; `event` holds all it was sent with."""

    destination: str
    account_id: str | None
    action: str | None
    event: dict[str, Any]
    answer: Answer
    request_id: str | None = None

    def __post_init__(self) -> None:
        if self.request_id is None:
            given = single_values.text(single_values.first(self.event, REQUEST_ID))
            object.__setattr__(self, "request_id", given)


def events_of(line: Line, destination: str | None) -> list[Sent]:
    """The events of the request a line holds, or is; none where it is an event itself.
    `destination` is what the line calls its own."""
    request = single_values.mapping(single_values.first(line, REQUEST))
    body = single_values.mapping(request.get("body")) or request or dict(line)
    events = single_values.listed(body.get("data"))
    if "data" in body and (request or any(single_values.first(one, ACTION) for one in events)):
        return _of_meta(line, body, events, destination or META)
    if single_values.listed(body.get("events")):
        return _of_google(line, body)
    if single_values.listed(body.get("conversions")):
        return _of_upload(line, body)
    return []


def whole(event: dict[str, Any]) -> dict[str, Any]:
    """An event with what stands in its parts beside it."""
    parts: dict[str, Any] = {}
    for name in PARTS:
        parts |= single_values.mapping(event.get(name))
    return {**parts, **_identifiers(event), **event}


def test_code(line: Line) -> str | None:
    """The code of a test in the address that was asked."""
    address = single_values.first(line, ADDRESS)
    found = TEST_IN_URL.search(str(address or ""))
    return found[1] if found else None


def _of_meta(
    line: Line, body: dict[str, Any], events: list[dict[str, Any]], destination: str
) -> list[Sent]:
    """A list of events, as Meta takes it and others that followed."""
    answer = answer_of(line, destination, len(events))
    account = single_values.first(line, ACCOUNT) or single_values.first(body, ACCOUNT)
    if account is None:
        found = ACCOUNT_IN_URL.search(str(single_values.first(line, ADDRESS) or ""))
        account = found[1] if found else None
    test = {"test_event_code": body.get("test_event_code") or test_code(line)}
    return [
        Sent(
            destination,
            single_values.text(account),
            single_values.text(single_values.first(event, ACTION)),
            {**test, **{key: value for key, value in whole(event).items() if key != "opt_out"}},
            answer,
            request_id_of(line),
        )
        for event in events
    ]


def _of_google(line: Line, body: dict[str, Any]) -> list[Sent]:
    events = single_values.listed(body["events"])
    answer = answer_of(line, GOOGLE, len(events))
    common = {
        **single_values.mapping(body.get("consent")),
        "validateOnly": body.get("validateOnly"),
    }
    found = []
    for destination in single_values.listed(body.get("destinations")):
        operating = single_values.mapping(destination.get("operatingAccount"))
        for event in events:
            named = event.get("destinationReferences")
            if named and destination.get("reference") not in named:
                continue
            found.append(
                Sent(
                    GOOGLE,
                    single_values.text(operating.get("accountId")),
                    single_values.text(destination.get("productDestinationId")),
                    {**common, **_google_event(event)},
                    answer,
                    request_id_of(line),
                )
            )
    return found


def _of_upload(line: Line, body: dict[str, Any]) -> list[Sent]:
    """Conversions that were uploaded to Google, whose answer is final."""
    events = single_values.listed(body["conversions"])
    answer = replace(answer_of(line, GOOGLE, len(events)), is_final=True)
    account = single_values.first(body, ("customerId", "customer_id")) or single_values.first(
        line, ("customer_id", "account_id")
    )
    test = {"validateOnly": single_values.first(body, ("validateOnly", "validate_only"))}
    return [
        Sent(
            GOOGLE,
            single_values.text(account),
            single_values.text(
                single_values.first(event, ("conversionAction", "conversion_action"))
            ),
            {**test, **_google_event(event)},
            answer,
            request_id_of(line),
        )
        for event in events
    ]


def _google_event(event: dict[str, Any]) -> dict[str, Any]:
    consent = single_values.mapping(event.get("consent"))
    return {**{kind: [] for kind in IDENTIFIERS}, **whole(event), **consent}


def _identifiers(event: dict[str, Any]) -> dict[str, Any]:
    """What Google's lists of identifiers hold, by kind; nothing of an event without such a list."""
    user = single_values.mapping(event.get("userData")) or event
    listed = single_values.first(user, ("userIdentifiers", "user_identifiers"))
    if listed is None:
        return {}
    found: dict[str, Any] = {kind: [] for kind in IDENTIFIERS}
    for one in single_values.listed(listed):
        for kind, names in IDENTIFIERS.items():
            value = single_values.first(one, names)
            found[kind] += [] if value is None else [value]
    return found
