"""The company file: every problem at once, each with its path."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import duckdb
import jsonschema
import pytest
import yaml

from trueup import settings
from trueup.company import company_file, tables
from trueup.errors import CompanyFileError, MissingSecrets

ROOT = Path(__file__).parents[2]


@pytest.fixture
def content() -> dict:
    return yaml.safe_load((ROOT / "company.yml").read_text("utf-8"))


def problems(tmp_path: Path, content: object) -> tuple[str, ...]:
    path = tmp_path / "company.yml"
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content), "utf-8")
    with pytest.raises(CompanyFileError) as caught:
        company_file.read(path)
    return caught.value.problems


@pytest.mark.parametrize("folder", [".", "tests/real/omnify", "tests/real/olist"])
def test_the_companies_that_ship_are_valid(folder: str):
    assert company_file.read(ROOT / folder / "company.yml").sources


def test_all_problems_are_listed_at_once_with_their_paths(tmp_path: Path, content: dict):
    content["reporting"]["time_zone"] = "Europe/Lisboa"
    content["reporting"]["currenzy"] = content["reporting"].pop("currency")
    content["sources"]["shopify"]["accounts"][0]["currency"] = "eur"
    content["channels"][0]["source"] = "google("
    content["goals"]["shop_order"]["tier"] = "medium"
    found = problems(tmp_path, content)
    paths = {problem.split(":")[0] for problem in found}
    assert paths == {
        "reporting.time_zone",
        "reporting.currenzy",
        "reporting.currency",
        "sources.shopify.accounts.0.currency",
        "channels.0.source",
        "goals.shop_order.tier",
    }
    assert "reporting.currenzy: unknown key (misspelt?)" in found


def test_names_that_must_exist_elsewhere_are_checked(tmp_path: Path, content: dict):
    content["sources"]["shopfy"] = content["sources"]["shopify"]
    content["sources"]["meta_ads"]["credentials"].pop("app_secret")
    content["sources"]["meta_ads"]["credentials"]["acess_token"] = "x"
    content["sources"]["fx_rates"]["options"] = {"currencys": ["USD"]}
    content["goals"]["event_won"]["mappings"][0]["source"] = "salesforce"
    content["targets"]["billboards"] = {"cpa": 1}
    found = " | ".join(problems(tmp_path, content))
    for expected in (
        "sources.shopfy: no such source",
        "sources.meta_ads.credentials.app_secret: missing",
        "sources.meta_ads.credentials.acess_token: meta_ads has no such secret",
        "sources.fx_rates.options.currencys: unknown option",
        "goals.event_won.mappings.0.source: salesforce is not among the sources",
        "targets.billboards: no channel rule names this channel",
    ):
        assert expected in found


def test_misspelt_keys_do_not_hide_names_that_do_not_exist(tmp_path: Path, content: dict):
    content["titel"] = content.pop("title")
    content["goals"]["event_won"]["mappings"][0]["source"] = "salesforce"
    assert {problem.split(":")[0] for problem in problems(tmp_path, content)} == {
        "title", "titel", "goals.event_won.mappings.0.source"
    }  # fmt: skip


def test_what_would_count_twice_or_never_is_a_problem(tmp_path: Path, content: dict):
    entries, goals = content["sources"], content["goals"]
    entries["meta_ads"]["accounts"] *= 2
    entries["shopify"]["accounts"] = []
    goals["event_won"]["mappings"] += goals["shop_order"]["mappings"][:1]
    content["channels"][0]["platform"] = "gogle_ads"
    entries["files"] = {"options": {"feeds": [
        {"name": "till", "stream": "order", "path": "till.csv", "sql": "till.sql"}
    ]}}  # fmt: skip
    content["channels"][1]["platform"] = "till"
    found = problems(tmp_path, content)
    assert {problem.split(":")[0] for problem in found} == {
        "sources.meta_ads.accounts.1.id",
        "sources.shopify.accounts",
        "sources.files.options.feeds.0.stream",
        "goals.shop_order.mappings.0",
        "channels.0.platform",
    }


def test_a_key_that_stands_twice_is_not_lost_silently(tmp_path: Path):
    text = (ROOT / "company.yml").read_text("utf-8") + "title: Other House\n"
    (found,) = problems(tmp_path, text)
    last = len(text.splitlines())
    assert found == f"line {last}: title stands already in line 4"


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("brand_terms",), "two inns", "should be a list, such as [two inns]"),
        (("own_domains",), ["a b"], "'a b' is no host, such as example.com"),
        (("reporting", "currency"), "eur", "'eur' is no currency code of three capitals, such as"),
        (("sources", "shopify", "accounts", 0, "id"), 4711, 'put it in quotes, such as "4711"'),
        (("sources", "shopify", "accounts"), "4711", "should be a list"),
        (("sources", "shopify", "credentials", "client_secret"), "AB-cd", "the name of a secret"),
        (("sources", "shopify", "credentials", "client_secret"), 77123, "the name of a secret"),
        (("history", "start"), "September", "'September' should be a day, such as 2026-09-01"),
        (("attribution", "lookback_days"), "month", "'month' should be a whole number"),
        (("goals", "shop_order", "tier"), "medium", "'medium' should be 'strong' or 'weak'"),
        (("goals", "shop_order", "counts_as_revenue"), "si", "'si' should be true or false"),
        (("goals", "shop_order", "margin_ratio"), 42, "42 should be less than or equal to 1"),
        (("title",), None, "is empty"),
        (("title",), {"de": "Haus"}, "should be one text"),
    ],
)
def test_what_is_wrong_with_a_field_is_said_for_who_writes_the_file(
    tmp_path: Path, content: dict, path: tuple, value: object, words: str
):
    part = content
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    where = ".".join(map(str, path))
    found = [one for one in problems(tmp_path, content) if one.startswith(where)]
    assert len(found) == 1 and words in found[0], found
    if "credentials" in path:
        assert str(value) not in found[0]


@pytest.mark.parametrize("day", ["2026-13-01", "2026-02-30"])
def test_a_day_that_no_calendar_has_is_said_of_its_key(tmp_path: Path, day: str):
    text = (ROOT / "company.yml").read_text("utf-8").replace("start: 2026-06-01", f"start: {day}")
    (found,) = problems(tmp_path, text)
    assert found == f"history.start: '{day}' should be a day, such as 2026-09-01"


def test_a_secret_in_the_place_of_its_name_is_refused_unseen(tmp_path: Path, content: dict):
    content["sources"]["meta_ads"]["credentials"]["access_token"] = "EAAB-very-secret"
    (found,) = problems(tmp_path, content)
    assert found.startswith("sources.meta_ads.credentials.access_token: ")
    assert "very-secret" not in found


def test_a_file_that_is_missing_or_not_yaml_is_said_so(tmp_path: Path):
    with pytest.raises(CompanyFileError, match="no such file"):
        company_file.read(tmp_path / "absent.yml")
    with pytest.raises(CompanyFileError, match="cannot be read"):
        company_file.read(tmp_path)
    assert "not YAML" in problems(tmp_path, "a: [1")[0]


@pytest.mark.parametrize("text", ["", "[]", "name", "sources: [a]\ngoals: 3\nchannels: {a: 1}"])
def test_a_file_of_another_shape_is_a_list_of_problems(tmp_path: Path, text: str):
    assert all(": " in problem for problem in problems(tmp_path, text))


def test_missing_secrets_are_named_all_at_once(monkeypatch: pytest.MonkeyPatch):
    chosen = company_file.read(ROOT / "company.yml")
    monkeypatch.setenv("TRUEUP_SECRET_HASH_KEY", "a-key-of-the-tests")
    for name in chosen.secret_names():
        if name != "hash_key":
            monkeypatch.delenv(f"TRUEUP_SECRET_{name.upper()}", raising=False)
    with pytest.raises(MissingSecrets) as caught:
        settings.resolve_secrets(chosen.secret_names())
    assert str(caught.value).startswith(f"{len(chosen.secret_names()) - 1} secret(s) are not set")
    assert "TRUEUP_SECRET_META_ADS_APP_SECRET" in str(caught.value)


def test_secrets_never_show_in_what_is_printed():
    access = company_file.read(ROOT / "company.yml").access(
        "hubspot", ROOT, {"hubspot_access_token": "very-secret"}
    )
    assert access.secrets == {"access_token": "very-secret"}
    assert "very-secret" not in repr(access)


def test_the_exported_schema_accepts_the_demo_company(content: dict):
    schema = company_file.json_schema()
    jsonschema.validate(yaml_as_json(content), schema)
    content["goals"]["shop_order"]["tiers"] = "strong"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml_as_json(content), schema)


def test_the_schema_editors_read_is_the_current_one():
    shipped = json.loads((ROOT / "company.schema.json").read_text("utf-8"))
    assert shipped == company_file.json_schema(), "run `make docs`"


def test_rates_tolerances_domains_and_headlines_are_tables_of_the_build(
    tmp_path: Path, content: dict
):
    content["reporting"]["fixed_rates"] = {"HUF": 392.5}
    content["tolerances"] = {"hold_share": 0.05}
    content["own_domains"] = ["harbour-house.example.com"]
    feed = {"path": "x.csv", "sql": "x.sql", "headline_claim": {"date_basis": "conversion_date"}}
    content["sources"]["files"] = {"options": {"feeds": [
        {"name": name, "stream": "claims", **feed} for name in ("maps", "listing")
    ]}}  # fmt: skip
    path = tmp_path / "company.yml"
    path.write_text(yaml.safe_dump(content), "utf-8")
    with duckdb.connect() as con:
        con.execute("create schema company")
        tables.write(con, company_file.read(path))
        assert con.execute("from company.fixed_rates").fetchall() == [("HUF", Decimal("392.5"))]
        assert con.execute("from company.own_hosts").fetchall() == [("harbour-house.example.com",)]
        assert con.execute("select warn_share, hold_share from company.settings").fetchall() == [
            (Decimal("0.001"), Decimal("0.05"))
        ]
        headlines = "select source, feed, date_basis from company.headline_claims order by all"
        assert con.execute(headlines).fetchall() == [
            ("awin", None, None),
            ("files", "listing", "conversion_date"), ("files", "maps", "conversion_date"),
            ("google_ads", None, "click_date"), ("meta_ads", None, None),
        ]  # fmt: skip


def test_a_feed_has_the_companys_tolerances_but_for_those_of_its_own(tmp_path: Path, content: dict):
    content["tolerances"] = {"warn_share": 0.01, "hold_share": 0.5}
    content["sources"]["files"] = {"options": {"feeds": [
        {"name": "till", "stream": "orders", "path": "x.csv", "sql": "x.sql",
         "tolerances": {"warn_share": 0.25}},
    ]}}  # fmt: skip
    path = tmp_path / "company.yml"
    path.write_text(yaml.safe_dump(content), "utf-8")
    company = company_file.read(path)
    own = company.tolerances_of("files", "orders", "till")
    assert (own.warn_share, own.hold_share) == (Decimal("0.25"), Decimal("0.5"))
    for stream, account in (("leads", "till"), ("orders", "kiosk")):
        assert company.tolerances_of("files", stream, account) == company.tolerances
    assert company.tolerances_of("shopify", "orders", "x") == company.tolerances


def test_every_setting_of_the_environment_is_documented():
    read = set(re.findall(r'"(TRUEUP_[A-Z_]+)"', (ROOT / "plugins/trueup/settings.py").read_text()))
    documented = (ROOT / ".env.example").read_text("utf-8")
    assert {name for name in read if name not in documented} == set()


def yaml_as_json(content: object) -> object:
    """Dates as the strings JSON has for them."""
    if isinstance(content, dict):
        return {key: yaml_as_json(value) for key, value in content.items()}
    if isinstance(content, list):
        return [yaml_as_json(value) for value in content]
    return content if isinstance(content, str | int | float | bool | None) else str(content)
