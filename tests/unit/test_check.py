"""`trueup check`: everything that is wrong, of the company file and of what it names, at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from feed_files import ORDERS, SPEND
from trueup.__main__ import main
from trueup.company import checks, company_file, full_check, remarks, weak_goals
from trueup.sources import registry
from trueup.sources.contract import Source

PROJECT = Path(__file__).parents[2]
CLAIMS = """
select _row, 'maps' as platform, campaign as campaign_id, day as claim_date,
    action as action_id, 'click_date' as date_basis, 1 as claimed_conversions
from input
"""


@pytest.fixture
def company(tmp_path: Path) -> dict[str, Any]:
    """A company of files, all well."""
    for name, content in {
        "till.csv": "id,day,total\nA1,2026-09-01,5\n",
        "till.sql": ORDERS.replace("from input", ", 'sale' as goal from input"),
        "maps.csv": "day,campaign,impressions,clicks,cost\n2026-09-01,a,1,1,1\n",
        "maps.sql": SPEND,
        "claims.csv": "day,campaign,action\n2026-09-01,a,Purchase\n",
        "claims.sql": CLAIMS,
    }.items():
        (tmp_path / name).write_text(content, "utf-8")
    feeds = [
        {"name": "till", "stream": "orders", "path": "till*.csv", "sql": "till.sql"},
        {"name": "maps", "stream": "ad_performance", "path": "maps.csv", "sql": "maps.sql"},
        {"name": "claims", "stream": "claims", "path": "claims.csv", "sql": "claims.sql",
         "headline_claim": {"date_basis": "click_date"}},
    ]  # fmt: skip
    return {
        "name": "till",
        "title": "A till",
        "reporting": {"time_zone": "Europe/Lisbon", "currency": "EUR"},
        "history": {"start": "2026-09-01"},
        "sources": {"files": {"options": {"feeds": feeds}}},
        "goals": {
            "sale": {
                "tier": "strong",
                "counts_as_revenue": True,
                "mappings": [
                    {"source": "files", "selector": "orders"},
                    {"source": "files", "selector": "Purchase"},
                ],
            }
        },
        "channels": [{"channel": "paid", "is_paid": True, "platform": "maps"}],
    }


def check(folder: Path, content: dict[str, Any]) -> list[str]:
    path = folder / "company.yml"
    path.write_text(yaml.safe_dump(content), "utf-8")
    return list(full_check.problems(path))


def feeds_of(company: dict[str, Any]) -> list[dict[str, Any]]:
    return company["sources"]["files"]["options"]["feeds"]


def test_a_company_of_files_that_is_well(tmp_path: Path, company: dict[str, Any]):
    assert check(tmp_path, company) == []


def test_s5_selector_key_and_select_that_do_not_exist_are_all_listed(
    tmp_path: Path,
    company: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    """Case S5: selector `orderz`, feed key `pth:`, a SQL file that does not exist."""
    company["goals"]["sale"]["mappings"][0]["selector"] = "orderz"
    first, second, _ = feeds_of(company)
    first["pth"] = first.pop("path")
    second["sql"] = "nowhere.sql"
    del feeds_of(company)[2], company["goals"]["sale"]["mappings"][1]
    at = "sources.files.options.feeds"
    assert check(tmp_path, company) == [
        f"{at}.0.path: missing",
        f"{at}.0.pth: unknown key (misspelt?)",
        "goals.sale.mappings.0.selector: files has no 'orderz'; there are orders, till:orders",
        f"{at}.1: sql: there is no file nowhere.sql",
    ]
    monkeypatch.setenv("TRUEUP_COMPANY", str(tmp_path / "company.yml"))
    assert main(["check"]) == 1
    error = capsys.readouterr().err
    assert "4 problem(s)" in error
    assert all(word in error for word in ("'orderz'", "pth", "nowhere.sql"))


def test_s5_a_selector_that_may_be_an_action_is_held_against_the_claims_there_are(
    tmp_path: Path, company: dict[str, Any]
):
    company["goals"]["sale"]["mappings"][1]["selector"] = "Purchas"
    assert check(tmp_path, company) == [
        "sources.files.options.feeds: selector 'Purchas' of a goal: no feed or claimed action;"
        " there are Purchase, orders, till:orders"
    ]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"path": "tll.csv"}, "feeds.0: path: no file matches tll.csv"),
        ({"macros": "dates.sql"}, "feeds.0: macros: there is no file dates.sql"),
        ({"reader": {"delimm": ";"}}, "feeds.0.reader.delimm: unknown option (misspelt?)"),
        ({"reader": {"delim": "||"}}, "feeds.0.reader.delim: one character is wanted"),
        ({"reader": {"encoding": "latin-9x"}}, "feeds.0.reader.encoding: latin-9x is none of"),
        ({"reader": ";"}, "feeds.0.reader: should hold options and their values"),
        ({"stream": "orderz"}, "feeds.0.stream: no stream orderz"),
        ({"name": "maps", "stream": "ad_performance", "sql": "maps.sql", "path": "maps.csv"},
         "feeds.1.name: there are two feeds maps of ad_performance"),
        ({"headline_claim": {}}, "feeds.0.headline_claim: belongs to a feed of claims"),
        ({"tolerances": {"warn_share": 0.5}}, "feeds.0.tolerances: warn_share 0.5 is above"),
        ({"tolerances": {"hold": 0.5}}, "feeds.0.tolerances.hold: unknown key (misspelt?)"),
        ({"sql": 3}, "feeds.0.sql: should be text"),
    ],
)  # fmt: skip
def test_a_feed_that_is_written_wrong_is_told_with_its_path(
    tmp_path: Path, company: dict[str, Any], changes: dict[str, Any], problem: str
):
    feeds_of(company)[0].update(changes)
    found = check(tmp_path, company)
    assert [text for text in found if problem in text], found


@pytest.mark.parametrize(
    ("file", "content", "problem"),
    [
        ("till.sql", "select _row frm input", "feeds.0: feed till: its select till.sql does not"),
        ("till.sql", ORDERS.replace("total as", "totl as"), "does not run on the file till.csv"),
        ("till.sql", ORDERS.replace("total as", "5 as price, total as"), "unknown ['price']"),
        ("till.sql", ORDERS.replace("_row,", ""), "missing ['_row']"),
        ("till.sql", ORDERS.replace("from input", ", 'sal' as goal from input"),
         "gives the goal sal, which the company file does not know"),
        ("till.csv", "id,day,total,total\nA1,2026-09-01,5,6\n",
         "its header has total twice; the second one is total_1"),
        ("till.csv", "id,day,total\nA1,01/09/2026,5\n",
         "not one usable row of 1: ordered_date is not DATE: like '9/9/9'"),
        ("till.csv", "id;day;total\nA1;2026-09-01;5\n", "cut by ';': reader {delim: ';'}"),
        ("till.csv", "id;day;total\nA1;2026-09-01;5,00\n", "cut by ';': reader {delim: ';'}"),
        ("till.csv", "A report; of all\nid,day,total\nA1,2026-09-01,5\n", "reader {skip: 1}"),
        ("till.sql", ORDERS.replace("total as", "amount_of(total) as"),
         "uses amount_of, which is no function: correct it, or name the file that defines it as"),
        ("maps.sql", SPEND.replace("'maps'", "'mapz'"),
         "platform maps of a channel rule: no feed gives it; there are claims, mapz"),
    ],
    ids=["sql", "column", "unknown-column", "no-row-number", "goal", "header-twice", "day-first",
         "delimiter", "decimal-comma", "title", "macro", "platform"],
)  # fmt: skip
def test_what_is_wrong_in_the_files_a_feed_names_is_told(
    tmp_path: Path, company: dict[str, Any], file: str, content: str, problem: str
):
    (tmp_path / file).write_text(content, "utf-8")
    if file == "maps.sql":
        feeds_of(company)[1]["name"] = "listing"
        (tmp_path / "claims.sql").write_text(CLAIMS.replace("'maps'", "'claims'"), "utf-8")
    found = check(tmp_path, company)
    assert [text for text in found if problem in text], found


def test_secrets_rates_and_domains_are_checked_too(
    tmp_path: Path, company: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("TRUEUP_SECRET_HASH_KEY", raising=False)
    select = (tmp_path / "till.sql").read_text("utf-8")
    (tmp_path / "till.sql").write_text(select.replace("'sale'", "id as person_id, 'sale'"), "utf-8")
    assert check(tmp_path, company) == [
        "secret hash_key: not set in TRUEUP_SECRET_HASH_KEY; an Airflow Connection hash_key would"
        " count in Airflow's tasks, and is not seen from here"
    ]
    company["reporting"]["fixed_rates"] = {"HUX": 1, "EUR": 1, "HUF": 0}
    company["own_domains"] = ["https://example.com"]
    company["tolerances"] = {"warn_share": 0.1}
    paths = {problem.split(":")[0] for problem in check(tmp_path, company)}
    assert paths == {
        "reporting.fixed_rates.HUX.[key]", "reporting.fixed_rates.HUF",
        "reporting.fixed_rates.EUR", "own_domains.0", "tolerances", "secret hash_key",
    }  # fmt: skip


def test_a_field_that_is_wrong_hides_neither_secrets_nor_what_files_hold(
    tmp_path: Path,
    company: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    for name in ("SHOPIFY_CLIENT_ID", "SHOPIFY_CLIENT_SECRET", "HASH_KEY"):
        monkeypatch.delenv(f"TRUEUP_SECRET_{name}", raising=False)
    company["brand_terms"] = "two inns"
    company["sources"]["shopify"] = of_vendor("shopify", account={"id": 4711})["sources"]["shopify"]
    feeds_of(company)[0]["path"] = "tll.csv"
    monkeypatch.setenv("TRUEUP_COMPANY", str(tmp_path / "company.yml"))
    found = check(tmp_path, company)
    assert [one.partition(":")[0] for one in found] == [
        "brand_terms",
        "sources.shopify.accounts.0.id",
        "sources.files.options.feeds.0",
        "secret hash_key",
        "secret shopify_client_id",
        "secret shopify_client_secret",
    ]
    assert main(["check"]) == 1
    told = capsys.readouterr().err
    assert "3 problem(s) in the company file\n" in told
    assert "\n3 secret(s) that it names are not set or of no use\n  - secret hash_key" in told
    assert "correct the file, set the secrets and run" in told


def test_secrets_that_are_not_set_are_no_problem_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("TRUEUP_SECRET_HASH_KEY", "7f1e94c0a25b8d36e0f4")
    monkeypatch.delenv("TRUEUP_SECRET_FIRST_KEY", raising=False)
    monkeypatch.setenv("TRUEUP_COMPANY", str(tmp_path / "company.yml"))
    check(tmp_path, two_properties({}))
    assert main(["check"]) == 1
    told = capsys.readouterr().err
    assert "company.yml: 1 secret(s) that it names" in told and "in the company file" not in told
    assert "next step: set the secrets and run `trueup check`" in told


SECRETS = {
    "shopify": ("client_id", "client_secret"),
    "hubspot": ("access_token",),
    "ga4": ("service_account",),
    "google_ads": ("client_id", "client_secret", "refresh_token"),
    "meta_ads": ("access_token", "app_secret"),
    "fx_rates": (),
}
IDS = {
    "shopify": "x.myshopify.com", "hubspot": "1", "ga4": "1", "google_ads": "4711002200",
    "meta_ads": "act_1",
}  # fmt: skip


def of_vendor(name: str, **changes: Any) -> dict[str, Any]:
    """A company of one vendor, all well but for what changes in its source or account."""
    account = {"id": IDS.get(name), "time_zone": "Europe/Lisbon", "currency": "EUR"}
    entry = {
        "accounts": [account | changes.pop("account", {})] if name in IDS else [],
        "credentials": {role: f"{name}_{role}" for role in SECRETS[name]},
        "options": changes,
    }
    return {
        "name": "shop",
        "title": "A shop",
        "reporting": {"time_zone": "Europe/Lisbon", "currency": "EUR"},
        "history": {"start": "2026-09-01"},
        "sources": {name: entry, "files": {}},
        "goals": {"sale": {"tier": "strong", "counts_as_revenue": True, "mappings": []}},
    }


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
def test_an_account_id_of_another_form_is_told_with_the_form_expected(
    name: str, given: str, words: str
):
    (problem,) = of_text(of_vendor(name, account={"id": given}))
    assert problem.startswith(f"sources.{name}.accounts.0.id: {given!r} is no such id")
    assert words in problem


@pytest.mark.parametrize(
    ("name", "option", "value", "words"),
    [
        ("shopify", "page_size", 251, "a whole number from 1 on of at most 250"),
        ("hubspot", "won_stages", "closedwon", "a list of stage ids"),
        ("hubspot", "lost_stages", [17], "a list of stage ids, each as text"),
        ("hubspot", "properties", {"frm": "x"}, "frm: no such column; there are"),
        ("ga4", "storage_api", True, "neither off nor an address"),
        ("google_ads", "login_customer_id", "471-100-0000", "without dashes"),
        ("meta_ads", "job_minutes", "20", "a whole number"),
        ("fx_rates", "currencies", "USD", "a list of currency codes"),
        ("fx_rates", "currencies", ["usd"], "three capitals"),
    ],
)
def test_an_option_of_the_wrong_kind_is_told(name: str, option: str, value: Any, words: str):
    (problem,) = of_text(of_vendor(name, **{option: value}))
    assert problem.startswith(f"sources.{name}.options.{option}") and words in problem


def two_properties(*own: dict[str, str]) -> dict[str, Any]:
    """A company of a hotel for each of `own`, the credentials named with its account."""
    place = {"time_zone": "Europe/Lisbon", "currency": "EUR"}
    accounts = [{"id": str(17 + i), **place, "credentials": one} for i, one in enumerate(own)]
    entry = {"accounts": accounts, "credentials": {"api_key": "first_key"}}
    stay = {"source": "cloudbeds", "selector": "reservations"}
    return {
        "name": "inns",
        "title": "Two inns",
        "reporting": {"time_zone": "Europe/Lisbon", "currency": "EUR"},
        "history": {"start": "2026-09-01"},
        "sources": {"cloudbeds": entry},
        "goals": {"stay": {"tier": "strong", "counts_as_revenue": True, "mappings": [stay]}},
    }


def test_a_secret_that_opens_one_account_is_named_with_each_of_several():
    shared = two_properties({}, {})
    assert list(checks.problems(shared)) == [], "one account that cannot land stops no other"
    (problem,) = checks.problems_of_accounts(shared)
    assert problem.startswith(
        "sources.cloudbeds.accounts.1.credentials.api_key: missing; one api_k"
    )
    content = two_properties({}, {"api_key": "second_key", "acess_key": "x"})
    assert list(checks.problems(content)) == [
        "sources.cloudbeds.accounts.1.credentials.acess_key: cloudbeds has no such secret"
    ]
    del content["sources"]["cloudbeds"]["credentials"]
    assert (
        "sources.cloudbeds.accounts.0.credentials.api_key: missing; name the secret"
        in checks.problems(content)
    )


def test_each_account_is_opened_with_its_own_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TRUEUP_SECRET_HASH_KEY", "7f1e94c0a25b8d36e0f4")
    monkeypatch.setenv("TRUEUP_SECRET_FIRST_KEY", "abc")
    monkeypatch.delenv("TRUEUP_SECRET_SECOND_KEY", raising=False)
    (problem,) = check(tmp_path, two_properties({}, {"api_key": "second_key"}))
    assert problem.startswith("secret second_key: not set")
    company = company_file.read(tmp_path / "company.yml")
    assert company.secret_names() == ["first_key", "hash_key", "second_key"]
    access = company.access("cloudbeds", tmp_path, {"first_key": "abc", "second_key": "def"})
    source = company.module("cloudbeds")
    keys = {name: one.secrets for name, one in source.parts(access, source.streams[0])}
    assert keys == {"17": {"api_key": "abc"}, "18": {"api_key": "def"}}
    assert "def" not in repr(access)


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
    told = of_text(content)
    assert (
        told == []
        if is_well
        else told[0].startswith(
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
    (told, *_) = check(tmp_path, content)
    assert told.startswith("sources.awin.accounts.0.time_zone: Awin counts no days in Europe/Mad")


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
    told = remarks_on(content | changes)
    assert [one for one in told if one.startswith(remark)] if remark else told == [], told


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
        told = list(source.option_problems({option: value}))
        assert [text for text in told if text.startswith(option)], (value, told)


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
    told = list(checks.problems({"sources": {name: entry}}))
    assert [text for text in told if text.startswith(f"sources.{name}.options.{option}: ")], told


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
def test_a_selector_no_vendor_has_is_told_with_those_there_are(
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
    ("value", "lacking"),
    [
        ("/home/ana/key.json", "valid JSON"),
        ("[]", "JSON object"),
        ('{"client_email": "a", "token_uri": "b"}', "private_key, project_id"),
    ],
)
def test_a_secret_that_is_no_key_file_is_told_by_its_name_without_its_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, lacking: str
):
    monkeypatch.setenv("TRUEUP_SECRET_GA4_SERVICE_ACCOUNT", value)
    monkeypatch.setenv("TRUEUP_SECRET_HASH_KEY", "7f1e94c0a25b8d36e0f4")
    content = of_vendor("ga4")
    del content["sources"]["files"]
    content["goals"]["sale"]["mappings"] = [{"source": "ga4", "selector": "purchase"}]
    assert check(tmp_path, content) == [
        f"secret ga4_service_account: is not the text of a service account's key file: no {lacking}"
    ]
