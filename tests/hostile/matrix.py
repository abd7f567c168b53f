"""The matrix: source x kind of hostile answer, and what each may come to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from hostile import kinds as k
from hostile.go_between import Asked
from hostile.kinds import Kind


@dataclass(frozen=True)
class Cell:
    """One kind of answer in place of what `source` is asked for `stream`. `may_land` says that what
    is wrong with it costs a row at most, or nothing; else nothing of it may land. `said` must stand
    in what is reported to a person."""

    source: str
    stream: str
    kind: str
    answer: Kind
    may_land: bool = False
    said: str = ""
    path: str = ""

    @property
    def is_of_time(self) -> bool:
        """Whether it never ends, so that a short bound is waited for in full."""
        return self.kind in OF_TIME or "drips" in self.kind

    @property
    def name(self) -> str:
        return f"{self.source}-{self.stream}-{self.kind}".replace(" ", "_")

    def is_meant(self, asked: Asked) -> bool:
        path, text = (self.path, b"") if self.path else PATHS[self.source]
        return path in asked.path and text in asked.sent


#: Where a source's data is asked for: a piece of the path, and of what is sent.
PATHS = {
    "awin": ("/reports/campaign", b""),
    "cloudbeds": ("getReservationsWithRateDetails", b""),
    "google_ads": ("googleAds:search", b""),
    "meta_ads": ("/insights", b""),
    "ga4": ("/data?", b""),
    "gtm": ("versions:live", b""),
    "conversions_api": ("dataset_quality", b""),
    "hubspot": ("contacts/search", b""),
    "shopify": ("graphql.json", b"orders("),
    "fx_rates": ("/service/data", b""),
    "search_console": ("searchAnalytics", b""),
}
STREAMS = {
    "awin": "publisher_days",
    "cloudbeds": "reservations",
    "google_ads": "campaign_performance",
    "meta_ads": "ad_performance",
    "ga4": "events",
    "gtm": "settings",
    "conversions_api": "quality",
    "hubspot": "contacts",
    "shopify": "orders",
    "fx_rates": "rates",
    "search_console": "performance",
}
#: Kinds that every source gets: name, answer, whether it may land, what is said.
EVERYWHERE: tuple[tuple[str, Kind, bool, str], ...] = (
    # Time
    ("body, a byte at a time", k.drip, False, ""),
    ("headers, a byte at a time", k.drip_headers, False, ""),
    ("status line, a byte at a time", k.drip_status, False, ""),
    ("100 Continue for ever", k.continue_for_ever, False, ""),
    ("chunk sizes without end", k.drip_chunk_sizes, False, ""),
    ("trailers without end", k.trailers_for_ever, False, ""),
    ("not a byte", k.silent, False, ""),
    ("Retry-After a year", k.later("31536000"), False, "HTTP 429"),
    ("Retry-After a year, as a date", k.later(k.a_year_ahead()), False, "HTTP 429"),
    ("Retry-After negative", k.later("-5"), False, "HTTP 429"),
    ("Retry-After in the past", k.later("Wed, 21 Oct 2015 07:28:00 GMT"), False, "HTTP 429"),
    ("Retry-After nan", k.later("nan"), False, "HTTP 429"),
    ("Retry-After infinite", k.later("inf"), False, "HTTP 429"),
    ("Retry-After soon", k.later("soon"), False, "HTTP 429"),
    # Size
    ("200 MB", k.huge, False, "larger than we take"),
    ("gzip bomb of 200 MB", k.bomb, False, "larger than we take"),
    ("gzip bomb in a gzip bomb", k.bomb_in_a_bomb, False, "packed in a way"),
    ("gzip of 2,000 members", k.many_members, False, "larger than we take"),
    ("packed as we did not ask", k.packed_otherwise, False, "packed in a way"),
    ("gzip cut off", k.packed_and_cut, False, ""),
    ("said to be gzip", k.said_to_be_packed, False, ""),
    # Form
    ("cut off", k.body(lambda body: body[: len(body) * 2 // 3]), False, ""),
    ("longer than its length", k.longer_than_said, False, ""),
    ("shorter than its length", k.shorter_than_said, False, ""),
    ("length below nothing", k.odd_length, True, ""),
    ("connection reset", k.reset, False, ""),
    ("a web page with 200", k.page_of_prose, False, ""),
    ("no byte", k.body(lambda _: b""), False, ""),
    ("null", k.body(lambda _: b"null"), False, ""),
    ("a list", k.body(lambda _: b"[1, [], null]"), False, ""),
    ("an empty object", k.body(lambda _: b"{}"), False, ""),
    ("a text", k.body(lambda _: b'"text"'), False, ""),
    ("not UTF-8", k.body(lambda body: body[:50] + b"\xff\xfe" + body[50:]), False, ""),
    ("two answers in one", k.body(lambda body: body + body), False, ""),
    ("lists in lists", k.nested(b"[", b"]"), False, ""),
    ("objects in objects", k.nested(b'{"a":', b"}"), False, ""),
    ("a key twice", k.body(k.keys_twice), False, ""),
    ("NaN", k.numbers(b"NaN"), False, ""),
    ("Infinity", k.numbers(b"-Infinity"), False, ""),
    ("1e999", k.numbers(b"1e999"), False, ""),
    ("numbers of 5,000 digits", k.numbers(b"7" * 5_000), False, ""),
    ("NUL in texts", k.texts(b"\\u0000"), True, ""),
    ("half a character in texts", k.texts(b"\\ud83d"), True, ""),
    # Elsewhere
    ("redirect to metadata", k.redirect("http://169.254.169.254/latest/"), False, "another host"),
    ("redirect to loopback", k.redirect("http://127.0.0.1:1/", 307), False, "another host"),
    ("redirect to another scheme", k.redirect("https://127.0.0.1/"), False, "another host"),
    ("redirect to a file", k.redirect("file:///etc/passwd"), False, "another host"),
    ("redirect to no address", k.redirect("http://[::1/"), False, "another host"),
    ("redirect in a circle", k.redirect_in_a_circle, False, ""),
    # Prose of a vendor's, with a person and a token in it
    ("400 with a person", k.refused_with_prose(400), False, "HTTP 400"),
    ("403 with a person", k.refused_with_prose(403), False, "HTTP 403"),
    ("418 with a person", k.refused_with_prose(418), False, "HTTP 418"),
    ("500 with a person", k.refused_with_prose(500), False, "HTTP 500"),
)
OF_TIME = frozenset(kind for kind, *_ in EVERYWHERE[:7])


def _everywhere() -> list[Cell]:
    return [
        Cell(source, stream, kind, answer, may_land or (source, kind) in HARMLESS, said)
        for source, stream in STREAMS.items()
        for kind, answer, may_land, said in EVERYWHERE
    ]


#: Cells in which the answer is odd and all there: a CSV has no objects, no keys and no depth, and
#: the key that comes twice in BigQuery's is one that nobody reads.
HARMLESS = {
    ("ga4", "a key twice"),
    ("fx_rates", "two answers in one"), ("fx_rates", "a key twice"),
}  # fmt: skip


class Endless:
    """Page after page, each with a cursor to one more: `cursor` gives it by the page's number."""

    def __init__(self, change: Any, cursor: Any) -> None:
        self._change, self._cursor, self._number = change, cursor, 0
        self._first: dict[object, bytes] = {}

    def __call__(self, line: Any, asked: Asked) -> object:
        """The vendor is asked for the first page alone: it would not know the cursors."""
        question = _without_cursor(asked)
        if question not in self._first:
            self._first[question] = asked.body
        self._number += 1
        found = self._change(json.loads(self._first[question]), self._cursor(self._number))
        return line.send(json.dumps(found).encode())


def _without_cursor(asked: Asked) -> object:
    """What is asked, without which page of it."""
    if not asked.sent:
        return asked.path.split("?")[0]
    sent = json.loads(asked.sent)
    sent.pop("pageToken", None)
    sent.get("variables", {}).pop("after", None)
    return asked.path, json.dumps(sent)


def _google(answer: Any, cursor: str) -> Any:
    return answer | {"nextPageToken": cursor, "totalResultsCount": "999999999"}


def _meta(answer: Any, cursor: str) -> Any:
    return answer | {"paging": {"next": "https://x.example/", "cursors": {"after": cursor}}}


def _bigquery(answer: Any, cursor: str) -> Any:
    return answer | {"pageToken": cursor}


def _bigquery_tables(answer: Any, cursor: str) -> Any:
    return answer | {"nextPageToken": cursor}


def _shopify(answer: Any, cursor: str) -> Any:
    if (answer.get("data") or {}).get("orders"):
        answer["data"]["orders"]["pageInfo"] = {"hasNextPage": True, "endCursor": cursor}
    return answer


def _hubspot(answer: Any, cursor: str) -> Any:
    return answer | {"paging": {"next": {"after": cursor}}}


def _empty(change: Any, key: str) -> Any:
    """The same without rows."""

    def make(answer: Any, cursor: str) -> Any:
        return change(answer, cursor) | {key: []}

    return make


def _empty_orders(answer: Any, cursor: str) -> Any:
    if (answer.get("data") or {}).get("orders"):
        answer["data"]["orders"]["nodes"] = []
    return _shopify(answer, cursor)


#: Listings: source, stream, a piece of the path, what makes a page of many, and one without rows.
LISTINGS = (
    ("google_ads", "campaigns", "googleAds:search", _google, _empty(_google, "results")),
    ("meta_ads", "ad_performance", "/insights", _meta, _empty(_meta, "data")),
    ("meta_ads", "campaigns", "/campaigns", _meta, _empty(_meta, "data")),
    ("ga4", "events", "/data?", _bigquery, _empty(_bigquery, "rows")),
    ("ga4", "events", "/tables?", _bigquery_tables, _empty(_bigquery_tables, "tables")),
    ("hubspot", "contacts", "objects/contacts?", _hubspot, _empty(_hubspot, "results")),
    ("shopify", "orders", "graphql.json", _shopify, _empty_orders),
)
CURSORS = {
    "the same cursor again": lambda number: "c1",
    "two cursors in turn": lambda number: f"c{number % 2}",
    "cursors without end": lambda number: f"c{number}",
}


def _listings() -> list[Cell]:
    cells = []
    for source, stream, path, full, empty in LISTINGS:
        for kind, cursor in CURSORS.items():
            cells.append(_of_pages(source, stream, path, kind, full, cursor))
        endless = CURSORS["cursors without end"]
        cells.append(_of_pages(source, stream, path, "empty pages without end", empty, endless))
    return cells


def _of_pages(source: str, stream: str, path: str, kind: str, change: Any, cursor: Any) -> Cell:
    kind = f"{kind} ({path.strip('/?')})"
    return Cell(source, stream, kind, Endless(change, cursor), path=path)


def _search_for_ever(answer: Any, cursor: str) -> Any:
    """New ids above the last ones, and always as many to come."""
    number = 10**9 + int(cursor[1:]) * 1_000
    found = [{**row, "id": str(number + at)} for at, row in enumerate(answer["results"])]
    return answer | {"results": found, "total": 10**6}


def _in(answer: Any, old: str, new: str) -> Any:
    return json.loads(json.dumps(answer).replace(old, new))


def replaced(old: str, new: str) -> Kind:
    return k.body(lambda body: body.replace(old.encode(), new.encode()))


def _job(line: Any, asked: Asked) -> object:
    node = asked.path.split("?")[0].rsplit("/", 1)[-1]
    if asked.path.split("?")[0].endswith("/insights") and asked.body.startswith(b'{"report_run_id'):
        return line.send(asked.body)
    if node.isdigit():
        state = {"id": node, "async_status": "Job Running", "async_percent_completion": 99}
        return line.send(json.dumps(state).encode())
    return line.send(asked.body)


THROTTLED = {
    "errors": [{"extensions": {"code": "THROTTLED"}}],
    "extensions": {
        "cost": {
            "requestedQueryCost": 9,
            "throttleStatus": {"currentlyAvailable": "x", "restoreRate": -1},
        }
    },
}
OF_ONE_SOURCE = (
    Cell("hubspot", "contacts", "a search without end",
         Endless(_search_for_ever, lambda n: f"c{n}")),
    Cell("meta_ads", "ad_performance", "a job without end", _job, path="/v"),
    Cell("google_ads", "campaign_performance", "another account's page",
         replaced("4711002200", "9999999999")),
    Cell("meta_ads", "ad_performance", "another account's page",
         replaced("900100200", "900100209")),
    Cell("hubspot", "contacts", "another account's page", replaced('"portalId":', '"portalId":9'),
         path="account-info"),
    Cell("shopify", "orders", "another account's page",
         replaced("harbour-house.myshopify.com", "other.myshopify.com"), path="graphql.json"),
    Cell("google_ads", "campaign_performance", "another window's page",
         replaced("2026-09-", "2025-09-")),
    Cell("meta_ads", "ad_performance", "another window's page",
         replaced("2026-09-", "2025-09-")),
    Cell("ga4", "events", "another window's page", replaced('"202609', '"202509')),
    Cell("fx_rates", "rates", "another window's page",
         replaced("2026-09-", "2025-09-")),
    Cell("google_ads", "campaign_performance", "sign-in without a token", k.body(lambda _: b"{}"),
         said="gave no token", path="/token"),
    Cell("google_ads", "campaign_performance", "sign-in that drips", k.drip, path="/token"),
    Cell("google_ads", "campaign_performance", "sign-in of 200 MB", k.huge, path="/token"),
    Cell("google_ads", "campaign_performance", "sign-in elsewhere",
         k.redirect("http://169.254.169.254/"), said="another host", path="/token"),
    Cell("shopify", "orders", "sign-in without a token", k.body(lambda _: b'{"scope": 7}'),
         said="gave no token", path="access_token"),
    Cell("shopify", "orders", "a token with a line in it",
         k.body(lambda _: b'{"access_token": "a\\r\\nX: b", "expires_in": 9}'),
         said="gave no token", path="access_token"),
    Cell("shopify", "orders", "a token that ends before it begins",
         k.body(lambda body: body.replace(b'"expires_in":', b'"expires_in": -1, "x":')),
         may_land=True, path="access_token"),
    Cell("shopify", "orders", "a bucket that never fills",
         k.body(lambda _: json.dumps(THROTTLED).encode()), said="THROTTLED"),
)  # fmt: skip
CELLS = (*_everywhere(), *_listings(), *OF_ONE_SOURCE)
