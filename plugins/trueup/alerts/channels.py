"""The receivers there are, and who of them hears what: by the company file and the settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from trueup import settings
from trueup.alerts import silent
from trueup.alerts.delivery import PAUSE_SECONDS
from trueup.alerts.incidents import Incident, Notice
from trueup.alerts.next_message import Channel
from trueup.alerts.receivers.alertmanager import Alertmanager
from trueup.alerts.receivers.email import Email
from trueup.alerts.receivers.message import Message, NotHeard, Receiver
from trueup.alerts.receivers.pagerduty import PagerDuty
from trueup.alerts.receivers.slack import Slack
from trueup.alerts.receivers.webhook import Webhook
from trueup.company import alerting
from trueup.company.alerting import Alerts
from trueup.company.parts import KNOWN_ZONES
from trueup.settings import SecretLookup, Settings

#: The receiver of TRUEUP_WEBHOOK_URL, which hears everything.
ENVIRONMENT = "webhook"


@dataclass(frozen=True)
class Unusable:
    """A receiver without its secret: what it is to hear waits until it has one."""

    why: str
    gathers: bool = True

    def send(self, message: Message) -> str:
        raise NotHeard(self.why)


@dataclass(frozen=True)
class Rules:
    """What one company's file and settings say of alerts; `zone` is the reporting one."""

    company: str
    alerts: Alerts
    zone: str
    has_webhook: bool

    def routed(self, incident: Incident) -> list[str]:
        """Receivers that are to hear of the incident: those of the first route that fits it."""
        always = [ENVIRONMENT] if self.has_webhook else []
        named = dict.fromkeys([*self._named(incident.notice), *always])
        return [name for name in named if name != silent.about(incident.notice)]

    def _named(self, notice: Notice) -> Iterable[str]:
        for route in self.alerts.routes:
            wanted = (
                (route.owner, notice.owner),
                (route.severity, notice.severity),
                (route.family, notice.family),
            )
            if all(want is None or want == got for want, got in wanted):
                return route.to
        return () if self.alerts.routes else self.alerts.receivers

    def is_quiet(self, at: datetime) -> bool:
        hours = self.alerts.quiet_hours
        return hours is not None and hours.is_quiet(at, self.zone)


def rules(config: Settings) -> Rules:
    """Asks no more of the company file than its name, and of `alerts:` what is sound: that all the
    rest of it is wrong is something to tell as well."""
    text = config.company_file.read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.load(text, yaml.CSafeLoader)
    alerts, problems = alerting.as_far_as_sound(content.get("alerts"))
    if problems:
        print(f"alerts in {config.company_file.name}: {'; '.join(problems)}")
    return Rules(content["name"], alerts, _zone(content), bool(config.webhook_url))


def channels(known: Rules, config: Settings, lookups: Iterable[SecretLookup]) -> dict[str, Channel]:
    """Every receiver with its secrets, by its name."""
    found = {
        name: Channel(
            name,
            _receiver(entry, config, tuple(lookups)),
            entry.most_per_hour,
            # It has times and silences of its own.
            _never if entry.type == "alertmanager" else known.is_quiet,
            PAUSE_SECONDS if entry.type == "slack" else 0.0,
        )
        for name, entry in known.alerts.receivers.items()
    }
    if config.webhook_url:
        webhook = Webhook(config.webhook_url, config.webhook_key or "")
        found[ENVIRONMENT] = Channel(ENVIRONMENT, webhook, is_quiet=known.is_quiet)
    return found


def hearing_changes(
    known: Rules, config: Settings, lookups: Iterable[SecretLookup]
) -> dict[str, PagerDuty]:
    """Receivers that show what settings became, by their names."""
    entries = known.alerts.receivers
    if not any(getattr(entry, "changes", False) for entry in entries.values()):
        return {}
    return {
        name: channel.receiver
        for name, channel in channels(known, config, lookups).items()
        if isinstance(channel.receiver, PagerDuty) and getattr(entries[name], "changes", False)
    }


def _never(_: datetime) -> bool:
    return False


def _zone(content: dict[str, Any]) -> str:
    reporting = content.get("reporting")
    zone = str((reporting if isinstance(reporting, dict) else {}).get("time_zone"))
    return zone if zone in KNOWN_ZONES else "UTC"


def _receiver(entry: Any, config: Settings, lookups: tuple[SecretLookup, ...]) -> Receiver:
    secrets: dict[str, str] = {}
    for role, name in alerting.secrets_of(entry).items():
        value = next((hit for look in lookups if (hit := look(name))), None)
        if value is None:
            variable = settings.secret_variable(name)
            return Unusable(f"its secret {name} is not set: set {variable}, or a Connection {name}")
        secrets[role] = value
    folder: Path = config.company_file.parent
    return MAKERS[entry.type](entry, secrets, folder)


def _webhook(entry: Any, secrets: dict[str, str], folder: Path) -> Receiver:
    return Webhook(secrets["url"], secrets.get("signing_key", ""))


def _pagerduty(entry: Any, secrets: dict[str, str], folder: Path) -> Receiver:
    return PagerDuty(secrets["routing_key"], entry.base_url)


def _slack(entry: Any, secrets: dict[str, str], folder: Path) -> Receiver:
    return Slack(secrets["token"], entry.channel, entry.base_url)


def _email(entry: Any, secrets: dict[str, str], folder: Path) -> Receiver:
    return Email(
        entry.host,
        entry.port,
        entry.sender,
        entry.to,
        entry.security,
        entry.user or "",
        secrets.get("password", ""),
        str(folder / entry.ca_file) if entry.ca_file else None,
    )


def _alertmanager(entry: Any, secrets: dict[str, str], folder: Path) -> Receiver:
    lasts = timedelta(hours=entry.lasts_hours)
    user, password, token = entry.user or "", secrets.get("password", ""), secrets.get("token", "")
    return Alertmanager(entry.base_url, user, password, token, lasts)


#: What makes a receiver of each type, of its entry, its secrets and the company file's folder.
MAKERS: dict[str, Callable[[Any, dict[str, str], Path], Receiver]] = {
    "webhook": _webhook,
    "pagerduty": _pagerduty,
    "slack": _slack,
    "email": _email,
    "alertmanager": _alertmanager,
}
