"""Meta: what an account measures with, by its own client and as we land it."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from facebook_business.adobjects.adaccount import AdAccount
from facebook_business.adobjects.adspixel import AdsPixel
from facebook_business.adobjects.customconversion import CustomConversion
from facebook_business.adobjects.openbridgeconfiguration import OpenBridgeConfiguration
from facebook_business.api import FacebookAdsApi
from facebook_business.session import FacebookSession

from sandbox.world.pixel_settings import CONVERSION, PAGE, PIXEL
from trueup.errors import AccessDenied
from trueup.landing.intake import take_in
from trueup.landing.store import Landing, Load
from trueup.sources.contract import Access, Account
from trueup.sources.meta_ads import SOURCE, measurement
from trueup.window import Window

TOKEN, SECRET = "sandbox-meta-token", "sandbox-meta-app-secret"
ACCOUNT = "act_900100200"
STREAM = SOURCE.stream("measurement_settings")
WINDOW = Window(date(2026, 9, 14), date(2026, 9, 15))


@pytest.fixture
def access(sandbox: Any, tmp_path: Path) -> Access:
    return Access(
        source="meta_ads",
        base_url=f"{sandbox.url}/meta_ads",
        accounts=(Account(ACCOUNT, "Europe/Amsterdam", "GBP"),),
        options={},
        history_start=WINDOW.since,
        reporting_zone="Europe/Lisbon",
        reporting_currency="EUR",
        folder=tmp_path,
        secrets={"access_token": TOKEN, "app_secret": SECRET},
    )


def land(landing: Landing, access: Access) -> Load:
    pages = SOURCE.extract(access, STREAM, WINDOW)
    return take_in(
        landing, "meta_ads", STREAM, WINDOW, pages, api_version=SOURCE.api_version, hash_key="k"
    )


def rows(landing: Landing, load: Load) -> list[dict[str, Any]]:
    files = [landing.path(file.name) for file in load.files]
    return duckdb.read_parquet(files).to_arrow_table().to_pylist()


def settings(found: list[dict[str, Any]], kind: str, key: str) -> dict[str, Any]:
    return {
        row["setting"]: row["value"]
        for row in found
        if (row["object_type"], row["object_id"]) == (kind, key)
    }


def test_the_client_reads_what_we_read_and_knows_every_field(sandbox: Any) -> None:
    session = FacebookSession(app_secret=SECRET, access_token=TOKEN)
    session.GRAPH = f"{sandbox.url}/meta_ads"
    sdk = AdAccount(ACCOUNT, api=FacebookAdsApi(session, api_version="v26.0"))
    for fields, kind in (
        (measurement.ACCOUNT_FIELDS, AdAccount),
        (measurement.PIXEL_FIELDS, AdsPixel),
        (measurement.CONVERSION_FIELDS, CustomConversion),
        (measurement.GATEWAY_FIELDS, OpenBridgeConfiguration),
    ):
        assert set(fields) <= set(kind._field_types)
    [pixel] = sdk.get_ads_pixels(fields=measurement.PIXEL_FIELDS)
    assert set(pixel.export_all_data()) <= {*measurement.PIXEL_FIELDS, "id"}
    assert pixel["first_party_cookie_status"] in vars(AdsPixel.FirstPartyCookieStatus).values()
    assert pixel["data_use_setting"] in vars(AdsPixel.DataUseSetting).values()
    [conversion] = sdk.get_custom_conversions(fields=measurement.CONVERSION_FIELDS)
    assert conversion["custom_event_type"] in vars(CustomConversion.CustomEventType).values()
    [gateway] = pixel.get_open_bridge_configurations(fields=measurement.GATEWAY_FIELDS)
    assert gateway["active"] is True
    account = sdk.api_get(fields=measurement.ACCOUNT_FIELDS)
    assert [one["window_days"] for one in account["attribution_spec"]] == [7, 1]


def test_every_field_is_published(shared: Any) -> None:
    for node, fields in (
        ("AdAccount", measurement.ACCOUNT_FIELDS),
        ("AdsPixel", measurement.PIXEL_FIELDS),
    ):
        schema = json.loads(shared(f"contracts/meta/{node}.json").read_text())
        assert set(fields) <= {field["name"] for field in schema["fields"]}


def test_every_setting_lands(access: Access, landing: Landing) -> None:
    found = rows(landing, land(landing, access))
    account = settings(found, "account", ACCOUNT)
    assert account["attribution_windows"] == "click_through 7, view_through 1"
    assert (account["default_attribution"], account["owner"]) == ("true", "7001")
    pixel = settings(found, "pixel", PIXEL)
    assert pixel["automatic_matching"] == "true" and pixel["matched_fields"] == "em, fn, ln, ph"
    assert pixel["first_party_cookies"] == "first_party_cookie_enabled"
    assert (pixel["server_gateway"], pixel["has_fired"]) == ("active", "true")
    conversion = settings(found, "custom conversion", CONVERSION)
    assert (conversion["event"], conversion["event_source"]) == ("lead", PIXEL)
    assert conversion["rule"].startswith("hidden ")
    assert PAGE not in json.dumps(found, default=str)


def test_when_it_last_fired_is_no_setting(access: Access, landing: Landing, sandbox: Any) -> None:
    first = rows(landing, land(landing, access))
    sandbox.desk.set_clock(datetime(2026, 9, 16, 6, 0))
    second = rows(landing, land(landing, access))
    assert [(row["setting"], row["value"]) for row in first] == [
        (row["setting"], row["value"]) for row in second
    ]


def test_a_gateway_that_may_not_be_seen_is_not_known(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    sandbox.desk.order_fault("meta_ads", "no_gateway_rights", 1)
    pixel = settings(rows(landing, land(landing, access)), "pixel", PIXEL)
    assert pixel["server_gateway"] is None and pixel["automatic_matching"] == "true"


@pytest.mark.parametrize(("active", "stated"), [("true", "active"), (False, "inactive")])
def test_whether_a_gateway_is_active_may_come_as_a_text(
    access: Access, landing: Landing, sandbox: Any, active: object, stated: str
) -> None:
    def spoil(asked: Any, answer: Any) -> Any:
        if not asked.path.endswith("openbridge_configurations"):
            return None
        return {**answer, "data": [{**one, "active": active} for one in answer["data"]]}

    sandbox.desk.spoil("meta_ads", spoil)
    pixel = settings(rows(landing, land(landing, access)), "pixel", PIXEL)
    assert pixel["server_gateway"] == stated


def test_a_token_that_may_not_see_pixels_costs_this_stream_alone(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    def spoil(asked: Any, answer: Any) -> Any:
        from sandbox.desk import Instead

        content = {"error": {"code": 200, "message": "(#200) Permissions error"}}
        return Instead(403, content) if asked.path.endswith("/adspixels") else None

    sandbox.desk.spoil("meta_ads", spoil, times=99)
    with pytest.raises(AccessDenied, match="stream: measurement_settings"):
        land(landing, access)
    pages = list(SOURCE.extract(access, SOURCE.stream("account_settings"), WINDOW))
    assert pages and landing.loads("meta_ads", "measurement_settings") == []


@pytest.mark.parametrize(
    ("read", "found", "setting", "value"),
    [
        ("of_account", {}, "attribution_windows", None),
        ("of_account", {"attribution_spec": "odd"}, "attribution_windows", None),
        ("of_account", {"attribution_spec": [{"event_type": "VIEW_THROUGH", "window_days": 1},
                                             {"event_type": "CLICK_THROUGH", "window_days": 7}]},
         "attribution_windows", "click_through 7, view_through 1"),
        ("of_account", {"disable_reason": 3}, "disable_reason", "3"),
        ("of_pixel", {}, "automatic_matching", None),
        ("of_pixel", {"enable_automatic_matching": False}, "automatic_matching", "false"),
        ("of_pixel", {"automatic_matching_fields": ["ph", "em"]}, "matched_fields", "em, ph"),
        ("of_pixel", {"automatic_matching_fields": []}, "matched_fields", "none"),
        ("of_pixel", {"owner_ad_account": {"id": "act_1"}}, "owner", "act_1"),
        ("of_pixel", {"owner_business": "odd"}, "owner", None),
        ("of_pixel", {"last_fired_time": "2026-09-01T00:00:00+0000"}, "has_fired", "true"),
        ("of_pixel", {}, "has_fired", "false"),
        ("of_conversion", {"is_archived": True}, "is_archived", "true"),
        ("of_conversion", {"rule": ""}, "rule", None),
        ("of_conversion", {"pixel": {"id": "9"}}, "event_source", "9"),
    ],
)  # fmt: skip
def test_how_a_setting_is_read(read: str, found: Any, setting: str, value: Any) -> None:
    assert getattr(measurement, read)(found)[setting] == value


def test_equal_rules_have_one_digest() -> None:
    one, other, changed = (
        measurement.of_conversion({"rule": text})["rule"]
        for text in ('{"a": 1, "b": 2}', '{"b":2,"a":1}', '{"a": 1, "b": 3}')
    )
    assert one == other != changed
    assert measurement.of_conversion({"rule": "not JSON"})["rule"]


def test_a_name_loses_contact_details() -> None:
    assert "jane" not in (measurement.name("Pixel of jane@example.com") or "")
