"""Shopify's own SDK and schema agree with the sandbox."""

from __future__ import annotations

import gzip
import json
import os
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
import shopify_app
from graphql import (
    GraphQLEnumType,
    GraphQLObjectType,
    build_client_schema,
    parse,
    validate,
)

from sandbox import demo
from sandbox.vendors import shopify as page
from trueup.sources.shopify import API_VERSION, queries


class ToSandbox(httpx.HTTPTransport):
    """Sends what is meant for *.myshopify.com to the sandbox instead."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = httpx.URL(url)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert request.url.host == "harbour-house.myshopify.com"
        port, path = self._url.port, f"/shopify{request.url.path}"
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=port, path=path)
        return super().handle_request(request)


def test_the_vendors_sdk_gets_a_token_and_an_answer_after_a_throttle(sandbox: Any) -> None:
    app = shopify_app.ShopifyApp(
        demo.secret("shopify_client_id"), demo.secret("shopify_client_secret")
    )
    with httpx.Client(transport=ToSandbox(sandbox.url)) as http:
        given = app.exchange_using_client_credentials("harbour-house", http_client=http)
        assert given.ok and given.access_token.scope == page.SCOPES
        asked = {
            "query": queries.ORDERS,
            "shop": "harbour-house",
            "access_token": given.access_token.token,
            "api_version": API_VERSION,
            "variables": {"query": "", "first": 3},
            "http_client": http,
        }
        sandbox.desk.order_fault("shopify", "throttle", 1)
        throttled = shopify_app.admin_graphql_request(**asked)
        time.sleep(0.05)  # the shop restores a point a millisecond, and two are missing
        answered = shopify_app.admin_graphql_request(**asked)
        refused = shopify_app.admin_graphql_request(**asked | {"access_token": "shpat_other"})
    assert not throttled.ok and '"THROTTLED"' in throttled.response.body
    assert throttled.response.status == 200
    assert answered.ok and len(answered.data["orders"]["nodes"]) == 3
    status = answered.extensions["cost"]["throttleStatus"]
    assert status["currentlyAvailable"] < status["maximumAvailable"]
    assert not refused.ok and refused.log.code == "unauthorized"


def test_the_vendors_sdk_is_refused_with_a_wrong_secret(sandbox: Any) -> None:
    app = shopify_app.ShopifyApp(demo.secret("shopify_client_id"), "wrong")
    with httpx.Client(transport=ToSandbox(sandbox.url)) as http:
        given = app.exchange_using_client_credentials("harbour-house", http_client=http)
    assert not given.ok and given.log.code == "invalid_client"


@pytest.mark.parametrize("query", queries.ALL)
def test_the_sandbox_serves_every_query(query: str) -> None:
    assert validate(page.SCHEMA, parse(query)) == []


def test_queries_and_sandbox_agree_with_the_vendors_full_schema() -> None:
    schema = build_client_schema(_vendors_introspection(), assume_valid=True)
    for query in queries.ALL:
        assert validate(schema, parse(query)) == []
    for name, ours in page.SCHEMA.type_map.items():
        if name.startswith("__"):
            continue
        theirs = schema.type_map[name]
        assert type(ours) is type(theirs), name
        if isinstance(ours, GraphQLEnumType):
            assert set(ours.values) <= set(theirs.values), name
        if isinstance(ours, GraphQLObjectType):
            for field, defined in ours.fields.items():
                real = theirs.fields[field]
                assert str(defined.type) == str(real.type), f"{name}.{field}"
                assert not real.deprecation_reason, f"{name}.{field}"
                for argument, given in defined.args.items():
                    assert str(given.type) == str(real.args[argument].type), f"{name}.{field}"


def _vendors_introspection() -> dict[str, Any]:
    """The schema the vendor publishes as admin_2026-10.json.gz; it may not be copied here."""
    named = os.environ.get("TRUEUP_SHOPIFY_SCHEMA")
    default = Path(__file__).parents[3] / "shared/contracts/shopify/admin_2026-10.json.gz"
    path = Path(named) if named else default
    if not path.exists():
        pytest.skip(
            f"{path.name} is not beside this checkout: point TRUEUP_SHOPIFY_SCHEMA at the copy"
            " in the npm package @shopify/dev-mcp 1.16.0 (dist/data)"
        )
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    found = json.loads(content)
    return found.get("data", found)
