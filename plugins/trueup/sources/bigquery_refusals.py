"""BigQuery's errors in our words: the reason in the answer says what the status leaves open.

It says "slow down" as HTTP 403 with reason `rateLimitExceeded`; `quotaExceeded` is a daily quota,
which waiting a minute does not refill. Every reason that is listed anywhere stands in
`bigquery_refusals.csv`, with its address.
"""

from __future__ import annotations

from pathlib import Path

from requests import Response

from trueup.errors import AccessDenied, VendorUnavailable
from trueup.sources import google_errors, refusals
from trueup.sources.bounds import TooMuch
from trueup.sources.google_errors import GoogleError
from trueup.sources.refusals import Place, Refusal

TABLE = Path(__file__).with_suffix(".csv")
TABLE_WORD = "Table"


def judge(response: Response, place: Place) -> Refusal | None:
    """What BigQuery's answer means; a success is None. A listed table that is not found has gone:
    an intraday one ends when its daily one comes."""
    if response.status_code < 300:
        return None
    error = google_errors.read(response)
    found, got = error.becomes(TABLE), error.said(response)
    lacks = _lacks(error)
    if lacks:
        got = f"{got}, Not found: {lacks} {_asked(response)}".rstrip()
    if "spent" in found or lacks == TABLE_WORD:
        return Refusal(_later(place, got))
    if "too_much" in found:
        return Refusal(_too_much(place, got))
    if "passing" in found or response.status_code in refusals.PASSING:
        return refusals.passing(place, response, got)
    if "denied" in found:
        return Refusal(_denied(place, got))
    if "rejected" in found:
        return refusals.rejected(
            place, response, got, f"check the account id, project and dataset of {place['source']}"
        )
    if response.status_code >= 500:
        return refusals.passing(place, response, got)
    return refusals.unknown(place, response, got)


def _lacks(error: GoogleError) -> str:
    """What is not there, in a word of ours: BigQuery says so only in its message."""
    words = ("Dataset", TABLE_WORD)
    return next((word for word in words if f"Not found: {word}" in error.message), "")


def _asked(response: Response) -> str:
    """The table that was asked for, as our own address names it."""
    return refusals.address(response).partition("/tables/")[2].partition("/")[0]


def _denied(place: Place, got: str) -> AccessDenied:
    return AccessDenied(
        "BigQuery does not let the service account read the tables",
        **place,
        got=got,
        next_step="give it the role BigQuery Data Viewer on the dataset, and check the project and"
        f" dataset of {place['source']} in the company file",
    )


def _too_much(place: Place, got: str) -> TooMuch:
    return TooMuch(
        "a page is too much for BigQuery",
        **place,
        got=got,
        next_step=f"lower sources.{place['source']}.options.page_size; the task retries by itself",
    )


def _later(place: Place, got: str) -> VendorUnavailable:
    return VendorUnavailable(
        "BigQuery's quota of the day is used up, or a table ended while it was read",
        **place,
        got=got,
        next_step="the task retries by itself; a quota refills at midnight Pacific time",
    )
