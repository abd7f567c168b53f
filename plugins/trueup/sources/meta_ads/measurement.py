"""What the account measures with: its attribution setting, pixels and custom conversions.

When a pixel last fired and how much of it matched moves by itself and is no setting; that it ever
fired is one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from trueup import redaction
from trueup.errors import AccessDenied, BrokenContract
from trueup.sources.contract import Page, SetAside
from trueup.sources.meta_ads.client import Answer, Graph

ACCOUNT_FIELDS = (
    "account_id", "attribution_spec", "is_attribution_spec_system_default", "disable_reason",
    "owner",
)  # fmt: skip
PIXEL_FIELDS = (
    "id", "name", "enable_automatic_matching", "automatic_matching_fields",
    "first_party_cookie_status", "data_use_setting", "is_unavailable", "last_fired_time",
    "owner_business", "owner_ad_account",
)  # fmt: skip
CONVERSION_FIELDS = (
    "id", "name", "rule", "custom_event_type", "event_source_type", "pixel", "is_archived",
    "is_unavailable", "default_conversion_value",
)  # fmt: skip
#: Of the gateway that sends a pixel's events from a server; the rest of it are keys and hosts.
GATEWAY_FIELDS = ("active",)
_LONGEST_NAME = 200

Settings = dict[str, str | None]


def measurement_settings(graph: Graph) -> Iterator[Page]:
    """One page with a row for each object and setting, and what cannot be one."""
    account = graph.call(graph.account.id, {"fields": ",".join(ACCOUNT_FIELDS)})
    rows = _rows(graph, "account", graph.account.id, None, of_account(account))
    for kind, edge, fields in (
        ("pixel", "adspixels", PIXEL_FIELDS),
        ("custom conversion", "customconversions", CONVERSION_FIELDS),
    ):
        for one in _listed(graph, f"{graph.account.id}/{edge}", fields):
            key = one.get("id")
            if not isinstance(key, str | int) or not str(key).isdecimal():
                found = f"a {kind} of {graph.account.id}"
                yield SetAside(found, f"a {kind} without an id", found)
                continue
            settings = of_conversion(one)
            if kind == "pixel":
                settings = of_pixel(one) | {"server_gateway": _gateway(graph, str(key))}
            rows += _rows(graph, kind, str(key), name(one.get("name")), settings)
    yield rows


def of_account(found: Answer) -> Settings:
    spec = found.get("attribution_spec")
    windows = [
        f"{str(one.get('event_type')).lower()} {one.get('window_days')}"
        for one in spec if isinstance(one, dict)
    ] if isinstance(spec, list) else []  # fmt: skip
    return {
        "attribution_windows": ", ".join(sorted(windows)) or None,
        "default_attribution": _switch(found, "is_attribution_spec_system_default"),
        "disable_reason": _word(found.get("disable_reason")),
        "owner": _word(found.get("owner")),
    }


def of_pixel(found: Answer) -> Settings:
    fields = found.get("automatic_matching_fields")
    owner = found.get("owner_business") or found.get("owner_ad_account")
    return {
        "name": name(found.get("name")),
        "automatic_matching": _switch(found, "enable_automatic_matching"),
        "matched_fields": ", ".join(sorted(map(str, fields))) or "none"
        if isinstance(fields, list)
        else "none",
        "first_party_cookies": _word(found.get("first_party_cookie_status")),
        "data_use": _word(found.get("data_use_setting")),
        "is_unavailable": _switch(found, "is_unavailable"),
        "has_fired": "true" if found.get("last_fired_time") else "false",
        "owner": _word(owner.get("id")) if isinstance(owner, dict) else None,
    }


def of_conversion(found: Answer) -> Settings:
    pixel = found.get("pixel")
    return {
        "name": name(found.get("name")),
        "event": _word(found.get("custom_event_type")),
        "rule": _hidden(found.get("rule")),
        "event_source": _word(pixel.get("id")) if isinstance(pixel, dict) else None,
        "event_source_type": _word(found.get("event_source_type")),
        "is_archived": _switch(found, "is_archived"),
        "is_unavailable": _switch(found, "is_unavailable"),
        "default_value": _word(found.get("default_conversion_value")),
    }


def name(value: Any) -> str | None:
    """What people called it, without contact details."""
    text = redaction.clean(value).strip() if isinstance(value, str) else ""
    return text[:_LONGEST_NAME] or None


def _listed(graph: Graph, path: str, fields: tuple[str, ...]) -> list[Answer]:
    answers = graph.pages(path, {"fields": ",".join(fields)})
    return [one for answer in answers for one in answer["data"]]


def _gateway(graph: Graph, pixel: str) -> str | None:
    """Whether a gateway sends the pixel's events from a server; null where we may not see it."""
    try:
        found = _listed(graph, f"{pixel}/openbridge_configurations", GATEWAY_FIELDS)
    except (AccessDenied, BrokenContract):
        return None
    if not found:
        return "none"
    return "active" if any(_switch(one, "active") == "true" for one in found) else "inactive"


def _switch(found: Answer, field: str) -> str | None:
    """Meta leaves out what it does not know of an object."""
    said = str(found.get(field)).lower()
    return said if said in ("true", "false") else None


def _word(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return redaction.clean(str(value)).lower()[:_LONGEST_NAME] or None


def _hidden(value: Any) -> str | None:
    """A rule holds pages' addresses, and is shown as its digest: equal rules have one."""
    if value in (None, "", {}, []):
        return None
    try:
        value = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        pass  # a rule of another form is compared as the text it is
    text = json.dumps(value, sort_keys=True)
    return f"hidden {hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def _rows(
    graph: Graph, kind: str, key: str, label: str | None, settings: Settings
) -> list[dict[str, Any]]:
    return [
        {
            "account_id": graph.account.id,
            "object_type": kind,
            "object_id": key,
            "object_name": label,
            "setting": setting,
            "value": value,
        }
        for setting, value in settings.items()
    ]
