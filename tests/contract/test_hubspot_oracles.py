"""The HubSpot sandbox, checked by what we did not write: the vendor's client and its schema."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from hubspot import Client
from hubspot.crm.contacts.exceptions import NotFoundException
from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from openapi_core.validation.response.exceptions import InvalidData
from urllib3.util.retry import Retry

from contract.hubspot_portal import TOKEN, crowd_in


@pytest.fixture
def crowd(sandbox: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd_in(sandbox.desk, monkeypatch)


def test_the_sdk_pages_retries_and_maps_a_missing_record(sandbox: Any, crowd: None) -> None:
    patient = Retry(total=3, status_forcelist=(429,), allowed_methods=None, backoff_factor=0)
    client = Client.create(access_token=TOKEN, host=f"{sandbox.url}/hubspot", retry=patient)
    assert len({contact.id for contact in client.crm.contacts.get_all(limit=150)}) == 150
    sandbox.desk.order_fault("hubspot", "throttle", 2)
    wanted = {"propertyName": "dealstage", "operator": "EQ", "value": "closedlost"}
    found = client.crm.deals.search_api.do_search(
        {"filterGroups": [{"filters": [wanted]}], "properties": ["dealstage"], "limit": 5}
    )
    assert found.total == 1
    assert {deal.properties["dealstage"] for deal in found.results} == {"closedlost"}
    with pytest.raises(NotFoundException) as missing:
        client.crm.contacts.basic_api.get_by_id("1")
    assert json.loads(missing.value.body)["category"] == "OBJECT_NOT_FOUND"


def contract(path: Path, url: str) -> OpenAPI:
    document = json.loads(path.read_text())
    document["servers"] = [{"url": f"{url}/hubspot"}]
    for schema in document["components"]["schemas"].values():
        values = schema.get("properties", {}).get("properties", {})
        if "additionalProperties" in values:
            # the file says text; an empty property that was asked for really comes as null
            values["additionalProperties"]["nullable"] = True
    # errors are declared as "*/*", of which the checker would not read the JSON
    errors = document["components"]["responses"]["Error"]["content"]
    errors["application/json"] = errors.pop("*/*")
    return OpenAPI.from_dict(document)


def exchange(url: str, method: str, path: str, token: str = TOKEN, **sent: Any) -> tuple[Any, Any]:
    headers = {"Authorization": f"Bearer {token}"}
    request = requests.Request(method, f"{url}/hubspot/crm/v3/objects/{path}", headers, **sent)
    response = requests.Session().send(request.prepare())
    return RequestsOpenAPIRequest(request), response


@pytest.mark.parametrize(("name", "kind"), [("contacts-v3", "contacts"), ("deals-v3", "0-3")])
def test_answers_satisfy_the_published_schema(
    sandbox: Any, shared: Callable[[str], Path], name: str, kind: str
) -> None:
    api = contract(shared(f"contracts/hubspot/{name}.json"), sandbox.url)
    names = ["email", "lifecyclestage", "utm_source", "dealstage", "amount", "closedate"]
    history = ["lifecyclestage"] if kind == "contacts" else ["dealstage", "amount", "closedate"]
    first = exchange(sandbox.url, "POST", f"{kind}/search", json={"limit": 3, "properties": names})
    ids = [{"id": record["id"]} for record in first[1].json()["results"]]
    assert ids
    batch = {"inputs": ids, "properties": names, "propertiesWithHistory": history}
    for request, response in (
        first,
        exchange(sandbox.url, "POST", f"{kind}/batch/read", json=batch),
        exchange(sandbox.url, "GET", kind, params={"archived": "true", "limit": "5"}),
        exchange(sandbox.url, "GET", f"{kind}/{ids[0]['id']}"),
        exchange(sandbox.url, "GET", f"{kind}/1"),
        exchange(sandbox.url, "GET", kind, token="wrong"),
    ):
        api.validate_response(request, RequestsOpenAPIResponse(response))


def test_the_schema_check_is_strict(sandbox: Any, shared: Callable[[str], Path]) -> None:
    api = contract(shared("contracts/hubspot/contacts-v3.json"), sandbox.url)
    request, response = exchange(sandbox.url, "POST", "contacts/search", json={"limit": 1})
    answer = response.json()
    del answer["results"][0]["updatedAt"]
    response._content = json.dumps(answer).encode()
    with pytest.raises(InvalidData):
        api.validate_response(request, RequestsOpenAPIResponse(response))
