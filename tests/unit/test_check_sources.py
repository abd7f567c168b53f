"""`trueup check`: the systems of a company file, their accounts, options, currencies, selectors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from trueup.company import checks, company_file, remarks, weak_goals
from trueup.sources import registry
from trueup.sources.contract import Source
from unit.companies_to_check import SECRETS, check, company, of_vendor, two_properties

__all__ = ["company"]

PROJECT = Path(__file__).parents[2]


def of_text(content: dict[str, Any]) -> list[str]:
    found = [*checks.problems(content), *checks.problems_of_accounts(content)]
    return [one for one in found if "sources.files" not in one]


@pytest.mark.parametrize("name", SECRETS)
def test_a_vendor_as_its_page_connects_it_is_well(name: str):
    assert of_text(of_vendor(name)) == []


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("shopify", "x", "such as harbour-house.myshopify.com"),
        ("shopify", "https://x.myshopify.com", "such as harbour-house.myshopify.com"),
        ("hubspot", "x", "digits alone"),
        ("ga4", "G-ABC123", "not the G-... of a tag"),
        ("google_ads", "471-100-2200", "without dashes"),
        ("meta_ads", "900100200", "such as act_900100200"),
    ],
)
def test_an_account_id_of_another_form_is_reported_with_the_form_expected(
    name: str, given: str, words: str
):
    (problem,) = of_text(of_vendor(name, account={"id": given}))
    assert problem.startswith(f"sources.{name}.accounts.0.id: {given!r} is no such id")
    assert words in problem


@pytest.mark.parametrize(
    ("name", "option", "value", "words"),
    [
        ("shopify", "page_size", 251, "251 should be a whole number from 1 to 250"),
        ("hubspot", "won_stages", "closedwon", "a list of stage ids"),
        ("hubspot", "lost_stages", [17], "a list of stage ids, each as text"),
        ("hubspot", "properties", {"frm": "x"}, "frm: no such column; there are"),
        ("ga4", "storage_api", True, "neither off nor an address"),
        ("google_ads", "login_customer_id", "471-100-000", "with or without their dashes"),
        ("meta_ads", "job_minutes", "20", "a whole number"),
        ("fx_rates", "currencies", "USD", "a list of currency codes"),
        ("fx_rates", "currencies", ["usd"], "three capitals"),
    ],
)
def test_an_option_of_the_wrong_kind_is_reported(name: str, option: str, value: Any, words: str):
    (problem,) = of_text(of_vendor(name, **{option: value}))
    assert problem.startswith(f"sources.{name}.options.{option}") and words in problem


@pytest.mark.parametrize(
    ("currency", "others", "is_well"),
    [
        ("GBP", {}, False),
        ("EUR", {}, True),
        ("HRK", {}, True),  # the euro by law
        ("GBP", {"fixed_rates": {"GBP": 0.87}}, True),
        ("GBP", {"fixed_rates": {"USD": 1.1}}, False),
        ("GBP", {"listed": ["GBP"]}, True),
        ("GBP", {"listed": ["USD"]}, False),
    ],
)
def test_an_account_in_a_currency_without_a_rate_is_a_problem(
    currency: str, others: dict[str, Any], is_well: bool
):
    content = of_vendor("meta_ads", account={"currency": currency})
    content["reporting"]["fixed_rates"] = others.get("fixed_rates", {})
    if "listed" in others:
        content["sources"]["fx_rates"] = {"options": {"currencies": others["listed"]}}
    assert list(checks.problems(content)) == [], "one currency stops no other"
    found = of_text(content)
    assert (
        found == []
        if is_well
        else found[0].startswith(
            "sources.meta_ads.accounts.0.currency: GBP has no rate in EUR, so no amount of it"
        )
    )


def test_the_currency_of_an_account_without_amounts_needs_no_rate():
    place = {"id": "GTM-ABC1234", "time_zone": "Europe/Lisbon", "currency": "GBP"}
    entry = {"accounts": [place], "credentials": {"service_account": "x"}}
    assert of_text({"reporting": {"currency": "EUR"}, "sources": {"gtm": entry}}) == []


def remarks_on(content: dict[str, Any]) -> list[str]:
    company = company_file.Company.model_validate(content)
    return list(remarks.lines(company, Path()))


def test_awins_zones_are_checked_where_they_are_written(tmp_path: Path):
    content = two_properties({})
    account = {"id": "15632", "time_zone": "Europe/Madrid", "currency": "EUR"}
    credentials = {"access_token": "awin"}
    content["sources"] = {"awin": {"accounts": [account], "credentials": credentials}}
    content["goals"]["stay"]["mappings"][0] = {"source": "awin", "selector": "sale"}
    (found, *_) = check(tmp_path, content)
    assert found.startswith("sources.awin.accounts.0.time_zone: Awin counts no days in Europe/Mad")


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        ({}, "channels: no rule is of platform cloudbeds"),
        ({"channels": [{"channel": "agencies", "is_paid": True, "platform": "cloudbeds"}]}, ""),
        ({"channels": [{"channel": "organic_serch", "platform": "cloudbeds"}]},
         "channels.0.channel: organic_serch is a channel of the company's own; misspelt organic_s"),
        ({"is_revenue": False}, "goals.stay.counts_as_revenue: false, so what is sold in cl"),
        ({"awin": {}}, "sources.awin.headline_claim: missing"),
        ({"awin": {"headline_claim": {"date_basis": "click_date"}}},
         "sources.awin.headline_claim.date_basis: click_date changes nothing"),
        ({"search_console": {}, "own_domains": ["inn.example"]}, "brand_terms: none"),
        ({"search_console": {}, "own_domains": ["other.example"], "brand_terms": ["the inn"]},
         "sources.search_console.accounts.0.id: sc-domain:inn.example is a site of none of own_d"),
    ],
)  # fmt: skip
def test_what_is_likely_a_mistake_is_a_remark(changes: dict[str, Any], remark: str):
    content = two_properties({})
    vendors = {"awin": "15632", "search_console": "sc-domain:inn.example"}
    for name in vendors.keys() & changes.keys():
        place = {"id": vendors[name], "time_zone": "Europe/Lisbon", "currency": "EUR"}
        content["sources"][name] = {"accounts": [place], **changes.pop(name)}
    content["goals"]["stay"]["counts_as_revenue"] = changes.pop("is_revenue", True)
    content["channels"] = [{"channel": "agencies", "is_paid": True, "platform": "cloudbeds"}]
    if not changes and remark.startswith("channels:"):
        del content["channels"]
    remarks = remarks_on(content | changes)
    assert [one for one in remarks if one.startswith(remark)] if remark else remarks == [], remarks


def test_there_is_nothing_to_remark_on_the_companies_that_ship():
    for path in ("company.yml", "tests/real/omnify/company.yml", "tests/real/olist/company.yml"):
        content = yaml.safe_load((PROJECT / path).read_text("utf-8"))
        assert remarks_on(content) == []


OPTIONS = [(source.name, option) for source in registry.load_all() for option in source.options]
NUMBERS = {
    "page_size", "requests_per_second", "calls_per_minute", "validation_days", "most_requests",
    "seconds_between_requests", "sync_days", "job_minutes",
}  # fmt: skip


@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_every_option_of_every_source_has_a_form(name: str, option: str):
    source = registry.load(name)
    for value in ({"five": {"six": 7}}, None, *(["five"] if option in NUMBERS else [])):
        problems = list(source.option_problems({option: value}))
        assert [text for text in problems if text.startswith(option)], (value, problems)


@pytest.mark.parametrize(
    ("name", "option", "value"),
    [
        ("cloudbeds", "requests_per_second", "five"),
        ("cloudbeds", "requests_per_second", 0),
        ("cloudbeds", "page_size", True),
        ("awin", "validation_days", -1),
        ("fx_rates", "closed_days", ["Christmas"]),
        ("google_ads", "token_url", "accounts.google.com"),
        ("ga4", "project", 17),
    ],
)
def test_a_value_of_another_form_is_a_problem_of_check(name: str, option: str, value: Any):
    entry = {"options": {option: value}}
    found = list(checks.problems({"sources": {name: entry}}))
    assert [text for text in found if text.startswith(f"sources.{name}.options.{option}: ")], found


def test_a_bare_off_of_yaml_leaves_the_storage_read_api_alone():
    assert yaml.safe_load("storage_api: off") == {"storage_api": False}
    assert of_text(of_vendor("ga4", storage_api=False)) == []


@pytest.mark.parametrize(
    ("name", "selector", "known"),
    [
        ("shopify", "orders", "order"),
        ("hubspot", "deals", "pipeline:..., form:..."),
        ("cloudbeds", "reservation", "reservations"),
        ("awin", "sales", "sale, lead, bonus"),
        ("search_console", "clicks", "none, as nothing of it can be selected"),
        ("gtm", "purchase", "none, as nothing of it can be selected"),
        ("conversions_api", "purchase", "none, as nothing of it can be selected"),
    ],
)
def test_a_selector_no_vendor_has_is_reported_with_those_there_are(
    name: str, selector: str, known: str
):
    content = {"sources": {name: {}}}
    content["goals"] = {"sale": {"mappings": [{"source": name, "selector": selector}]}}
    assert [one for one in checks.problems(content) if one.startswith("goals.")] == [
        f"goals.sale.mappings.0.selector: {name} has no {selector!r}; there are {known}"
    ]


@pytest.mark.parametrize("source", registry.load_all(), ids=lambda source: source.name)
def test_what_a_goal_can_be_made_of_can_be_selected_and_nothing_else(source: Source):
    """A source says what its selectors are where it has orders, claims and the like."""
    has_any = bool(set(source.shapes) & {*weak_goals.RECORDS, *weak_goals.SEEN})
    options = {"feeds": [{"name": "till", "stream": "orders"}]}
    assert bool(source.selectors(options)) == has_any


@pytest.mark.parametrize(
    ("goals", "source", "selector", "is_refused"),
    [
        (("wedding", "event"), "google_ads", "Lead form", False),
        (("wedding", "event"), "files", "Lead form", False),
        (("wedding", "wedding"), "google_ads", "Lead form", True),
        (("wedding", "event"), "files", "till:leads", True),
        (("wedding", "event"), "hubspot", "form:enquiry", True),
        (("wedding", "event"), "ga4", "generate_lead", True),
        (("wedding", "event"), "awin", "sale", True),
    ],
)
def test_goals_may_share_an_action_whose_claims_can_be_divided_and_nothing_else(
    goals: tuple[str, str], source: str, selector: str, is_refused: bool
):
    """Records and events would count twice, and sales that name their orders are each of one."""
    content: dict[str, Any] = {"sources": {source: {}}, "goals": {}}
    for goal in goals:
        found = content["goals"].setdefault(goal, {"mappings": []})
        found["mappings"].append({"source": source, "selector": selector})
    told = [line for line in checks.problems(content) if "mapped twice" in line]
    assert len(told) == is_refused
