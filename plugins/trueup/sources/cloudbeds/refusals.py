"""Cloudbeds' errors in our words. It refuses by HTTP status, or with `success: false` inside an
HTTP 200 whose only word is a sentence; its Accounting API names an `errorCode`.

Every one that is listed anywhere stands in `refusals.csv`, with its address.
"""

from __future__ import annotations

from pathlib import Path

from requests import Response

from trueup.sources import refusal_tables, refusals, strict_json
from trueup.sources.refusals import Place, Refusal

TABLE = Path(__file__).with_suffix(".csv")
_SCOPES = (
    "make a new api_key in the property's API credentials, approved by a user who is active, with"
    " the scopes read:hotel, read:reservation, read:room, read:roomblock and read:payment"
)


def judge(response: Response, place: Place) -> Refusal | None:
    """What Cloudbeds' answer means; None where it is a success."""
    status = response.status_code
    answer = strict_json.read_object(response.content)
    if status < 300 and answer.get("success") is not False:
        return None
    table = refusal_tables.read(TABLE)
    code = answer.get("errorCode")
    said = answer.get("error") or (code if table.becomes("errorCode", code) else None)
    got = refusals.said(response, "success false" if status < 300 else "", said)
    message = " ".join(str(answer.get("message", "")).split()).rstrip(".")
    found = (
        table.becomes("message", message)
        or table.becomes("error", answer.get("error") if status in (400, 401, 403) else None)
        or table.becomes("errorCode", code)
        or table.becomes("status", status)
    )
    if "denied" in found:
        return refusals.denied(place, response, got, _SCOPES)
    if "rejected" in found:
        return refusals.rejected(
            place,
            response,
            got,
            "check the property's id in the company file, and Cloudbeds' changelog",
        )
    if "passing" in found or status in refusals.PASSING or status >= 500:
        return refusals.passing(place, response, got)
    if status in refusals.REJECTED:
        return refusals.plain(response, place)
    return refusals.unknown(place, response, got)
