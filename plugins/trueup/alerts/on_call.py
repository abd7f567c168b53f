"""Who hears what: a person hears once that a cause is open, and once that it is over.

What goes wrong, or right again, in one moment is one message. A receiver that does not answer
stops no data: the incident stays open and unheard, and the next run that meets it, or
`housekeeping`, tries again.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal

import yaml

from trueup import settings
from trueup.alerts import incidents, messages, receivers
from trueup.alerts.incidents import Incident, Kind, Notice
from trueup.alerts.receivers import Message
from trueup.company.workspace import StateFolder
from trueup.errors import VendorUnavailable
from trueup.gates import verdicts
from trueup.gates.findings import NOT_LANDED, Finding
from trueup.settings import Settings

#: What gates find.
FOUND: tuple[Kind, ...] = ("hold", "warn", "gate-error")
#: The kind of an error that is likely to be of more than one source.
UNAVAILABLE = VendorUnavailable.__name__
#: Vendors that stop answering within this time of each other are one outage.
ONE_OUTAGE = timedelta(hours=1)


def notify(*notices: Notice) -> None:
    """These causes are open: a person hears of those that are new, in one message."""
    _, state = _in_force()
    now = datetime.now(UTC)
    _tell([incidents.open_or_update(state.incidents, notice, now) for notice in notices])


def resolve(*causes: str) -> None:
    """Whatever is open of these causes is over."""
    _close(causes)


def report(gate: str, link: str = "") -> None:
    """Tell what the gate's newest verdict brings: all that newly fails in one message, all that
    passes again in another. What could not be judged stays as it was; what did not land is for
    `report_missing`. `link` is where a hold is answered."""
    _, state = _in_force()
    verdict = verdicts.last(state.gates, gate)
    if not verdict:
        return
    # A gate that could not run fails its task, which is reported, unless what it found holds.
    kinds = FOUND if verdict.outcome == "hold" else FOUND[:2]
    failing = [
        messages.notice_of(finding, kind, link if kind == "hold" else "")
        for kind in kinds
        for finding in verdict.failed
        if finding.verdict == kind and finding.check_name != NOT_LANDED
    ]
    still = {notice.cause for notice in failing}
    notify(*failing)
    _close(
        incident.notice.cause
        for incident in _of(gate, *FOUND)
        if verdict.has_judged(incident.notice.unit) and incident.notice.cause not in still
    )


def report_missing(gate: str, gave_up: str, link: str) -> None:
    """Tell what the gate's newest verdict says did not land; what landed this time is over.
    `gave_up` says after how much, and what a person is to do; `link` is the log.

    Where a vendor does not answer, others are likely to fail within the minute: those that do are
    reported together, and whoever follows within the hour joins the outage without a word of its
    own.
    """
    config, state = _in_force()
    verdict = verdicts.last(state.gates, gate)
    missing = [
        replace(messages.notice_of(finding, _kind(finding), link), advice=gave_up)
        for finding in (verdict.failed if verdict else ())
        if finding.check_name == NOT_LANDED
    ]
    causes = {notice.cause for notice in missing}
    _close(
        incident.notice.cause
        for incident in _of(gate, "failed", "unavailable")
        if incident.notice.cause not in causes
    )
    notify(*(notice for notice in missing if notice.kind != "unavailable"))
    now = datetime.now(UTC)
    silent = [
        incidents.open_or_update(state.incidents, notice, now)
        for notice in missing
        if notice.kind == "unavailable"
    ]
    if any(not incident.was_notified for incident in silent):
        time.sleep(config.gather_seconds)
        _tell_outage(now)


def released(gate: str) -> None:
    """A person published in spite of the gate: its next hold is news again."""
    _close(incident.notice.cause for incident in _of(gate, "hold"))


def is_stopped(*gates: str) -> bool:
    """Whether a person has been notified of something that stops one of these gates or DAGs."""
    return any(_of(gate, "hold", "gate-error", "unavailable", "failed") for gate in gates)


def notify_again() -> None:
    """Try once more to tell what nobody could be notified of."""
    _, state = _in_force()
    _tell(incidents.all_open(state.incidents))


def _kind(finding: Finding) -> Kind:
    return "unavailable" if finding.signal == UNAVAILABLE else "failed"


def _in_force() -> tuple[Settings, StateFolder]:
    """The settings and the company's state. Asks no more of the company file than its name: that
    all the rest of it is wrong is something to tell as well."""
    config = settings.read()
    content = yaml.safe_load(config.company_file.read_text(encoding="utf-8"))
    return config, StateFolder(config.home / content["name"])


def _of(gate: str, *kinds: Kind) -> list[Incident]:
    _, state = _in_force()
    return [
        incident
        for incident in incidents.all_open(state.incidents)
        if incident.notice.gate == gate and incident.notice.kind in kinds
    ]


def _tell_outage(at: datetime) -> None:
    """One message for all vendors that do not answer, unless the outage is known."""
    _, state = _in_force()
    with incidents.one_sender(state.incidents):
        down = [x for x in incidents.all_open(state.incidents) if x.notice.kind == "unavailable"]
        unheard = [incident for incident in down if not incident.was_notified]
        is_known = any(x.was_notified and at - x.opened_at < ONE_OUTAGE for x in down)
        if unheard and (is_known or _send("opened", unheard)):
            incidents.mark_notified(state.incidents, unheard)


def _tell(found: Iterable[Incident]) -> None:
    _, state = _in_force()
    unheard = [incident for incident in found if not incident.was_notified]
    if unheard and _send("opened", unheard):
        incidents.mark_notified(state.incidents, unheard)


def _close(causes: Iterable[str]) -> None:
    _, state = _in_force()
    now = datetime.now(UTC)
    closed = [incidents.close(state.incidents, cause) for cause in list(causes)]
    heard = [incident for incident in closed if incident and incident.was_notified]
    if heard:
        _send("resolved", heard, now)


def _send(
    event: Literal["opened", "resolved"], found: list[Incident], at: datetime | None = None
) -> bool:
    """Whether a person has heard."""
    config, state = _in_force()
    company = state.folder.name
    text = (
        messages.opened(company, found, config.runbook_url)
        if event == "opened"
        else messages.resolved(company, found, at or datetime.now(UTC))
    )
    heard = False
    for receiver in receivers.configured(config):
        try:
            receiver.send(Message(company, event, text, found))
            heard = True
        except OSError as error:
            print(f"nobody could be notified of {len(found)} incident(s) {event}: {error}")
    return heard
