"""A shop's two streams, spend by day and orders by change, and how tests land rows of them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from trueup.landing.intake import take_in
from trueup.landing.store import Landing, Load
from trueup.sources.contract import Column, Stream
from trueup.window import Window

SPEND = Stream(
    name="spend",
    columns=(
        Column("id", required=True),
        Column("ad_date", "DATE", required=True),
        Column("clicks", "BIGINT"),
        Column("cost", "DECIMAL(18,6)", required=True),
        Column("who", pii="email"),
    ),
    key=("id", "ad_date"),
    day="ad_date",
    control=("cost",),
    money="cost",
)
CHANGES = Stream(
    name="orders",
    columns=(Column("id", required=True), Column("at", "TIMESTAMPTZ"), Column("total", "BIGINT")),
    key=("id",),
    kind="changes",
    cursor="at",
    money="total",
)
WINDOW = Window(date(2026, 9, 1), date(2026, 9, 3))
FIRST, SECOND = WINDOW.days()
NOON = datetime(2026, 9, 3, 12, tzinfo=UTC)


def row(key: str, day: int = 1, **changes: object) -> dict[str, object]:
    base = {"id": key, "ad_date": f"2026-09-{day:02}", "clicks": 7, "cost": "1.25", "who": "a@b.pt"}
    return {**base, **changes}


def land(
    landing: Landing,
    *pages: object,
    stream: Stream = SPEND,
    window: Window = WINDOW,
    **options: object,
) -> Load:
    return take_in(
        landing, "shop", stream, window, iter(pages), api_version="1", hash_key="k", **options
    )


def aside(landing: Landing, load: Load) -> list[tuple[object, ...]]:
    names = ("position", "reason", "kind", "day", "amount", "is_lost")
    return [tuple(entry[name] for name in names) for entry in landing.set_aside_rows(load)]
