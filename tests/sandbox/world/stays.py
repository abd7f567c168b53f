"""What becomes of a booking: it is changed, cancelled, never used or stayed, and paid for.

Each change is a state of the reservation with its moment, each payment, refund or void a row of
its own; nothing is recorded that has not happened when the world ends.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from sandbox.world.dated import Course

if TYPE_CHECKING:
    from sandbox.world.rooms import Booking

CARD, CASH, TRANSFER = "9300", "9100", "9200"
REFUND, VOID = "A", "V"
DEPOSIT_PERCENT = 30
ZONE = ZoneInfo("Europe/Lisbon")


def local(day: date, hours: float) -> datetime:
    """Naive UTC of an hour of a day by the house's clock."""
    shown = datetime.combine(day, time(), ZONE) + timedelta(seconds=int(hours * 3600))
    return shown.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


class _Stay:
    """One booking being lived: its worth, what is paid, and what has been recorded of it."""

    def __init__(self, rng: np.random.Generator, course: Course, booking: Booking) -> None:
        self.rng, self._course, self.booking = rng, course, booking
        self.nights = booking.nights
        weekend = 1.15 if booking.arrival.weekday() in (4, 5) else 1.0
        self.rate = int(booking.room_type[3] * weekend * (0.85 + 0.3 * rng.random()))
        self.extras = 0
        self.paid = 0

    def given(self, name: str) -> float:
        """A parameter as it holds on the day of the booking, of its source and kind of room."""
        place = {"source": self.booking.source[0], "room_type": self.booking.room_type[0]}
        return self._course.at(name, self.booking.made_at.date(), place)

    @property
    def rooms(self) -> int:
        return self.rate * self.nights

    @property
    def departure(self) -> date:
        return self.booking.arrival + timedelta(days=self.nights)

    def tell(self, at: datetime, status: str, moves_stamp: bool = True) -> None:
        self.booking.states.append({
            "reservation_id": self.booking.reservation_id, "known_at": at, "status": status,
            "total_cents": self.rooms + self.extras, "rooms_cents": self.rooms,
            "paid_cents": self.paid, "departure_date": self.departure,
            "moves_stamp": moves_stamp,
        })  # fmt: skip

    def move(self, at: datetime, code: str, cents: int, root: int | None = None) -> int:
        """A payment, or a negative one; its number among the booking's."""
        if not cents:
            return 0
        nth = len(self.booking.money) + 1
        self.booking.money.append({
            "reservation_id": self.booking.reservation_id, "nth": nth, "code": code,
            "moved_at": at, "cents": cents, "root_nth": root,
        })  # fmt: skip
        self.paid += cents
        return nth

    def pay(self, at: datetime, code: str, cents: int) -> None:
        self.move(at, code, cents)
        if cents and self.rng.random() < self.given("room_twice_paid_share"):
            again = self.move(at + timedelta(seconds=40), code, cents)
            self.move(at + timedelta(minutes=25), code + VOID, -cents, again)


def live(rng: np.random.Generator, course: Course, booking: Booking, closes: datetime) -> None:
    """Tell the booking's states and money up to `closes`."""
    stay = _Stay(rng, course, booking)
    is_agency = booking.source[3]
    is_prepaid = not is_agency and rng.random() < stay.given("room_prepaid_share")
    has_deposit = (
        not is_agency and not is_prepaid and rng.random() < stay.given("room_deposit_share")
    )
    made = booking.made_at
    first = stay.rooms if is_prepaid else stay.rooms * DEPOSIT_PERCENT // 100 * has_deposit
    stay.pay(made + timedelta(seconds=5), CARD, first)
    stay.tell(made, "confirmed")
    arrives = local(booking.arrival, 15 + 6 * rng.random())
    kind = "agency" if is_agency else "direct"
    share = stay.given(f"room_{kind}_cancel_share")
    is_cancelled = rng.random() < share and arrives > made + timedelta(hours=6)
    if is_cancelled:
        _cancel(stay, made, arrives, is_prepaid)
    elif rng.random() < stay.given("room_no_show_share"):
        _never_come(stay, local(booking.arrival + timedelta(days=1), 3))
    else:
        _come(stay, made, max(arrives, made + timedelta(hours=1)))
    booking.states[:] = [one for one in booking.states if one["known_at"] < closes]
    booking.money[:] = [one for one in booking.money if one["moved_at"] < closes]


def _cancel(stay: _Stay, made: datetime, arrives: datetime, is_prepaid: bool) -> None:
    """Most of them near the arrival. What was paid goes back if it is early enough."""
    rng, booking = stay.rng, stay.booking
    left = pow(rng.random(), stay.given("room_late_cancel_power"))
    at = (arrives - (arrives - made) * left * 0.95).replace(microsecond=0)
    booking.given_back_at = at
    is_free = (
        arrives - at > timedelta(hours=stay.given("room_free_cancel_hours")) and not is_prepaid
    )
    code = str(booking.money[0]["code"]) + REFUND if booking.money else CARD
    if is_free and stay.paid:
        paid = stay.paid
        stay.tell(at, "canceled")
        back_at = at + timedelta(hours=int(2 + 70 * rng.random()))
        stay.move(back_at, code, -paid, 1)
        stay.tell(back_at, "canceled")
    else:
        stay.tell(at, "canceled")


def _never_come(stay: _Stay, at: datetime) -> None:
    """The night audit says so; the card takes the first night where nothing was paid yet."""
    stay.booking.given_back_at = at
    if not stay.paid and stay.rng.random() < stay.given("room_no_show_charged_share"):
        stay.pay(at, CARD, stay.rate)
    stay.tell(at, "no_show")


def _come(stay: _Stay, made: datetime, arrives: datetime) -> None:
    rng, booking = stay.rng, stay.booking
    if rng.random() < stay.given("room_modified_share") and arrives > made + timedelta(hours=12):
        stay.nights += 1 if rng.random() < 0.6 or stay.nights == 1 else -1
        stay.tell((made + (arrives - made) * 0.6 * rng.random()).replace(microsecond=0),
                  "confirmed")  # fmt: skip
    is_silent = rng.random() < stay.given("room_silent_change_share")
    stay.tell(arrives.replace(microsecond=0), "checked_in", not is_silent)
    leaves = local(booking.arrival + timedelta(days=stay.nights), 9 + 2.5 * rng.random())
    leaves = max(leaves, arrives + timedelta(hours=4)).replace(microsecond=0)
    if rng.random() < stay.given("room_extras_share"):
        stay.extras = int(800 + 5200 * rng.random())
    code = CASH if rng.random() < 0.15 else TRANSFER if rng.random() < 0.05 else CARD
    owed = stay.rooms + stay.extras - stay.paid
    if owed > 0:
        stay.pay(leaves - timedelta(minutes=10), code, owed)
    else:
        stay.move(leaves - timedelta(minutes=10), CARD + REFUND, owed, 1)
    stay.tell(leaves, "checked_out")
    if rng.random() < stay.given("room_refunded_share"):
        stay.move(leaves + timedelta(days=int(2 + 8 * rng.random())), code + REFUND,
                  -(stay.rooms // 10), len(booking.money))  # fmt: skip
