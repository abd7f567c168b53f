"""What Cloudbeds' contract tests share: a property with a book of its own, and a way to land."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from contract.stand_in import stand_in
from sandbox.desk import Desk
from sandbox.vendors.cloudbeds import PROPERTY_ID
from trueup.landing.intake import take_in
from trueup.landing.store import Landing, Load
from trueup.sources.cloudbeds import SOURCE
from trueup.sources.contract import Access, Account, ControlTotal, SetAside
from trueup.window import Window

KEY = "sandbox-cloudbeds-key"
#: Its last day is a Monday, when open stays are read again.
WINDOW = Window(date(2026, 8, 1), date(2026, 9, 15))
PLAIN = 250

# A property with 250 plain direct bookings, and a few whose life is written out below.
TABLES = {
    "booking_sources": """from (values
            ('s-1', 'Website/Booking Engine', 'Direct', false, 0.0),
            ('s-2', 'Booking.com', 'OTA', true, 15.0),
            ('s-3', 'Walk-In', 'Direct', false, 0.0)
        ) sources(source_id, source_name, source_category, is_third_party, commission_percent)""",
    "rooms": """from (values
            ('r-1', 't-1', 'Double', false), ('r-2', 't-1', 'Double', false),
            ('r-3', 't-2', 'Suite', false), ('r-4', 't-3', 'Whole house', true)
        ) rooms(room_id, room_type_id, room_type_name, is_virtual)""",
    "room_blocks": """from (values
            ('b-1', 'r-2', 't-1', 'out_of_service', date '2026-08-30', date '2026-09-02'),
            ('b-2', 'r-3', 't-2', 'courtesy_hold', date '2026-09-14', date '2026-09-20')
        ) blocks(room_block_id, room_id, room_type_id, block_type, start_date, end_date)""",
    "reservations": f"""
        select
            'p' || lpad(i::varchar, 6, '0') as reservation_id,
            timestamp '2026-08-02 10:00' + interval (i) minute as created_at,
            's-1' as source_id, null as source_reservation_id, 't-1' as room_type_id,
            date '2026-09-01' as arrival_date, date '2026-09-03' as departure_date,
            'guest' || i || '@example.com' as email
        from range({PLAIN}) numbers(i)
        union all
        from (values
            ('late', timestamp '2026-08-20 09:00', 's-2', 'BDC-77', 't-2', date '2026-09-10',
             date '2026-09-12', 'alias@guest.booking.com'),
            ('silent', timestamp '2026-08-21 09:00', 's-1', null, 't-1', date '2026-09-12',
             date '2026-09-16', 'silent@example.com'),
            ('gone', timestamp '2026-08-22 09:00', 's-3', null, 't-1', date '2026-08-23',
             date '2026-08-24', 'gone@example.com'),
            ('midnight', timestamp '2026-08-31 23:30', 's-1', null, 't-1', date '2026-10-01',
             date '2026-10-02', 'midnight@example.com'),
            ('dayroom', timestamp '2026-09-05 08:00', 's-3', null, 't-2', date '2026-09-05',
             date '2026-09-05', null)
        ) by_hand
    """,
    "room_payments": """from (values
            (1, 'late', '9300', timestamp '2026-08-20 09:00:05', 60.00, 1),
            (2, 'silent', '9100', timestamp '2026-09-13 12:00', 260.00, 2),
            (3, 'silent', '9100', timestamp '2026-09-13 12:01', 260.00, 3),
            (4, 'silent', '9100V', timestamp '2026-09-13 12:30', -260.00, 3),
            (5, 'silent', '9100A', timestamp '2026-09-14 09:00', -20.00, 2)
        ) money(transaction_id, reservation_id, code, moved_at, amount, root_id)""",
    "reservation_states": """
        select *, total as rooms_total from (
        select
            reservation_id, created_at as known_at, 'confirmed' as status,
            200.00::decimal(18, 2) as total, 0.00::decimal(18, 2) as paid, departure_date,
            false as is_deleted, true as moves_stamp
        from reservations
        where reservation_id != 'dayroom'
        union all
        from (values
            ('late', timestamp '2026-09-09 20:00', 'canceled', 200.00, 60.00, date '2026-09-12',
             false, true),
            ('silent', timestamp '2026-09-13 12:00', 'checked_in', 260.00, 260.00,
             date '2026-09-16', false, false),
            ('gone', timestamp '2026-08-22 10:00', 'confirmed', 200.00, 0.00, date '2026-08-24',
             true, true),
            ('dayroom', timestamp '2026-09-05 08:00', 'checked_out', 45.50, 45.50,
             date '2026-09-05', false, true)
        ) by_hand
        )
    """,
}


def access_to(url: str, folder: Path) -> Access:
    """The property, at a pace that no test has to wait for."""
    return Access(
        source="cloudbeds",
        base_url=f"{url}/cloudbeds",
        accounts=(Account(PROPERTY_ID, "Europe/Lisbon", "EUR"),),
        options={"requests_per_second": 1000},
        history_start=WINDOW.since,
        reporting_zone="Europe/Lisbon",
        reporting_currency="EUR",
        folder=folder,
        secrets={"api_key": KEY},
    )


def land(landing: Landing, access: Access, stream: str, window: Window = WINDOW) -> Load:
    declared = SOURCE.stream(stream)
    pages = SOURCE.extract(access, declared, window)
    return take_in(
        landing, "cloudbeds", declared, window, pages, api_version=SOURCE.api_version, hash_key="k"
    )


def extracted(
    access: Access, stream: str, window: Window = WINDOW
) -> tuple[list[Any], list[SetAside], dict[str, Any]]:
    """Rows, what is set aside, and what the vendor states."""
    pages = list(SOURCE.extract(access, SOURCE.stream(stream), window))
    rows = [row for page in pages if isinstance(page, list) for row in page]
    odd = [page for page in pages if isinstance(page, SetAside)]
    return rows, odd, {p.name: p.value for p in pages if isinstance(p, ControlTotal)}


def rows(landing: Landing, load: Load) -> list[dict[str, Any]]:
    if not load.files:
        return []
    paths = [landing.path(file.name) for file in load.files]
    table = pq.ParquetDataset(paths, filesystem=landing.fs).read()
    return sorted(table.to_pylist(), key=lambda row: [str(row[k]) for k in row])


def set_clock(desk: Desk, now: str) -> None:
    desk.set_clock(datetime.fromisoformat(now))


def book_in(desk: Desk, monkeypatch: Any, tables: dict[str, str] | None = None) -> None:
    """Put a book in place of the world's."""
    stand_in(desk, monkeypatch, tables or TABLES)
