"""What an answer that is no success means: passing, lasting, or known to nobody.

Each vendor judges its own answers; what every vendor's HTTP has in common is judged here. An
error that no judge knows is asked again like one that passes, and then says that it is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from requests import Response

from trueup import redaction
from trueup.errors import (
    AccessDenied,
    BrokenContract,
    TrueupError,
    UnknownRefusal,
    VendorUnavailable,
)
from trueup.sources import strict_json

#: Where a request was made: source, stream, account, window.
Place = dict[str, Any]

#: Statuses that pass by themselves, besides 5xx.
PASSING = frozenset({408, 425, 429})
#: Statuses that say the question itself is wrong.
REJECTED = frozenset({400, 404, 405, 406, 410, 411, 413, 414, 415, 422, 431})
#: What of an answer's texts is looked for in an error.
MOST_SENTENCES, LONGEST_SENTENCE = 1_000, 20_000
#: Headers in which vendors name a request, and what such a name looks like.
REQUEST_IDS = ("X-Request-Id", "X-Correlation-Id", "Request-Id")
_REQUEST_ID = re.compile(r"[0-9a-fA-F-]{8,64}")


@dataclass(frozen=True)
class Refusal:
    """The error an answer comes to; whether asking again, after `wait_seconds` where the vendor
    names them, may yet avoid it."""

    error: TrueupError
    is_passing: bool = False
    wait_seconds: float | None = None


#: What helps where the vendor says that its own servers have trouble, and that we ask too much.
TROUBLE = "wait: the task retries by itself; if it lasts, look at the vendor's status page"
SLOW_DOWN = "wait for the vendor's quota to refill; the task retries by itself"
#: What a vendor makes of an answer; None where it is a success.
Judge = Callable[[Response, Place], Refusal | None]


def plain(response: Response, place: Place) -> Refusal | None:
    """The meaning of the HTTP status alone."""
    status = response.status_code
    if status < 300:
        return None
    got = said(response)
    if status in PASSING or status >= 500:
        return passing(place, response, got)
    if status in (401, 403):
        return denied(place, response, got)
    if status in REJECTED:
        return rejected(place, response, got)
    return unknown(place, response, got)


def passing(
    place: Place, response: Response, got: str, wait_seconds: float | None = None
) -> Refusal:
    error = VendorUnavailable(
        f"{address(response)} kept refusing after every retry",
        **place,
        got=got,
        next_step=TROUBLE if response.status_code >= 500 else SLOW_DOWN,
    )
    return Refusal(error, is_passing=True, wait_seconds=wait_seconds)


def denied(place: Place, response: Response, got: str, next_step: str = "") -> Refusal:
    return Refusal(
        AccessDenied(
            f"{address(response)} refused our credentials",
            **place,
            got=got,
            next_step=next_step
            or "renew the source's secrets and check the account id and its permissions",
        )
    )


def rejected(place: Place, response: Response, got: str, next_step: str = "") -> Refusal:
    return Refusal(
        BrokenContract(
            f"{address(response)} rejected the request",
            **place,
            expected="HTTP 200",
            got=got,
            next_step=next_step
            or "compare account id and API version in the company file with the vendor's",
        )
    )


def unknown(place: Place, response: Response, got: str) -> Refusal:
    error = UnknownRefusal(
        f"{address(response)} answers with an error that nobody here knows, however often asked",
        **place,
        got=got,
        next_step="the task retries by itself; if it lasts, look the code up in the vendor's"
        f" documentation and status page, and teach it to sources/{place['source']}",
    )
    return Refusal(error, is_passing=True)


def seconds_asked_for(response: Response) -> float | None:
    """The wait the Retry-After header asks for, in seconds: a number of them, or until an instant.
    None where it asks for none that can be waited."""
    asked = response.headers.get("Retry-After", "").strip()
    try:
        return seconds(float(asked))
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(asked)
    except (ValueError, OverflowError):
        return None
    return seconds((until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def seconds(value: object) -> float | None:
    """`value` if it is a span of time that lies ahead: a vendor may name one that does not."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # Not finite is what no comparison holds of.
    return float(value) if value > 0 and value == value else None


def address(response: Response) -> str:
    """The URL without its query, which may hold tokens."""
    return response.url.split("?")[0]


def said(response: Response, *codes: object, request: object = "") -> str:
    """What is shown of an answer: its status, the codes in it and the id of the request, by which
    the vendor's support finds it. Never its text, which may repeat what was sent or hold a row of
    somebody's."""
    words = redaction.codes(codes)
    ids = [request, *(response.headers.get(name, "") for name in REQUEST_IDS)]
    known = next((one for one in ids if is_request_id(one)), "")
    return (
        f"HTTP {response.status_code}{f' {words}' if words else ''}"
        f"{f', request {known}' if known else ''}"
    )


def without_prose(refusal: Refusal, response: Response) -> Refusal:
    """The refusal, whose error repeats no sentence of the answer, whoever judged it: codes are
    words without a space between them."""
    error, got = refusal.error, str(refusal.error.got)
    kept = got
    for sentence in sorted(_sentences(response), key=len, reverse=True):
        kept = kept.replace(f": {sentence}", "").replace(sentence, redaction.REMOVED)
    if kept != got:
        error.got = kept
        error.args = (str(error).replace(f"got: {got}", f"got: {kept}"),)
    return refusal


def _sentences(response: Response) -> set[str]:
    """The texts of the answer's JSON that are more than a word."""
    try:
        pending = [strict_json.read(response.content)]
    except strict_json.Unreadable:
        return set()
    found: set[str] = set()
    while pending and len(found) < MOST_SENTENCES:
        one = pending.pop()
        if isinstance(one, dict | list):
            pending += one.values() if isinstance(one, dict) else one
        elif isinstance(one, str) and len(one.split()) > 1:
            found.add(redaction.clean(one[:LONGEST_SENTENCE]))
    return found


def is_request_id(value: object) -> bool:
    """Whether it looks like the id of a request, and like nothing that is secret or personal."""
    return isinstance(value, str) and _REQUEST_ID.fullmatch(value) is not None
