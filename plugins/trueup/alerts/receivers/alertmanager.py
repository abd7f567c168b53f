"""Prometheus Alertmanager, API v2: an alert for each incident, sent again while it lasts.

Labels are the alert's identity, so an alert sent twice is the same alert: where an answer is lost
it is sent again. An alert ends by itself at its `endsAt`; that lies past the next run, and moves on
with each of them. What is over is sent again for a while, as Alertmanager asks of who sends alerts.
https://prometheus.io/docs/alerting/latest/alerts_api
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from trueup.alerts.incidents import Incident, Urgency
from trueup.alerts.receivers.message import Message, NotHeard, cut, inert
from trueup.alerts.receivers.post import encoded, post

LONGEST_TEXT = 8000
SEVERITIES: tuple[Urgency, ...] = ("page", "ticket")
WHAT = "Alertmanager receiver"


@dataclass(frozen=True)
class Alertmanager:
    base_url: str
    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    lasts: timedelta = timedelta(hours=26)
    gathers: bool = True

    def send(self, message: Message) -> str:
        self._post(
            [
                alert
                for incident in message.incidents
                for alert in self._alerts(message.company, incident, message.at)
            ],
        )
        return message.id

    def tell_again(self, company: str, incidents: Sequence[Incident], at: datetime) -> None:
        """Say what is so of incidents it knows: which last, and which are over. Raises NotHeard."""
        self._post([one for each in incidents for one in self._alerts(company, each, at)])

    def _post(self, alerts: list[dict[str, Any]]) -> None:
        headers = {}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        elif self.user:
            pair = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
            headers["Authorization"] = f"Basic {pair}"
        answer = post(f"{self.base_url}/api/v2/alerts", encoded(alerts), headers, what=WHAT)
        # Its own answer is empty; a page is one to sign in at, of what stands before it.
        if answer.lstrip().startswith(b"<"):
            raise NotHeard(f"the {WHAT} answers with a page of something else")

    def _alerts(self, company: str, incident: Incident, at: datetime) -> list[dict[str, Any]]:
        """The incident's alert; and, as a severity is a label and so part of the identity, the end
        of what it was with the other one."""
        over = incident.resolved_at
        alerts = [_alert(company, incident, incident.notice.severity, over or at + self.lasts)]
        if incident.event != "opened":
            other = SEVERITIES[1 - SEVERITIES.index(incident.notice.severity)]
            alerts.append(_alert(company, incident, other, over or at))
        return alerts


def _alert(company: str, incident: Incident, severity: Urgency, ends: datetime) -> dict[str, Any]:
    notice = incident.notice
    labels = {
        "alertname": notice.family or notice.kind,
        "company": company,
        "incident": incident.id,
        "cause": hashlib.sha256(notice.cause.encode()).hexdigest()[:16],
        "system": notice.system,
        "segment": notice.segment,
        "gate": notice.gate,
        "severity": severity,
    }
    annotations = {
        "summary": notice.line,
        "since": notice.since,
        "money_at_risk": notice.costs,
        "changed_just_before": notice.suspicion,
        "not_affected": notice.not_affected,
        "owner": notice.owner,
        "look": notice.query,
        "runbook": notice.runbook,
        "acknowledged_by": incident.acknowledged_by,
    }
    alert = {
        "labels": _texts(labels),
        "annotations": _texts(annotations),
        "startsAt": incident.opened_at.isoformat(),
        # An end before the beginning is refused: a clock was set back.
        "endsAt": max(ends, incident.opened_at + timedelta(seconds=1)).isoformat(),
    }
    if notice.link.startswith(("http://", "https://")):
        alert["generatorURL"] = notice.link
    return alert


def _texts(named: dict[str, str]) -> dict[str, str]:
    return {name: cut(inert(text), LONGEST_TEXT) for name, text in named.items() if text}
