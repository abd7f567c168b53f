"""Google's failures in our words: what passes by waiting, what does not, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Any

from requests import Response

from trueup.errors import AccessDenied, BrokenContract, VendorUnavailable
from trueup.sources import http
from trueup.sources.google_auth import RefreshTokenAuth

_PASSING = {"RESOURCE_EXHAUSTED", "UNAVAILABLE", "INTERNAL", "DEADLINE_EXCEEDED", "ABORTED"}
#: Quota errors that last longer than any task should wait, where Google names no delay.
_SPENT = {
    "RESOURCE_EXHAUSTED",
    "ACCESS_PROHIBITED",
    "EXCESSIVE_LONG_TERM_QUERY_RESOURCE_CONSUMPTION",
}
_WRONG_ACCOUNT = {
    "INVALID_CUSTOMER_ID",
    "CUSTOMER_NOT_FOUND",
    "CUSTOMER_NOT_ENABLED",
    "REQUESTED_METRICS_FOR_MANAGER",
}


class QuotaSpent(VendorUnavailable):
    """The day's operations are used up; trying again today only makes it worse."""

    permanent = True


def failure_of(response: Response) -> dict[str, Any] | None:
    """Google's error envelope: the whole answer, or an element of a stream that broke off."""
    if response.status_code < 400 and b'"error"' not in response.content:
        return None
    try:
        answer = response.json()
    except ValueError:
        return None
    for part in answer if isinstance(answer, list) else [answer]:
        if isinstance(part, dict) and isinstance(part.get("error"), dict):
            return part["error"]
    return None


def _errors(failure: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(family, name, message) of each error, such as (queryError, UNRECOGNIZED_FIELD, ...)."""
    return [
        (family, str(name), str(error.get("message", "")))
        for detail in failure.get("details", [])
        for error in detail.get("errors", [])
        for family, name in error.get("errorCode", {}).items()
    ]


def slow_down(response: Response) -> bool:
    """Google's ways of asking for patience: 429 and 503, or the same inside a stream."""
    failure = failure_of(response)
    if failure is None or failure.get("status") not in _PASSING:
        return False
    return not _is_spent(failure)


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


def refusal_of(place: dict[str, Any], auth: RefreshTokenAuth) -> Callable[..., None]:
    """A response hook: raises for failures that no retry can cure, before any retry, and puts
    the wait Google asks for where the retries look for it."""

    def refuse(response: Response, **_: Any) -> None:
        failure = failure_of(response)
        if failure is None:
            return
        if slow_down(response):
            if delay := _delay(failure):
                response.headers["Retry-After"] = str(ceil(delay))
            return
        errors = _errors(failure)
        got = "; ".join(f"{name}: {text}" for _, name, text in errors) or failure.get("message")
        names = {name for _, name, _ in errors}
        if any(family == "quotaError" for family, _, _ in errors):
            raise QuotaSpent(
                "Google's quota of operations is used up",
                **place,
                got=got,
                next_step="wait a day, or ask Google for a higher access level of the project",
            )
        if response.status_code == 401:
            auth.forget()
        if response.status_code in (401, 403) or names & _WRONG_ACCOUNT:
            raise AccessDenied(
                "Google refused the account or our credentials",
                **place,
                got=f"HTTP {response.status_code} {got}",
                next_step="check the account id (ten digits, no dashes, no manager account),"
                " login_customer_id and the user's access in Google Ads; else renew the source's"
                " secrets",
            )
        raise BrokenContract(
            "Google rejected the question",
            **place,
            got=got,
            next_step="compare the query's fields with the API version's release notes",
        )

    return refuse
