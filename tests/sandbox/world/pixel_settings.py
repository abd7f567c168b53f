"""What the Meta account measures with, as the Graph API writes it, and what somebody changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

State = dict[str, Any]

ACCOUNT, PIXEL, CONVERSION = "act_900100200", "900100300", "900100401"
#: Made up: it may not be seen past the landing.
PAGE = "harbourhouse.example/thanks?guest=ines.guest@example.com"


def _rule(word: str) -> str:
    return json.dumps({"and": [{"event": {"eq": "PageView"}},
                               {"or": [{"URL": {"i_contains": f"{PAGE}&{word}"}}]}]})  # fmt: skip


def opening() -> State:
    """Edge, or `account`, -> what is answered; the page adds what moves by itself."""
    return {
        "account": {
            "attribution_spec": [{"event_type": "CLICK_THROUGH", "window_days": 7},
                                 {"event_type": "VIEW_THROUGH", "window_days": 1}],
            "is_attribution_spec_system_default": True, "disable_reason": 0, "owner": "7001",
        },
        "adspixels": [{
            "id": PIXEL, "name": "Harbour House", "enable_automatic_matching": True,
            "automatic_matching_fields": ["em", "fn", "ln", "ph"], "is_unavailable": False,
            "first_party_cookie_status": "FIRST_PARTY_COOKIE_ENABLED",
            "data_use_setting": "ADVERTISING_AND_ANALYTICS",
            "owner_business": {"id": "7001", "name": "Harbour House"},
        }],
        "customconversions": [{
            "id": CONVERSION, "name": "Enquiry sent", "rule": _rule("wedding"),
            "custom_event_type": "LEAD", "event_source_type": "pixel", "is_archived": False,
            "is_unavailable": False, "default_conversion_value": 0, "pixel": {"id": PIXEL},
        }],
        "openbridge_configurations": [{"id": "5", "active": True}],
    }  # fmt: skip


def _set(edge: str, **values: Any) -> Callable[[State], None]:
    return lambda state: state[edge][0].update(values)


def _attribution(state: State) -> None:
    state["account"]["attribution_spec"] = [{"event_type": "CLICK_THROUGH", "window_days": 1}]
    state["account"]["is_attribution_spec_system_default"] = False


#: When, how, and in words: kind and id of the object, and the change.
CHANGES = (
    (datetime(2026, 9, 22, 13, 10), _set("adspixels", enable_automatic_matching=False), (
        ("pixel", PIXEL, 'pixel "Harbour House": automatic matching true became false'),)),
    (datetime(2026, 10, 1, 9, 30), _set("customconversions", rule=_rule("weddings")), (
        ("custom conversion", CONVERSION, 'custom conversion "Enquiry sent": rule was changed'),)),
    (datetime(2026, 10, 12, 17, 45), _attribution, (
        ("account", ACCOUNT, "account act_900100200: attribution windows click_through 7,"
         " view_through 1 became click_through 1"),
        ("account", ACCOUNT, "account act_900100200: default attribution true became false"))),
)  # fmt: skip
