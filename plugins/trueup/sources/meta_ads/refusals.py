"""Meta's errors in our words. Most come as HTTP 400 with a code, some with HTTP 200.

Meta's own text on a bad token can repeat the token, so only codes and trace ids are passed on.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from requests import Response

from trueup.errors import AccessDenied, BrokenContract, VendorUnavailable
from trueup.sources import refusals
from trueup.sources.bounds import TooMuch
from trueup.sources.meta_ads.streams import API_VERSION
from trueup.sources.refusals import Place, Refusal

#: Slow down, said with HTTP 400: the app, the user, the account, a use case.
THROTTLED = frozenset({4, 17, 32, 341, 613, *range(80000, 80015)})
#: Trouble of Meta's own: a service, a connection, a batch.
TROUBLED = frozenset({2, 104, 960})
#: A finished job whose result is not readable (code, subcode). Of a job, "unknown object" means
#: the same: the machine that was asked has not heard of it yet.
RESULT_NOT_READY = (2601, 1815107)
UNKNOWN_OBJECT = (100, 33)
#: A smaller question, please: said in words, or with (code, subcode).
TOO_MUCH = "reduce the amount of data"
TOO_MANY_ROWS = (100, 1487534)
#: Token or permission. `100/33` of an account: it does not exist or is not ours to see.
DENIED = frozenset({10, 102, 190, 463, 467, *range(200, 300)})
RETIRED_VERSION = 2635
#: The question is wrong: a parameter, a path, a day beyond what Meta keeps.
REJECTED = frozenset({(100, None), (100, 1815001), (2500, None), (3018, None), (3018, 1504018)})


class ResultLost(VendorUnavailable):
    """The result of a finished job cannot be read; a new job may give it."""


def judge(response: Response, place: Place) -> Refusal | None:
    """What Meta's answer means; a success is None."""
    error = error_of(response)
    if not error:
        return refusals.plain(response, place)
    code, subcode = error.get("code"), error.get("error_subcode")
    got = f"HTTP {response.status_code}, code {code}, subcode {subcode}"
    if is_too_much(code, subcode, str(error.get("message", ""))):
        return Refusal(_too_much(place))
    if (code, subcode) == RESULT_NOT_READY or (
        (code, subcode) == UNKNOWN_OBJECT and _is_of_a_job(response, place)
    ):
        return Refusal(_result_lost(place, got), is_passing=True)
    if lasting := _lasting(error, place, got):
        return Refusal(lasting)
    is_troubled = code in TROUBLED or error.get("is_transient") is True
    if code in THROTTLED or is_troubled or response.status_code >= 500:
        minutes = _minutes_to_regain(response)
        if minutes:
            got += f"; Meta refuses us for another {minutes} minutes"
        return refusals.passing(place, response, got, 60 * minutes or None)
    return refusals.unknown(place, response, f"{got}, trace {error.get('fbtrace_id')}")


def is_too_much(code: object, subcode: object, message: str) -> bool:
    return TOO_MUCH in message or (code, subcode) == TOO_MANY_ROWS


def error_of(response: Response) -> dict[str, Any]:
    """Meta's error object, empty where the answer holds none."""
    if response.status_code < 400 and not response.content.startswith(b'{"error"'):
        return {}
    try:
        error = response.json()["error"]
    except (ValueError, KeyError, TypeError):
        return {}
    return error if isinstance(error, dict) else {}


def _lasting(error: dict[str, Any], place: Place, got: str) -> AccessDenied | BrokenContract | None:
    code, subcode = error.get("code"), error.get("error_subcode")
    is_unsigned = "appsecret_proof" in str(error.get("message", ""))
    if code in DENIED or (code, subcode) == UNKNOWN_OBJECT or is_unsigned:
        return AccessDenied(
            "Meta refused our token or this ad account",
            **place,
            got=got,
            next_step="renew access_token and app_secret, and check that the account id in the"
            " company file is act_<number> and that the token's user may read it",
        )
    if code == RETIRED_VERSION:
        return BrokenContract(
            f"Meta no longer answers version {API_VERSION}",
            **place,
            got=got,
            next_step="read Meta's changelog, then raise API_VERSION in meta_ads/streams.py",
        )
    if (code, subcode) in REJECTED:
        return BrokenContract(
            "Meta rejected the question",
            **place,
            got=f"{got}{_days_kept(code)}",
            next_step="compare the fields and days asked for with Meta's changelog",
        )
    return None


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
    except (ValueError, AttributeError, TypeError):
        return 0
