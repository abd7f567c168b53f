"""Slack, with a bot's token: a thread for each incident, its first message edited when it ends.

What changes is a reply; the end is a reply too, and the first message is struck through. Slack has
no key by which it would know a message it has (`client_msg_id` is sent, and nothing is promised of
it), so where an answer is lost a message may stand there twice: better than not at all. It is then
marked by the same id in its metadata.
https://docs.slack.dev/reference/methods/chat.postMessage
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from trueup.alerts.receivers.message import Message, NotHeard, cut, cut_lines, inert
from trueup.alerts.receivers.post import encoded, post

#: Slack advises 4,000 letters at most, and cuts at 40,000.
LONGEST_TEXT = 3900
#: Errors of a message that will never be taken, and of a thread that is gone.
FINAL = ("msg_too_long", "no_text", "metadata_too_large")
NO_THREAD = ("thread_not_found", "message_not_found", "cant_update_message", "edit_window_closed")
#: Errors that say nothing of whether it was posted.
UNCERTAIN = ("internal_error", "fatal_error", "request_timeout")
WHAT = "Slack receiver"
NAMESPACE = uuid.UUID("5f0c4f0e-0d5c-4b1f-9d0e-7f2d1c3a9b11")


@dataclass(frozen=True)
class Slack:
    token: str = field(repr=False)
    channel: str
    base_url: str = "https://slack.com"
    gathers: bool = False

    def send(self, message: Message) -> str:
        """Gives the `ts` of the message that began the thread."""
        thread = message.thread
        if thread and message.event == "resolved" and message.is_last:
            self._strike(thread, message)
        body: dict[str, Any] = {
            "channel": self.channel,
            "text": _text(message),
            "unfurl_links": False,
            "client_msg_id": str(uuid.uuid5(NAMESPACE, message.id)),
            "metadata": {"event_type": "trueup_message", "event_payload": {"id": message.id}},
        }
        try:
            answer = self._call(
                "chat.postMessage", body | ({"thread_ts": thread} if thread else {})
            )
        except _NoThread:
            answer = self._call("chat.postMessage", body)
        return thread or str(answer.get("ts", ""))

    def _strike(self, thread: str, message: Message) -> None:
        """Edit the first message of a thread whose incident is over. Doing it twice changes
        nothing; that it cannot be done is no reason not to say so."""
        text = f":white_check_mark: {escaped(cut(message.title, LONGEST_TEXT // 2))}"
        try:
            self._call("chat.update", {"channel": self.channel, "ts": thread, "text": text})
        except _NoThread:
            return

    def _call(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}"}
        url = f"{self.base_url}/api/{method}"
        content = post(url, encoded(body), headers, what=WHAT)
        try:
            answer = json.loads(content)
            is_fine, error = answer["ok"] is True, str(answer.get("error", ""))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise NotHeard(f"the {WHAT} answers what is no answer", is_certain=False) from None
        if not is_fine:
            raise _refusal(error)
        known: dict[str, Any] = answer
        return known


class _NoThread(NotHeard):
    """The message that began the thread is gone."""


def _refusal(error: str) -> NotHeard:
    # Of an answer only words shaped like Slack's codes are shown.
    name = error if error.replace("_", "").isalnum() and len(error) < 60 else "an error"
    if error in NO_THREAD:
        return _NoThread(f"the {WHAT} says {name}")
    return NotHeard(
        f"the {WHAT} says {name}", is_certain=error not in UNCERTAIN, is_final=error in FINAL
    )


def _text(message: Message) -> str:
    return cut_lines(escaped(inert(message.text)), LONGEST_TEXT)


def escaped(text: str) -> str:
    """What Slack would read as a link, a person or a whole channel is text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
