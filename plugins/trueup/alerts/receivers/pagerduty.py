"""PagerDuty, Events API v2: an alert for each cause, and changes of settings beside them.

`dedup_key` is the cause, so an event sent twice says nothing new: a second trigger goes into the
same open alert, a second resolve is dropped. Where an answer is lost it is therefore sent again.
One thing can differ: an alert that a person resolved in PagerDuty in between is opened anew.
https://developer.pagerduty.com/docs/events-api-v2-overview
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from trueup.alerts.incidents import Event, Incident
from trueup.alerts.receivers.message import Message, NotHeard, cut, inert
from trueup.alerts.receivers.post import content, encoded, post

URL = "https://events.pagerduty.com"
WHAT = "PagerDuty receiver"
#: What the API takes: https://developer.pagerduty.com/docs/send-alert-event
LONGEST_SUMMARY, LONGEST_KEY, MOST_BYTES = 1024, 255, 512 * 1024
#: Of what a person reads in full, so that no event comes near the limit.
LONGEST_TEXT, LONGEST_NAME = 10_000, 255
ACTIONS: dict[Event, str] = {
    "opened": "trigger",
    "updated": "trigger",
    "acknowledged": "acknowledge",
    "resolved": "resolve",
}


@dataclass(frozen=True)
class PagerDuty:
    routing_key: str = field(repr=False)
    base_url: str = URL
    gathers: bool = False

    def send(self, message: Message) -> str:
        key = cut(message.thread or message.key, LONGEST_KEY)
        action = ACTIONS[message.event]
        if action == "resolve" and not message.is_last:
            return key  # the others of a digest are still open, and so is its alert
        body: dict[str, Any] = {
            "routing_key": self.routing_key,
            "event_action": action,
            "dedup_key": key,
        }
        if action == "trigger":
            body |= _alert(message)
        self._post("/v2/enqueue", body)
        return key

    def tell_change(
        self, summary: str, source: str, at: datetime, details: dict[str, str], link: str = ""
    ) -> None:
        """A change event: shown beside alerts, it notifies nobody."""
        body: dict[str, Any] = {
            "routing_key": self.routing_key,
            "payload": {
                "summary": cut(inert(summary, keep=""), LONGEST_SUMMARY),
                "source": source,
                "timestamp": at.isoformat(),
                "custom_details": {
                    name: cut(inert(value), LONGEST_NAME) for name, value in details.items()
                },
            },
        }
        if link:
            body["links"] = [{"href": link, "text": "what it means"}]
        self._post("/v2/change/enqueue", body)

    def _post(self, path: str, body: dict[str, Any]) -> None:
        try:
            answer = post(f"{self.base_url}{path}", encoded(body), {}, what=WHAT)
        except NotHeard as error:
            # The answer to a wrong key is the one to a wrong event: the one can be mended.
            if error.is_final and b"routing" in error.answer.lower():
                raise NotHeard(f"the {WHAT} does not know its routing key") from None
            raise
        # A proxy on the way answers with a page of its own, and calls that a success.
        if content(answer).get("status") != "success":
            raise NotHeard(f"the {WHAT} answers what is no answer", is_certain=False)


def _alert(message: Message) -> dict[str, Any]:
    first = message.incidents[0]
    notice = first.notice
    links = {"runbook": message.runbook, "open": notice.link}
    return {
        "payload": {
            "summary": cut(inert(message.title, keep=""), LONGEST_SUMMARY),
            "source": cut(f"trueup {message.company} {notice.system or notice.gate}", LONGEST_NAME),
            "severity": _severity(message.incidents),
            "timestamp": first.opened_at.isoformat(),
            "component": cut(inert(notice.system or notice.where, keep=""), LONGEST_NAME),
            "group": message.company,
            "class": cut(notice.family or notice.kind, LONGEST_NAME),
            "custom_details": _details(message),
        },
        "client": "trueup",
        "links": [{"href": url, "text": name} for name, url in links.items() if _is_link(url)],
    }


def _details(message: Message) -> dict[str, str]:
    notice = message.incidents[0].notice
    all_of_it = {
        "id": ", ".join(incident.id for incident in message.incidents),
        "since": notice.since,
        "money at risk": notice.costs,
        "changed just before": notice.suspicion,
        "not affected": notice.not_affected,
        "owner": notice.owner,
        "look": message.command,
        "do": message.runbook,
        "text": message.text,
    }
    return {name: cut(inert(value), LONGEST_TEXT) for name, value in all_of_it.items() if value}


def _severity(incidents: Any) -> str:
    """A page that stops data is critical, any other an error; a ticket is a warning."""
    pages = [one for one in incidents if _pages(one)]
    if not pages:
        return "warning"
    return "critical" if any(one.notice.kind == "hold" for one in pages) else "error"


def _pages(incident: Incident) -> bool:
    return incident.notice.severity == "page"


def _is_link(url: str) -> bool:
    return url.startswith(("https://", "http://"))
