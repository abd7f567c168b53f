"""Shopify's errors in our words: those of HTTP, and those of GraphQL, which come with HTTP 200.

Every code that is listed anywhere stands in `refusals.csv`, with its address.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from requests import Response

from trueup import redaction
from trueup.errors import AccessDenied, BrokenContract, UnknownRefusal, VendorUnavailable
from trueup.sources import refusal_tables, refusals, strict_json
from trueup.sources.refusals import Place, Refusal
from trueup.sources.shopify.streams import API_VERSION

Answer = dict[str, Any]

TABLE = Path(__file__).with_suffix(".csv")
#: The query bucket is empty; its cost report says how long until it holds enough.
THROTTLED = "THROTTLED"
TOO_COSTLY = "MAX_COST_EXCEEDED"
TIMEOUT = "TIMEOUT"
#: An error that says no code.
CODELESS = "no code"
#: The shop itself: frozen for its bill, closed, locked.
_OF_SHOP = {402: "is frozen until its bill is paid", 404: "is not known", 423: "is locked"}


class TooCostly(Exception):
    """The query asks for more points than a single query may; ask for fewer rows."""


class NotShown(UnknownRefusal):
    """Shopify fails with the question, however often asked; one about other orders may pass."""


class TooSlow(NotShown):
    """The query ran out of time, however often asked; fewer rows may be answered in time."""


def judge(response: Response, place: Place) -> Refusal | None:
    """What the HTTP status means; the errors of GraphQL are read from the answer."""
    if words := _OF_SHOP.get(response.status_code):
        return Refusal(
            AccessDenied(
                f"the shop {words}",
                **place,
                got=refusals.said(response),
                next_step="look at the shop's own admin, or correct the account id or base_url of"
                " shopify in the company file",
            )
        )
    found = refusal_tables.read(TABLE).becomes("status", response.status_code)
    if "passing" in found:
        return refusals.passing(place, response, refusals.said(response))
    if "unknown" in found:
        return refusals.unknown(place, response, refusals.said(response))
    return refusals.plain(response, place)


def judge_sign_in(response: Response, place: Place) -> Refusal | None:
    """What the token endpoint answers."""
    if response.status_code not in (400, 401, 403):
        return judge(response, place)
    return Refusal(
        AccessDenied(
            "Shopify gave no token for our client credentials",
            **place,
            got=refusals.said(response, strict_json.read_object(response.content).get("error")),
            next_step="check client_id and client_secret, and that the app is installed",
        )
    )


def errors_of(answer: Answer) -> list[Any]:
    """The answer's errors: a list in GraphQL, now and then a bare text or object."""
    errors = answer.get("errors") or []
    return errors if isinstance(errors, list) else [errors]


def codes_of(answer: Answer) -> set[str]:
    """The codes of its errors, and of those that a field of its data has of its own."""
    data = answer.get("data")
    fields = list(data.values()) if isinstance(data, dict) else []
    own = [field.get("userErrors") for field in fields if isinstance(field, dict)]
    listed = [one for several in own if isinstance(several, list) for one in several]
    codes = {str(one.get("code") or "BAD_USER_INPUT") for one in listed if isinstance(one, dict)}
    return codes | {_code(error) for error in errors_of(answer)}


def is_passing(codes: set[str]) -> bool:
    """Whether asking again may help: their side's trouble, or what nobody knows."""
    return bool(codes) and not _becomes(codes) & {"denied", "rejected", "too_much"}


def _becomes(codes: set[str]) -> set[str]:
    table = refusal_tables.read(TABLE)
    return table.becomes("extensions.code", *codes) | table.becomes("userErrors.code", *codes)


def error_for(answer: Answer, codes: set[str], place: Place, query: str) -> Exception:
    """The error that an answer with errors comes to in the end."""
    got = _got(answer, codes, query)
    found = _becomes(codes)
    if TOO_COSTLY in codes:
        return TooCostly()
    if "denied" in found:
        return AccessDenied(
            "Shopify denied a field of the query",
            **place,
            got=got,
            next_step="grant the app the scope it names (protected customer data counts too)",
        )
    if "rejected" in found or not codes:
        return BrokenContract(
            "Shopify answered the query with an error",
            **place,
            got=got,
            next_step=f"compare the query with the vendor's {API_VERSION} schema and changelog",
        )
    if THROTTLED in codes:
        return VendorUnavailable(
            "Shopify kept throttling us after every retry",
            **place,
            got=got,
            next_step="wait for the bucket of query costs to refill; the task retries by itself",
        )
    kind = TooSlow if codes <= {TIMEOUT} else NotShown
    return kind(
        f"Shopify answers with an error of its own ({redaction.codes(codes) or CODELESS}),"
        " however often asked",
        **place,
        got=got,
        next_step="the task retries by itself; if it lasts, look at Shopify's status page and give"
        " its support the request id",
    )


def mark_partial(answer: Answer) -> bool:
    """Write into each order what of it could not be read, and whether that is all that is wrong:
    the answer has data, and every error is one of a single order."""
    data = answer.get("data")
    orders = data.get("orders") if isinstance(data, dict) else None
    nodes = orders.get("nodes") if isinstance(orders, dict) else None
    if not isinstance(nodes, list):
        return False
    for error in errors_of(answer):
        path = error.get("path") if isinstance(error, dict) else None
        if not isinstance(path, list) or path[:2] != ["orders", "nodes"] or len(path) < 4:
            return False
        index, field = path[2], ".".join(map(str, path[3:]))
        if not isinstance(index, int) or not 0 <= index < len(nodes):
            return False
        if not isinstance(nodes[index], dict) or not nodes[index]:
            return False
        code = redaction.code(_code(error)) or CODELESS
        nodes[index].setdefault("unread", []).append(f"{field}: {code}")
    return True


def _code(error: Any) -> str:
    """The error's code. One about a place in the query, and not in its result, has none in older
    answers: the query is wrong."""
    if not isinstance(error, dict):
        return CODELESS
    extensions = error.get("extensions")
    code = extensions.get("code") if isinstance(extensions, dict) else None
    if code:
        return str(code)
    return "PARSE_ERROR" if error.get("locations") and "path" not in error else CODELESS


#: What an error's message quotes, and what a scope looks like.
_QUOTED = re.compile(r"[`'\"]([A-Za-z_][A-Za-z0-9_.]{0,63})[`'\"]")
_SCOPE = re.compile(r"(?:un)?(?:auth|read|write)[a-z]*_[a-z_]+")


def _got(answer: Answer, codes: set[str], query: str) -> str:
    """The codes of the errors, what of our own query and which scopes they name, and the request's
    id. Of their messages nothing else: they may repeat what an order holds."""
    if not codes:
        return "neither data nor errors"
    ours = set(re.findall(r"\w+", query))
    names: set[str] = set()
    ids: list[object] = []
    for error in errors_of(answer):
        if isinstance(error, dict):
            quoted = _QUOTED.findall(str(error.get("message", ""))[:2_000])
            names |= {name for name in quoted if name in ours or _SCOPE.fullmatch(name)}
            extensions = error.get("extensions")
            ids += [extensions.get("requestId")] if isinstance(extensions, dict) else []
    known = next((one for one in ids if refusals.is_request_id(one)), "")
    return (
        (redaction.codes(codes) or CODELESS)
        + (f" ({redaction.codes(names)})" if names else "")
        + (f", request {known}" if known else "")
    )
