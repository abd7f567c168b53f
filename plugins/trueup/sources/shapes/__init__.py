"""The shapes: what streams of one kind become, the same for every source.

Written down once, here, by subject. `trueup docs` makes from them the contracts of the staging
models (`models/staging/<source>/_<source>__shapes.yml`) and the tables of docs/files.md; files
land on the same columns (sources/files/streams.py).
"""

from __future__ import annotations

from trueup.sources.shapes import (
    ads,
    bookings,
    claims,
    crm,
    orders,
    rates,
    searches,
    server_events,
    settings,
    visits,
)
from trueup.sources.shapes.column_types import DECIMAL, TEXT
from trueup.sources.shapes.declaration import Shape, ShapeColumn
from trueup.sources.shapes.shared_columns import CURRENCY, ORIGIN, PROVENANCE

SHAPES = (
    ads.AD_PERFORMANCE,
    ads.ACCOUNT_SPEND,
    ads.CAMPAIGNS,
    ads.ADS,
    claims.CLAIMS,
    claims.AFFILIATE_SALES,
    claims.CLAIM_DEFINITIONS,
    ads.CLICKS,
    visits.EVENTS,
    orders.ORDERS,
    orders.ORDER_MONEY,
    orders.RECORD_DAYS,
    crm.LEADS,
    crm.DEALS,
    crm.DEAL_STAGES,
    bookings.BOOKINGS,
    bookings.ROOM_DAYS,
    visits.TOUCHES,
    crm.ACTIVITIES,
    searches.SEARCH_PERFORMANCE,
    server_events.SERVER_EVENTS,
    server_events.SERVER_EVENT_VERDICTS,
    server_events.SERVER_EVENT_QUALITY,
    settings.SETTINGS,
    rates.RATES,
)

#: What a staging folder leaves out of the shapes, so that no row goes missing.
SET_ASIDE = Shape(
    "set_aside",
    "Rows of a stream that stand in none of its shapes, each with the reason.",
    ("stream", "record_id", "_load_id", "reason"),
    (
        ShapeColumn("record_id", TEXT, "the record it is about", True),
        ShapeColumn("reason", TEXT, "why it is not used, without personal data", True),
        ShapeColumn("kind", TEXT, "`excluded` by a rule, `duplicate` or `unreadable`", True),
        CURRENCY,
        ShapeColumn(
            "amount_local", DECIMAL, "what it weighs in its stream; null where it has none"
        ),
    ),
    money="amount_local",
    is_witness=True,
)


def shape(name: str) -> Shape:
    """The shape called `name`. Raises KeyError where there is none."""
    return {one.name: one for one in (*SHAPES, SET_ASIDE)}[name]


def columns(one: Shape) -> tuple[ShapeColumn, ...]:
    """Every column of a staging model of the shape, in order."""
    return (*ORIGIN, *one.columns, *PROVENANCE)
