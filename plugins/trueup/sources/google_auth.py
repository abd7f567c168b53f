"""Google sign-in with a refresh token, as an auth for requests.

Flow: refresh token -> token endpoint -> access token (about an hour) -> `Authorization` header.
Access tokens are kept per set of credentials for the life of the process, so that a first
landing of ninety windows signs in once.
Secrets: `client_id`, `client_secret`, `refresh_token`. Nothing here is ever logged.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.auth import AuthBase
from requests.exceptions import RequestException

from trueup.errors import AccessDenied, VendorUnavailable
from trueup.sources import http
from trueup.sources.contract import Access, Stream
from trueup.window import Window

GOOGLE_TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
#: A token is renewed this long before it ends, so that none ends while a request is under way.
MARGIN_SECONDS = 60

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
    now: object = field(default=time.monotonic, repr=False)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token()}"
        return request

    def token(self) -> str:
        with _lock:
            kept, ends = _kept.get(self._key, ("", 0.0))
            if kept and self.now() < ends:
                return kept
            answer = self._sign_in()
            lifetime = int(answer.get("expires_in", 3600))
            fresh = str(answer["access_token"])
            _kept[self._key] = fresh, self.now() + lifetime - MARGIN_SECONDS
            return fresh

    def forget(self) -> None:
        """Drop the kept token: the vendor has just refused it."""
        with _lock:
            _kept.pop(self._key, None)

    @property
    def _key(self) -> tuple[str, ...]:
        secrets = self.access.secrets
        roles = ("client_id", "client_secret", "refresh_token")
        return (token_url(self.access), *(secrets[role] for role in roles))

    def _sign_in(self) -> dict[str, object]:
        url, client_id, client_secret, refresh_token = self._key
        place = {"source": self.access.source, "stream": self.stream.name, "window": self.window}
        form = {
            "grant_type": "refresh_token",
            "client_id": client_id,
            "client_secret": client_secret,
            "refresh_token": refresh_token,
        }
        try:
            response = http.rest_client(self.access).session.post(url, data=form)
        except RequestException as error:
            raise VendorUnavailable(
                f"no usable answer from {url}",
                **place,
                got=type(error).__name__,
                next_step="check the network and the token_url option; the task retries by itself",
            ) from None
        if response.status_code in (400, 401, 403):
            raise AccessDenied(
                "Google refused the refresh token",
                **place,
                got=f"HTTP {response.status_code}: {_reason(response)}",
                next_step="authorise the app again and renew the client_id, client_secret and"
                " refresh_token secrets",
            )
        http.check(response, **place)
        return http.parse_json(
            response, source=place["source"], stream=self.stream, window=self.window
        )


def _reason(response: Response) -> str:
    """The OAuth error's name alone: descriptions may repeat what was sent."""
    try:
        return str(response.json().get("error", "no reason given"))
    except ValueError:
        return "no reason given"
