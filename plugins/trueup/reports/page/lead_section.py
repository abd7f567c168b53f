"""The section of leads: what became of them at equal age, by channel, stage and response time, and
who still waits."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from trueup.reports.page import charts, life_charts, tables
from trueup.reports.page.formats import UNKNOWN, amount, count, day, plain, share, text, words
from trueup.reports.page.leads import QUIET_DAYS, Goal, Leads, Outcome
from trueup.reports.page.mart_file import Head
from trueup.reports.page.spend_section import FEW_CONVERSIONS
from trueup.reports.page.tables import Cell, Column, joined, tag

#: Goals, and channels of one, that are drawn; the tables have all.
MOST_GOALS, MOST_CHANNELS = 3, 8


def section(found: Leads | None, head: Head) -> str:
    return tables.section("leads", "Leads", _leads(found, head))


def _leads(found: Leads | None, head: Head) -> Iterator[str]:
    if found is None:
        yield tables.note("The mart has no leads yet.")
        return
    if not found.span and not found.undecided:
        yield tables.note("Nobody has asked for anything yet.")
        return
    yield from _undecided(found)
    if not found.span:
        yield tables.note("No lead's window is over yet: what becomes of them cannot be compared.")
        return
    yield "<h3>What became of them</h3>"
    yield tables.note(
        f"Leads of {day(found.span.first)} to {day(found.span.last)}, whose windows are over:"
        " what became of each within its window, so that all are of one age."
    )
    for number, goal in enumerate(found.goals[:MOST_GOALS]):
        yield from _goal(number, goal, found)
    yield tables.details("The figures by channel", _table("Channel", found.channels, head))
    yield tables.details("By the furthest stage", _table("Stage", found.stages, head))
    yield tables.details("By response time", _table("First answer", found.answered, head))


def _goal(number: int, goal: Goal, found: Leads) -> Iterator[str]:
    channels = [one for one in found.channels if one.goal == goal.name][:MOST_CHANNELS]
    answered = [one for one in found.answered if one.goal == goal.name]
    name = plain(words(goal.name), 40)
    yield f"<h4>{text(name)}</h4>"
    yield tables.note(f"{count(goal.leads)} leads, {goal.window_days} days each. {_soon(goal)}")
    yield tables.legend(
        [("won", "real", "bar"), ("a deal, not won", "under", "bar"), ("no deal", "grid", "bar")]
    )
    chart = charts.both(
        f"quality{number}", f"What became of {name} leads, by channel",
        _described(channels), life_charts.outcomes(channels),
    )  # fmt: skip
    yield f"<figure>{chart}</figure>"
    if {one.group for one in answered} - {"not known"}:
        yield tables.note(
            "By how soon the company first answered. Who is answered sooner may differ in more than"
            " that."
        )
        chart = charts.both(
            f"answered{number}", f"What became of {name} leads, by response time",
            _described(answered), life_charts.outcomes(answered),
        )  # fmt: skip
        yield f"<figure>{chart}</figure>"


def _soon(goal: Goal) -> str:
    if goal.minutes is None:
        return "How soon they were answered is not known."
    return f"Half of those that were answered heard within {duration(goal.minutes)}."


def duration(minutes: Decimal | float) -> str:
    """Minutes as people say them: minutes up to two hours, hours up to two days."""
    if minutes < 120:
        return f"{amount(minutes)} minutes"
    if minutes < 2 * 1440:
        return f"{amount(minutes / 60)} hours"
    return f"{amount(minutes / 1440)} days"


def _described(found: list[Outcome]) -> str:
    return "; ".join(
        f"{plain(words(one.group), 40)}: {share(one.won_share)} of {count(one.leads)} won"
        for one in found
    )


def _undecided(found: Leads) -> Iterator[str]:
    if not found.undecided:
        yield tables.note("No lead is open: each is won or lost, or its window is over.")
        return
    columns = [
        Column("Leads", is_figure=False), Column("Waiting"), Column("Since"), Column("Open"),
        Column("Quiet"), Column("Contacts"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            plain(words(one.goal)),
            joined(tag(count(one.unanswered), "warn")) if one.unanswered else "0",
            day(one.longest_since), count(one.still_open), count(one.quiet),
            UNKNOWN if one.contacts is None else count(Decimal(one.contacts)),
        ]
        for one in found.undecided
    ]  # fmt: skip
    yield tables.table("Sales follow-up, to date", columns, rows)
    yield tables.note(
        "Waiting: leads that nobody has answered yet; the oldest asked on the day under Since."
        " Open: neither won nor lost. Quiet: of the open, those whom the company has not called,"
        f" written to or met for {QUIET_DAYS} days. Contacts: how often it has, the median of the"
        " open ones."
    )


def _table(group: str, found: list[Outcome], head: Head) -> str:
    columns = [
        Column("Lead", is_figure=False), Column(group, is_figure=False), Column("Leads"),
        Column("Became a deal"), Column("Won"), Column(f"Revenue per lead {head.currency}"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            plain(words(one.goal)), plain(words(one.group)), count(one.leads),
            share(one.qualified_share, 1), _won(one), amount(one.revenue_per_lead),
        ]
        for one in found
    ]  # fmt: skip
    return tables.table(f"Leads by {group.lower()}", columns, rows)


def _won(one: Outcome) -> Cell:
    if one.leads < FEW_CONVERSIONS:
        return joined(share(one.won_share, 1), tag("few", "quiet"))
    return share(one.won_share, 1)
