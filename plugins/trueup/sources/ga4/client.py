"""The export over BigQuery's APIs; no query is run. REST says which tables there are and what they
hold (tables.list, tables.get); the rows come as Arrow over the Storage Read API, else over REST
(tabledata.list)."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from requests import Response

from trueup.errors import UnknownRefusal, of_machine
from trueup.sources import bigquery, bounds, http, strict_json
from trueup.sources.bigquery_refusals import judge
from trueup.sources.bounds import TooMuch
from trueup.sources.contract import Access, Page, Stream
from trueup.sources.ga4 import cells, flat, rows, storage
from trueup.sources.ga4.rows import Rewritten
from trueup.sources.ga4.tables import DayTable, Present, check_fields, pick_tables
from trueup.sources.google_service_account import authorise, read_key
from trueup.sources.refusals import Place
from trueup.sources.strict_json import Unreadable
from trueup.window import Window

#: Rows a page, and how few a page may have before BigQuery's "too large" is final.
PAGE_SIZE, SMALLEST_PAGE = 10_000, 100
#: The option `storage_api` that leaves it alone.
OFF = "off"

_log = logging.getLogger(__name__)


@dataclass
class Dataset:
    """One property's dataset and how to ask for it. Pages pass through `page_file` to DuckDB;
    `reader` is there as long as the rows may come over the Storage Read API."""

    api: http.Api
    path: str
    page_size: int
    page_file: Path
    con: duckdb.DuckDBPyConnection
    reader: storage.Reader | None = None

    @property
    def place(self) -> Place:
        return self.api.place

    def table_names(self) -> list[str]:
        return bigquery.table_names(self.api, self.path)

    def read(self, table: DayTable) -> rows.Read:
        """The leaves of one day's table, and the row count BigQuery states for it."""
        about = self.api.object(f"{self.path}/{table.name}")
        try:
            schema, stated = about["schema"]["fields"], int(about["numRows"])
            types = dict(cells.types(schema))
        except (KeyError, TypeError, ValueError) as error:
            raise self._undescribed(table, error) from None
        present = check_fields(types, table, self.place)
        found = self._read_arrow(table, present)
        if found is None:
            positions = cells.positions(schema, set(present.paths))
            columns = {field.path: field.column for field in present.fields}
            query = cells.select_page(positions, columns, table)
            found, total = self._read_pages(table, ",".join(positions), query)
        else:
            total = sum(piece.num_rows for piece in found)
        # Rows still in the streaming buffer are read but not counted in numRows.
        if "streamingBuffer" not in about and total != stated:
            raise self._rewritten(table, stated, total)
        return found, total

    def _read_arrow(self, table: DayTable, present: Present) -> list[pa.Table] | None:
        """The leaves of the table; None where they are to come over REST."""
        if self.reader is None:
            return None
        path = f"{self.path.removeprefix('v2/')}/{table.name}"
        try:
            pieces = self.reader.tables(path, sorted(present.paths))
            return [flat.flatten(piece, present, table) for piece in pieces]
        except storage.NotForUs as refused:
            _log.warning(
                "ga4 is read over REST, which is slower: BigQuery's Storage Read API answers"
                " %s; give the service account the role BigQuery Read Session User", refused
            )  # fmt: skip
            self.reader = None
            return None

    def _read_pages(self, table: DayTable, selected: str, query: str) -> tuple[list[pa.Table], int]:
        """The leaves of every page, and the table's row count as its pages state it."""
        found, total, seen = [], None, set()
        pages = bounds.numbered(self._pages(table, selected, query), self.place)
        for now, fingerprint, leaves in pages:
            if now is None or total not in (None, now):
                raise self._rewritten(table, total, now)
            if fingerprint in seen:
                raise UnknownRefusal(
                    f"BigQuery sent a page of table {table.name} twice, or one without rows before"
                    " the last",
                    **self.place,
                    next_step="the task retries by itself; if it repeats, set the option page_size"
                    " to another value",
                )
            total = now
            seen.add(fingerprint)
            found.append(leaves)
        return found, int(total or 0)

    def _pages(
        self, table: DayTable, selected: str, query: str
    ) -> Iterator[tuple[int | None, Any, pa.Table]]:
        """What each page states of the table's rows, a fingerprint of its own, and its leaves."""
        asked: dict[str, Any] = {"selectedFields": selected, "maxResults": self.page_size}
        cursors = bounds.Cursors(self.place)
        while True:
            try:
                now, token, fingerprint = self.api.read(
                    f"{self.path}/{table.name}/data", self._take_page, params=asked
                )
            except TooMuch:
                if asked["maxResults"] <= SMALLEST_PAGE:
                    raise
                asked["maxResults"] = max(asked["maxResults"] // 2, SMALLEST_PAGE)
                continue
            yield now, fingerprint, self._leaves(query, table)
            if not token:
                return
            asked["pageToken"] = cursors.step(token)

    def _take_page(self, response: Response) -> tuple[int | None, str | None, Any]:
        """Let DuckDB read the answer. Raises ValueError where it is no JSON of BigQuery's kind."""
        size = self.page_file.write_bytes(strict_json.printable(response.content))
        try:
            self.con.execute(
                f"create or replace temp table page as from read_json('{self.page_file}',"
                f" format = 'unstructured', maximum_object_size = {size + 1},"
                f" columns = {cells.ANSWER})"
            )
        except duckdb.Error as error:
            if trouble := of_machine(error, "reading a page of BigQuery's", **self.place):
                raise trouble from None
            raise Unreadable(f"not valid JSON ({type(error).__name__})") from None
        found = self.con.execute("select totalRows, pageToken, hash(rows) from page").fetchall()
        if len(found) != 1:
            raise Unreadable(f"{len(found)} objects in an answer of one")
        return found[0]

    def _leaves(self, query: str, table: DayTable) -> pa.Table:
        try:
            return self.con.execute(query).to_arrow_table()
        except duckdb.Error as error:
            if trouble := of_machine(error, "reading a page of BigQuery's", **self.place):
                raise trouble from None
            raise UnknownRefusal(
                f"a page of table {table.name} is not made as BigQuery makes them",
                **self.place,
                got=type(error).__name__,
                next_step="the task retries by itself; if it repeats, look at the table in the"
                " BigQuery console",
            ) from None

    def _undescribed(self, table: DayTable, error: Exception) -> UnknownRefusal:
        return UnknownRefusal(
            f"BigQuery describes table {table.name} otherwise than it declares",
            **self.place,
            expected="schema.fields with a name and a type each, and numRows",
            got=type(error).__name__,
            next_step="the task retries by itself; if it repeats, look at the table in the"
            " BigQuery console",
        )

    def _rewritten(self, table: DayTable, previous: Any, now: Any) -> Rewritten:
        return Rewritten(
            f"table {table.name} was rewritten while it was read",
            **self.place,
            expected=f"{previous} rows",
            got=f"{now} rows",
            next_step="nothing: the next run reads it again",
        )


def extract(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    """Arrow parts of every day's table, then the sum of the row counts BigQuery states."""
    with tempfile.TemporaryDirectory(prefix="trueup-ga4-") as folder, rows.connect(access) as con:
        dataset = open_dataset(access, stream, window, con, Path(folder, "page.json"))
        tables, absent = pick_tables(dataset.table_names(), window, dataset.place)
        yield from absent
        try:
            yield from rows.of_days(con, tables, dataset.read, dataset.place)
        finally:
            if dataset.reader:
                dataset.reader.close()


def table_names(access: Access, stream: Stream, window: Window) -> list[str]:
    """The names of the property's tables."""
    with rows.connect(access) as con:
        return open_dataset(access, stream, window, con, Path()).table_names()


def open_dataset(
    access: Access,
    stream: Stream,
    window: Window,
    con: duckdb.DuckDBPyConnection,
    page_file: Path,
) -> Dataset:
    place = http.place_of(access, stream, window)
    key = read_key(access.secrets["service_account"], place)
    account = authorise(access, key, stream, window, bigquery.SCOPE)
    base_url = access.base_url or bigquery.GOOGLE_URL
    api = http.Api(access, stream, window, judge=judge, base_url=base_url, auth=account)
    project = access.options.get("project") or key["project_id"]
    name = access.options.get("dataset") or f"analytics_{access.account.id}"
    path = f"v2/projects/{project}/datasets/{name}/tables"
    page_size = int(access.options.get("page_size", PAGE_SIZE))
    dataset = Dataset(api, path, page_size, page_file, con)
    own = storage.GOOGLE_ADDRESS if base_url == bigquery.GOOGLE_URL else OFF
    address = access.options.get("storage_api", own) or OFF  # YAML reads a bare off as false
    if address != OFF:
        dataset.reader = storage.Reader(address, account.token, place, project)
    return dataset
