"""Which records belong to which, in batches that may be answered in part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from trueup.sources import bounds
from trueup.sources.hubspot.records import Record
from trueup.sources.hubspot.refusals import is_of_none

#: Records whose associations are asked for at once: the vendor takes 1,000.
BATCH = 1_000


@dataclass(frozen=True)
class Link:
    """An association: the record it leads to, and the labels people gave it."""

    id: str
    labels: tuple[str, ...]


@dataclass
class Answered:
    """What batches gave: the links of each record, and how many records were answered with an
    error instead."""

    links: dict[str, list[Link]] = field(default_factory=dict)
    failed: int = 0


def read(
    ask: Callable[[list[Record]], Record], ids: list[str], cursors: bounds.Cursors
) -> Answered:
    """The links of `ids`, all pages of them. Raises KeyError, TypeError or AttributeError where an
    answer is not as the vendor declares it."""
    found = Answered()
    asked: list[Record] = [{"id": value} for value in ids]
    while asked:
        part, asked = asked[:BATCH], asked[BATCH:]
        answer = ask(part)
        for result in answer["results"]:
            known = str(result["from"]["id"])
            found.links.setdefault(known, []).extend(_link(entry) for entry in result["to"])
            if following := (result.get("paging") or {}).get("next"):
                cursors.step(f"{known} {following['after']}")
                asked.append({"id": known, "after": following["after"]})
        found.failed += sum(not is_of_none(error) for error in answer.get("errors") or ())
    return found


def _link(entry: Record) -> Link:
    types = entry.get("associationTypes") or ()
    return Link(str(entry["toObjectId"]), tuple(t["label"] for t in types if t.get("label")))
