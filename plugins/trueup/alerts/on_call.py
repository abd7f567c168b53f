"""Who hears what: once that a cause is open, when it gets worse, and once that it is over.

Each call decides what there is to say, writes it into the outbox, and tries to deliver all that
waits there. A process that ends anywhere in between leaves what the next call, or `send_alerts`,
goes on with.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from trueup import settings
from trueup.alerts import changes, channels, delivery, late, lifecycle, messages, outage
from trueup.alerts.delivery import Post
from trueup.alerts.incident_book import IncidentBook
from trueup.alerts.incidents import Incident, Kind, Notice
from trueup.company.workspace import StateFolder
from trueup.errors import VendorUnavailable
from trueup.gates import looked_at, verdicts
from trueup.gates.findings import NOT_LANDED, Finding, Verdict
from trueup.settings import SecretLookup, environment_secret

#: What gates find.
FOUND: tuple[Kind, ...] = ("hold", "warn", "gate-error")
#: The kind of an error that is likely to be of more than one source.
UNAVAILABLE = VendorUnavailable.__name__
#: Where receivers' secrets are looked for; Airflow's tasks put their Connections before.
secret_lookups: tuple[SecretLookup, ...] = (environment_secret,)


def in_force() -> IncidentBook:
    """The incidents of the company in force."""
    config = settings.read()
    rules = channels.rules(config)
    return IncidentBook(StateFolder(config.home / rules.company), rules)


def notify(*notices: Notice) -> None:
    """These causes are open: a person hears of what is new of them."""
    book = in_force()
    book.meet(notices)
    deliver(book)


def resolve(*causes: str) -> None:
    """Whatever is open of these causes is over."""
    book = in_force()
    if book.end(causes):
        deliver(book)


def report(gate: str, link: str = "") -> None:
    """Tell what the gate's newest verdict brings: what newly fails, got worse, or passes again.
    What could not be judged stays as it was; what did not land is for `report_missing`. `link` is
    where a hold is answered."""
    book = in_force()
    verdict = verdicts.last(book.state.gates, gate)
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
    book.meet(late.joined(failing, book.all_open()))
    book.tell_group(late.GROUP)
    # What stands for late sources is over with the last of them, and with nothing else
    still = {late.CAUSE, *(finding.cause for finding in verdict.failed)}
    gone = [x for x in book.of(gate, *FOUND) if x.notice.cause not in still]
    judged = [x for x in gone if any(map(verdict.has_judged, x.notice.units or (x.notice.unit,)))]
    _end(book, verdict, judged, run=verdict.build_id or verdict.at.isoformat())
    deliver(book)


def _end(book: IncidentBook, verdict: Verdict, gone: Sequence[Incident], run: str = "") -> None:
    """Incidents that the verdict says nothing of are over, as far as it could have: where days were
    not asked for, what was found on them stands."""
    seen = {x.notice.cause for x in gone if _has_looked(verdict, x.notice)}
    book.end(seen, run=run)
    book.change({x.notice.cause for x in gone} - seen, lifecycle.not_looked_at)


def _has_looked(verdict: Verdict, notice: Notice) -> bool:
    first_day = date.fromisoformat(notice.since) if notice.since else None
    return looked_at.has_looked(verdict, notice.units, notice.segment, first_day, notice.reach_days)


def report_missing(gate: str, gave_up: str, link: str) -> None:
    """Tell what the gate's newest verdict says did not land; what landed this time is over.
    `gave_up` says after how much, and what a person is to do; `link` is the log.

    Where a vendor does not answer, others are likely to fail within the minute: all that do not
    answer are one incident, and who follows within the hour joins it without a word of its own.
    """
    book = in_force()
    verdict = verdicts.last(book.state.gates, gate)
    missing = [
        replace(messages.notice_of(finding, _kind(finding), link), advice=gave_up)
        for finding in (verdict.failed if verdict else ())
        if finding.check_name == NOT_LANDED
    ]
    causes = {notice.cause for notice in missing}
    gone = [x for x in book.of(gate, "failed", "unavailable") if x.notice.cause not in causes]
    if verdict:
        _end(book, verdict, gone)
    book.meet(notice for notice in missing if notice.kind != "unavailable")
    book.meet(silent := [outage.GROUP.member(one) for one in missing if one.kind == "unavailable"])
    if silent and not book.is_open(outage.CAUSE):
        time.sleep(settings.read().gather_seconds)
    book.tell_group(outage.GROUP)
    deliver(book)


def released(gate: str) -> None:
    """A person published in spite of the gate: its next hold is news again."""
    resolve(*(incident.notice.cause for incident in in_force().of(gate, "hold")))


def is_stopped(*gates: str) -> bool:
    """Whether something is open that stops one of these gates or DAGs."""
    book = in_force()
    return any(book.of(gate, "hold", "gate-error", "unavailable", "failed") for gate in gates)


def notify_again() -> None:
    """Send what could not be delivered yet, and what a mute that is over kept back."""
    book = in_force()
    book.speak()
    deliver(book)
    book.outbox.prune(incident.opening for incident in book.all_open())


def tell_changes() -> None:
    """Tell receivers that show changes beside alerts what systems' settings became, as the
    published mart has it. It is beside the point: what goes wrong in it stops nothing."""
    config, book = settings.read(), in_force()
    try:
        hearing = channels.hearing_changes(book.rules, config, secret_lookups)
        found = changes.recent(book.state.mart, datetime.now(UTC)) if hearing else []
        link = f"{config.runbook_url}#config-changes" if config.runbook_url else ""
        for name, receiver in hearing.items():
            changes.tell(book.state.outbox, name, receiver, book.rules.company, found, link)
    except Exception as error:
        print(f"changed settings could not be sent: {type(error).__name__}")


def deliver(book: IncidentBook | None = None) -> None:
    """Try to deliver all that waits, and no longer than `delivery.PATIENCE_SECONDS`."""
    config, book = settings.read(), book or in_force()
    book.recover()
    known = channels.channels(book.rules, config, secret_lookups)
    post = Post(book.rules.company, book.outbox, config.runbook_url, book.to_remind())
    delivery.deliver(post, known, delivery.PATIENCE_SECONDS)
    if book.watch(known):
        delivery.deliver(post, known, delivery.PATIENCE_SECONDS)


def _kind(finding: Finding) -> Kind:
    return "unavailable" if finding.signal == UNAVAILABLE else "failed"
