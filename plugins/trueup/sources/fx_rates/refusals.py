"""The ECB's errors in our words, by HTTP status; every one that is listed stands in `refusals.csv`.

It says 404 for a series it does not have, and has said so of every series while the service was in
trouble; it has also sent web pages with HTTP 200.
"""

from __future__ import annotations

import re
from pathlib import Path

from requests import Response

from trueup.sources import refusal_tables, refusals
from trueup.sources.bounds import TooMuch
from trueup.sources.refusals import Place, Refusal

TABLE = Path(__file__).with_suffix(".csv")
#: The service has no secrets that could be wrong.
_BLOCKED = "let this machine reach the service: a firewall, the bank's or one of yours, blocks it"
#: SDMX's own number of an error, in the XML that may come with it.
_NUMBER = re.compile(rb"ErrorMessage[^>]{0,80}code=[\"'](\d{3,4})[\"']")


def judge(response: Response, place: Place) -> Refusal | None:
    """What the ECB's answer means; a success is None."""
    status = response.status_code
    if 200 <= status < 300:
        return _judge_page(response, place)
    table = refusal_tables.read(TABLE)
    number = _NUMBER.search(response.content[:2_000])
    code = number[1].decode() if number else ""
    got = refusals.said(response, *([f"SDMX.{code}"] if code else []))
    found = table.becomes("sdmx", code) or table.becomes("status", status)
    if "too_much" in found:
        error = TooMuch(
            "the question is too much for the ECB",
            **place,
            got=got,
            next_step="name fewer sources.fx_rates.options.currencies, or begin history later",
        )
        return Refusal(error)
    if "denied" in found:
        return refusals.denied(place, response, got, _BLOCKED)
    if "rejected" in found:
        return refusals.rejected(place, response, got)
    if "passing" in found:
        return refusals.passing(place, response, got)
    return refusals.unknown(place, response, got) if found else refusals.plain(response, place)


def _judge_page(response: Response, place: Place) -> Refusal | None:
    if response.status_code == 200 and _begins_with(response.content) == b"<":
        return refusals.unknown(place, response, "a web page in place of the CSV")
    return None


def _begins_with(content: bytes) -> bytes:
    return content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
