"""Search Console: what is wrong with an answer costs what it touches, and is reported."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from contract.search_property import (
    DAY,
    FOR_EVER,
    WEEK,
    access_to,
    changing,
    dimensions_of,
    land,
    rows,
)
from sandbox import keys
from sandbox.desk import Asked, Instead
from trueup.errors import (
    AccessDenied,
    BrokenContract,
    TrueupError,
    UnknownRefusal,
    VendorUnavailable,
)
from trueup.landing.gaps import OpenDays
from trueup.landing.store import Landing
from trueup.sources import contacts
from trueup.sources.contract import SetAside
from trueup.sources.search_console import SOURCE
from trueup.sources.search_console import rows as answers
from trueup.sources.search_console.rests import rows_and_rests
from trueup.sources.search_console.streams import PERFORMANCE

FINE, PAGES, DAYS = ["date", "page", "query"], ["date", "page"], ["date"]


def refused(landing: Landing, access: Any, error: type[TrueupError], **how: Any) -> str:
    """The message of the error landing ends with; checks its place and that nothing landed."""
    with pytest.raises(error) as caught:
        land(landing, access, **how)
    message = str(caught.value)
    for part in ("source: search_console", "stream: performance", "window: ", "next step: "):
        assert part in message
    assert landing.loads("search_console", "performance") == []
    return message


@pytest.mark.parametrize("fault", ["throttle", "too_many", "server_error"])
def test_a_passing_refusal_is_waited_out(
    fault: str, sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    sandbox.desk.order_fault("search_console", fault, 2)
    assert land(landing, access_to(sandbox, tmp_path), DAY).row_count > 5


@pytest.mark.parametrize(
    ("fault", "error", "said"),
    [
        ("throttle", VendorUnavailable, "HTTP 403 rateLimitExceeded"),
        ("too_many", VendorUnavailable, "HTTP 429"),
        ("server_error", VendorUnavailable, "HTTP 503"),
        ("quota", VendorUnavailable, "quota is used up"),
        ("unauthorized", AccessDenied, "add the service account's address as a user"),
        ("disabled", AccessDenied, "enable the Google Search Console API"),
        ("unknown", UnknownRefusal, "nobody here knows"),
    ],
)
def test_a_lasting_refusal_says_what_to_do(
    fault: str,
    error: type[TrueupError],
    said: str,
    sandbox: Any,
    landing: Landing,
    tmp_path: Path,
) -> None:
    sandbox.desk.order_fault("search_console", fault, FOR_EVER)
    assert said in refused(landing, access_to(sandbox, tmp_path), error)


def test_a_spent_quota_is_not_hammered(sandbox: Any, landing: Landing, tmp_path: Path) -> None:
    """Of ten minutes or of a day: asking again at once only makes it worse."""
    sandbox.desk.order_fault("search_console", "quota", FOR_EVER)
    before = sandbox.desk.calls["search_console"]
    refused(landing, access_to(sandbox, tmp_path), VendorUnavailable)
    assert sandbox.desk.calls["search_console"] - before == 1


@pytest.mark.parametrize(
    "site",
    [
        "https://old.harbourhouse.example/",  # no longer verified
        "https://nobody.example/",
        "http://weddings.harbourhouse.example/",  # another scheme is another property
        "https://weddings.harbourhouse.example",
        "sc-domain:harbourhouse",
    ],
)
def test_a_property_the_service_account_does_not_see(
    site: str, sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    message = refused(landing, access_to(sandbox, tmp_path, site), AccessDenied)
    assert "HTTP 403 forbidden" in message and "Users and permissions" in message


def test_an_access_token_that_ends_is_renewed(
    sandbox: Any, landing: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trueup.sources import google_service_account

    monkeypatch.setattr(google_service_account, "MARGIN", 3601)  # every token has ended at once
    before = sandbox.desk.calls["google_sign_in"]
    assert land(landing, access_to(sandbox, tmp_path), DAY).row_count > 5
    assert sandbox.desk.calls["google_sign_in"] - before > 5


@pytest.mark.parametrize("text", ["not JSON", '{"type": "service_account"}', "null"])
def test_a_secret_that_is_no_key_file(
    text: str, sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    access = replace(access_to(sandbox, tmp_path), secrets={"service_account": text})
    refused(landing, access, AccessDenied)


def test_a_key_for_another_purpose_is_refused(
    sandbox: Any, landing: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trueup.sources.search_console import client

    monkeypatch.setattr(client, "SCOPE", "https://www.googleapis.com/auth/nothing")
    assert "invalid_scope" in refused(landing, access_to(sandbox, tmp_path), AccessDenied)
    other = keys.service_account(tmp_path / "other", sandbox.url)
    access = replace(access_to(sandbox, tmp_path), secrets={"service_account": other})
    monkeypatch.undo()
    assert "BEGIN PRIVATE KEY" not in refused(landing, access, AccessDenied)


@pytest.mark.parametrize(
    ("dimensions", "change", "error", "said"),
    [
        (FINE, lambda rows: "many", BrokenContract, "none of rows"),
        (FINE, lambda rows: [{**row, "clicks": "many"} for row in rows], BrokenContract, "clicks"),
        (
            FINE,
            lambda rows: [{k: v for k, v in row.items() if k != "impressions"} for row in rows],
            BrokenContract,
            "column impressions is not as declared",
        ),
        (FINE, lambda rows: [{**row, "clicks": 0.5} for row in rows], BrokenContract, "clicks"),
    ],
)
def test_a_drifting_schema_is_one_clear_error(
    dimensions: list[str],
    change: Any,
    error: type[TrueupError],
    said: str,
    sandbox: Any,
    landing: Landing,
    tmp_path: Path,
) -> None:
    sandbox.desk.spoil("search_console", changing(dimensions, change), FOR_EVER)
    assert said in refused(landing, access_to(sandbox, tmp_path), error)


def test_a_new_field_lands_beside_the_declared_ones(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    add = changing(FINE, lambda rows: [{**row, "topic": "gifts"} for row in rows])
    sandbox.desk.spoil("search_console", add, FOR_EVER)
    load = land(landing, access_to(sandbox, tmp_path), DAY)
    assert load.extra_columns == ("topic",)


def test_rows_that_are_none_cost_themselves(sandbox: Any, landing: Landing, tmp_path: Path) -> None:
    """A row without its keys, with too few, with a number for a page, and one that is no row."""

    def spoil(found: list[Any]) -> list[Any]:
        one, two, three, four, *others = found
        del one["keys"]
        two["keys"] = two["keys"][:2]
        three["keys"][1] = 7
        return [one, two, three, "four", *others]

    whole = land(landing, access_to(sandbox, tmp_path))
    sandbox.desk.spoil("search_console", changing(FINE, spoil), 1)
    again = Landing(str(tmp_path / "again"))
    load = land(again, access_to(sandbox, tmp_path))
    assert load.set_aside_count == 4
    assert load.control_totals == whole.control_totals  # what they count is in the rests


def test_an_answer_for_other_figures_than_were_asked_for_is_refused(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    def other(asked: Asked, answer: Any) -> Any:
        return {**answer, "responseAggregationType": "byProperty"} if "rows" in answer else None

    sandbox.desk.spoil("search_console", other, FOR_EVER)
    message = refused(landing, access_to(sandbox, tmp_path), BrokenContract)
    assert "adds up in another way" in message


@pytest.mark.parametrize("times", [1, FOR_EVER])
def test_a_row_that_comes_twice_is_asked_again_and_then_counted_once(
    times: int, sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    """Rows of equal clicks change places between pages: one comes twice, another not at all, and
    what it counts is in its page's rest."""
    whole = land(landing, access_to(sandbox, tmp_path), DAY)

    def swap(found: list[Any]) -> list[Any]:
        return [*found[:-1], found[0]]

    sandbox.desk.spoil("search_console", changing(FINE, swap), times)
    again = Landing(str(tmp_path / "again"))
    load = land(again, access_to(sandbox, tmp_path), DAY)
    assert load.control_totals == whole.control_totals
    assert load.set_aside_count == (0 if times == 1 else 1)


@pytest.mark.parametrize("times", [1, FOR_EVER])
def test_rows_that_come_to_more_than_their_page_are_never_a_negative_rest(
    times: int, sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    """Once, the day may have grown between the questions; twice in a row is reported."""

    def shrink(found: list[Any]) -> list[Any]:
        return [{**row, "impressions": 1.0, "clicks": 0.0} for row in found]

    sandbox.desk.spoil("search_console", changing(PAGES, shrink), times)
    load = land(landing, access_to(sandbox, tmp_path), DAY)
    found = rows(landing, load)
    assert all(row["impressions"] >= 0 and row["clicks"] >= 0 for row in found)
    if times == 1:
        assert load.set_aside_count == 0
    else:
        pages = {row["page"] for row in found if row["query"]}
        assert load.set_aside_count == len(pages)
        # What the pages do not account for is the day's.
        assert [row for row in found if row["page"] is None and row["is_anonymised"]]


def test_an_empty_day_stays_open(sandbox: Any, landing: Landing, tmp_path: Path) -> None:
    def without(asked: Asked, answer: Any) -> Any:
        if not isinstance(answer, dict) or "rows" not in answer:
            return None
        kept = [row for row in answer["rows"] if row["keys"][0] != "2026-09-08"]
        return {**answer, "rows": kept}

    sandbox.desk.spoil("search_console", without, FOR_EVER)
    with pytest.raises(OpenDays, match="first 2026-09-08"):
        land(landing, access_to(sandbox, tmp_path), WEEK)


@pytest.mark.parametrize(
    "content", ["<html>", "[]", '{"rows": 7}', '{"rows": [{"keys": ["2026-09-08"', "null"]
)
def test_an_answer_that_is_none_is_one_clear_error(
    content: str, sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    def instead(asked: Asked, answer: Any) -> Any:
        return Instead(200, content) if "searchAnalytics" in asked.path else None

    sandbox.desk.spoil("search_console", instead, FOR_EVER)
    error = BrokenContract if "7" in content else UnknownRefusal
    refused(landing, access_to(sandbox, tmp_path), error, window=DAY)


def test_pages_that_do_not_end_are_given_up(
    sandbox: Any, landing: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trueup.sources import bounds

    monkeypatch.setattr(bounds, "MOST_PAGES", 5)
    again = {"rows": [], "responseAggregationType": "byPage"}

    def endless(asked: Asked, answer: Any) -> Any:
        start = asked.params.get("startRow", 0)
        row = {"keys": ["2026-09-08"], "clicks": 1.0, "impressions": 1.0 + start, "position": 1.0}
        return {**again, "rows": [row]} if dimensions_of(asked) == DAYS else None

    sandbox.desk.spoil("search_console", endless, FOR_EVER)
    message = refused(landing, access_to(sandbox, tmp_path), BrokenContract, window=DAY)
    assert "do not end" in message


@pytest.mark.parametrize(
    ("query", "is_personal"),
    [
        ("harbour house", False),
        ("hampers 2026", False),
        ("spa 1200 1400 euro", False),
        ("hotel 12.10.2026 15.10.2026", True),  # as many digits as a number: rather too careful
        ("ann.planted@example.com booking", True),
        ("ann.planted%40example.com", True),
        ("call +351 912 345 678", True),
        ("harbour house 912345678", True),
        ("harbour house (020) 7946-0958", True),
        ("192.0.2.14 harbour", True),
        ("order 1048377", False),
    ],
)
def test_a_query_that_tells_who_somebody_is_is_none(query: str, is_personal: bool) -> None:
    assert contacts.is_typed(query) is is_personal


def answer(*found: tuple[list[str], int, int, float]) -> answers.Answer:
    raw = [
        {"keys": keys, "clicks": float(clicks), "impressions": float(shown), "position": place}
        for keys, clicks, shown, place in found
    ]
    return answers.read(raw, len(raw[0]["keys"]) if raw else 1)


D = "2026-09-08"


@pytest.mark.parametrize(
    ("days", "pages", "fine", "rests"),
    [
        # Every query is named: no rest.
        ([([D], 3, 30, 2.0)], [([D, "/a"], 3, 30, 2.0)], [([D, "/a", "q"], 3, 30, 2.0)], []),
        # Google names no query of the day at all.
        ([([D], 3, 30, 2.0)], [([D, "/a"], 3, 30, 2.0)], [], [("/a", 3, 30, Decimal(2))]),
        # Impressions alone are left, at a place of their own: (40 * 3 - 30 * 2) / 10.
        (
            [([D], 3, 40, 3.0)],
            [([D, "/a"], 3, 40, 3.0)],
            [([D, "/a", "q"], 3, 30, 2.0)],
            [("/a", 0, 10, Decimal(6))],
        ),
        # A page beyond the most pages of an answer: the day's rest has no page.
        (
            [([D], 5, 50, 2.0)],
            [([D, "/a"], 3, 30, 2.0)],
            [([D, "/a", "q"], 3, 30, 2.0)],
            [(None, 2, 20, Decimal(2))],
        ),
        # An empty query is one that is not named.
        ([([D], 3, 30, 2.0)], [([D, "/a"], 3, 30, 2.0)], [([D, "/a", " "], 3, 30, 2.0)],
         [("/a", 3, 30, Decimal(2))]),
        # A page whose total is not listed has the rows it has.
        ([([D], 3, 30, 2.0)], [([D, "/b"], 1, 10, 2.0)], [([D, "/a", "q"], 2, 20, 2.0)],
         [("/b", 1, 10, Decimal(2))]),
        # Rounding leaves a place above the first: it is not known.
        ([([D], 1, 40, 1.0)], [([D, "/a"], 1, 40, 1.0)], [([D, "/a", "q"], 1, 39, 1.02)],
         [("/a", 0, 1, None)]),
        # One page with and without what is personal in its address is one page.
        (
            [([D], 3, 30, 2.0)],
            [([D, "/a?email=a@b.example"], 1, 10, 2.0), ([D, "/a?email=c@d.example"], 2, 20, 2.0)],
            [([D, "/a?email=a@b.example", "q"], 1, 10, 2.0)],
            [("/a?email=removed", 2, 20, Decimal(2))],
        ),
    ],
)  # fmt: skip
def test_the_rest_is_what_the_coarser_answer_has_more(
    days: Any, pages: Any, fine: Any, rests: Any
) -> None:
    found = rows_and_rests(answer(*days), answer(*pages), answer(*fine))
    left = [row for row in found.rows if row["is_anonymised"]]
    names = ("page", "clicks", "impressions", "position")
    assert [tuple(row[name] for name in names) for row in left] == rests
    assert found.sum_of("clicks") == days[0][1] and not found.is_doubtful and not found.aside


def test_a_total_that_is_no_number_leaves_its_rest_unknown_and_is_reported() -> None:
    pages = answers.read(
        [{"keys": [D, "/a"], "clicks": "many", "impressions": 30.0, "position": 2.0}], 2
    )
    fine = answer(([D, "/a", "q"], 2, 20, 2.0))
    found = rows_and_rests(answer(([D], 3, 30, 2.0)), pages, fine)
    assert [one.reason.split(":")[0] for one in found.aside] == [
        "Google's total of a page is no number"
    ]
    assert [(row["page"], row["clicks"]) for row in found.rows] == [("/a", 2), (None, 1)]


def test_nothing_of_a_query_or_page_is_in_what_is_set_aside() -> None:
    raw = [{"keys": [D, "/secret", "ann planted", "more"], "clicks": 1.0}]
    (one,) = answers.read(raw, 3).aside
    assert isinstance(one, SetAside) and "planted" not in repr(one) and "secret" not in repr(one)


def test_the_source_knows_what_it_declares() -> None:
    assert PERFORMANCE.is_witness and SOURCE.secrets == ("service_account",)
    assert json.dumps(sorted(SOURCE.options)) == '["data_state", "search_types"]'
