"""Toy's API: one question per stream and window, one JSON document in answer."""

from __future__ import annotations

from collections.abc import Iterator

from requests import PreparedRequest
from requests.auth import AuthBase

from trueup.sources import http
from trueup.sources.contract import Access, ControlTotal, Page, Stream
from trueup.window import Window


class _Token(AuthBase):
    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def pages(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    """The rows, and the number of them that Toy states."""
    api = http.Api(access, stream, window, auth=_Token(access.secrets["token"]))
    question = {
        "account": access.accounts[0].id, "since": str(window.since), "until": str(window.until),
    }  # fmt: skip
    answer = api.json(stream.name, params=question)
    yield answer["rows"]
    yield ControlTotal("rows", answer["row_count"])
