"""What the Google Ads account is linked to, and what somebody changes of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

State = dict[str, Any]

ACCOUNT = "4711002200"


def opening() -> State:
    """`actions` are those made beside the account's own; `windows` and `models` are of actions,
    by the world's name of each, where they are not the vendor's."""
    return {"links": [{"id": 21, "type": "MERCHANT_CENTER", "merchant": 5551001},
                      {"id": 22, "type": "HOTEL_CENTER"}],
            "auto_tagging": True, "actions": [], "windows": {}, "models": {}}  # fmt: skip


def _no_hotels(state: State) -> None:
    state["links"] = state["links"][:1]


#: When, how, and in words: kind and id of the object, and the change.
CHANGES = (
    (datetime(2026, 9, 27, 10, 40), _no_hotels, (
        ("account", ACCOUNT, f"account {ACCOUNT}: linked products hotel_center, merchant_center"
         " 5551001 became merchant_center 5551001"),)),
)  # fmt: skip
