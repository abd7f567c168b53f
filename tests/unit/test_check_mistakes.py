"""`trueup check`: what people get wrong in a company file that has the right form."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from trueup.company import company_file, full_check, tables
from unit.companies_to_check import check, of_vendor, two_properties


def company_of(name: str, entry: dict[str, Any]) -> dict[str, Any]:
    """A company of source `name`, with one account but for what `entry` says."""
    content = two_properties({})
    account = {"id": entry.pop("id", "17"), "time_zone": "Europe/Lisbon", "currency": "EUR"}
    content["sources"] = {name: {"accounts": [account], **entry}}
    content["goals"]["stay"]["mappings"] = [{"source": name, "selector": "reservations"}]
    return content


def found(tmp_path: Path, name: str, entry: dict[str, Any]) -> list[str]:
    """The problems of the source itself, without the secrets this company does not name."""
    problems = check(tmp_path, company_of(name, entry))
    at = f"sources.{name}."
    return [
        one.removeprefix(at)
        for one in problems
        if one.startswith(at) and "credentials" not in one and "time_zone" not in one
    ]


ACCOUNT = "accounts.0.id: "


@pytest.mark.parametrize(
    ("name", "entry", "says"),
    [
        ("google_ads", {"id": "471100220"}, f"{ACCOUNT}'471100220' has 9 digits"),
        ("google_ads", {"id": "47110022001"}, f"{ACCOUNT}'47110022001' has 11 digits"),
        ("google_ads", {"id": "471-100-2200"}, f"{ACCOUNT}'471-100-2200' is no such id"),
        ("google_ads", {"id": "4711002200", "options": {"login_customer_id": "471-100-2200"}},
         f"{ACCOUNT}4711002200 is login_customer_id, too"),
        ("google_ads", {"id": "4711002200", "options": {"login_customer_id": 471100000}},
         "options.login_customer_id: '471100000' is no such id"),
        ("awin", {"id": "advertiser-15632"}, f"{ACCOUNT}'advertiser-15632' is no such id"),
        ("cloudbeds", {"id": "Hotel Lisbon"}, f"{ACCOUNT}'Hotel Lisbon' is no such id"),
        *((name, {"id": "1", "base_url": "api.example.com/v1"},
           "base_url: 'api.example.com/v1' should be an address that begins with https://")
          for name in ("awin", "cloudbeds", "fx_rates", "hubspot")),
        ("ga4", {"base_url": "bigquery.googleapis.com"}, "base_url: there is no folder /"),
        ("ga4", {"base_url": "/nowhere/export"}, "base_url: there is no folder /nowhere/export"),
        *(("ga4", {"options": {"storage_api": value}},
           f"options.storage_api: {value!r} is neither off nor an address")
          for value in ("on", "yes please", "Off", True)),
        ("cloudbeds", {"options": {"requests_per_second": 50}},
         "options.requests_per_second: 50 is more than any key may ask"),
        ("cloudbeds", {"base_url": "https://hotels.cloudbeds.com",
                       "options": {"requests_per_second": 11}},
         "options.requests_per_second: 11 is more than any key may ask"),
        ("meta_ads", {"id": "act_1", "headline_claim": {"view_window_days": 7}},
         "headline_claim.view_window_days: meta_ads gives no number of 7 days; there is 1"),
        ("meta_ads", {"id": "act_1", "headline_claim": {"click_window_days": 30}},
         "headline_claim.click_window_days: meta_ads gives no number of 30 days; there is 1, 7"),
    ],
)  # fmt: skip
def test_a_value_of_the_right_form_that_cannot_be_right_is_reported(
    tmp_path: Path, name: str, entry: dict[str, Any], says: str
):
    problems = found(tmp_path, name, entry)
    assert [one for one in problems if one.startswith(says)] and len(problems) == 1, problems


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("google_ads", {"id": "4711002200", "options": {"login_customer_id": "471-100-0000"}}),
        ("google_ads", {"id": "4711002200", "options": {"login_customer_id": 4711000000}}),
        ("awin", {"id": "15632"}),
        ("cloudbeds", {"options": {"requests_per_second": 10}}),
        ("cloudbeds", {"base_url": "http://127.0.0.1:8765/x",
                       "options": {"requests_per_second": 1000}}),
        ("ga4", {"base_url": "s3://bucket/export"}),
        ("ga4", {"base_url": str(Path(__file__).parent)}),
        *(("ga4", {"options": {"storage_api": value}})
          for value in ("off", False, "127.0.0.1:8766", "sandbox:8766", "[::1]:8766",
                        "bigquerystorage.googleapis.com")),
        ("ga4", {"options": {"currency_where_none": "eur"}}),  # rows have it in capitals
        ("meta_ads", {"id": "act_1",
                      "headline_claim": {"click_window_days": 7, "view_window_days": 1}}),
    ],
)  # fmt: skip
def test_what_is_right_is_no_problem(tmp_path: Path, name: str, entry: dict[str, Any]):
    assert found(tmp_path, name, entry) == []


@pytest.mark.parametrize(("start", "is_well"), [("2026-10-02", False), ("2026-10-01", True)])
def test_a_history_that_starts_after_today_is_reported(tmp_path: Path, start: str, is_well: bool):
    content = two_properties({})
    content["history"]["start"] = start
    check(tmp_path, content)
    noon = datetime(2026, 10, 1, 12, tzinfo=UTC)
    problems = full_check.look(tmp_path / "company.yml", noon).problems
    says = "history.start: 2026-10-02 is after today, 2026-10-01"
    assert problems == () if is_well else problems[0].startswith(says), problems


def of_google_alone(name: str, id: str) -> dict[str, Any]:
    """A company of one source of which nothing can be selected, so of no goals."""
    content = company_of(name, {"id": id, "credentials": {"service_account": "google_key"}})
    content["sources"][name]["accounts"][0]["time_zone"] = "America/Los_Angeles"
    del content["goals"]
    return content


@pytest.mark.parametrize(
    ("name", "id"), [("search_console", "sc-domain:inn.example"), ("gtm", "GTM-ABC1234")]
)
def test_a_company_whose_sources_have_nothing_a_goal_could_be_of_needs_none(
    tmp_path: Path, name: str, id: str
):
    content = of_google_alone(name, id)
    assert [one for one in check(tmp_path, content) if not one.startswith("secret")] == []
    with duckdb.connect() as con:
        con.execute("create schema company")
        tables.write(con, company_file.read(tmp_path / "company.yml"))
        assert con.execute("from company.goals").fetchall() == []


@pytest.mark.parametrize("goals", [{}, None])
def test_a_company_with_anything_a_goal_could_be_of_is_asked_for_one_in_plain_words(
    tmp_path: Path, goals: dict[str, Any] | None
):
    content = two_properties({}) | {"goals": goals}
    if goals is None:
        del content["goals"]
    (problem,) = [one for one in check(tmp_path, content) if not one.startswith("secret")]
    assert problem.startswith("goals: missing; name what counts")


def test_what_holds_nothing_is_said_to_be_empty(tmp_path: Path):
    content = two_properties({})
    content["goals"]["stay"]["mappings"] = []
    (problem,) = [one for one in check(tmp_path, content) if not one.startswith("secret")]
    assert problem == "goals.stay.mappings: is empty; name at least one"
    problems = check(tmp_path, two_properties({}) | {"sources": {}, "goals": {}})
    assert problems == ["sources: is empty; name at least one"]


def test_a_currency_in_small_letters_is_one_problem(tmp_path: Path):
    content = two_properties({})
    content["sources"]["cloudbeds"]["accounts"][0]["currency"] = "eur"
    (problem,) = [one for one in check(tmp_path, content) if not one.startswith("secret")]
    assert problem.startswith("sources.cloudbeds.accounts.0.currency: 'eur' is no currency code")
    content = two_properties({})
    content["reporting"]["currency"] = "eur"
    (problem,) = [one for one in check(tmp_path, content) if not one.startswith("secret")]
    assert problem.startswith("reporting.currency: 'eur' is no currency code")


@pytest.mark.parametrize(
    ("option", "says"),
    [
        ("request_per_second", "unknown option (misspelt requests_per_second?); there are"
         " requests_per_second, page_size, payments_in"),
        ("zzz", "unknown option (misspelt?); there are page_size, payments_in,"
         " requests_per_second"),
    ],
)  # fmt: skip
def test_a_misspelt_option_is_told_the_nearest_first(tmp_path: Path, option: str, says: str):
    assert found(tmp_path, "cloudbeds", {"options": {option: 5}}) == [f"options.{option}: {says}"]


def test_a_property_that_is_none_is_told_how_one_is_written(tmp_path: Path):
    content = of_google_alone("search_console", "https://inn.example")
    (problem,) = [one for one in check(tmp_path, content) if not one.startswith("secret")]
    assert problem == (
        "sources.search_console.accounts.0.id: 'https://inn.example' is not written as a property;"
        " write sc-domain:example.com, or a prefix with its https:// and its last slash, such as"
        " https://www.example.com/"
    )


QUOTED, AROUND, INSIDE = (
    "has quotes around it",
    "has blanks or a line's end around",
    "has blanks in",
)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("'abc'", QUOTED), ('"abc"', QUOTED), ("“abc”", QUOTED), (' "abc" ', QUOTED),
        (" abc", AROUND), ("abc\n", AROUND), ("abc\t", AROUND),
        ("Bearer abc", INSIDE), ("abc def ghi", INSIDE), ("abc", None),
    ],
)  # fmt: skip
def test_what_was_copied_with_a_secret_is_reported_unseen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, says: str | None
):
    monkeypatch.setenv("TRUEUP_SECRET_HASH_KEY", " 7f1e94c0 a25b8d36e0f4 ")
    monkeypatch.setenv("TRUEUP_SECRET_FIRST_KEY", value)
    problems = check(tmp_path, two_properties({}))
    if says is None:
        assert problems == []
        return
    (problem,) = problems
    assert problem.startswith(f"secret first_key: {says}") and "abc" not in problem


def test_the_text_of_a_key_file_may_have_blanks_but_no_quotes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    key = '{"client_email": "a", "private_key": "b", "project_id": "c", "token_uri": "d"}'
    monkeypatch.setenv("TRUEUP_SECRET_HASH_KEY", "7f1e94c0a25b8d36e0f4")
    content = of_vendor("ga4")
    del content["sources"]["files"]
    content["goals"]["sale"]["mappings"] = [{"source": "ga4", "selector": "purchase"}]
    monkeypatch.setenv("TRUEUP_SECRET_GA4_SERVICE_ACCOUNT", f"{key}\n")
    assert check(tmp_path, content) == []
    monkeypatch.setenv("TRUEUP_SECRET_GA4_SERVICE_ACCOUNT", f"'{key}'")
    (problem,) = check(tmp_path, content)
    assert problem.startswith(f"secret ga4_service_account: {QUOTED}")
