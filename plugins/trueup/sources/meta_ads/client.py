"""The Graph API: signed calls, pages by cursor, report jobs, and Meta's dialect of errors.

The token travels in the Authorization header, never in a URL. Meta repeats it inside
`paging.next`, so that URL is neither followed nor logged: the cursor beside it is enough.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import BearerTokenAuth
from requests import Response

from trueup.errors import AccessDenied, BrokenContract, VendorUnavailable
from trueup.sources import http
from trueup.sources.contract import Access, Stream
from trueup.sources.meta_ads.streams import API_VERSION
from trueup.window import Window

SOURCE = "meta_ads"

#: Slow down, said with HTTP 400: the app, the user, the account, a use case.
THROTTLED = frozenset({4, 17, 32, 613, *range(80000, 80015)})
#: A completed job whose result is not readable yet (code, subcode).
RESULT_NOT_READY = (2601, 1815107)
#: A smaller question, please: said in words, or with (code, subcode).
TOO_MUCH = "reduce the amount of data"
TOO_MANY_ROWS = (100, 1487534)
#: Token, permission, and `100/33`: the object does not exist or is not ours to see.
DENIED = frozenset({10, 102, 190, 463, 467, *range(200, 300)})
UNKNOWN_OBJECT = (100, 33)
RETIRED_VERSION = 2635

JOB_ATTEMPTS = 3
#: Seconds between polls double from the first to the last.
FIRST_POLL, LAST_POLL = 0.1, 30.0


class TooMuchData(VendorUnavailable):
    """Meta wants a smaller question: half the days, where it is about days."""

    def __init__(self, place: Mapping[str, Any]) -> None:
        super().__init__(
            "the question is too much data for Meta",
            **place,
            next_step="lower sources.meta_ads.options.page_size in the company file",
        )


@dataclass(frozen=True)
class Graph:
    """An open door to the Graph API on behalf of one stream and window."""

    rest: RESTClient
    proof: str
    stream: Stream
    window: Window
    options: Mapping[str, Any]

    @property
    def place(self) -> dict[str, Any]:
        return {"source": SOURCE, "stream": self.stream.name, "window": self.window}

    def call(self, path: str, params: dict[str, Any], method: str = "GET") -> dict[str, Any]:
        """One call's JSON object. Lists and objects among `params` travel as JSON."""
        plain = {
            key: value if isinstance(value, str | int) else json.dumps(value)
            for key, value in params.items()
        }
        response = http.call(
            self.rest,
            self.stream,
            self.window,
            f"{API_VERSION}/{path}",
            source=SOURCE,
            method=method,
            params={**plain, "appsecret_proof": self.proof},
            slow_down=slow_down,
        )
        answer = http.parse_json(response, source=SOURCE, stream=self.stream, window=self.window)
        if not isinstance(answer, dict):
            raise self.broken("Meta's answer is not an object", got=type(answer).__name__)
        return answer

    def need(self, answer: dict[str, Any], name: str, kind: type) -> Any:
        """`answer[name]`, which the walk cannot go on without."""
        if not isinstance(answer.get(name), kind):
            raise self.broken(
                f"Meta's answer lacks {name}", expected=kind.__name__, got=f"keys {sorted(answer)}"
            )
        return answer[name]

    def broken(self, problem: str, **measured: object) -> BrokenContract:
        return BrokenContract(
            problem,
            **self.place,
            **measured,
            next_step="run the task again; if it repeats, compare with Meta's changelog",
        )

    def pages(self, path: str, params: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Every page of an edge, as Meta sent it."""
        asked = {**params, "limit": int(self.options.get("page_size", 500))}
        while True:
            answer = self.call(path, asked)
            self.need(answer, "data", list)
            yield answer
            paging = answer.get("paging", {})
            if "next" not in paging:
                return
            after = self.need(paging.get("cursors", {}), "after", str)
            if after == asked.get("after"):
                raise self.broken("the next page is the same page again", got=f"cursor {after}")
            asked = {**asked, "after": after}

    def finished_job(self, path: str, params: dict[str, Any]) -> str:
        """The id of a report job that has completed; failed and stuck jobs are begun anew."""
        for _ in range(JOB_ATTEMPTS):
            run_id = self.need(self.call(path, params, method="POST"), "report_run_id", str)
            outcome = self._wait_for(run_id)
            if outcome is None:
                return run_id
        raise VendorUnavailable(
            f"{JOB_ATTEMPTS} report jobs in a row did not complete",
            **self.place,
            expected="Job Completed",
            got=outcome,
            next_step="look at Meta's status page; the task retries by itself",
        )

    def _wait_for(self, run_id: str) -> str | None:
        """None once the job has completed, else why it did not. A job can stand at 100 % and
        still be running: only the status counts."""
        fields = "async_status,async_percent_completion,error_code,error_subcode,error_message"
        deadline = time.monotonic() + 60 * float(self.options.get("job_minutes", 20))
        pause = FIRST_POLL
        while True:
            time.sleep(pause)
            run = self.call(run_id, {"fields": fields})
            status = run.get("async_status")
            if status == "Job Completed":
                return None
            if status in ("Job Failed", "Job Skipped"):
                code, reason = run.get("error_code"), str(run.get("error_message", ""))
                if TOO_MUCH in reason or (code, run.get("error_subcode")) == TOO_MANY_ROWS:
                    raise TooMuchData(self.place)
                return f"{status}, code {code}: {reason}"
            if time.monotonic() > deadline:
                return f"{status} at {run.get('async_percent_completion')} % until time was up"
            pause = min(2 * pause, LAST_POLL)


def open_graph(access: Access, stream: Stream, window: Window) -> Graph:
    token = access.secrets["access_token"]
    secret = access.secrets["app_secret"]
    proof = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    rest = http.rest_client(access, slow_down=slow_down, auth=BearerTokenAuth(token))
    graph = Graph(rest, proof, stream, window, access.options)
    rest.session.hooks["response"].append(partial(_read_error, graph.place))
    return graph


def error_of(response: Response) -> dict[str, Any]:
    """Meta's error object, empty where the answer holds none. It may come with HTTP 200."""
    if response.status_code < 400 and not response.content.startswith(b'{"error"'):
        return {}
    try:
        error = response.json()["error"]
    except (ValueError, KeyError, TypeError):
        return {}
    return error if isinstance(error, dict) else {}


def slow_down(response: Response) -> bool:
    error = error_of(response)
    codes = (error.get("code"), error.get("error_subcode"))
    return codes[0] in THROTTLED or codes == RESULT_NOT_READY or error.get("is_transient") is True


def minutes_to_regain(response: Response) -> int:
    """How long Meta says it will refuse us, over all accounts and use cases; 0 if it does not."""
    try:
        usage = json.loads(response.headers.get("X-Business-Use-Case-Usage", "{}"))
        cases = [case for account in usage.values() for case in account]
        return max((int(c.get("estimated_time_to_regain_access", 0)) for c in cases), default=0)
    except (ValueError, AttributeError, TypeError):
        return 0


def _read_error(place: dict[str, Any], response: Response, **_: Any) -> None:
    """Raise what no retry can mend; make the wait Meta asks for one the retries understand.

    Meta's own words on a bad token can repeat the token, so only the codes are passed on.
    """
    error = error_of(response)
    code, subcode = error.get("code"), error.get("error_subcode")
    message = str(error.get("message", ""))
    if TOO_MUCH in message or (code, subcode) == TOO_MANY_ROWS:
        raise TooMuchData(place)
    if code in DENIED or (code, subcode) == UNKNOWN_OBJECT or "appsecret_proof" in message:
        raise AccessDenied(
            "Meta refused our token or this ad account",
            **place,
            got=f"HTTP {response.status_code}, code {code}, subcode {subcode}",
            next_step="renew access_token and app_secret, and check that the account id in the"
            " company file is act_<number> and that the token's user may read it",
        )
    if code == RETIRED_VERSION:
        raise BrokenContract(
            f"Meta no longer answers version {API_VERSION}",
            **place,
            got=f"HTTP {response.status_code}, code {code}",
            next_step="read Meta's changelog, then raise API_VERSION in meta_ads/streams.py",
        )
    minutes = minutes_to_regain(response) if slow_down(response) else 0
    if 60 * minutes > http.LONGEST_WAIT_SECONDS:
        raise VendorUnavailable(
            f"Meta refuses us for another {minutes} minutes",
            **place,
            got=f"HTTP {response.status_code}, code {code}, subcode {subcode}",
            next_step="wait for the quota to refill; the task retries by itself",
        )
    if minutes:
        response.headers["Retry-After"] = str(60 * minutes)
