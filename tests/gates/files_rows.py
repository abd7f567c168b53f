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
TOO_LARGE = "A hundred billion is no amount but another column's number, such as a barcode"
TOO_FAR = "No time zone moves {} by more than two days; its day or its time is wrong"
TWICE = "Every row of these days stands twice and is added, as in a file put together twice"
MISREAD = (
    "A name holds UTF-8 that was read in another encoding, such as ZÃ¼rich, and matches no other"
)
CUT = "An id has lost digits in a spreadsheet, such as 1.20211E+17, and many would be one"
AN_EMAIL = "An id that reads as an e-mail address must be hashed by the feed's SQL"

MUTATIONS: Written = {
    "files__ad_performance": {
        CUT: "update {t} set campaign_id = '1.20211E+17' where {one}",
        MISREAD: "update {t} set campaign_name = 'Sommer in ZÃ¼rich' where {one}",
        NO_CURRENCY: "update {t} set currency_code = null where {one}",
        TWICE: "insert into {t} select * from {t}",
        TOO_LARGE: "update {t} set spend_amount_local = 100000000000 where {one}",
        "Spend below zero is a broken file; credits lower the day they belong to": (
            "update {t} set spend_amount_local = -1 where {one}"
        ),
        "Counts below zero are a broken file": "update {t} set impressions = -1 where {one}",
        "More clicks than impressions, where those are counted at all, is rarely right": (
            "update {t} set clicks = impressions + 1 where {one}"
        ),
    },
    "files__claims": {
        CUT: "update {t} set ad_id = '120211234567890000' where {one}",
        MISREAD: "update {t} set action_name = 'KÃ¤ufe' where {one}",
        NO_CURRENCY: "update {t} set currency_code = 'euro' where {one}",
        TWICE: "insert into {t} select * from {t}",
        TOO_LARGE: "update {t} set claimed_amount_local = 100000000000 where {one}",
    },
    "files__orders": {
        "What came off the price and what shipping cost are positive numbers": (
            "update {t} set discount_amount_local = -20 where {one}"
        ),
        TOO_LARGE: "update {t} set shipping_amount_local = 100000000000 where {one}",
        TOO_FAR.format("an order"): (
            "update {t} set ordered_at = ordered_date - interval 3 days where {one}"
        ),
        NO_CURRENCY: "update {t} set currency_code = '€' where {one}",
        AN_EMAIL: "update {t} set lead_id = 'ada@example.com' where {one}",
    },
    "files__refunds": {
        TOO_LARGE: "update {t} set amount_local = 100000000000 where {one}",
        TOO_FAR.format("a refund"): (
            "update {t} set refunded_at = refunded_date + interval 3 days where {one}"
        ),
        NO_CURRENCY: "update {t} set currency_code = '' where {one}",
        AN_EMAIL: "update {t} set refund_id = 'ada@example.com' where {one}",
    },
    "files__leads": {
        AN_EMAIL: "update {t} set lead_id = 'ada@example.com' where {one}",
        TOO_FAR.format("a lead"): (
            "update {t} set created_at = created_date - interval 3 days where {one}"
        ),
    },
    "files__deals": {
        TOO_LARGE: "update {t} set amount_local = 100000000000 where {one}",
        TOO_FAR.format("a deal"): (
            "update {t} set won_at = won_date + interval 3 days where {one}"
        ),
        NO_CURRENCY: "update {t} set currency_code = null where {one}",
        AN_EMAIL: "update {t} set lead_id = 'ada%40example.com' where {one}",
    },
    "files__bookings": {
        NO_CURRENCY: "update {t} set currency_code = null where {one}",
        "Guests who arrive the day before they book are walk-ins entered later, or a slip": (
            "update {t} set arrival_date = booked_date - 1 where {one}"
        ),
        "Guests who arrive days before they book are two dates swapped, or one is wrong": (
            "update {t} set arrival_date = booked_date - 2 where {one}"
        ),
        "No stay comes to less than nothing; what was given back is a refund": (
            "update {t} set stayed_amount_local = -30 where {one}"
        ),
        "Nobody cancels a day and more before they book; one of the two dates is wrong": (
            "update {t} set cancelled_date = booked_date - 2 where {one}"
        ),
        "Cancelled by its date and not by its status, it counts as sold; one of the two is wrong": (
            "update {t} set cancelled_date = booked_date, status = 'Confirmed' where {one}"
        ),
        "Guests leave after they arrive; the two dates are swapped or one is wrong": (
            "update {t} set departure_date = arrival_date - 1 where {one}"
        ),
        TOO_LARGE: "update {t} set stayed_amount_local = 100000000000 where {one}",
        TOO_FAR.format("a booking"): (
            "update {t} set booked_at = booked_date + interval 3 days where {one}"
        ),
        AN_EMAIL: "update {t} set booking_id = 'ada@example.com' where {one}",
    },
    "files__touches": {
        MISREAD: "update {t} set touch_campaign = 'â‚¬ 5 off' where {one}",
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
