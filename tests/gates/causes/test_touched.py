"""Which rows an incident marks: those of its own platform, where it is of one."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from trueup.gates.causes import touched
from trueup.gates.causes.families import BY_NAME
from trueup.gates.causes.lifetime import Incident

DAY = date(2026, 7, 19)
KNOWN = {"ads_a": "(.*[.])?a([.].*)?", "ads_b": "b|bee", "ads_c": "bee|see", "ads_d": ""}


def rows_of(family: str, system: str, segment: str = "all") -> dict[str, Any]:
    explanation: Any = SimpleNamespace(family=BY_NAME[family], system=system)
    incident = Incident((family, system, segment), 1, DAY, explanation, segment, DAY)
    return touched.columns(incident, KNOWN, frozenset({"shop"}))


@pytest.mark.parametrize(
    ("system", "platform"),
    [("a", "ads_a"), ("ads_b", "ads_b"), ("b", "ads_b"), ("bee", None), ("elsewhere", None)],
)
def test_events_that_a_destination_rejects_touch_the_platform_it_is_a_name_of(
    system: str, platform: str | None
):
    """A name of two platforms, or of none, may be of any."""
    found = rows_of("server_events_rejected", system, f"action={system} purchase")
    assert found["touched_platform"] == platform
    assert found["touches_conversions"] == (platform is None)


def test_a_system_that_is_no_destination_is_no_platform_for_its_name():
    assert rows_of("consent_changed", "a")["touched_platform"] is None
    assert rows_of("server_events_rejected", "a", "platform=ads_b")["touched_platform"] == "ads_b"
