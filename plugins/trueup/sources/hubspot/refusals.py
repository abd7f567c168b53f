"""HubSpot's errors in our words: a category in JSON says what happened, a status alone less.

Every code that is listed anywhere stands in `refusals.csv`, with its address.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from requests import Response

from trueup.errors import VendorUnavailable
from trueup.sources import refusal_tables, refusals, strict_json
from trueup.sources.refusals import Place, Refusal

TABLE = Path(__file__).with_suffix(".csv")
#: The fields of an error that hold a code, the more telling ones first.
CODES = ("policyName", "category", "errorType")
_SCOPES = (
    "renew access_token, and grant the app in that portal the scopes crm.objects.contacts.read,"
    " crm.objects.deals.read, crm.schemas.deals.read and sales-email-read"
)


class TooSlow(VendorUnavailable):
    """HubSpot gave up on the question; one for fewer records may be answered in time."""


def judge(response: Response, place: Place) -> Refusal | None:
    """What HubSpot's answer means; a success is None, and so is a batch whose records are gone."""
    status = response.status_code
    if status < 300:
        return None
    table = refusal_tables.read(TABLE)
    answer = strict_json.read_object(response.content)
    codes = [answer.get(name) for name in CODES]
    got = refusals.said(
        response, *codes, answer.get("subCategory"), request=answer.get("correlationId")
    )
    of_status = table.becomes("status", status)
    if status == 429 and "spent" in table.becomes("policyName", answer.get("policyName")):
        return Refusal(_out_of_calls(place))
    if "too_slow" in of_status:
        return Refusal(_too_slow(place, got), is_passing=True)
    if "passing" in of_status or status in refusals.PASSING or status >= 500:
        return refusals.passing(place, response, got)
    if status == 404 and answer.get("category") == "OBJECT_NOT_FOUND" and _is_of_a_batch(response):
        return None
    return _by_code(response, place, got, codes, of_status if answer else set())


def _by_code(
    response: Response, place: Place, got: str, codes: list[object], of_status: set[str]
) -> Refusal:
    """What the codes of an error say; without one, what its status does."""
    table = refusal_tables.read(TABLE)
    named = [code for code in codes if code]
    found = {
        kind
        for name, code in zip(CODES, codes, strict=True)
        for kind in table.becomes(name, code)
    }  # fmt: skip
    found = found if named and response.status_code != 401 else found | of_status
    if "denied" in found:
        return refusals.denied(place, response, got, _SCOPES)
    if "rejected" in found:
        return refusals.rejected(
            place, response, got, "compare the question with HubSpot's changelog"
        )
    if "passing" in found:
        return refusals.passing(place, response, got)
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


def is_of_none(error: Any) -> bool:
    """Whether an error beside the results of a batch only says that a record has no others."""
    return "gone" in refusal_tables.read(TABLE).becomes("subCategory", error.get("subCategory"))
