"""The Graph API: signed calls, pages by cursor, report jobs.

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
from datetime import date
from typing import Any

from dlt.sources.helpers.rest_client.auth import BearerTokenAuth
from requests import Response

from trueup import redaction
from trueup.errors import BrokenContract, VendorUnavailable
from trueup.sources import bounds, http, strict_json
from trueup.sources.bounds import LostPage, TooMuch
from trueup.sources.contract import Access, Account, Stream
from trueup.sources.graph_api import META_URL
from trueup.sources.meta_ads.refusals import ResultLost, judge, lasting_error
from trueup.sources.meta_ads.streams import API_VERSION
from trueup.sources.refusals import Place
from trueup.sources.strict_json import Unreadable
from trueup.window import Window

#: Rows a page, and how few a page may have before the question is too much in itself.
PAGE_SIZE, SMALLEST_PAGE = 500, 25
JOB_ATTEMPTS = 3
#: Seconds between polls double from the first to the last.
FIRST_POLL, LAST_POLL = 0.1, 30.0

Answer = dict[str, Any]
NOTHING: Mapping[str, type] = {}


@dataclass(frozen=True)
class Graph:
    """An open door to the Graph API on behalf of one stream, ad account and window."""

    api: http.Api
    proof: str
    account: Account
    stream: Stream
    window: Window
    options: Mapping[str, Any]
    history_start: date

    @property
    def place(self) -> Place:
        return self.api.place

    def call(
        self, path: str, params: Answer, method: str = "GET", *, holds: Mapping[str, type] = NOTHING
    ) -> Answer:
        """One call's JSON object, which holds what it must. Lists and objects among `params`
        travel as JSON."""
        plain = {
            key: value if isinstance(value, str | int) else json.dumps(value)
            for key, value in params.items()
        }

        def parse(response: Response) -> Answer:
            answer = strict_json.read(response.content)
            if not isinstance(answer, dict):
                raise Unreadable(f"a {type(answer).__name__} where an object should be")
            for name, kind in holds.items():
                held = answer.get(name)
                if not isinstance(held, kind):
                    raise Unreadable(f"no {name} among {redaction.codes(answer)}")
                if isinstance(held, list) and not all(isinstance(one, dict) for one in held):
                    raise Unreadable(f"{name} holds what is no object")
            return answer

        signed = {**plain, "appsecret_proof": self.proof}
        return self.api.read(f"{API_VERSION}/{path}", parse, method=method, params=signed)

    def need(self, answer: Answer, name: str, kind: type) -> Any:
        """`answer[name]`, which the walk cannot go on without."""
        if not isinstance(answer.get(name), kind):
            raise self.broken(
                f"Meta's answer lacks {name}",
                expected=kind.__name__,
                got=f"keys {redaction.codes(answer)}",
            )
        return answer[name]

    def broken(self, problem: str, **measured: Any) -> BrokenContract:
        return BrokenContract(
            problem,
            **self.place,
            **measured,
            next_step="run the task again; if it repeats, compare with Meta's changelog",
        )

    def lost_page(self, problem: str, **measured: Any) -> LostPage:
        return LostPage(
            problem,
            **self.place,
            **measured,
            next_step="the task retries by itself; if it repeats, compare with Ads Manager",
        )

    def pages(self, path: str, params: Answer, *, may_shrink: bool = False) -> Iterator[Answer]:
        """Every page of an edge, as Meta sent it; smaller ones where that may make a question that
        is too much for Meta one that it answers."""
        yield from self.api.held(
            self._pages(path, params, may_shrink), lambda answer: not answer["data"]
        )

    def _pages(self, path: str, params: Answer, may_shrink: bool) -> Iterator[Answer]:
        asked = {**params, "limit": int(self.options.get("page_size", PAGE_SIZE))}
        cursors = bounds.Cursors(self.place)
        while True:
            try:
                answer = self.call(path, asked, holds={"data": list})
            except TooMuch:
                if not may_shrink or asked["limit"] <= SMALLEST_PAGE:
                    raise
                asked = {**asked, "limit": max(asked["limit"] // 2, SMALLEST_PAGE)}
                continue
            self._check_account(answer["data"])
            yield answer
            paging = answer.get("paging") or {}
            if "next" not in paging:
                return
            after = self.need(paging.get("cursors") or {}, "after", str)
            asked = {**asked, "after": cursors.step(after)}

    def _check_account(self, rows: list[Any]) -> None:
        """Raise where a row is another account's."""
        ours = self.account.id.removeprefix("act_")
        named = [row.get("account_id") for row in rows if isinstance(row, dict)]
        if any(str(one) not in (ours, self.account.id) for one in named if one is not None):
            raise self.broken("Meta sent rows of another account", expected=f"account_id {ours}")

    def job_pages(self, path: str, params: Answer, of_result: Answer) -> list[Answer]:
        """Every page of a report that Meta makes in the background. A job that fails, is stuck or
        whose result cannot be read is begun anew."""
        outcome = ""
        for _ in range(JOB_ATTEMPTS):
            run = self.call(path, params, "POST", holds={"report_run_id": str})
            run_id = run["report_run_id"]
            try:
                outcome = self._wait_for(run_id)
                if not outcome:
                    return list(self.pages(f"{run_id}/insights", of_result))
            except ResultLost as lost:
                outcome = f"{lost.problem} ({lost.got})"
        raise VendorUnavailable(
            f"{JOB_ATTEMPTS} report jobs in a row gave no result",
            **self.place,
            expected="Job Completed",
            got=outcome,
            next_step="look at Meta's status page; the task retries by itself",
        )

    def _wait_for(self, run_id: str) -> str:
        """Empty once the job has completed, else why it did not. A job can stand at 100 % and
        still be running: only the status counts."""
        fields = "async_status,async_percent_completion,error_code,error_subcode,error_message"
        deadline = time.monotonic() + 60 * float(self.options.get("job_minutes", 20))
        pause = FIRST_POLL
        while True:
            time.sleep(pause)
            run = self.call(run_id, {"fields": fields})
            status = run.get("async_status")
            if status == "Job Completed":
                return ""
            if status in ("Job Failed", "Job Skipped"):
                return self._failed(run, str(status))
            if time.monotonic() > deadline:
                percent = redaction.code(run.get("async_percent_completion"))
                state = " ".join(redaction.code(word) for word in str(status)[:40].split())
                return f"{state} at {percent} % until time was up"
            pause = min(2 * pause, LAST_POLL)

    def _failed(self, run: Answer, status: str) -> str:
        """Why a job failed, where a new one may do better; what no new one mends is raised."""
        code, subcode = run.get("error_code"), run.get("error_subcode")
        why = f"{status}, code {redaction.code(code)}, subcode {redaction.code(subcode)}"
        text = str(run.get("error_message", ""))
        if lasting := lasting_error(code, subcode, text, self.place, why):
            raise lasting
        return why


def open_graph(access: Access, stream: Stream, window: Window) -> Graph:
    token = access.secrets["access_token"]
    secret = access.secrets["app_secret"]
    proof = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    api = http.Api(
        access,
        stream,
        window,
        judge=judge,
        auth=BearerTokenAuth(token),
        base_url=access.base_url or META_URL,
    )
    return Graph(api, proof, access.account, stream, window, access.options, access.history_start)
