"""BigQuery's errors in our words: the reason in the answer says what the status leaves open.

It says "slow down" as HTTP 403 with reason `rateLimitExceeded`; `quotaExceeded` is a daily quota,
which waiting a minute does not refill.
"""

from __future__ import annotations

from requests import Response

from trueup.errors import AccessDenied, VendorUnavailable
from trueup.sources import refusals
from trueup.sources.bounds import TooMuch
from trueup.sources.refusals import Place, Refusal

PASSING = frozenset(
    {
        "backendError",
        "badGateway",
        "internalError",
        "jobBackendError",
        "jobInternalError",
        "jobRateLimitExceeded",
        "rateLimitExceeded",
        "tableUnavailable",
        "timeout",
    }
)
DENIED = frozenset({"accessDenied", "authError", "billingNotEnabled", "forbidden", "required"})
REJECTED = frozenset({"invalid", "invalidParameter", "notFound", "parseError"})


def judge(response: Response, place: Place) -> Refusal | None:
    """What BigQuery's answer means; a success is None. A listed table that is not found has gone:
    an intraday one ends when its daily one comes."""
    if response.status_code < 300:
        return None
    reasons = reasons_of(response)
    got = f"HTTP {response.status_code} {', '.join(sorted(reasons))}: {refusals.excerpt(response)}"
    if "quotaExceeded" in reasons or "Not found: Table" in response.text:
        return Refusal(_later(place, got))
    if "responseTooLarge" in reasons:
        return Refusal(TooMuch("a page is too much for BigQuery", **place, got=got))
    if reasons & PASSING or response.status_code in refusals.PASSING:
        return refusals.passing(place, response, got)
    if reasons & DENIED:
        return Refusal(
            AccessDenied(
                "BigQuery does not let the service account read the export",
                **place,
                got=got,
                next_step="give it the role BigQuery Data Viewer on the dataset, and check the"
                " project and dataset of ga4 in the company file",
            )
        )
    if reasons & REJECTED:
        return refusals.rejected(
            place, response, got, "check the account id, project and dataset of ga4"
        )
    if response.status_code >= 500:
        return refusals.passing(place, response, got)
    return refusals.unknown(place, response, got)


def reasons_of(response: Response) -> set[str]:
    try:
        return {str(error["reason"]) for error in response.json()["error"]["errors"]}
    except (ValueError, LookupError, TypeError):
        return set()


def _later(place: Place, got: str) -> VendorUnavailable:
    return VendorUnavailable(
        "BigQuery's quota of the day is used up, or a table ended while it was read",
        **place,
        got=got,
        next_step="the task retries by itself; a quota refills at midnight Pacific time",
    )
