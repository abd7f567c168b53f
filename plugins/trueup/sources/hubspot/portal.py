"""Reading one HubSpot portal: searches, batch reads, archived records, associations.

A search walks `hs_object_id`: each page asks for the ids above the last one seen. So the cap of
10,000 hits a search never applies, ten thousand records stamped with one millisecond by a batch
update cannot loop it, and a record edited meanwhile cannot push another over a page's edge.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from requests import Response

from trueup.errors import AccessDenied, BrokenContract, VendorUnavailable
from trueup.sources.contract import Access, Stream
from trueup.sources.http import call, parse_json, rest_client
from trueup.window import Window

Record = dict[str, Any]

SEARCH_PAGE = 200
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
        self._place = {"source": access.source, "stream": stream.name, "window": window}
        self._stream, self._window, self._access = stream, window, access
        self._page_size = int(access.options.get("page_size", SEARCH_PAGE))
        token = access.secrets["access_token"]
        self._client = rest_client(access, headers={"Authorization": f"Bearer {token}"})
        self._client.session.hooks["response"].append(self._stop_at_daily_limit)

    def check_account(self) -> None:
        """Raise unless the token belongs to the company's portal, and it counts in the currency
        of the company file: that of every deal without one of its own."""
        account = self._access.accounts[0]
        details = self._ask("GET", "account-info/v3/details", holds=("portalId", "companyCurrency"))
        if str(details["portalId"]) != account.id:
            raise AccessDenied(
                "the access token belongs to another HubSpot account",
                **self._place,
                expected=f"portal {account.id}",
                got=f"portal {details['portalId']}",
                next_step="correct sources.hubspot.accounts or install the app in that portal",
            )
        if details["companyCurrency"] != account.currency_code:
            raise BrokenContract(
                "the portal's currency is not what the company file says",
                **self._place,
                expected=account.currency_code,
                got=details["companyCurrency"],
                next_step="correct the account of hubspot in the company file",
            )

    def search(
        self, kind: str, cursor: str, since: datetime, until: datetime, properties: list[str]
    ) -> Iterator[Hits]:
        """Live records created before `until` and changed at `since` or later, by ascending id."""
        last_id = 0
        while True:
            page = self._ask(
                "POST",
                f"crm/v3/objects/{kind}/search",
                holds=("results", "total"),
                body={
                    "filterGroups": [
                        {
                            "filters": [
                                _filter(cursor, "GTE", _millis(since)),
                                _filter("createdate", "LT", _millis(until)),
                                _filter("hs_object_id", "GT", last_id),
                            ]
                        }
                    ],
                    "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
                    "properties": sorted({cursor, *properties}),
                    "limit": self._page_size,
                },
            )
            hits = Hits(page["results"], page["total"])
            self._check_page(hits, last_id)
            if hits.records:
                yield hits
            if hits.remaining == len(hits.records):
                return
            last_id = int(hits.records[-1]["id"])

    def archived(self, kind: str, properties: list[str]) -> Iterator[list[Record]]:
        """Pages of the archived records HubSpot still keeps (90 days)."""
        after: dict[str, str] = {}
        while True:
            page = self._ask(
                "GET",
                f"crm/v3/objects/{kind}",
                holds=("results",),
                params={
                    "archived": "true",
                    "limit": LIST_PAGE,
                    "properties": ",".join(sorted(properties)),
                    **after,
                },
            )
            yield page["results"]
            following = page.get("paging", {}).get("next")
            if not following:
                return
            if following["after"] == after.get("after"):
                raise self._page_twice(f"archived {kind} after {following['after']}")
            after = {"after": following["after"]}

    def read(
        self, kind: str, ids: list[str], properties: list[str], history: list[str], archived: bool
    ) -> list[Record]:
        """Records by id, with the history of some properties, in the order of `ids`."""
        found: dict[str, Record] = {}
        for start in range(0, len(ids), BATCH):
            answer = self._ask(
                "POST",
                f"crm/v3/objects/{kind}/batch/read",
                holds=("results",),
                params={"archived": str(archived).lower()},
                body={
                    "inputs": [{"id": value} for value in ids[start : start + BATCH]],
                    "properties": sorted(properties),
                    "propertiesWithHistory": sorted(history),
                },
            )
            found |= {record["id"]: record for record in answer["results"]}
        missing = [value for value in ids if value not in found]
        if missing:
            raise VendorUnavailable(
                f"{len(missing)} {kind} vanished between the search and the read",
                **self._place,
                got=f"no answer for id {missing[0]}",
                next_step="run the task again: records were deleted or merged meanwhile",
            )
        return [found[value] for value in ids]

    def first_associated(self, kind: str, other: str, ids: list[str]) -> dict[str, str]:
        """The first `other` record associated with each of `ids` that has one."""
        if not ids:
            return {}
        answer = self._ask(
            "POST",
            f"crm/v4/associations/{kind}/{other}/batch/read",
            holds=("results",),
            body={"inputs": [{"id": value} for value in ids]},
        )
        return {
            str(result["from"]["id"]): str(result["to"][0]["toObjectId"])
            for result in answer["results"]
            if result["to"]
        }

    def pipelines(self, kind: str) -> list[Record]:
        return self._ask("GET", f"crm/v3/pipelines/{kind}", holds=("results",))["results"]

    def instant(self, holder: Record, name: str) -> datetime:
        """The ISO 8601 instant at `name`; BrokenContract where there is none."""
        try:
            instant = datetime.fromisoformat(holder[name])
        except (KeyError, TypeError, ValueError):
            instant = None
        if instant is None or instant.tzinfo is None:
            raise self._unlike(name, "an ISO 8601 instant with offset", holder.get(name, "nothing"))
        return instant.astimezone(UTC)

    def _ask(self, method: str, path: str, *, holds: tuple[str, ...], **request: Any) -> Record:
        """The answer to one request, which must be an object with the keys `holds`."""
        source = self._access.source
        response = call(
            self._client, self._stream, self._window, path, source=source, method=method, **request
        )
        answer = parse_json(response, source=source, stream=self._stream, window=self._window)
        for key in holds:
            if not isinstance(answer, dict) or key not in answer:
                raise self._unlike(key, f"a field of the answer to {path}", "no such field")
        return answer

    def _unlike(self, name: str, expected: str, got: object) -> BrokenContract:
        return BrokenContract(
            f"HubSpot's {name} is not as CRM v3 declares it",
            **self._place,
            expected=expected,
            got=got,
            next_step="compare with HubSpot's changelog, then change the source",
        )

    def _stop_at_daily_limit(self, response: Response, **_: Any) -> None:
        """The ten-second limits pass by waiting; the day's does not, so it is not retried."""
        if response.status_code == 429 and _policy(response) == "DAILY":
            raise VendorUnavailable(
                "HubSpot's daily call limit is used up",
                **self._place,
                got="HTTP 429, policyName DAILY",
                next_step="run again after midnight in the portal's zone, or raise the limit",
            )

    def _check_page(self, hits: Hits, last_id: int) -> None:
        ids = [int(record["id"]) for record in hits.records]
        if ids and (ids[0] <= last_id or ids != sorted(set(ids))):
            raise self._page_twice(f"ids {ids[0]} to {ids[-1]} after id {last_id}")
        if len(ids) < min(hits.remaining, self._page_size):
            raise BrokenContract(
                "a search page holds fewer records than HubSpot says remain (a lost page?)",
                **self._place,
                expected=min(hits.remaining, self._page_size),
                got=len(ids),
                next_step="run the task again; if it repeats, ask HubSpot with the window above",
            )

    def _page_twice(self, got: str) -> BrokenContract:
        return BrokenContract(
            "HubSpot sent a page a second time",
            **self._place,
            expected="ids above those already read",
            got=got,
            next_step="run the task again; if it repeats, ask HubSpot with the window above",
        )


def _filter(name: str, operator: str, value: int) -> dict[str, str]:
    return {"propertyName": name, "operator": operator, "value": str(value)}


def _millis(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def _policy(response: Response) -> str | None:
    try:
        return response.json().get("policyName")
    except (ValueError, AttributeError):
        return None
