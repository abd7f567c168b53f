"""Requests as they were sent, taken apart into their events; and the answer that stands beside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from trueup.sources.conversions_api import told
from trueup.sources.conversions_api.outcomes import Answer
from trueup.sources.conversions_api.streams import GOOGLE, META
from trueup.sources.conversions_api.told import Line

REQUEST = ("request", "payload", "request_body", "body")
RESPONSE = ("response", "response_body", "answer")
STATUS = ("http_status", "status_code", "statusCode", "status", "response_code", "response_status")
REQUEST_ID = ("fbtrace_id", "request_id", "requestId")
RECEIVED = ("events_received", "accepted", "accepted_count", "received_count")
OUTCOME = ("outcome", "result")
CODE = ("error_code", "error_reason", "errorCode", "reason_code")
SUBCODE = ("error_subcode", "errorSubcode")
ACCOUNT_IN_URL = re.compile(r"/(\d{6,20})/events")


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
            given = told.text(told.first(self.event, REQUEST_ID))
            object.__setattr__(self, "request_id", given)


def events_of(line: Line) -> list[Sent]:
    """The events of the request a line holds; none where it holds no request."""
    request = told.mapping(told.first(line, REQUEST))
    body = told.mapping(request.get("body")) or request
    if "data" in body:
        return _of_meta(line, body)
    if "events" in body:
        return _of_google(line, body)
    return []


def _of_meta(line: Line, body: dict[str, Any]) -> list[Sent]:
    events = told.listed(body["data"])
    answer = answer_of(line, META, len(events))
    account = told.first(line, ("account_id", "dataset_id", "pixel_id"))
    if account is None:
        found = ACCOUNT_IN_URL.search(str(told.first(line, ("url", "request_url", "path")) or ""))
        account = found[1] if found else None
    test = {"test_event_code": body.get("test_event_code")}
    return [
        Sent(
            META,
            told.text(account),
            told.text(event.get("event_name")),
            {
                **test,
                **told.mapping(event.get("custom_data")),
                **told.mapping(event.get("user_data")),
                **{key: value for key, value in event.items() if key != "opt_out"},
            },
            answer,
            _request_id(line),
        )
        for event in events
    ]


def _of_google(line: Line, body: dict[str, Any]) -> list[Sent]:
    events = told.listed(body["events"])
    answer = answer_of(line, GOOGLE, len(events))
    common = {**told.mapping(body.get("consent")), "validateOnly": body.get("validateOnly")}
    found = []
    for destination in told.listed(body.get("destinations")):
        operating = told.mapping(destination.get("operatingAccount"))
        for event in events:
            named = event.get("destinationReferences")
            if named and destination.get("reference") not in named:
                continue
            found.append(
                Sent(
                    GOOGLE,
                    told.text(operating.get("accountId")),
                    told.text(destination.get("productDestinationId")),
                    {**common, **_google_event(event)},
                    answer,
                    _request_id(line),
                )
            )
    return found


def _google_event(event: dict[str, Any]) -> dict[str, Any]:
    identifiers: dict[str, Any] = {"emailAddress": [], "phoneNumber": [], "address": []}
    for one in told.listed(told.mapping(event.get("userData")).get("userIdentifiers")):
        for name, values in identifiers.items():
            values += [one[name]] if one.get(name) else []
    flat = {key: value for key, value in event.items() if key not in ("userData", "adIdentifiers")}
    consent = told.mapping(event.get("consent"))
    return {**flat, **told.mapping(event.get("adIdentifiers")), **identifiers, **consent}


def answer_of(line: Line, destination: str, events: int) -> Answer:
    """What came back, wherever the line keeps it: an error's own codes come before others."""
    parts = _parts(line)
    body = parts[0]
    error = told.mapping(body.get("error"))
    code, subcode = _codes(error)
    given = told.first(line, STATUS) or _first_of(parts, STATUS)
    status = told.whole(given)
    stated = told.text(_first_of(parts, OUTCOME)) or (None if status else told.text(given))
    return Answer(
        destination,
        status,
        code or told.text(_first_of(parts, CODE)),
        subcode or told.text(_first_of(parts, SUBCODE)),
        told.whole(_first_of(parts, RECEIVED)),
        told.whole(line.get("events_sent")) or events,
        stated.lower() if stated else None,
        str(line.get("api") or "").lower().startswith("upload"),
    )


def _codes(error: dict[str, Any]) -> tuple[str | None, str | None]:
    """Meta's code and subcode; of Google's error the reason, which says more than its status."""
    if "status" in error or "details" in error:
        reasons = [told.text(one.get("reason")) for one in told.listed(error.get("details"))]
        known = next((reason for reason in reasons if reason), None)
        return known or told.text(error.get("status")) or told.text(error.get("code")), None
    return told.text(error.get("code")), told.text(error.get("error_subcode"))


def _parts(line: Line) -> list[Line]:
    """The body of the answer, the answer around it, and the line itself."""
    response = told.mapping(told.first(line, RESPONSE))
    body = told.mapping(response.get("body")) or response
    return [body, response, line]


def _first_of(parts: list[Line], names: tuple[str, ...]) -> Any:
    return next((found for part in parts if (found := told.first(part, names)) is not None), None)


def _request_id(line: Line) -> str | None:
    parts = _parts(line)
    error = told.mapping(parts[0].get("error"))
    return told.text(told.first(error, REQUEST_ID) or _first_of(parts, REQUEST_ID))
