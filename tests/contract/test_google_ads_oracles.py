"""Google Ads: the sandbox checked against what we did not write, Google's client and protos."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from google.ads.googleads.client import GoogleAdsClient
from google.ads.googleads.errors import GoogleAdsException
from google.ads.googleads.v26.errors.types.errors import GoogleAdsFailure
from google.ads.googleads.v26.services.types.google_ads_service import (
    GoogleAdsRow,
    SearchGoogleAdsResponse,
    SearchGoogleAdsStreamResponse,
)
from google.api_core.exceptions import ResourceExhausted
from google.oauth2.credentials import Credentials
from google.protobuf import json_format

from contract.google_ads_account import CUSTOMER, DAY, MANAGER, SECRETS, WEEK
from sandbox.google_ads_grpc import serve
from sandbox.vendors import google_ads
from sandbox.vendors.google_ads_fields import FIELDS
from trueup.sources.google_ads.queries import CLAIM_LEVELS, DEFINITIONS, LINKS, QUERIES, TERM_TOTALS

ALL_QUERIES = [
    *QUERIES.values(),
    DEFINITIONS,
    LINKS,
    TERM_TOTALS,
    *(query for levels in CLAIM_LEVELS.values() for query in levels.values()),
]
SPEND = """SELECT campaign.id, campaign.name, campaign.advertising_channel_type, segments.date,
    metrics.clicks, metrics.cost_micros FROM campaign
    WHERE segments.date BETWEEN '2026-09-01' AND '2026-09-07' AND metrics.clicks > 0
    ORDER BY metrics.cost_micros DESC LIMIT 20"""
FORMATS = """SELECT campaign.id, campaign.advertising_channel_type,
    campaign.advertising_channel_sub_type, metrics.cost_micros FROM campaign
    WHERE segments.date BETWEEN '2026-08-18' AND '2026-09-07' AND metrics.clicks > 0"""
AD_TYPES = "SELECT ad_group_ad.ad.id, ad_group_ad.ad.type FROM ad_group_ad"


class Ready(Credentials):
    """Credentials that never ask Google for a token."""

    @property
    def valid(self) -> bool:
        return True

    @property
    def expired(self) -> bool:
        return False


@pytest.fixture
def token(sandbox: Any) -> str:
    form = {"grant_type": "refresh_token", **SECRETS}
    answer = requests.post(f"{sandbox.url}/google_ads/token", data=form, timeout=10).json()
    assert answer["expires_in"] == 3599 and answer["token_type"] == "Bearer"
    return answer["access_token"]


@pytest.fixture
def client(
    sandbox: Any, token: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[GoogleAdsClient]:
    """Google's client; gRPC reads its roots once a process, so one test uses it for everything."""
    with serve(sandbox.desk, tmp_path) as (address, roots):
        monkeypatch.setenv("GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", str(roots))
        yield GoogleAdsClient(
            Ready(token), endpoint=address, login_customer_id=MANAGER, use_proto_plus=True
        )


def ask(sandbox: Any, token: str, method: str, body: dict[str, Any], **headers: str) -> Any:
    return requests.post(
        f"{sandbox.url}/google_ads/v26/customers/{CUSTOMER}/googleAds:{method}",
        json=body,
        headers={
            "Authorization": f"Bearer {token}",
            "login-customer-id": MANAGER,
            **headers,
        },
        params={"$alt": "json;enum-encoding=int"},
        timeout=10,
    )


def test_googles_own_client_reads_the_same_rows(
    client: GoogleAdsClient, sandbox: Any, token: str
) -> None:
    service = client.get_service("GoogleAdsService", version="v26")
    found = [
        (row.campaign.id, str(row.segments.date), row.metrics.clicks, row.metrics.cost_micros)
        for batch in service.search_stream(customer_id=CUSTOMER, query=SPEND)
        for row in batch.results
    ]
    batches = ask(sandbox, token, "searchStream", {"query": SPEND}).json()
    assert found == [
        (
            int(row["campaign"]["id"]),
            row["segments"]["date"],
            int(row["metrics"]["clicks"]),
            int(row["metrics"]["costMicros"]),
        )
        for batch in batches
        for row in batch["results"]
    ]
    assert len(found) == 20 and found[0][3] == max(row[3] for row in found)
    # Every format that ads of the demo run in is one of the client's own enum.
    types = service.search_stream(customer_id=CUSTOMER, query=FORMATS)
    shown = {
        row.campaign.advertising_channel_type.name: row.metrics.cost_micros
        for batch in types
        for row in batch.results
    }
    assert set(shown) == {
        "SEARCH", "SHOPPING", "DISPLAY", "VIDEO", "DEMAND_GEN", "PERFORMANCE_MAX"
    }  # fmt: skip
    assert all(shown.values())
    ads = {
        row.ad_group_ad.ad.type_.name
        for batch in service.search_stream(customer_id=CUSTOMER, query=AD_TYPES)
        for row in batch.results
    }
    assert ads >= {"DEMAND_GEN_MULTI_ASSET_AD", "VIDEO_RESPONSIVE_AD", "SHOPPING_PRODUCT_AD"}
    bad = SPEND.replace("metrics.clicks", "metrics.bogus")
    with pytest.raises(GoogleAdsException) as caught:
        list(service.search_stream(customer_id=CUSTOMER, query=bad))
    error = caught.value.failure.errors[0]
    assert error.error_code.query_error.name == "UNRECOGNIZED_FIELD"
    assert "metrics.bogus" in error.message and caught.value.request_id
    with pytest.raises(GoogleAdsException) as caught:
        list(service.search_stream(customer_id="1234567890", query=SPEND))
    code = caught.value.failure.errors[0].error_code
    assert code.authorization_error.name == "USER_PERMISSION_DENIED"
    sandbox.desk.order_fault("google_ads", "quota_spent", 1)
    with pytest.raises((ResourceExhausted, GoogleAdsException)):
        list(service.search_stream(customer_id=CUSTOMER, query=SPEND))


def test_every_answer_is_what_googles_protos_allow(
    sandbox: Any, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(google_ads, "PAGE_ROWS", 20)
    for query in ALL_QUERIES:
        dated = any(field == "segments.date" for _, field in query.fields)
        window = DAY if query.resource == "click_view" else WEEK
        where = f"segments.date BETWEEN '{window.since}' AND '{window.last_day}'" if dated else ""
        summary = {"summaryRowSetting": "SUMMARY_ROW_WITH_RESULTS"} if query.metrics else {}
        streamed = ask(sandbox, token, "searchStream", {"query": query.text(where), **summary})
        rows = 0
        for batch in streamed.json():
            parsed = json_format.ParseDict(
                batch, SearchGoogleAdsStreamResponse.pb(SearchGoogleAdsStreamResponse())
            )
            rows += len(parsed.results)
            assert batch["requestId"]
        counted = {"searchSettings": {"returnTotalResultsCount": True}}
        page = ask(sandbox, token, "search", {"query": query.text(where), **counted}).json()
        json_format.ParseDict(page, SearchGoogleAdsResponse.pb(SearchGoogleAdsResponse()))
        assert int(page["totalResultsCount"]) == rows > 0


def test_every_field_asked_for_is_one_of_googles() -> None:
    asked = {field for query in ALL_QUERIES for _, field in query.fields}
    for field in asked | set(FIELDS):
        descriptor = GoogleAdsRow.pb(GoogleAdsRow()).DESCRIPTOR
        for part in field.split("."):
            # Python's protos put an underscore behind what is a word of the language.
            name = part if part in descriptor.fields_by_name else f"{part}_"
            assert name in descriptor.fields_by_name, field
            descriptor = descriptor.fields_by_name[name].message_type


def test_numbers_travel_as_google_sends_them(sandbox: Any, token: str) -> None:
    query = """SELECT campaign.id, segments.date, metrics.clicks, metrics.conversions
        FROM campaign WHERE segments.date = '2026-09-03'"""
    results = ask(sandbox, token, "searchStream", {"query": query}).json()[0]["results"]
    assert all(isinstance(row["metrics"]["clicks"], str) for row in results)
    assert all(isinstance(row["metrics"]["conversions"], int | float) for row in results)
    assert any(row["metrics"]["conversions"] == 0 for row in results)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("FROM campaign", "EXPECTED_SELECT"),
        ("SELECT campaign.id FROM nowhere", "BAD_RESOURCE_TYPE_IN_FROM_CLAUSE"),
        ("SELECT campaign.colour FROM campaign", "UNRECOGNIZED_FIELD"),
        ("SELECT ad_group.id FROM campaign", "PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE"),
        (
            "SELECT segments.date, metrics.clicks FROM campaign",
            "EXPECTED_FILTERS_ON_DATE_RANGE",
        ),
        (
            "SELECT segments.conversion_action, metrics.cost_micros FROM campaign",
            "PROHIBITED_SEGMENT_WITH_METRIC_IN_SELECT_OR_WHERE_CLAUSE",
        ),
        ("SELECT click_view.gclid FROM click_view", "EXPECTED_FILTERS_ON_DATE_RANGE"),
        (
            "SELECT click_view.gclid FROM click_view"
            " WHERE segments.date BETWEEN '2026-09-01' AND '2026-09-02'",
            "DATE_RANGE_TOO_WIDE",
        ),
        (
            "SELECT click_view.gclid FROM click_view WHERE segments.date = '2026-06-01'",
            "INVALID_DATE",
        ),
        (
            "SELECT segments.date, metrics.clicks FROM campaign"
            " WHERE segments.date BETWEEN '2023-07-01' AND '2023-07-02'",
            "REQUESTED_DATE_GRANULARITY_NOT_SUPPORTED",
        ),
        ("SELECT campaign.id FROM campaign LIMIT 0", "BAD_LIMIT_VALUE"),
        ("SELECT campaign.id FROM campaign WHERE segments.date = 'x'", "INVALID_DATE_FORMAT"),
        ("SELECT campaign.id FROM campaign ;", "UNEXPECTED_INPUT"),
    ],
)
def test_a_wrong_query_gets_googles_error(sandbox: Any, token: str, query: str, name: str) -> None:
    for method in ("search", "searchStream"):
        answer = ask(sandbox, token, method, {"query": query})
        assert answer.status_code == 400
        body = answer.json()[0] if method == "searchStream" else answer.json()
        detail = dict(body["error"]["details"][0])
        detail.pop("@type")
        failure = json_format.ParseDict(detail, GoogleAdsFailure.pb(GoogleAdsFailure()))
        assert name in str(failure.errors[0].error_code)


def test_page_sizes_are_refused_and_tokens_end(sandbox: Any, token: str) -> None:
    query = {"query": "SELECT campaign.id FROM campaign"}
    assert "PAGE_SIZE_NOT_SUPPORTED" in ask(sandbox, token, "search", {**query, "pageSize": 5}).text
    assert ask(sandbox, token, "search", {**query, "pageToken": "page-9"}).status_code == 400
    ended = google_ads.signed(1_700_000_000)
    assert ask(sandbox, ended, "search", query).status_code == 401
    assert ask(sandbox, token, "search", query, **{"login-customer-id": "1"}).status_code == 403
