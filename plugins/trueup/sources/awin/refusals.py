"""Awin's refusals in our words. The status says it all; the body repeats it in a word and a text.

Every status that is listed anywhere stands in `refusals.csv`, with its address.
"""

from __future__ import annotations

from pathlib import Path

from requests import Response

from trueup.sources import refusal_tables, refusals, strict_json
from trueup.sources.refusals import Judge, Place, Refusal

TABLE = Path(__file__).with_suffix(".csv")
MINUTE = 60.0

_OF_SIGN_IN = "make a new token at ui.awin.com/awin-api and store it as sources.awin's access_token"
_OF_ACCOUNT = (
    "check the account id, that the token's user has access to it, and that the programme's plan"
    " includes the API; a permission takes up to 10 minutes to work"
)


def judge_within(spell_seconds: float) -> Judge:
    """A judge that waits `spell_seconds` after the limit of calls: no header says how long."""

    def judge(response: Response, place: Place) -> Refusal | None:
        status = response.status_code
        if status < 300:
            return None
        got = refusals.said(response, _word(response))
        found = refusal_tables.read(TABLE).becomes("status", status)
        if "denied" in found:
            step = _OF_SIGN_IN if status == 401 else _OF_ACCOUNT
            return refusals.denied(place, response, got, step)
        if "rejected" in found:
            return refusals.rejected(place, response, got)
        if status == 429:
            return refusals.passing(place, response, got, spell_seconds)
        if "passing" in found:
            return refusals.passing(place, response, got)
        return refusals.plain(response, place)

    return judge


#: The judge at the pace the vendor grants.
judge = judge_within(MINUTE)


def _word(response: Response) -> object:
    """The one word of the body that names the error, such as unauthorized."""
    try:
        found = strict_json.read(response.content)
    except strict_json.Unreadable:
        return ""
    return found.get("error") if isinstance(found, dict) else ""
