"""Google sign-in with a refresh token, as an auth for requests, and what its endpoint answers.

Flow: refresh token -> token endpoint -> access token (about an hour) -> `Authorization` header.
Access tokens are kept per set of credentials for the life of the process, so that a first
landing of ninety windows signs in once.
Secrets: `client_id`, `client_secret`, `refresh_token`. Nothing here is ever logged.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.auth import AuthBase

from trueup.sources import http, refusals, strict_json
from trueup.sources.contract import Access, Stream
from trueup.sources.refusals import Place, Refusal
from trueup.window import Window

GOOGLE_TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
#: A token is renewed this long before it ends, so that none ends while a request is under way.
MARGIN_SECONDS = 60
#: OAuth errors that no second try mends, and those that pass.
LASTING = frozenset(
    {
        "access_denied",
        "admin_policy_enforced",
        "deleted_client",
        "disabled_client",
        "invalid_client",
        "invalid_grant",
        "invalid_scope",
        "org_internal",
        "unauthorized_client",
        "unsupported_grant_type",
    }
)
PASSING = frozenset({"internal_failure", "rate_limit_exceeded", "temporarily_unavailable"})

_kept: dict[tuple[str, ...], tuple[str, float]] = {}
_lock = threading.Lock()


def token_url(access: Access) -> str:
    """Where `access` signs in: its own option, else Google, else beside the base URL."""
    if access.options.get("token_url"):
        return str(access.options["token_url"])
    host = urlsplit(access.base_url).hostname or "googleapis.com"
    if host == "googleapis.com" or host.endswith(".googleapis.com"):
        return GOOGLE_TOKEN_URL
    return f"{access.base_url}/token"


@dataclass(frozen=True)
class RefreshTokenAuth(AuthBase):
    """Puts a valid access token on every request. Raises AccessDenied where Google refuses the
    refresh token, VendorUnavailable where the token endpoint does not answer."""

    access: Access
    stream: Stream
    window: Window
    now: Callable[[], float] = field(default=time.monotonic, repr=False)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token()}"
        request.register_hook("response", self._forget_where_refused)
        return request

    def token(self) -> str:
        with _lock:
            kept, ends = _kept.get(self._key, ("", 0.0))
            if kept and self.now() < ends:
                return kept
            fresh, lifetime = self._sign_in()
            _kept[self._key] = fresh, self.now() + lifetime - MARGIN_SECONDS
            return fresh

    def _forget_where_refused(self, response: Response, **_: Any) -> None:
        """Drop the kept token where the vendor has just refused it."""
        if response.status_code == 401:
            with _lock:
                _kept.pop(self._key, None)

    @property
    def _key(self) -> tuple[str, ...]:
        secrets = self.access.secrets
        roles = ("client_id", "client_secret", "refresh_token")
        return (token_url(self.access), *(secrets[role] for role in roles))

    def _sign_in(self) -> tuple[str, float]:
        url, client_id, client_secret, refresh_token = self._key
        api = http.Api(self.access, self.stream, self.window, judge=judge_sign_in, base_url=url)
        form = {
            "grant_type": "refresh_token",
            "client_id": client_id,
            "client_secret": client_secret,
            "refresh_token": refresh_token,
        }
        return http.granted(api.json(url, method="POST", form=form), api.place)


def judge_sign_in(response: Response, place: Place) -> Refusal | None:
    """What Google's token endpoint answers, by the OAuth error's name alone: its description may
    repeat what was sent."""
    if response.status_code < 300:
        return None
    name = _name(response)
    got = f"{refusals.said(response, name)}{'' if name else ', no reason given'}"
    if name in LASTING:
        next_step = "authorise again and renew the secrets of the source in question"
        return refusals.denied(place, response, got, next_step)
    if response.status_code >= 500 or response.status_code == 429 or name in PASSING:
        return refusals.passing(place, response, got)
    return refusals.unknown(place, response, got)


def _name(response: Response) -> str:
    return str(strict_json.read_object(response.content).get("error") or "")
