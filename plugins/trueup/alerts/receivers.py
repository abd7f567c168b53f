"""Incidents become a message: one webhook call when they open, one when they are resolved."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Sequence
from dataclasses import asdict
from http.client import HTTPException
from typing import Literal

from trueup.alerts.incidents import Incident

TIMEOUT_SECONDS = 10


def send(
    url: str, company: str, event: Literal["opened", "resolved"], incidents: Sequence[Incident]
) -> None:
    """POST the incidents as JSON. `text` is what chat tools (Slack, Teams, Mattermost) show.

    Raises OSError if the receiver cannot be reached or does not answer 2xx; its text never holds
    the address, which is a secret.
    """
    titles = [incident.title for incident in incidents]
    body = {
        "text": f"[{company}] {event}:"
        + (" " if len(titles) == 1 else "\n- ")
        + "\n- ".join(titles),
        "event": event,
        "company": company,
        "incidents": [asdict(incident) for incident in incidents],
    }
    try:
        request = urllib.request.Request(  # noqa: S310 -- the scheme is checked below
            url,
            data=json.dumps(body, default=str).encode(),
            headers={"Content-Type": "application/json"},
        )
        if request.type not in ("http", "https"):
            raise OSError(f"the webhook must be an http(s) URL, not {request.type}")
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310
            pass
    except (ValueError, HTTPException) as error:
        raise OSError(f"the webhook's address is of no use: {type(error).__name__}") from None
