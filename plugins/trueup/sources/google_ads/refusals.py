"""Google's errors in our words: what passes by waiting, what lasts, and what nobody knows.

`error_codes.csv` sorts every code of the API version asked; the sixteen of google.rpc.Code are the
family `status`. Each family is documented at
https://developers.google.com/google-ads/api/reference/rpc/latest/<Name>Enum.<Name>, statuses at
https://cloud.google.com/apis/design/errors, quotas and their delays at
https://developers.google.com/google-ads/api/docs/best-practices/quotas. Most families speak of
changes we never make: where one of their codes comes all the same, no second try mends it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from requests import Response

from trueup.errors import AccessDenied, BrokenContract, VendorUnavailable
from trueup.sources import codes, http, refusals
from trueup.sources.bounds import LostPage, TooMuch
from trueup.sources.codes import Code
from trueup.sources.refusals import Place, Refusal

#: Meanings of lasting codes, the one that says most first.
_LASTING = ("account", "access", "quota", "size", "question")
_DISABLED = frozenset({"CUSTOMER_NOT_ENABLED", "ACTION_NOT_PERMITTED_FOR_SUSPENDED_ACCOUNT"})


class QuotaSpent(VendorUnavailable):
    """The day's operations are used up; trying again today only makes it worse."""

    permanent = True


@cache
def known_codes() -> dict[tuple[str, str], Code]:
    """What each (family, code) means."""
    return {
        (row["family"], row["code"]): Code(row["verdict"], row["meaning"])
        for row in codes.rows(__package__ or "")
    }


def judge(response: Response, place: Place) -> Refusal | None:
    """What Google's answer means; a success is None."""
    failure = _failure_of(response)
    if failure is None:
        return refusals.plain(response, place)
    errors = _errors(failure)
    names = {name for _, name in errors}
    got = f"HTTP {response.status_code} {failure.get('status')} {'; '.join(sorted(names))}".strip()
    known = [known_codes().get(error) for error in errors]
    meanings = {code.meaning: code for code in known if code and code.verdict != "unknown"}
    status = known_codes().get(("status", str(failure.get("status"))))
    delay = _delay(failure)
    if "quota" in meanings and delay is not None and delay <= http.LONGEST_WAIT_SECONDS:
        return refusals.passing(place, response, got, delay)
    for meaning in _LASTING:
        if meaning in meanings:
            return _lasting(meaning, response, place, got, names)
    if "page" in meanings:
        return Refusal(_page_gone(place, got))
    if "busy" in meanings and delay is not None and delay > http.LONGEST_WAIT_SECONDS:
        return _lasting("quota", response, place, got, names)
    if "busy" in meanings or (status and status.verdict == "temporary"):
        return refusals.passing(place, response, got, delay)
    if not any(known) and (response.status_code in (401, 403)):
        return _lasting("access", response, place, got, names)
    if not errors and status and status.verdict == "permanent":
        return _lasting(status.meaning, response, place, got, names)
    return refusals.unknown(place, response, got)


def _lasting(meaning: str, response: Response, place: Place, got: str, names: set[str]) -> Refusal:
    if meaning in ("account", "access"):
        return Refusal(_access_denied(place, got, names))
    if meaning == "quota":
        return Refusal(
            QuotaSpent(
                "Google's quota of operations is used up",
                **place,
                got=got,
                next_step="wait a day, or ask Google for a higher access level of the project",
            )
        )
    if meaning == "size":
        return Refusal(TooMuch("the answer is too much for Google", **place, got=got))
    return Refusal(
        BrokenContract(
            "Google rejected the question",
            **place,
            got=got,
            next_step="compare the query's fields with the API version's release notes",
        )
    )


def _page_gone(place: Place, got: str) -> LostPage:
    return LostPage(
        "Google no longer knows the page that comes next",
        **place,
        got=got,
        next_step="the task asks again from the first page; if it repeats, ask Google",
    )


def _access_denied(place: Place, got: str, names: set[str]) -> AccessDenied:
    if names & _DISABLED:
        return AccessDenied(
            f"Google Ads account {place.get('account')} is not enabled",
            **place,
            got=got,
            next_step="have the account reactivated (cancelled, or never set up), or take it out of"
            " the company file; the other accounts land without it",
        )
    return AccessDenied(
        "Google refused the account or our credentials",
        **place,
        got=got,
        next_step="check the account id (ten digits, no dashes, no manager account),"
        " login_customer_id and the user's access in Google Ads; else renew the source's secrets",
    )


def _failure_of(response: Response) -> dict[str, Any] | None:
    """Google's error envelope: the whole answer, or an element of a stream that broke off."""
    if response.status_code < 400 and b'"error"' not in response.content:
        return None
    try:
        answer = response.json()
    except ValueError:
        return None
    for part in answer if isinstance(answer, list) else [answer]:
        if isinstance(part, dict) and isinstance(part.get("error"), dict):
            return dict(part["error"])
    return None


def _details(failure: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for detail in failure.get("details") or ():
        for error in (detail.get("errors") if isinstance(detail, dict) else None) or ():
            if isinstance(error, dict):
                yield error


def _errors(failure: dict[str, Any]) -> list[tuple[str, str]]:
    """(family, code) of each error, such as (queryError, UNRECOGNIZED_FIELD). Google's own text is
    left out: it repeats what was asked."""
    return [
        (str(family), str(code))
        for error in _details(failure)
        for family, code in (error.get("errorCode") or {}).items()
    ]


def _delay(failure: dict[str, Any]) -> float | None:
    """The seconds Google asks us to wait, where it names them."""
    for error in _details(failure):
        quota = (error.get("details") or {}).get("quotaErrorDetails") or {}
        delay = str(quota.get("retryDelay", "")).removesuffix("s")
        if delay.replace(".", "", 1).isdigit():
            return float(delay)
    return None
