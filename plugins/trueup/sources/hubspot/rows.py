"""States of HubSpot records as the rows that land."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from trueup.errors import AccessDenied
from trueup.sources.contract import Absent, Access, ControlTotal, Page, SetAside, Stream
from trueup.sources.hubspot import enquiries, pipelines
from trueup.sources.hubspot.associations import Link
from trueup.sources.hubspot.client import Portal
from trueup.sources.hubspot.kinds import ACTIVITIES, CONTACTS, DEALS
from trueup.sources.hubspot.records import Entry, OddRecord, Record, flag, in_force, moment
from trueup.sources.hubspot.states import Reader, State
from trueup.window import Window

#: Rows a landed Parquet part holds at least, where there are as many.
LANDED_PAGE = 5_000
#: How many values of a deal's property HubSpot keeps.
KEPT_VALUES = 20
#: The association label of the contact a deal is about, where a company uses one.
PRIMARY_LABEL = "primary"
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
        of_one = _stages_of if stream.name == "deal_stages" else _submissions_of
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
        rows: list[Record] = []
        for state in states:
            try:
                rows += list(of_one(state, reader))
            except OddRecord as problem:
                odd.append(reader.set_aside(state.record, problem))
        yield rows, odd


def _contact_of(state: State, reader: Reader) -> Iterator[Record]:
    """A contact with the first form it sent in; the later ones are rows of `submissions`."""
    row = {"contact_id": state.record["id"], **_common(state)}
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
        yield [_deal_row(state, contacts, reader.home_currency) for state in states], odd


def _deal_row(state: State, contacts: dict[str, list[Link]], home_currency: str) -> Record:
    row = {"deal_id": state.record["id"], **_common(state)}
    links = contacts.get(row["deal_id"], [])
    row["contact_id"] = _primary(links)
    row["contact_ids"] = ";".join(sorted({link.id for link in links}, key=int)) or None
    # a portal with one currency has no such property
    row["currency_code"] = row.get("currency_code") or home_currency
    row.setdefault("is_won", None)
    if "closed_at" in row:
        row["closed_at"] = moment(row["closed_at"])
    return row | {name: flag(row[name]) for name in ("is_closed", "is_won") if name in row}


def _primary(links: list[Link]) -> str | None:
    """The contact labelled as the primary one, or the only one there is."""
    labelled = {
        link.id for link in links for label in link.labels if PRIMARY_LABEL in label.lower()
    }
    found = labelled or {link.id for link in links}
    return next(iter(found)) if len(found) == 1 else None


def _stages_of(state: State, reader: Reader) -> Iterator[Record]:
    """Every moment a deal's stage, amount or currency changed, and how it stood from then on."""
    past = {
        column: reader.history(state, column)
        for column in ("pipeline", "stage", "amount", "currency_code", "closed_at")
    }
    past["amount"] = _from_the_start(past["amount"])
    # where a deal has a currency of its own now, it was in the portal's until that was written
    before = reader.home_currency if any(entry.value for entry in past["currency_code"]) else None
    stages = past["stage"] or _unrecorded(state)
    if not stages:
        return
    moved = (*stages, *past["amount"], *past["currency_code"])
    for at in sorted({entry.at for entry in moved if entry.at >= stages[0].at}):
        stage = in_force(stages, at)
        # the close date is written with the stage, or a moment later
        closed = in_force(past["closed_at"], at + enquiries.TOGETHER)
        if stage is None or stage.value is None:
            continue
        yield {
            "deal_id": state.record["id"],
            "pipeline": _value(past["pipeline"], at) or state.values.get("pipeline"),
            "stage": stage.value,
            "entered_at": at,
            "amount": _value(past["amount"], at),
            "currency_code": _value(past["currency_code"], at) or before,
            "closed_at": moment(closed.value) if closed else None,
            "written_by": stage.written_by,
            "modified_at": state.modified_at,
        }


def _from_the_start(entries: list[Entry]) -> list[Entry]:
    """Values of a property, whose first ones HubSpot forgets where there are many: the oldest it
    keeps then stands for those before it."""
    if len(entries) < KEPT_VALUES:
        return entries
    return [Entry(datetime.min.replace(tzinfo=UTC), entries[0].value), *entries]


def _unrecorded(state: State) -> list[Entry]:
    """The stage of a deal without a history: it stands there since it closed, or was made."""
    stage = state.values.get("stage")
    # HubSpot's word for an open deal is the text `false`, and its close date is one hoped for
    is_closed = flag(state.values.get("is_closed")) is True
    closed = moment(state.values.get("closed_at")) if is_closed else None
    born = moment(state.record.get("createdAt"))
    at: datetime | None = closed or born
    return [Entry(at, stage)] if stage and at else []


def _value(entries: list[Entry], at: datetime) -> str | None:
    entry = in_force(entries, at)
    return entry.value if entry else None


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
    row = {"activity_id": state.record["id"], "kind": kind, **_common(state)}
    found = links.get(row["activity_id"], [])
    row["contact_id"] = _primary(found) or min((one.id for one in found), key=int, default=None)
    return {"direction": None, "status": None, "completed_at": None, **row}


def _common(state: State) -> Record:
    row = {**state.values, "modified_at": state.modified_at, "is_archived": state.is_archived}
    if "createdAt" in state.record:
        row["created_at"] = state.record["createdAt"]
    return row
