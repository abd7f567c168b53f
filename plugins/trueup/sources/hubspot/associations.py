"""Which records belong to which, in batches that may be answered in part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from trueup.sources import bounds
from trueup.sources.hubspot.records import Record
from trueup.sources.hubspot.refusals import is_of_none

#: Records whose associations are asked for at once: the vendor takes 1,000.
BATCH = 1_000
#: The association label of the contact a deal is about, where a company uses one.
PRIMARY_LABEL = "primary"
#: What is raised on reading an answer that is not as the vendor declares it.
ODD = (AttributeError, KeyError, TypeError, ValueError)


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
    """The links of `ids`, all pages of them. A record whose answer is not as the vendor declares it
    counts as failed; where that is so of every record of a batch, raises what was wrong: KeyError,
    TypeError, ValueError or AttributeError."""
    found = Answered()
    asked: list[Record] = [{"id": value} for value in ids]
    while asked:
        part, asked = asked[:BATCH], asked[BATCH:]
        answer = ask(part)
        odd: list[Exception] = []
        for result in answer["results"]:
            try:
                known, links, after = _read(result)
            except ODD as problem:
                odd.append(problem)
                continue
            found.links.setdefault(known, []).extend(links)
            if after:
                cursors.step(f"{known} {after}")
                asked.append({"id": known, "after": after})
        if odd and len(odd) == len(answer["results"]):
            raise odd[0]
        found.failed += len(odd)
        found.failed += sum(not is_of_none(error) for error in answer.get("errors") or ())
    return found


def _read(result: Record) -> tuple[str, list[Link], Any]:
    """The record of a result, its links, and where the next page of them begins."""
    following = (result.get("paging") or {}).get("next")
    after = following["after"] if following is not None else None
    if following is not None and after is None:
        raise TypeError("a further page without its cursor")
    return str(result["from"]["id"]), [_link(entry) for entry in result["to"]], after


def _link(entry: Record) -> Link:
    labels = [one["label"] for one in entry.get("associationTypes") or () if one.get("label")]
    if not all(isinstance(label, str) for label in labels):
        raise TypeError("label that is a text")
    return Link(str(int(entry["toObjectId"])), tuple(labels))


def primary(links: list[Link]) -> str | None:
    """The contact labelled as the primary one, or the only one there is."""
    labelled = {
        link.id for link in links for label in link.labels if PRIMARY_LABEL in label.lower()
    }
    found = labelled or {link.id for link in links}
    return next(iter(found)) if len(found) == 1 else None
