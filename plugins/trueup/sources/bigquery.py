"""BigQuery over REST, without a query: which tables there are, what they hold, and plain rows.

What every reader of BigQuery shares. A source with nested tables of its own reads their pages
itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trueup.errors import UnknownRefusal
from trueup.sources import bounds, http

GOOGLE_URL = "https://bigquery.googleapis.com/bigquery"
#: The Storage Read API knows no scope that only reads; what the account may do, its roles say.
SCOPE = "https://www.googleapis.com/auth/bigquery.readonly https://www.googleapis.com/auth/bigquery"
TABLES_PER_PAGE = 1_000
#: Rows a page; BigQuery cuts a page at about 10 MB by itself.
ROWS_PER_PAGE = 10_000

Row = dict[str, Any]


def tables_path(project: str, dataset: str) -> str:
    return f"v2/projects/{project}/datasets/{dataset}/tables"


def table_names(api: http.Api, path: str) -> list[str]:
    """The names of the tables below `path`, of every kind."""
    return [name for page in api.held(_listed(api, path), lambda page: not page) for name in page]


def _listed(api: http.Api, path: str) -> Iterator[list[str]]:
    asked: dict[str, Any] = {"maxResults": TABLES_PER_PAGE}
    cursors = bounds.Cursors(api.place)
    while True:
        answer = api.object(path, params=asked)
        yield [table["tableReference"]["tableId"] for table in answer.get("tables", [])]
        if not answer.get("nextPageToken"):
            return
        asked["pageToken"] = cursors.step(answer["nextPageToken"])


def rows(api: http.Api, path: str, fields: list[dict[str, Any]]) -> Iterator[list[Row]]:
    """The rows of the table at `path`, a page at a time, with those of its columns that `fields`
    (of its schema) name. Values are text, as BigQuery sends them; a record is a mapping."""
    asked: dict[str, Any] = {
        "selectedFields": ",".join(field["name"] for field in fields),
        "maxResults": ROWS_PER_PAGE,
    }
    cursors = bounds.Cursors(api.place)
    total, found = None, 0
    while True:
        answer = api.object(f"{path}/data", params=asked)
        stated = int(answer.get("totalRows", 0))
        total = stated if total is None else total
        page = [_record(row, fields) for row in answer.get("rows") or []]
        found += len(page)
        yield page
        if not answer.get("pageToken"):
            break
        asked["pageToken"] = cursors.step(answer["pageToken"])
    if found < total:
        raise UnknownRefusal(
            "BigQuery sent fewer rows of a table than it says it has",
            **api.place,
            expected=f"{total} rows",
            got=f"{found} rows",
            next_step="the task retries by itself; if it repeats, look at the table in the"
            " BigQuery console",
        )


def _record(row: Any, fields: list[dict[str, Any]]) -> Row:
    cells = row["f"] if isinstance(row, dict) else []
    return {
        field["name"]: _value(cell.get("v"), field)
        for field, cell in zip(fields, cells, strict=True)
    }


def _value(value: Any, field: dict[str, Any]) -> Any:
    if value is None:
        return None
    if field.get("mode") == "REPEATED":
        single = {**field, "mode": "NULLABLE"}
        return [_value(one.get("v"), single) for one in value]
    if field.get("type") in ("RECORD", "STRUCT"):
        return _record(value, field.get("fields", []))
    return value
