"""Shopify's errors in our words: those of HTTP, and those of GraphQL, which come with HTTP 200."""

from __future__ import annotations

from typing import Any

from requests import Response

from trueup.errors import AccessDenied, BrokenContract, UnknownRefusal, VendorUnavailable
from trueup.sources import refusals
from trueup.sources.refusals import Place, Refusal
from trueup.sources.shopify.streams import API_VERSION

Answer = dict[str, Any]

#: The query bucket is empty; its cost report says how long until it holds enough.
THROTTLED = "THROTTLED"
#: Their side failed, or was too slow.
TROUBLED = frozenset({"INTERNAL_SERVER_ERROR", "TIMEOUT", "SERVICE_UNAVAILABLE"})
TOO_COSTLY = "MAX_COST_EXCEEDED"
DENIED = frozenset({"ACCESS_DENIED", "SHOP_INACTIVE"})
#: The query is not one of this version's schema.
REJECTED = frozenset(
    {
        "argumentLiteralsIncompatible",
        "argumentNotAccepted",
        "BAD_REQUEST",
        "BAD_USER_INPUT",
        "GRAPHQL_VALIDATION_FAILED",
        "missingRequiredArguments",
        "PARSE_ERROR",
        "selectionMismatch",
        "undefinedField",
        "undefinedType",
        "variableMismatch",
    }
)
#: An error that says no code.
CODELESS = "no code"
#: The shop itself: frozen for its bill, closed, locked.
_OF_SHOP = {402: "is frozen until its bill is paid", 404: "is not known", 423: "is locked"}
#: Shopify takes the request for an attack, and says so for a while.
_SECURITY = 430


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
                got=f"HTTP {response.status_code}: {refusals.excerpt(response)}",
                next_step="look at the shop's own admin, or correct the account id or base_url of"
                " shopify in the company file",
            )
        )
    if response.status_code == _SECURITY:
        return refusals.passing(place, response, f"HTTP {_SECURITY}")
    return refusals.plain(response, place)


def judge_sign_in(response: Response, place: Place) -> Refusal | None:
    """What the token endpoint answers."""
    if response.status_code not in (400, 401, 403):
        return judge(response, place)
    return Refusal(
        AccessDenied(
            "Shopify gave no token for our client credentials",
            **place,
            got=f"HTTP {response.status_code}: {refusals.excerpt(response)}",
            next_step="check client_id and client_secret, and that the app is installed",
        )
    )


def errors_of(answer: Answer) -> list[Any]:
    """The answer's errors: a list in GraphQL, now and then a bare text or object."""
    errors = answer.get("errors") or []
    return errors if isinstance(errors, list) else [errors]


def codes_of(answer: Answer) -> set[str]:
    return {_code(error) for error in errors_of(answer)}


def is_passing(codes: set[str]) -> bool:
    """Whether asking again may help: their side's trouble, or what nobody knows."""
    return bool(codes) and not codes & (DENIED | REJECTED | {TOO_COSTLY})


def error_for(answer: Answer, codes: set[str], place: Place) -> Exception:
    """The error that an answer with errors comes to in the end."""
    got = "; ".join(_messages(answer))[:300] or "neither data nor errors"
    if TOO_COSTLY in codes:
        return TooCostly()
    if codes & DENIED:
        return AccessDenied(
            "Shopify denied a field of the query",
            **place,
            got=got,
            next_step="grant the app the scope it names (protected customer data counts too)",
        )
    if codes & REJECTED or not codes:
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
    kind = TooSlow if codes <= {"TIMEOUT"} else NotShown
    return kind(
        f"Shopify answers with an error of its own ({', '.join(sorted(codes))}), however often"
        " asked",
        **place,
        got=got,
        next_step="the task retries by itself; if it lasts, look at Shopify's status page and give"
        " its support the request id",
    )


def mark_partial(answer: Answer) -> bool:
    """Write into each order what of it could not be read, and whether that is all that is wrong:
    the answer has data, and every error is one of a single order."""
    nodes = ((answer.get("data") or {}).get("orders") or {}).get("nodes")
    if not isinstance(nodes, list):
        return False
    for error in errors_of(answer):
        path = error.get("path") if isinstance(error, dict) else None
        if not isinstance(path, list) or path[:2] != ["orders", "nodes"] or len(path) < 4:
            return False
        index, field = path[2], ".".join(map(str, path[3:]))
        if not isinstance(index, int) or index >= len(nodes) or not nodes[index]:
            return False
        nodes[index].setdefault("unread", []).append(f"{field}: {_code(error)}")
    return True


def _code(error: Any) -> str:
    """The error's code. One about a place in the query, and not in its result, has none in older
    answers: the query is wrong."""
    if not isinstance(error, dict):
        return CODELESS
    code = (error.get("extensions") or {}).get("code")
    if code:
        return str(code)
    return "PARSE_ERROR" if error.get("locations") and "path" not in error else CODELESS


def _messages(answer: Answer) -> list[str]:
    return [
        str(error.get("message", error)) if isinstance(error, dict) else str(error)
        for error in errors_of(answer)
    ]
