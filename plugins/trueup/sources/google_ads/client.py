"""Google Ads over REST: questions in GAQL, answers as pages of rows with Google's own totals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from requests import Response

from trueup.errors import AccessDenied, BrokenContract
from trueup.sources import bounds, http, strict_json
from trueup.sources.bounds import LostPage
from trueup.sources.contract import Access, Account, Page, SetAside, Stream
from trueup.sources.google_ads import rows, terms
from trueup.sources.google_ads.queries import (
    CLAIM_LEVELS,
    DEFINITION,
    DEFINITIONS,
    HAS_TERMS,
    LINKS,
    OWNER,
    QUERIES,
    TERM_TOTALS,
    Query,
)
from trueup.sources.google_ads.refusals import judge
from trueup.sources.google_ads.rows import Row
from trueup.sources.google_ads.streams import API_VERSION
from trueup.sources.google_auth import RefreshTokenAuth
from trueup.sources.refusals import Place
from trueup.sources.strict_json import Unreadable
from trueup.window import Window

GOOGLE_URL = "https://googleads.googleapis.com"
#: What stands for a definition that is not stated.
UNSTATED: Row = {
    column.name: "UNKNOWN" if column.name == "attribution_model" else None
    for column, _ in DEFINITION
}


@dataclass(frozen=True)
class Report:
    """Pages of rows by column name, and the vendor's totals by control total name."""

    pages: list[list[Row]]
    totals: dict[str, Decimal]
    aside: list[SetAside] = field(default_factory=list)


@dataclass(frozen=True)
class Customer:
    """One account, asked on behalf of one stream and window. `totals` are Google's own, over all
    that has been asked so far."""

    api: http.Api
    account: Account
    stream: Stream
    totals: dict[str, Decimal] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        return self.api.place

    def ask(self, window: Window) -> list[Page]:
        """The stream's pages of `window`, whose days are the account's."""
        pages: list[Page] = []
        totals: dict[str, Decimal] = {}
        for report in self._reports(window):
            pages += [*report.pages, *report.aside]
            for name, total in report.totals.items():
                totals[name] = totals.get(name, Decimal(0)) + total
        for name, total in totals.items():
            self.totals[name] = self.totals.get(name, Decimal(0)) + total
        return pages

    def _reports(self, window: Window) -> Iterator[Report]:
        dates = f"segments.date BETWEEN '{window.since}' AND '{window.last_day}'"
        if self.stream.name in CLAIM_LEVELS:
            yield from self._claims(dates)
        elif self.stream.name == "search_terms":
            yield self._terms(dates)
        elif self.stream.name == "customer_settings":
            yield self._settings()
        elif self.stream.kind == "snapshot":
            yield self._search(QUERIES[self.stream.name])
        elif self.stream.name == "clicks":
            for day in window.days():
                yield self._search(QUERIES["clicks"], f"segments.date = '{day}'")
        else:
            yield self._report(QUERIES[self.stream.name], dates)

    def _report(self, query: Query, where: str) -> Report:
        """One stream of batches, with Google's summary row at its end."""
        body = {"query": query.text(where), "summaryRowSetting": "SUMMARY_ROW_WITH_RESULTS"}
        batches = self._call("searchStream", body)
        pages = []
        summary: Row = {}
        for batch in batches:
            summary = batch.get("summaryRow", summary)
            if batch.get("results"):
                pages.append(self._rows(query, batch))
        if pages and not summary:
            raise LostPage(
                "the stream ended without its summary row (a lost last page?)",
                **self.place,
                got=f"{sum(map(len, pages))} rows",
                next_step="the task retries by itself; if it repeats, compare with Google Ads",
            )
        totals = rows.totals(query, pages, summary, self.place)
        rows.check_whole(query, pages, totals, self.place)
        return Report(pages, totals)

    def _search(self, query: Query, where: str = "", customer: str = "") -> Report:
        """A paged search, with Google's count of rows."""
        body: Row = {
            "query": query.text(where),
            "searchSettings": {"returnTotalResultsCount": True},
        }
        batches = list(
            self.api.held(self._batches(body, customer), lambda batch: not batch.get("results"))
        )
        pages = [self._rows(query, batch) for batch in batches]
        count = int(rows.number(batches[-1].get("totalResultsCount"), self.place))
        got = sum(map(len, pages))
        is_twice = any(page and page in pages[:number] for number, page in enumerate(pages))
        if count != got or is_twice:
            raise rows.lost_page("rows", count, got, self.place)
        return Report(pages, {"rows": Decimal(count)})

    def _batches(self, body: Row, customer: str = "") -> Iterator[Row]:
        cursors = bounds.Cursors(self.place)
        while True:
            batch = self._call("search", body, customer)[0]
            yield batch
            if not batch.get("nextPageToken"):
                return
            body = {**body, "pageToken": cursors.step(batch["nextPageToken"])}

    def _claims(self, where: str) -> Iterator[Report]:
        """The claims of each level, every row with the definition of its conversion action. Its
        model is UNKNOWN where the action has none, or is another account's and listed nowhere."""
        known = self.definitions()
        for level, query in CLAIM_LEVELS[self.stream.name].items():
            report = self._report(query, where)
            claims = [row for page in report.pages for row in page]
            if any(row["conversion_action_id"] not in known for row in claims):
                known = {**self._owners_definitions(), **known}
            for row in claims:
                row["level"] = level
                row.setdefault("ad_group_id", None)
                row.setdefault("ad_id", None)
                definition = known.get(row["conversion_action_id"], {})
                row.update({name: definition.get(name, UNSTATED.get(name)) for name in UNSTATED})
            yield report

    def definitions(self, customer: str = "") -> dict[str, Row]:
        """How the conversion actions that an account lists are set, by their ids."""
        return {
            row["conversion_action_id"]: {
                name: unstated if row[name] is None else row[name]
                for name, unstated in UNSTATED.items()
            }
            | {"status": row["status"]}
            for page in self._search(DEFINITIONS, customer=customer).pages
            for row in page
        }

    def _owners_definitions(self) -> dict[str, Row]:
        """Those of the manager account that owns this one's conversion actions, where it is
        another account and lets us see them."""
        owners = {row["conversion_customer_id"] for p in self._search(OWNER).pages for row in p}
        known: dict[str, Row] = {}
        for owner in owners - {None, self.account.id}:
            try:
                known |= self.definitions(owner)
            except AccessDenied:
                continue  # its claims land all the same, with a model that is not known
        return known

    def _terms(self, where: str) -> Report:
        """Search terms, and of each ad what Google names no term for. Terms are asked for first:
        what Google books between the questions is then the rest's."""
        shown = [row for page in self._search(QUERIES["search_terms"], where).pages for row in page]
        ads = self._report(TERM_TOTALS, f"{where} AND {HAS_TERMS}")
        found, aside = terms.with_rests(shown, [row for page in ads.pages for row in page])
        return Report([found], terms.totals(found), aside)

    def _settings(self) -> Report:
        """The account's settings, with what it is linked to: null where that may not be seen."""
        report = self._search(QUERIES["customer_settings"])
        try:
            found = [row for page in self._search(LINKS).pages for row in page]
            links = rows.linked(found)
        except (AccessDenied, BrokenContract):
            links = None
        pages = [[{**row, "linked_products": links} for row in page] for page in report.pages]
        return Report(pages, report.totals)

    def _rows(self, query: Query, batch: Row) -> list[Row]:
        rows.check_fields(query, batch, self.place)
        found = rows.of(query, batch.get("results", []))
        rows.check_account(found, self.account, self.place)
        return found

    def _call(self, method: str, body: Row, customer: str = "") -> list[Row]:
        """The batches of an answer, at least one: a search has one, a stream a list of them."""
        path = f"{API_VERSION}/customers/{customer or self.account.id}/googleAds:{method}"
        return self.api.read(path, _batches_of, method="POST", body=body)


def _batches_of(response: Response) -> list[Row]:
    found = strict_json.read(response.content)
    batches = found if isinstance(found, list) else [found]
    if not all(isinstance(batch, dict) for batch in batches):
        raise Unreadable("no batches of rows")
    return batches or [{}]


def customer(access: Access, stream: Stream, window: Window) -> Customer:
    """The account of `access`, reached through the manager account where the options name one."""
    # Google's own pages write ids with dashes, and its API takes none.
    manager = str(access.options.get("login_customer_id") or "").replace("-", "")
    api = http.Api(
        access,
        stream,
        window,
        judge=judge,
        auth=RefreshTokenAuth(access, stream, window),
        headers={"login-customer-id": manager} if manager else None,
        base_url=access.base_url or GOOGLE_URL,
    )
    return Customer(api, access.account, stream)


def longest_window(access: Access, stream: Stream, window: Window) -> int:
    """The days of the longest window, after a click or a view, that an action in force counts."""
    actions = customer(access, stream, window).definitions().values()
    return max(
        (
            int(action[name] or 0)
            for action in actions
            if action["status"] != "REMOVED"
            for name in UNSTATED
            if name.endswith("_lookback_window_days")
        ),
        default=0,
    )
