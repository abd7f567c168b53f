"""Every error code that these vendors list, dealt to their judges.

What each comes to stands in the table beside the judge; that the judge keeps to it is tried here.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
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
from trueup.sources import bigquery_refusals, refusal_tables, registry
from trueup.sources.bounds import TooMuch
from trueup.sources.hubspot import refusals as of_hubspot
from trueup.sources.refusal_tables import SORTS, Known
from trueup.sources.shopify import refusals as of_shopify
from trueup.window import Window

PLACE = {"stream": "things", "account": "7", "window": Window(date(2026, 9, 1), date(2026, 9, 2))}
PERSON = "Ann Planted ann.planted@example.com +49 151 23456789"
#: The error of ours that each kind ends in.
ERRORS: dict[str, tuple[type[BaseException], ...]] = {
    "denied": (AccessDenied,),
    "rejected": (BrokenContract,),
    "passing": (VendorUnavailable, of_shopify.NotShown),
    "too_slow": (of_hubspot.TooSlow, of_shopify.TooSlow),
    "too_much": (TooMuch, of_shopify.TooCostly),
    "spent": (VendorUnavailable,),
    "unknown": (UnknownRefusal,),
}


def _judges() -> dict[str, tuple[Path, Any]]:
    """Of every source whose refusals are a table: the table, and what judges an answer by it."""
    found = {}
    for name in registry.NAMES:
        room = import_module(f"trueup.sources.{name}")
        for module in iter_modules(room.__path__):
            if module.name.endswith("refusals"):
                refusals = import_module(f"{room.__name__}.{module.name}")
                if hasattr(refusals, "TABLE"):
                    of = f"{name} {module.name.removesuffix('refusals').strip('_')}".strip()
                    found[of] = (refusals.TABLE, refusals.judge)
    return found


JUDGES = _judges() | {"ga4": (bigquery_refusals.TABLE, bigquery_refusals.judge)}


def rows(source: str) -> list[Known]:
    return list(refusal_tables.read(JUDGES[source][0]).rows)


def answer(status: int, content: Any, url: str = "https://vendor.example/things") -> Response:
    response = Response()
    response.status_code, response.url = status, url
    response._content = content if isinstance(content, bytes) else json.dumps(content).encode()
    response.request = PreparedRequest()
    return response


def dealt(source: str, known: Known) -> Response:
    """The answer in which the vendor would send the code."""
    said = {"message": PERSON}
    if source == "hubspot":
        if known.where == "status":
            return answer(int(known.code), {"status": "error", **said})
        status = 429 if known.where == "policyName" else 400
        return answer(status, {**said, known.where: known.code})
    if source == "cloudbeds" and known.where != "status":
        status = 200 if known.where == "message" else 401
        return answer(status, {"success": False, **said, known.where: known.code})
    if source in ("ga4", "ga4 admin", "gtm", "search_console"):
        field = {"status": known.code} if known.where == "status" else {}
        errors = [] if field else [{"reason": known.code, **said}]
        return answer(400, {"error": {"code": 400, **said, **field, "errors": errors}})
    if source == "fx_rates" and known.where == "sdmx":
        xml = f'<mes:Error><mes:ErrorMessage code="{known.code}"><c>{PERSON}</c></mes:ErrorMessage>'
        return answer(418, xml.encode())
    return answer(int(known.code), said)


def cases() -> list[Any]:
    return [
        pytest.param(source, known, id=f"{source}-{known.where}-{known.code}")
        for source in JUDGES
        for known in rows(source)
        if known.where not in ("extensions.code", "userErrors.code", "oauth.error", "subCategory")
    ]


@pytest.mark.parametrize(("source", "known"), cases())
def test_a_listed_code_comes_to_what_the_table_says(source: str, known: Known) -> None:
    refusal = JUDGES[source][1](dealt(source, known), {**PLACE, "source": source})
    assert refusal is not None
    check(known, refusal.error, is_asked_again=refusal.is_passing)


def check(known: Known, error: BaseException, *, is_asked_again: bool | None = None) -> None:
    assert isinstance(error, ERRORS[known.becomes]), error
    if is_asked_again is not None and known.becomes not in ("too_much", "spent"):
        assert is_asked_again is (known.sort != "permanent")
    if isinstance(error, TrueupError):
        assert error.permanent is (known.sort == "permanent")
        message = str(error)
        assert "account: 7" in message and "window: " in message and "next step: " in message
        assert not any(word in message for word in PERSON.split()), message


@pytest.mark.parametrize(
    "known",
    [
        pytest.param(known, id=f"{known.where}-{known.code}")
        for known in rows("shopify")
        if known.where in ("extensions.code", "userErrors.code")
    ],
)
def test_a_code_of_graphql_comes_to_what_the_table_says(known: Known) -> None:
    """They come with HTTP 200, beside data or in its place."""
    if known.where == "extensions.code":
        content = {"errors": [{"message": PERSON, "extensions": {"code": known.code}}]}
    else:
        own = [{"message": PERSON, "code": known.code, "field": None}]
        content = {"data": {"bulkOperationRunQuery": {"bulkOperation": None, "userErrors": own}}}
    codes = of_shopify.codes_of(content)
    assert codes == {known.code}
    assert of_shopify.is_passing(codes) is (known.becomes in ("passing", "too_slow", "unknown"))
    error = of_shopify.error_for(content, codes, {**PLACE, "source": "shopify"}, "{ shop { id } }")
    check(known, error)


@pytest.mark.parametrize("known", [row for row in rows("shopify") if row.where == "oauth.error"])
def test_a_code_of_shopifys_sign_in_is_of_the_credentials(known: Known) -> None:
    content = {"error": known.code, "error_description": PERSON}
    refusal = of_shopify.judge_sign_in(answer(400, content), {**PLACE, "source": "shopify"})
    assert refusal is not None
    check(known, refusal.error, is_asked_again=refusal.is_passing)
    assert known.code in str(refusal.error)


def test_no_association_is_no_error_of_hubspots() -> None:
    """A batch in which nothing is found answers 404, one in which something is 207."""
    (known,) = (row for row in rows("hubspot") if row.where == "subCategory")
    content = {"category": "OBJECT_NOT_FOUND", "subCategory": known.code, "message": PERSON}
    url = "https://vendor.example/crm/v4/associations/deals/contacts/batch/read"
    for status in (207, 404):
        assert (
            of_hubspot.judge(answer(status, content, url), {**PLACE, "source": "hubspot"}) is None
        )


@pytest.mark.parametrize("source", JUDGES)
def test_a_code_that_is_listed_nowhere_is_unknown_and_asked_again(source: str) -> None:
    status = 418
    content = {
        "category": "MOOD", "message": PERSON,
        "error": {"errors": [{"reason": "mood", "message": PERSON}]},
    }  # fmt: skip
    refusal = JUDGES[source][1](answer(status, content), {**PLACE, "source": source})
    assert refusal is not None and refusal.is_passing
    assert isinstance(refusal.error, UnknownRefusal)
    assert "418" in str(refusal.error) and "Planted" not in str(refusal.error)


@pytest.mark.parametrize("source", JUDGES)
@pytest.mark.parametrize(
    "content", [b"", b"null", b"[]", b'"x"', b"<html>", b"{", b'{"error": 7, "errors": {"a": 1}}']
)
def test_an_error_in_no_known_form_is_judged_by_its_status(source: str, content: bytes) -> None:
    place = {**PLACE, "source": source}
    for status, passes in ((503, True), (429, True), (418, True)):
        refusal = JUDGES[source][1](answer(status, content), place)
        assert refusal is not None and refusal.is_passing is passes


@pytest.mark.parametrize("source", JUDGES)
def test_a_table_is_whole(source: str) -> None:
    found = rows(source)
    assert Counter((row.where, row.code) for row in found).most_common(1)[0][1] == 1
    for row in found:
        assert row.sort == SORTS[row.becomes] and row.address.startswith("https://"), row


def test_what_the_vendors_pages_list_is_in_the_tables() -> None:
    """As read on 2026-11-27."""
    hubspot_page = {401, 403, 414, 423, 429, 477, 502, 503, 504, 521, 522, 523, 524, 525, 526}
    shopify_page = {400, 401, 402, 403, 404, 405, 406, 409, 414, 415, 422, 423, 429, 430}
    shopify_page |= {500, 501, 503, 504, 530, 540, 783}
    ecb_page = {304, 400, 404, 406, 500, 501, 503}
    awin_page = {400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504}
    for source, page in (
        ("hubspot", hubspot_page),
        ("shopify", shopify_page),
        ("fx_rates", ecb_page),
        ("awin", awin_page),
    ):
        listed = {int(row.code) for row in rows(source) if row.where == "status"}
        assert page <= listed, source
    bigquery_page = set(
        "accessDenied attributeError backendError badRequest billingNotEnabled"
        " billingTierLimitExceeded blocked duplicate internalError invalid invalidQuery invalidUser"
        " jobBackendError jobInternalError jobRateLimitExceeded notFound notImplemented"
        " proxyAuthenticationRequired quotaExceeded rateLimitExceeded resourceInUse"
        " resourcesExceeded responseTooLarge stopped tableUnavailable timeout".split()
    )
    assert bigquery_page <= {row.code for row in rows("ga4") if row.where == "reason"}
    assert {"awin", "cloudbeds", "fx_rates", "ga4", "gtm", "hubspot", "shopify"} <= set(JUDGES)
    assert all(Path(table).suffix == ".csv" for table, _ in JUDGES.values())
