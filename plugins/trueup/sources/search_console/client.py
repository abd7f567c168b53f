"""Search Console over REST: one question by day, page and query, and coarser ones beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from trueup import redaction
from trueup.errors import BrokenContract
from trueup.sources import http
from trueup.sources.bounds import LostPage, TooMuch
from trueup.sources.contract import Absent, Access, Page, Stream
from trueup.sources.google_service_account import authorise, read_key
from trueup.sources.search_console import rows
from trueup.sources.search_console.refusals import judge
from trueup.sources.search_console.rests import RowsAndRests, rows_and_rests
from trueup.sources.search_console.rows import Answer, Raw
from trueup.sources.search_console.streams import (
    API_VERSION,
    RETENTION_DAYS,
    ZONE,
)
from trueup.window import Window

GOOGLE_URL = "https://searchconsole.googleapis.com"
SCOPE = "https://www.googleapis.com/auth/webmasters.readonly"
#: The most rows Google gives in one answer, and of one day and kind of search altogether.
PAGE_ROWS, MOST_ROWS = 25_000, 50_000
#: How far back the newest day with anything is looked for, as Google's own guide has it.
LOOK_BACK_DAYS = 10
#: Every page that is shown counts: by property a search counts once, and pages would not add up.
BY_PAGE = "BY_PAGE"


@dataclass
class Property:
    """One property, asked on behalf of one stream and window. `totals` are what all answers so far
    come to, by the name of the control total."""

    api: http.Api
    site: str
    stream: Stream
    search_types: tuple[str, ...]
    state: str
    totals: dict[str, int] = field(default_factory=lambda: {"sum:impressions": 0, "sum:clicks": 0})
    #: Windows whose answers did not fit together once; what does not fit twice is reported.
    doubted: set[Window] = field(default_factory=set)
    is_uncertain: bool = False

    def ask(self, window: Window) -> list[Page]:
        """The stream's rows of `window`, and what is set aside."""
        found = [self._asked(window, kind) for kind in self.search_types]
        if any(one.is_doubtful for one in found) and window not in self.doubted:
            self.doubted.add(window)
            raise LostPage(
                "Google's answers do not fit together: a row came twice, or the rows of a page come"
                " to more than the page",
                **self.api.place,
                next_step="the question is asked once more; what does not fit then is reported",
            )
        pages: list[Page] = []
        for kind, one in zip(self.search_types, found, strict=True):
            pages += one.aside
            pages.append([self._row(kind, row) for row in one.rows])
            for name in ("impressions", "clicks"):
                self.totals[f"sum:{name}"] += one.sum_of(name)
            self.is_uncertain = self.is_uncertain or one.is_uncertain
        return pages

    def before(self, window: Window) -> Iterator[Absent]:
        """The days of `window` from before Google shows anything of the property."""
        shown = self._answer(window, self.search_types[0])
        if str(window.since) in {key[0] for key in shown.figures}:
            return
        now = datetime.now(ZoneInfo(ZONE)).date()
        until = max(now, window.last_day) + timedelta(days=1)
        ever = self._answer(
            Window(until - timedelta(days=RETENTION_DAYS), until), self.search_types[0]
        )
        first = rows.day_of(min(ever.figures)) if ever.figures else None
        if first and first > window.since:
            days = Window(window.since, min(first, window.until))
            yield Absent(days, f"Google shows the property from {first} on", "before")

    def newest_day(self, window: Window) -> date | None:
        """The newest day of `window` that Google shows anything of."""
        found = (
            rows.day_of(key)
            for kind in self.search_types
            for key in self._answer(window, kind).figures
        )
        return max((day for day in found if day), default=None)

    def _asked(self, window: Window, kind: str) -> RowsAndRests:
        """The finest question comes first: what Google counts while it is asked is then a rest's,
        never more rows than their sum."""
        fine = self._answer(window, kind, "DATE", "PAGE", "QUERY")
        pages = self._answer(window, kind, "DATE", "PAGE")
        return rows_and_rests(self._answer(window, kind), pages, fine)

    def _row(self, kind: str, row: Raw) -> Raw:
        return {"site_url": self.site, "search_type": kind, **row}

    def _answer(self, window: Window, kind: str, *dimensions: str) -> Answer:
        asked: Raw = {
            "startDate": str(window.since),
            "endDate": str(window.last_day),
            "dimensions": list(dimensions or ("DATE",)),
            "type": kind.upper(),
            "dataState": self.state.upper(),
            "aggregationType": BY_PAGE,
            "rowLimit": PAGE_ROWS,
        }
        raw: list[Any] = []
        first_incomplete = ""
        for page in self.api.held(self._pages(asked), lambda page: not page.get("rows")):
            self._check_aggregation(page)
            raw += page["rows"]
            if len(raw) >= MOST_ROWS and window.since < window.last_day:
                raise self._too_much()
            first_incomplete = first_incomplete or _first_incomplete(page)
        return rows.read(raw, len(asked["dimensions"]), first_incomplete)

    def _too_much(self) -> TooMuch:
        return TooMuch(
            "Google may have more rows of these days than it gives at once",
            **self.api.place,
            expected=f"fewer than {MOST_ROWS} rows",
            next_step="the task asks for fewer days at once",
        )

    def _pages(self, asked: Raw) -> Iterator[Raw]:
        """Pages until one without rows: a short one need not be the last."""
        path = f"webmasters/{API_VERSION}/sites/{quote(self.site, safe='')}/searchAnalytics/query"
        start = 0
        while True:
            page = self.api.object(path, method="POST", body={**asked, "startRow": start})
            found = page.get("rows") or []
            if not isinstance(found, list):
                raise BrokenContract(
                    "Google's answer is none of rows",
                    **self.api.place,
                    expected="a list of rows",
                    got=type(found).__name__,
                    next_step="compare with the vendor's changelog",
                )
            yield {**page, "rows": found}
            if not found:
                return
            start += PAGE_ROWS

    def _check_aggregation(self, page: Raw) -> None:
        """Counts by page and by property are different numbers."""
        given = page.get("responseAggregationType")
        if page["rows"] and _letters(given) != _letters(BY_PAGE):
            raise BrokenContract(
                "Google adds up in another way than was asked for",
                **self.api.place,
                expected=BY_PAGE,
                got=redaction.code(given) or "none stated",
                next_step="compare with the vendor's changelog",
            )


def _first_incomplete(page: Raw) -> str:
    """The first day that is not final, where the page says so: the method's page and its discovery
    document spell the name in two ways."""
    metadata = page.get("metadata")
    found = metadata if isinstance(metadata, dict) else {}
    named = (found[name] for name in found if _letters(name) == "firstincompletedate")
    return str(next(named, ""))


def _letters(name: Any) -> str:
    """byPage and BY_PAGE are one word."""
    return str(name).replace("_", "").lower()


def asked_property(access: Access, stream: Stream, window: Window) -> Property:
    """The property of `access`, and how its options say it is to be asked."""
    place = http.place_of(access, stream, window)
    key = read_key(access.secrets["service_account"], place)
    api = http.Api(
        access,
        stream,
        window,
        judge=judge,
        auth=authorise(access, key, stream, window, SCOPE),
        base_url=access.base_url or GOOGLE_URL,
    )
    types = tuple(map(str, access.options.get("search_types", ("web",))))
    return Property(
        api, access.account.id, stream, types, str(access.options.get("data_state", "all"))
    )


def newest_shown(access: Access, stream: Stream, day: date) -> date:
    """The newest day up to `day` that Google shows anything of; `day` where it shows nothing, as
    then nobody can say that something is late."""
    window = Window(day - timedelta(days=LOOK_BACK_DAYS), day + timedelta(days=1))
    return asked_property(access, stream, window).newest_day(window) or day
