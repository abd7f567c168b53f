"""Requests as they were sent, taken apart into their events."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from trueup.sources.conversions_api import single_values
from trueup.sources.conversions_api.answers import REQUEST_ID, answer_of, request_id_of
from trueup.sources.conversions_api.outcomes import Answer
from trueup.sources.conversions_api.single_values import Line
from trueup.sources.conversions_api.streams import GOOGLE, META

REQUEST = ("request", "payload", "request_body", "body")
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
