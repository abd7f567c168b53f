"""Tag Manager on a bad day: refusals in its dialect, answers that are not whole, hostile ones."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contract.gtm_container import access_to, land, rows
from sandbox import keys
from sandbox.desk import Asked, Instead
from trueup.errors import (
    AccessDenied,
    BrokenContract,
    TrueupError,
    UnknownRefusal,
    VendorUnavailable,
)
from trueup.landing.store import Landing
from trueup.sources import google_service_account
from trueup.sources.gtm import SOURCE
from trueup.sources.gtm.streams import SETTINGS

FOR_EVER = 99


def refused(landing: Landing, access: Any, error: type[TrueupError]) -> str:
    with pytest.raises(error) as raised:
        land(landing, access)
    message = str(raised.value)
    for part in ("source: gtm", "stream: settings", "account: GTM-", "window: ", "next step: "):
        assert part in message
    assert landing.loads("gtm", "settings") == []
    return message


@pytest.mark.parametrize("fault", ["throttle", "quota", "server_error", "truncated"])
def test_a_passing_refusal_is_waited_out(
    fault: str, sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    sandbox.desk.order_fault("gtm", fault, 2)
    assert land(landing, access_to(sandbox, tmp_path)).row_count > 60


@pytest.mark.parametrize("fault", ["throttle", "quota", "server_error"])
def test_a_lasting_one_is_worth_a_retry_of_the_task(
    fault: str, sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    sandbox.desk.order_fault("gtm", fault, FOR_EVER)
    assert "HTTP" in refused(landing, access_to(sandbox, tmp_path), VendorUnavailable)


def test_a_spent_daily_quota_is_not_hammered(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    sandbox.desk.order_fault("gtm", "daily_quota", FOR_EVER)
    before = sandbox.desk.calls["gtm"]
    assert "midnight Pacific" in refused(landing, access_to(sandbox, tmp_path), VendorUnavailable)
    assert sandbox.desk.calls["gtm"] - before == 1


@pytest.mark.parametrize("fault", ["unauthorized", "forbidden", "disabled", "not_found"])
def test_refused_credentials_say_what_to_do(
    fault: str, sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    sandbox.desk.order_fault("gtm", fault, FOR_EVER)
    before = sandbox.desk.calls["gtm"]
    message = refused(landing, access_to(sandbox, tmp_path), AccessDenied)
    assert "add the service account's address as a user" in message
    assert sandbox.desk.calls["gtm"] - before == 1


def test_an_access_token_that_ends_is_renewed(
    sandbox: Any, landing: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(google_service_account, "MARGIN", 3601)  # every token has ended at once
    before = sandbox.desk.calls["google_sign_in"]
    assert land(landing, access_to(sandbox, tmp_path)).row_count > 60
    # one each for where it is, its environments, what is live and its header
    assert sandbox.desk.calls["google_sign_in"] - before >= 4


def test_a_container_nobody_has(sandbox: Any, landing: Landing, tmp_path: Path) -> None:
    refused(landing, access_to(sandbox, tmp_path, "GTM-DEAD001"), AccessDenied)


def test_another_accounts_key_is_refused_and_never_shown(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    text = keys.service_account(tmp_path / "other", sandbox.url)
    access = replace(access_to(sandbox, tmp_path), secrets={"service_account": text})
    assert "BEGIN PRIVATE KEY" not in refused(landing, access, AccessDenied)


@pytest.mark.parametrize("broken", ["not JSON", "null", '{"type": "service_account"}'])
def test_a_secret_that_is_no_key_file(
    broken: str, sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    access = replace(access_to(sandbox, tmp_path), secrets={"service_account": broken})
    refused(landing, access, AccessDenied)


@pytest.mark.parametrize("fault", ["missing_tag", "published_meanwhile"])
def test_what_is_not_whole_is_asked_once_more(
    fault: str, sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    """A tag that an answer lost was not removed."""
    sandbox.desk.order_fault("gtm", fault, 1)
    assert land(landing, access_to(sandbox, tmp_path)).row_count > 60
    sandbox.desk.order_fault("gtm", fault, FOR_EVER)
    with pytest.raises(VendorUnavailable, match="version"):
        land(landing, access_to(sandbox, tmp_path))


def test_a_page_that_comes_twice_forever_ends(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    sandbox.desk.order_fault("gtm", "endless_pages", 10**6)
    refused(landing, access_to(sandbox, tmp_path), TrueupError)


def test_a_container_that_was_never_published_lands(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    sandbox.desk.order_fault("gtm", "never_published", 1)
    found = rows(landing, land(landing, access_to(sandbox, tmp_path)))
    assert {row["object_type"] for row in found} == {"container", "environment"}


def test_a_tag_without_an_id_costs_itself_alone(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    whole = land(landing, access_to(sandbox, tmp_path)).row_count
    sandbox.desk.order_fault("gtm", "missing_column", 1)
    load = land(landing, access_to(sandbox, tmp_path))
    assert 60 < load.row_count < whole


def test_fields_that_are_no_list_are_one_tag_s_loss(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    sandbox.desk.order_fault("gtm", "retyped_column", 1)
    assert land(landing, access_to(sandbox, tmp_path)).row_count > 60


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ([], UnknownRefusal),
        ({}, UnknownRefusal),
        ("<html>Sign in</html>", UnknownRefusal),
        ({"publicId": "GTM-OTHER01", "path": "accounts/1/containers/2"}, UnknownRefusal),
        ({"publicId": "GTM-HRBHS01", "path": 7}, UnknownRefusal),
        (Instead(200, b"\xff\xfe"), UnknownRefusal),
        (Instead(418, {"error": {"message": "tea"}}), UnknownRefusal),
        (Instead(403, {"error": "nothing"}), AccessDenied),
        (Instead(400, {"error": {"status": "INVALID_ARGUMENT"}}), BrokenContract),
        (Instead(500, "oops"), VendorUnavailable),
    ],
)
def test_hostile_answers_end_with_one_clear_error(
    content: Any, error: type[TrueupError], sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    def change(asked: Asked, _: Any) -> Any:
        return content if "lookup" in asked.path else None

    sandbox.desk.spoil("gtm", change, FOR_EVER)
    refused(landing, access_to(sandbox, tmp_path), error)


@pytest.mark.parametrize("value", [True, -1, "fast", 1000])
def test_a_pace_that_is_none_is_a_problem_of_the_company_file(value: Any) -> None:
    assert SOURCE.option_problems is not None
    assert list(SOURCE.option_problems({"seconds_between_requests": value}))
    assert not list(SOURCE.option_problems({"seconds_between_requests": 4}))


def test_the_pace_of_the_vendor_is_kept(
    sandbox: Any, landing: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("trueup.sources.gtm.client.time.sleep", slept.append)
    access = access_to(sandbox, tmp_path)
    options = {key: 4 for key in access.options}
    list(SOURCE.extract(replace(access, options=options), SETTINGS, _window()))
    assert slept == [4.0] * 4


def test_a_throttled_request_waits_the_window_of_the_quota_out() -> None:
    from requests import Response

    from trueup.sources.gtm.refusals import judge

    response = Response()
    response.status_code, response.url = 429, "https://tagmanager.googleapis.com/x"
    response._content = json.dumps({"error": {"status": "RESOURCE_EXHAUSTED"}}).encode()
    refusal = judge(response, {"source": "gtm"})
    assert refusal is not None and refusal.is_passing and refusal.wait_seconds == 100


def _window() -> Any:
    from contract.gtm_container import WINDOW

    return WINDOW
