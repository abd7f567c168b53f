"""Sources whose newest day the mart lacks: those that are late together are one incident.

Nothing may have run in a night, or the network was gone, and then every source is late at once. Of
what did not land its own gate has reported already, and it is not reported a second time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from trueup.alerts.groups import Group
from trueup.alerts.incidents import Incident, Notice
from trueup.gates.findings import LANDING

CAUSE = "sources are late"
#: The mart that says of each source through which day it has landed.
TABLE = "fct_freshness"


def joined(notices: Sequence[Notice], known: Sequence[Incident]) -> list[Notice]:
    """The notices, those of late sources as parts of what is known of them: of their landing that
    failed, or of the sources that became late with them. One that was reported alone stays so."""
    incidents = {incident.notice.cause: incident for incident in known}
    failed = {
        incident.notice.gate.removeprefix(LANDING): incident.notice.cause
        for incident in known
        if incident.notice.gate.startswith(LANDING)
        and incident.notice.kind in ("failed", "unavailable")
    }
    late = [notice for notice in notices if notice.unit == TABLE]
    alone = {x.cause for x in late if x.cause in incidents and incidents[x.cause].said}
    free = [x for x in late if _source(x) not in failed and x.cause not in alone]
    are_several = CAUSE in incidents or len({_source(x) for x in free}) > 1
    parts = {x.cause: GROUP.member(x) for x in free if are_several}
    parts |= {x.cause: replace(x, group=failed[_source(x)]) for x in late if _source(x) in failed}
    return [parts.get(notice.cause, notice) for notice in notices]


def notice_of(notices: Sequence[Notice]) -> Notice:
    sources = sorted({_source(notice) for notice in notices})
    since = min(notice.since for notice in notices)
    return replace(
        notices[0],
        cause=CAUSE,
        group="",
        unit="",
        segment="",
        where=", ".join(sources),
        how_much=f"{len(notices)} accounts of {len(sources)} sources, since {since}",
        since=since,
        signals=tuple(sorted(notice.segment for notice in notices)),
    )


def _source(notice: Notice) -> str:
    """A segment is the source, and its account where it has several."""
    return notice.segment.partition(" ")[0]


GROUP = Group(CAUSE, notice_of)
