"""HTTP to vendors, on dlt's REST client: patience in the vendor's dialect, errors in ours.

A source describes its vendor's way of saying "slow down" as a predicate on the response; this
module retries on it (and on 429, 5xx, broken connections), then turns what is left into
trueup's errors. URLs are logged without their query: Meta puts access tokens there.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from dlt.sources.helpers import requests as dlt_requests
from dlt.sources.helpers.rest_client import RESTClient
from requests import Response
from requests.auth import AuthBase
from requests.exceptions import RequestException

from trueup import settings
from trueup.errors import AccessDenied, BrokenContract, VendorUnavailable
from trueup.sources.contract import Access, Stream
from trueup.window import Window

Predicate = Callable[[Response], bool]

#: A wait that a vendor names (Retry-After) may be this long; past it Airflow tries again later.
LONGEST_WAIT_SECONDS = 300


def _never(response: Response) -> bool:
    return False


def rest_client(
    access: Access,
    *,
    slow_down: Predicate = _never,
    auth: AuthBase | None = None,
    headers: dict[str, str] | None = None,
    base_url: str | None = None,
) -> RESTClient:
    """A dlt REST client for `access.base_url` that retries 429, 5xx and what `slow_down` says."""
    patience = settings.read()

    def is_throttled(response: Response | None, error: BaseException | None) -> bool:
        return response is not None and slow_down(response)

    session = dlt_requests.Client(
        request_timeout=patience.http_timeout_seconds,
        raise_for_status=False,
        request_max_attempts=patience.http_attempts,
        request_backoff_factor=patience.http_backoff_seconds,
        request_max_retry_delay=LONGEST_WAIT_SECONDS,
        retry_condition=is_throttled,
    ).session
    return RESTClient(
        base_url=base_url or access.base_url, headers=headers, auth=auth, session=session
    )


def call(
    client: RESTClient,
    stream: Stream,
    window: Window,
    path: str,
    *,
    source: str,
    method: str = "GET",
    params: dict[str, Any] | None = None,
    body: dict[str, Any] | None = None,
    slow_down: Predicate = _never,
) -> Response:
    """One request whose answer is a success, or an error with its place and a next step."""
    place = {"source": source, "stream": stream.name, "window": window}
    try:
        options = {"json": body} if body is not None else {}
        response = client.request(path=path, method=method, params=params, **options)
    except RequestException as error:
        raise VendorUnavailable(
            f"no usable answer from {_bare(client.base_url, path)}",
            **place,
            got=type(error).__name__,
            next_step="check the vendor's status page and the base_url; the task retries by itself",
        ) from None
    check(response, slow_down=slow_down, **place)
    return response


def check(
    response: Response, *, source: str, stream: str, window: Window, slow_down: Predicate = _never
) -> None:
    """Raise trueup's error for an answer that is not a success."""
    place = {"source": source, "stream": stream, "window": window}
    status = response.status_code
    where = _bare(response.url.split("?")[0], "")
    if slow_down(response) or status == 429 or status >= 500:
        raise VendorUnavailable(
            f"{where} kept refusing after every retry",
            **place,
            got=f"HTTP {status}: {_excerpt(response)}",
            next_step="wait for the vendor's quota to refill; the task retries by itself",
        )
    if status in (401, 403):
        raise AccessDenied(
            f"{where} refused our credentials",
            **place,
            got=f"HTTP {status}: {_excerpt(response)}",
            next_step="renew the source's secrets and check the account id and its permissions",
        )
    if status >= 400:
        raise BrokenContract(
            f"{where} rejected the request",
            **place,
            expected="HTTP 200",
            got=f"HTTP {status}: {_excerpt(response)}",
            next_step="compare account id and API version in the company file with the vendor's",
        )


def parse_json(response: Response, *, source: str, stream: Stream, window: Window) -> Any:
    """The answer's JSON; a truncated or invalid body is an error, never an empty page."""
    try:
        return json.loads(response.content)
    except ValueError as error:
        raise BrokenContract(
            "the vendor's answer is not valid JSON (truncated?)",
            source=source,
            stream=stream.name,
            window=window,
            got=f"{len(response.content)} bytes, {error}",
            next_step="run the task again; if it repeats, save the answer and ask the vendor",
        ) from None


def _bare(base: str, path: str) -> str:
    return f"{base.rstrip('/')}/{path.lstrip('/')}".rstrip("/").split("?")[0]


def _excerpt(response: Response) -> str:
    return " ".join(response.text.split())[:300]
