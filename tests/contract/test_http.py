"""HTTP to vendors: what no answer may do, whatever the vendor; tried on a server of our own."""

from __future__ import annotations

import gzip
import json
import math
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from requests import Response

from trueup.errors import AccessDenied, BrokenContract, UnknownRefusal, VendorUnavailable
from trueup.sources import bounds, http, refusals
from trueup.sources.bounds import LostPage, TooMuch
from trueup.sources.contract import Access, Account, Column, Stream
from trueup.window import Window

STREAM = Stream("things", (Column("id"),), ("id",), kind="snapshot")
WINDOW = Window(date(2026, 9, 1), date(2026, 9, 2))
TOKEN = "a-token-that-is-secret"
Answer = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """A server on loopback that answers what a test wants, and keeps what it was sent."""

    def __init__(self) -> None:
        self.answer: Answer = lambda request: None
        self.seen: list[tuple[str, dict[str, str], bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.seen.append((self.path, dict(self.headers), body))
                outer.answer(self)

            do_GET = do_POST = handle_any

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Server, Server]]:
    """The vendor's host, and another one."""
    monkeypatch.setenv("TRUEUP_HTTP_ATTEMPTS", "2")
    monkeypatch.setenv("TRUEUP_HTTP_BACKOFF_SECONDS", "0.01")
    pair = Server(), Server()
    yield pair
    for server in pair:
        server.close()


def send(request: BaseHTTPRequestHandler, status: int, body: bytes = b"{}", **headers: str) -> None:
    request.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    request.wfile.write(body)


def api(server: Server) -> http.Api:
    access = Access(
        "shop", server.url, (Account("7", "UTC", "EUR"),), {}, WINDOW.since, "UTC", "EUR", Path()
    )
    headers = {"Authorization": f"Bearer {TOKEN}", "X-Shop-Access-Token": TOKEN}
    return http.Api(access, STREAM, WINDOW, headers=headers)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_credentials_follow_no_redirect_to_another_host(
    status: int, servers: tuple[Server, Server]
) -> None:
    """requests itself would take all but the Authorization header there, and the body on 307."""
    vendor, other = servers
    vendor.answer = lambda request: send(request, status, Location=f"{other.url}/things")
    with pytest.raises(BrokenContract, match="another host") as raised:
        api(vendor).json("things", method="POST", body={"client_secret": TOKEN})
    assert other.seen == [] and len(vendor.seen) == 1
    assert other.url in str(raised.value) and "account: 7" in str(raised.value)


def test_a_redirect_on_the_same_host_is_followed(servers: tuple[Server, Server]) -> None:
    vendor, _ = servers

    def answer(request: BaseHTTPRequestHandler) -> None:
        if request.path == "/old":
            send(request, 302, Location="/new")
        else:
            send(request, 200, b'{"at": "new"}')

    vendor.answer = answer
    assert api(vendor).json("old") == {"at": "new"}


@pytest.mark.parametrize("is_redirected", [False, True])
def test_a_netrc_is_neither_sent_nor_in_the_way(
    is_redirected: bool,
    servers: tuple[Server, Server],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """requests itself would put its password in place of our own Authorization header."""
    netrc = tmp_path / ".netrc"
    netrc.write_text("default login ann password hunter2\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    vendor, _ = servers

    def answer(request: BaseHTTPRequestHandler) -> None:
        if is_redirected and request.path == "/things":
            send(request, 307, Location="/new")
        else:
            send(request, 200)

    vendor.answer = answer
    api(vendor).json("things", method="POST", body={})
    assert len(vendor.seen) == 1 + is_redirected
    assert {headers["Authorization"] for _, headers, _ in vendor.seen} == {f"Bearer {TOKEN}"}


def test_cookies_of_a_vendor_are_not_collected(servers: tuple[Server, Server]) -> None:
    """A new one with every answer would soon make the request too large for any vendor."""
    vendor, _ = servers
    vendor.answer = lambda request: send(
        request, 200, Set_Cookie=f"c{len(vendor.seen)}={'x' * 3_000}; Path=/"
    )
    asked = api(vendor)
    for _ in range(30):
        asked.json("things")
    assert not any("Cookie" in headers for _, headers, _ in vendor.seen)


@pytest.mark.parametrize("is_packed", [False, True])
def test_an_answer_too_large_is_not_read_to_its_end(
    is_packed: bool, servers: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted as it is unpacked: a small answer can hold a large one."""
    monkeypatch.setattr(bounds, "LARGEST_ANSWER_BYTES", 100_000)
    vendor, _ = servers
    body = json.dumps(["x" * 1_000] * 2_000).encode()
    headers = {"Content_Encoding": "gzip"} if is_packed else {}
    content = gzip.compress(body) if is_packed else body
    vendor.answer = lambda request: send(request, 200, content, **headers)
    with pytest.raises(TooMuch, match="larger than we take at once"):
        api(vendor).json("things")
    monkeypatch.setattr(bounds, "LARGEST_ANSWER_BYTES", 3_000_000)
    assert len(api(vendor).json("things")) == 2_000


def test_an_answer_that_drips_is_given_up(
    servers: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every byte comes in time, the end never does: no socket's timeout would notice."""
    monkeypatch.setattr(bounds, "LONGEST_ANSWER_SECONDS", 0.3)
    vendor, _ = servers

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "1000000")
        request.end_headers()
        for _ in range(200):
            try:
                request.wfile.write(b" ")
                request.wfile.flush()
            except OSError:
                return
            time.sleep(0.05)

    vendor.answer = answer
    began = time.monotonic()
    with pytest.raises(VendorUnavailable, match="no usable answer") as raised:
        api(vendor).json("things")
    assert time.monotonic() - began < 5 and "ReadTimeout" in str(raised.value)
    assert len(vendor.seen) == 2 and not raised.value.permanent


def test_a_body_cut_off_is_asked_for_again(servers: tuple[Server, Server]) -> None:
    vendor, _ = servers

    def answer(request: BaseHTTPRequestHandler) -> None:
        body = b'{"a": 1}'
        request.send_response(200)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body if len(vendor.seen) > 1 else body[:3])
        request.close_connection = True

    vendor.answer = answer
    assert api(vendor).json("things") == {"a": 1} and len(vendor.seen) == 2


def test_pages_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_PAGES", 5)
    assert list(bounds.numbered(iter(range(5)), {})) == list(range(5))
    with pytest.raises(BrokenContract, match="do not end"):
        list(bounds.numbered(iter(range(6)), {}))


def test_pages_without_rows_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_EMPTY_PAGES", 2)

    def walk(pages: list[list[int]]) -> list[list[int]]:
        return list(bounds.numbered(iter(pages), {}, is_empty=lambda page: not page))

    assert len(walk([[], [], [1], [], []])) == 5
    with pytest.raises(BrokenContract, match="at most 2 pages without a row"):
        walk([[1], [], [], []])


def test_a_cursor_that_came_before_leads_in_a_circle() -> None:
    cursors = bounds.Cursors({"source": "shop"})
    assert [cursors.step(one) for one in ("a", "b", 3)] == ["a", "b", 3]
    with pytest.raises(LostPage, match="in a circle: a cursor came twice"):
        cursors.step("a")


def test_the_pages_of_one_question_weigh_no_more_than_memory_holds(
    servers: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is too much is asked for in smaller pieces: it is the walk that is bounded."""
    monkeypatch.setattr(bounds, "LARGEST_WALK_BYTES", 25_000)
    vendor, _ = servers
    vendor.answer = lambda request: send(request, 200, json.dumps(["x" * 9_990]).encode())
    asked = api(vendor)

    def walk(pages: int) -> int:
        found = (asked.json("things") for _ in range(pages))
        return len(list(asked.held(found, lambda page: not page)))

    assert walk(2) == walk(2) == 2
    with pytest.raises(TooMuch, match="more than we take at once"):
        walk(3)


def test_all_answers_of_a_window_have_a_time_and_a_weight(
    servers: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor, _ = servers
    vendor.answer = lambda request: send(request, 200, json.dumps(["x" * 9_990]).encode())
    asked = api(vendor)
    asked.json("things")
    monkeypatch.setattr(bounds, "LONGEST_WINDOW_SECONDS", 0.0)
    with pytest.raises(VendorUnavailable, match="takes too long over the window"):
        asked.json("things")
    monkeypatch.setattr(bounds, "LARGEST_WINDOW_BYTES", 25_000)
    with pytest.raises(BrokenContract, match="at most 25000 bytes"):
        asked.json("things")


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("7", 7.0), ("0.5", 0.5), ("0", None), ("-5", None), ("nan", None), ("soon", None),
        ("", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", None), ("Wed, 99 Oct 2015", None), ("1e400", math.inf),
    ],
)  # fmt: skip
def test_a_wait_lies_ahead_or_is_none(asked: str, seconds: float | None) -> None:
    response = Response()
    response.headers["Retry-After"] = asked
    assert refusals.seconds_asked_for(response) == seconds


def test_a_wait_until_an_instant_is_so_many_seconds() -> None:
    response = Response()
    ahead = datetime.now(UTC) + timedelta(hours=1)
    response.headers["Retry-After"] = format_datetime(ahead, usegmt=True)
    assert 3_590 < (refusals.seconds_asked_for(response) or 0) <= 3_600


@pytest.mark.parametrize(
    ("answer", "lasts"),
    [
        ({"access_token": "t", "expires_in": 60}, 60.0),
        ({"access_token": "t"}, 3_600.0),
        ({"access_token": "t", "expires_in": None}, 3_600.0),
        ({"access_token": "t", "expires_in": "NaN"}, 0.0),
        ({"access_token": "t", "expires_in": -1}, 0.0),
        ({"access_token": "t", "expires_in": 1e300}, 86_400.0),
    ],
)
def test_a_token_lasts_as_long_as_it_can(answer: dict[str, Any], lasts: float) -> None:
    assert http.granted(answer, {}) == ("t", lasts)


@pytest.mark.parametrize(
    "answer", [{}, None, [], {"access_token": 7}, {"access_token": ""}, {"access_token": "a\nb"}]
)
def test_a_sign_in_without_a_token_says_so(answer: Any) -> None:
    with pytest.raises(UnknownRefusal, match="gave no token"):
        http.granted(answer, {"source": "shop"})


def test_an_error_repeats_no_sentence_of_an_answer(servers: tuple[Server, Server]) -> None:
    """Whatever a judge makes of it: what it adds is a code, or goes."""
    vendor, _ = servers
    said = "Ann Planted has no order of 12.50"
    body = json.dumps({"error": {"message": said, "more": [f"{said}!"], "code": "NO_ORDER"}})
    vendor.answer = lambda request: send(request, 400, body.encode())
    asked = api(vendor)

    def judge(response: Response, place: dict[str, Any]) -> refusals.Refusal:
        return refusals.rejected(place, response, f"HTTP 400 NO_ORDER: {said}; {said}!")

    asked._judge_answer = judge
    with pytest.raises(BrokenContract) as raised:
        asked.json("things")
    assert "Ann" not in str(raised.value) and "12.50" not in str(raised.value)
    assert "got: HTTP 400 NO_ORDER; removed;" in str(raised.value)


@pytest.mark.parametrize("error", [TypeError("Ann"), AttributeError("Ann"), RecursionError("Ann")])
def test_a_judge_that_cannot_read_an_error_leaves_it_to_the_status(
    error: Exception, servers: tuple[Server, Server]
) -> None:
    vendor, _ = servers
    vendor.answer = lambda request: send(request, 403)
    asked = api(vendor)

    def judge(*_: Any) -> None:
        raise error

    asked._judge_answer = judge
    with pytest.raises(AccessDenied, match="HTTP 403") as raised:
        asked.json("things")
    assert "Ann" not in str(raised.value)


@pytest.mark.parametrize(("status", "step"), [(429, "quota"), (503, "status page")])
def test_trouble_at_the_vendor_is_not_taken_for_a_spent_quota(
    servers: tuple[Server, Server], status: int, step: str
) -> None:
    vendor, _ = servers
    vendor.answer = lambda request: send(request, status, b"{}")
    with pytest.raises(VendorUnavailable, match=f"next step: .*{step}"):
        api(vendor).json("things")


@pytest.mark.parametrize(
    ("status", "kind", "times"),
    [
        (401, AccessDenied, 1),
        (403, AccessDenied, 1),
        (400, BrokenContract, 1),
        (404, BrokenContract, 1),
        (408, VendorUnavailable, 2),
        (429, VendorUnavailable, 2),
        (500, VendorUnavailable, 2),
        (599, VendorUnavailable, 2),
        (409, UnknownRefusal, 2),
        (418, UnknownRefusal, 2),
        (304, UnknownRefusal, 2),
    ],
)
def test_a_status_is_known_to_last_known_to_pass_or_unknown(
    status: int, kind: type[Exception], times: int, servers: tuple[Server, Server]
) -> None:
    vendor, _ = servers
    body = b"" if status == 304 else b"ann@example.com used " + TOKEN.encode()
    vendor.answer = lambda request: send(request, status, body)
    with pytest.raises(kind) as raised:
        api(vendor).json("things")
    assert type(raised.value) is kind and len(vendor.seen) == times
    message = str(raised.value)
    assert f"HTTP {status}" in message and TOKEN not in message and "ann@" not in message


@pytest.mark.parametrize(("asked", "times"), [("0.05", 2), ("3600", 1)])
def test_a_wait_the_vendor_names_is_waited_for_if_it_is_short(
    asked: str, times: int, servers: tuple[Server, Server]
) -> None:
    vendor, _ = servers
    vendor.answer = lambda request: send(request, 429, Retry_After=asked)
    with pytest.raises(VendorUnavailable):
        api(vendor).json("things")
    assert len(vendor.seen) == times
