"""The company file's `alerts:`: who hears of incidents, when, and by which way.

Secrets are named here, never written: each receiver's `credentials` say under which name a secret
is kept, as those of sources do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from trueup.company import secret_names
from trueup.company.parts import Name, Part, Zone
from trueup.company.secret_names import SecretName

#: Hosts that are this machine: what is sent there in plain is seen by nobody else.
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")

MINUTES_OF_DAY = 24 * 60


def _is_address(value: str) -> str:
    if not re.fullmatch(r"[^\s@<>,;:\"\\\x00-\x1f]+@[^\s@<>,;:\"\\\x00-\x1f]+", value):
        raise ValueError("not an e-mail address, such as on-call@example.com")
    return value


def _is_url(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/@]+(/\S*)?", value):
        raise ValueError("not an http(s) URL without a name and password in it")
    return value.rstrip("/")


def _of_clock(value: Any) -> Any:
    """YAML takes 20:00 without quotes for a number, of minutes."""
    if isinstance(value, int) and 0 <= value < MINUTES_OF_DAY:
        return time(*divmod(value, 60))
    return value


Clock = Annotated[time, BeforeValidator(_of_clock)]
Mail = Annotated[str, AfterValidator(_is_address)]
Url = Annotated[str, AfterValidator(_is_url)]
Severity = Literal["page", "ticket"]


class WebhookSecrets(Part):
    url: SecretName = Field(description="the address, which whoever knows it can write to")
    signing_key: SecretName | None = Field(None, description="signs what is sent, if set")


class SlackSecrets(Part):
    token: SecretName = Field(description="a bot's, with the scope chat:write")


class PagerDutySecrets(Part):
    routing_key: SecretName = Field(description="a service's integration key, Events API v2")


class EmailSecrets(Part):
    password: SecretName | None = None


class AlertmanagerSecrets(Part):
    password: SecretName | None = Field(None, description="of basic authentication, with the user")
    token: SecretName | None = Field(None, description="a bearer's")


class WebhookEntry(Part):
    type: Literal["webhook"]
    credentials: WebhookSecrets
    most_per_hour: int = Field(30, ge=1, description="messages an hour; what is more is gathered")


class SlackEntry(Part):
    type: Literal["slack"]
    channel: str = Field(
        pattern=r"^[A-Z0-9]{6,}$", description="the channel's id, such as C0123ABC"
    )
    credentials: SlackSecrets
    base_url: Url = "https://slack.com"
    most_per_hour: int = Field(30, ge=1, description="messages an hour; what is more is gathered")


class PagerDutyEntry(Part):
    type: Literal["pagerduty"]
    credentials: PagerDutySecrets
    base_url: Url = "https://events.pagerduty.com"
    changes: bool = Field(True, description="whether it hears what systems' settings became")
    most_per_hour: int = Field(30, ge=1, description="messages an hour; what is more is gathered")


class EmailEntry(Part):
    type: Literal["email"]
    host: str = Field(pattern=r"^[A-Za-z0-9.:-]+$", description="the SMTP server")
    port: int = Field(587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    ca_file: str | None = Field(None, description="certificates of an authority of the house's own")
    user: str | None = None
    sender: Mail
    to: tuple[Mail, ...] = Field(min_length=1)
    credentials: EmailSecrets = EmailSecrets()
    most_per_hour: int = Field(30, ge=1, description="messages an hour; what is more is gathered")

    @model_validator(mode="after")
    def _keeps_secrets(self) -> EmailEntry:
        if self.security == "none" and self.host not in LOCAL_HOSTS:
            raise ValueError("security none is for a server on this machine alone")
        if bool(self.user) != bool(self.credentials.password):
            raise ValueError("user and credentials.password go together")
        return self


class AlertmanagerEntry(Part):
    type: Literal["alertmanager"]
    base_url: Url = Field(description="without /api/v2, such as http://alertmanager:9093")
    user: str | None = Field(None, description="of basic authentication, with the password")
    credentials: AlertmanagerSecrets = AlertmanagerSecrets()
    lasts_hours: int = Field(
        26, ge=2, le=200, description="an alert ends by itself after so long without news: past the"
        " next run, or it would end and come back every day",
    )  # fmt: skip
    most_per_hour: int = Field(600, ge=1, description="requests an hour")


ReceiverEntry = Annotated[
    WebhookEntry | SlackEntry | PagerDutyEntry | EmailEntry | AlertmanagerEntry,
    Field(discriminator="type"),
]


class AlertRoute(Part):
    """All conditions given must hold; the first route that does says who hears."""

    owner: str | None = Field(None, description="whose the incident is")
    severity: Severity | None = None
    family: str | None = Field(None, description="the cause's family")
    to: tuple[Name, ...] = Field(description="receivers; none: nobody hears")


class QuietHours(Part):
    """When tickets wait. Pages pass."""

    start: Clock = Field(description="such as 20:00")
    end: Clock = Field(description="such as 08:00, of the next day where it is before the start")
    time_zone: Zone | None = Field(None, description="the reporting one, if not set")
    weekend: bool = Field(True, description="whether all of Saturday and Sunday is quiet too")

    def is_quiet(self, at: datetime, reporting_zone: str) -> bool:
        local = at.astimezone(ZoneInfo(self.time_zone or reporting_zone))
        if self.weekend and local.weekday() >= 5:
            return True
        clock = local.time()
        if self.start <= self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end


class Alerts(Part):
    receivers: dict[Name, ReceiverEntry] = Field(default_factory=dict)
    routes: tuple[AlertRoute, ...] = Field((), description="none: every receiver hears everything")
    quiet_hours: QuietHours | None = None

    @model_validator(mode="after")
    def _names_receivers(self) -> Alerts:
        for index, route in enumerate(self.routes):
            for name in route.to:
                if name not in self.receivers:
                    raise ValueError(f"routes.{index}.to: there is no receiver {name}")
        return self

    def secret_names(self) -> set[str]:
        """Names under which the receivers' secrets are kept."""
        return {name for one in self.receivers.values() for name in secrets_of(one).values()}


def secrets_of(entry: Any) -> dict[str, str]:
    """The secrets a receiver takes -> the names they are kept under."""
    named: dict[str, str] = entry.credentials.model_dump(exclude_none=True)
    return named


def as_far_as_sound(content: Any) -> tuple[Alerts, list[str]]:
    """The section `content`, and what is wrong with it. Receivers that are sound hear everything
    where something else is not: that the company file is wrong is something to tell, too."""
    try:
        return Alerts.model_validate(content or {}), []
    except ValidationError as error:
        problems = [
            f"{'.'.join(map(str, secret_names.path(one['loc'])))}: {one['msg']}"
            for one in error.errors()
        ]
    entries = content.get("receivers") if isinstance(content, dict) else None
    return Alerts(receivers=dict(_sound(entries))), problems


def _sound(entries: Any) -> Iterator[tuple[str, Any]]:
    for name, entry in entries.items() if isinstance(entries, dict) else ():
        try:
            yield from Alerts(receivers={name: entry}).receivers.items()
        except (ValidationError, TypeError):
            continue
