"""A property reservation by reservation, as its booking engine answers for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

PROPERTY = "173245"
Record = dict[str, Any]
ZONE = "Europe/Lisbon"


def room(number: int, first: str, leave: str, rate: float = 100, **more: Any) -> Record:
    """A room of a reservation, with the same rate each night."""
    begin, end = date.fromisoformat(first), date.fromisoformat(leave)
    nights = [str(begin + timedelta(days=n)) for n in range((end - begin).days)]
    return {
        "roomTypeID": "t-1", "roomID": f"r-{number}", "subReservationID": f"sub-{number}",
        "roomStatus": "not_checked_in", "roomCheckIn": first, "roomCheckOut": leave,
        "detailedRoomRates": dict.fromkeys(nights, rate), **more,
    }  # fmt: skip


@dataclass
class Hotel:
    """`today` is the vendor's clock. A reservation is its versions by the day from which
    each is known."""

    today: str
    reservations: dict[str, dict[str, Record]] = field(default_factory=dict)
    payments: list[Record] = field(default_factory=list)
    sources: list[Record] = field(default_factory=list)

    def source(self, id: str, name: str, commission: float | None = None, **more: Any) -> None:
        self.sources.append(
            {"propertyID": PROPERTY, "sourceID": id, "sourceName": name, "status": True,
             "isThirdParty": commission is not None, "commission": commission,
             "paymentCollect": "hotel", **more}
        )  # fmt: skip

    def reserve(
        self, id: str, made: str, rooms: list[Record], total: float, **more: Any
    ) -> dict[str, Record]:
        """Confirmed on the day it was made; the versions that follow are put under their days."""
        first = min(one["roomCheckIn"] for one in rooms)
        leave = max(one["roomCheckOut"] for one in rooms)
        stated = {
            "propertyID": PROPERTY, "reservationID": id, "isDeleted": False, "status": "confirmed",
            "dateCreatedUTC": f"{made} 09:00:00", "reservationCheckIn": first,
            "reservationCheckOut": leave, "guestID": "g1", "sourceName": "Website",
            "source": {"sourceID": "s-1", "name": "Website", "category": "direct"},
            "sourceCategory": "direct", "propertyCurrency": "EUR", "rooms": rooms, "total": total,
            "balanceDetailed": {"subTotal": total, "paid": 0},
            "guestList": {"g1": {"guestEmail": f"{id}@example.com", "isMainGuest": True}},
        }  # fmt: skip
        self.reservations[id] = {made: {**stated, **more}}
        return self.reservations[id]

    def pay(self, id: int, day: str, reservation: str | None, amount: float, **more: Any) -> None:
        self.payments.append(
            {"id": str(id), "internalTransactionCode": "9300", "rootId": str(id),
             "transactionDatetime": f"{day}T12:00:00Z", "amount": amount, "currency": "EUR",
             "currencyScale": 2, "sourceKind": "RESERVATION", "sourceIdentifier": reservation,
             "sourceId": "1", **more}
        )  # fmt: skip

    def answer(self, path: str, asked: Record) -> Any:
        method = path.rpartition("/")[2]
        if method == "internal-transaction-codes":
            return {"content": [{"code": code} for code in ("9300", "9300A", "9300V", "9300R")]}
        if method == "transactions":
            return {"transactions": self._paid(asked), "nextPageToken": None}
        found = self._listed(method, asked)
        return {"success": True, "data": found, "count": len(found), "total": len(found)}

    def _paid(self, asked: Record) -> list[Record]:
        bounds = [
            one["value"][:10] for one in asked["filters"]["and"]
            if one["field"] == "transaction_datetime"
        ]  # fmt: skip
        days = (one["transactionDatetime"][:10] for one in self.payments)
        return [
            one for one, day in zip(self.payments, days, strict=True)
            if bounds[0] <= day <= bounds[1] and day < self.today
        ]  # fmt: skip

    def _listed(self, method: str, asked: Record) -> Any:
        if method == "getHotels":
            return [{"propertyID": PROPERTY, "propertyTimezone": ZONE,
                     "propertyCurrency": [{"currencyCode": "EUR"}]}]  # fmt: skip
        if method == "getSources":
            return self.sources
        if method == "getRooms":
            rooms = [{"roomID": f"r-{n}", "roomTypeID": "t-1", "roomTypeName": "Double",
                      "isVirtual": False, "isPrivate": True} for n in range(1, 6)]  # fmt: skip
            return [{"propertyID": PROPERTY, "rooms": rooms}]
        if method == "getRoomBlocks":
            return []
        return list(self._shown(asked))

    def _shown(self, asked: Record) -> Any:
        for versions in self.reservations.values():
            known = [day for day in sorted(versions) if day < self.today]
            stood: Record = {}
            for day in known:
                stood |= versions[day]
            changed = known and f"{known[-1]} 09:00:00"
            stood.setdefault("dateModifiedUTC", changed)
            if not known:
                continue
            if "modifiedFrom" in asked:
                if not asked["modifiedFrom"] <= stood["dateModifiedUTC"] <= asked["modifiedTo"]:
                    continue
            elif stood["reservationCheckOut"] < asked["reservationCheckOutFrom"]:
                continue
            yield stood


def entry(url: str) -> Record:
    """What the company file says of the property."""
    return {
        "base_url": url,
        "accounts": [{"id": PROPERTY, "time_zone": ZONE, "currency": "EUR"}],
        "credentials": {"api_key": "engine_key"},
        "options": {"requests_per_second": 10_000},
    }
