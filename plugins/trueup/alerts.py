"""An incident becomes a message: one webhook call when it opens, one when it is resolved."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import asdict
from typing import Literal

from trueup.incidents import Incident

TIMEOUT_SECONDS = 10


def send(url: str, company: str, event: Literal["opened", "resolved"], incident: Incident) -> None:
    """POST the incident as JSON. `text` is what chat tools (Slack, Teams, Mattermost) show.

    Raises OSError if the receiver cannot be reached or does not answer 2xx.
    """
    text = f"[{company}] {event}: {incident.title}"
    body = {"text": text, "event": event, "company": company, "incident": asdict(incident)}
    request = urllib.request.Request(  # noqa: S310 -- the scheme is checked below
        url,
        data=json.dumps(body, default=str).encode(),
        headers={"Content-Type": "application/json"},
    )
    if request.type not in ("http", "https"):
        raise OSError(f"the webhook must be an http(s) URL, not {request.type}")
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310
        pass
