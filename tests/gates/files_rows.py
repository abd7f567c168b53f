"""The canonical streams, which the demo company does not use: good rows, and what spoils them."""

from __future__ import annotations

from pathlib import Path

import duckdb

from gates.mutations import Written
from trueup.build import raw_tables
from trueup.sources import registry

#: stream -> the columns that say something, for the rows n = 0 to 9.
ROWS = {
    "ad_performance": """'bing' as platform, 'a1' as account_id, 'c' || n as campaign_id,
        date '2026-09-01' as ad_date, 'EUR' as currency_code, 100 as impressions, 3 as clicks,
        1.25 as spend_amount_local""",
    "claims": """'bing' as platform, 'c' || n as campaign_id, date '2026-09-01' as claim_date,
        'sale' as action_id, 'click_date' as date_basis, 'EUR' as currency_code,
        1 as claimed_conversions, 40 as claimed_amount_local""",
    "orders": """'o' || n as order_id, date '2026-09-01' as ordered_date, 40 as amount_local,
        'EUR' as currency_code, 'l' || n as lead_id""",
    "refunds": """'r' || n as refund_id, 'o' || n as order_id, date '2026-09-02' as refunded_date,
        5 as amount_local, 'EUR' as currency_code""",
    "leads": "'l' || n as lead_id, date '2026-09-01' as created_date, 'social' as origin",
    "deals": """'d' || n as deal_id, 'l' || n as lead_id, date '2026-09-03' as won_date,
        900 as amount_local, 'EUR' as currency_code""",
    "bookings": """'b' || n as booking_id, date '2026-09-01' as booked_date,
        date '2026-09-20' as arrival_date, 310 as amount_local, 'EUR' as currency_code""",
    "touches": """'t' || n as touch_id, date '2026-09-01' as touch_date,
        timestamptz '2026-09-01 10:00:00+00' as touch_at, repeat('0', 64) as person_id_hmac""",
}

NO_CURRENCY = "Without an ISO currency code an amount cannot be converted, only guessed"
AN_EMAIL = "An id that reads as an e-mail address must be hashed by the feed's SQL"

MUTATIONS: Written = {
    "files__ad_performance": {
        NO_CURRENCY: "update {t} set currency_code = null where {one}",
        "Spend below zero is a broken file; credits lower the day they belong to": (
            "update {t} set spend_amount_local = -1 where {one}"
        ),
        "Counts below zero are a broken file": "update {t} set impressions = -1 where {one}",
        "More clicks than impressions, where those are counted at all, is rarely right": (
            "update {t} set clicks = impressions + 1 where {one}"
        ),
    },
    "files__claims": {NO_CURRENCY: "update {t} set currency_code = 'euro' where {one}"},
    "files__orders": {
        NO_CURRENCY: "update {t} set currency_code = '€' where {one}",
        AN_EMAIL: "update {t} set lead_id = 'ada@example.com' where {one}",
    },
    "files__refunds": {
        NO_CURRENCY: "update {t} set currency_code = '' where {one}",
        AN_EMAIL: "update {t} set refund_id = 'ada@example.com' where {one}",
    },
    "files__leads": {AN_EMAIL: "update {t} set lead_id = 'ada@example.com' where {one}"},
    "files__deals": {
        NO_CURRENCY: "update {t} set currency_code = null where {one}",
        AN_EMAIL: "update {t} set lead_id = 'ada%40example.com' where {one}",
    },
    "files__bookings": {
        NO_CURRENCY: "update {t} set currency_code = null where {one}",
        "Guests who arrive before they book are two dates swapped, or walk-ins booked later": (
            "update {t} set arrival_date = booked_date - 1 where {one}"
        ),
        AN_EMAIL: "update {t} set booking_id = 'ada@example.com' where {one}",
    },
    "files__touches": {
        "No time zone moves a touch by more than a day; its day or its clock is wrong": (
            "update {t} set touch_at = touch_at + interval 3 days where {one}"
        ),
        AN_EMAIL: "update {t} set touch_id = 'ada@example.com' where {one}",
    },
}


def write(file: Path) -> None:
    """One table per canonical stream, as the landing gate sees its loads."""
    with duckdb.connect(str(file)) as con:
        for stream in registry.load("files").streams:
            columns = ", ".join(f"{name} {kind}" for name, kind in raw_tables.columns(stream))
            con.execute(f"create table {stream.name} ({columns})")
            con.execute(
                f"insert into {stream.name} by name"
                f" select 'feed' as feed, {ROWS[stream.name]} from range(10) as days (n)"
            )
