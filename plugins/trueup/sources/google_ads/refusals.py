"""Google's errors in our words: what passes by waiting, what lasts, and what nobody knows."""

from __future__ import annotations

from typing import Any

from requests import Response

from trueup.errors import AccessDenied, BrokenContract, VendorUnavailable
from trueup.sources import http, refusals
from trueup.sources.bounds import TooMuch
from trueup.sources.refusals import Place, Refusal

_PASSING = frozenset(
    {"RESOURCE_EXHAUSTED", "UNAVAILABLE", "INTERNAL", "DEADLINE_EXCEEDED", "ABORTED"}
)
#: Quota errors that last longer than any task should wait, where Google names no delay.
_SPENT = frozenset(
    {
        "RESOURCE_EXHAUSTED",
        "ACCESS_PROHIBITED",
        "EXCESSIVE_LONG_TERM_QUERY_RESOURCE_CONSUMPTION",
    }
)
#: Errors of one account, whatever family they come in; the others are asked as before.
_OF_ACCOUNT = frozenset(
    {
        "INVALID_CUSTOMER_ID",
        "CUSTOMER_NOT_FOUND",
        "CUSTOMER_NOT_ENABLED",
        "REQUESTED_METRICS_FOR_MANAGER",
    }
)
_OF_ACCESS = frozenset({"authenticationError", "authorizationError"})
#: Families that say the question itself is wrong, which no second try mends.
_OF_QUESTION = frozenset(
    {
        "dateError",
        "dateRangeError",
        "fieldError",
        "headerError",
        "idError",
        "queryError",
        "requestError",
    }
)
#: What Google says where it does not know, or cannot tell, itself.
_UNTOLD = frozenset({"UNKNOWN", "UNSPECIFIED"})


class QuotaSpent(VendorUnavailable):
    """The day's operations are used up; trying again today only makes it worse."""

    permanent = True


def judge(response: Response, place: Place) -> Refusal | None:
    """What Google's answer means; a success is None."""
    failure = _failure_of(response)
    if failure is None:
        return refusals.plain(response, place)
    errors = _errors(failure)
    families = {family for family, _, _ in errors}
    names = {name for _, name, _ in errors}
    said = "; ".join(f"{name}: {text}" for _, name, text in errors) or failure.get("message")
    got = f"HTTP {response.status_code} {failure.get('status')} {said}"
    if failure.get("status") in _PASSING and not _is_spent(failure):
        return refusals.passing(place, response, got, _delay(failure))
    if "quotaError" in families:
        return Refusal(
            QuotaSpent(
                "Google's quota of operations is used up",
                **place,
                got=got,
                next_step="wait a day, or ask Google for a higher access level of the project",
            )
        )
    if "RESPONSE_SIZE_LIMIT_EXCEEDED" in names:
        return Refusal(TooMuch("the answer is too much for Google", **place, got=got))
    if names & _UNTOLD:
        return refusals.unknown(place, response, got)
    if response.status_code in (401, 403) or names & _OF_ACCOUNT or families & _OF_ACCESS:
        return Refusal(_access_denied(place, got, names))
    if families & _OF_QUESTION:
        return Refusal(
            BrokenContract(
                "Google rejected the question",
                **place,
                got=got,
                next_step="compare the query's fields with the API version's release notes",
            )
        )
    return refusals.unknown(place, response, got)


def _access_denied(place: Place, got: str, names: set[str]) -> AccessDenied:
    if "CUSTOMER_NOT_ENABLED" in names:
        return AccessDenied(
            f"Google Ads account {place.get('account')} is not enabled",
            **place,
            got=got,
            next_step="have the account reactivated (cancelled, or never set up), or take it out of"
            " the company file; the other accounts land without it",
        )
    return AccessDenied(
        "Google refused the account or our credentials",
        **place,
        got=got,
        next_step="check the account id (ten digits, no dashes, no manager account),"
        " login_customer_id and the user's access in Google Ads; else renew the source's secrets",
    )


def _failure_of(response: Response) -> dict[str, Any] | None:
    """Google's error envelope: the whole answer, or an element of a stream that broke off."""
    if response.status_code < 400 and b'"error"' not in response.content:
        return None
    try:
        answer = response.json()
    except ValueError:
        return None
    for part in answer if isinstance(answer, list) else [answer]:
        if isinstance(part, dict) and isinstance(part.get("error"), dict):
            return dict(part["error"])
    return None


def _errors(failure: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(family, name, message) of each error, such as (queryError, UNRECOGNIZED_FIELD, ...)."""
    return [
        (family, str(name), str(error.get("message", "")))
        for detail in failure.get("details", [])
        for error in detail.get("errors", [])
        for family, name in error.get("errorCode", {}).items()
    ]


def _is_spent(failure: dict[str, Any]) -> bool:
    delay = _delay(failure)
    if delay is not None:
        return delay > http.LONGEST_WAIT_SECONDS
    return any(family == "quotaError" and name in _SPENT for family, name, _ in _errors(failure))


def _delay(failure: dict[str, Any]) -> float | None:
    """The seconds Google asks us to wait, where it names them."""
    for detail in failure.get("details", []):
        for error in detail.get("errors", []):
            quota = error.get("details", {}).get("quotaErrorDetails", {})
            delay = str(quota.get("retryDelay", "")).removesuffix("s")
            if delay.replace(".", "", 1).isdigit():
                return float(delay)
    return None
