"""The answer that stands beside a request in the log, wherever the line keeps it.

Destinations differ in where they say no. Some answer 200 and say it inside: an error of their own
beside `code`, a list of what failed in part, fewer events processed than received. Programs that
send for others, and clients of HTTP, wrap the answer once more, and say 200 of their own part.
"""

from __future__ import annotations

from typing import Any

from trueup.sources.conversions_api import single_values, wrappers
from trueup.sources.conversions_api.outcomes import NO_ERROR, Answer, is_refusal
from trueup.sources.conversions_api.single_values import Line

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
#: How a queue's job stands: one that failed is tried again, and its code is an HTTP status.
JOB_STATE = "job_state"
JOB_STATES = {"succeeded": "succeeded", "aborted": "rejected", "failed": "unknown"}
#: What failed of a request whose other events were taken.
PARTIAL = ("partialFailureError", "partial_failure_error")
FAILED_IN_PART = "PARTIAL_FAILURE"


def answer_of(line: Line, destination: str, events: int) -> Answer:
    """What came back: an error's own codes come before others, the sender's own word before all."""
    parts, errors = wrappers.opened(line)
    count = single_values.whole(line.get("events_sent")) or events
    code, subcode = _first_codes(errors)
    status, stated = _status(parts)
    received = single_values.whole(_first_of(parts, RECEIVED))
    if received is None and stated is None and (status or 0) < 300 and _says_error(parts):
        stated = "failed"
    failed = single_values.mapping(_first_of(parts[:-1], PARTIAL))
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
    parts, errors = wrappers.opened(line)
    return single_values.text(_first_of(errors, REQUEST_ID) or _first_of(parts, REQUEST_ID))


def _status(parts: list[Line]) -> tuple[int | None, str | None]:
    """The status of the answer, and the word that says more than it: the sender's own, or a
    destination's no. Of several statuses a refusal counts: who passes one on says 200 of itself."""
    given = [found for part in (parts[-1], *parts) for found in [single_values.first(part, STATUS)]]
    statuses = [found for one in given if (found := single_values.status(one)) is not None]
    statuses += [int(code) for part in parts[:-1] if (code := _http_code(part))]
    if JOB_STATE in parts[-1] and (code := _http_code(parts[-1], CODE)):
        statuses.append(int(code))
    refusals = [one for one in statuses if 300 <= one < 600]
    status = next(iter([*refusals, *statuses]), None)
    stated = single_values.text(_first_of(parts, OUTCOME))
    stated = stated or JOB_STATES.get(str(parts[-1].get(JOB_STATE)).lower())
    success = single_values.truth(_first_of(parts, SUCCESS))
    if stated is None and status is None:
        stated = next(filter(None, map(single_values.text, given)), None)
    if status is None and success and stated is None:
        status = 200
    if stated is None and (status or 0) < 300:
        said = single_values.text(parts[0].get("status"))
        stated = said if is_refusal(said) else "failed" if success is False else None
    return status, stated.lower() if stated else None


def _says_error(parts: list[Line]) -> bool:
    """Whether an answer says in words that something was wrong."""
    said = [single_values.text(part.get("error")) for part in parts]
    words = [one for one in said if one and one.lower() not in NO_ERROR]
    return any(single_values.truth(one) is not False for one in words)


def _code_beside(parts: list[Line]) -> str | None:
    """A code that stands by itself: under a name for it, or as the answer's `code`."""
    named = single_values.text(_first_of(parts, CODE))
    if JOB_STATE in parts[-1] and _http_code({"code": named}):
        named = None
    plain = single_values.text(_first_of(parts[:-1], ("code",)))
    return named or (None if plain is None or _http_code({"code": plain}) else plain)


def _http_code(part: Line, names: tuple[str, ...] = ("code",)) -> str | None:
    """An answer's `code`, where it is an HTTP status."""
    code = single_values.text(single_values.first(part, names))
    return code if code and len(code) == 3 and single_values.status(code) else None


def _first_codes(errors: list[Line]) -> tuple[str | None, str | None]:
    """Of the error that has codes: a client's own error stands around its destination's."""
    return next((found for found in map(_codes, errors) if found[0]), (None, None))


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


def _first_of(parts: list[Line], names: tuple[str, ...]) -> Any:
    return next(
        (found for part in parts if (found := single_values.first(part, names)) is not None), None
    )
