"""Who is told what: a person hears once that a cause is open, and once that it is over.

What goes wrong, or right again, in one moment is one message. A receiver that does not answer stops
no data: the incident stays untold, and the next run that meets it, or `housekeeping`, tries again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Literal

import yaml

from trueup import settings
from trueup.alerts import incidents, receivers
from trueup.alerts.incidents import Incident
from trueup.company.workspace import StateFolder
from trueup.gates import verdicts
from trueup.settings import Settings


def notify(cause: str, title: str, details: dict[str, Any]) -> None:
    """Tell a person, once per open cause."""
    _, place = _here()
    now = datetime.now(UTC)
    _tell([incidents.open_or_update(place.incidents, cause, title, details, now)])


def resolve(*causes: str) -> None:
    """Whatever is open of these causes is over."""
    _close(causes)


def report(gate: str) -> None:
    """Tell what the gate's newest verdict brings: all that newly fails in one message, all that
    passes again in another. What a broken suite could not judge stays as it was."""
    _, place = _here()
    now = datetime.now(UTC)
    verdict = verdicts.last(place.gates, gate)
    checks = verdict["checks"] if verdict else []
    broken = {check["suite"] for check in checks if check["verdict"] == "gate-error"}
    judged = {check["suite"] for check in checks} - broken
    failing = [
        incidents.open_or_update(place.incidents, _cause(check), _title(check), check, now)
        for check in checks
        if check["verdict"] in ("hold", "warn")
    ]
    still = {incident.cause for incident in failing}
    _tell(failing)
    _close(
        incident.cause
        for incident in _of_gate(gate)
        if incident.details["suite"] in judged and incident.cause not in still
    )


def released(gate: str) -> None:
    """A person published in spite of the gate: its next hold is news again."""
    _close(
        incident.cause for incident in _of_gate(gate) if incident.details["verdict"] == "hold"
    )  # fmt: skip


def tell_the_untold() -> None:
    """Try again what could not be told before."""
    _, place = _here()
    _tell(incidents.all_open(place.incidents))


def _here() -> tuple[Settings, StateFolder]:
    """The settings and the company's place. Asks no more of the company file than its name: that
    all the rest of it is wrong is something to tell as well."""
    config = settings.read()
    content = yaml.safe_load(config.company_file.read_text(encoding="utf-8"))
    return config, StateFolder(config.home / content["name"])


def _of_gate(gate: str) -> list[Incident]:
    """The open incidents that are failing expectations of the gate."""
    _, place = _here()
    return [
        incident
        for incident in incidents.all_open(place.incidents)
        if incident.details.get("gate") == gate
    ]


def _cause(check: dict[str, Any]) -> str:
    """What tells an expectation apart from every other, on every day it fails."""
    named = (
        check["gate"],
        check["suite"],
        check["expectation"],
        check["column_name"],
        check["why"],
    )
    return " ".join(part for part in named if part)


def _title(check: dict[str, Any]) -> str:
    state = "held, the last good data stays" if check["verdict"] == "hold" else "warning"
    what = check["why"] or check["expectation"]
    where = f"{check['column_name'] or 'rows'}: {check['observed']}"
    look = f"; see {check['runbook']}" if check["runbook"] else ""
    return f"{check['gate']} {state}: {check['suite']}: {what} ({where}){look}"


def _tell(found: Iterable[Incident]) -> None:
    _, place = _here()
    untold = [incident for incident in found if not incident.told]
    if untold and _send("opened", untold):
        incidents.mark_told(place.incidents, untold)


def _close(causes: Iterable[str]) -> None:
    _, place = _here()
    closed = [incidents.close(place.incidents, cause) for cause in causes]
    told = [incident for incident in closed if incident and incident.told]
    if told:
        _send("resolved", told)


def _send(event: Literal["opened", "resolved"], found: list[Incident]) -> bool:
    """Whether a person was told."""
    config, place = _here()
    if not config.webhook_url:
        return False
    try:
        receivers.send(config.webhook_url, place.folder.name, event, found)
    except OSError as error:
        print(f"nobody could be told of {len(found)} incident(s) {event}: {error}")
        return False
    return True
