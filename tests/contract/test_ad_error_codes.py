"""Every error code the two ad platforms document is dealt to the extractor's own judgement."""

from __future__ import annotations

import json
from typing import Any

import pytest
from requests import PreparedRequest, Response

from trueup.errors import (
    AccessDenied,
    BrokenContract,
    TrueupError,
    UnknownRefusal,
    VendorUnavailable,
)
from trueup.sources import codes, google_ads, meta_ads
from trueup.sources.bounds import LostPage, TooMuch
from trueup.sources.google_ads import refusals as google
from trueup.sources.google_ads.refusals import QuotaSpent
from trueup.sources.meta_ads import refusals as meta
from trueup.sources.meta_ads.refusals import ResultLost
from trueup.sources.refusals import Judge, Refusal

PLACE = {"source": "ads", "stream": "campaigns", "account": "act_1", "window": "2026-09-01"}
#: What each meaning of the tables comes to, and whether the same question is asked again.
GOOGLE: dict[str, tuple[type[TrueupError], bool]] = {
    "account": (AccessDenied, False),
    "access": (AccessDenied, False),
    "quota": (QuotaSpent, False),
    "size": (TooMuch, False),
    "question": (BrokenContract, False),
    "page": (LostPage, False),
    "busy": (VendorUnavailable, True),
    "unclear": (UnknownRefusal, True),
}
META: dict[str, tuple[type[TrueupError], bool]] = {
    "access": (AccessDenied, False),
    "question": (BrokenContract, False),
    "version": (BrokenContract, False),
    "size": (TooMuch, False),
    "page": (LostPage, False),
    "result": (ResultLost, True),
    "throttle": (VendorUnavailable, True),
    "trouble": (VendorUnavailable, True),
    "unclear": (UnknownRefusal, True),
}
#: What a verdict is called when it is over. A page that is gone is asked for anew from the first
#: one, and what is too much in smaller pieces: neither makes the task give up.
LASTS = {"permanent": True, "temporary": False, "unknown": False}


def dealt(
    judge: Judge, status: int, body: Any, url: str = "https://ads.example/v26.0/x"
) -> Refusal:
    response = Response()
    response.status_code, response._content = status, json.dumps(body).encode()
    response.url, response.request = url, PreparedRequest()
    refusal = judge(response, PLACE)
    assert refusal is not None
    return refusal


def check(refusal: Refusal, row: dict[str, str], kinds: dict[str, Any]) -> None:
    kind, is_asked_again = kinds[row["meaning"]]
    assert (type(refusal.error), refusal.is_passing) == (kind, is_asked_again), row
    if row["meaning"] != "size":
        assert refusal.error.permanent is LASTS[row["verdict"]], row
    for part in ("source: ads", "stream: campaigns", "account: act_1", "window: 2026-09-01"):
        assert part in str(refusal.error)


def of_google(family: str, code: str, http: int = 400, status: str = "INVALID_ARGUMENT") -> Any:
    error = {"errorCode": {family: code}, "message": "of ada@example.com"}
    details = [{"@type": "GoogleAdsFailure", "errors": [error]}] if family != "status" else []
    return {"error": {"code": http, "message": "x", "status": status, "details": details}}


GOOGLE_ROWS = codes.rows(google_ads.__name__)
FAMILIES = sorted({row["family"] for row in GOOGLE_ROWS} - {"status"})
META_ROWS = codes.rows(meta_ads.__name__)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_code_of_google_ads_means_what_the_table_says(family: str) -> None:
    for row in GOOGLE_ROWS:
        if row["family"] == family:
            refusal = dealt(google.judge, 400, [of_google(family, row["code"])])
            check(refusal, row, GOOGLE)
            assert row["code"] in str(refusal.error) and "ada@" not in str(refusal.error)


@pytest.mark.parametrize(
    "row", [r for r in GOOGLE_ROWS if r["family"] == "status"], ids=lambda row: row["code"]
)
def test_every_status_of_google_alone_means_what_the_table_says(row: dict[str, str]) -> None:
    check(dealt(google.judge, 400, of_google("status", "", status=row["code"])), row, GOOGLE)


def test_the_table_names_every_code_of_googles_own_protos_and_no_other() -> None:
    errors = pytest.importorskip(f"google.ads.googleads.{google_ads.API_VERSION}.errors.types")
    fields = errors.ErrorCode.meta.fields
    published = {
        (_camel(name), member.name) for name, field in fields.items() for member in field.enum
    }
    named = {(row["family"], row["code"]) for row in GOOGLE_ROWS if row["family"] != "status"}
    assert named == published and len(published) > 2_500


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


@pytest.mark.parametrize(
    ("family", "code", "http", "status", "kind", "is_asked_again"),
    [
        # a family nobody has heard of, and a code too new for the table
        ("assetMoodError", "ASSET_IS_SAD", 400, "INVALID_ARGUMENT", UnknownRefusal, True),
        ("queryError", "QUERY_OF_2027", 400, "INVALID_ARGUMENT", UnknownRefusal, True),
        # the status speaks where the code does not
        ("assetMoodError", "ASSET_IS_SAD", 500, "INTERNAL", VendorUnavailable, True),
        ("assetMoodError", "ASSET_IS_SAD", 403, "PERMISSION_DENIED", AccessDenied, False),
        # the code speaks first
        ("authorizationError", "USER_PERMISSION_DENIED", 500, "INTERNAL", AccessDenied, False),
    ],
)
def test_a_code_of_google_nobody_knows_is_tried_and_then_called_unknown(
    family: str, code: str, http: int, status: str, kind: type, is_asked_again: bool
) -> None:
    refusal = dealt(google.judge, http, [of_google(family, code, http, status)])
    assert (type(refusal.error), refusal.is_passing) == (kind, is_asked_again)


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"status": "INTERNAL", "details": None}},
        {"error": {"status": "INTERNAL", "details": ["text"]}},
        {"error": {"status": "INTERNAL", "details": [{"errors": None}]}},
        {"error": {"status": "INTERNAL", "details": [{"errors": [{"errorCode": None}]}]}},
    ],
)
def test_an_envelope_of_google_that_is_odd_itself_is_no_crash(body: Any) -> None:
    assert type(dealt(google.judge, 500, body).error) is VendorUnavailable


def of_meta(code: object, subcode: object = None, **more: Any) -> Any:
    error = {"message": "of ada@example.com", "type": "OAuthException", "code": code, **more}
    return {"error": error | ({"error_subcode": subcode} if subcode else {})}


@pytest.mark.parametrize("row", META_ROWS, ids=lambda row: f"{row['code']}/{row['subcode']}")
def test_every_code_of_meta_means_what_the_table_says(row: dict[str, str]) -> None:
    assert row["source"].startswith("https://")
    first, _, last = row["code"].partition("-")
    numbers = (
        range(int(first), int(last) + 1)
        if first and last
        else [int(row["code"] + "7" * (row["code"] == "-"))]
    )
    subcode = {"": None, "*": None}.get(row["subcode"], row["subcode"])
    if (row["code"], row["subcode"]) == ("100", "*"):
        subcode = "1487390"  # the adcreative that fails and, asked again, does not
    for code in numbers:
        refusal = dealt(meta.judge, 400, of_meta(code, subcode and int(subcode)))
        if (str(code), "*") in meta.known_codes() and row["code"] != str(code):
            continue  # a code of the range with a row of its own
        check(refusal, row, META)
        assert "ada@" not in str(refusal.error)


@pytest.mark.parametrize(
    ("body", "http", "kind", "is_asked_again"),
    [
        (of_meta(987654), 400, UnknownRefusal, True),
        (of_meta(100, 7654321), 400, UnknownRefusal, True),
        (of_meta(1, 99), 400, UnknownRefusal, True),
        (of_meta("soon"), 400, UnknownRefusal, True),
        # a code of its own where Meta sends it as the subcode of another
        (of_meta(100, 1815694), 400, AccessDenied, False),
        (of_meta(1, 2859015), 400, VendorUnavailable, True),
        (of_meta(102, 463), 401, AccessDenied, False),
        # Meta says itself that it passes
        (of_meta(987654, is_transient=True), 400, VendorUnavailable, True),
        (of_meta(100, is_transient=True), 400, VendorUnavailable, True),
        (of_meta(190, is_transient=True), 401, AccessDenied, False),
        # trouble of Meta's own, answered with HTTP 500
        (of_meta(1), 500, VendorUnavailable, True),
        (of_meta(-1), 500, VendorUnavailable, True),
    ],
)
def test_a_code_of_meta_nobody_knows_is_tried_and_then_called_unknown(
    body: Any, http: int, kind: type, is_asked_again: bool
) -> None:
    refusal = dealt(meta.judge, http, body)
    assert (type(refusal.error), refusal.is_passing) == (kind, is_asked_again)


def test_a_result_of_meta_that_is_gone_is_a_job_to_be_begun_anew() -> None:
    url = f"https://ads.example/{meta.API_VERSION}/6100000000001/insights"
    assert type(dealt(meta.judge, 400, of_meta(100, 33), url).error) is ResultLost
    url = f"https://ads.example/{meta.API_VERSION}/act_1/insights"
    assert type(dealt(meta.judge, 400, of_meta(100, 33), url).error) is AccessDenied
