"""What a person mends by hand: a load is set aside or taken back, a mart withdrawn, a signal's new
level accepted."""

from __future__ import annotations

import getpass
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from trueup.company import workspace
from trueup.errors import TrueupError
from trueup.gates import accepted, verdicts
from trueup.gates.accepted import Accepted
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


def accept(signal: str, dimension: str, segment: str, since: date, why: str) -> None:
    """Accept the level that a tracking signal, or one segment of it, has from `since` on. Raises
    TrueupError where the published mart knows no such signal or segment."""
    state = workspace.current().state
    newest = _newest_day(state.mart, signal, dimension, segment) if state.mart.exists() else None
    one = Accepted(signal, dimension, segment, since, getpass.getuser(), why, datetime.now(UTC))
    where = f"{signal} ({segment})" if segment else signal
    if not accepted.add(state.folder, one):
        print(f"{where} was accepted from {since} on before")
    elif newest and since > newest:
        print(f"{where} will be accepted as it is from {since} on; the newest day is {newest}")
    else:
        print(f"{where} is accepted as it is from {since} on; the next gate expects that")


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
