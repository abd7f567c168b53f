"""Connections to vendors whose answers end: headers that drip are noticed like bodies that do.

A socket's own timeout starts anew with every byte, so a server that sends one a minute keeps it
for ever, in the status line, in headers, in the lengths of chunks or in what follows them. A watch
on the whole answer closes the connection.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Any

from requests.adapters import HTTPAdapter
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
