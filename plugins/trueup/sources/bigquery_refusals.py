"""BigQuery's errors in our words: the reason in the answer says what the status leaves open.

It says "slow down" as HTTP 403 with reason `rateLimitExceeded`; `quotaExceeded` is a daily quota,
which waiting a minute does not refill. Every reason that is listed anywhere stands in
`bigquery_refusals.csv`, with its address.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from requests import Response

from trueup.errors import AccessDenied, VendorUnavailable
from trueup.sources import refusal_tables, refusals, strict_json
from trueup.sources.bounds import TooMuch
from trueup.sources.refusals import Place, Refusal

TABLE = Path(__file__).with_suffix(".csv")
TABLE_WORD = "Table"


def judge(response: Response, place: Place) -> Refusal | None:
    """What BigQuery's answer means; a success is None. A listed table that is not found has gone:
    an intraday one ends when its daily one comes."""
    if response.status_code < 300:
        return None
    table = refusal_tables.read(TABLE)
    error = _error_of(response)
    reasons = _reasons(error)
    found = table.becomes("reason", *reasons) or table.becomes("status", error.get("status"))
    lacks = _lacks(error)
    got = refusals.said(response, *reasons, error.get("status"))
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


def _error_of(response: Response) -> dict[str, Any]:
    error = strict_json.read_object(response.content).get("error")
    return error if isinstance(error, dict) else {}


def _reasons(error: dict[str, Any]) -> list[str]:
    """The reasons it gives, as the older form of an error lists them and the newer one."""
    listed = [*_dicts(error.get("errors")), *_dicts(error.get("details"))]
    return [str(one["reason"]) for one in listed if isinstance(one.get("reason"), str)]


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _lacks(error: dict[str, Any]) -> str:
    """What is not there, in a word of ours: BigQuery says so only in its message."""
    said = str(error.get("message", ""))
    return next((word for word in ("Dataset", TABLE_WORD) if f"Not found: {word}" in said), "")


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
