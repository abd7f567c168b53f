"""What Google's Data Manager made of the requests it had taken: `requestStatus:retrieve`.

Which requests there were, the log says. One that Google does not know (any more) is
recorded as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from requests import Response

from trueup.errors import TrueupError
from trueup.sources import http, refusals
from trueup.sources.contract import Absent, Access, Page, Stream
from trueup.sources.conversions_api import outcomes, single_values
from trueup.sources.conversions_api.judging import is_unknown_request, judge_google
from trueup.sources.conversions_api.logs import account_of
from trueup.sources.conversions_api.streams import GOOGLE
from trueup.sources.google_service_account import authorise, read_key
from trueup.sources.refusals import Place, Refusal
from trueup.window import Window

GOOGLE_URL = "https://datamanager.googleapis.com"
SCOPE = "https://www.googleapis.com/auth/datamanager"
PATH = "v1/requestStatus:retrieve"
#: Requests of a window that are asked for; more would cost more of the quota than they say.
MOST_REQUESTS = 2_000
NOT_KNOWN = "NOT_KNOWN"

Rows = list[dict[str, Any]]


def verdicts(
    access: Access, stream: Stream, window: Window, sent: Iterable[tuple[str, date]]
) -> Iterator[Page]:
    """What Google says of each request of `sent`, which are ids and days."""
    api = _open(access, stream, window)
    requests = sorted(set(sent), key=lambda one: (one[1], one[0]), reverse=True)
    most = int(access.options.get("most_requests", MOST_REQUESTS))
    account = account_of(access)
    yield [row for one in requests[:most] for row in _rows(api, account, *one)]
    if len(requests) > most:
        yield Absent(window, f"{len(requests) - most} requests were not asked for", "part")


def _rows(api: http.Api, account: str, request_id: str, day: date) -> Rows:
    try:
        answer = api.object(PATH, params={"requestId": request_id})
    except _UnknownRequest:
        return [_row(account, request_id, day, {}, NOT_KNOWN)]
    listed = single_values.listed(answer.get("requestStatusPerDestination"))
    return [row for one in listed for row in _of_destination(account, request_id, day, one)]


def _of_destination(account: str, request_id: str, day: date, one: dict[str, Any]) -> Rows:
    destination = single_values.mapping(one.get("destination"))
    operating = single_values.mapping(destination.get("operatingAccount"))
    if single_values.text(operating.get("accountId")) not in (None, account):
        return []  # another account's part of the request, which is asked for as its own
    status = single_values.text(one.get("requestStatus")) or "REQUEST_STATUS_UNKNOWN"
    counts = single_values.listed(single_values.mapping(one.get("errorInfo")).get("errorCounts"))
    return [_row(account, request_id, day, one, status, count) for count in counts or [{}]]


def _row(
    account: str,
    request_id: str,
    day: date,
    one: dict[str, Any],
    status: str,
    count: dict[str, Any] | None = None,
) -> dict[str, Any]:
    reason = single_values.text((count or {}).get("reason"))
    ingested = single_values.mapping(one.get("eventsIngestionStatus"))
    return {
        "destination": GOOGLE,
        "account_id": account,
        "action": single_values.text(
            single_values.mapping(one.get("destination")).get("productDestinationId")
        ),
        "request_id": request_id,
        "sent_date": day,
        "status": status,
        "record_count": single_values.whole(ingested.get("recordCount")),
        "reason_code": reason,
        "reason": outcomes.reason_of(GOOGLE, reason),
        "reason_count": single_values.whole((count or {}).get("recordCount")),
    }


class _UnknownRequest(TrueupError):
    """Google knows no request of this id."""


def _judge(response: Response, place: Place) -> Refusal | None:
    if response.status_code in (400, 404) and is_unknown_request(response):
        return Refusal(
            _UnknownRequest(
                "Google knows no such request", **place, got=refusals.said(response),
                next_step="nothing: what became of it stays unknown",
            )
        )  # fmt: skip
    return judge_google(response, place)


def _open(access: Access, stream: Stream, window: Window) -> http.Api:
    place = http.place_of(access, stream, window)
    key = read_key(access.secrets.get("google_service_account", ""), place)
    auth = authorise(access, key, stream, window, SCOPE)
    base_url = f"{access.base_url}/google" if access.base_url else GOOGLE_URL
    return http.Api(access, stream, window, judge=_judge, auth=auth, base_url=base_url)
