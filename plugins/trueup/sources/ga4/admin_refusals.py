"""The Admin API's errors in our words: the reason in the answer says what the status leaves open.

A property that is not there and one that may not be seen are both answered 403. Every reason that
is listed anywhere stands in `admin_refusals.csv`, with its address.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from requests import Response

from trueup.sources import refusal_tables, refusals, strict_json
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
    error = strict_json.read_object(response.content).get("error")
    error = error if isinstance(error, dict) else {}
    reasons = _reasons(error)
    table = refusal_tables.read(TABLE)
    found = table.becomes("reason", *reasons) or table.becomes("status", error.get("status"))
    got = refusals.said(response, *reasons, error.get("status"))
    if "passing" in found or response.status_code in refusals.PASSING:
        return refusals.passing(place, response, got)
    if "denied" in found:
        return refusals.denied(place, response, got, _ACCESS)
    if "rejected" in found:
        return refusals.rejected(place, response, got)
    if response.status_code >= 500:
        return refusals.passing(place, response, got)
    if response.status_code in (401, 403, 404) and not reasons:
        return refusals.denied(place, response, got, _ACCESS)
    return refusals.unknown(place, response, got)


def _reasons(error: dict[str, Any]) -> list[str]:
    """The reasons it gives, as the older form of an error lists them and the newer one."""
    listed = [one for name in ("errors", "details") for one in _dicts(error.get(name))]
    return [str(one["reason"]) for one in listed if isinstance(one.get("reason"), str)]


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
