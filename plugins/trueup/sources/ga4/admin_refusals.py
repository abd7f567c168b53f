"""The Admin API's errors in our words: the reason in the answer says what the status leaves open.

A property that is not there and one that may not be seen are both answered 403. Every reason that
is listed anywhere stands in `admin_refusals.csv`, with its address.
"""

from __future__ import annotations

from pathlib import Path

from requests import Response

from trueup.sources import google_errors, refusals
from trueup.sources.refusals import Place, Refusal

TABLE = Path(__file__).with_suffix(".csv")
_ACCESS = (
    "enable the Google Analytics Admin API in the key's project and add the service account's"
    " address to the property as a Viewer, or set sources.ga4.options.admin_api to off: events"
    " land without it"
)


def judge(response: Response, place: Place) -> Refusal | None:
    """What the answer means; a success is None."""
    if response.status_code < 300:
        return None
    error = google_errors.read(response)
    found, got = error.becomes(TABLE), error.said(response)
    if "passing" in found or response.status_code in refusals.PASSING:
        return refusals.passing(place, response, got)
    if "denied" in found:
        return refusals.denied(place, response, got, _ACCESS)
    if "rejected" in found:
        return refusals.rejected(place, response, got)
    if response.status_code >= 500:
        return refusals.passing(place, response, got)
    if response.status_code in (401, 403, 404) and not error.reasons:
        return refusals.denied(place, response, got, _ACCESS)
    return refusals.unknown(place, response, got)
