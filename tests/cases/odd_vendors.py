"""Odd answers of affiliates, a booking engine, organic search, a tag container and a server's log,
put together as one small company: what each vendor shows on 20 September and ten days later."""

from __future__ import annotations

import json
from typing import Any

from cases.affiliate_programme import Programme, money
from cases.booked_hotel import Hotel, room
from cases.searched_site import Site
from cases.tagged_site import Container, event_tag, trigger

FIRST, LAST = "2026-09-20", "2026-09-30"
PREFIX, DOMAIN = "https://www.example.com/", "sc-domain:example.com"
DAYS = [f"2026-09-{day:02d}" for day in range(1, 31)]


def programme() -> Programme:
    """The vendor's report is in EUR, whatever a sale is in."""
    found = Programme("2026-09-21", worth={"EUR": 1.0, "GBP": 1.2})

    def sold(number: int, approved: str, **first: Any) -> dict[str, Any]:
        sale = found.sale(number, "2026-09-02", **first)
        sale[approved] = {
            "commissionStatus": "approved", "validationDate": f"{approved}T10:00:00"
        }  # fmt: skip
        return sale

    taken_back = sold(2, "2026-09-04")
    taken_back["2026-09-25"] = {
        "commissionStatus": "declined", "validationDate": "2026-09-25T10:00:00",
        "declineReason": "returned", "paidToPublisher": True,
    }  # fmt: skip
    twice = sold(3, "2026-09-03")
    for day, new, old in (("2026-09-12", 8, 10), ("2026-09-26", 7, 8)):
        twice[day] = {
            "commissionAmount": money(new), "oldCommissionAmount": money(old), "amended": True,
            "_amended": day,
        }  # fmt: skip
    sold(5, "2026-09-07", commissionAmount=money(-3), saleAmount=money(-30))
    sold(6, "2026-09-08", type="Bonus", commissionAmount=money(50), saleAmount=money(0),
         orderRef=None)  # fmt: skip
    stamped_again = sold(8, "2026-09-10")
    stamped_again["2026-09-28"] = {"validationDate": "2026-09-28T10:00:00"}
    declined_first = found.sale(9, "2026-09-02")
    declined_first["2026-09-11"] = {
        "commissionStatus": "declined", "validationDate": "2026-09-11T10:00:00"
    }  # fmt: skip
    declined_first["2026-09-29"] = {
        "commissionStatus": "approved", "validationDate": "2026-09-29T10:00:00"
    }  # fmt: skip
    sold(11, "2026-09-15", commissionAmount=money(10, "GBP"), saleAmount=money(100, "GBP"))
    sold(12, "2026-09-17", publisherId=None)
    return found


def of_agency(source: str, name: str) -> dict[str, Any]:
    """What a stay says that the agency sold, and that took place."""
    return {
        "sourceName": name, "source": {"sourceID": source, "name": name, "category": "OTA"},
        "sourceCategory": "OTA", "status": "checked_out",
        "balanceDetailed": {"subTotal": 100, "paid": 100},
    }  # fmt: skip


def hotel() -> Hotel:
    found = Hotel("2026-09-21")
    found.source("s-1", "Website")
    found.source("ss-2-0", "Booking.com", 15.0, paymentCollect="collect")
    found.source("s-3", "Expedia", 10.0)
    pair = [room(1, "2026-09-20", "2026-09-22"), room(2, "2026-09-20", "2026-09-22")]
    halved = found.reserve("one room less", "2026-09-02", pair, 400)
    halved["2026-09-10"] = {"rooms": [pair[0], pair[1] | {"roomStatus": "cancelled"}], "total": 200}
    moved = found.reserve("moved", "2026-09-02", [room(1, "2026-09-23", "2026-09-25")], 200)
    moved["2026-09-22"] = {
        "rooms": [room(1, "2026-09-27", "2026-09-29")], "reservationCheckIn": "2026-09-27",
        "reservationCheckOut": "2026-09-29",
    }  # fmt: skip
    found.reserve("deposit back", "2026-09-04", [room(1, "2026-09-14", "2026-09-15")], 100,
                  status="canceled", dateCancelledUTC="2026-09-06 10:00:00")  # fmt: skip
    found.pay(41, "2026-09-04", "deposit back", 50)
    found.pay(42, "2026-09-06", "deposit back", -50, internalTransactionCode="9300A", rootId="41")
    found.reserve("entered twice", "2026-09-05", [room(1, "2026-09-15", "2026-09-16")], 100)
    found.pay(51, "2026-09-05", "entered twice", 80)
    found.pay(52, "2026-09-06", "entered twice", -80, internalTransactionCode="9300V", rootId="51")
    found.pay(53, "2026-09-07", "entered twice", 100)
    found.reserve("in dollars", "2026-09-06", [room(1, "2026-09-17", "2026-09-18")], 100)
    found.pay(71, "2026-09-06", "in dollars", 110, currency="USD")
    deleted = found.reserve("deleted", "2026-09-07", [room(1, "2026-09-28", "2026-09-29")], 100)
    deleted["2026-09-23"] = {"isDeleted": True}
    found.pay(81, "2026-09-07", "deleted", 100)
    back = found.reserve("back again", "2026-09-08", [room(3, "2026-09-18", "2026-09-19")], 100)
    back["2026-09-12"] = {"status": "canceled", "dateCancelledUTC": "2026-09-12 10:00:00"}
    back["2026-09-24"] = {"status": "confirmed"}
    found.pay(91, "2026-09-08", "back again", 100)
    for number, (source, name) in enumerate((("ss-2-1", "Booking.com"), ("s-3-1", "Expedia"))):
        nights = [room(4, f"2026-09-0{5 + number}", f"2026-09-0{6 + number}")]
        found.reserve(name, "2026-09-02", nights, 100, **of_agency(source, name))
        found.pay(101 + number, f"2026-09-0{6 + number}", name, 100)
    found.reserve("merged", "2026-09-09", [room(5, "2026-09-19", "2026-09-20")], 100, guestID="g9")
    found.pay(111, "2026-09-09", "merged", 100)
    found.pay(171, "2026-09-12", None, 500, sourceKind="GROUP_PROFILE")
    return found


def site() -> Site:
    found = Site(first_incomplete={"first_incomplete_date": "2026-09-29"})
    for day in DAYS:
        found.add(day, PREFIX, "blue rooms", 100, 10)
        found.add(day, PREFIX, None, 5, 1)
    for page in ("room#:~:text=garden", "room", "room?utm_source=google_jobs_apply", "room/"):
        found.add("2026-09-10", f"{PREFIX}{page}", "garden room", 20, 4)
    found.add("2026-09-11", f"{PREFIX}e", "🏨 hotel", 2, 2)
    found.add("2026-09-11", f"{PREFIX}e", "", 3, 1)
    return found


def container() -> Container:
    """Never published yet."""
    return Container(environments=[
        {"type": "latest", "environmentId": "2", "name": "Latest", "containerVersionId": "3"},
        {"type": "workspace", "environmentId": "6", "name": "Default"},
        {"type": "user", "environmentId": "5", "name": "Staging 🚧", "containerVersionId": "3"},
    ])  # fmt: skip


def publish_tags(of: Container) -> None:
    """Two versions, of which the first was deleted since; and a workspace that is gone."""
    tags = [event_tag("11", "🛒 Purchase", "purchase", "21"),
            event_tag("12", "Twin", "lead", "22", parentFolderId="31"),
            event_tag("13", "Twin", "lead", "22")]  # fmt: skip
    listed = {"trigger": [trigger("21", "bought", "purchase"), trigger("22", "asked", "lead")],
              "folder": [{"folderId": "31", "name": "Old"}]}  # fmt: skip
    if of.live is None:
        of.publish(7, tag=tags, **listed)
        return
    of.publish(9, tag=[tags[0] | {"paused": True, "fingerprint": "2"}, *tags[1:]], **listed)
    of.headers[0]["deleted"] = True
    of.environments[0]["containerVersionId"] = "9"
    del of.environments[1]


def log() -> str:
    """Orders that were each sent under two ids and with an amount for readers, and a test."""
    line = {
        "sent_at": "2026-09-10T10:00:00Z", "destination": "meta", "pixel_id": "714200300400500",
        "event_name": "Purchase", "event_time": 1789034390, "http_status": 200, "currency": "EUR",
    }  # fmt: skip
    lines = [
        line | {"event_id": f"{way}{number}", "order_id": f"o{number}", "value": value}
        for number in range(1, 26)
        for way, value in (("browser", 100), ("server", "€ 100,00"))
    ]
    lines.append(line | {"event_id": "t", "order_id": "o1", "value": 7, "test_event_code": "T1"})
    return "\n".join(map(json.dumps, lines)) + "\n"
