"""Rooms: who books one, by which way, what becomes of the stay, and when it is paid for.

Drawn last, from visits that are there already and bought nothing: no other table moves but for the
purchase events of those who book on the site. Bookings are few, so they are drawn one by one, with
a stream of chance of their own; a room is sold once for a night, and again when it is given back.

Amounts are whole cents until the output tables make them decimals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import duckdb
import numpy as np

from sandbox.world import room_tables, stays
from sandbox.world.dated import Course
from sandbox.world.days import Span
from sandbox.world.stays import local

# id, name, rooms, cents a night
ROOM_TYPES = (
    ("rt-1", "Harbour double", 12, 11_500),
    ("rt-2", "Sea view double", 8, 14_900),
    ("rt-3", "Family room", 3, 18_900),
    ("rt-4", "Suite", 1, 29_000),
)
# id, name, category, is an agency, what it takes in percent, share of its kind of bookings
SOURCES = (
    ("s-1", "Website/Booking Engine", "Direct", False, 0, 1.0),
    ("s-2", "Phone", "Direct", False, 0, 0.7),
    ("s-3", "Walk-In", "Direct", False, 0, 0.3),
    ("s-4", "Booking.com", "OTA", True, 15, 0.75),
    ("s-5", "Expedia", "OTA", True, 18, 0.25),
)
SITE, DESK, AGENCIES = SOURCES[:1], SOURCES[1:3], SOURCES[3:]
# One room of each of the two large kinds is out of order for a while
BLOCKS = (("rt-1-12", "rt-1", 10, 24), ("rt-2-8", "rt-2", 30, 36))
MONDAY_TO_SUNDAY = (0.95, 0.90, 0.95, 1.00, 1.15, 1.10, 0.95)


@dataclass
class Booking:
    """One reservation as it was made."""

    number: int
    made_at: datetime
    source: tuple[str, str, str, bool, int, float]
    room_type: tuple[str, str, int, int]
    arrival: date
    nights: int
    visit_id: int | None
    person_id: int | None
    given_back_at: datetime | None = None
    states: list[dict[str, object]] = field(default_factory=list)
    money: list[dict[str, object]] = field(default_factory=list)

    @property
    def reservation_id(self) -> str:
        return f"{7_310_000_000 + self.number * 137}"

    def most_nights(self) -> list[date]:
        """The nights it may come to: guests may stay one longer."""
        return [self.arrival + timedelta(days=n) for n in range(self.nights + 1)]

    def stands_at(self, moment: datetime) -> bool:
        return self.given_back_at is None or self.given_back_at > moment


#: The bookings that hold a room of a type for a night.
Held = dict[tuple[str, date], list[Booking]]


def book(con: duckdb.DuckDBPyConnection, span: Span, course: Course) -> None:
    """Make the tables of the house: rooms, blocks, ways of sale, bookings, money and costs."""
    rng = np.random.default_rng([span.seed, 8])
    closes = local(span.until, 0)
    bookings: list[Booking] = []
    held: Held = defaultdict(list)
    for made_at, visit in _askers(con, rng, span, course):
        found = _booked(rng, course, len(bookings) + 1, held, made_at, visit, span.start)
        if found:
            # a stream of its own: what changes of one stay changes no other
            life = np.random.default_rng([span.seed, 8, found.number])
            stays.live(life, course, found, closes)
            bookings.append(found)
            for night in found.most_nights():
                held[found.room_type[0], night].append(found)
    room_tables.write(con, bookings, span, SOURCES, ROOM_TYPES, BLOCKS)


def _askers(
    con: duckdb.DuckDBPyConnection, rng: np.random.Generator, span: Span, course: Course
) -> Iterator[tuple[datetime, tuple[int, int] | None]]:
    """Moments at which somebody asks for a room, with the visit it is asked in, or None."""
    visits = con.execute("""
        select reporting_date(visit_at) as day, visit_id, person_id, visit_at from visits_drawn
        where not is_converting and not is_bot and visit_at >= opens_at()
            and visit_at < closes_at() - interval 2 hour
        order by day, draw(visit_id, 'books a room'), visit_id
    """).fetchall()
    of_days: dict[date, list[tuple[int, int, datetime]]] = {}
    for day, *visit in visits:
        of_days.setdefault(day, []).append(tuple(visit))
    for offset in range((span.until - span.start).days):
        day = span.start + timedelta(days=offset)
        wanted = span.scale * course.at("room_bookings_per_day", day)
        wanted *= MONDAY_TO_SUNDAY[day.weekday()]
        direct, desk = (course.at(f"room_{name}_share", day) for name in ("direct", "desk"))
        on_site = direct * (1 - desk)
        found: list[tuple[datetime, tuple[int, int] | None]] = []
        for _ in range(rng.poisson(wanted)):
            if rng.random() < on_site and of_days.get(day):
                visit_id, person_id, visit_at = of_days[day].pop(0)
                seconds = int(240 + 1500 * rng.random())
                found.append((visit_at + timedelta(seconds=seconds), (visit_id, person_id)))
            else:
                found.append((local(day, 8 + 14 * rng.random()), None))
        yield from sorted(found, key=lambda one: one[0])


def _booked(
    rng: np.random.Generator,
    course: Course,
    number: int,
    held: Held,
    made_at: datetime,
    visit: tuple[int, int] | None,
    first_day: date,
) -> Booking | None:
    """The booking, or None where the house is full."""
    day = made_at.date()
    direct, desk = (course.at(f"room_{name}_share", day) for name in ("direct", "desk"))
    is_agency = rng.random() > direct * desk / (1 - direct * (1 - desk))
    sources = SITE if visit else AGENCIES if is_agency else DESK
    source = sources[int(rng.choice(len(sources), p=[one[5] for one in sources]))]
    lead_days = course.at("room_lead_days", day, {"source": source[0]})
    lead = 0 if source[1] == "Walk-In" else int(rng.exponential(lead_days))
    arrival = made_at.date() + timedelta(days=lead)
    nights = 1 + int(rng.binomial(6, 0.26))
    order = rng.permutation(len(ROOM_TYPES)) if rng.random() < 0.5 else range(len(ROOM_TYPES))
    for at in order:
        one = Booking(
            number, made_at, source, ROOM_TYPES[at], arrival, nights,
            *(visit or (None, None)),
        )  # fmt: skip
        if _is_free(one, held, first_day):
            return one
    return None


def _is_free(wanted: Booking, held: Held, first_day: date) -> bool:
    """Whether a room of the type is left for each night it may come to."""
    kind = wanted.room_type[0]
    for night in wanted.most_nights():
        taken = sum(one.stands_at(wanted.made_at) for one in held[kind, night])
        day = (night - first_day).days
        taken += sum(block[1] == kind and block[2] <= day <= block[3] for block in BLOCKS)
        if taken >= wanted.room_type[2]:
            return False
    return True
