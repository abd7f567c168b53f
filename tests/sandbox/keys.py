"""A throwaway Google service account: its key pair opens nothing but the sandbox."""

from __future__ import annotations

import json
import os
import secrets
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

FILE = "google_service_account.json"
#: Who takes a key file of Google, as their secrets are named.
GOOGLE = ("GA4", "SEARCH_CONSOLE")


def service_account(state: Path, url: str) -> str:
    """The key file's JSON text, with the token endpoint of Google in the sandbox at `url`.

    The key is made once and kept in the folder `state`, readable by its owner alone.
    """
    return json.dumps(_key(state) | {"token_uri": f"{url.rstrip('/')}/google_sign_in/token"})


def environment(state: Path, url: str) -> dict[str, str]:
    """The variables that hold the key file, one for each of Google's vendors it opens."""
    key = service_account(state, url)
    return {f"TRUEUP_SECRET_{name}_SERVICE_ACCOUNT": key for name in GOOGLE}


@cache
def read(state: Path) -> tuple[dict[str, Any], str]:
    """The key file's content and the public key that verifies its signatures."""
    key = _key(state)
    private = serialization.load_pem_private_key(key["private_key"].encode(), password=None)
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return key, public.decode()


def _key(state: Path) -> dict[str, Any]:
    path = state / FILE
    if not path.exists():
        _create(path)
    return json.loads(path.read_text())


def _create(path: Path) -> None:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    key = {
        "type": "service_account",
        "project_id": "harbour-house",
        "private_key_id": secrets.token_hex(20),
        "private_key": pem.decode(),
        "client_email": "trueup@harbour-house.iam.gserviceaccount.com",
        "client_id": "100000000000000000001",
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{FILE}.{secrets.token_hex(4)}")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(key, file, indent=1)
    try:
        os.link(partial, path)  # fails where another process was first: then its key counts
    except FileExistsError:
        pass
    finally:
        partial.unlink()
