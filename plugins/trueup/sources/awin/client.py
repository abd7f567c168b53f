"""Awin's API, asked on behalf of one account: no paging, few calls a minute, days in its zone.

The token travels in the Authorization header. The vendor takes it in the query too, where it would
stand in logs.
"""

from __future__ import annotations

import time
from collections import deque
from datetime import timedelta
from typing import Any

from dlt.sources.helpers.rest_client.auth import BearerTokenAuth
from requests import Response

from trueup import redaction
from trueup.errors import BrokenContract
from trueup.sources import http, strict_json
from trueup.sources.awin.refusals import judge_within
from trueup.sources.contract import Access, Stream
from trueup.sources.strict_json import Unreadable
from trueup.window import Window

AWIN_URL = "https://api.awin.com"
#: What the vendor grants a user, over all accounts and programs the token is used in.
CALLS_PER_MINUTE = 20

Rows = list[dict[str, Any]]


class Programme:
    """The advertiser's account, asked on behalf of one stream and window."""

    def __init__(self, access: Access, stream: Stream, window: Window) -> None:
        self.account = access.account
        self.stream = stream
        self.window = window
        # Nothing in an answer says how many calls are left, so we keep count of our own.
        pace = int(access.options.get("calls_per_minute", CALLS_PER_MINUTE))
        self._calls: deque[float] = deque(maxlen=min(pace, CALLS_PER_MINUTE))
        self._spell = 60.0 * min(pace, CALLS_PER_MINUTE) / pace
        self.api = http.Api(
            access,
            stream,
            window,
            judge=judge_within(self._spell),
            auth=BearerTokenAuth(access.secrets["access_token"]),
            base_url=access.base_url or AWIN_URL,
        )

    def check_zone(self, zones: frozenset[str]) -> None:
        """Raise where the account's days are in a zone the vendor does not count in."""
        if self.account.time_zone not in zones:
            raise BrokenContract(
                "Awin counts no days in the account's time zone",
                **self.api.place,
                expected=f"one of {', '.join(sorted(zones))}",
                got=self.account.time_zone,
                next_step="name in sources.awin.accounts the zone that the programme reports in",
            )

    def transactions(self, date_type: str, part: Window) -> Rows:
        """The transactions whose date of that type lies in `part`; both ends are inclusive."""
        asked = {
            "startDate": f"{part.since}T00:00:00",
            "endDate": f"{part.last_day}T23:59:59",
            "timezone": self.account.time_zone,
            "dateType": date_type,
        }
        return self._own(self._ask("transactions/", asked))

    def report(self, name: str, part: Window, **asked: str) -> Rows:
        """A report's rows over `part`; both ends are inclusive."""
        days = {"startDate": str(part.since), "endDate": str(part.last_day)}
        return self._own(
            self._ask(f"reports/{name}", {**days, "timezone": self.account.time_zone, **asked})
        )

    def publishers(self) -> Rows:
        return self._ask("publishers", {})

    def halves(self, part: Window) -> tuple[Window, Window]:
        middle = part.since + timedelta(days=((part.until - part.since).days + 1) // 2)
        return Window(part.since, middle), Window(middle, part.until)

    def _ask(self, path: str, params: dict[str, str]) -> Rows:
        self._keep_pace()
        return self.api.read(f"advertisers/{self.account.id}/{path}", _listed, params=params)

    def _keep_pace(self) -> None:
        full = len(self._calls) == self._calls.maxlen
        wait = self._spell - (time.monotonic() - self._calls[0]) if full else 0.0
        if wait > 0:
            time.sleep(wait)
        self._calls.append(time.monotonic())

    def _own(self, rows: Rows) -> Rows:
        """`rows`, none of which is another advertiser's."""
        named = {str(row["advertiserId"]) for row in rows if row.get("advertiserId") is not None}
        if named - {self.account.id}:
            raise BrokenContract(
                "Awin sent rows of another advertiser",
                **self.api.place,
                expected=f"advertiserId {self.account.id}",
                got=f"{len(named)} advertisers",
                next_step="run the task again; if it repeats, ask Awin with the window above",
            )
        return rows


def _listed(response: Response) -> Rows:
    """The answer's rows: a list, or an object that holds one list, but not of errors."""
    found = strict_json.read(response.content)
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list)]
        if len(lists) != 1 or any("error" in str(name).casefold() for name in found):
            raise Unreadable(f"no list among {redaction.codes(found)}")
        found = lists[0]
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise Unreadable(f"a {type(found).__name__} where a list of objects should be")
    return found
