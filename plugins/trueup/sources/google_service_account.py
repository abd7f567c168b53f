"""Google service-account sign-in: a signed assertion buys a token, kept until it expires."""

from __future__ import annotations

import json
import time
from functools import cache
from typing import Any

from requests import PreparedRequest
from requests.auth import AuthBase

from trueup.errors import AccessDenied
from trueup.sources import google_keys, http
from trueup.sources.contract import Access, Stream
from trueup.sources.google_auth import judge_sign_in
from trueup.sources.refusals import Place
from trueup.window import Window

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
#: Seconds before its expiry at which a token is renewed.
MARGIN = 60


def read_key(text: str, place: Place) -> dict[str, Any]:
    """The key file's content, or an error that says what it lacks (never what it holds)."""
    if missing := google_keys.lacking(text):
        raise AccessDenied(
            "the secret named under credentials.service_account is not a Google service-account"
            " key file",
            **place,
            got=f"no {', '.join(missing)}",
            next_step="store the whole JSON text of the key file as the secret, not its path",
        )
    return dict(json.loads(text))


def authorise(
    access: Access, key: dict[str, Any], stream: Stream, window: Window, scope: str
) -> ServiceAccount:
    return ServiceAccount(access, key, stream, window, scope)


class ServiceAccount(AuthBase):
    """Puts a bearer token on each request, for what `scope` names. A new token is fetched only when
    the old one ends."""

    def __init__(
        self, access: Access, key: dict[str, Any], stream: Stream, window: Window, scope: str
    ) -> None:
        self._key, self._scope = key, scope
        self._api = http.Api(access, stream, window, judge=judge_sign_in, base_url=key["token_uri"])
        self._token, self._ends = "", 0.0

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token()}"
        return request

    def token(self) -> str:
        if time.time() >= self._ends - MARGIN:
            self._renew()
        return self._token

    def _renew(self) -> None:
        form = {"grant_type": GRANT, "assertion": self._assertion()}
        answer = self._api.json(self._key["token_uri"], method="POST", form=form)
        self._token, lasts = http.granted(answer, self._api.place)
        self._ends = time.time() + lasts

    def _assertion(self) -> str:
        import jwt

        now = int(time.time())
        claims = {
            "iss": self._key["client_email"],
            "aud": self._key["token_uri"],
            "scope": self._scope,
            "iat": now,
            "exp": now + 3600,
        }
        headers = {"kid": self._key["private_key_id"]} if "private_key_id" in self._key else {}
        try:
            key = _signing_key(self._key["private_key"])
            return jwt.encode(claims, key, algorithm="RS256", headers=headers)
        except (ValueError, TypeError, jwt.InvalidKeyError):
            raise AccessDenied(
                "Google does not accept the service account's key",
                **self._api.place,
                got="a private_key that is not a key",
                next_step="create a new key for the service account and store its JSON as the"
                " secret",
            ) from None


@cache
def _signing_key(private_key: str) -> Any:
    """Read once: its primes are tested each time, which takes longer than a request."""
    from jwt.algorithms import RSAAlgorithm

    return RSAAlgorithm(RSAAlgorithm.SHA256).prepare_key(private_key)
