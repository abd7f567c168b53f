"""The company file: every problem at once, each with its path."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from trueup import company, settings
from trueup.errors import CompanyFileError, MissingSecrets

ROOT = Path(__file__).parents[2]


@pytest.fixture
def content() -> dict:
    return yaml.safe_load((ROOT / "company.yml").read_text("utf-8"))


def problems(tmp_path: Path, content: object) -> tuple[str, ...]:
    path = tmp_path / "company.yml"
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content), "utf-8")
    with pytest.raises(CompanyFileError) as caught:
        company.read(path)
    return caught.value.problems


@pytest.mark.parametrize("folder", [".", "tests/real/omnify", "tests/real/olist"])
def test_the_companies_that_ship_are_valid(folder: str):
    assert company.read(ROOT / folder / "company.yml").sources


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


def test_a_file_that_is_missing_or_not_yaml_is_said_so(tmp_path: Path):
    with pytest.raises(CompanyFileError, match="no such file"):
        company.read(tmp_path / "absent.yml")
    assert "not YAML" in problems(tmp_path, "a: [1")[0]


def test_missing_secrets_are_named_all_at_once(monkeypatch: pytest.MonkeyPatch):
    chosen = company.read(ROOT / "company.yml")
    monkeypatch.setenv("TRUEUP_SECRET_HASH_KEY", "k")
    for name in chosen.secret_names():
        if name != "hash_key":
            monkeypatch.delenv(f"TRUEUP_SECRET_{name.upper()}", raising=False)
    with pytest.raises(MissingSecrets) as caught:
        settings.resolve_secrets(chosen.secret_names())
    assert str(caught.value).startswith(f"{len(chosen.secret_names()) - 1} secret(s) are not set")
    assert "TRUEUP_SECRET_META_ADS_APP_SECRET" in str(caught.value)


def test_secrets_never_show_in_what_is_printed():
    access = company.read(ROOT / "company.yml").access(
        "hubspot", ROOT, {"hubspot_access_token": "very-secret"}
    )
    assert access.secrets == {"access_token": "very-secret"}
    assert "very-secret" not in repr(access)


def test_the_exported_schema_accepts_the_demo_company(content: dict):
    schema = company.json_schema()
    jsonschema.validate(yaml_as_json(content), schema)
    content["goals"]["shop_order"]["tiers"] = "strong"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml_as_json(content), schema)


def test_the_schema_editors_read_is_the_current_one():
    shipped = json.loads((ROOT / "company.schema.json").read_text("utf-8"))
    assert shipped == company.json_schema(), "run `make docs`"


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
