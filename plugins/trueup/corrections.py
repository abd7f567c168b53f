"""What a person mends by hand: a load is set aside or taken back, a mart withdrawn, a signal's new
level accepted."""

from __future__ import annotations

import getpass
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from trueup.alerts.incidents import short_id
from trueup.company import workspace
from trueup.company.workspace import StateFolder
from trueup.errors import TrueupError
from trueup.gates import accepted, verdicts
from trueup.gates.accepted import Accepted
from trueup.gates.findings import SHORT_ID
from trueup.landing.store import Landing

#: More segments than this nobody reads in an error.
MOST_SHOWN = 12


def reject(name: str, why: str) -> None:
    """Set a load aside, or, by SOURCE.STREAM.FEED, every load of a feed: the next build behaves as
    if it never came."""
    landing = workspace.current().landing
    for load_id in _loads_of(landing, name) if "." in name else [name]:
        landing.reject(load_id, why, datetime.now(UTC))
        print(f"{load_id} is set aside; the next build starts from the landing without it")


def _loads_of(landing: Landing, name: str) -> list[str]:
    """The loads of the feed or account called `name`. Setting the newest aside would bring back
    the one before."""
    source, _, rest = name.partition(".")
    stream, _, part = rest.partition(".")
    found = [load.load_id for load in landing.loads(source, stream) if load.account == part]
    if not found:
        raise TrueupError(
            f"no load of {name} counts",
            expected="SOURCE.STREAM.FEED, such as files.orders.till",
            next_step="list them with `trueup loads`",
        )
    return found


def restore(load_id: str) -> None:
    """Take back a load that was set aside. Where a gate held it, who did so is recorded."""
    work = workspace.current()
    why = work.landing.rejected().get(load_id, {}).get("why", "")
    work.landing.restore(load_id)
    for verdict in verdicts.recent(work.state.gates):
        if load_id in verdict.held_loads:
            held = tuple(x for x in verdict.findings if x.verdict == "hold" and x.line in why)
            reason = f"load {load_id} restored by hand"
            released = replace(verdict, findings=held)
            now = datetime.now(UTC)
            verdicts.record_release(work.state.gates, released, getpass.getuser(), reason, now)
            break
    print(f"{load_id} counts again from the next build on")


def accept(name: str, dimension: str, segment: str, since: date, why: str) -> None:
    """Accept the level that a tracking signal, or one segment of it, has from `since` on; by an
    incident's id that of every signal it moved. Raises TrueupError where the published mart knows
    no such signal or segment."""
    state = workspace.current().state
    signals = _meant(state.gates, name)
    newest = {
        signal: _newest_day(state.mart, signal, dimension, segment) if state.mart.exists() else None
        for signal in signals
    }
    for signal, day in newest.items():
        one = Accepted(signal, dimension, segment, since, getpass.getuser(), why, datetime.now(UTC))
        where = _named(one)
        if not accepted.add(state.folder, one):
            print(f"{where} was accepted from {since} on before")
        elif day and since > day:
            print(f"{where} will be accepted as it is from {since} on; the newest day is {day}")
        else:
            print(f"{where} is accepted as it is from {since} on; the next gate expects that")
    if name in signals:
        _say_what_is_left(state, name, since)


def undo_accept(name: str, dimension: str, segment: str, why: str) -> None:
    """Take back what was accepted of a signal, one segment of it, or the signals of an incident.
    Raises TrueupError where nothing is."""
    state = workspace.current().state
    before = accepted.read(state.folder)
    now, who = datetime.now(UTC), getpass.getuser()
    undone = [
        one
        for signal in _meant(state.gates, name)
        for one in accepted.undo(
            state.folder, Accepted(signal, dimension, segment, now.date(), who, why, now)
        )
    ]
    if not undone:
        raise TrueupError(
            f"nothing of {name} is accepted",
            expected="; ".join(f"{_named(one)} from {one.since} on" for one in before) or "nothing",
            next_step="name a signal, and its dimension and segment where it was accepted by them",
        )
    for one in undone:
        print(
            f"{_named(one)} is no longer accepted as it was from {one.since} on; the next gate"
            " expects of it what was expected before"
        )


def _named(one: Accepted) -> str:
    place = one.segment or one.dimension
    return f"{one.signal} ({place})" if place else one.signal


def _meant(gates: Path, name: str) -> list[str]:
    """The signals of the incident of that id, as `trueup incidents`, `trueup status` or
    health.fct_incidents have it, of the newest verdict that speaks of it; else the name itself."""
    for verdict in verdicts.recent(gates, "mart"):
        for finding in verdict.failed:
            if finding.incident_id and name in (
                short_id(finding.cause), finding.short_id, finding.cause, finding.incident_id,
                finding.incident_id[:SHORT_ID],
            ):  # fmt: skip
                if finding.signals:
                    return list(finding.signals)
                raise TrueupError(
                    f"incident {name} moved no signal, so there is no level to accept",
                    next_step="take the setting back, or wait: it is over once it is old",
                )
    return [name]


def _say_what_is_left(state: StateFolder, signal: str, since: date) -> None:
    """Other signals of the open incident that the signal is of: what is left of them would be
    reported as another cause."""
    verdict = verdicts.last(state.gates, "mart")
    known = {one.signal for one in accepted.read(state.folder) if one.since == since}
    for finding in verdict.failed if verdict else ():
        left = [other for other in finding.signals if other not in known]
        if finding.incident_id and signal in finding.signals and left:
            print(
                f"the same open incident moved {', '.join(left)} too; to accept them all:"
                f" `trueup accept {short_id(finding.cause)} --from DAY --why ...`"
            )


def _newest_day(mart: Path, signal: str, dimension: str, segment: str) -> date | None:
    """The newest day of the series that are meant. Raises TrueupError where there are none."""
    with duckdb.connect(str(mart), read_only=True) as con:
        series = con.execute(
            "select signal, dimension, segment, max(signal_date)"
            " from health.fct_tracking_signals group by all order by all"
        ).fetchall()
    of_signal = [row for row in series if row[0] == signal]
    if not of_signal:
        raise TrueupError(
            f"there is no tracking signal {signal}",
            expected=", ".join(dict.fromkeys(row[0] for row in series)),
            next_step="name one of these",
        )
    meant = [row for row in of_signal if dimension in ("", row[1]) and segment in ("", row[2])]
    if not meant:
        shown = ", ".join(f"{row[2]} ({row[1]})" for row in of_signal[:MOST_SHOWN])
        more = len(of_signal) - MOST_SHOWN
        raise TrueupError(
            f"{signal} has no such segment",
            expected=f"{shown} and {more} more" if more > 0 else shown,
            got=" of ".join(part for part in (segment, dimension) if part),
            next_step="name a segment as health.fct_tracking_signals has it, or none for all",
        )
    return max(row[3] for row in meant)


def rollback() -> Path:
    """Publish the mart before the current one; returns its file."""
    from trueup.publish.swap import PublishedMart
    from trueup.publish.swap import rollback as go_back
    from trueup.reports.page import write

    work = workspace.current()
    earlier = go_back(PublishedMart(work.state.mart, work.state.history))
    write.after_publish(work)
    return earlier
