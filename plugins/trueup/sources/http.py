"""HTTP to vendors, on dlt's REST client: patience in the vendor's dialect, errors in ours.

A vendor judges its own answers (see `refusals`). What passes, and what nobody knows, is asked
again as often as the settings allow; what lasts is raised at once. Every answer is bounded (see
`bounds`). URLs are logged without their query: Meta puts access tokens there.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from typing import Any, TypeVar

from dlt.sources.helpers import requests as dlt_requests
from dlt.sources.helpers.rest_client import RESTClient
from requests import Response
from requests.auth import AuthBase
from requests.exceptions import RequestException

from trueup import settings
from trueup.errors import UnknownRefusal, VendorUnavailable
from trueup.sources import bounds, refusals
from trueup.sources.contract import Access, Stream
from trueup.sources.refusals import Judge, Place
from trueup.window import Window

Read = TypeVar("Read")

#: A wait that a vendor names (Retry-After) may be this long; past it Airflow tries again later.
LONGEST_WAIT_SECONDS = 300


class NoAnswer(VendorUnavailable):
    """Nobody answers, or not to the end, or not in time."""


def place_of(access: Access, stream: Stream, window: Window) -> Place:
    """Where an error stands: source, stream, account, window."""
    place: Place = {"source": access.source, "stream": stream.name, "window": window}
    if len(access.accounts) == 1:
        place["account"] = access.accounts[0].id
    return place


class Api:
    """One vendor's API, asked on behalf of one stream, account and window."""

    def __init__(
        self,
        access: Access,
        stream: Stream,
        window: Window,
        *,
        judge: Judge = refusals.plain,
        auth: AuthBase | None = None,
        headers: dict[str, str] | None = None,
        base_url: str | None = None,
    ) -> None:
        self.place = place_of(access, stream, window)
        self.patience = settings.read()
        self._judge = judge
        session = dlt_requests.Client(
            request_timeout=self.patience.http_timeout_seconds,
            raise_for_status=False,
            status_codes=(),
            request_max_attempts=self.patience.http_attempts,
            request_backoff_factor=self.patience.http_backoff_seconds,
            request_max_retry_delay=LONGEST_WAIT_SECONDS,
            retry_condition=self._is_passing,
        ).session
        session.hooks["response"] += [
            lambda response, **_: bounds.limit_body(self.place, response),
            lambda response, **_: bounds.stay_on_host(self.place, response),
            lambda response, **_: self._raise_what_lasts(response),
        ]
        self.client = RESTClient(
            base_url=base_url or access.base_url, headers=headers, auth=auth, session=session
        )

    def call(
        self,
        path: str,
        *,
        method: str = "GET",
        params: dict[str, Any] | None = None,
        body: dict[str, Any] | None = None,
        form: dict[str, str] | None = None,
    ) -> Response:
        """One request whose answer is a success, or an error with its place and a next step."""
        options: dict[str, Any] = {"json": body} if body is not None else {}
        if form is not None:
            options["data"] = form
        try:
            response = self.client.request(path=path, method=method, params=params, **options)
        except RequestException as error:
            raise NoAnswer(
                f"no usable answer from {_bare(self.client.base_url, path)}",
                **self.place,
                got=type(error).__name__,
                next_step="check the vendor's status page and the base_url; the task retries by"
                " itself",
            ) from None
        if refusal := self._judge(response, self.place):
            raise refusal.error
        return response

    def json(self, path: str, **request: Any) -> Any:
        """The answer's JSON; one that is cut off, or a web page in its place, is no empty page."""
        return self.read(path, lambda response: json.loads(response.content), **request)

    def read(self, path: str, parse: Callable[[Response], Read], **request: Any) -> Read:
        """What `parse` makes of the answer. Where it raises ValueError, the answer is asked for
        again within bounds."""
        for attempt in range(1, self.patience.http_attempts + 1):
            response = self.call(path, **request)
            try:
                return parse(response)
            except ValueError as error:
                problem = f"{len(response.content)} bytes, {error}"
            if attempt < self.patience.http_attempts:
                self.wait(attempt)
        raise UnknownRefusal(
            "the vendor's answer cannot be read (truncated?), however often asked",
            **self.place,
            got=problem,
            next_step="the task retries by itself; if it lasts, look at the vendor's status page",
        )

    def wait(self, attempt: int) -> None:
        """The pause after the first, second, ... attempt."""
        time.sleep(min(self.patience.http_backoff_seconds * 2**attempt, LONGEST_WAIT_SECONDS))

    def _is_passing(self, response: Response | None, error: BaseException | None) -> bool:
        refusal = None if response is None else self._judge(response, self.place)
        return refusal is not None and refusal.is_passing

    def _raise_what_lasts(self, response: Response) -> None:
        """Before any retry: raise what no retry can mend, or none within our patience, and put
        the wait the vendor asks for where the retries look for it."""
        refusal = None if response.is_redirect else self._judge(response, self.place)
        if refusal is None:
            return
        wait = refusal.wait_seconds or refusals.seconds_asked_for(response) or 0
        if not refusal.is_passing or wait > LONGEST_WAIT_SECONDS:
            raise refusal.error
        if wait:
            response.headers["Retry-After"] = str(math.ceil(wait))


def _bare(base: str, path: str) -> str:
    return f"{base.rstrip('/')}/{path.lstrip('/')}".rstrip("/").split("?")[0]
