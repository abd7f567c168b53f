"""From what Cloudbeds answers to rows of the streams."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from trueup.sources import moments
from trueup.sources.amounts import lenient_amount
from trueup.sources.cloudbeds import fields, streams
from trueup.sources.cloudbeds.client import Property, Record
from trueup.sources.cloudbeds.fields import OddRecord
from trueup.sources.contract import Access, ControlTotal, Page, SetAside, Stream
from trueup.window import Window

#: Stays are read again on the day of the week after this number of days, counted from Monday: a
#: change that did not move the timestamp is seen within a week of the stay's end.
READ_AGAIN_ON, READ_AGAIN_DAYS = 0, 7
_SECOND = timedelta(seconds=1)


def pages(source: Property, access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    settings = source.settings()
    if stream.name == streams.PROPERTY.name:
        yield [settings]
    elif stream.name == streams.SOURCES.name:
        yield from _made(source.sources(), "sourceID", _source)
    elif stream.name == streams.ROOMS.name:
        yield from _made(source.rooms(), "roomID", lambda room: _room(source, room))
    elif stream.name == streams.ROOM_BLOCKS.name:
        blocks = source.room_blocks(window.since, window.last_day)
        yield from _made(blocks, "roomBlockID", lambda block: _blocked(source, block, window))
    else:
        make = _reservation if stream.name == streams.RESERVATIONS.name else _nights
        reader = _Reader(source, access, window)
        yield from _made(reader.records(), "reservationID", lambda one: make(reader, one))


class _Reader:
    """Reservations of a window, with the moments they count as changed at."""

    def __init__(self, source: Property, access: Access, window: Window) -> None:
        self.source, self.zone, self._window = source, ZoneInfo(source.zone), window
        self.since, self.until = window.instants(access.reporting_zone)

    def records(self) -> list[Any]:
        """Those changed in the window and, once a week, all that are not long over."""
        found = self.source.reservations(self.since, self.until)
        last = self._window.last_day
        if last.weekday() == READ_AGAIN_ON:
            known = {_id(one) for one in found} - {None}
            since = last - timedelta(days=READ_AGAIN_DAYS)
            again = self.source.open_stays(since, self.until)
            found += [one for one in again if _id(one) not in known and self._is_made(one)]
        return found

    def _is_made(self, record: Any) -> bool:
        """Whether it was there when the window ended; yes where it does not say."""
        try:
            return self._moment(fields.an_object(record), "Created") < self.until
        except OddRecord:
            return True

    def changed_at(self, record: Record) -> datetime:
        """When it was changed; of one read again without a change in the window, its last second:
        what is read later is newer."""
        changed = self._moment(record, "Modified")
        return changed if self.since <= changed < self.until else self.until - _SECOND

    def _moment(self, record: Record, what: str) -> datetime:
        found = self.moment(record, what)
        if found is None:
            raise OddRecord(f"date{what} is missing")
        return found

    def moment(self, record: Record, what: str) -> datetime | None:
        """An instant of the reservation: in UTC where the vendor gives it so, else by the
        property's clock."""
        for name, zone in ((f"date{what}UTC", UTC), (f"date{what}", self.zone)):
            text = record.get(name)
            if not text or str(text).startswith("0000"):
                continue
            found = fields.instant(text, zone, name)
            if not moments.is_misread(found):
                return found
        return None


def _id(record: Any) -> str | None:
    found = record.get("reservationID") if isinstance(record, dict) else None
    return None if found is None else str(found)


def _made(
    records: list[Any], key: str, make: Callable[[Record], Record | list[Record]]
) -> Iterator[Page]:
    """The rows of the records, those that can be none set aside, and how many were listed."""
    rows: list[Record] = []
    odd: list[SetAside] = []
    for place, record in enumerate(records, 1):
        try:
            made = make(fields.an_object(record))
        except OddRecord as problem:
            odd.append(_set_aside(record, key, place, problem))
            continue
        rows += made if isinstance(made, list) else [made]
    yield from odd
    yield rows
    yield ControlTotal("rows", len(rows) + len(odd))


def _set_aside(record: Any, key: str, place: int, problem: OddRecord) -> SetAside:
    is_object = isinstance(record, dict)
    name = f"{key} {record.get(key)}" if is_object else f"record {place} of the listing"
    amount = lenient_amount(record.get("total")) if is_object else None
    return SetAside(name, str(problem), name, amount=amount)


def _reservation(reader: _Reader, record: Record) -> Record:
    rooms = _kept(_rooms(record))
    balance = record.get("balanceDetailed")
    balance = balance if isinstance(balance, dict) else {}
    source = record.get("source")
    source = source if isinstance(source, dict) else {}
    return {
        "reservation_id": fields.text(record, "reservationID"),
        "property_id": reader.source.account.id,
        "status": fields.text(record, "status"),
        "is_deleted": fields.truth(record, "isDeleted") or False,
        "created_at": reader.moment(record, "Created"),
        "changed_at": reader.changed_at(record),
        "cancelled_at": reader.moment(record, "Cancelled"),
        "arrival_date": fields.day(record, "reservationCheckIn"),
        "departure_date": fields.day(record, "reservationCheckOut"),
        "source_id": source.get("sourceID") or None,
        "source_name": record.get("sourceName") or source.get("name") or None,
        "source_category": record.get("sourceCategory") or source.get("category") or None,
        "source_reservation_id": record.get("sourceReservationID") or None,
        "currency_code": record.get("propertyCurrency") or reader.source.account.currency_code,
        "total_amount": record.get("total"),
        "rooms_amount": balance.get("subTotal"),
        "paid_amount": balance.get("paid"),
        "room_count": len(rooms),
        "night_count": sum(len(_night_rates(room)) for room in rooms),
        "email": _email(record),
    }


def _nights(reader: _Reader, record: Record) -> list[Record]:
    shared = {
        "reservation_id": fields.text(record, "reservationID"),
        "property_id": reader.source.account.id,
        "currency_code": record.get("propertyCurrency") or reader.source.account.currency_code,
        "changed_at": reader.changed_at(record),
    }
    return [
        {
            **shared,
            "room_key": str(room.get("subReservationID") or room.get("reservationRoomID") or place),
            "night_date": night,
            "room_type_id": room.get("roomTypeID") or None,
            "room_id": room.get("roomID") or None,
            "room_status": room.get("roomStatus") or None,
            "rate_amount": rate,
        }
        for place, room in enumerate(_rooms(record))
        for night, rate in _night_rates(room).items()
    ]


def _rooms(record: Record) -> list[Record]:
    rooms = record.get("rooms")
    # what holds nothing may come as a list where a map is meant, and the other way round
    return fields.objects(list(rooms.values()) if isinstance(rooms, dict) else rooms or [])


def _kept(rooms: list[Record]) -> list[Record]:
    """The rooms that stand: one of several may be cancelled by itself. Of a reservation that is
    cancelled, all of them, as they were booked."""
    return [room for room in rooms if room.get("roomStatus") != "cancelled"] or rooms


def _night_rates(room: Record) -> dict[str, Any]:
    """The rate of each night; of a room without rates, its nights with none."""
    rates = room.get("detailedRoomRates")
    if isinstance(rates, dict) and rates:
        return rates
    try:
        first, leave = fields.day(room, "roomCheckIn"), fields.day(room, "roomCheckOut")
    except OddRecord:
        return {}
    return {str(first + timedelta(days=n)): None for n in range((leave - first).days)}


def _source(record: Record) -> Record:
    return {
        "property_id": record.get("propertyID"),
        "source_id": fields.text(record, "sourceID"),
        "source_name": record.get("sourceName"),
        "is_third_party": fields.truth(record, "isThirdParty"),
        "is_active": fields.truth(record, "status"),
        "commission_percent": record.get("commission"),
        "payment_collect": record.get("paymentCollect"),
    }


def _room(source: Property, record: Record) -> Record:
    linked = record.get("linkedRoomIDs")
    return {
        "property_id": record.get("propertyID", source.account.id),
        "room_id": fields.text(record, "roomID"),
        "room_type_id": record.get("roomTypeID"),
        "room_type_name": record.get("roomTypeName"),
        "is_virtual": fields.truth(record, "isVirtual"),
        "linked_room_ids": ";".join(sorted(map(str, linked))) if isinstance(linked, list) else None,
        "is_private": fields.truth(record, "isPrivate"),
    }


def _blocked(source: Property, record: Record, window: Window) -> list[Record]:
    """A row per room and day of the window; a block of days ends with the last one it names."""
    first, last = fields.day(record, "startDate"), fields.day(record, "endDate")
    rooms = fields.objects(record.get("rooms"))
    return [
        {
            "block_date": day,
            "property_id": source.account.id,
            "room_block_id": fields.text(record, "roomBlockID"),
            "room_id": fields.text(room, "roomID"),
            "room_type_id": None if room.get("roomTypeID") is None else str(room["roomTypeID"]),
            "block_type": record.get("roomBlockType"),
        }
        for day in window.days()
        if first <= day <= last
        for room in rooms
    ]


def _email(record: Record) -> str | None:
    """The main guest's address; of guests who were merged the list may have another id than the
    reservation, and then says who is the main one."""
    guests = record.get("guestList")
    if not isinstance(guests, dict):
        return None
    listed = [one for one in guests.values() if isinstance(one, dict)]
    main = next((one for one in listed if one.get("isMainGuest") is True), None)
    guest = guests.get(str(record.get("guestID")), main)
    return guest.get("guestEmail") or None if isinstance(guest, dict) else None
