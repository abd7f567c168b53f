"""The Cloudbeds sandbox, checked by what we did not write: the vendor's client and its schema;
and our requests, by the same schema."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from openapi_core.validation.response.exceptions import InvalidData

from contract.cloudbeds_property import KEY, PLAIN, access_to, book_in, extracted
from sandbox.vendors.cloudbeds import PROPERTY_ID
from trueup.window import Window


@pytest.fixture
def sdk() -> Any:
    """The vendor's client. It takes seconds to import, in every worker that collects tests."""
    return importlib.import_module("cloudbeds_pms_v1_3")


@pytest.fixture(autouse=True)
def book(sandbox: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    book_in(sandbox.desk, monkeypatch)


def test_the_vendors_client_reads_the_sandbox(sandbox: Any, sdk: Any) -> None:
    configuration = sdk.Configuration(
        host=f"{sandbox.url}/cloudbeds/api/v1.3", api_key={"api_key": KEY}
    )
    with sdk.ApiClient(configuration) as client:
        api = sdk.ReservationApi(client)
        read = api.get_reservations_with_rate_details_get
        pages = [
            read(property_id=PROPERTY_ID, page_number=n, page_size=100, include_deleted=True).data
            for n in (1, 2, 3)
        ]
        assert [len(page) for page in pages] == [100, 100, PLAIN + 5 - 200]
        found = {one.reservation_id: one for page in pages for one in page}
        assert (found["late"].status, found["late"].source.name) == ("canceled", "Booking.com")
        assert found["late"].rooms[0].detailed_room_rates and found["silent"].total == 260
        changed = read(
            property_id=PROPERTY_ID,
            modified_from=datetime(2026, 9, 9, 21),
            modified_to=datetime(2026, 9, 9, 22),
        ).data
        assert [one.reservation_id for one in changed] == ["late"]
        channels = api.get_sources_get(property_ids=PROPERTY_ID).data
        assert [(one.source_name, one.commission) for one in channels][1] == ("Booking.com", 15)
        rooms = sdk.RoomApi(client)
        assert len(rooms.get_rooms_get(property_ids=PROPERTY_ID).data[0].rooms) == 4
        blocks = rooms.get_room_blocks_get(
            property_id=PROPERTY_ID, start_date=date(2026, 9, 1), end_date=date(2026, 9, 14)
        )
        assert [one.room_block_type for one in blocks.data.room_blocks] == [
            "out_of_service", "courtesy_hold",
        ]  # fmt: skip


def contract(path: Path, url: str) -> OpenAPI:
    document = yaml.load(path.read_text(), yaml.CSafeLoader)
    document["servers"] = [{"url": f"{url}/cloudbeds/api/v1.3"}]
    # moments are "2026-09-01 10:00:00": the file says ISO 8601, the vendor's documentation and
    # client say this
    text = json.dumps(document, default=str).replace('"format": "date-time"', '"format": "text"')
    document = json.loads(text)
    reservation = document["components"]["schemas"]["GetReservationsWithRateDetailsResponse"]
    one = reservation["properties"]["data"]["items"]["properties"]
    # a room that is not assigned yet has none, says the same file's own description
    one["rooms"]["items"]["properties"]["roomID"]["nullable"] = True
    return OpenAPI.from_dict(document)


def exchange(url: str, method: str, **asked: Any) -> tuple[Any, Any]:
    headers = {"x-api-key": KEY}
    address = f"{url}/cloudbeds/api/v1.3/{method}"
    request = requests.Request("GET", address, headers, params=asked)
    return RequestsOpenAPIRequest(request), requests.Session().send(request.prepare())


@pytest.fixture(scope="module")
def schema(_server: Any, shared: Callable[[str], Path]) -> OpenAPI:
    return contract(shared("contracts/cloudbeds/pms-v1.3-openapi.yaml"), _server.url)


def test_answers_satisfy_the_published_schema(sandbox: Any, schema: OpenAPI) -> None:
    reservations = {"propertyID": PROPERTY_ID, "reservationCheckOutFrom": "2026-09-10"}
    for method, asked in (
        ("getReservationsWithRateDetails", {**reservations, "includeGuestsDetails": "true"}),
        ("getHotels", {}),
        ("getSources", {}),
        ("getRooms", {}),
        ("getRoomBlocks", {"startDate": "2026-09-01", "endDate": "2026-09-14"}),
    ):
        request, response = exchange(sandbox.url, method, **asked)
        assert response.json()["success"], method
        schema.validate_response(request, RequestsOpenAPIResponse(response))


def test_the_schema_check_is_strict(sandbox: Any, schema: OpenAPI) -> None:
    request, response = exchange(sandbox.url, "getReservationsWithRateDetails", pageSize="1")
    answer = response.json()
    answer["data"][0]["status"] = "in_house"
    response._content = json.dumps(answer).encode()
    with pytest.raises(InvalidData):
        schema.validate_response(request, RequestsOpenAPIResponse(response))


def test_our_requests_satisfy_the_published_schema(
    sandbox: Any, schema: OpenAPI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[requests.PreparedRequest] = []
    send = requests.Session.send

    def keep(session: Any, request: requests.PreparedRequest, **options: Any) -> Any:
        sent.append(request)
        return send(session, request, **options)

    monkeypatch.setattr(requests.Session, "send", keep)
    access = access_to(sandbox.url, tmp_path)
    for stream in ("reservations", "sources", "rooms", "room_blocks"):
        extracted(access, stream, Window(date(2026, 9, 1), date(2026, 9, 15)))
    assert len({one.path_url.split("?")[0] for one in sent}) == 5
    for one in sent:
        known = {p["name"] for p in _parameters(schema, one)}
        asked = requests.utils.urlparse(one.url).query
        assert {part.split("=")[0] for part in asked.split("&")} <= known
        schema.validate_request(RequestsOpenAPIRequest(one))


def _parameters(schema: OpenAPI, request: requests.PreparedRequest) -> list[dict[str, Any]]:
    method = request.path_url.split("?")[0].rpartition("/")[2]
    return schema.spec.read_value()["paths"][f"/{method}"]["get"]["parameters"]
