"""States of HubSpot records as the rows that land."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from trueup.errors import AccessDenied
from trueup.sources.contract import Absent, Access, ControlTotal, Page, SetAside, Stream
from trueup.sources.hubspot import deals, enquiries, pipelines
from trueup.sources.hubspot.associations import Link, primary
from trueup.sources.hubspot.client import Portal
from trueup.sources.hubspot.kinds import ACTIVITIES, CONTACTS, DEALS
from trueup.sources.hubspot.records import OddRecord, Record
from trueup.sources.hubspot.states import Reader, State, common
from trueup.window import Window

#: Rows a landed Parquet part holds at least, where there are as many.
LANDED_PAGE = 5_000
#: Streams of one row for each record.
WHOLE = {"contacts": CONTACTS, "deals": DEALS}
#: Streams that tell the life of a record in as many rows as it takes -> what is read for them.
LIVES = {"deal_stages": DEALS, "submissions": CONTACTS}

Made = tuple[list[Record], list[SetAside]]


def pages(portal: Portal, access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    if stream.name == "pipelines":
        yield from pipelines.rows(portal.pipelines("deals"))
    elif stream.name == "activities":
        yield from _activity_pages(portal, access, window)
    elif stream.name in LIVES:
        reader = Reader(portal, access, LIVES[stream.name], window)
        of_one = deals.stages_of if stream.name == "deal_stages" else _submissions_of
        yield from _gathered(_rows_of_each(reader, of_one))
    else:
        reader = Reader(portal, access, WHOLE[stream.name], window)
        if stream.name == "contacts":
            yield from _gathered(_rows_of_each(reader, _contact_of))
        else:
            yield from _gathered(_deal_rows(portal, reader))
        yield ControlTotal("rows", reader.expected)
    if portal.unlinked:
        why = f"{portal.unlinked} of the records: whom they belong to, which HubSpot did not answer"
        yield Absent(window, why, "part")


def _gathered(parts: Iterator[Made]) -> Iterator[Page]:
    """Rows in pages large enough to land: each becomes a Parquet file."""
    rows: list[Record] = []
    for made, odd in parts:
        yield from odd
        rows += made
        if len(rows) >= LANDED_PAGE:
            yield rows
            rows = []
    yield rows


def _rows_of_each(
    reader: Reader, of_one: Callable[[State, Reader], Iterator[Record]]
) -> Iterator[Made]:
    """The rows that `of_one` makes of each record; one it cannot read is set aside."""
    for states, odd in reader.states():
        rows, unread = _rows_of(states, reader, of_one)
        yield rows, [*odd, *unread]


def _rows_of(
    states: list[State], reader: Reader, of_one: Callable[[State, Reader], Iterator[Record]]
) -> Made:
    rows: list[Record] = []
    odd: list[SetAside] = []
    for state in states:
        try:
            rows += list(of_one(state, reader))
        except OddRecord as problem:
            odd.append(reader.set_aside(state.record, problem))
    return rows, odd


def _contact_of(state: State, reader: Reader) -> Iterator[Record]:
    """A contact with the first form it sent in; the later ones are rows of `submissions`."""
    row = {"contact_id": state.record["id"], **common(state)}
    row = {name: value for name, value in row.items() if name not in NOT_LANDED}
    asked = enquiries.of_contact(state, reader)
    if asked:
        first = {"form": asked[0].form, **asked[0].origin}
        # a property that the portal does not have is missing, not empty
        row |= {name: value for name, value in first.items() if name in row}
        row |= {"asked_at": asked[0].asked_at, "clicked_at": asked[0].clicked_at}
    else:
        row |= {"asked_at": None, "clicked_at": enquiries.visited_at(state, reader)}
    yield row


#: Read of a contact for the history of it.
NOT_LANDED = frozenset({"converted_at", "conversion"})


def _submissions_of(state: State, reader: Reader) -> Iterator[Record]:
    for asked in enquiries.of_contact(state, reader)[1:]:
        yield {
            "contact_id": state.record["id"],
            "asked_at": asked.asked_at,
            "form": asked.form,
            **asked.origin,
            "clicked_at": asked.clicked_at,
            "is_repeat": asked.is_repeat,
            "modified_at": state.modified_at,
        }


def _deal_rows(portal: Portal, reader: Reader) -> Iterator[Made]:
    for states, odd in reader.states():
        contacts = portal.associated("deals", "contacts", [s.record["id"] for s in states])
        of_one = partial(deals.of_deal, contacts)
        rows, unread = _rows_of(states, reader, of_one)
        yield rows, [*odd, *unread]


def _activity_pages(portal: Portal, access: Access, window: Window) -> Iterator[Page]:
    """Calls, e-mails, meetings and tasks. A kind the app may not read costs that kind."""
    expected = 0
    for kind in ACTIVITIES:
        reader = Reader(portal, access, kind, window)
        try:
            for states, odd in reader.states():
                yield from odd
                links = portal.associated(kind.name, "contacts", [s.record["id"] for s in states])
                yield [_activity_row(kind.name, state, links) for state in states]
        except AccessDenied:
            why = "the app may not read them: grant it crm.objects.contacts.read and, for e-mails, "
            yield SetAside(kind.name, why + "sales-email-read", kind.name)
            expected += 1
        expected += reader.expected
    yield ControlTotal("rows", expected)


def _activity_row(kind: str, state: State, links: dict[str, list[Link]]) -> Record:
    row = {"activity_id": state.record["id"], "kind": kind, **common(state)}
    found = links.get(row["activity_id"], [])
    row["contact_id"] = primary(found) or min((one.id for one in found), key=int, default=None)
    return {"direction": None, "status": None, "completed_at": None, **row}
