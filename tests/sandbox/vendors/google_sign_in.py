"""Google's one sign-in for service accounts: a signed assertion buys an hour of some scopes."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import parse_qs

import jwt
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from sandbox import keys
from sandbox.desk import Desk

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TOKEN_SECONDS = 3600
#: Google's own client signs for this address, whatever token_uri its key file names.
GOOGLE_AUDIENCE = "https://oauth2.googleapis.com/token"
SCOPES = {
    f"https://www.googleapis.com/auth/{name}"
    for name in (
        "analytics.readonly", "bigquery", "bigquery.readonly", "cloud-platform", "datamanager",
        "tagmanager.readonly", "webmasters", "webmasters.readonly",
    )
}  # fmt: skip

router = APIRouter()


@router.post("/token")
async def grant(request: Request) -> JSONResponse:
    """An access token for those of `SCOPES` the assertion asks for."""
    form = parse_qs((await request.body()).decode())
    key, public = keys.read(request.app.state.desk.state)
    try:
        claims = jwt.decode(
            form["assertion"][0],
            public,
            algorithms=["RS256"],
            audience=[str(request.url), GOOGLE_AUDIENCE],
            options={"require": ["iss", "exp", "iat", "aud"]},
        )
    except (jwt.PyJWTError, KeyError) as error:
        return JSONResponse({"error": "invalid_grant", "error_description": str(error)}, 400)
    if claims["iss"] != key["client_email"] or form.get("grant_type") != [GRANT]:
        return JSONResponse({"error": "invalid_grant", "error_description": "Invalid issuer"}, 400)
    granted = sorted(SCOPES & set(claims.get("scope", "").split()))
    if not granted:
        return JSONResponse({"error": "invalid_scope", "error_description": "No such scope"}, 400)
    content = {"exp": int(time.time()) + TOKEN_SECONDS, "scopes": granted}
    access = jwt.encode(content, key["private_key_id"], "HS256")
    return JSONResponse(
        {"access_token": access, "expires_in": TOKEN_SECONDS, "token_type": "Bearer"}
    )


def granted_scopes(request: Request, desk: Desk) -> set[str] | None:
    """What the request's token of ours is good for; null where it has none that still lasts."""
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    try:
        claims: dict[str, Any] = jwt.decode(
            bearer, keys.read(desk.state)[0]["private_key_id"], algorithms=["HS256"]
        )
    except jwt.PyJWTError:
        return None
    return set(claims.get("scopes", ()))


def is_signed_in(request: Request, desk: Desk, scopes: set[str]) -> bool:
    """Whether the request bears a token of ours that has not ended, for one of `scopes`."""
    return bool(scopes & (granted_scopes(request, desk) or set()))
