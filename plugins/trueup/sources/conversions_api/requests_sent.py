"""Requests as they were sent, taken apart into their events; and the answer that stands beside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from trueup.sources.conversions_api import single_values
from trueup.sources.conversions_api.outcomes import Answer
from trueup.sources.conversions_api.single_values import Line
from trueup.sources.conversions_api.streams import GOOGLE, META

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
            given = single_values.text(single_values.first(self.event, REQUEST_ID))
            object.__setattr__(self, "request_id", given)


def events_of(line: Line) -> list[Sent]:
    """The events of the request a line holds; none where it holds no request."""
    request = single_values.mapping(single_values.first(line, REQUEST))
    body = single_values.mapping(request.get("body")) or request
    if "data" in body:
        return _of_meta(line, body)
    if "events" in body:
        return _of_google(line, body)
    return []


def _of_meta(line: Line, body: dict[str, Any]) -> list[Sent]:
    events = single_values.listed(body["data"])
    answer = answer_of(line, META, len(events))
    account = single_values.first(line, ("account_id", "dataset_id", "pixel_id"))
    if account is None:
        found = ACCOUNT_IN_URL.search(
            str(single_values.first(line, ("url", "request_url", "path")) or "")
        )
        account = found[1] if found else None
    test = {"test_event_code": body.get("test_event_code")}
    return [
        Sent(
            META,
            single_values.text(account),
            single_values.text(event.get("event_name")),
            {
                **test,
                **single_values.mapping(event.get("custom_data")),
                **single_values.mapping(event.get("user_data")),
                **{key: value for key, value in event.items() if key != "opt_out"},
            },
            answer,
            _request_id(line),
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
                    _request_id(line),
                )
            )
    return found


def _google_event(event: dict[str, Any]) -> dict[str, Any]:
    identifiers: dict[str, Any] = {"emailAddress": [], "phoneNumber": [], "address": []}
    for one in single_values.listed(
        single_values.mapping(event.get("userData")).get("userIdentifiers")
    ):
        for name, values in identifiers.items():
            values += [one[name]] if one.get(name) else []
    flat = {key: value for key, value in event.items() if key not in ("userData", "adIdentifiers")}
    consent = single_values.mapping(event.get("consent"))
    return {**flat, **single_values.mapping(event.get("adIdentifiers")), **identifiers, **consent}


def answer_of(line: Line, destination: str, events: int) -> Answer:
    """What came back, wherever the line keeps it: an error's own codes come before others."""
    parts = _parts(line)
    body = parts[0]
    error = single_values.mapping(body.get("error"))
    code, subcode = _codes(error)
    given = single_values.first(line, STATUS) or _first_of(parts, STATUS)
    status = single_values.whole(given)
    stated = single_values.text(_first_of(parts, OUTCOME)) or (
        None if status else single_values.text(given)
    )
    return Answer(
        destination,
        status,
        code or single_values.text(_first_of(parts, CODE)),
        subcode or single_values.text(_first_of(parts, SUBCODE)),
        single_values.whole(_first_of(parts, RECEIVED)),
        single_values.whole(line.get("events_sent")) or events,
        stated.lower() if stated else None,
        str(line.get("api") or "").lower().startswith("upload"),
    )


def _codes(error: dict[str, Any]) -> tuple[str | None, str | None]:
    """Meta's code and subcode; of Google's error the reason, which says more than its status."""
    if "status" in error or "details" in error:
        reasons = [
            single_values.text(one.get("reason"))
            for one in single_values.listed(error.get("details"))
        ]
        known = next((reason for reason in reasons if reason), None)
        return known or single_values.text(error.get("status")) or single_values.text(
            error.get("code")
        ), None
    return single_values.text(error.get("code")), single_values.text(error.get("error_subcode"))


def _parts(line: Line) -> list[Line]:
    """The body of the answer, the answer around it, and the line itself."""
    response = single_values.mapping(single_values.first(line, RESPONSE))
    body = single_values.mapping(response.get("body")) or response
    return [body, response, line]


def _first_of(parts: list[Line], names: tuple[str, ...]) -> Any:
    return next(
        (found for part in parts if (found := single_values.first(part, names)) is not None), None
    )


def _request_id(line: Line) -> str | None:
    parts = _parts(line)
    error = single_values.mapping(parts[0].get("error"))
    return single_values.text(
        single_values.first(error, REQUEST_ID) or _first_of(parts, REQUEST_ID)
    )
