"""HTTP to vendors, on dlt's REST client: patience in the vendor's dialect, errors in ours.

A vendor judges its own answers (see `refusals`). What passes, and what nobody knows, is asked
again as often as the settings allow; what lasts is raised at once. Every answer is bounded (see
`bounds`). URLs are logged without their query: Meta puts access tokens there.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from dlt.sources.helpers import requests as dlt_requests
from dlt.sources.helpers.rest_client import RESTClient
from requests import Response
from requests.auth import AuthBase
from requests.exceptions import RequestException

from trueup import redaction, settings
from trueup.errors import TrueupError, UnknownRefusal, VendorUnavailable, of_machine
from trueup.sources import bounds, connections, refusals, strict_json
from trueup.sources.contract import Access, Stream
from trueup.sources.refusals import Judge, Place, Refusal
from trueup.sources.strict_json import Unreadable
from trueup.window import Window

Read = TypeVar("Read")

#: A wait that a vendor names (Retry-After) may be this long; past it Airflow tries again later.
LONGEST_WAIT_SECONDS = 300
#: A token whose time nobody names is taken to last this long, and none longer than a day.
TOKEN_SECONDS, LONGEST_TOKEN_SECONDS = 3600.0, 86_400.0


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
        self.spent = bounds.Spent(self.place)
        self._judge_answer = judge
        session = dlt_requests.Client(
            request_timeout=self.patience.http_timeout_seconds,
            raise_for_status=False,
            status_codes=(),
            request_max_attempts=self.patience.http_attempts,
            request_backoff_factor=self.patience.http_backoff_seconds,
            request_max_retry_delay=LONGEST_WAIT_SECONDS,
            retry_condition=self._is_passing,
        ).session
        connections.prepare(session)
        session.hooks["response"] += [
            lambda response, **_: bounds.limit_body(self.place, response),
            lambda response, **_: bounds.stay_on_host(self.place, response),
            lambda response, **_: self.spent.add(response),
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
                next_step="see whether this machine reaches that host (a proxy, a `base_url` of"
                " your own), then the vendor's status page; Airflow's task retries by itself",
            ) from None
        if refusal := self._judge(response, self.place):
            raise refusal.error
        return response

    def json(self, path: str, **request: Any) -> Any:
        """The answer's JSON; one that is cut off, or a web page in its place, is no empty page."""
        return self.read(path, lambda response: strict_json.read(response.content), **request)

    def object(self, path: str, **request: Any) -> dict[str, Any]:
        """The answer's JSON object; anything else is asked for again."""
        return self.read(path, _object, **request)

    def read(self, path: str, parse: Callable[[Response], Read], **request: Any) -> Read:
        """What `parse` makes of the answer. Where it raises ValueError, the answer is asked for
        again within bounds. Only what Unreadable says is shown: other errors repeat what they read.
        """
        for attempt in range(1, self.patience.http_attempts + 1):
            response = self.call(path, **request)
            try:
                return parse(response)
            except ValueError as error:
                why = str(error) if isinstance(error, Unreadable) else type(error).__name__
                problem = f"{len(response.content)} bytes, {why}"
            if attempt < self.patience.http_attempts:
                self.wait(attempt)
        raise UnknownRefusal(
            "the vendor's answer cannot be read (truncated?), however often asked",
            **self.place,
            got=problem,
            next_step="the task retries by itself; if it lasts, look at the vendor's status page",
        )

    def held(self, pages: Iterator[Read], is_empty: Callable[[Read], bool]) -> Iterator[Read]:
        """The pages of a walk that is held in memory until it is whole, within bounds."""
        return bounds.numbered(pages, self.place, is_empty=is_empty, spent=self.spent)

    def wait(self, attempt: int) -> None:
        """The pause after the first, second, ... attempt."""
        time.sleep(min(self.patience.http_backoff_seconds * 2**attempt, LONGEST_WAIT_SECONDS))

    def _judge(self, response: Response, place: Place) -> Refusal | None:
        """What the vendor's judge says. One that cannot read an error's own form, as it may be
        anything, leaves it to what the status says."""
        try:
            found = self._judge_answer(response, place)
            return found and refusals.without_prose(found, response)
        except TrueupError:
            raise
        except Exception as error:
            if of_machine(error, "") is not None:
                raise
            return refusals.plain(response, place)

    def _is_passing(self, response: Response | None, error: BaseException | None) -> bool:
        refusal = None if response is None else self._judge(response, self.place)
        return refusal is not None and refusal.is_passing

    def _raise_what_lasts(self, response: Response) -> None:
        """Before any retry: raise what no retry can mend, or none within our patience, and put
        the wait the vendor asks for where the retries look for it."""
        refusal = None if response.is_redirect else self._judge(response, self.place)
        if refusal is None:
            return
        asked = refusals.seconds(refusal.wait_seconds) or refusals.seconds_asked_for(response) or 0
        if not refusal.is_passing or asked > LONGEST_WAIT_SECONDS:
            raise refusal.error
        response.headers.pop("Retry-After", None)
        if asked:
            response.headers["Retry-After"] = str(math.ceil(asked))


def _object(response: Response) -> dict[str, Any]:
    found = strict_json.read(response.content)
    if not isinstance(found, dict):
        raise Unreadable(f"a {type(found).__name__} where an object should be")
    return found


def _bare(base: str, path: str) -> str:
    """The address asked, without its query. A path may be a whole address of its own."""
    is_whole = path.startswith(("http://", "https://"))
    whole = path if is_whole else f"{base.rstrip('/')}/{path.lstrip('/')}"
    return whole.rstrip("/").split("?")[0]


def granted(answer: Any, place: Place) -> tuple[str, float]:
    """The token a sign-in gave, and the seconds it lasts: an hour where no time is named."""
    fields = answer if isinstance(answer, dict) else {}
    token = fields.get("access_token")
    if not isinstance(token, str) or not token or not token.isprintable():
        raise UnknownRefusal(
            "the vendor's sign-in gave no token",
            **place,
            expected="access_token",
            got=redaction.codes(fields) or "no object",
            next_step="the task retries by itself; if it lasts, look at the vendor's status page",
        )
    try:
        lasts = float(fields.get("expires_in", TOKEN_SECONDS))
    except (TypeError, ValueError):
        lasts = TOKEN_SECONDS
    return token, min(refusals.seconds(lasts) or 0.0, LONGEST_TOKEN_SECONDS)
