"""A log in BigQuery: tables of a day each, a table that is partitioned by day, or a plain one.

No query is run, so nothing is billed. Only columns that are known here are asked for: what a log
holds besides of a person does not leave BigQuery.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from trueup.errors import BrokenContract
from trueup.sources import bigquery, http
from trueup.sources.bigquery_refusals import judge
from trueup.sources.contract import Absent, Access, Stream
from trueup.sources.conversions_api import answers, lines, requests_sent, wrappers
from trueup.sources.conversions_api.logs import Log
from trueup.sources.google_service_account import authorise, read_key
from trueup.window import Window

DAY = timedelta(days=1)
#: Every name that may say anything.
KNOWN = frozenset(
    {
        *lines.SENT_AT, *lines.EVENT_AT, *lines.DESTINATION, *lines.ACCOUNT, *lines.ACTION,
        *lines.EVENT_ID, *lines.TRANSACTION_ID, *lines.VALUE, *lines.CURRENCY, *lines.TEST,
        *lines.EMAIL, *lines.PHONE, *lines.ADDRESS, *lines.EXTERNAL_ID, *lines.BROWSER_ID,
        *lines.IP, *lines.CLICK_IDS, *lines.ADS_CONSENT, *lines.PERSONALIZATION, "consent",
        *requests_sent.REQUEST, *requests_sent.PARTS, *requests_sent.ADDRESS, "userData",
        *wrappers.OF_LINE, *answers.STATUS, *answers.REQUEST_ID,
        *answers.RECEIVED, *answers.OUTCOME, *answers.SUCCESS, *answers.CODE, *answers.SUBCODE,
        *answers.PARTIAL, answers.JOB_STATE, "events_sent", "api", "click_id_kinds",
    }
)  # fmt: skip


@dataclass(frozen=True)
class TableLog:
    """One log and how to ask for it. `name` may end in `*`: then each day has its table."""

    api: http.Api
    log: Log
    path: str
    name: str

    def read(self, window: Window) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every row of the tables that may be of the window."""
        fields: dict[str, list[dict[str, Any]]] = {}
        for table in self._tables(window):
            whole = table.partition("$")[0]  # all its partitions have the same columns
            if whole not in fields:
                fields[whole] = self._fields(whole)
            number = 0
            for page in bigquery.rows(self.api, f"{self.path}/{table}", fields[whole]):
                for row in page:
                    number += 1
                    yield f"{table} row {number}", row

    def absent(self, window: Window) -> Iterator[Absent]:
        """Days without a table, where each has its own."""
        days = self.days()
        for day in window.days() if days else ():
            if day not in days and min(days) < day:
                kind = "gap" if day < max(days) else "late"
                why = f"log {self.log.name} has no table of {day}"
                yield Absent(Window(day, day + DAY), why, kind)  # type: ignore[arg-type]
        if days and window.since < min(days):
            until = min(min(days), window.until)
            why = f"log {self.log.name} begins {min(days)}"
            yield Absent(Window(window.since, until), why, "before")

    def days(self) -> set[date]:
        """The days that have a table; none where the log is one table."""
        if not self.name.endswith("*"):
            return set()
        pattern = re.escape(self.name[:-1]) + r"(\d{8})"
        found = [re.fullmatch(pattern, name) for name in bigquery.table_names(self.api, self.path)]
        days = {_day(one[1]) for one in found if one} - {None}
        if not days:
            raise self._broken("there is no table of a day", f"{self.name[:-1]}YYYYMMDD")
        return {day for day in days if day}

    def _tables(self, window: Window) -> list[str]:
        near = Window(window.since - DAY, window.until + DAY)
        if self.name.endswith("*"):
            return [f"{self.name[:-1]}{day:%Y%m%d}" for day in sorted(self.days()) if day in near]
        about = self._about(self.name)
        is_daily = (about.get("timePartitioning") or {}).get("type") == "DAY"
        # The days of partitions are those of UTC.
        return [f"{self.name}${day:%Y%m%d}" for day in near.days()] if is_daily else [self.name]

    def _about(self, table: str) -> dict[str, Any]:
        about = self.api.object(f"{self.path}/{table}")
        if about.get("type", "TABLE") != "TABLE":
            raise self._broken("it is no table, whose rows can be read without a query", "a table")
        return about

    def _fields(self, table: str) -> list[dict[str, Any]]:
        fields = self._about(table).get("schema", {}).get("fields", [])
        known = [field for field in fields if field.get("name") in KNOWN]
        if not {field["name"] for field in known} & set(lines.SENT_AT):
            raise self._broken("no column says when an event was sent", ", ".join(lines.SENT_AT))
        return known

    def _broken(self, problem: str, expected: str) -> BrokenContract:
        return BrokenContract(
            f"log {self.log.name}: {problem}",
            **self.api.place,
            expected=expected,
            next_step="see docs/sources/conversions_api.md for what a log has to say, or correct"
            " the log's table in the company file",
        )


def _day(digits: str) -> date | None:
    try:
        return date.fromisoformat(digits)
    except ValueError:
        return None


def open_log(access: Access, stream: Stream, window: Window, log: Log) -> TableLog:
    place = http.place_of(access, stream, window)
    key = read_key(access.secrets.get("google_service_account", ""), place)
    auth = authorise(access, key, stream, window, bigquery.SCOPE)
    base_url = f"{access.base_url}/bigquery" if access.base_url else bigquery.GOOGLE_URL
    api = http.Api(access, stream, window, judge=judge, auth=auth, base_url=base_url)
    project, dataset, table = log.table.rsplit(".", 2)
    return TableLog(api, log, bigquery.tables_path(project, dataset), table)
