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

#: More names than this are nobody's help.
MOST_SHOWN = 60


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
    TrueupError where the published mart knows no such signal or segment: what is accepted of
    nothing would keep nobody from being told."""
    state = workspace.current().state
    one = Accepted(signal, dimension, segment, since, getpass.getuser(), why, datetime.now(UTC))
    where = f"{signal} ({segment})" if segment else signal
    if state.mart.exists():
        _check_known(state.mart, one)
    if accepted.add(state.folder, one):
        print(f"{where} is accepted as it is from {since} on; the next gate expects that")
    else:
        print(f"{where} was accepted from {since} on before")


def _check_known(mart: Path, one: Accepted) -> None:
    with duckdb.connect(str(mart), read_only=True) as con:
        rows = con.execute(
            "select signal, dimension, segment from health.fct_tracking_signals"
            " group by all order by all"
        ).fetchall()
    if any(one.is_of(*row) for row in rows):
        return
    segments = [f"{segment} ({dimension})" for name, dimension, segment in rows
                if name == one.signal and one.dimension in ("", dimension)]  # fmt: skip
    dimensions = [f"dimension {dimension}" for name, dimension, _ in rows if name == one.signal]
    known = segments or dimensions or [row[0] for row in rows]
    what = "segment" if segments else "dimension" if dimensions else "tracking signal"
    got = {"segment": one.segment, "dimension": one.dimension}.get(what, one.signal)
    shown = list(dict.fromkeys(known))
    more = f" and {len(shown) - MOST_SHOWN} more" if len(shown) > MOST_SHOWN else ""
    raise TrueupError(
        f"there is no {what} {got}" + (f" of {one.signal}" if dimensions else ""),
        expected=", ".join(shown[:MOST_SHOWN]) + more,
        next_step="name one of these",
    )


def rollback() -> Path:
    """Publish the mart before the current one; returns its file."""
    from trueup.publish.swap import PublishedMart
    from trueup.publish.swap import rollback as go_back

    state = workspace.current().state
    return go_back(PublishedMart(state.mart, state.history))
