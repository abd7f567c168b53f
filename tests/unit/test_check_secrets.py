"""`trueup check`: secrets that are not set, that open one account of several, or that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from trueup.__main__ import main
from trueup.company import checks, company_file
from unit.companies_to_check import check, company, of_vendor, two_properties

__all__ = ["company"]


def test_secrets_that_are_not_set_are_no_problem_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("TRUEUP_SECRET_HASH_KEY", "7f1e94c0a25b8d36e0f4")
    monkeypatch.delenv("TRUEUP_SECRET_FIRST_KEY", raising=False)
    monkeypatch.setenv("TRUEUP_COMPANY", str(tmp_path / "company.yml"))
    check(tmp_path, two_properties({}))
    assert main(["check"]) == 1
    text = capsys.readouterr().err
    assert "company.yml: 1 secret(s) that it names" in text and "in the company file" not in text
    assert "next step: set the secrets and run `trueup check`" in text


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
    ("value", "says"),
    [
        *((path, "is the path of a key file, and should be the file's whole text")
          for path in ("/home/ana/key.json", "~/key", "key.json", "C:\\keys\\key.json", "./k")),
        ("eyJhIjogMSwgImIiOiAyfQ==", "is base64, and should be the key file's text as it was"),
        ("made-up", "is not the text of a service account's key file: no valid JSON"),
        ("[]", "is not the text of a service account's key file: no JSON object"),
        ('{"client_email": "a", "token_uri": "b"}', "key file: no private_key, project_id"),
    ],
)  # fmt: skip
def test_a_secret_that_is_no_key_file_is_reported_by_its_name_without_its_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, says: str
):
    monkeypatch.setenv("TRUEUP_SECRET_GA4_SERVICE_ACCOUNT", value)
    monkeypatch.setenv("TRUEUP_SECRET_HASH_KEY", "7f1e94c0a25b8d36e0f4")
    content = of_vendor("ga4")
    del content["sources"]["files"]
    content["goals"]["sale"]["mappings"] = [{"source": "ga4", "selector": "purchase"}]
    (problem,) = check(tmp_path, content)
    assert problem.startswith("secret ga4_service_account (ga4): ") and says in problem
    assert len(value) < 3 or value not in problem


def test_a_key_that_is_none_is_told_once_with_all_who_use_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TRUEUP_SECRET_GOOGLE_KEY", "/home/ana/key.json")
    monkeypatch.setenv("TRUEUP_SECRET_HASH_KEY", "7f1e94c0a25b8d36e0f4")
    place = {"time_zone": "America/Los_Angeles", "currency": "EUR"}
    content = two_properties({})
    content["sources"] = {
        name: {"accounts": [{"id": id, **place}], "credentials": {"service_account": "google_key"}}
        for name, id in (
            ("gtm", "GTM-ABC1234"), ("ga4", "17"), ("search_console", "sc-domain:inn.example")
        )
    }  # fmt: skip
    content["goals"]["stay"]["mappings"] = [{"source": "ga4", "selector": "purchase"}]
    (problem,) = check(tmp_path, content)
    assert problem.startswith("secret google_key (ga4, gtm, search_console): is the path of a key")


@pytest.mark.parametrize(
    ("variable", "is_near"),
    [("FIRSTKEY", True), ("FRIST_KEY", True), ("SECOND_KEY", False), ("HASH_KEY", False)],
)
def test_a_secret_that_is_not_set_names_one_of_nearly_its_name_that_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, is_near: bool
):
    monkeypatch.setenv("TRUEUP_SECRET_HASH_KEY", "7f1e94c0a25b8d36e0f4")
    monkeypatch.delenv("TRUEUP_SECRET_FIRST_KEY", raising=False)
    monkeypatch.setenv(f"TRUEUP_SECRET_{variable}", "7f1e94c0a25b8d36e0f4")
    (problem,) = check(tmp_path, two_properties({}))
    says = f"not set in TRUEUP_SECRET_FIRST_KEY; TRUEUP_SECRET_{variable} is set (misspelt?); an"
    assert (says in problem) == is_near, problem
    assert problem.count("TRUEUP_SECRET") == 1 + is_near
