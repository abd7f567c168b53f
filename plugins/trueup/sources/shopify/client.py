"""Asking the Admin API: a 24-hour token, patience by query cost, GraphQL errors made ours.

Shopify throttles with HTTP 200 and a cost report that says how many points are missing and how
fast they return, so the wait is computed here rather than guessed by the HTTP layer.
"""

from __future__ import annotations

import time
from typing import Any

from requests import Response

from trueup.errors import AccessDenied, BrokenContract
from trueup.sources import http, strict_json, zones
from trueup.sources.contract import Access, Stream
from trueup.sources.refusals import Place, seconds
from trueup.sources.shopify import queries, refusals
from trueup.sources.shopify.refusals import Answer
from trueup.sources.shopify.streams import API_VERSION
from trueup.sources.strict_json import Unreadable
from trueup.window import Window

OAUTH_PATH = "admin/oauth/access_token"
GRAPHQL_PATH = f"admin/api/{API_VERSION}/graphql.json"
#: Without read_all_orders the vendor leaves out orders older than 60 days, and does not say so.
SCOPES = ("read_orders", "read_all_orders", "read_customers")
#: What of the shop must agree with the company file.
CHECKED = ("myshopifyDomain", "currencyCode", "ianaTimezone")
LONGEST_WAIT_SECONDS = 60.0
#: Streams of one shop land side by side and share its bucket: a query that only waits for points
#: is asked this many times as often as one that fails.
TURNS_AN_ATTEMPT = 4
#: A token is renewed this long before it ends, so that none ends on the way.
TOKEN_MARGIN_SECONDS = 60.0


class Admin:
    """The Admin API of one shop, on behalf of one stream and window."""

    def __init__(self, access: Access, stream: Stream, window: Window) -> None:
        self.account = access.account
        self._secrets = access.secrets
        url = access.base_url or f"https://{self.account.id}"
        self._api = http.Api(access, stream, window, judge=refusals.judge, base_url=url)
        self._sign_in = http.Api(access, stream, window, judge=refusals.judge_sign_in, base_url=url)
        self._token_until = 0.0
        self._scopes: set[str] | None = None
        #: How often a query is asked while Shopify throttles or fails.
        self.attempts = self._api.patience.http_attempts

    @property
    def place(self) -> Place:
        return self._api.place

    def shop(self) -> dict[str, Any]:
        """The shop the token opens; an error unless it is the account of the company file."""
        shop = self.ask(queries.SHOP).get("shop")
        if not isinstance(shop, dict) or not all(isinstance(shop.get(one), str) for one in CHECKED):
            got = f"{strict_json.kind(shop)} without them"
            raise self.unlike("shop", f"an object with {', '.join(CHECKED)}", got)
        if shop["myshopifyDomain"] != self.account.id:
            raise AccessDenied(
                "the credentials open another shop",
                **self.place,
                expected=self.account.id,
                got=shop["myshopifyDomain"],
                next_step="correct the account id or base_url of shopify in the company file",
            )
        if shop["currencyCode"] != self.account.currency_code:
            raise self._misfit("currency", self.account.currency_code, shop["currencyCode"])
        if not zones.have_same_days(shop["ianaTimezone"], self.account.time_zone):
            raise self._misfit("time zone", self.account.time_zone, shop["ianaTimezone"])
        shop["ianaTimezone"] = self.account.time_zone  # by the company file's name
        return shop

    def may(self, scope: str) -> bool:
        """Whether the app was granted a scope; yes where the vendor does not say what was."""
        self._ensure_token()
        return self._scopes is None or scope in self._scopes

    def ask(self, query: str, /, **variables: Any) -> dict[str, Any]:
        """The query's data. Waits while throttled, asks again while their side fails; what is
        wrong with single orders in the end is written into them, any other error is raised."""
        backoff = self._api.patience.http_backoff_seconds
        turns = failures = 0
        while True:
            answer = self._post(query, variables)
            codes = refusals.codes_of(answer)
            if not refusals.is_passing(codes):
                break
            missing = seconds_of_missing_points(answer)
            if missing is None:
                failures += 1
                wait = backoff * 2**failures
            else:
                turns += 1
                wait = missing * turns
            if failures >= self.attempts or turns >= self.attempts * TURNS_AN_ATTEMPT:
                break
            time.sleep(min(wait, LONGEST_WAIT_SECONDS))
        data = answer.get("data")
        is_partial = refusals.is_passing(codes) and refusals.mark_partial(answer)
        if isinstance(data, dict) and (not codes or is_partial):
            return data
        raise refusals.error_for(answer, codes, self.place, query)

    def _post(self, query: str, variables: dict[str, Any]) -> Answer:
        """One request; a token that ended early is renewed once."""
        is_new = self._ensure_token()
        body = {"query": query, "variables": variables}
        try:
            return self._graphql(body)
        except AccessDenied:
            if is_new:
                raise
            self._token_until = 0.0
            self._ensure_token()
            return self._graphql(body)

    def _graphql(self, body: Answer) -> Answer:
        return self._api.read(GRAPHQL_PATH, self._answer, method="POST", body=body)

    def _answer(self, response: Response) -> Answer:
        answer = strict_json.read(response.content)
        if not isinstance(answer, dict):
            raise Unreadable(f"a {type(answer).__name__} where GraphQL answers with an object")
        answered = response.headers.get("X-Shopify-API-Version", API_VERSION)
        if answered != API_VERSION:
            raise BrokenContract(
                "the vendor no longer answers the API version we ask for",
                **self.place,
                expected=API_VERSION,
                got=answered[:20],
                next_step="move the source to a supported version and run its contract tests",
            )
        return answer

    def _ensure_token(self) -> bool:
        """Hold a token that still lasts; whether it is a new one."""
        if time.monotonic() < self._token_until - TOKEN_MARGIN_SECONDS:
            return False
        credentials = {name: self._secrets[name] for name in ("client_id", "client_secret")}
        granted = self._sign_in.json(
            OAUTH_PATH, method="POST", body={"grant_type": "client_credentials", **credentials}
        )
        token, lasts = http.granted(granted, self.place)
        self._check_scopes(granted.get("scope"))
        self._api.client.headers = {"X-Shopify-Access-Token": token}
        self._token_until = time.monotonic() + lasts
        return True

    def _check_scopes(self, scope: str | None) -> None:
        granted = set(str(scope or "").split(","))
        self._scopes = None if scope is None else granted
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

    def unlike(self, name: str, expected: str, got: str) -> BrokenContract:
        return BrokenContract(
            f"Shopify's {name} is not as Admin GraphQL {API_VERSION} declares it",
            **self.place,
            expected=expected,
            got=got,
            next_step="compare the query with the vendor's schema and changelog",
        )

    def _misfit(self, what: str, expected: object, got: object) -> BrokenContract:
        return BrokenContract(
            f"the shop's {what} is not what the company file says",
            **self.place,
            expected=expected,
            got=got,
            next_step="correct the account of shopify in the company file",
        )


def seconds_of_missing_points(answer: Answer) -> float | None:
    """How long until the bucket holds the points that a throttled query needs; None where the
    answer is no such refusal, or has no report of its cost.

    Other apps' queries do not share the bucket, our own parallel ones do: who asks waits longer
    with each turn.
    """
    cost = _object(_object(answer.get("extensions")).get("cost"))
    status = _object(cost.get("throttleStatus"))
    rate = seconds(status.get("restoreRate"))
    wanted, there = seconds(cost.get("requestedQueryCost")), status.get("currentlyAvailable")
    is_throttled = refusals.codes_of(answer) == {refusals.THROTTLED}
    if not (is_throttled and rate and wanted and isinstance(there, int | float)):
        return None
    return max(wanted - there, 1) / rate


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
