"""GA4: what Google refuses is waited out, tried again or reported, and no secret is shown."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from contract.ga4_property import FOR_EVER, access_to, extracted, land, refused, with_secret
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
from trueup.window import Window


@pytest.mark.parametrize("fault", ["throttle", "too_many", "server_error"])
def test_a_passing_refusal_is_waited_out(
    fault: str, sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    sandbox.desk.order_fault("ga4", fault, 2)
    window = Window(date(2026, 9, 13), date(2026, 9, 14))
    assert land(landing, access_to(sandbox, tmp_path), window).row_count > 150


@pytest.mark.parametrize("fault", ["throttle", "too_many", "server_error"])
def test_a_lasting_refusal_is_worth_a_retry_of_the_task(
    fault: str, sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    sandbox.desk.order_fault("ga4", fault, FOR_EVER)
    assert "HTTP" in refused(landing, access_to(sandbox, tmp_path), VendorUnavailable)


def test_a_spent_daily_quota_is_not_hammered(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    sandbox.desk.order_fault("ga4", "quota", FOR_EVER)
    before = sandbox.desk.calls["bigquery"]
    refused(landing, access_to(sandbox, tmp_path), VendorUnavailable)
    assert sandbox.desk.calls["bigquery"] - before == 1


@pytest.mark.parametrize("fault", ["unauthorized", "forbidden"])
def test_refused_credentials(fault: str, sandbox: Any, landing: Landing, tmp_path: Path) -> None:
    sandbox.desk.order_fault("ga4", fault, FOR_EVER)
    refused(landing, access_to(sandbox, tmp_path), AccessDenied)


def test_another_accounts_key_is_refused_and_never_shown(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    text = keys.service_account(tmp_path / "other", sandbox.url)
    message = refused(landing, with_secret(access_to(sandbox, tmp_path), text), AccessDenied)
    assert "BEGIN PRIVATE KEY" not in message


@pytest.mark.parametrize(
    "broken",
    [
        "not JSON",
        '{"type": "service_account"}',
        "null",
        '{"client_email": "a@b.example", "private_key": "k", "token_uri": "https://t.example"}',
    ],
)
def test_a_secret_that_is_no_key_file(
    broken: str, sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    refused(landing, with_secret(access_to(sandbox, tmp_path), broken), AccessDenied)


def test_a_key_file_with_a_broken_key(sandbox: Any, landing: Landing, tmp_path: Path) -> None:
    access = access_to(sandbox, tmp_path)
    key = json.loads(access.secrets["service_account"]) | {"private_key": "-----BEGIN nothing"}
    message = refused(landing, with_secret(access, json.dumps(key)), AccessDenied)
    assert "BEGIN nothing" not in message


def test_a_wrong_property_id(sandbox: Any, landing: Landing, tmp_path: Path) -> None:
    access = access_to(sandbox, tmp_path, dataset="analytics_1")
    assert "Not found: Dataset" in refused(landing, access, BrokenContract)


@pytest.mark.parametrize(
    ("reason", "status", "error"),
    [
        ("backendError", 500, VendorUnavailable),
        ("internalError", 503, VendorUnavailable),
        ("jobRateLimitExceeded", 400, VendorUnavailable),
        ("badGateway", 502, VendorUnavailable),
        ("billingNotEnabled", 403, AccessDenied),
        ("somethingNew", 400, UnknownRefusal),
        (None, 413, UnknownRefusal),
    ],
)
def test_the_reason_says_what_a_refusal_means(
    reason: str | None, status: int, error: type[TrueupError], sandbox: Any, tmp_path: Path
) -> None:
    detail = {"reason": reason, "message": "not now"}
    content: Any = {"error": {"code": status, "errors": [detail]}} if reason else "<html>413</html>"
    answer = Instead(status, content)
    access = access_to(sandbox, tmp_path)

    def spoil(asked: Asked, _: Any) -> Instead | None:
        return answer if asked.path.startswith("v2/") else None

    if error is not AccessDenied:
        sandbox.desk.spoil("bigquery", spoil, times=2)
        assert extracted(access)[0]
    sandbox.desk.spoil("bigquery", spoil, times=FOR_EVER)
    with pytest.raises(error) as raised:
        extracted(access)
    assert raised.value.permanent is (error is AccessDenied)


def test_a_field_without_a_mode_may_be_null(sandbox: Any, tmp_path: Path) -> None:
    """BigQuery leaves out what is the usual."""

    def without(fields: list[dict[str, Any]]) -> None:
        for field in fields:
            if field.get("mode") == "NULLABLE":
                del field["mode"]
            without(field.get("fields", []))

    def spoil(asked: Asked, answer: Any) -> Any:
        if not isinstance(answer, dict) or "schema" not in answer:
            return None
        without(answer["schema"]["fields"])
        return answer

    calm = extracted(access_to(sandbox, tmp_path, storage_api="off"))
    sandbox.desk.spoil("bigquery", spoil, times=FOR_EVER)
    assert extracted(access_to(sandbox, tmp_path, storage_api="off")) == calm


@pytest.mark.parametrize("lacking", ["schema", "numRows"])
def test_a_table_that_is_not_described_costs_its_day(
    sandbox: Any, tmp_path: Path, lacking: str
) -> None:
    def spoil(asked: Asked, answer: Any) -> Any:
        if not asked.path.endswith("events_20260913") or not isinstance(answer, dict):
            return None
        return {name: value for name, value in answer.items() if name != lacking}

    calm, _ = extracted(access_to(sandbox, tmp_path))
    sandbox.desk.spoil("bigquery", spoil, times=FOR_EVER)
    keys, others = extracted(access_to(sandbox, tmp_path))
    assert 0 < len(keys) < len(calm) and keys < calm
    assert any("events_20260913" in str(page) for page in others)
