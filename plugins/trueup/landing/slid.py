"""Files that keep their last days alone, such as an export of the last 30 days under one name.

Such a feed is read from all there is, and its oldest days are not there any more. They stay as they
were landed: the load covers the days from the first that came on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from trueup.landing.checks import Place
from trueup.landing.gaps import SHRINK_FLOOR, VANISHED_DAYS, KnownDays
from trueup.landing.tally import Tally
from trueup.window import Window


def narrowed(
    tally: Tally, rows: Mapping[date | None, int], known: KnownDays, place: Place
) -> Place:
    """The place with the window that the load covers; `tally` gets that window as well. `rows` are
    those that came, by day.

    Days go with the newest load alone: those of loads before it were kept once. Where no new day
    came with them, or their rows came on other days, nothing was kept: rows were deleted or lost.
    """
    had = _had(known)
    came = {day for day, count in tally.offered.items() if day and count}
    earlier = {day for day in had if came and day < min(came)}
    if not earlier:
        return place
    newest = max(known.values(), key=lambda load: load.committed_at)
    dropped = {day for day in earlier if known[day] is newest}
    since = min(came)
    if dropped and not _has_slid(had, rows, came, dropped):
        since = min(dropped)
    elif dropped:
        note = (
            f"the files begin on {since} now; what was landed of {len(dropped)} day(s) before stays"
            f" in force, and `trueup land {place.source} --accept-empty` lets it go"
        )
        tally.notes.append(note)
        if len(dropped) >= VANISHED_DAYS:
            tally.lacking.append(note)
    tally.window = Window(since, tally.window.until)
    return replace(place, window=tally.window)


def _had(known: KnownDays) -> dict[date, int]:
    """The rows in force, of days that have some."""
    landed = {
        (load.load_id, one.day): one.landed
        for load in {load.load_id: load for load in known.values()}.values()
        for one in load.days
    }
    return {day: n for day, load in known.items() if (n := landed.get((load.load_id, day), 0))}


def _has_slid(
    had: Mapping[date, int],
    rows: Mapping[date | None, int],
    came: Collection[date],
    dropped: Collection[date],
) -> bool:
    gone = sum(had[day] for day in dropped)
    later = [day for day in had if day >= min(dropped)]
    lost = sum(had[day] for day in later) - sum(rows.get(day, 0) for day in later)
    return max(came) > max(had) and lost >= SHRINK_FLOOR * gone
