"""Any URL that takes JSON: one POST for all that opens, changes or ends in one run.

`text` is what chat tools (Slack, Teams, Mattermost) show; the rest is for machines. With a key each
POST is signed: `Trueup-Signature: v1=` and the HMAC-SHA256, in hex, of `Trueup-Timestamp` (Unix
seconds), a dot and the body. `Trueup-Message` is the same for every try of a message.
Where an answer is lost it is sent again, with that id: who must not hear twice remembers ids.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from dataclasses import dataclass, field

from trueup.alerts.incidents import to_dict
from trueup.alerts.receivers.message import Message, NotHeard
from trueup.alerts.receivers.post import content, encoded, post

#: What Teams says of a message it did not show.
FAILED_IN_WORDS = re.compile(rb"message delivery failed with error(?:.*HTTP error (\d{3}))?", re.S)
TOO_LARGE = 413
SIGNATURE, TIMESTAMP, MESSAGE = "Trueup-Signature", "Trueup-Timestamp", "Trueup-Message"


@dataclass(frozen=True)
class Webhook:
    """`key` signs; without one nothing is."""

    url: str = field(repr=False)
    key: str = field(default="", repr=False)
    gathers: bool = True

    def send(self, message: Message) -> str:
        body = encoded(
            {
                "text": message.text,
                "id": message.id,
                "event": message.event,
                "company": message.company,
                "incidents": [to_dict(incident) for incident in message.incidents],
            }
        )
        headers = {MESSAGE: message.id}
        if self.key:
            stamp = str(int(time.time()))
            headers |= {TIMESTAMP: stamp, SIGNATURE: signature(self.key, stamp, body)}
        _check(post(self.url, body, headers, what="webhook"))
        return message.id


def _check(answer: bytes) -> None:
    """Raises NotHeard where a success is only called one: some chat services answer 200 and say in
    words which status it should have been."""
    if found := FAILED_IN_WORDS.search(answer):
        status = int(found[1] or 0)
        says = f"HTTP {status} in words" if status else "in words that it was not delivered"
        raise NotHeard(f"the webhook answers {says}", is_final=status == TOO_LARGE)
    if any(content(answer).get(name) is False for name in ("ok", "success")):
        raise NotHeard("the webhook answers that it did not take it")


def signature(key: str, stamp: str, body: bytes) -> str:
    """What `Trueup-Signature` must hold of the body."""
    digest = hmac.new(key.encode(), f"{stamp}.".encode() + body, hashlib.sha256)
    return f"v1={digest.hexdigest()}"
