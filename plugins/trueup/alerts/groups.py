"""Incidents of one cause that are found apart: nobody hears of each, and one stands for all.

It opens with the first of them, is updated where others join later, and is over with the last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from trueup.alerts import lifecycle
from trueup.alerts.incidents import Incident, Notice

#: Who follows within this time is part of what was said.
AT_ONCE = timedelta(hours=1)


@dataclass(frozen=True)
class Group:
    """The cause of the incident that stands for its members, and what it says of them."""

    cause: str
    notice_of: Callable[[Sequence[Notice]], Notice]

    def member(self, notice: Notice) -> Notice:
        """The notice as a part of the group."""
        return replace(notice, group=self.cause)

    def after(
        self, known: Incident | None, members: Sequence[Incident], at: datetime
    ) -> Incident | None:
        """The incident of the group, now that these are its open members."""
        if not members:
            return lifecycle.over(known, at) if known else None
        notice = self.notice_of([incident.notice for incident in members])
        follows = known and known.said and timedelta(0) <= at - known.opened_at < AT_ONCE
        if known and known.said and follows:
            known = replace(known, said=replace(known.said, signals=notice.signals))
        return lifecycle.met(known, notice, at)
