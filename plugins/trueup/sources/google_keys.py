"""Google's service-account key files: what one holds, and what a text lacks that is none."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping

_PATH = re.compile(r"(?:[~.]{0,2}[/\\]|[A-Za-z]:[/\\]|file:)[^{}\n]*|[^{}\n]*\.json")
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


def problem(text: str) -> str | None:
    """What is wrong with `text` as the text of a key file, where anything is."""
    if not (missing := lacking(text)):
        return None
    if _PATH.fullmatch(text):
        return "is the path of a key file, and should be the file's whole text"
    if _is_base64(text):
        return "is base64, and should be the key file's text as it was downloaded; decode it"
    return f"is not the text of a service account's key file: no {', '.join(missing)}"


def _is_base64(text: str) -> bool:
    """Whether it hides a JSON object so."""
    try:
        return base64.b64decode("".join(text.split()), validate=True).lstrip().startswith(b"{")
    except ValueError:
        return False


def secret_problems(secrets: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What is wrong with a source's secret `service_account`, without asking Google."""
    if fault := problem(secrets["service_account"]):
        yield "service_account", fault
