"""What Meta and Google answer where they tell nothing, in our words, by the codes in the answer.

Those of sending events stand in `rejections.csv`; in `refusals.csv` are those of asking what became
of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from requests import Response

from trueup.sources import refusal_tables, refusals, strict_json
from trueup.sources.refusals import Place, Refusal

TABLE = Path(__file__).with_name("refusals.csv")
#: A field that this dataset, or this version, does not have.
NO_SUCH_FIELD = "nonexisting field"
META_STEP = (
    "renew meta_access_token: it has to be a system user's, with ads_read and one of"
    " ads_management and business_management, and the dataset has to be assigned to that user"
)
GOOGLE_STEP = (
    "enable the Data Manager API in the service account's own Cloud project, and give its address"
    " access to the account whose events are asked for"
)


def judge_meta(response: Response, place: Place) -> Refusal | None:
    """Meta's answer; a success is None."""
    error = _error(response)
    if not error and response.status_code < 300:
        return None
    code, subcode = error.get("code"), error.get("error_subcode")
    found = refusal_tables.read(TABLE).becomes("meta.code", code)
    got = refusals.said(response, code, subcode, request=error.get("fbtrace_id"))
    if error.get("is_transient") is True:
        return refusals.passing(place, response, got)
    return _refusal(found, response, place, got, META_STEP)


def judge_google(response: Response, place: Place) -> Refusal | None:
    """Google's answer; a success is None."""
    if response.status_code < 300:
        return None
    error = _error(response)
    reasons = [one["reason"] for one in _dicts(error.get("details")) if "reason" in one]
    table = refusal_tables.read(TABLE)
    found = table.becomes("google.reason", *reasons) or table.becomes(
        "google.status", error.get("status")
    )
    got = refusals.said(response, *reasons, error.get("status"))
    return _refusal(found, response, place, got, GOOGLE_STEP)


def is_unknown_field(response: Response) -> bool:
    return NO_SUCH_FIELD in str(_error(response).get("message", ""))


def is_unknown_request(response: Response) -> bool:
    """Whether Google knows no request of the id, or no longer."""
    error = _error(response)
    reasons = {str(one.get("reason")) for one in _dicts(error.get("details"))}
    return bool({"INVALID_REQUEST_ID", "NOT_FOUND"} & {*reasons, str(error.get("status"))})


def _refusal(
    found: set[str], response: Response, place: Place, got: str, next_step: str
) -> Refusal:
    if "passing" in found or response.status_code in refusals.PASSING:
        return refusals.passing(place, response, got)
    if "denied" in found or (not found and response.status_code in (401, 403)):
        return refusals.denied(place, response, got, next_step)
    if "rejected" in found:
        step = "compare the account in the company file with the destination's own page of it"
        return refusals.rejected(place, response, got, step)
    if response.status_code >= 500:
        return refusals.passing(place, response, got)
    return refusals.unknown(place, response, got)


def _error(response: Response) -> dict[str, Any]:
    error = strict_json.read_object(response.content).get("error")
    return error if isinstance(error, dict) else {}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
