"""Connections to vendors: they carry what we send and nothing else, and their answers end.

A socket's own timeout starts anew with every byte, so a server that sends one a minute keeps it
for ever, in the status line, in headers, in the lengths of chunks or in what follows them. A watch
on the whole answer closes the connection.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from http.cookiejar import DefaultCookiePolicy
from typing import Any

from requests import PreparedRequest, Session
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from trueup.sources import bounds


class Watch:
    """Closes a connection when the time of its answer is over; `is_over` says that it did."""

    def __init__(self, connected: Any) -> None:
        self.is_over = False
        self._socket = connected
        self._timer = threading.Timer(bounds.LONGEST_ANSWER_SECONDS, self._end)
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        self._timer.cancel()

    def _end(self) -> None:
        self.is_over = True
        # Not the TLS socket's own: a thread that reads from it is to see an end, not an error.
        with contextlib.suppress(OSError, TypeError):
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


def _watched(connection: Any, answer: Any) -> Any:
    watch = Watch(connection.sock)
    try:
        response = answer()
    except BaseException:
        watch.stop()
        if watch.is_over:
            raise TimeoutError("no end of the answer's headers") from None
        raise
    response.watch = watch
    return response


class _Plain(HTTPConnection):
    def getresponse(self) -> Any:
        return _watched(self, super().getresponse)


class _Secure(HTTPSConnection):
    def getresponse(self) -> Any:
        return _watched(self, super().getresponse)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class Adapter(HTTPAdapter):
    """requests' own, whose connections are watched, straight or through a proxy."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
        manager = super().proxy_manager_for(*args, **options)
        manager.pool_classes_by_scheme = _POOLS
        return manager


_POOLS = {"http": _PlainPool, "https": _SecurePool}


class _AsWritten(AuthBase):
    """The request as it is: what authorises it stands in its headers already, or nothing does."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        return request


def prepare(session: Session) -> None:
    """Have `session` connect as this module does, and send neither cookies nor what a .netrc says.

    A vendor that sets a cookie with every answer would have each request grow until it is refused;
    a .netrc of the user would take the place of our own Authorization, and be sent to the vendor.
    """
    adapter = Adapter()
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    session.headers["Accept-Encoding"] = "gzip"
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.auth = _AsWritten()
    # A redirect stays on its host (see bounds.stay_on_host), so what was sent there may be again.
    session.rebuild_auth = lambda *_: None  # type: ignore[method-assign]
