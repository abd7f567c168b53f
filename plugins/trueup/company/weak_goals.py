"""Weak goals: those the sources' modules know beside the file's own, which of them visits alone
speak of, and what each may become."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.company.company_file import Company
from trueup.company.parts import Goal, GoalMapping
from trueup.sources.contract import Source
from trueup.sources.shapes.visits import ENGAGED

#: Shapes whose rows are what really happened, whatever events say of it.
RECORDS = {"orders", "bookings", "leads", "deals"}
#: Shapes of which goal mappings select what others counted.
SEEN = {"events", "claims"}
#: The steps of the funnel that a visit takes, in their order, by the names that sources' modules
#: give the events behind them.
STEPS = (
    "engaged_visit",
    "product_view",
    "form_start",
    "add_to_cart",
    "begin_checkout",
    "enquiry_event",
)
#: The goal of what the company file maps to none.
UNMAPPED = "(unmapped)"


def in_force(company: Company) -> dict[str, Goal]:
    """The goals of the file, then what its sources know as weak and the file does not map. A goal
    of that name takes the mapping in, unless it is a strong one."""
    goals = dict(company.goals)
    if not company.has_default_weak_goals:
        return goals
    mapped = {(one.source, one.selector) for goal in goals.values() for one in goal.mappings}
    for name in company.sources:
        source = company.known(name)
        for goal, selector in source.weak_goals.items() if source else ():
            if (name, selector) in mapped:
                continue
            mapping = GoalMapping(source=name, selector=selector)
            if goal not in goals:
                goals[goal] = Goal(tier="weak", counts_as_revenue=False, mappings=(mapping,))
            elif goals[goal].tier == "weak":
                known = goals[goal]
                goals[goal] = known.model_copy(update={"mappings": (*known.mappings, mapping)})
    return goals


def of_visits(company: Company) -> Iterator[tuple[str, str, str, bool]]:
    """Source, selector and goal of the events that are a weak goal by themselves, and whether it
    is that the visit was engaged. Where records of a system speak for the goal, an event is a
    witness of one of them and no goal of its own."""
    for goal, settings in in_force(company).items():
        if settings.tier == "strong" or any(_is_record(company, one) for one in settings.mappings):
            continue
        for mapping in settings.mappings:
            source = company.known(mapping.source)
            if source and "events" in source.shapes:
                yield mapping.source, mapping.selector, goal, mapping.selector == ENGAGED


def steps(company: Company) -> Iterator[tuple[str, str, str]]:
    """Source, goal and step of the funnel, whatever the company calls the goal. One that joins
    events of several steps is the first of them: who reached it came at least so far."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, selector, goal, _ in of_visits(company):
        source = company.known(name)
        named = source.weak_goals.items() if source else ()
        known = [step for step, event in named if event == selector and step in STEPS]
        found.setdefault((name, goal), []).extend(known)
    for (name, goal), known in found.items():
        if known:
            yield name, goal, min(known, key=STEPS.index)


def outcomes(company: Company) -> Iterator[tuple[str, str]]:
    """Every weak goal with each strong one that it may become."""
    goals = in_force(company)
    strong = [name for name, goal in goals.items() if goal.tier == "strong"]
    for name, goal in goals.items():
        if goal.tier == "weak":
            for outcome in goal.becomes or (*strong, UNMAPPED):
                yield name, outcome
    for outcome in (*strong, UNMAPPED):
        yield UNMAPPED, outcome


def _is_record(company: Company, mapping: GoalMapping) -> bool:
    """Whether it selects orders, bookings, leads or deals. A source that has claims or events too
    names its record streams: `leads`, or `<feed>:leads`."""
    source = company.known(mapping.source)
    if source is None or not RECORDS & set(source.shapes):
        return False
    if not SEEN & set(source.shapes):
        return True
    return mapping.selector.rpartition(":")[2] in _record_streams(source)


def _record_streams(source: Source) -> set[str]:
    return {stream.name for stream in source.streams if stream.shape in RECORDS}
