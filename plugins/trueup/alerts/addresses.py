"""Where a message may go: an address is looked up once, judged, and connected to as judged.

A URL is easily set and may be anybody's: one that leads to a cloud's metadata service, by whatever
spelling, name or redirect, would send our messages to it and hand its answers around. Loopback is
for who means it: a host that says so itself.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: What clouds answer with a machine's credentials on, beyond link-local addresses: Alibaba's,
#: Oracle's old one and Azure's host services; over IPv6 Amazon's, Google's, Oracle's, Scaleway's.
METADATA = tuple(
    map(
        ipaddress.ip_network,
        ("100.100.100.200", "192.0.0.192", "168.63.129.16")
        + ("fd00:ec2::/32", "fd20:ce::/32", "fd00:c1::/32", "fd00:42::42"),
    )
)
#: Prefixes of IPv6 whose last 32 bits are an address of IPv4: the old form of it, translated ones
#: (RFC 2765), and what a gateway makes one of (RFC 6052), also one of the house's own (RFC 8215).
HOLD_IPV4 = tuple(
    map(ipaddress.ip_network, ("::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48"))
)
#: Bits 64 to 95 of an address whose last 32 are one of IPv4 reached by a tunnel (ISATAP).
ISATAP = (0x00005EFE, 0x02005EFE)
#: What a person writes who means the machine itself.
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


class Refused(OSError):
    """The address is one that messages are not sent to."""


def opener(url: str) -> urllib.request.OpenerDirector:
    """What opens `url`, follows no redirect, and connects to no address that is refused."""
    host = (urlsplit(url).hostname or "").rstrip(".").lower()
    connect = _connecting(may_be_local=host in LOCAL_NAMES)
    proxied = bool(urllib.request.getproxies()) and not urllib.request.proxy_bypass(host)
    if proxied:
        # A proxy looks names up itself; what we can see of the host is judged all the same.
        for found in _addresses(host, may_fail=True):
            judge(found, may_be_local=host in LOCAL_NAMES)
        return urllib.request.build_opener(_NoRedirect)
    return urllib.request.build_opener(
        urllib.request.ProxyHandler({}), _NoRedirect, _Http(connect), _Https(connect)
    )


def connecting(host: str) -> Callable[..., socket.socket]:
    """What connects to `host`, for protocols other than HTTP, and to no address that is refused."""
    return _connecting(may_be_local=host.rstrip(".").lower() in LOCAL_NAMES)


def judge(address: Address, *, may_be_local: bool = False) -> None:
    """Raises Refused for an address of this machine, this link, a metadata service or nobody."""
    for one in (address, *_within(address)):
        if one.is_loopback or one.is_unspecified:
            if may_be_local and one.is_loopback:
                continue
            raise Refused("the webhook's host is this machine itself")
        if one.is_link_local or any(one in network for network in METADATA):
            raise Refused("the webhook's host is a link-local or metadata address")
        if one.is_multicast or (one.version == 4 and one.is_reserved):
            raise Refused("the webhook's host is no single machine")


def _within(address: Address) -> list[Address]:
    """The addresses of IPv4 that one of IPv6 stands for."""
    if not isinstance(address, ipaddress.IPv6Address):
        return []
    whole, last = int(address), int(address) & 0xFFFFFFFF
    found: list[Address | None] = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if (whole >> 32) & 0xFFFFFFFF in ISATAP or any(address in prefix for prefix in HOLD_IPV4):
        found.append(ipaddress.IPv4Address(last))
    # The unspecified address and loopback are judged as what they are.
    return [one for one in found if one is not None and int(address) > 1]


def _addresses(host: str, *, may_fail: bool = False) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        if may_fail:
            return []
        raise
    return [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


def _connecting(*, may_be_local: bool) -> Callable[..., socket.socket]:
    """Connects to the very addresses that were judged: a name that is looked up twice may answer
    the second time with another."""

    def connect(
        place: tuple[str, int], timeout: Any = None, source_address: Any = None, **_: Any
    ) -> socket.socket:
        host, port = place
        last: OSError = OSError("the webhook's host has no address")
        addresses = _addresses(host)
        for address in addresses:
            judge(address, may_be_local=may_be_local)
        for address in addresses:
            try:
                return socket.create_connection((str(address), port), timeout, source_address)
            except OSError as error:
                last = error
        raise last

    return connect


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        """None leaves the redirect what it is: an error, with its status."""
        return None


class _Http(urllib.request.HTTPHandler):
    def __init__(self, connect: Callable[..., socket.socket]) -> None:
        super().__init__()
        self._connect = connect

    def http_open(self, request: urllib.request.Request) -> Any:
        def connection(host: str, **options: Any) -> http.client.HTTPConnection:
            made = http.client.HTTPConnection(host, **options)
            made._create_connection = self._connect  # type: ignore[attr-defined]
            return made

        return self.do_open(connection, request)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, connect: Callable[..., socket.socket]) -> None:
        super().__init__()
        self._connect = connect

    def https_open(self, request: urllib.request.Request) -> Any:
        def connection(host: str, **options: Any) -> http.client.HTTPSConnection:
            made = http.client.HTTPSConnection(host, **options)
            made._create_connection = self._connect  # type: ignore[attr-defined]
            return made

        return self.do_open(connection, request)
