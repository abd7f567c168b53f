"""Reading one HubSpot portal: searches, batch reads, archived records, associations.

A search walks `hs_object_id`: each page asks for the ids above the last one seen. So the cap of
10,000 hits a search never applies, ten thousand records stamped with one millisecond by a batch
update cannot loop it, and a record edited meanwhile cannot push another over a page's edge.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from trueup.errors import AccessDenied, BrokenContract
from trueup.sources import bounds, http, pieces, strict_json
from trueup.sources.bounds import LostPage
from trueup.sources.contract import Access, Stream
from trueup.sources.hubspot import associations, questions
from trueup.sources.hubspot.associations import Link
from trueup.sources.hubspot.kinds import Kind
from trueup.sources.hubspot.records import Record, has_id
from trueup.sources.hubspot.refusals import TooSlow, judge
from trueup.window import Window

HUBSPOT_URL = "https://api.hubapi.com"
#: Records a search page holds, and how few one is asked for before a slow search is given up.
SEARCH_PAGE, SMALLEST_PAGE = 200, 20
LIST_PAGE = 100
#: A batch read takes 100 ids, but 50 where history is asked for.
BATCH = 50


@dataclass(frozen=True)
class Hits:
    """One page of a search. `remaining` is the vendor's count of hits from this page on."""

    records: list[Record]
    remaining: int


class Portal:
    """The portal behind `access`, read on behalf of one stream and window."""

    def __init__(self, access: Access, stream: Stream, window: Window) -> None:
        self._account = access.account
        self.unlinked = 0
        self._page_size = int(access.options.get("page_size", SEARCH_PAGE))
        token = access.secrets["access_token"]
        self._api = http.Api(
            access,
            stream,
            window,
            judge=judge,
            headers={"Authorization": f"Bearer {token}"},
            base_url=access.base_url or HUBSPOT_URL,
        )

    def check_account(self) -> None:
        """Raise unless the token belongs to the company's portal, and it counts in the currency
        of the company file: that of every deal without one of its own."""
        details = self._ask("GET", "account-info/v3/details", holds=("portalId", "companyCurrency"))
        if str(details["portalId"]) != self._account.id:
            raise AccessDenied(
                "the access token belongs to another HubSpot account",
                **self._api.place,
                expected=f"portal {self._account.id}",
                got=f"portal {details['portalId']}",
                next_step="correct sources.hubspot.accounts or install the app in that portal",
            )
        if details["companyCurrency"] != self._account.currency_code:
            raise BrokenContract(
                "the portal's currency is not what the company file says",
                **self._api.place,
                expected=self._account.currency_code,
                got=details["companyCurrency"],
                next_step="correct the account of hubspot in the company file",
            )

    def search(
        self, kind: Kind, since: datetime, until: datetime, properties: list[str]
    ) -> Iterator[Hits]:
        """Live records created before `until` and changed at `since` or later, by ascending id."""
        question = questions.changed(kind, since, until, properties)
        yield from bounds.numbered(self._search(kind.name, question), self._api.place)

    def _search(self, kind: str, question: questions.Search) -> Iterator[Hits]:
        last_id, size = 0, self._page_size
        while True:
            path = f"crm/v3/objects/{kind}/search"
            try:
                ask = partial(self._hits, path, last_id=last_id, size=size)
                hits, ids = pieces.once_more(ask, question.page(last_id, size))
            except (TooSlow, http.NoAnswer):
                if size <= SMALLEST_PAGE:
                    raise
                size = max(size // 4, SMALLEST_PAGE)
                continue
            if hits.records:
                yield hits
            if hits.remaining == len(hits.records):
                return
            last_id = ids[-1]

    def _hits(self, path: str, body: Record, *, last_id: int, size: int) -> tuple[Hits, list[int]]:
        """One page of a search, and the ids on it."""
        page = self._ask("POST", path, holds=("results", "total"), body=body)
        if not isinstance(page["total"], int):
            raise self._unlike(
                "search", "how many are left in `total`", strict_json.kind(page["total"])
            )
        hits = Hits(page["results"], page["total"])
        return hits, self._check_page(hits, last_id, size)

    def archived(self, kind: str, properties: list[str]) -> Iterator[list[Record]]:
        """Pages of the archived records HubSpot still keeps (90 days)."""
        yield from bounds.numbered(
            self._archived(kind, properties), self._api.place, is_empty=lambda page: not page
        )

    def _archived(self, kind: str, properties: list[str]) -> Iterator[list[Record]]:
        wanted = {
            "archived": "true",
            "limit": LIST_PAGE,
            "properties": ",".join(sorted(properties)),
        }
        after: dict[str, str] = {}
        cursors = bounds.Cursors(self._api.place)
        while True:
            path = f"crm/v3/objects/{kind}"
            page = self._ask("GET", path, holds=("results",), params={**wanted, **after})
            yield page["results"]
            following = self._following(page)
            if following is None:
                return
            after = {"after": cursors.step(following)}

    def _following(self, page: Record) -> str | None:
        """Where the next page begins; None where this was the last."""
        try:
            following = (page.get("paging") or {}).get("next")
            after = following["after"] if following is not None else ""
        except (AttributeError, KeyError, TypeError):
            after = None
        if not isinstance(after, str):
            raise self._unlike("paging", "`next` with the text `after`", "something else")
        return after or None

    def read(
        self, kind: str, ids: list[str], properties: list[str], history: list[str], archived: bool
    ) -> dict[str, Record]:
        """Records by id, with the history of some properties. One that HubSpot's search still
        lists may be gone: it is asked for twice, and then left out."""
        found: dict[str, Record] = {}
        for _ in range(2):
            missing = [value for value in ids if value not in found]
            for start in range(0, len(missing), BATCH):
                part = missing[start : start + BATCH]
                found |= self._batch(kind, part, properties, history, archived)
        return found

    def _batch(
        self, kind: str, ids: list[str], properties: list[str], history: list[str], archived: bool
    ) -> dict[str, Record]:
        answer = self._ask(
            "POST",
            f"crm/v3/objects/{kind}/batch/read",
            holds=(),
            params={"archived": str(archived).lower()},
            body={
                "inputs": [{"id": value} for value in ids],
                "properties": sorted(properties),
                "propertiesWithHistory": sorted(history),
            },
        )
        return {record["id"]: record for record in answer.get("results", ()) if has_id(record)}

    def associated(self, kind: str, other: str, ids: list[str]) -> dict[str, list[Link]]:
        """The `other` records associated with each of `ids` that has any. What is answered with an
        error is asked for once more; `unlinked` counts the records that still are."""
        path = f"crm/v4/associations/{kind}/{other}/batch/read"

        def ask(inputs: list[Record]) -> Record:
            return self._ask("POST", path, holds=("results",), body={"inputs": inputs})

        try:
            found = associations.read(ask, ids, bounds.Cursors(self._api.place))
            if found.failed:
                found = associations.read(ask, ids, bounds.Cursors(self._api.place))
        except associations.ODD as error:
            what = f"{type(error).__name__} on reading them"
            raise self._unlike("association", "`from` and `to` with ids and labels", what) from None
        self.unlinked += found.failed
        return found.links

    def pipelines(self, kind: str) -> list[Record]:
        found: list[Record] = self._ask("GET", f"crm/v3/pipelines/{kind}", holds=("results",))[
            "results"
        ]
        return found

    def _ask(self, method: str, path: str, *, holds: tuple[str, ...], **request: Any) -> Record:
        """The answer to one request, which must be an object with the keys `holds`, and with a list
        where it has `results`."""
        answer = self._api.json(path, method=method, **request)
        if not isinstance(answer, dict):
            raise self._unlike(f"answer to {path}", "an object", strict_json.kind(answer))
        for key in holds:
            if key not in answer:
                raise self._unlike(key, f"a field of the answer to {path}", "no such field")
        if not isinstance(results := answer.get("results", []), list):
            raise self._unlike(
                "results", f"a list in the answer to {path}", strict_json.kind(results)
            )
        return answer

    def _unlike(self, name: str, expected: str, got: object) -> BrokenContract:
        return BrokenContract(
            f"HubSpot's {name} is not as CRM v3 declares it",
            **self._api.place,
            expected=expected,
            got=got,
            next_step="compare with HubSpot's changelog, then change the source",
        )

    def _check_page(self, hits: Hits, last_id: int, size: int) -> list[int]:
        """The ids of a page; raises where it came before, or is shorter than it must be."""
        ids = [int(record["id"]) for record in hits.records if has_id(record)]
        if ids and (ids[0] <= last_id or ids != sorted(set(ids))):
            raise self._page_twice(f"ids {ids[0]} to {ids[-1]} after id {last_id}")
        due = min(hits.remaining, size)
        if len(hits.records) < due or (hits.remaining > len(hits.records) and not ids):
            raise LostPage(
                "a search page holds fewer records than HubSpot says remain (a lost page?)",
                **self._api.place,
                expected=due,
                got=len(ids),
                next_step="run the task again; if it repeats, ask HubSpot with the window above",
            )
        return ids

    def _page_twice(self, got: str) -> LostPage:
        return LostPage(
            "HubSpot sent a page a second time",
            **self._api.place,
            expected="ids above those already read",
            got=got,
            next_step="run the task again; if it repeats, ask HubSpot with the window above",
        )
