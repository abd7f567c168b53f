"""HubSpot records as they stood when the window ended.

The search only knows a record's present state. A record changed again after the window ended is
taken back to that moment by its property history, so that landing a window today or next week
gives the same row, and a deal closed yesterday and touched this morning is not missed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trueup.errors import TrueupError
from trueup.sources.contract import Access, SetAside
from trueup.sources.hubspot.client import Portal
from trueup.sources.hubspot.kinds import NAMED, Kind
from trueup.sources.hubspot.records import (
    Entry,
    OddRecord,
    Record,
    blank,
    has_id,
    history_of,
    instant,
    is_archived,
    properties_of,
)
from trueup.window import Window


@dataclass(frozen=True)
class State:
    """A record as it stood when the window ended. `values` is by landing column."""

    record: Record
    values: dict[str, Any]
    modified_at: datetime
    is_archived: bool


class Reader:
    """Pages of states of one kind, and of records that cannot be read. `expected` ends as the
    rows the vendor's totals promise."""

    def __init__(self, portal: Portal, access: Access, kind: Kind, window: Window) -> None:
        self._portal, self._kind = portal, kind
        self.since, self.until = window.instants(access.reporting_zone)
        renamed = access.options.get("properties", {})
        if unknown := sorted(renamed.keys() - NAMED):
            raise TrueupError(
                f"sources.{access.source}.options.properties: no column {', '.join(unknown)}",
                source=access.source,
                window=window,
                expected=f"some of {', '.join(sorted(NAMED))}",
                next_step="correct the company file and run `trueup check`",
            )
        self._names = {
            column: renamed.get(column, name) for column, name in kind.properties.items()
        }
        self._wanted = [name for name in (*self._names.values(), kind.cursor) if name]
        self._history = [name for column in kind.history if (name := self._names[column])]
        self.home_currency = access.account.currency_code
        self.expected = 0

    def states(self) -> Iterator[tuple[list[State], list[SetAside]]]:
        """The archive comes first: the search index may show for hours what is in it already."""
        archived: set[str] = set()
        for records in self._portal.archived(self._kind.name, self._wanted):
            archived |= {record["id"] for record in records if has_id(record)}
            states, odd = self._as_of(records, archived=True)
            self.expected += len(states) + len(odd)
            yield states, odd
        found = self.expected
        seen = left_out = 0
        for hits in self._portal.search(self._kind, self.since, self.until, self._wanted):
            stated = seen + hits.remaining
            seen += len(hits.records)
            live = [one for one in hits.records if not (has_id(one) and one["id"] in archived)]
            states, odd = self._as_of(live, archived=False)
            left_out += len(hits.records) - len(states) - len(odd)
            self.expected = found + stated - left_out
            yield states, odd

    def history(self, state: State, column: str) -> list[Entry]:
        """What a property was set to and when, oldest first, until the window ended."""
        name = self._names[column]
        return self._entries(state.record, name) if name else []

    def set_aside(self, record: Any, why: object) -> SetAside:
        """A record that is not used, by its id alone: the rest may be about a person."""
        name = record.get("id") if isinstance(record, dict) else None
        return SetAside(f"{self._kind.name} {name}", str(why), f"id {name}")

    def _as_of(self, records: list[Record], archived: bool) -> tuple[list[State], list[SetAside]]:
        """States at the window's end, without records that had not changed inside it."""
        states, odd, late = [], [], []
        chosen = []
        for record in records:
            try:
                if not has_id(record):
                    raise OddRecord("it has no id")
                changed_at = self._changed_at(record)
                if archived and changed_at < self.since or self._is_of_later(record, changed_at):
                    continue
            except OddRecord as problem:
                odd.append(self.set_aside(record, problem))
                continue
            chosen.append(record)
            if self._kind.has_life or changed_at >= self.until:
                late.append(record["id"])
        full = self._portal.read(self._kind.name, late, self._wanted, self._history, archived)
        for record in chosen:
            try:
                if record["id"] in late and record["id"] not in full:
                    raise OddRecord("it is listed, but gone (deleted or merged meanwhile?)")
                state = self._state(full.get(record["id"], record))
            except OddRecord as problem:
                odd.append(self.set_aside(record, problem))
                continue
            if state.modified_at >= self.since:
                states.append(state)
        return states, odd

    def _state(self, record: Record) -> State:
        properties = properties_of(record)
        values = {
            column: blank(properties[name]) if name else None
            for column, name in self._names.items()
            if name is None or name in properties
        }
        changed_at = self._changed_at(record)
        if changed_at >= self.until:
            past = {
                column: self._entries(record, name)
                for column in self._kind.history
                if (name := self._names[column])
            }
            values |= {column: found[-1].value if found else None for column, found in past.items()}
            moments = [entry.at for found in past.values() for entry in found]
            moments.append(instant(record, "createdAt"))
            return State(record, values, max(moments), False)
        return State(record, values, changed_at, is_archived(record))

    def _entries(self, record: Record, name: str) -> list[Entry]:
        # HubSpot lists the newest first; the sort is stable, so of one instant the later stays last
        return sorted(
            (entry for entry in reversed(history_of(record, name)) if entry.at < self.until),
            key=lambda entry: entry.at,
        )

    def _changed_at(self, record: Record) -> datetime:
        if is_archived(record):
            return instant(record, "archivedAt")
        return instant(properties_of(record), self._kind.cursor)

    def _is_of_later(self, record: Record, changed_at: datetime) -> bool:
        """Whether it was made after the window. One that changed before its end was there, whatever
        people set the day it was made on to."""
        return changed_at >= self.until and instant(record, "createdAt") >= self.until


def common(state: State) -> Record:
    """What every row of a record has: its values, and when it was made and changed."""
    row = {**state.values, "modified_at": state.modified_at, "is_archived": state.is_archived}
    if "createdAt" in state.record:
        row["created_at"] = state.record["createdAt"]
    return row
