"""What a search asks HubSpot for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trueup.sources.hubspot.kinds import Kind
from trueup.sources.hubspot.records import Record


@dataclass(frozen=True)
class Search:
    """Records of any of `spans`, with their `properties`, by ascending id."""

    spans: tuple[list[Record], ...]
    properties: list[str]

    def page(self, last_id: int, size: int) -> Record:
        """The question for the `size` records after `last_id`."""
        above = _filter("hs_object_id", "GT", last_id)
        return {
            "filterGroups": [{"filters": [*span, above]} for span in self.spans],
            "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            "properties": self.properties,
            "limit": size,
        }


def changed(kind: Kind, since: datetime, until: datetime, properties: list[str]) -> Search:
    """Live records created before `until` and changed at `since` or later. When one was created
    may be empty, or set to a day to come: one that changed was there."""
    since_then = _filter(kind.cursor, "GTE", _millis(since))
    spans = (
        [since_then, _filter(kind.born, "LT", _millis(until))],
        [since_then, {"propertyName": kind.born, "operator": "NOT_HAS_PROPERTY"}],
        [since_then, _filter(kind.cursor, "LT", _millis(until))],
    )
    return Search(spans, sorted({kind.cursor, *properties}))


def _filter(name: str, operator: str, value: int) -> Record:
    return {"propertyName": name, "operator": operator, "value": str(value)}


def _millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
