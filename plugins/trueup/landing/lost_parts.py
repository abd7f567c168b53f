"""An account or a file that is lost while others have rows of its days, of a stream that is read
from all there is: what was in force of each day is held against what came now.

Rows that came under another name, of other days or in another file are not lost, nor are those
that were set aside, whose share is the gate's to judge. A sum that is revised loses nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from trueup.landing import held
from trueup.landing.checks import Place
from trueup.landing.gaps import (
    SHRINK_FLOOR,
    VANISHED_DAYS,
    KnownDays,
    shrunken,
    vanished_runs,
)
from trueup.landing.held import Held, Parts
from trueup.landing.store import Landing, Load
from trueup.landing.tally import Tally

#: Of all rows in force this share may go here and there: a clean-up, not a file that was cut.
LOST_SHARE = 0.25
#: Fewer rows than this are corrections of a row each, whatever their share.
LEAST_ROWS = 10
#: Where money fell by less than this share, the same sums stand in fewer rows.
LEAST_MONEY_SHARE = Decimal("0.01")
#: So many are named in a message, the others counted.
NAMED = 3


def check(landing: Landing, load: Load, tally: Tally, known: KnownDays, place: Place) -> None:
    """Raises OpenDays where `load` lacks an account, a file, or a large share of all rows."""
    days = {day for day in load.window.days() if day in known}
    in_force = held.in_force(days, known)
    previous, now = held.of_days(in_force), _came(load, tally, days)
    lost = previous.beyond(now)
    if not lost.rows:
        return
    gone = _gone(
        held.by_file((one.delivered, own) for one, own in in_force),
        held.by_file([(load.delivered, days)]),
        lost,
    )
    if all(set(place.stream.accounts) <= set(one.columns) for one, _ in in_force):
        gone |= _gone(
            held.by_account(landing, place.stream, in_force),
            held.by_account(landing, place.stream, [(load, days)]),
            lost,
        )
    # Accounts and files are two views of the same rows: what their days lost is counted once.
    of_days = {day for part in gone.values() for day in part.rows}
    what = lost.on(of_days)
    if not gone and not _is_large_share(previous, now, tally.offered[None]):
        return
    was = held.by_currency(landing, place.stream, in_force)
    if gone:
        came = held.by_currency(landing, place.stream, [(load, days)])
        was = {
            code: money.beyond(came.get(code, Held())).on(of_days) for code, money in was.items()
        }
    raise shrunken(
        place.window.days(),
        _named(gone),
        what.row_count if gone else previous.row_count,
        0 if gone else now.row_count,
        place,
        [one for one, own in in_force if not gone or not of_days.isdisjoint(own)],
        _weight(was, place),
    )


def _came(load: Load, tally: Tally, days: Collection[date]) -> Held:
    """What came of `days`, with the rows that cannot be used and have none in their place."""
    came = held.of_days([(load, days)])
    for row in tally.aside:
        if row.is_lost and row.day in days:
            came.add(row.day, 1, row.amount)
    return came


def _gone(previous: Parts, now: Parts, lost: Held) -> dict[str, Held]:
    """The parts that are lost, each with the rows that are."""
    found = {}
    for name, part in previous.items():
        left = now.get(name, Held())
        gone = _missing(part, left)
        if (
            len(gone.rows) >= VANISHED_DAYS
            # Its rows may stand on other days, and the days' own in other parts.
            and part.row_count - left.row_count >= SHRINK_FLOOR * gone.row_count
            and _is_most_of(gone, gone.shared(lost))
            and not any(_is_like(part, now[new]) for new in now.keys() - previous.keys())
        ):
            found[name] = gone
    return found


def _missing(part: Held, left: Held) -> Held:
    """The days in a row of which a part has no row left; where it has not half of its rows left,
    the rows that are missing of any day."""
    if (
        part.row_count - left.row_count >= LEAST_ROWS
        and left.row_count < SHRINK_FLOOR * part.row_count
    ):
        return part.beyond(left)
    runs = vanished_runs(sorted(part.rows), left.rows)
    return part.on({day for run in runs for day in run})


def _is_most_of(gone: Held, lost: Held) -> bool:
    """Whether what a part misses is what its days lost, in rows and, where it had some, in money:
    sums that stand in fewer rows now are there."""
    rows = lost.row_count >= SHRINK_FLOOR * gone.row_count
    return rows and (gone.total <= 0 or lost.total >= Decimal(SHRINK_FLOOR) * gone.total)


def _is_like(part: Held, new: Held) -> bool:
    """Whether a part that is new is another name of one: it has most of its rows, day by day, and
    not many more."""
    both = part.shared(new).row_count
    return both > SHRINK_FLOOR * (part.row_count + new.row_count - both)


def _is_large_share(previous: Held, now: Held, undated: int) -> bool:
    """Whether a large share of all rows is lost, whosever they are. Those that came and cannot be
    dated may be any day's."""
    fewer = previous.row_count - now.row_count - undated
    if fewer < max(LEAST_ROWS, LOST_SHARE * previous.row_count):
        return False
    money = previous.total - now.total
    return previous.total <= 0 or money >= LEAST_MONEY_SHARE * previous.total


def _named(gone: Parts) -> str:
    named = [
        f"{name} ({min(part.rows)} to {max(part.rows)})"
        for name, part in list(gone.items())[:NAMED]
    ]
    if len(gone) > NAMED:
        named.append(f"{len(gone) - NAMED} more")
    return f"of {' and '.join(named)} " if named else ""


def _weight(money: Parts, place: Place) -> str:
    """What rows come to, for a message: a sum for each currency, where rows name theirs."""
    sums = [
        f"{one.total:,.2f} {code or f'of {place.stream.money}'}"
        for code, one in sorted(money.items())
        if one.total
    ]
    return f", {' + '.join(sums)}" if sums else ""
