"""What no answer may do: never end, grow without end, or lead our credentials to another host.

The bounds are far above what vendors send, and there so that a vendor in trouble, or somebody in
its place, costs us a bounded time, memory and disk. `http.Api` keeps them for every request.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

from requests import Response
from requests.exceptions import ReadTimeout
from urllib3.exceptions import ProtocolError

from trueup.errors import BrokenContract, UnknownRefusal, VendorUnavailable

#: One answer, from its headers to its last byte; each wait for bytes has its own, shorter limit.
LONGEST_ANSWER_SECONDS = 600.0
#: Vendors' largest pages are a tenth of this; what is larger is asked for in smaller pieces.
LARGEST_ANSWER_BYTES = 128 * 2**20
#: Pages of one listing. A walk this long has lost its way.
MOST_PAGES = 10_000
#: Pages without a row, one after the other: filters leave some, not as many as these.
MOST_EMPTY_PAGES = 500
#: All pages of a walk that is held in memory until it is whole. As Python's objects they take
#: several times as much.
LARGEST_WALK_BYTES = 2**30
#: All answers of one stream, account and window. A first landing of a large account takes hours.
LONGEST_WINDOW_SECONDS = 5 * 3600.0
LARGEST_WINDOW_BYTES = 64 * 2**30

_CHUNK_BYTES = 64 * 2**10
_AGAIN = "run the task again; if it repeats, ask the vendor with the window above"

Page = TypeVar("Page")


class TooMuch(VendorUnavailable):
    """The question is too much at once, says the vendor, or its answer does; fewer days may fit."""


class LostPage(VendorUnavailable):
    """A page is missing, or came twice: what was asked is asked once more before this is final."""


def limit_body(place: dict[str, Any], response: Response) -> None:
    """Let the body of `response` be read only within the bounds above, and read it."""
    response.raw = _Bounded(response.raw, place, response.url.split("?")[0])
    _ = response.content


def stay_on_host(place: dict[str, Any], response: Response) -> None:
    """Raise for a redirect to another host, port or scheme. What we send is meant for the host
    that was asked: requests would take all but the Authorization header and HTTP 307 the body."""
    if not response.is_redirect:
        return
    asked = _origin(response.url)
    target = _origin(response.url, response.headers["location"])
    if target != asked:
        raise BrokenContract(
            "the vendor sends us to another host, which is not to see our credentials",
            **place,
            expected=asked,
            got=target,
            next_step="check the base_url in the company file, and the vendor's changelog",
        )


@dataclass
class Spent:
    """What the answers of one stream, account and window have cost so far."""

    place: dict[str, Any]
    began: float = field(default_factory=time.monotonic)
    bytes_read: int = 0

    def add(self, response: Response) -> None:
        """Count an answer. Raises where all of them together are past any window's bounds."""
        self.bytes_read += len(response.content)
        if self.bytes_read > LARGEST_WINDOW_BYTES:
            raise BrokenContract(
                "the vendor's answers do not end",
                **self.place,
                expected=f"at most {LARGEST_WINDOW_BYTES} bytes for a window",
                next_step=_AGAIN,
            )
        if time.monotonic() - self.began > LONGEST_WINDOW_SECONDS:
            raise VendorUnavailable(
                "the vendor takes too long over the window",
                **self.place,
                expected=f"at most {LONGEST_WINDOW_SECONDS:.0f} seconds for all its answers",
                next_step="look at the vendor's status page; the task retries by itself and goes on"
                " with what has not landed",
            )


def numbered(
    pages: Iterator[Page],
    place: dict[str, Any],
    *,
    is_empty: Callable[[Page], bool] = lambda page: False,
    spent: Spent | None = None,
) -> Iterator[Page]:
    """`pages`, as long as they are no more than one walk may have, nor too many without rows in a
    row; where they are held in memory, `spent` counts what they weigh."""
    begun = spent.bytes_read if spent else 0
    empty = 0
    for number, page in enumerate(pages, 1):
        empty = empty + 1 if is_empty(page) else 0
        if number > MOST_PAGES or empty > MOST_EMPTY_PAGES:
            most = f"{MOST_EMPTY_PAGES} pages without a row" if empty > MOST_EMPTY_PAGES else ""
            raise BrokenContract(
                "the vendor's pages do not end",
                **place,
                expected=f"at most {most or f'{MOST_PAGES} pages'}",
                next_step=_AGAIN,
            )
        if spent and spent.bytes_read - begun > LARGEST_WALK_BYTES:
            raise TooMuch(
                "the pages of one question are more than we take at once",
                **place,
                expected=f"at most {LARGEST_WALK_BYTES} bytes",
                next_step="the task asks for fewer days at once; if one day is too much, tell the"
                " maintainers",
            )
        yield page


@dataclass
class Cursors:
    """The cursors of one walk: one that comes again leads in a circle."""

    place: dict[str, Any]
    seen: set[str] = field(default_factory=set)

    def step(self, cursor: object) -> Any:
        """`cursor`, unless the walk has been there."""
        # A cursor may be long; what tells two apart need not be.
        mark = f"{hash(cursor) if isinstance(cursor, str | int) else repr(cursor)[:200]}"
        if mark in self.seen:
            raise LostPage(
                "the vendor's pages lead in a circle: a cursor came twice",
                **self.place,
                got=f"page {len(self.seen) + 1}",
                next_step=_AGAIN,
            )
        self.seen.add(mark)
        return cursor


def _origin(url: str, location: str = "") -> str:
    """Scheme, host and port of an address, or of where it sends us."""
    try:
        parts = urlsplit(urljoin(url, location))
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        return "an address that is none"
    return f"{parts.scheme}://{parts.hostname or ''}:{port}"


class _Bounded:
    """urllib3's response, whose body is read as it arrives: a server that drips is noticed, and a
    small answer that unpacks to a large one before it does so."""

    def __init__(self, raw: Any, place: dict[str, Any], url: str) -> None:
        self._raw, self._place, self._url = raw, place, url

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def stream(self, amt: int, decode_content: bool | None = None) -> Iterator[bytes]:
        watch = getattr(self._raw, "watch", None)
        ends = time.monotonic() + LONGEST_ANSWER_SECONDS
        size = 0
        try:
            for chunk in self._unpacked(self._chunks(watch)):
                size += len(chunk)
                if size > LARGEST_ANSWER_BYTES:
                    raise self._too_large()
                if time.monotonic() > ends:
                    raise _endless()
                yield chunk
        except BaseException:
            self._raw.close()
            raise
        finally:
            if watch:
                watch.stop()

    def _chunks(self, watch: Any) -> Iterator[bytes]:
        try:
            while chunk := self._raw.read1(_CHUNK_BYTES, decode_content=False):
                yield chunk
        except Exception:
            if watch and watch.is_over:
                raise _endless() from None
            raise
        if watch and watch.is_over:
            raise _endless()

    def _unpacked(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """The chunks as they were before they were packed, never more than one at a time."""
        packing = self._raw.headers.get("Content-Encoding", "identity").strip().lower()
        if packing == "identity":
            yield from chunks
            return
        if packing not in ("gzip", "x-gzip"):
            raise UnknownRefusal(
                f"the answer of {self._url} is packed in a way we did not ask for",
                **self._place,
                expected="gzip, or nothing",
                next_step="look for a proxy between us and the vendor; the task retries by itself",
            )
        yield from _gunzip(chunks)

    def _too_large(self) -> TooMuch:
        return TooMuch(
            f"the answer of {self._url} is larger than we take at once",
            **self._place,
            expected=f"at most {LARGEST_ANSWER_BYTES} bytes",
            next_step="lower the source's page_size in the company file, if it has one",
        )


def _gunzip(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Raises ProtocolError where what is packed is damaged or cut off: it is asked for again."""
    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS)
    is_any = False
    try:
        for chunk in chunks:
            is_any = True
            while chunk:
                if unpack.eof:  # a further member
                    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS)
                yield unpack.decompress(chunk, _CHUNK_BYTES)
                chunk = unpack.unconsumed_tail or (unpack.unused_data if unpack.eof else b"")
    except zlib.error:
        raise ProtocolError("the packed answer is damaged") from None
    if is_any and not unpack.eof:
        raise ProtocolError("the packed answer is cut off")


def _endless() -> ReadTimeout:
    return ReadTimeout(f"no end of the answer after {LONGEST_ANSWER_SECONDS} seconds")
