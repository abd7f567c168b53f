"""Which objects of a version others need: without them these do not fire.

A trigger group waits for all its members. A tag may have another one fire before it, and hold back
where that fails; and a tag may have no trigger of its own and fire with another one, before or
after it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from trueup.sources.gtm.client import Found

#: Kind and id of an object.
Thing = tuple[str, str]
GROUP = "triggerGroup"
#: Where a tag names the ones that fire before and after it.
BEFORE, AFTER = "setupTag", "teardownTag"


def needed_by(version: Found) -> dict[Thing, str]:
    """Of each object that others need these others, also those that need them only by others
    between, such as `tag 1; trigger 30`."""
    needs: defaultdict[Thing, set[Thing]] = defaultdict(set)
    for one, other in _edges(version):
        needs[other].add(one)
    return {
        thing: "; ".join(f"{kind} {number}" for kind, number in sorted(_all(thing, needs)))
        for thing in list(needs)
    }


def _all(thing: Thing, needs: dict[Thing, set[Thing]]) -> set[Thing]:
    found: set[Thing] = set()
    waiting = set(needs.get(thing, ()))
    while waiting:
        found |= waiting
        waiting = {further for one in waiting for further in needs.get(one, ())} - found
    return found - {thing}


def _edges(version: Found) -> Iterator[tuple[Thing, Thing]]:
    """Who needs whom."""
    for group in _objects(version, "trigger"):
        if group.get("type") == GROUP:
            for member in _members(group):
                yield ("trigger", str(group.get("triggerId"))), ("trigger", member)
    tags = _objects(version, "tag")
    by_name = {str(one.get("name")): one for one in tags}
    for tag in tags:
        number = str(tag.get("tagId"))
        for field in (BEFORE, AFTER):
            for step in _listed(tag.get(field)):
                other = by_name.get(str(step.get("tagName")))
                if other is None:
                    continue
                beside = ("tag", str(other.get("tagId")))
                if field == BEFORE and step.get("stopOnSetupFailure") is True:
                    yield ("tag", number), beside
                if not other.get("firingTriggerId"):
                    yield beside, ("tag", number)
                    yield from ((beside, ("trigger", one)) for one in _triggers(tag))


def _members(group: Found) -> Iterator[str]:
    for parameter in _listed(group.get("parameter")):
        if parameter.get("key") == "triggerIds":
            yield from (str(one.get("value")) for one in _listed(parameter.get("list")))


def _triggers(tag: Found) -> list[str]:
    listed = tag.get("firingTriggerId")
    return [str(one) for one in listed] if isinstance(listed, list) else []


def _objects(version: Found, kind: str) -> list[Found]:
    return _listed(version.get(kind))


def _listed(value: Any) -> list[Found]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
