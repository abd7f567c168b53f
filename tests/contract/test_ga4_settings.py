"""What a GA4 property is set to: Google's client takes our sandbox, its contract our questions."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from google.oauth2 import service_account as google_keys
from googleapiclient import discovery, discovery_cache

from contract.ga4_property import access_to as events_access
from contract.ga4_property import bucket
from sandbox import keys
from sandbox.world.property_settings import CONDITION, CREATOR, PROPERTY, STREAM
from trueup.errors import AccessDenied, TrueupError, UnknownRefusal, VendorUnavailable
from trueup.landing.intake import take_in
from trueup.landing.run import Request, Run
from trueup.landing.store import Landing, Load
from trueup.sources.contract import Access, Account, SetAside
from trueup.sources.ga4 import SOURCE, admin, admin_rows
from trueup.sources.ga4.admin import Answers
from trueup.sources.ga4.streams import EVENTS, SETTINGS
from trueup.window import Window

DOCUMENTS = {
    version: json.loads(
        (Path(discovery_cache.__file__).parent / f"documents/analyticsadmin.{version}.json")
        .read_text()
    )
    for version in ("v1beta", "v1alpha")
}  # fmt: skip
WINDOW = Window(date(2026, 9, 14), date(2026, 9, 15))
HASH_KEY = "q7Vd2mXz9Lk4Rt6Wb1Yc8Nf3"
FOR_EVER = 9999


def access_to(sandbox: Any, folder: Path, **options: Any) -> Access:
    return events_access(sandbox, folder, admin_api=f"{sandbox.url}/ga4_admin", **options)


def land(landing: Landing, access: Access) -> Load:
    pages = SOURCE.extract(access, SETTINGS, WINDOW)
    return take_in(
        landing, "ga4", SETTINGS, WINDOW, pages, api_version=SOURCE.api_version, hash_key=HASH_KEY,
        account=PROPERTY,
    )  # fmt: skip


def rows(landing: Landing, load: Load) -> list[dict[str, Any]]:
    import duckdb

    files = [landing.path(file.name) for file in load.files]
    return duckdb.read_parquet(files).to_arrow_table().to_pylist()


def settings(found: list[dict[str, Any]], kind: str, key: str) -> dict[str, Any]:
    return {
        row["setting"]: row["value"] if row["value"] is not None else row["hidden_value_hmac"]
        for row in found
        if (row["object_type"], row["object_id"]) == (kind, key)
    }


def unknown_fields(version: str, name: str, content: dict[str, Any]) -> list[str]:
    """Where `content` says what the schema of the discovery document does not know."""
    about = DOCUMENTS[version]["schemas"][name]["properties"]
    wrong = []
    for key, value in content.items():
        if (field := about.get(key)) is None:
            wrong.append(f"{name}.{key}: no such field")
            continue
        inner = field.get("items", field)
        for one in value if field.get("type") == "array" else [value]:
            if "$ref" in inner:
                wrong += unknown_fields(version, inner["$ref"], one)
            elif inner.get("enum") and one not in inner["enum"]:
                wrong.append(f"{name}.{key}: {one} is no value of it")
    return wrong


def test_googles_client_reads_the_property_and_its_schema_knows_every_field(sandbox: Any) -> None:
    key = json.loads(keys.service_account(sandbox.desk.state, sandbox.url))
    credentials = google_keys.Credentials.from_service_account_info(key, scopes=[admin.SCOPE])
    wrong: list[str] = []
    for version in ("v1beta", "v1alpha"):
        google = discovery.build(
            "analyticsadmin", version, credentials=credentials, static_discovery=True,
            client_options={"api_endpoint": f"{sandbox.url}/ga4_admin/"},
        ).properties()  # fmt: skip
        name, prefix = f"properties/{PROPERTY}", f"GoogleAnalyticsAdminV1{version[2:]}"
        found = google.get(name=name).execute()
        assert found["currencyCode"] == "EUR"
        wrong += unknown_fields(version, f"{prefix}Property", found)
        kept = google.keyEvents().list(parent=name).execute()
        wrong += unknown_fields(version, f"{prefix}ListKeyEventsResponse", kept)
        links = google.googleAdsLinks().list(parent=name).execute()
        wrong += unknown_fields(version, f"{prefix}ListGoogleAdsLinksResponse", links)
        streams = google.dataStreams().list(parent=name).execute()
        wrong += unknown_fields(version, f"{prefix}ListDataStreamsResponse", streams)
    for one in ("AttributionSettings", "GoogleSignalsSettings", "ReportingIdentitySettings",
                "UserProvidedDataSettings", "DataRetentionSettings"):  # fmt: skip
        path = f"{name}/{one[0].lower()}{one[1:]}"
        answer = getattr(google, f"get{one}")(name=path).execute()
        wrong += unknown_fields(version, f"{prefix}{one}", answer)
    exports = google.bigQueryLinks().list(parent=name).execute()
    assert len(exports["bigqueryLinks"]) == 1
    wrong += unknown_fields(version, f"{prefix}ListBigQueryLinksResponse", exports)
    site = google.dataStreams()
    for one in ("EnhancedMeasurementSettings", "DataRedactionSettings"):
        path = f"{name}/dataStreams/{STREAM}/{one[0].lower()}{one[1:]}"
        answer = getattr(site, f"get{one}")(name=path).execute()
        wrong += unknown_fields(version, f"{prefix}{one}", answer)
    rules = site.eventCreateRules().list(parent=f"{name}/dataStreams/{STREAM}").execute()
    wrong += unknown_fields(version, f"{prefix}ListEventCreateRulesResponse", rules)
    assert wrong == []


def test_our_questions_are_those_of_the_discovery_documents(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    """Path, parameters and scope of every request, against the methods Google lists."""
    asked = []
    sandbox.desk.spoil("ga4_admin", lambda one, content: asked.append(one), times=FOR_EVER)
    land(landing, access_to(sandbox, tmp_path))
    assert len(asked) == 15  # fourteen, and a second page of key events
    for one in asked:
        version = one.path.partition("/")[0]
        fitting = [
            method
            for method in _methods(DOCUMENTS[version])
            if method["httpMethod"] == "GET"
            and re.fullmatch(_pattern(method), one.path)
            and set(one.params) <= set(method["parameters"])
        ]
        assert fitting, one
        assert any(admin.SCOPE in method["scopes"] for method in fitting)


def _methods(resource: dict[str, Any]) -> Any:
    yield from resource.get("methods", {}).values()
    for inner in resource.get("resources", {}).values():
        yield from _methods(inner)


def _pattern(method: dict[str, Any]) -> str:
    name = re.search(r"\{\+?(\w+)\}", method["path"])
    if name is None:
        return re.escape(method["path"])
    inner = method["parameters"][name[1]]["pattern"].strip("^$")
    return method["path"].replace(name[0], inner)


def test_every_field_read_is_one_of_googles() -> None:
    """Those of the early version, which knows all of them."""
    of = {"property": "Property"} | {
        name: name[0].upper() + name[1:].removesuffix("s") for name in admin_rows.KINDS
    }
    schemas = DOCUMENTS["v1alpha"]["schemas"]
    for resource, fields in admin_rows.FIELDS.items():
        name = of.get(resource, resource[0].upper() + resource[1:])
        for path in fields:
            about = schemas[f"GoogleAnalyticsAdminV1alpha{name}"]
            for key in path.split("."):
                assert key in about["properties"], (resource, path)
                about = schemas.get(about["properties"][key].get("$ref", ""), {})


def test_every_setting_lands(sandbox: Any, landing: Landing, tmp_path: Path) -> None:
    found = rows(landing, land(landing, access_to(sandbox, tmp_path)))
    about = settings(found, "property", PROPERTY)
    assert about["time_zone"] == "Europe/Lisbon" and about["currency_code"] == "EUR"
    assert about["attribution_model"] == "paid_and_organic_channels_data_driven"
    assert (about["acquisition_window_days"], about["other_window_days"]) == ("30", "90")
    assert about["event_data_retention"] == "fourteen_months"
    assert about["google_signals"] == "google_signals_enabled"
    assert (about["reporting_identity"], about["user_provided_data"]) == ("blended", "false")
    lead = settings(found, "key event", "generate_lead")
    assert (lead["counting_method"], lead["default_value"]) == ("once_per_event", "60")
    site = settings(found, "data stream", STREAM)
    assert (site["enhanced_measurement"], site["video_engagement"]) == ("true", "false")
    assert (site["redacts_email"], site["site"]) == ("true", "https://www.harbourhouse.example")
    assert settings(found, "ads link", "4711002200")["ads_personalization"] == "true"
    assert settings(found, "export link", "q1")["excluded_events"] == "scroll"
    rule = settings(found, "event rule", "71")
    assert rule["event"] == "generate_lead" and re.fullmatch("[0-9a-f]{64}", rule["conditions"])


def test_nobodys_address_lands(sandbox: Any, landing: Landing, tmp_path: Path) -> None:
    found = rows(landing, land(landing, access_to(sandbox, tmp_path)))
    text = json.dumps(found, default=str)
    assert CREATOR not in text and CONDITION not in text and "ines.guest" not in text
    creators = {row["creator_email_hmac"] for row in found} - {None}
    assert len(creators) == 1


def test_what_moves_by_itself_is_no_change(sandbox: Any, landing: Landing, tmp_path: Path) -> None:
    """A later moment of touching, another order: the day after the world's own noise."""
    sandbox.desk.set_clock(datetime(2026, 9, 24, 6, 0))
    before = rows(landing, land(landing, access_to(sandbox, tmp_path)))
    sandbox.desk.set_clock(datetime(2026, 9, 25, 6, 0))
    after = rows(landing, land(landing, access_to(sandbox, tmp_path)))

    def said(found: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
        return {tuple(v for k, v in row.items() if not k.startswith("_")) for row in found}

    assert said(before) == said(after)


@pytest.mark.parametrize(
    ("resource", "one", "other"),
    [
        ("keyEvents", {"countingMethod": "ONCE_PER_EVENT", "createTime": "a"},
         {"countingMethod": "ONCE_PER_EVENT", "createTime": "b", "custom": True}),
        ("keyEvents", {"defaultValue": {"numericValue": 60}},
         {"defaultValue": {"numericValue": 60.0}}),
        ("enhancedMeasurementSettings", {"scrollsEnabled": False}, {}),
        ("bigQueryLinks", {"excludedEvents": ["b", "a"]}, {"excludedEvents": ["a", "b"]}),
        ("bigQueryLinks", {"excludedEvents": []}, {}),
        ("property", {"displayName": "A", "updateTime": "x"}, {"displayName": "A"}),
        ("eventCreateRules", {"eventConditions": [{"field": "a", "value": "1"}, {"field": "b"}]},
         {"eventConditions": [{"field": "b"}, {"value": "1", "field": "a"}]}),
        ("googleAdsLinks", {"customerId": "1", "canManageClients": True}, {"customerId": "1"}),
        ("dataStreams", {"webStreamData": {"firebaseAppId": "1"}}, {}),
        ("dataStreams", {"webStreamData": "odd"}, {}),
        ("attributionSettings", {"reportingAttributionModel": "X_UNSPECIFIED"}, {}),
        ("keyEvents", {"aFieldOfNextYear": 1}, {}),
    ],
)  # fmt: skip
def test_equal_settings_give_equal_rows(
    resource: str, one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert admin_rows.read(resource, one) == admin_rows.read(resource, other)


@pytest.mark.parametrize(
    ("resource", "found", "setting", "value"),
    [
        ("attributionSettings", {"acquisitionConversionEventLookbackWindow":
         "ACQUISITION_CONVERSION_EVENT_LOOKBACK_WINDOW_7_DAYS"}, "acquisition_window_days", "7"),
        ("attributionSettings", {"reportingAttributionModel":
         "REPORTING_ATTRIBUTION_MODEL_UNSPECIFIED"}, "attribution_model", None),
        ("property", {"deleteTime": "2026-09-01T00:00:00Z"}, "in_trash", "true"),
        ("keyEvents", {"defaultValue": {"numericValue": 0.5}}, "default_value", "0.5"),
        ("keyEvents", {"defaultValue": {"numericValue": 1e3}}, "default_value", "1000"),
        ("keyEvents", {"defaultValue": {"numericValue": "odd"}}, "default_value", "none"),
        ("dataStreams", {"webStreamData": {"defaultUri": "https://x.example/?mail=a@b.example"}},
         "site", "https://x.example/"),
        ("dataStreams", {"webStreamData": {"defaultUri": "x.example"}}, "site", "none"),
        ("dataStreams", {"androidAppStreamData": {"packageName": "com.x"}}, "package", "com.x"),
        ("dataRedactionSettings", {"queryParameterKeys": ["phone", "email"]},
         "redacted_query_parameters", "email, phone"),
        ("bigQueryLinks", {"exportStreams": ["properties/1/dataStreams/9"]},
         "exported_streams", "9"),
        ("bigQueryLinks", {"excludedEvents": "odd"}, "excluded_events", "none"),
        ("googleSignalsSettings", None, "google_signals", None),
    ],
)  # fmt: skip
def test_how_a_setting_is_read(resource: str, found: Any, setting: str, value: Any) -> None:
    assert admin_rows.read(resource, found)[setting] == value


def test_names_lose_contact_details() -> None:
    name = admin_rows.read("property", {"displayName": "Site of jane@example.com"})["name"]
    assert name and name.startswith("Site of") and "jane" not in name


def test_a_zone_by_another_name_is_the_company_files() -> None:
    account = Account("7", "Asia/Kolkata", "INR")
    answers = Answers({"name": "properties/7", "timeZone": "Asia/Calcutta"})
    [found] = admin_rows.pages(answers, account)
    assert isinstance(found, list)
    assert {row["setting"]: row["value"] for row in found}["time_zone"] == "Asia/Kolkata"


def test_an_object_without_an_id_costs_itself_alone(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    sandbox.desk.order_fault("ga4_admin", "missing_column", 1)
    load = land(landing, access_to(sandbox, tmp_path))
    kinds = {row["object_type"] for row in rows(landing, load)}
    assert kinds >= {"property", "data stream", "ads link", "export link"}
    assert load.set_aside_count == 2  # those of the page that was spoilt


def test_a_setting_that_is_refused_is_not_known_and_no_change(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    sandbox.desk.order_fault("ga4_admin", "no_early_settings", 1)
    load = land(landing, access_to(sandbox, tmp_path))
    about = settings(rows(landing, load), "property", PROPERTY)
    assert about["attribution_model"] is None and about["other_window_days"] is None
    assert about["google_signals"] and load.set_aside_count == 1


def refused(landing: Landing, access: Access, error: type[TrueupError]) -> str:
    with pytest.raises(error) as raised:
        land(landing, access)
    message = str(raised.value)
    for part in ("source: ga4", "stream: settings", f"account: {PROPERTY}", "next step: "):
        assert part in message
    assert landing.loads("ga4", "settings") == []
    return message


@pytest.mark.parametrize("fault", ["throttle", "quota", "server_error", "truncated"])
def test_a_passing_refusal_is_waited_out(
    fault: str, sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    sandbox.desk.order_fault("ga4_admin", fault, 2)
    assert land(landing, access_to(sandbox, tmp_path)).row_count > 50


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("server_error", VendorUnavailable),
        ("throttle", VendorUnavailable),
        ("retyped_column", UnknownRefusal),
        ("another_property", UnknownRefusal),
        ("truncated", UnknownRefusal),
        ("endless_pages", TrueupError),
        ("duplicate_page", TrueupError),
    ],
)
def test_what_lasts_lands_nothing(
    fault: str, error: type[TrueupError], sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    sandbox.desk.order_fault("ga4_admin", fault, FOR_EVER)
    refused(landing, access_to(sandbox, tmp_path), error)


@pytest.mark.parametrize("fault", ["forbidden", "disabled", "narrow_scope", "unauthorized"])
def test_a_key_that_may_not_says_what_to_do(
    fault: str, sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    sandbox.desk.order_fault("ga4_admin", fault, FOR_EVER)
    before = sandbox.desk.calls["ga4_admin"]
    message = refused(landing, access_to(sandbox, tmp_path), AccessDenied)
    assert "as a Viewer" in message and "admin_api to off" in message
    assert sandbox.desk.calls["ga4_admin"] - before == 1


def test_a_key_that_may_not_costs_events_nothing(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    sandbox.desk.order_fault("ga4_admin", "forbidden", FOR_EVER)
    access = replace(access_to(sandbox, tmp_path), history_start=WINDOW.since)
    request = Request(SOURCE, access, WINDOW.since, suites=Path(), hash_key=HASH_KEY)
    landed = Run(landing, request).land(SOURCE.streams)
    [lost] = landed.failed
    assert (lost.stream, lost.account, lost.kind) == ("settings", PROPERTY, "AccessDenied")
    assert WINDOW.since in landing.covered("ga4", "events", PROPERTY)


@pytest.mark.parametrize(
    ("base_url", "option", "asked"),
    [
        ("", None, "https://analyticsadmin.googleapis.com"),
        ("https://bigquery.googleapis.com/bigquery", None, "https://analyticsadmin.googleapis.com"),
        ("", "off", None),
        ("", False, None),
        ("http://127.0.0.1:1/bigquery", None, None),
        ("http://127.0.0.1:1/bigquery", "http://127.0.0.1:1/admin/", "http://127.0.0.1:1/admin"),
        ("https://bigquery.googleapis.com.evil.example", None, None),
        ("s3://bucket/ga4", None, None),
        ("/folder", "http://127.0.0.1:1/admin", None),
    ],
)
def test_who_is_asked(base_url: str, option: Any, asked: str | None, tmp_path: Path) -> None:
    options = {} if option is None else {"admin_api": option}
    access = replace(bucket(tmp_path, **options), base_url=base_url)
    assert admin.address(access) == asked
    parts = SOURCE.parts(access, SETTINGS)
    assert [name for name, _ in parts] == ([PROPERTY] if asked else [])


def test_every_property_of_one_export_is_asked(sandbox: Any, tmp_path: Path) -> None:
    access = access_to(sandbox, tmp_path, dataset="analytics_1")
    access = replace(access, accounts=(*access.accounts, Account("8", "Europe/Lisbon", "EUR")))
    assert [name for name, _ in SOURCE.parts(access, SETTINGS)] == [PROPERTY, "8"]
    assert len(SOURCE.parts(access, EVENTS)) == 1


def test_what_is_set_aside_names_no_person(sandbox: Any, tmp_path: Path) -> None:
    sandbox.desk.order_fault("ga4_admin", "no_early_settings", 1)
    aside = [
        one
        for one in SOURCE.extract(access_to(sandbox, tmp_path), SETTINGS, WINDOW)
        if isinstance(one, SetAside)
    ]
    assert [one.reason for one in aside] == ["attributionSettings may not be read"]
