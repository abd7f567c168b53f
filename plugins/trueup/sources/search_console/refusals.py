"""Search Console's errors in our words: the reason in the answer says what the status leaves open.

A quota that is used up comes as HTTP 403 or 429 with reason `quotaExceeded`: of ten minutes, or of
the day. Waiting a minute refills neither, so it is left to the task's next try. Every reason that
is listed anywhere stands in `refusals.csv`, with its address.
"""

from __future__ import annotations

from pathlib import Path

from requests import Response

from trueup.errors import VendorUnavailable
from trueup.sources import google_errors, refusals
from trueup.sources.google_errors import GoogleError
from trueup.sources.refusals import Place, Refusal

TABLE = Path(__file__).with_suffix(".csv")
#: Where another project's API is off, whatever else the answer says.
_OFF = frozenset({"accessNotConfigured", "SERVICE_DISABLED"})


def judge(response: Response, place: Place) -> Refusal | None:
    """What Search Console's answer means; a success is None."""
    if response.status_code < 300:
        return None
    error = google_errors.read(response)
    found, got = error.becomes(TABLE), error.said(response)
    if "spent" in found:
        return Refusal(_later(place, got))
    if "passing" in found or response.status_code in refusals.PASSING:
        return refusals.passing(place, response, got)
    if "denied" in found:
        return refusals.denied(place, response, got, _next_step(error))
    if "rejected" in found:
        return refusals.rejected(
            place, response, got, "check the property and the options of the source"
        )
    if response.status_code >= 500:
        return refusals.passing(place, response, got)
    return refusals.unknown(place, response, got)


def _next_step(error: GoogleError) -> str:
    if _OFF & set(error.reasons):
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
