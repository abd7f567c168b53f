"""States of HubSpot records as the rows that land."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trueup.sources.contract import Access, ControlTotal, Page, Stream
from trueup.sources.hubspot.portal import Portal, Record
from trueup.sources.hubspot.states import CONTACTS, DEALS, Reader, State
from trueup.window import Window

KINDS = {"contacts": CONTACTS, "deals": DEALS, "deal_stages": DEALS}
#: Rows a landed Parquet part holds at least, where there are as many.
LANDED_PAGE = 5_000
_FLAGS = {"true": True, "false": False}


def pages(portal: Portal, access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    if stream.name == "pipelines":
        yield _pipeline_rows(portal.pipelines("deals"))
        return
    reader = Reader(portal, access, KINDS[stream.name], window)
    if stream.name == "contacts":
        found = (_contact_rows(states) for states in reader.states())
    elif stream.name == "deals":
        home = access.accounts[0].currency_code
        found = (_deal_rows(states, portal, home) for states in reader.states())
    else:
        found = (_stage_rows(states, reader) for states in reader.states())
    yield from _gathered(found)
    if stream.name != "deal_stages":
        yield ControlTotal("rows", reader.expected)


def _gathered(found: Iterator[list[Record]]) -> Iterator[list[Record]]:
    """Pages of a useful size: each one landed becomes a Parquet file."""
    gathered: list[Record] = []
    for page in found:
        gathered += page
        if len(gathered) >= LANDED_PAGE:
            yield gathered
            gathered = []
    yield gathered


def _contact_rows(states: list[State]) -> list[Record]:
    return [{"contact_id": state.record["id"], **_common(state)} for state in states]


def _deal_rows(states: list[State], portal: Portal, home_currency: str) -> list[Record]:
    contacts = portal.first_associated("deals", "contacts", [s.record["id"] for s in states])
    rows = []
    for state in states:
        row = {"deal_id": state.record["id"], **_common(state)}
        row["contact_id"] = contacts.get(row["deal_id"])
        # a portal with one currency has no such property
        row["currency_code"] = row.get("currency_code") or home_currency
        if "is_closed" in row:
            row["is_closed"] = _flag(row["is_closed"])
        rows.append(row)
    return rows


def _stage_rows(states: list[State], reader: Reader) -> list[Record]:
    return [row for state in states for row in _stages_of(state, reader)]


def _stages_of(state: State, reader: Reader) -> Iterator[Record]:
    amounts = reader.history(state, "amount")
    for entered_at, stage in reader.history(state, "stage"):
        known = [value for moment, value in amounts if moment <= entered_at]
        yield {
            "deal_id": state.record["id"],
            "stage": stage,
            "entered_at": entered_at,
            "amount": known[-1] if known else None,
            "modified_at": state.modified_at,
        }


def _pipeline_rows(pipelines: list[Record]) -> list[Record]:
    return [
        {
            "pipeline": pipeline["id"],
            "pipeline_label": pipeline["label"],
            "stage": stage["id"],
            "stage_label": stage["label"],
            "stage_position": stage["displayOrder"],
            "is_closed": _flag(stage["metadata"].get("isClosed")),
            "win_probability": stage["metadata"].get("probability"),
        }
        for pipeline in pipelines
        for stage in pipeline["stages"]
    ]


def _common(state: State) -> Record:
    return {
        **state.values,
        "created_at": state.record["createdAt"],
        "modified_at": state.modified_at,
        "is_archived": state.is_archived,
    }


def _flag(value: Any) -> Any:
    return _FLAGS.get(value, value)
