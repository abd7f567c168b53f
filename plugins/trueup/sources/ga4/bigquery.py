"""The export over BigQuery's REST API: tables.list, tables.get, tabledata.list; no query is run.

BigQuery says "slow down" as HTTP 403 with reason `rateLimitExceeded`; `quotaExceeded` is a
daily quota, which waiting a minute does not refill.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from requests import Response

from trueup.errors import BrokenContract, VendorUnavailable
from trueup.sources.contract import Access, ControlTotal, Page, Stream
from trueup.sources.ga4 import cells, flatten
from trueup.sources.ga4.export import (
    PARAMETER_PATHS,
    DayTable,
    check_fields,
    pick_tables,
)
from trueup.sources.ga4.service_account import authorise, read_key
from trueup.sources.http import call, parse_json, rest_client
from trueup.window import Window

GOOGLE_URL = "https://bigquery.googleapis.com/bigquery"
DEFAULT_PAGE_SIZE = 10_000
TABLES_PER_PAGE = 1_000


@dataclass(frozen=True)
class Dataset:
    """One property's dataset and how to ask for it."""

    client: Any
    path: str
    stream: Stream
    window: Window
    page_size: int
    page_file: Path

    def get(self, path: str, **params: Any) -> Response:
        return call(
            self.client,
            self.stream,
            self.window,
            f"{self.path}/{path}".rstrip("/"),
            source="ga4",
            params={name: value for name, value in params.items() if value is not None},
            slow_down=is_worth_a_retry,
        )

    def get_json(self, path: str, **params: Any) -> Any:
        answer = self.get(path, **params)
        return parse_json(answer, source="ga4", stream=self.stream, window=self.window)


def extract(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    """Arrow parts of every day's table, then the sum of the row counts BigQuery states."""
    stated = 0
    folder = tempfile.TemporaryDirectory(prefix="trueup-ga4-")
    con = flatten.connect()
    try:
        for dataset in _datasets(access, stream, window, Path(folder.name, "page.json")):
            tables, absent = pick_tables(_table_names(dataset), stream, window)
            yield from absent
            for table in tables:
                stated += _read_table(dataset, table, con)
                yield from flatten.landed_rows(con, at_least=flatten.PART_ROWS)
        yield from flatten.landed_rows(con)
    finally:
        con.close()
        folder.cleanup()
    yield ControlTotal("rows", stated)


def table_names(access: Access, stream: Stream, window: Window) -> Iterator[list[str]]:
    """The names of each property's tables."""
    for dataset in _datasets(access, stream, window, Path()):
        yield _table_names(dataset)


def _datasets(access: Access, stream: Stream, window: Window, page_file: Path) -> Iterator[Dataset]:
    key = read_key(access.secrets["service_account"], stream, window)
    client = rest_client(
        access,
        base_url=access.base_url or GOOGLE_URL,
        auth=authorise(access, key, stream, window),
        slow_down=is_rate_limited,
    )
    project = access.options.get("project") or key["project_id"]
    page_size = int(access.options.get("page_size", DEFAULT_PAGE_SIZE))
    named = access.options.get("dataset")
    for name in [named] if named else [f"analytics_{one.id}" for one in access.accounts]:
        path = f"v2/projects/{project}/datasets/{name}/tables"
        yield Dataset(client, path, stream, window, page_size, page_file)


def is_rate_limited(response: Response) -> bool:
    return response.status_code == 403 and "rateLimitExceeded" in _reasons(response)


def is_worth_a_retry(response: Response) -> bool:
    """Out of quota, or a listed table is gone: an intraday one ends when its daily one comes."""
    if response.status_code == 404:
        return "Not found: Table" in response.text
    return response.status_code == 403 and bool(
        {"rateLimitExceeded", "quotaExceeded"} & set(_reasons(response))
    )


def _reasons(response: Response) -> list[str]:
    try:
        return [error["reason"] for error in response.json()["error"]["errors"]]
    except (ValueError, LookupError, TypeError):
        return []


def _table_names(dataset: Dataset) -> list[str]:
    names: list[str] = []
    token = None
    while True:
        answer = dataset.get_json("", maxResults=TABLES_PER_PAGE, pageToken=token)
        names += [table["tableReference"]["tableId"] for table in answer.get("tables", [])]
        token = answer.get("nextPageToken")
        if not token:
            return names


def _read_table(dataset: Dataset, table: DayTable, con: duckdb.DuckDBPyConnection) -> int:
    """Add one day's table to `leaves`; returns the row count BigQuery states for it."""
    about = dataset.get_json(table.name)
    schema = about["schema"]["fields"]
    fields = check_fields(dict(cells.types(schema)), table, dataset.stream, dataset.window)
    positions = cells.positions(schema, {f.path for f in fields} | set(PARAMETER_PATHS))
    insert = cells.insert_page(positions, {f.path: f.column for f in fields}, table)
    total = _read_pages(dataset, table, ",".join(positions), insert, con)
    # Rows still in the streaming buffer are read but not counted in numRows.
    if "streamingBuffer" not in about and total != int(about["numRows"]):
        raise _changed(dataset, table, about["numRows"], total)
    return total


def _read_pages(
    dataset: Dataset, table: DayTable, selected: str, insert: str, con: duckdb.DuckDBPyConnection
) -> int:
    """Add every page to `leaves`; returns the table's row count as its pages state it."""
    token, total, seen = None, None, set()
    while True:
        answer = dataset.get(
            f"{table.name}/data",
            selectedFields=selected,
            maxResults=dataset.page_size,
            pageToken=token,
        )
        size = dataset.page_file.write_bytes(answer.content)
        try:
            con.execute(
                f"create or replace temp table page as from read_json('{dataset.page_file}',"
                f" format = 'unstructured', maximum_object_size = {size + 1},"
                f" columns = {cells.ANSWER})"
            )
            now, token, rows = con.execute(
                "select any_value(totalRows), any_value(pageToken), any_value(hash(rows)) from page"
            ).fetchone()
            con.execute(insert)
        except duckdb.Error as error:
            raise _unreadable(dataset, table, answer, error) from None
        if now is None or total not in (None, now):
            raise _changed(dataset, table, total, now)
        if rows in seen:
            raise _repeated(dataset, table)
        total = now
        seen.add(rows)
        if not token:
            return total


def _place(dataset: Dataset) -> dict[str, Any]:
    return {"source": "ga4", "stream": dataset.stream.name, "window": dataset.window}


def _changed(dataset: Dataset, table: DayTable, before: Any, after: Any) -> VendorUnavailable:
    return VendorUnavailable(
        f"table {table.name} was rewritten while it was read",
        **_place(dataset),
        expected=f"{before} rows",
        got=f"{after} rows",
        next_step="nothing: the task retries by itself",
    )


def _repeated(dataset: Dataset, table: DayTable) -> BrokenContract:
    return BrokenContract(
        f"BigQuery sent a page of table {table.name} twice, or one without rows before the last",
        **_place(dataset),
        next_step="run the task again; if it repeats, set the option page_size to another value",
    )


def _unreadable(
    dataset: Dataset, table: DayTable, answer: Response, error: Exception
) -> BrokenContract:
    return BrokenContract(
        f"a page of table {table.name} is not valid JSON, or a value not of its column's type",
        **_place(dataset),
        got=f"{len(answer.content)} bytes, {type(error).__name__}",
        next_step="run the task again; if it repeats, look at the table in the BigQuery console",
    )
