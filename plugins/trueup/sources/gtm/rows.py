"""Objects of a live version as rows, one per setting; equal objects give equal rows.

What Google leaves out where nobody set it, and what it sends in another order than last time, is
no change: defaults are filled in, and what has no order of its own is sorted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from trueup.sources.contract import Page, SetAside
from trueup.sources.gtm import dependence, shown
from trueup.sources.gtm.client import Found, Live

#: Where a version lists a kind of object -> what it is called, and the field of its id.
KINDS = {
    "tag": ("tag", "tagId"),
    "trigger": ("trigger", "triggerId"),
    "variable": ("variable", "variableId"),
    "builtInVariable": ("built-in variable", "type"),
    "folder": ("folder", "folderId"),
    "customTemplate": ("template", "templateId"),
    "client": ("client", "clientId"),
    "transformation": ("transformation", "transformationId"),
    "zone": ("zone", "zoneId"),
    "gtagConfig": ("tag configuration", "gtagConfigId"),
}
#: Where an object is, and which number Google gave its present form: none of them is a setting.
#: The code of an environment opens its preview.
IGNORED = {
    "accountId", "containerId", "workspaceId", "path", "tagManagerUrl", "fingerprint",
    "uniqueTriggerId", "firingRuleId", "blockingRuleId", "authorizationCode",
    "authorizationTimestamp", "features", "tagIds", "publicId", "environmentId",
}  # fmt: skip
#: Environments that follow what nobody has published: the newest version, and each workspace.
UNPUBLISHED = {"latest", "workspace"}
#: What holds where an object says nothing.
DEFAULTS: dict[str, dict[str, str]] = {
    "tag": {"paused": "false", "consent_status": "notSet", "consent_types": "",
            "firing_triggers": "", "blocking_triggers": ""},
}  # fmt: skip
#: Settings whose values are words or ids of Google's own, whatever they look like.
PLAIN = {
    "name", "type", "paused", "consent_status", "consent_types", "firing_triggers",
    "blocking_triggers", "usage_context", "live_version", "version", "schedule_start_ms",
    "schedule_end_ms", "parent_folder_id", "tag_firing_option",
}  # fmt: skip
NAMES = {
    "firingTriggerId": "firing_triggers",
    "blockingTriggerId": "blocking_triggers",
    "containerVersionId": "version",
}
#: Lists whose order says nothing.
UNORDERED = {
    "firingTriggerId", "blockingTriggerId", "filter", "autoEventFilter", "customEventFilter",
    "usageContext", "domainName", "enablingTriggerId", "disablingTriggerId",
}  # fmt: skip

Settings = dict[str, str | None]


def pages(live: Live, container_id: str) -> Iterator[Page]:
    """One page with every row, and what cannot be one."""
    version = live.version or {}
    version_id = str(version["containerVersionId"]) if version else None
    needed_by = dependence.needed_by(version)
    rows: list[dict[str, Any]] = []
    for kind, object_id, fields in _objects(live, version):
        if not object_id:
            found = f"a {kind} of version {version_id or 'none'}"
            yield SetAside(found, f"a {kind} without an id", found)
            continue
        name = shown.name(fields.get("name"))
        for setting, value in settings_of(kind, fields).items():
            plain, hidden = (value, None) if setting in PLAIN else shown.split(setting, value)
            rows.append(
                {
                    "container_id": container_id,
                    "version_id": version_id,
                    "object_type": kind,
                    "object_id": object_id,
                    "object_name": name,
                    "setting": setting,
                    "value": plain,
                    "hidden_value": hidden,
                    "needed_by": needed_by.get((kind, object_id)),
                }
            )
    yield rows


def _objects(live: Live, version: Found) -> Iterator[tuple[str, str, Found]]:
    """Kind, id and fields of all there is."""
    about = {**live.container, "liveVersion": version.get("containerVersionId") or "none"}
    if version.get("name"):
        about["liveVersionName"] = version["name"]
    yield "container", str(about.pop("containerId")), about
    for one in live.environments:
        if one.get("type") not in UNPUBLISHED:
            yield "environment", str(one.get("environmentId") or ""), one
    for listed, (kind, id_field) in KINDS.items():
        for one in version.get(listed) or []:
            fields = one if isinstance(one, dict) else {}
            rest = {key: value for key, value in fields.items() if key != id_field}
            yield kind, str(fields.get(id_field) or ""), rest


def settings_of(kind: str, fields: Found) -> Settings:
    """What the object is set to, by setting; what is off, empty or absent is left out."""
    found: Settings = dict(DEFAULTS.get(kind, {}))
    for key, value in sorted(fields.items()):
        if key in IGNORED:
            continue
        if key == "parameter":
            found |= _parameters(value)
        elif key == "consentSettings" and isinstance(value, dict):
            found["consent_status"] = str(value.get("consentStatus") or "notSet")
            found["consent_types"] = ", ".join(sorted(_words(value.get("consentType"))))
        elif (text := _text(key, value)) is not None:
            found[NAMES.get(key, _snake(key))] = text
    if found.get("name") is not None:
        found["name"] = shown.name(found["name"])
    return found


def _parameters(listed: Any) -> Settings:
    """Each named field by itself; what it holds inside is one value."""
    found: Settings = {}
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict) and one.get("key"):
            text = _text("parameter", one)
            if text is not None:
                found[f"parameter {shown.name(one['key'])}"] = text
    return found


def _text(key: str, value: Any) -> str | None:
    """`value` as one text that is the same for equal values; None for what is off or empty."""
    if isinstance(value, dict) and (key == "parameter" or "type" in value):
        inner = value.get("value")
        if inner is None:
            value = {part: value[part] for part in ("list", "map") if value.get(part)}
        else:
            value = inner
    if value in (None, False, "", [], {}):
        return None
    if value is True:
        return "true"
    if key in ("scheduleStartMs", "scheduleEndMs"):
        return _instant(value)
    if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
        return ", ".join(
            sorted(map(str, value), key=_by_number) if key in UNORDERED else map(str, value)
        )
    if isinstance(value, list | dict):
        parts = sorted(map(_canonical, value)) if key in UNORDERED else _canonical(value)
        return json.dumps(parts) if isinstance(parts, list) else parts
    return str(value)


def _canonical(value: Any) -> str:
    return json.dumps(_ordered(value), sort_keys=True, ensure_ascii=False)


def _ordered(value: Any) -> Any:
    """The entries of maps, and of named fields, in order of their names."""
    if isinstance(value, dict):
        return {key: _entries(one) if key in ("map", "parameter") else _ordered(one)
                for key, one in value.items()}  # fmt: skip
    return [_ordered(one) for one in value] if isinstance(value, list) else value


def _entries(value: Any) -> Any:
    if not isinstance(value, list):
        return _ordered(value)
    return sorted(map(_ordered, value), key=lambda one: json.dumps(one, sort_keys=True))


def _words(value: Any) -> set[str]:
    """The values of a list that Google writes as a field within a field."""
    if isinstance(value, dict):
        return _words(value.get("list") or value.get("map") or value.get("value"))
    if isinstance(value, list):
        return {word for one in value for word in _words(one)}
    return {str(value)} if value else set()


def _instant(value: Any) -> str:
    try:
        return datetime.fromtimestamp(int(value) / 1000, UTC).isoformat(timespec="seconds")
    except (ValueError, TypeError, OverflowError, OSError):
        return "unreadable"


def _snake(key: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", str(key)).lower()


def _by_number(text: str) -> tuple[int, str]:
    return (int(text) if text.isdecimal() and len(text) < 19 else 0, text)
