"""The answer that stands beside a request in the log, wherever the line keeps it.

Destinations differ in where they say no. Some answer 200 and say it inside: an error of their own
beside `code`, a list of what failed in part, fewer events processed than received.
"""

from __future__ import annotations

from typing import Any

from trueup.sources.conversions_api import single_values
from trueup.sources.conversions_api.outcomes import Answer, is_refusal
from trueup.sources.conversions_api.single_values import Line

RESPONSE = ("response", "response_body", "answer")
STATUS = ("http_status", "status_code", "statusCode", "status", "response_code", "response_status")
REQUEST_ID = ("fbtrace_id", "request_id", "requestId")
RECEIVED = (
    "events_received", "eventsReceived", "num_events_processed", "num_events_received", "accepted",
    "accepted_count", "received_count",
)  # fmt: skip
OUTCOME = ("outcome", "result")
SUCCESS = ("success", "is_success", "succeeded", "ok")
CODE = ("error_code", "error_reason", "errorCode", "reason_code")
SUBCODE = ("error_subcode", "errorSubcode")
#: What failed of a request whose other events were taken.
PARTIAL = ("partialFailureError", "partial_failure_error")
FAILED_IN_PART = "PARTIAL_FAILURE"


def answer_of(line: Line, destination: str, events: int) -> Answer:
    """What came back: an error's own codes come before others, the sender's own word before all."""
    parts = _parts(line)
    count = single_values.whole(line.get("events_sent")) or events
    code, subcode = _codes(_error(parts))
    status, stated = _status(parts)
    received = single_values.whole(_first_of(parts, RECEIVED))
    failed = single_values.mapping(_first_of(parts[:2], PARTIAL))
    if failed and code is None:
        codes = _failures(failed)
        refused = max(len(codes), 1)
        # Of some of many nobody knows which: that is said by their number alone.
        received = None if refused >= count else count - refused
        code = None if received else next(iter(codes.values()), FAILED_IN_PART)
    return Answer(
        destination,
        status,
        code or _code_beside(parts),
        subcode or single_values.text(_first_of(parts, SUBCODE)),
        received,
        count,
        stated,
        str(line.get("api") or "").lower().startswith("upload"),
    )


def request_id_of(line: Line) -> str | None:
    parts = _parts(line)
    return single_values.text(
        single_values.first(_error(parts), REQUEST_ID) or _first_of(parts, REQUEST_ID)
    )


def _status(parts: list[Line]) -> tuple[int | None, str | None]:
    """The status of the answer, and the word that says more than it: the sender's own, or a
    destination's no."""
    body, _, line = parts
    given = _first_of([line, *parts], STATUS)
    status = single_values.status(given)
    if status is None:
        status = next((int(code) for part in parts[:2] if (code := _http_code(part))), None)
    stated = single_values.text(_first_of(parts, OUTCOME))
    success = single_values.truth(_first_of(parts, SUCCESS))
    if stated is None and status is None:
        stated = single_values.text(given)
    if status is None and success and stated is None:
        status = 200
    if stated is None and (status or 0) < 300:
        said = single_values.text(body.get("status"))
        stated = said if is_refusal(said) else "failed" if success is False else None
    return status, stated.lower() if stated else None


def _code_beside(parts: list[Line]) -> str | None:
    """A code that stands by itself: under a name for it, or as the answer's `code`."""
    named = single_values.text(_first_of(parts, CODE))
    plain = single_values.text(_first_of(parts[:2], ("code",)))
    return named or (None if plain is None or _http_code({"code": plain}) else plain)


def _http_code(part: Line) -> str | None:
    """An answer's `code`, where it is an HTTP status."""
    code = single_values.text(part.get("code"))
    return code if code and len(code) == 3 and single_values.status(code) else None


def _codes(error: Line) -> tuple[str | None, str | None]:
    """Meta's code and subcode; of Google's error the reason, which says more than its status."""
    if "status" in error or "details" in error:
        known = next(iter(_failures(error).values()), None)
        return known or single_values.text(error.get("status")) or single_values.text(
            error.get("code")
        ), None
    return single_values.text(error.get("code")), single_values.text(error.get("error_subcode"))


def _failures(error: Line) -> dict[str, str]:
    """The reasons an error of Google's lists, by the event each is of where it says so."""
    found: dict[str, str] = {}
    for number, detail in enumerate(single_values.listed(error.get("details"))):
        if reason := single_values.text(detail.get("reason")):
            found.setdefault(f"detail {number}", reason)
        for place, one in enumerate(single_values.listed(detail.get("errors"))):
            words = single_values.mapping(one.get("errorCode") or one.get("error_code"))
            reason = next((single_values.text(word) for word in words.values()), None)
            found.setdefault(_event_of(one) or f"error {place}", reason or FAILED_IN_PART)
    return found


def _event_of(error: Line) -> str | None:
    """Which event of the request an error is of: two errors may be of one."""
    where = single_values.mapping(error.get("location"))
    path = where.get("fieldPathElements") or where.get("field_path_elements")
    for step in single_values.listed(path):
        if "index" in step or step.get("fieldName", step.get("field_name")) == "conversions":
            return f"event {single_values.whole(step.get('index')) or 0}"
    return None


def _error(parts: list[Line]) -> dict[str, Any]:
    return next(
        (found for part in parts if (found := single_values.mapping(part.get("error")))), {}
    )


def _parts(line: Line) -> list[Line]:
    """The body of the answer, the answer around it, and the line itself. Google's answers of many
    parts are lists of one."""
    response = _opened(single_values.first(line, RESPONSE))
    body = _opened(response.get("body")) or response
    return [body, response, line]


def _opened(value: Any) -> dict[str, Any]:
    return next(iter(single_values.listed(value)), {})


def _first_of(parts: list[Line], names: tuple[str, ...]) -> Any:
    return next(
        (found for part in parts if (found := single_values.first(part, names)) is not None), None
    )
