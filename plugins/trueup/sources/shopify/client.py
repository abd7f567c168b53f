"""Asking the Admin API: a 24-hour token, patience by query cost, GraphQL errors made ours.

Shopify throttles with HTTP 200 and a cost report that says how many points are missing and how
fast they return, so the wait is computed here rather than guessed by the HTTP layer.
"""

from __future__ import annotations

import time
from typing import Any

from requests import Response

from trueup import settings
from trueup.errors import AccessDenied, BrokenContract
from trueup.sources import http
from trueup.sources.contract import Access, Stream
from trueup.sources.shopify import queries
from trueup.sources.shopify.streams import API_VERSION
from trueup.window import Window

OAUTH_PATH = "admin/oauth/access_token"
GRAPHQL_PATH = f"admin/api/{API_VERSION}/graphql.json"
#: Without read_all_orders the vendor leaves out orders older than 60 days, and does not say so.
SCOPES = ("read_orders", "read_all_orders", "read_customers", "read_products")
#: Worth another try: the bucket is empty, or their side failed.
TRANSIENT = {"THROTTLED", "INTERNAL_SERVER_ERROR", "TIMEOUT"}
LONGEST_WAIT_SECONDS = 60.0
#: A token is renewed this long before it ends, so that none ends on the way.
TOKEN_MARGIN_SECONDS = 60.0


class TooCostly(Exception):
    """The query asks for more points than a single query may; ask for fewer rows."""


class Admin:
    """The Admin API of one shop, on behalf of one stream and window."""

    def __init__(self, access: Access, stream: Stream, window: Window) -> None:
        self.place = {"source": access.source, "stream": stream.name, "window": window}
        self._access, self._stream, self._window = access, stream, window
        self._patience = settings.read()
        self._client = http.rest_client(access)
        self._token_until = 0.0

    def shop(self) -> dict[str, Any]:
        """The shop the token opens; an error unless it is the account of the company file."""
        shop = self.ask(queries.SHOP)["shop"]
        if len(self._access.accounts) != 1:
            raise self._misfit("accounts", "exactly one", len(self._access.accounts))
        account = self._access.accounts[0]
        if shop["myshopifyDomain"] != account.id:
            raise AccessDenied(
                "the credentials open another shop",
                **self.place,
                expected=account.id,
                got=shop["myshopifyDomain"],
                next_step="correct the account id or base_url of shopify in the company file",
            )
        if shop["currencyCode"] != account.currency_code:
            raise self._misfit("currency", account.currency_code, shop["currencyCode"])
        if shop["ianaTimezone"] != account.time_zone:
            raise self._misfit("time zone", account.time_zone, shop["ianaTimezone"])
        return shop

    def ask(self, query: str, /, **variables: Any) -> dict[str, Any]:
        """The query's data. Waits while throttled; any error in the answer is raised."""
        for attempt in range(1, self._patience.http_attempts + 1):
            response = self._post(query, variables)
            answer = http.parse_json(
                response, source=self._access.source, stream=self._stream, window=self._window
            )
            codes = _codes(answer)
            if not codes & TRANSIENT:
                return self._data(answer, codes)
            if attempt < self._patience.http_attempts:
                time.sleep(seconds_to_wait(answer, attempt, self._patience.http_backoff_seconds))
        http.check(response, slow_down=lambda _: True, **self.place)
        raise AssertionError("unreachable: a refused answer always raises")

    def _post(self, query: str, variables: dict[str, Any]) -> Response:
        """One request; a token that ended early is renewed once."""
        is_new = self._ensure_token()
        body = {"query": query, "variables": variables}
        try:
            response = self._call(GRAPHQL_PATH, body)
        except AccessDenied:
            if is_new:
                raise
            self._token_until = 0.0
            self._ensure_token()
            response = self._call(GRAPHQL_PATH, body)
        answered = response.headers.get("X-Shopify-API-Version", API_VERSION)
        if answered != API_VERSION:
            raise BrokenContract(
                "the vendor no longer answers the API version we ask for",
                **self.place,
                expected=API_VERSION,
                got=answered,
                next_step="move the source to a supported version and run its contract tests",
            )
        return response

    def _ensure_token(self) -> bool:
        """Hold a token that still lasts; whether it is a new one."""
        if time.monotonic() < self._token_until - TOKEN_MARGIN_SECONDS:
            return False
        self._client.headers = {}
        try:
            response = self._call(
                OAUTH_PATH,
                {
                    "grant_type": "client_credentials",
                    "client_id": self._access.secrets["client_id"],
                    "client_secret": self._access.secrets["client_secret"],
                },
            )
        except BrokenContract as refusal:
            raise AccessDenied(
                "Shopify gave no token for our client credentials",
                **self.place,
                got=str(refusal).partition("got: ")[2].partition("; next step")[0],
                next_step="check client_id and client_secret, and that the app is installed",
            ) from None
        token = http.parse_json(
            response, source=self._access.source, stream=self._stream, window=self._window
        )
        self._check_scopes(token.get("scope"))
        self._client.headers = {"X-Shopify-Access-Token": token["access_token"]}
        self._token_until = time.monotonic() + float(token["expires_in"])
        return True

    def _check_scopes(self, scope: str | None) -> None:
        granted = set((scope or "").split(","))
        missing = [
            name for name in SCOPES if not {name, name.replace("read_", "write_", 1)} & granted
        ]
        if scope is not None and missing:
            raise AccessDenied(
                "the app lacks access scopes",
                **self.place,
                expected=", ".join(SCOPES),
                got=f"without {', '.join(missing)}",
                next_step="grant the app the missing scopes and install it again",
            )

    def _call(self, path: str, body: dict[str, Any]) -> Response:
        return http.call(
            self._client,
            self._stream,
            self._window,
            path,
            source=self._access.source,
            method="POST",
            body=body,
        )

    def _data(self, answer: dict[str, Any], codes: set[str]) -> dict[str, Any]:
        """The answer's data, if it has no error of any kind."""
        if "MAX_COST_EXCEEDED" in codes:
            raise TooCostly
        if not codes and isinstance(answer.get("data"), dict):
            return answer["data"]
        got = "; ".join(_messages(answer)) or "neither data nor errors"
        if "ACCESS_DENIED" in codes:
            raise AccessDenied(
                "Shopify denied a field of the query",
                **self.place,
                got=got[:300],
                next_step="grant the app the scope it names (protected customer data counts too)",
            )
        raise BrokenContract(
            "Shopify answered the query with an error",
            **self.place,
            got=got[:300],
            next_step=f"compare the query with the vendor's {API_VERSION} schema and changelog",
        )

    def _misfit(self, what: str, expected: object, got: object) -> BrokenContract:
        return BrokenContract(
            f"the shop's {what} is not what the company file says",
            **self.place,
            expected=expected,
            got=got,
            next_step="correct the account of shopify in the company file",
        )


def seconds_to_wait(answer: dict[str, Any], attempt: int, backoff: float) -> float:
    """How long until the bucket holds the points the query needs.

    Other apps' queries do not share the bucket, our own parallel ones do: hence longer with
    each attempt. Without a cost report, exponential backoff.
    """
    cost = (answer.get("extensions") or {}).get("cost") or {}
    status = cost.get("throttleStatus") or {}
    if not status.get("restoreRate"):
        return min(backoff * 2**attempt, LONGEST_WAIT_SECONDS)
    missing = cost["requestedQueryCost"] - status["currentlyAvailable"]
    return min(max(missing, 1) * attempt / status["restoreRate"], LONGEST_WAIT_SECONDS)


def _errors(answer: dict[str, Any]) -> list[Any]:
    """The answer's errors: a list in GraphQL, now and then a bare text or object."""
    errors = answer.get("errors") or []
    return errors if isinstance(errors, list) else [errors]


def _codes(answer: dict[str, Any]) -> set[str]:
    return {
        (error.get("extensions") or {}).get("code", "UNKNOWN")
        if isinstance(error, dict)
        else "UNKNOWN"
        for error in _errors(answer)
    }


def _messages(answer: dict[str, Any]) -> list[str]:
    return [
        str(error.get("message", error)) if isinstance(error, dict) else str(error)
        for error in _errors(answer)
    ]
