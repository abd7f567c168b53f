"""Tag Manager: Google's own client takes our containers, and its contract takes our questions."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from google.oauth2 import service_account as google_keys
from googleapiclient import discovery, discovery_cache
from googleapiclient.errors import HttpError

from contract.gtm_container import access_to, land, rows, settings
from sandbox import keys
from sandbox.world.containers import ADDRESS, API_SECRET, CONTAINERS, SERVER, WEB
from trueup.landing.store import Landing
from trueup.sources.gtm import client, shown
from trueup.sources.gtm.client import Live
from trueup.sources.gtm.dependence import needed_by
from trueup.sources.gtm.rows import pages, settings_of

DOCUMENT = json.loads(
    (Path(discovery_cache.__file__).parent / "documents" / "tagmanager.v2.json").read_text()
)
PATH = f"accounts/{CONTAINERS[WEB][2]}/containers/{CONTAINERS[WEB][3]}"


@pytest.fixture
def google(sandbox: Any) -> Any:
    """Google's client, which knows the API by its discovery document alone."""
    key = json.loads(keys.service_account(sandbox.desk.state, sandbox.url))
    credentials = google_keys.Credentials.from_service_account_info(key, scopes=[client.SCOPE])
    return discovery.build(
        "tagmanager", "v2", credentials=credentials, static_discovery=True,
        client_options={"api_endpoint": f"{sandbox.url}/gtm/"},
    )  # fmt: skip


def schema(name: str, content: Any) -> list[str]:
    """Where `content` says what the schema of the discovery document does not know."""
    about = DOCUMENT["schemas"][name]["properties"]
    wrong = []
    for key, value in content.items():
        field = about.get(key)
        if field is None:
            wrong.append(f"{name}.{key}: no such field")
            continue
        many = field.get("type") == "array"
        inner = field["items"] if many else field
        for one in value if many else [value]:
            if "$ref" in inner:
                wrong += schema(inner["$ref"], one)
            elif inner.get("enum") and one not in inner["enum"]:
                wrong.append(f"{name}.{key}: {one} is no value of it")
            elif {"string": str, "boolean": bool, "integer": int}[inner["type"]] is not type(one):
                wrong.append(f"{name}.{key}: {one!r} is no {inner['type']}")
    return wrong


def test_googles_client_reads_the_live_version_and_its_schema_knows_every_field(
    google: Any, sandbox: Any
) -> None:
    containers = google.accounts().containers()
    for public_id in (WEB, SERVER):
        found = containers.lookup(tagId=public_id).execute()
        live = containers.versions().live(parent=found["path"]).execute()
        headers = containers.version_headers().list(parent=found["path"]).execute()
        kept = containers.environments().list(parent=found["path"]).execute()
        assert schema("Container", found) == schema("ContainerVersion", live) == []
        assert schema("ListContainerVersionsResponse", headers) == []
        assert schema("ListEnvironmentsResponse", kept) == []
        header = {one["containerVersionId"]: one for one in headers["containerVersionHeader"]}
        assert int(header[live["containerVersionId"]]["numTags"]) == len(live["tag"]) > 1
        again = containers.versions().get(path=live["path"]).execute()
        assert again["tag"] == live["tag"]


def test_what_google_s_client_is_refused(google: Any) -> None:
    with pytest.raises(HttpError, match="404"):
        google.accounts().containers().lookup(tagId="GTM-NOBODY").execute()


def test_our_questions_are_those_of_the_discovery_document(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    """Path, parameters and scope of every request, against the methods Google lists."""
    asked = []
    sandbox.desk.spoil("gtm", lambda one, content: asked.append(one), times=99)
    land(landing, access_to(sandbox, tmp_path))
    assert len(asked) == 4
    methods = list(_methods(DOCUMENT["resources"]["accounts"]))
    for one in asked:
        fitting = [
            method
            for method in methods
            if method["httpMethod"] == "GET"
            and re.fullmatch(_pattern(method), one.path)
            and set(one.params) <= set(method["parameters"])
        ]
        assert fitting, one
        assert any(client.SCOPE in method["scopes"] for method in fitting)


def _methods(resource: dict[str, Any]) -> Any:
    yield from resource.get("methods", {}).values()
    for inner in resource.get("resources", {}).values():
        yield from _methods(inner)


def _pattern(method: dict[str, Any]) -> str:
    """The path of a method as a pattern; `{+parent}` takes what its own pattern does."""
    pieces = re.split(r"\{\+?(\w+)\}", method["path"])
    for at in range(1, len(pieces), 2):
        inner = method["parameters"][pieces[at]].get("pattern", "[^/]+").strip("^$")
        pieces[at] = inner
    for at in range(0, len(pieces), 2):
        pieces[at] = re.escape(pieces[at])
    return "".join(pieces)


def test_every_object_of_the_live_version_lands_setting_by_setting(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    found = rows(landing, land(landing, access_to(sandbox, tmp_path)))
    kinds = {row["object_type"] for row in found}
    assert kinds == {"container", "environment", "tag", "trigger", "variable", "folder",
                     "built-in variable", "template"}  # fmt: skip
    purchase = settings(found, "tag", "12")
    assert purchase["parameter eventName"] == "purchase" and purchase["type"] == "gaawe"
    assert purchase["paused"] == "false" and purchase["consent_status"] == "notSet"
    assert purchase["firing_triggers"] == "21"
    ads = settings(found, "tag", "14")
    assert (ads["consent_status"], ads["consent_types"]) == ("needed", "ad_storage")
    live = settings(found, "container", CONTAINERS[WEB][3])["live_version"]
    assert {row["version_id"] for row in found} == {live}
    assert settings(found, "environment", "7")["version"] != live


def test_a_server_container_has_clients_and_transformations(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    found = rows(landing, land(landing, access_to(sandbox, tmp_path, SERVER)))
    assert settings(found, "client", "3")["type"] == "gaaw_client"
    assert settings(found, "transformation", "8")["type"] == "tf_exclude_params"
    assert {row["object_type"] for row in found} >= {"client", "transformation", "template", "tag"}


def test_nothing_secret_or_personal_of_a_container_lands(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    for container in (WEB, SERVER):
        found = rows(landing, land(landing, access_to(sandbox, tmp_path, container)))
        text = json.dumps(found, default=str)
        for hidden in (ADDRESS, API_SECRET, "EAAHmade", "<script", "function", "neverToBeSeen"):
            assert hidden not in text
    hidden = settings(found, "tag", "7")["parameter accessToken"]
    assert re.fullmatch("[0-9a-f]{64}", hidden)


def test_unpublished_work_and_versions_never_published_change_nothing(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    """Version headers list a try-out with the highest number; the live one is what lands."""
    found = rows(landing, land(landing, access_to(sandbox, tmp_path)))
    live = settings(found, "container", CONTAINERS[WEB][3])["live_version"]
    truth = sandbox.desk.rows(
        "select max_by(version_id, published_at) as live from tag_publishes"
        " where public_id = $id and published_at <= $now", id=WEB,
    )  # fmt: skip
    assert live == str(truth[0]["live"])


def test_a_later_run_sees_the_version_that_is_live_then(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    sandbox.desk.set_clock(datetime(2026, 9, 21, 6, 0))
    found = rows(landing, land(landing, access_to(sandbox, tmp_path)))
    lead = settings(found, "tag", "13")
    assert (lead["consent_status"], lead["consent_types"]) == ("needed", "analytics_storage")


def test_landing_twice_gives_the_same_rows(sandbox: Any, landing: Landing, tmp_path: Path) -> None:
    access = access_to(sandbox, tmp_path)
    first, second = (
        [{k: v for k, v in row.items() if not k.startswith("_")} for row in rows(landing, load)]
        for load in (land(landing, access), land(landing, access))
    )
    assert first == second and len(first) > 60


#: What Google leaves out, or writes in another order, without anybody having changed it.
SAME = {
    "a switch that is off": ({"paused": False}, {}),
    "no consent settings": ({"consentSettings": {"consentStatus": "notSet"}}, {}),
    "an empty consent type": ({"consentSettings": {"consentType": {"type": "list"}}}, {}),
    "order of triggers": ({"firingTriggerId": ["9", "10"]}, {"firingTriggerId": ["10", "9"]}),
    "order of fields": (
        {"parameter": [{"key": "a", "value": "x"}, {"key": "b", "value": "y"}]},
        {"parameter": [{"key": "b", "value": "y"}, {"key": "a", "value": "x"}]},
    ),
    "order within a map": (
        {"parameter": [{"key": "m", "type": "list", "list": [{"type": "map", "map": [
            {"key": "k", "value": "1"}, {"key": "v", "value": "2"}]}]}]},
        {"parameter": [{"key": "m", "type": "list", "list": [{"type": "map", "map": [
            {"key": "v", "value": "2"}, {"key": "k", "value": "1"}]}]}]},
    ),
    "order of conditions": (
        {"filter": [{"type": "equals", "parameter": []}, {"type": "contains", "parameter": []}]},
        {"filter": [{"type": "contains", "parameter": []}, {"type": "equals", "parameter": []}]},
    ),
    "a new fingerprint": ({"fingerprint": "1"}, {"fingerprint": "2"}),
    "another workspace": ({"workspaceId": "1", "path": "a"}, {"workspaceId": "2", "path": "b"}),
    "empty monitoring": ({"monitoringMetadata": {"type": "map"}}, {}),
    "an empty note": ({"notes": ""}, {}),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_equal_tags_have_equal_settings(name: str) -> None:
    one, other = SAME[name]
    assert settings_of("tag", {"name": "T", **one}) == settings_of("tag", {"name": "T", **other})


OTHER = {
    "paused": ({"paused": True}, {}),
    "order of a list that has one": (
        {"parameter": [{"key": "l", "type": "list", "list": [{"value": "1"}, {"value": "2"}]}]},
        {"parameter": [{"key": "l", "type": "list", "list": [{"value": "2"}, {"value": "1"}]}]},
    ),
    "letter case of code": (
        {"parameter": [{"key": "html", "type": "template", "value": "<b>A</b>"}]},
        {"parameter": [{"key": "html", "type": "template", "value": "<b>a</b>"}]},
    ),
    "a blocking trigger": ({"blockingTriggerId": ["4"]}, {}),
    "a field Google has not named yet": ({"firesTwice": True}, {}),
    "a schedule": ({"scheduleEndMs": "1788000000000"}, {}),
    "consent types": (
        {"consentSettings": {"consentStatus": "needed", "consentType": {"type": "list", "list": [
            {"type": "template", "value": "ad_storage"}]}}},
        {"consentSettings": {"consentStatus": "needed", "consentType": {"type": "list", "list": [
            {"type": "template", "value": "ad_storage"},
            {"type": "template", "value": "ad_user_data"}]}}},
    ),
    "a setup tag": ({"setupTag": [{"tagName": "Consent"}]}, {}),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHER)
def test_what_differs_is_seen(name: str) -> None:
    one, other = OTHER[name]
    assert settings_of("tag", {"name": "T", **one}) != settings_of("tag", {"name": "T", **other})


def references(*numbers: str) -> list[dict[str, Any]]:
    listed = [{"type": "triggerReference", "value": number} for number in numbers]
    return [{"key": "triggerIds", "type": "list", "list": listed}]


PAID = {"tagId": "1", "name": "Purchase", "firingTriggerId": ["30"]}
GROUP = {"triggerId": "30", "type": "triggerGroup", "parameter": references("21", "31")}
NESTED = {"triggerId": "31", "type": "triggerGroup", "parameter": references("22")}
SECOND = {"tagId": "2", "name": "Second"}
NEEDED = {
    "nobody needs anybody": ({"tag": [PAID], "trigger": [{"triggerId": "30"}]}, {}),
    "a group of triggers needs its members, a group within it too": (
        {"tag": [PAID], "trigger": [GROUP, NESTED]},
        {("trigger", "21"): "trigger 30", ("trigger", "31"): "trigger 30",
         ("trigger", "22"): "trigger 30; trigger 31"},
    ),
    "a tag needs the one that has to fire before it": (
        {"tag": [PAID | {"setupTag": [{"tagName": "Second", "stopOnSetupFailure": True}]},
                 SECOND | {"firingTriggerId": ["5"]}]},
        {("tag", "2"): "tag 1"},
    ),
    "a tag that may fail before another is needed by none": (
        {"tag": [PAID | {"setupTag": [{"tagName": "Second"}]},
                 SECOND | {"firingTriggerId": ["5"]}]},
        {},
    ),
    "a tag that fires after another alone needs it and its triggers": (
        {"tag": [PAID | {"teardownTag": [{"tagName": "Second"}]}, SECOND]},
        {("tag", "1"): "tag 2", ("trigger", "30"): "tag 2"},
    ),
    "two that need each other end": (
        {"trigger": [GROUP | {"parameter": references("31")},
                     NESTED | {"parameter": references("30")}]},
        {("trigger", "31"): "trigger 30", ("trigger", "30"): "trigger 31"},
    ),
    "what is no list of objects needs nothing": (
        {"tag": [None, {"tagId": "1", "setupTag": "Second"}],
         "trigger": [{"type": "triggerGroup"}]},
        {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NEEDED)
def test_what_others_do_not_fire_without_is_known(name: str) -> None:
    version, needed = NEEDED[name]
    assert needed_by(version) == needed


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("parameter html", "<script>x</script>"),
        ("parameter apiKey", "AIzaSyDmadeup1234567890123456789012345"),
        ("parameter to", "jane@example.com"),
        ("parameter phone", "+351912345678"),
        ("parameter api_secret", "correcthorse"),
        ("parameter password", "hunter"),
        ("parameter userEmail", "{{Email}}"),
        ("parameter eventName", "jane@example.com"),
        ("parameter eventName", "+351 912 345 678"),
        ("parameter number", "351912345678"),
        ("notes", "Ask Jane Doe before you change it"),
        ("template_data", "___INFO___"),
        ("parameter accessToken", "abc"),
        ("parameter url", "https://x.example/?key=1"),
        ("parameter javascript", "true_or_false"),
        ("parameter value", "two words"),
    ],
)
def test_what_may_be_secret_code_or_a_person_is_hashed(setting: str, value: str) -> None:
    plain, hidden = shown.split(setting, value)
    assert plain is None and hidden is not None and value not in hidden


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("parameter eventName", "purchase"),
        ("parameter eventName", "Form submit 2"),
        ("parameter measurementId", "G-AB12CD34EF"),
        ("parameter trackingId", "UA-12345678-1"),
        ("parameter conversionId", "17012345678"),
        ("parameter value", "{{DLV - value}}"),
        ("parameter sendEcommerceData", "true"),
        ("parameter currency", "EUR"),
        ("priority", "-10"),
    ],
)
def test_what_is_harmless_is_shown(setting: str, value: str) -> None:
    assert shown.split(setting, value) == (value, None)


def test_names_lose_contact_details() -> None:
    assert "jane" not in (shown.name("Mail to jane.doe@example.com") or "")


def test_a_container_that_was_never_published_has_no_tags() -> None:
    container = {"containerId": "7", "publicId": WEB, "name": "New"}
    [found] = pages(Live(container, [], None), WEB)
    assert isinstance(found, list)
    assert {row["object_type"] for row in found} == {"container"}
    assert ("live_version", "none") in {(row["setting"], row["value"]) for row in found}
