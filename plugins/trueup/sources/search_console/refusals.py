"""Search Console's errors in our words: the reason in the answer says what the status leaves open.

A quota that is used up comes as HTTP 403 or 429 with reason `quotaExceeded`: of ten minutes, or of
the day. Waiting a minute refills neither, so it is left to the task's next try. Every reason that
is listed anywhere stands in `refusals.csv`, with its address.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from requests import Response

from trueup.errors import VendorUnavailable
from trueup.sources import refusal_tables, refusals, strict_json
from trueup.sources.refusals import Place, Refusal

TABLE = Path(__file__).with_suffix(".csv")
#: Where another project's API is off, whatever else the answer says.
_OFF = frozenset({"accessNotConfigured", "SERVICE_DISABLED"})


def judge(response: Response, place: Place) -> Refusal | None:
    """What Search Console's answer means; a success is None."""
    if response.status_code < 300:
        return None
    table = refusal_tables.read(TABLE)
    error = _error_of(response)
    reasons = _reasons(error)
    found = table.becomes("reason", *reasons) or table.becomes("status", error.get("status"))
    got = refusals.said(response, *reasons, error.get("status"))
    if "spent" in found:
        return Refusal(_later(place, got))
    if "passing" in found or response.status_code in refusals.PASSING:
        return refusals.passing(place, response, got)
    if "denied" in found:
        return refusals.denied(place, response, got, _next_step(reasons))
    if "rejected" in found:
        return refusals.rejected(
            place, response, got, "check the property and the options of the source"
        )
    if response.status_code >= 500:
        return refusals.passing(place, response, got)
    return refusals.unknown(place, response, got)


def _error_of(response: Response) -> dict[str, Any]:
    error = strict_json.read_object(response.content).get("error")
    return error if isinstance(error, dict) else {}


def _reasons(error: dict[str, Any]) -> list[str]:
    """The reasons it gives, as the older form of an error lists them and the newer one."""
    listed = [*_dicts(error.get("errors")), *_dicts(error.get("details"))]
    return [str(one["reason"]) for one in listed if isinstance(one.get("reason"), str)]


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _next_step(reasons: list[str]) -> str:
    if _OFF & set(reasons):
        return "enable the Google Search Console API in the service account's own Cloud project"
    return (
        "add the service account's address as a user of the property (Settings, Users and"
        " permissions), and write the property as Search Console does: sc-domain:example.com, or"
        " the prefix with its scheme, its www or none, and its last slash"
    )


def _later(place: Place, got: str) -> VendorUnavailable:
    return VendorUnavailable(
        "Search Console's quota is used up, of these ten minutes or of the day",
        **place,
        got=got,
        next_step="the task retries by itself; if it repeats, land fewer properties at a time, or"
        " start history later",
    )
