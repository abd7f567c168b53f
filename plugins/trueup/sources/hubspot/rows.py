"""States of HubSpot records as the rows that land."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trueup.sources.contract import Access, ControlTotal, Page, SetAside, Stream
from trueup.sources.hubspot.client import Portal
from trueup.sources.hubspot.records import OddRecord, Record
from trueup.sources.hubspot.states import CONTACTS, DEALS, Reader, State
from trueup.window import Window

KINDS = {"contacts": CONTACTS, "deals": DEALS, "deal_stages": DEALS}
#: Rows a landed Parquet part holds at least, where there are as many.
LANDED_PAGE = 5_000
_FLAGS = {"true": True, "false": False}


def pages(portal: Portal, access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    if stream.name == "pipelines":
        yield from _pipeline_rows(portal.pipelines("deals"))
        return
    reader = Reader(portal, access, KINDS[stream.name], window)
    home = access.account.currency_code
    rows: list[Record] = []
    for states, odd in reader.states():
        yield from odd
        if stream.name == "contacts":
            rows += _contact_rows(states)
        elif stream.name == "deals":
            rows += _deal_rows(states, portal, home)
        else:
            made, unreadable = _stage_rows(states, reader)
            rows += made
            yield from unreadable
        if len(rows) >= LANDED_PAGE:  # each page landed becomes a Parquet file
            yield rows
            rows = []
    yield rows
    if stream.name != "deal_stages":
        yield ControlTotal("rows", reader.expected)


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


def _stage_rows(states: list[State], reader: Reader) -> tuple[list[Record], list[SetAside]]:
    rows, unreadable = [], []
    for state in states:
        try:
            rows += list(_stages_of(state, reader))
        except OddRecord as problem:
            unreadable.append(reader.set_aside(state.record, problem))
    return rows, unreadable


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


def _pipeline_rows(pipelines: list[Record]) -> Iterator[Page]:
    rows: list[Record] = []
    for pipeline in pipelines:
        if not isinstance(pipeline.get("stages"), list):
            name = f"pipeline {pipeline.get('id')}"
            yield SetAside(name, "it has no list of stages", name)
            continue
        for stage in pipeline["stages"]:
            meta = stage.get("metadata") or {}
            rows.append(
                {
                    "pipeline": pipeline.get("id"),
                    "stage": stage.get("id"),
                    "is_closed": _flag(meta.get("isClosed")),
                    "win_probability": meta.get("probability"),
                }
            )
    yield rows


def _common(state: State) -> Record:
    row = {**state.values, "modified_at": state.modified_at, "is_archived": state.is_archived}
    if "createdAt" in state.record:
        row["created_at"] = state.record["createdAt"]
    return row


def _flag(value: Any) -> Any:
    return _FLAGS.get(value, value) if isinstance(value, str) else value
