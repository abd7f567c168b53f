"""Server-side events: the vendors' own clients at the sandbox's doors, and what is read of the log
beside what the world sent."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from facebook_business.adobjects.adspixel import AdsPixel
from facebook_business.adobjects.serverside.custom_data import CustomData
from facebook_business.adobjects.serverside.event import Event
from facebook_business.adobjects.serverside.event_request import EventRequest
from facebook_business.adobjects.serverside.user_data import UserData
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError
from facebook_business.session import FacebookSession
from google.ads import datamanager_v1 as datamanager
from google.ads.datamanager_v1.services.ingestion_service.transports import (
    IngestionServiceRestTransport,
)
from google.api_core.exceptions import BadRequest
from google.oauth2.credentials import Credentials

from contract.server_log import (
    GOOGLE,
    META,
    MONTH,
    WEEK,
    access_to,
    land,
    read,
    rows,
    set_aside,
)
from sandbox import demo
from trueup.landing.plan import windows
from trueup.sources.conversions_api import SOURCE, google, meta, outcomes
from trueup.sources.conversions_api.streams import ATTEMPTS, QUALITY, REQUESTS
from trueup.sources.google_service_account import authorise
from trueup.window import Window

DATASET = META.removeprefix("meta:")
ACCOUNT = GOOGLE.removeprefix("google:")
CLOCK = datetime(2026, 9, 15, 6, 0, tzinfo=UTC)


@pytest.fixture
def pixel(sandbox: Any) -> AdsPixel:
    """The dataset as Meta's own client sees it."""
    session = FacebookSession(access_token=demo.secret("conversions_api_meta_access_token"))
    session.GRAPH = f"{sandbox.url}/conversions_api/meta"
    return AdsPixel(DATASET, api=FacebookAdsApi(session, api_version="v26.0"))


@pytest.fixture
def client(sandbox: Any, tmp_path: Path) -> datamanager.IngestionServiceClient:
    """Google's own client of the Data Manager."""
    access = access_to(sandbox, tmp_path)
    key = json.loads(access.secrets["google_service_account"])
    account = authorise(access, key, REQUESTS, WEEK, google.SCOPE)
    transport = IngestionServiceRestTransport(
        host=f"{sandbox.url}/conversions_api/google", credentials=Credentials(account.token())
    )
    return datamanager.IngestionServiceClient(transport=transport)


def purchase(at: datetime, **user: Any) -> Event:
    return Event(
        event_name="Purchase",
        event_time=int(at.timestamp()),
        event_id="HH77",
        user_data=UserData(**user),
        custom_data=CustomData(value=42.5, currency="eur", order_id="HH77"),
    )


def sent_by_sdk(event: Event) -> dict[str, Any]:
    """What Meta's client puts into a request, as a sender logs it."""
    asked = EventRequest(pixel_id=DATASET, events=[event]).get_params()
    data = [json.loads(one) if isinstance(one, str) else one for one in asked["data"]]
    return {"data": data}


def test_an_event_of_metas_client_is_taken_and_its_log_line_read(pixel: AdsPixel) -> None:
    event = purchase(
        CLOCK, emails=["Ann@Example.com "], phones=["+351 910 000 000"], fbc="fb.1.2.x"
    )
    request = sent_by_sdk(event)
    taken = pixel.create_event(params=request)
    assert (taken["events_received"], taken["fbtrace_id"]) == (1, "Abc123")
    response = {"status": 200, "body": dict(taken)}
    line = {"ts": CLOCK.isoformat(), "pixel_id": DATASET, "request": request, "response": response}
    (row,) = read(line)
    assert row["outcome"] == "accepted" and row["request_id"] == "Abc123"
    assert (row["destination"], row["account_id"], row["action"]) == ("meta", DATASET, "Purchase")
    assert (row["event_key"], row["transaction_id"]) == ("HH77", "HH77")
    assert (row["has_email"], row["has_phone"], row["is_hashed"]) == (True, True, True)
    assert (row["amount"], row["currency_code"]) == (Decimal("42.5"), "EUR")
    assert row["click_id_kinds"] == "fbclid" and row["event_at"] == CLOCK
    assert "example" not in str(row).lower()


@pytest.mark.parametrize(
    ("at", "user", "subcode"),
    [
        (CLOCK - timedelta(days=8), {"emails": ["a@b.example"]}, "2804003"),
        (CLOCK, {"client_user_agent": "x"}, "2804050"),
    ],
)
def test_what_meta_refuses_of_its_own_client_is_a_rejection_in_words(
    pixel: AdsPixel, at: datetime, user: dict[str, Any], subcode: str
) -> None:
    request = sent_by_sdk(purchase(at, **user))
    with pytest.raises(FacebookRequestError) as refused:
        pixel.create_event(params=request)
    assert refused.value.api_error_subcode() == int(subcode)
    answer = {"status": refused.value.http_status(), "body": refused.value.body()}
    (row,) = read(
        {"ts": CLOCK.isoformat(), "pixel_id": DATASET, "request": request, "response": answer}
    )
    assert (row["outcome"], row["error_code"], row["error_subcode"]) == ("rejected", "100", subcode)
    assert row["reason"] == outcomes.reason_of("meta", "100", subcode) is not None


def ingested(*events: datamanager.Event) -> datamanager.IngestEventsRequest:
    return datamanager.IngestEventsRequest(
        destinations=[
            datamanager.Destination(
                operating_account=datamanager.ProductAccount(
                    account_type="GOOGLE_ADS", account_id=ACCOUNT
                ),
                product_destination_id="900100009",
            )
        ],
        events=events,
        consent=datamanager.Consent(ad_user_data="CONSENT_GRANTED"),
        encoding="HEX",
    )


def test_a_request_of_googles_client_is_taken_and_its_log_line_read(
    client: datamanager.IngestionServiceClient,
) -> None:
    identifier = datamanager.UserIdentifier(email_address="ab" * 32)
    request = ingested(
        datamanager.Event(
            transaction_id="HH77",
            event_timestamp=CLOCK,
            user_data=datamanager.UserData(user_identifiers=[identifier]),
            ad_identifiers=datamanager.AdIdentifiers(gclid="G1"),
            conversion_value=42.5,
            currency="EUR",
        )
    )
    taken = client.ingest_events(request)
    body = json.loads(
        datamanager.IngestEventsRequest.to_json(request, use_integers_for_enums=False)
    )
    (row,) = read(
        {
            "ts": "2026-09-15T06:00:00Z",
            "request": body,
            "response": {"status": 200, "body": {"requestId": taken.request_id}},
        }
    )
    assert row["outcome"] == "received" and row["request_id"] == taken.request_id
    assert (row["destination"], row["account_id"], row["action"]) == (
        "google", ACCOUNT, "900100009",
    )  # fmt: skip
    assert (row["has_email"], row["has_phone"], row["is_hashed"]) == (True, False, True)
    assert (row["click_id_kinds"], row["has_ads_consent"]) == ("gclid", True)
    assert row["event_at"] == CLOCK and str(row["amount"]) == "42.500000"


def test_a_request_without_identifiers_is_refused_whole(
    client: datamanager.IngestionServiceClient,
) -> None:
    with pytest.raises(BadRequest, match="NO_IDENTIFIERS_PROVIDED"):
        client.ingest_events(ingested(datamanager.Event(transaction_id="HH78")))


def test_googles_client_reads_the_verdicts_we_land(
    client: datamanager.IngestionServiceClient, sandbox: Any, landing: Any, tmp_path: Path
) -> None:
    landed = rows(landing, *land(landing, access_to(sandbox, tmp_path), "requests"))
    by_request: dict[str, set[tuple[Any, ...]]] = {}
    for row in landed:
        said = (row["status"], row["record_count"], row["reason_code"], row["reason_count"])
        by_request.setdefault(row["request_id"], set()).add(said)
    seen = {}
    for request_id in by_request:
        (one,) = client.retrieve_request_status(
            {"request_id": request_id}
        ).request_status_per_destination
        counts = [(c.reason.name, c.record_count) for c in one.error_info.error_counts]
        seen[request_id] = {
            (one.request_status.name, one.events_ingestion_status.record_count, *count)
            for count in counts or [(None, None)]
        }
    assert by_request == seen and len(seen) > 20
    statuses = {row["status"] for row in landed}
    assert statuses >= {"SUCCESS", "FAILED"}
    assert all(row["reason"] for row in landed if row["reason_code"])


def test_the_log_is_read_as_the_world_sent_it(
    sandbox: Any, landing: Any, tmp_path: Path, world: Path
) -> None:
    landed = rows(landing, *land(landing, access_to(sandbox, tmp_path)))
    truth = duckdb.sql(
        f"""select destination, action, coalesce(event_id, transaction_id) as event,
            sent_at, http_status, error_subcode
        from '{world}/server_sends.parquet'
        where known_at <= timestamp '2026-09-15 06:00'
            and timezone('Europe/Lisbon', timezone('UTC', sent_at))::date >= date '2026-08-15'"""
    ).fetchall()
    found = [
        (row["destination"], row["action"], None if row["event_key"].startswith("line:")
         else row["event_key"], row["sent_at"].replace(tzinfo=None), row["http_status"],
         row["error_subcode"])
        for row in landed
    ]  # fmt: skip
    assert sorted(map(repr, found)) == sorted(map(repr, truth)) and len(found) > 100
    of = {row["outcome"] for row in landed}
    assert of == {"accepted", "received", "rejected", "unknown"}
    assert {row["error_subcode"] for row in landed} >= {"2804050"}


def test_lines_that_stand_twice_in_the_log_are_one(
    sandbox: Any, landing: Any, tmp_path: Path
) -> None:
    (load,) = land(landing, access_to(sandbox, tmp_path))
    listed = landing.path(landing.set_aside_file(load))
    assert duckdb.sql(f"select distinct kind, is_lost from '{listed}'").fetchall() == [
        ("duplicate", False)
    ]


def test_nothing_of_a_person_is_landed(
    sandbox: Any, landing: Any, tmp_path: Path, world: Path
) -> None:
    (load,) = land(landing, access_to(sandbox, tmp_path))
    people = duckdb.sql(f"select email, phone from '{world}/people.parquet'").fetchall()
    texts = str(rows(landing, load)) + str(set_aside(landing, load))
    assert "192.0.2.14" not in texts and "@" not in texts
    assert not any(phone in texts or email in texts for email, phone in people)
    sent = {row["is_hashed"] for row in rows(landing, load)}
    assert sent == {True, False, None}, "an address that nobody hashed is recorded as such"


def test_quality_is_what_meta_says_of_each_event(
    sandbox: Any, landing: Any, tmp_path: Path
) -> None:
    landed = rows(landing, *land(landing, access_to(sandbox, tmp_path), "quality", WEEK))
    assert [row["action"] for row in landed] == ["Lead", "Purchase"]
    for row in landed:
        assert 0 < row["match_quality"] <= 10
        assert 0 < row["event_coverage"] <= 1 and row["browser_id_coverage"] == Decimal("0.98")
        assert row["observed_date"] == date(2026, 9, 14)


def test_a_dataset_without_the_field_of_deduplication_tells_the_rest(
    sandbox: Any, landing: Any, tmp_path: Path
) -> None:
    sandbox.desk.order_fault("conversions_api", "no_dedupe", 1)
    landed = rows(landing, *land(landing, access_to(sandbox, tmp_path), "quality", WEEK))
    assert {row["server_id_coverage"] for row in landed} == {None}
    assert all(row["match_quality"] for row in landed)


def test_the_version_of_the_graph_is_the_clients_own() -> None:
    assert meta.PATH == f"{FacebookAdsApi.API_VERSION}/dataset_quality"
    from facebook_business.adobjects.adspixelcapiintegrationquality import (
        AdsPixelCAPIIntegrationQuality as Quality,
    )

    asked = {"event_name", "event_match_quality", "event_coverage", "data_freshness"}
    assert asked | {"dedupe_key_feedback"} <= {
        value for name, value in vars(Quality.Field).items() if not name.startswith("_")
    }


def test_every_reason_of_googles_own_client_has_words_here() -> None:
    from google.ads.datamanager_v1.types.processing_errors import ProcessingErrorReason

    for reason in ProcessingErrorReason:
        assert outcomes.reason_of("google", reason.name), reason.name


def test_each_log_and_each_account_lands_on_its_own(sandbox: Any, tmp_path: Path) -> None:
    access = access_to(sandbox, tmp_path)
    assert [name for name, _ in SOURCE.parts(access, ATTEMPTS)] == ["sender"]
    assert [name for name, _ in SOURCE.parts(access, REQUESTS)] == [GOOGLE]
    assert [name for name, _ in SOURCE.parts(access, QUALITY)] == [META]


def test_meta_is_asked_of_the_newest_day_alone() -> None:
    asked = {"day": date(2026, 9, 14), "history_start": date(2026, 8, 1), "covered": set()}
    assert windows(QUALITY, **asked) == [Window(date(2026, 9, 14), date(2026, 9, 15))]
    assert windows(ATTEMPTS, **asked)[0].since == date(2026, 8, 1)


def test_a_window_split_in_two_gives_what_the_whole_gives(
    sandbox: Any, landing: Any, tmp_path: Path
) -> None:
    access, halves = access_to(sandbox, tmp_path), list(MONTH.split(16))
    whole = rows(landing, *land(landing, access))
    parts = [load for half in halves for load in land(landing, access, window=half)]
    assert rows(landing, *parts) == whole
