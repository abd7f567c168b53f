"""What an answer that is no success means: passing, lasting, or known to nobody.

Each vendor judges its own answers; what every vendor's HTTP has in common is judged here. An
error that no judge knows is asked again like one that passes, and then says that it is unknown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from requests import PreparedRequest, Response

from trueup.errors import (
    AccessDenied,
    BrokenContract,
    TrueupError,
    UnknownRefusal,
    VendorUnavailable,
)
from trueup.sources import contacts

#: Where a request was made: source, stream, account, window.
Place = dict[str, Any]

#: Statuses that pass by themselves, besides 5xx.
PASSING = frozenset({408, 425, 429})
#: Statuses that say the question itself is wrong.
REJECTED = frozenset({400, 404, 405, 406, 410, 411, 413, 414, 415, 422, 431})
#: What headers and fields that carry a credential are called.
_CREDENTIAL = re.compile("auth|token|secret|proof|assertion|key", re.IGNORECASE)


@dataclass(frozen=True)
class Refusal:
    """The error an answer comes to; whether asking again, after `wait_seconds` where the vendor
    names them, may yet avoid it."""

    error: TrueupError
    is_passing: bool = False
    wait_seconds: float | None = None


#: What a vendor makes of an answer; None where it is a success.
Judge = Callable[[Response, Place], Refusal | None]


def plain(response: Response, place: Place) -> Refusal | None:
    """The meaning of the HTTP status alone."""
    status = response.status_code
    if status < 300:
        return None
    got = f"HTTP {status}: {excerpt(response)}"
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
        next_step="wait for the vendor's quota to refill; the task retries by itself",
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
    """The wait the Retry-After header asks for, in seconds."""
    try:
        return float(response.headers["Retry-After"])
    except (KeyError, ValueError):
        return None


def address(response: Response) -> str:
    """The URL without its query, which may hold tokens."""
    return response.url.split("?")[0]


def excerpt(response: Response) -> str:
    """The beginning of the answer's text, without credentials and contact details it repeats."""
    text = response.text[:2_000]
    for secret in _credentials(response.request):
        text = text.replace(secret, "removed")
    return " ".join(contacts.cut(text).split())[:300]


def _credentials(request: PreparedRequest | None) -> Iterator[str]:
    """Every secret the request carried, in its headers, its query or its body."""
    if request is None:
        return
    for name, value in request.headers.items():
        if _CREDENTIAL.search(name):
            yield str(value).removeprefix("Bearer ")
    body = request.body.decode() if isinstance(request.body, bytes) else request.body or ""
    pairs = parse_qsl(urlsplit(request.url or "").query) + parse_qsl(str(body))
    if str(body).startswith("{"):
        pairs += [pair for pair in json.loads(str(body)).items() if isinstance(pair[1], str)]
    yield from (value for name, value in pairs if _CREDENTIAL.search(name) and value)
