"""Tag Manager's errors in our words: the reason in the answer says what the status leaves open.

It answers 404 both for what is not there and for what the account may not see. Every reason that
is listed anywhere stands in `refusals.csv`, with its address.
"""

from __future__ import annotations

from pathlib import Path

from requests import Response

from trueup.errors import VendorUnavailable
from trueup.sources import google_errors, refusals
from trueup.sources.gtm.streams import PAUSE_SECONDS, QUOTA_WINDOW_SECONDS
from trueup.sources.refusals import Place, Refusal

TABLE = Path(__file__).with_suffix(".csv")
_ACCESS = (
    "enable the Tag Manager API in the key's project, and add the service account's address as a"
    " user of the container with the right Read; compare the account id with the container's"
    " GTM-... id"
)


def judge(response: Response, place: Place, pause: float = PAUSE_SECONDS) -> Refusal | None:
    """What the answer means; a success is None. Who keeps no pace waits the quota's window out."""
    if response.status_code < 300:
        return None
    error = google_errors.read(response)
    found, got = error.becomes(TABLE), error.said(response)
    if "spent" in found:
        return Refusal(_spent(place, got))
    if "passing" in found or response.status_code in refusals.PASSING:
        wait = QUOTA_WINDOW_SECONDS if pause and response.status_code in (403, 429) else None
        return refusals.passing(place, response, got, wait)
    if "denied" in found or response.status_code in (401, 404):
        return refusals.denied(place, response, got, _ACCESS)
    if "rejected" in found:
        return refusals.rejected(place, response, got)
    if response.status_code >= 500:
        return refusals.passing(place, response, got)
    if response.status_code == 403 and not found and not error.reasons:
        return refusals.denied(place, response, got, _ACCESS)
    return refusals.unknown(place, response, got)


def _spent(place: Place, got: str) -> VendorUnavailable:
    return VendorUnavailable(
        "the Google Cloud project's 10,000 requests of the day to Tag Manager are used up",
        **place,
        got=got,
        next_step="the task retries by itself; the quota refills at midnight Pacific time",
    )
