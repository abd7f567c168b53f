"""HubSpot's errors in our words: a category in JSON says what happened, a status alone less."""

from __future__ import annotations

from typing import Any

from requests import Response

from trueup.errors import VendorUnavailable
from trueup.sources import refusals
from trueup.sources.refusals import Place, Refusal

#: Besides what passes everywhere: a record or an index is locked, a portal moves house.
PASSING = frozenset({423, 477})
#: The search, or what stands in front of it, gave up waiting.
TIMED_OUT = frozenset({502, 503, 504, 522, 524})
#: Categories that say the question is wrong, and those that say we may not ask it.
REJECTED = frozenset({"OBJECT_NOT_FOUND", "RESOURCE_NOT_FOUND", "VALIDATION_ERROR"})
DENIED = frozenset({"BANNED", "EXPIRED_AUTHENTICATION", "INVALID_AUTHENTICATION", "MISSING_SCOPES"})


class TooSlow(VendorUnavailable):
    """HubSpot gave up on the question; one for fewer records may be answered in time."""


def judge(response: Response, place: Place) -> Refusal | None:
    """What HubSpot's answer means; a success is None, and so is a batch whose records are gone."""
    status = response.status_code
    if status < 300:
        return None
    answer = _object(response)
    category = str(answer.get("category", ""))
    got = f"HTTP {status} {category}: {refusals.excerpt(response)}"
    if status == 429 and answer.get("policyName") == "DAILY":
        return Refusal(_out_of_calls(place))
    if status in TIMED_OUT:
        return Refusal(_too_slow(place, got), is_passing=True)
    if status in PASSING or status in refusals.PASSING or status >= 500:
        return refusals.passing(place, response, got)
    if status == 404 and category == "OBJECT_NOT_FOUND" and _is_of_a_batch(response):
        return None
    if category in DENIED or (status == 401 and answer):
        return refusals.denied(
            place,
            response,
            got,
            "renew access_token, and grant the app in that portal the scopes crm.objects.contacts"
            ".read, crm.objects.deals.read, crm.schemas.deals.read and sales-email-read",
        )
    if category in REJECTED:
        return refusals.rejected(
            place, response, got, "compare the question with HubSpot's changelog"
        )
    return refusals.unknown(place, response, got)


def _out_of_calls(place: Place) -> VendorUnavailable:
    return VendorUnavailable(
        "HubSpot's daily call limit is used up",
        **place,
        got="HTTP 429, policyName DAILY",
        next_step="run again after midnight in the portal's zone, or raise the limit",
    )


def _too_slow(place: Place, got: str) -> TooSlow:
    return TooSlow(
        "HubSpot does not answer in time",
        **place,
        got=got,
        next_step="lower sources.hubspot.options.page_size; the task retries by itself",
    )


def _is_of_a_batch(response: Response) -> bool:
    return response.url.partition("?")[0].endswith("/batch/read")


def _object(response: Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
