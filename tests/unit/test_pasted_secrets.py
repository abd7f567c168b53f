"""A secret that was pasted into the company file, where its name should stand, is shown nowhere."""

from __future__ import annotations

import random
import string
from pathlib import Path
from typing import Any

import pytest
import yaml

from trueup import settings
from trueup.__main__ import main
from trueup.company import alerting, secret_names
from unit.companies_to_check import check, of_vendor, two_properties

#: Made up, in the forms of vendors; what is in small letters alone could be a name by its letters.
PASTED = [
    "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",
    "shpat_0a1b2c3d",
    "cbat_qk3vtmzwplrx",
    "pat-na1-1b2c3d4e-aaaa-bbbb-cccc-1234567890ab",
    "EAAB-very-secret",
    "ya29.a0ATi6K2u",
    "GOCSPX-aBcDeFgHiJkL",
    "1//0abcdefghij",
    "sk_live_abcdefgh",
    "xoxb-12345-abcde",
    "AIzaSyA-abcdefghijkl",
    "eyJhbGciOiJSUzI1NiJ9.e30.x",
    "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
    "f3a9c0d1e2b4a6c8f3a9c0d1e2b4a6c8",
    "vbqkzmwrtxgpldfh",
]


def run(folder: Path, content: dict[str, Any], monkeypatch: pytest.MonkeyPatch, *verb: str) -> int:
    path = folder / "company.yml"
    path.write_text(yaml.safe_dump(content), "utf-8")
    monkeypatch.setenv("TRUEUP_COMPANY", str(path))
    monkeypatch.setenv("TRUEUP_HOME", str(folder / "var"))
    monkeypatch.setenv("TRUEUP_SECRET_HASH_KEY", "7f1e94c0a25b8d36e0f4")
    return main(list(verb))


@pytest.mark.parametrize("value", PASTED)
@pytest.mark.parametrize("verb", [("check",), ("land", "shopify")], ids=["check", "land"])
def test_check_and_land_name_the_place_and_show_nothing_of_the_value(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    value: str,
    verb: tuple[str, ...],
):
    content = of_vendor("shopify")
    del content["sources"]["files"]
    content["goals"]["sale"]["mappings"] = [{"source": "shopify", "selector": "order"}]
    content["sources"]["shopify"]["credentials"]["client_secret"] = value
    assert run(tmp_path, content, monkeypatch, *verb) == 1
    printed = capsys.readouterr()
    said = printed.out + printed.err + caplog.text
    assert "sources.shopify.credentials.client_secret: should be the name of a secret" in said
    for part in (value, value.replace("-", "_"), value[-8:]):
        assert part.lower() not in said.lower()


@pytest.mark.parametrize("value", PASTED)
def test_it_is_hidden_in_an_account_in_a_receiver_and_as_a_key_too(tmp_path: Path, value: str):
    content = two_properties({"api_key": value})
    content["sources"]["cloudbeds"]["credentials"][value] = {value: value}
    content["alerts"] = {"receivers": {"chat": {
        "type": "slack", "channel": "C0123ABC", "credentials": {"token": value, value: value},
    }}}  # fmt: skip
    found = "\n".join(check(tmp_path, content))
    for place in (
        "sources.cloudbeds.accounts.0.credentials.api_key: should be",
        "sources.cloudbeds.credentials.(not shown): cloudbeds has no such secret",
        "alerts.receivers.chat.slack.credentials.token: should be",
        "alerts.receivers.chat.slack.credentials.(not shown): ",
    ):
        assert place in found
    _, problems = alerting.as_far_as_sound(content["alerts"])
    assert value[-8:].lower() not in "\n".join([found, *problems]).lower()


@pytest.mark.parametrize(
    "name",
    [
        "shop_client_secret", "meta_token_2", "ga4-key-b", "hash_key", "x", "b2b_key", "key2024",
        "oauth2_token", "meta_act_900100200_token", "conversions_api_google_service_account",
        "googleadsrefreshtoken", "shopifyclientsecret", "cloudbedsapikey", "hubspot_pat",
        "hochzeitskunden_schluessel", "fotografenschluessel", "contraseniatienda", "key_20260901",
    ],
)  # fmt: skip
def test_a_name_that_companies_use_is_one(tmp_path: Path, name: str):
    content = two_properties({})
    content["sources"]["cloudbeds"]["credentials"]["api_key"] = name
    missing = [one for one in check(tmp_path, content) if "secret hash_key" not in one]
    assert [one.partition(":")[0] for one in missing] == [f"secret {name}"] * (name != "hash_key")


@pytest.mark.parametrize(
    ("letters", "length", "seen"),
    [
        ("0123456789abcdef", 32, 500),
        (string.ascii_lowercase + string.digits, 20, 495),
        (string.ascii_lowercase, 24, 470),
    ],
)
def test_nearly_every_value_that_chance_makes_is_seen(letters: str, length: int, seen: int):
    chance = random.Random(7)
    values = ["k" + "".join(chance.choices(letters, k=length - 1)) for _ in range(500)]
    assert sum(map(secret_names.looks_pasted, values)) >= seen


def test_a_name_with_a_dash_is_a_variable_a_shell_can_set(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TRUEUP_SECRET_GA4_KEY_B", "abc")
    assert settings.resolve_secrets(["ga4-key-b"]) == {"ga4-key-b": "abc"}
