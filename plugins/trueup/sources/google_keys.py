"""Google's service-account key files: what one holds, and what a text lacks that is none."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

NEEDED = frozenset({"client_email", "private_key", "project_id", "token_uri"})


def lacking(text: str) -> list[str]:
    """What a key file has and `text` has not."""
    try:
        key = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return ["valid JSON"]
    if not isinstance(key, dict):
        return ["JSON object"]
    return sorted(NEEDED - key.keys())


def secret_problems(secrets: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What is wrong with a source's secret `service_account`, without asking Google."""
    if missing := lacking(secrets["service_account"]):
        yield (
            "service_account",
            f"is not the text of a service account's key file: no {', '.join(missing)}",
        )
