"""What the CRM's portal calls its stages, where that is not what it called them at first."""

from __future__ import annotations

from typing import Any

State = dict[str, Any]

PORTAL = "24680246"


def opening() -> State:
    """Stage -> what it is called now."""
    return {"labels": {}}
