"""The section of weak goals: what share of each became an order, a booking or a won deal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from trueup.reports.page import tables
from trueup.reports.page.formats import UNKNOWN, count, day, plain, share, words
from trueup.reports.page.rows_of_spend import WeakGoal
from trueup.reports.page.spend_section import FEW_CONVERSIONS
from trueup.reports.page.tables import Cell, Column, joined, tag

#: Channels that have a column of their own beside weak goals.
MOST_CHANNELS = 6


def section(found: tuple[list[WeakGoal], date | None] | None) -> str:
    return tables.section("goals", "What weak goals are worth", _weak_goals(found))


def _weak_goals(found: tuple[list[WeakGoal], date | None] | None) -> Iterator[str]:
    if found is None:
        yield tables.note("The mart has no weak goals yet.")
        return
    goals, newest = found
    if not goals:
        yield tables.note("No week of a weak goal is mature yet.")
        return
    yield tables.note(
        "The share that became an order, a booking or a won deal within the goal's window, by"
        f" channel, in mature weeks up to that of {day(newest)}; a lower bound. Channels are not"
        " added up: one sale may come of several."
    )
    sizes: dict[str, int] = {}
    for one in goals:
        sizes[one.channel] = sizes.get(one.channel, 0) + one.followable
    largest = sorted(sizes, key=lambda name: (-sizes[name], name))[:MOST_CHANNELS]
    by_cell = {(one.goal, one.channel): one for one in goals}
    columns = [Column("Weak goal", is_figure=False)]
    columns += [Column(plain(words(name), 30)) for name in largest]
    rows: list[list[Cell]] = [
        [plain(words(goal)), *(_worth(by_cell.get((goal, name))) for name in largest)]
        for goal in dict.fromkeys(one.goal for one in goals)
    ]
    yield tables.table("Predictive value of weak goals", columns, rows)
    counts = [
        Column("Weak goal", is_figure=False), Column("Channel", is_figure=False),
        Column("Followable"), Column("Became strong"), Column("Share"),
    ]  # fmt: skip
    all_rows: list[list[Cell]] = [
        [plain(words(one.goal)), plain(words(one.channel)), count(one.followable),
         count(one.strong), share(one.predictive_value, 1)]
        for one in goals
    ]  # fmt: skip
    yield tables.details("The counts", tables.table("Weak goals by channel", counts, all_rows))


def _worth(one: WeakGoal | None) -> Cell:
    if one is None or not one.followable:
        return UNKNOWN
    if one.strong and one.followable < FEW_CONVERSIONS:
        return joined(share(one.predictive_value, 1), tag("few", "quiet"))
    return share(one.predictive_value, 1)
