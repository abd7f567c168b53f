"""What a person mends by hand: a load is set aside or taken back, a mart withdrawn."""

from __future__ import annotations

import getpass
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from trueup.company import workspace
from trueup.errors import TrueupError
from trueup.gates import verdicts
from trueup.landing.store import Landing


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


def rollback() -> Path:
    """Publish the mart before the current one; returns its file."""
    from trueup.publish.swap import PublishedMart
    from trueup.publish.swap import rollback as go_back

    state = workspace.current().state
    return go_back(PublishedMart(state.mart, state.history))
