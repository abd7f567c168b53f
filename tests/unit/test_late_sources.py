"""Sources that are late together are one incident, and none where their landing was reported."""

from __future__ import annotations

import pytest

from trueup.alerts import on_call
from unit.incident_gate import Gate, gate, home, received

__all__ = ["gate", "home", "received"]

SOURCES = [f"source_{number}" for number in range(7)]


def are_late(gate: Gate, *sources: str) -> None:
    """The mart's gate finds the newest day of these sources missing, and nothing else."""
    late = (gate.finding("fct_freshness", "warn", segment=f"{one} a1") for one in sources)
    gate.finds(*late, gate.finding("fct_conversions", "pass"))


def said(received: list) -> list[tuple[str, str]]:
    return [(one["event"], one["where"]) for message in received for one in message["incidents"]]


def test_seven_sources_late_since_one_night_are_one_incident(received: list, gate: Gate):
    are_late(gate, *SOURCES)
    are_late(gate, *SOURCES[2:])
    are_late(gate, SOURCES[6])
    are_late(gate)
    assert said(received) == [("opened", ", ".join(SOURCES))]
    are_late(gate)
    assert said(received)[1:] == [("resolved", SOURCES[6])]
    assert on_call.in_force().all_open() == []
    are_late(gate, *SOURCES[:2])
    assert said(received)[2:] == [("opened", ", ".join(SOURCES[:2]))]


def test_one_source_that_is_late_alone_says_so_in_its_own_words(received: list, gate: Gate):
    for _ in range(2):
        are_late(gate, SOURCES[0])
    are_late(gate, SOURCES[0], SOURCES[1])
    assert said(received) == [
        ("opened", "fct_freshness (source_0 a1)"), ("opened", "fct_freshness (source_1 a1)")
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["VendorUnavailable", "PermissionError"])
def test_what_did_not_land_is_not_reported_by_the_mart_again(
    received: list, home, gate: Gate, kind: str
):
    landing = Gate(home, "landing/source_0")
    landing.misses(("a1", kind))
    received.clear()
    are_late(gate, SOURCES[0])
    assert said(received) == []
    landing.misses()
    assert [event for event, _ in said(received)] == ["resolved"]
    are_late(gate, SOURCES[0])
    assert said(received)[1:] == [("opened", "fct_freshness (source_0 a1)")], "it still is late"
