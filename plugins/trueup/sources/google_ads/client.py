"""Google Ads over REST: questions in GAQL, answers as pages of rows, failures in our words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from trueup.errors import BrokenContract
from trueup.sources import http
from trueup.sources.contract import Access, Account, Column, Stream
from trueup.sources.google_ads.failures import refusal_of, slow_down
from trueup.sources.google_ads.streams import DEFINITION, DEFINITIONS, RESOURCE_NAMES, Query
from trueup.sources.google_auth import RefreshTokenAuth
from trueup.window import Window

GOOGLE_URL = "https://googleads.googleapis.com"
#: Google sums before it rounds: this much a row is rounding, more is a lost row.
ROUNDING = Decimal("0.000001")

Row = dict[str, Any]


@dataclass(frozen=True)
class Connection:
    client: Any
    access: Access
    stream: Stream
    window: Window

    @property
    def place(self) -> dict[str, Any]:
        return {"source": self.access.source, "stream": self.stream.name, "window": self.window}


@dataclass(frozen=True)
class Report:
    """Pages of rows by column name, and the vendor's totals by control total name."""

    pages: list[list[Row]]
    totals: dict[str, Decimal]


def connect(access: Access, stream: Stream, window: Window) -> Connection:
    auth = RefreshTokenAuth(access, stream, window)
    manager = access.options.get("login_customer_id")
    client = http.rest_client(
        access,
        slow_down=slow_down,
        auth=auth,
        headers={"login-customer-id": str(manager)} if manager else None,
        base_url=access.base_url or GOOGLE_URL,
    )
    connection = Connection(client, access, stream, window)
    client.session.hooks["response"].append(refusal_of(connection.place, auth))
    return connection


def report(connection: Connection, account: Account, query: Query, where: str) -> Report:
    """One stream of batches, with Google's summary row at its end."""
    body = {"query": query.text(where), "summaryRowSetting": "SUMMARY_ROW_WITH_RESULTS"}
    batches = _ask(connection, account, "searchStream", body)
    pages = []
    summary: Row = {}
    for batch in batches if isinstance(batches, list) else [batches]:
        _check_fields(connection, query, batch)
        summary = batch.get("summaryRow", summary)
        if batch.get("results"):
            pages.append(_rows(connection, account, query, batch["results"]))
    if pages and not summary:
        raise BrokenContract(
            "the stream ended without its summary row (a lost last page?)",
            **connection.place,
            got=f"{sum(map(len, pages))} rows",
            next_step="run the task again; if it repeats, compare with the vendor's interface",
        )
    totals = {
        f"sum:{column.name}": _agreed(pages, column, _value(summary, field) or 0)
        for column, field in query.metrics
    }
    return Report(pages, totals)


def search(connection: Connection, account: Account, query: Query, where: str = "") -> Report:
    """A paged search, with Google's count of rows."""
    body: Row = {"query": query.text(where), "searchSettings": {"returnTotalResultsCount": True}}
    pages: list[list[Row]] = []
    while True:
        batch = _ask(connection, account, "search", body)
        _check_fields(connection, query, batch)
        pages.append(_rows(connection, account, query, batch.get("results", [])))
        if not batch.get("nextPageToken"):
            break
        body["pageToken"] = batch["nextPageToken"]
    return Report(pages, {"rows": Decimal(batch.get("totalResultsCount", 0))})


def claims(
    connection: Connection, account: Account, levels: dict[str, Query], where: str
) -> Iterator[Report]:
    """The claims of each level, every row with the definition of its conversion action. Its model
    is UNKNOWN where the action has none, or is another account's and not listed."""
    found = search(connection, account, DEFINITIONS)
    names = [column.name for column, _ in DEFINITION]
    unknown = {**dict.fromkeys(names), "attribution_model": "UNKNOWN"}
    definitions = {
        row["conversion_action_id"]: {name: row[name] or unknown[name] for name in names}
        for page in found.pages
        for row in page
    }
    for level, query in levels.items():
        fetched = report(connection, account, query, where)
        for row in (row for page in fetched.pages for row in page):
            row["level"] = level
            row.setdefault("ad_group_id", None)
            row.setdefault("ad_id", None)
            row.update(definitions.get(row["conversion_action_id"], unknown))
        yield fetched


def _ask(connection: Connection, account: Account, method: str, body: Row) -> Any:
    response = http.call(
        connection.client,
        connection.stream,
        connection.window,
        f"v26/customers/{account.id}/googleAds:{method}",
        source=connection.access.source,
        method="POST",
        body=body,
        slow_down=slow_down,
    )
    return http.parse_json(
        response,
        source=connection.access.source,
        stream=connection.stream,
        window=connection.window,
    )


def _check_fields(connection: Connection, query: Query, batch: Row) -> None:
    """An unset field is left out of a row, so only the mask tells a null from a lost column."""
    mask = set(batch.get("fieldMask", "").split(","))
    for column, field in query.fields:
        if ".".join(_path(field)) not in mask and batch.get("results"):
            raise BrokenContract(
                f"column {column.name} is not as declared",
                **connection.place,
                expected=f"{column.type} from {field}",
                got="no such column",
                next_step="compare with the vendor's changelog, then change the declaration",
            )


def _rows(connection: Connection, account: Account, query: Query, results: list[Row]) -> list[Row]:
    readers = [(column.name, field, _reader(column, field)) for column, field in query.fields]
    rows = [
        {name: read(_value(result, field)) for name, field, read in readers} for result in results
    ]
    for name, expected in (
        ("currency_code", account.currency_code),
        ("time_zone", account.time_zone),
    ):
        wrong = {row[name] for row in rows if name in row} - {expected, None}
        if wrong:
            raise BrokenContract(
                f"account {account.id} is not set up as the company file says",
                **connection.place,
                expected=f"{name} {expected}",
                got=", ".join(sorted(map(str, wrong))),
                next_step="correct the account in the company file",
            )
    return rows


def _reader(column: Column, field: str) -> Callable[[Any], Any]:
    if field in RESOURCE_NAMES:
        return lambda name: name and str(name).replace("~", "/").rpartition("/")[2]
    if column.type.startswith("DECIMAL"):
        return lambda value: round(value, 6) if isinstance(value, float) else value
    return lambda value: value


def _agreed(pages: list[list[Row]], column: Column, stated: Any) -> Decimal:
    """Google's total; where only rounding lies between, the total of the rows as fetched."""
    total = Decimal(str(stated))
    if not column.type.startswith("DECIMAL"):
        return total
    values = [row[column.name] for page in pages for row in page]
    if not all(isinstance(value, int | float) for value in values):
        return total
    fetched = sum((Decimal(str(value)) for value in values), Decimal(0))
    return fetched if abs(fetched - total) <= ROUNDING * (len(values) + 1) else total


@cache
def _path(field: str) -> tuple[str, ...]:
    """The keys that lead to a GAQL field in a row: metrics.cost_micros is metrics, costMicros."""
    return tuple(
        head + "".join(word.capitalize() for word in rest)
        for head, *rest in (part.split("_") for part in field.split("."))
    )


def _value(row: Row, field: str) -> Any:
    value: Any = row
    for key in _path(field):
        value = value.get(key) if isinstance(value, dict) else None
    return value
