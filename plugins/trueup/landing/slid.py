"""Files that keep their last days alone, such as an export of the last 30 days under one name.

Such a feed is read from all there is, and its oldest days are not there any more. They stay as they
were landed: the load covers the days from the first that came on. Where one file of several does
so, the others still have rows of its oldest days, and those alone are not what the days held: all
of such a day stays as it was landed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta

import pyarrow.parquet as pq

from trueup.landing import held
from trueup.landing.checks import Place
from trueup.landing.gaps import SHRINK_FLOOR, VANISHED_DAYS, KnownDays
from trueup.landing.manifest import Load
from trueup.landing.store import Landing
from trueup.landing.tally import Tally
from trueup.landing.typed import DAY
from trueup.landing.writer import Writer
from trueup.window import Window

Rows = Mapping[date | None, int]


def narrowed(landing: Landing, tally: Tally, rows: Rows, known: KnownDays, place: Place) -> Place:
    """The place with the window that the load covers; `tally` gets that window as well. `rows` are
    those that came, by day.

    Days go with the newest load alone: those of loads before it were kept once. Where no new day
    came with them, or their rows came on other days, nothing was kept: rows were deleted or lost.
    So they were where files that slide would have lost more since.
    """
    had = _had(known)
    came = {day for day, count in tally.offered.items() if day and count}
    if not (had and came):
        return place
    newest = max(known.values(), key=lambda load: load.committed_at)
    since = _first_of_feed(tally, rows, had, came, newest, known, place)
    if since and (deleted := _deleted(landing, had, came, known, place)):
        since = deleted
        tally.notes.append(
            f"the rows of {deleted}, kept as those of files that keep their last days alone, are"
            " let go: the files have kept more days since, so these rows were deleted"
        )
    elif first := _first_of_files(tally, rows, had, newest, known, place):
        since = max(first, since or first)
    if since is None:
        return place
    tally.window = Window(since, tally.window.until)
    return replace(place, window=tally.window)


def leave_before(landing: Landing, tally: Tally, writer: Writer) -> bool:
    """Takes rows of days before the window, which stay as they were landed, out of what was
    written; whether there were any."""
    since = tally.window.since
    early = [day for day in tally.offered if day and day < since]
    if not early:
        return False
    for day in early:
        del tally.offered[day]
    tally.aside = [row for row in tally.aside if not row.day or row.day >= since]
    for part in list(writer.parts):
        with landing.fs.open(landing.path(part.file.name), "rb") as handle:
            days = pq.read_table(handle, columns=[DAY]).column(DAY).to_pylist()
        if places := {place for place, day in enumerate(days) if day and day < since}:
            writer.drop(part, places)
    return True


def _first_of_feed(
    tally: Tally,
    rows: Rows,
    had: Mapping[date, int],
    came: Collection[date],
    newest: Load,
    known: KnownDays,
    place: Place,
) -> date | None:
    """The first day the load covers, where days before all that came are in force."""
    earlier = {day for day in had if day < min(came)}
    dropped = {day for day in earlier if known[day] is newest}
    if not earlier:
        return None
    if dropped and not _has_slid(had, rows, came, dropped):
        return min(dropped)
    if dropped:
        _say(tally, f"the files begin on {min(came)} now", dropped, place)
    return min(came)


def _deleted(
    landing: Landing,
    had: Mapping[date, int],
    came: Collection[date],
    known: KnownDays,
    place: Place,
) -> date | None:
    """The first of a day or two that an earlier load kept, where what came now spans more days than
    files could that had lost that day to a newer one."""
    kept = sorted(day for day in had if day < min(came))
    if not kept or len(kept) >= VANISHED_DAYS:
        return None
    behind = [
        load
        for load in landing.loads(place.source, place.stream.name)
        if load.account == place.account and load.committed_at > known[kept[0]].committed_at
    ]
    if not behind:
        return None
    lost_on = max((one.day for one in behind[0].days if one.day and one.landed), default=None)
    is_longer = lost_on and max(came) - min(came) + timedelta(days=1) > lost_on - kept[0]
    return kept[0] if is_longer else None


def _first_of_files(
    tally: Tally,
    rows: Rows,
    had: Mapping[date, int],
    newest: Load,
    known: KnownDays,
    place: Place,
) -> date | None:
    """The last of the first days of files that slide, of those whose days lack rows now."""
    previous = held.by_file(
        (load.delivered, days) for load, days in held.in_force(known.keys(), known)
    )
    now = held.by_file([(tally.delivered, {day for day in rows if day})])
    first = None
    for name, part in previous.items():
        left = now[name].rows if name in now else {}
        earlier = {
            day for day in part.rows if left and day < min(left) and rows.get(day, 0) < had[day]
        }
        dropped = {day for day in earlier if known[day] is newest}
        if not earlier or (dropped and not _has_slid(part.rows, left, left, dropped)):
            continue
        if dropped:
            others = f"{name} begins on {min(left)} now, others do not"
            _say(tally, others, dropped, place)
        first = max(min(left), first or min(left))
    return first


def _say(tally: Tally, what: str, dropped: Collection[date], place: Place) -> None:
    note = (
        f"{what}; what was landed of {len(dropped)} day(s) before stays"
        f" in force, and `trueup land {place.source} --accept-empty` lets it go"
    )
    tally.notes.append(note)
    if len(dropped) >= VANISHED_DAYS:
        tally.lacking.append(note)


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
    rows: Mapping[date | None, int] | Mapping[date, int],
    came: Collection[date],
    dropped: Collection[date],
) -> bool:
    gone = sum(had[day] for day in dropped)
    later = [day for day in had if day >= min(dropped)]
    lost = sum(had[day] for day in later) - sum(rows.get(day, 0) for day in later)
    return max(came) > max(had) and lost >= SHRINK_FLOOR * gone
