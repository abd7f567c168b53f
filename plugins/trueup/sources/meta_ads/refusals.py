"""Meta's errors in our words. Most come as HTTP 400 with a code, some with HTTP 200.

`error_codes.csv` sorts every code and subcode that Meta documents for its Graph and Marketing
APIs, each with the page it was read on; a few that only others have met carry their thread.
Meta's own text on a bad token can repeat the token, so only codes and trace ids are passed on.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from requests import Response

from trueup.errors import AccessDenied, BrokenContract, TrueupError, VendorUnavailable
from trueup.sources import codes, refusals
from trueup.sources.bounds import LostPage, TooMuch
from trueup.sources.codes import Code
from trueup.sources.meta_ads.streams import API_VERSION
from trueup.sources.refusals import Place, Refusal

#: Of a job, "unknown object" means that the machine that was asked has not heard of it yet.
UNKNOWN_OBJECT = (100, 33)
#: A smaller question, please, said in words; the table has what says it in codes.
TOO_MUCH = "reduce the amount of data"


class ResultLost(VendorUnavailable):
    """The result of a finished job cannot be read; a new job may give it."""


@cache
def known_codes() -> dict[tuple[str, str], Code]:
    """What each (code, subcode) means; the subcode `*` is any and none, an empty one is none. A
    range of codes is written first-last, and `-` is every negative one."""
    return {
        (row["code"], row["subcode"]): Code(row["verdict"], row["meaning"])
        for row in codes.rows(__package__ or "")
    }


def meaning_of(code: object, subcode: object) -> Code | None:
    """What the table says of the pair; else of the subcode, which Meta documents as a code where
    it means one thing only; else of the code alone."""
    table = known_codes()
    exact = table.get((str(code), str(subcode or "")))
    of_subcode = table.get((str(subcode), "*")) if subcode else None
    return exact or of_subcode or table.get((str(code), "*")) or _of_range(code)


def _of_range(code: object) -> Code | None:
    if not isinstance(code, int):
        return None
    if code < 0:
        return known_codes()["-", "*"]
    for first_last, meaning in known_codes().items():
        first, _, last = first_last[0].partition("-")
        if first and last and int(first) <= code <= int(last):
            return meaning
    return None


def judge(response: Response, place: Place) -> Refusal | None:
    """What Meta's answer means; a success is None."""
    error = error_of(response)
    if not error:
        return refusals.plain(response, place)
    code, subcode, message = error.get("code"), error.get("error_subcode"), error.get("message")
    got = f"HTTP {response.status_code}, code {code}, subcode {subcode}"
    known = meaning_of(code, subcode)
    if (code, subcode) == UNKNOWN_OBJECT and _is_of_a_job(response, place):
        return Refusal(_result_lost(place, got), is_passing=True)
    if known and known.meaning == "result":
        return Refusal(_result_lost(place, got), is_passing=True)
    is_transient = error.get("is_transient") is True
    lasting = lasting_error(code, subcode, str(message or ""), place, got)
    if lasting and not (is_transient and isinstance(lasting, BrokenContract)):
        return Refusal(lasting)
    is_temporary = known is not None and known.verdict == "temporary"
    if is_temporary or is_transient or response.status_code >= 500:
        minutes = _minutes_to_regain(response)
        if minutes:
            got += f"; Meta refuses us for another {minutes} minutes"
        return refusals.passing(place, response, got, 60 * minutes or None)
    return refusals.unknown(place, response, f"{got}, trace {error.get('fbtrace_id')}")


def error_of(response: Response) -> dict[str, Any]:
    """Meta's error object, empty where the answer holds none."""
    if response.status_code < 400 and b'"error"' not in response.content:
        return {}
    try:
        error = response.json()["error"]
    except (ValueError, KeyError, TypeError):
        return {}
    return error if isinstance(error, dict) else {}


def lasting_error(
    code: object, subcode: object, message: str, place: Place, got: str
) -> TrueupError | None:
    """The error of what no second try of the same question mends; None for what one may."""
    known = meaning_of(code, subcode)
    meaning = known.meaning if known else ""
    if TOO_MUCH in message or meaning == "size":
        return _too_much(place)
    if meaning == "access" or "appsecret_proof" in message:
        return AccessDenied(
            "Meta refused our token or this ad account",
            **place,
            got=got,
            next_step="renew access_token and app_secret, and check that the account id in the"
            " company file is act_<number> and that the token's user may read it",
        )
    if meaning == "page":
        return _page_gone(place, got)
    if meaning == "version":
        return BrokenContract(
            f"Meta no longer answers version {API_VERSION}",
            **place,
            got=got,
            next_step="read Meta's changelog, then raise API_VERSION in meta_ads/streams.py",
        )
    if meaning == "question":
        return BrokenContract(
            "Meta rejected the question",
            **place,
            got=f"{got}{_days_kept(code)}",
            next_step="compare the fields and days asked for with Meta's changelog",
        )
    return None


def _page_gone(place: Place, got: str) -> LostPage:
    return LostPage(
        "Meta no longer knows the page that comes next",
        **place,
        got=got,
        next_step="the task asks again from the first page; if it repeats, ask Meta",
    )


def _days_kept(code: object) -> str:
    return ": days more than 37 months back" if code == 3018 else ""


def _too_much(place: Place) -> TooMuch:
    return TooMuch(
        "the question is too much data for Meta",
        **place,
        next_step="lower sources.meta_ads.options.page_size in the company file",
    )


def _result_lost(place: Place, got: str) -> ResultLost:
    return ResultLost(
        "the result of a finished report job cannot be read",
        **place,
        got=got,
        next_step="look at Meta's status page; the task retries by itself",
    )


def _is_of_a_job(response: Response, place: Place) -> bool:
    """Whether a report job was asked, whose id is a bare number, and not the account."""
    _, _, rest = urlsplit(response.url).path.partition(f"/{API_VERSION}/")
    node = rest.partition("/")[0]
    return node.isdigit() and node != place.get("account")


def _minutes_to_regain(response: Response) -> int:
    """How long Meta says it will refuse us, over all accounts and use cases; 0 if it does not."""
    try:
        usage = json.loads(response.headers.get("X-Business-Use-Case-Usage", "{}"))
        cases = [case for account in usage.values() for case in account]
        return max((int(c.get("estimated_time_to_regain_access", 0)) for c in cases), default=0)
    except (ValueError, AttributeError, TypeError, OverflowError):
        return 0
