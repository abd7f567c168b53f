"""Personal data leaves the pipeline at the landing: what lands is a keyed hash."""

from __future__ import annotations

import hashlib
import hmac

from trueup.errors import MissingSecrets


def normalise(kind: str, value: str) -> str:
    """The one spelling of a value before hashing: e-mail trimmed and lower-cased, phone digits."""
    value = value.strip().lower()
    if kind == "phone":
        digits = "".join(character for character in value if character.isdigit())
        return digits.removeprefix("00")
    return value


def keyed_hash(kind: str, value: str | None, key: str) -> str | None:
    """HMAC-SHA-256 of the normalised value as 64 hex digits; null and blank stay null.

    Raises MissingSecrets without a key: an unkeyed hash could be undone by guessing.
    """
    if value is None or not value.strip():
        return None
    if not key:
        raise MissingSecrets(
            "personal data cannot land without the company's hash key",
            next_step="create the secret hash_key and keep it: another key joins with nothing",
        )
    return hmac.new(key.encode(), normalise(kind, value).encode(), hashlib.sha256).hexdigest()
