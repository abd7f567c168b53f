"""What no answer may do: never end, grow without end, or lead our credentials to another host."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from requests import Response
from requests.exceptions import ReadTimeout

from trueup.errors import BrokenContract, VendorUnavailable

#: One answer, from its headers to its last byte; each wait for bytes has its own, shorter limit.
LONGEST_ANSWER_SECONDS = 600.0
#: Vendors' largest pages are a tenth of this; what is larger is asked for in smaller pieces.
LARGEST_ANSWER_BYTES = 128 * 2**20
#: Pages of one listing. A walk this long has lost its way.
MOST_PAGES = 10_000

_CHUNK_BYTES = 64 * 2**10


class TooMuch(VendorUnavailable):
    """The question is too much at once, says the vendor, or its answer does; fewer days may fit."""


class LostPage(VendorUnavailable):
    """A page is missing, or came twice: what was asked is asked once more before this is final."""


def limit_body(place: dict[str, Any], response: Response) -> None:
    """Let the body of `response` be read only within the bounds above."""
    response.raw = _Bounded(response.raw, place, response.url.split("?")[0])


def stay_on_host(place: dict[str, Any], response: Response) -> None:
    """Raise for a redirect to another host, port or scheme. What we send is meant for the host
    that was asked: requests would take all but the Authorization header and HTTP 307 the body."""
    if not response.is_redirect:
        return
    target = urljoin(response.url, response.headers["location"])
    if _origin(target) != _origin(response.url):
        raise BrokenContract(
            "the vendor sends us to another host, which is not to see our credentials",
            **place,
            expected="{}://{}:{}".format(*_origin(response.url)),
            got="{}://{}:{}".format(*_origin(target)),
            next_step="check the base_url in the company file, and the vendor's changelog",
        )


def numbered(pages: Iterator[Any], place: dict[str, Any]) -> Iterator[Any]:
    """`pages`, as long as they are no more than one walk may have."""
    for number, page in enumerate(pages, 1):
        if number > MOST_PAGES:
            raise BrokenContract(
                "the vendor's pages do not end",
                **place,
                expected=f"at most {MOST_PAGES} pages",
                next_step="run the task again; if it repeats, ask the vendor with the window above",
            )
        yield page


def _origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    return parts.scheme, parts.hostname or "", port


class _Bounded:
    """urllib3's response, whose body is read as it arrives: a server that drips is noticed."""

    def __init__(self, raw: Any, place: dict[str, Any], url: str) -> None:
        self._raw, self._place, self._url = raw, place, url

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def stream(self, amt: int, decode_content: bool | None = None) -> Iterator[bytes]:
        ends = time.monotonic() + LONGEST_ANSWER_SECONDS
        size = 0
        while chunk := self._raw.read1(_CHUNK_BYTES, decode_content=decode_content):
            size += len(chunk)
            if size > LARGEST_ANSWER_BYTES:
                self._raw.close()
                raise TooMuch(
                    f"the answer of {self._url} is larger than we take at once",
                    **self._place,
                    expected=f"at most {LARGEST_ANSWER_BYTES} bytes",
                    next_step="lower the source's page_size in the company file, if it has one",
                )
            if time.monotonic() > ends:
                self._raw.close()
                raise ReadTimeout(f"no end of the answer after {LONGEST_ANSWER_SECONDS} seconds")
            yield chunk
