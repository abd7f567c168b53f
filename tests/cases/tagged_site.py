"""A tag container version by version, as Tag Manager answers for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

CONTAINER = "GTM-ABC1234"
PATH = "accounts/6001/containers/7001"
Found = dict[str, Any]


def parameter(key: str, value: Any) -> Found:
    return {"type": "template", "key": key, "value": value}


def event_tag(number: str, name: str, event: str, trigger: str, **more: Any) -> Found:
    """A tag that sends an event to GA4 when a trigger fires."""
    return {
        "accountId": "6001", "containerId": "7001", "tagId": number, "name": name, "type": "gaawe",
        "parameter": [parameter("eventName", event), parameter("measurementIdOverride", "G-ABC1")],
        "firingTriggerId": [trigger], "tagFiringOption": "oncePerEvent", "fingerprint": "1",
        "monitoringMetadata": {"type": "map"}, "consentSettings": {"consentStatus": "notSet"},
        **more,
    }  # fmt: skip


def trigger(number: str, name: str, event: str) -> Found:
    """A trigger of the container's own event."""
    return {
        "triggerId": number, "name": name, "type": "customEvent",
        "customEventFilter": [{"type": "equals", "parameter": [
            parameter("arg0", "{{_event}}"), parameter("arg1", event)]}],
    }  # fmt: skip


@dataclass
class Container:
    """The version that is live, and what else is listed beside it."""

    live: Found | None = None
    environments: list[Found] = field(default_factory=list)
    headers: list[Found] = field(default_factory=list)
    about: Found = field(default_factory=dict)

    def publish(self, number: int, **listed: Any) -> None:
        """A new live version; earlier ones keep their headers."""
        self.live = {
            "path": f"{PATH}/versions/{number}", "accountId": "6001", "containerId": "7001",
            "containerVersionId": str(number), "fingerprint": str(number), **listed,
        }  # fmt: skip
        counts = {"numTags": "tag", "numTriggers": "trigger", "numVariables": "variable"}
        self.headers.append(
            {"containerVersionId": str(number)}
            | {name: str(len(listed[kind])) for name, kind in counts.items() if listed.get(kind)}
        )

    def answer(self, path: str, asked: Found) -> Any:
        if path.endswith("/token"):
            return {"access_token": "t", "expires_in": 3000, "token_type": "Bearer"}
        if path.endswith(":lookup"):
            return {"path": PATH, "accountId": "6001", "containerId": "7001", "name": "Site",
                    "publicId": CONTAINER, "usageContext": ["web"], **self.about}  # fmt: skip
        if path.endswith("/environments"):
            live: Found = {"type": "live", "environmentId": "1", "name": "Live"}
            if self.live:
                live["containerVersionId"] = self.live["containerVersionId"]
            return {"environment": [live, *self.environments]}
        if path.endswith("/versions:live"):
            return self.live
        return {"containerVersionHeader": self.headers}


def entry(url: str) -> Found:
    """What the company file says of the container."""
    return {
        "base_url": url,
        "accounts": [{"id": CONTAINER, "time_zone": "Europe/Lisbon", "currency": "EUR"}],
        "credentials": {"service_account": "tags_key"},
        "options": {"seconds_between_requests": 0},
    }
