"""Receivers that do not hear: who watches those that are to call a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from trueup.alerts import standing
from trueup.alerts.incidents import Notice
from trueup.alerts.standing import Standing

#: The gate of these incidents.
GATE = "alerts"
#: What does not answer for so long is no hiccup.
TOO_LONG = timedelta(hours=1)
#: For so long it is reported that a message was refused for good.
REFUSED_LATELY = timedelta(days=1)


def cause(name: str) -> str:
    return f"receiver / {name}"


def about(notice: Notice) -> str:
    """The receiver that the notice is about, to which it cannot be sent; empty for any other."""
    return notice.system if notice.gate == GATE else ""


def notices(outbox: Path, names: Iterable[str], at: datetime) -> list[Notice]:
    """What there is to say of receivers that do not hear."""
    return [
        _notice(name, known, what)
        for name in sorted(names)
        if (what := _wrong(known := standing.read(outbox / f"{name}.standing.json"), at))
    ]


def _wrong(known: Standing, at: datetime) -> str:
    if known.failing_since and at - known.failing_since >= TOO_LONG:
        return "does not take messages; what it should hear waits"
    if known.refused_at and timedelta(0) <= at - known.refused_at < REFUSED_LATELY:
        return "refused a message for good, which it will not hear"
    return ""


def _notice(name: str, known: Standing, what: str) -> Notice:
    return Notice(
        cause=cause(name),
        kind="failed",
        gate=GATE,
        what=what,
        where=f"receiver {name}",
        how_much=known.why,
        system=name,
        runbook="docs/runbook.md#silent-receiver",
    )
