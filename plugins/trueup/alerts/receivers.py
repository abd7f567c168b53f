"""Who hears of incidents: one message when they open, one when they are resolved.

A receiver is anything with a `send`; `configured` lists those the settings name. To add one, write
its class here, its setting in settings.py, and its line in `configured`.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Literal, Protocol

from trueup.alerts import addresses
from trueup.alerts.incidents import Incident, to_dict
from trueup.settings import Settings

TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Message:
    """What a person reads (`text`) and, for machines, the incidents it speaks of."""

    company: str
    event: Literal["opened", "resolved"]
    text: str
    incidents: Sequence[Incident]


class Receiver(Protocol):
    """Takes messages to a person."""

    def send(self, message: Message) -> None:
        """Raises OSError where nobody can have heard; its text never holds an address or token."""


@dataclass(frozen=True)
class Webhook:
    """One JSON POST per message; `text` is what chat tools (Slack, Teams, Mattermost) show."""

    url: str = field(repr=False)

    def send(self, message: Message) -> None:
        body = {
            "text": message.text,
            "event": message.event,
            "company": message.company,
            "incidents": [to_dict(incident) for incident in message.incidents],
        }
        try:
            request = urllib.request.Request(  # noqa: S310 -- the scheme is checked below
                self.url,
                data=json.dumps(body, default=str).encode(),
                headers={"Content-Type": "application/json"},
            )
            if request.type not in ("http", "https"):
                raise OSError(f"the webhook must be an http(s) URL, not {request.type}")
            with addresses.opener(self.url).open(request, timeout=TIMEOUT_SECONDS):
                pass
        except urllib.error.HTTPError as error:
            # A redirect is not followed: where it leads nobody has configured.
            raise OSError(f"the webhook answers HTTP {error.code}") from None
        except urllib.error.URLError as error:
            if isinstance(error.reason, addresses.Refused):
                raise error.reason from None
            raise
        except (ValueError, HTTPException) as error:
            raise OSError(f"the webhook's address is of no use: {type(error).__name__}") from None


def configured(settings: Settings) -> list[Receiver]:
    """Every receiver the settings name."""
    return [Webhook(settings.webhook_url)] if settings.webhook_url else []
