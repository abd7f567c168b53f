"""What Shopify's contract tests share: a small shop with every awkward order, a way to land."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from contract.stand_in import stand_in
from sandbox import demo
from sandbox.desk import Desk
from sandbox.vendors import shopify
from trueup.landing.intake import take_in
from trueup.landing.store import Landing, Load
from trueup.sources.contract import Access, Account
from trueup.sources.shopify import SOURCE
from trueup.window import Window

WINDOW = Window(date(2026, 9, 1), date(2026, 9, 10))
LANDING_PAGE = (
    "https://shop.example/hampers?utm_source=google&utm_medium=cpc&utm_campaign=hampers%20uk"
    "&gclid=Cj0KCQ&contact=ann%40example.com"
)
#: Lisbon is an hour ahead of UTC: the window is [08-31 23:00, 09-09 23:00) UTC.
TABLES = {
    "orders": f"""select order_id, 'HH' || order_id as order_name, 7 as person_id,
            order_id as visit_id, ordered_at, 100.00::decimal(18,2) as subtotal_amount,
            10.00::decimal(18,2) as discount_amount, 4.50::decimal(18,2) as shipping_amount,
            16.83::decimal(18,2) as tax_amount, 94.50::decimal(18,2) as total_amount,
            'GBP' as presentment_currency, 0.85::double as presentment_rate,
            '{LANDING_PAGE}' as landing_page, '' as referrer, null::bigint as first_visit_id,
            cancelled_at, is_test, 'hamper' as product_type,
            case when cancelled_at is null then 'plain' else 'voided' end as life,
            null::timestamp as edited_at, null::decimal(18,2) as edited_amount,
            'web' as source_name
        from (values
            (1, timestamp '2026-08-31 23:00:00', null::timestamp, false),
            (2, timestamp '2026-08-31 22:59:59.9', null, false),
            (3, timestamp '2026-09-05 12:00:00', null, false),
            (4, timestamp '2026-09-09 22:59:59.9', null, false),
            (5, timestamp '2026-09-09 23:00:00', null, false),
            (6, timestamp '2026-09-06 08:00:00', timestamp '2026-09-07 09:00:00', true),
            (8, timestamp '2026-08-20 08:00:00', null, false)
        ) as placed(order_id, ordered_at, cancelled_at, is_test)""",
    "order_updates": """select order_id, ordered_at as updated_at, 'created' as what from orders
        union all values (6, timestamp '2026-09-07 09:00:00', 'cancel'),
            (3, timestamp '2026-09-08 10:00:00', 'refund'),
            (3, timestamp '2026-09-11 10:00:00', 'refund'),
            (8, timestamp '2026-09-02 10:00:00', 'edit')""",
    "transactions": """select transaction_id, order_id, kind, 'SUCCESS' as status,
            'shopify_payments' as gateway, moved_at, amount
        from (values
            (31, 3, 'REFUND', timestamp '2026-09-08 10:00:00', 30.00::decimal(18,2)),
            (32, 3, 'REFUND', timestamp '2026-09-11 10:00:00', 64.50::decimal(18,2))
        ) as given(transaction_id, order_id, kind, moved_at, amount)
        union all
        select order_id * 100, order_id,
            case when cancelled_at is null then 'SALE' else 'AUTHORIZATION' end, 'SUCCESS',
            'shopify_payments', ordered_at, total_amount
        from orders""",
    "disputes": """select * from (values
            (90, 8, timestamp '2026-09-03 10:00:00', timestamp '2026-09-30 10:00:00', true,
                94.50::decimal(18,2))
        ) as given(dispute_id, order_id, initiated_at, finalized_at, is_won, amount)""",
    "people": "select 7 as person_id, 'Ann@example.com' as email",
    "visits": f"""select order_id as visit_id, ordered_at - interval 5 minute as visit_at,
            '{LANDING_PAGE}' as landing_page, '' as referrer from orders""",
}


def access_to(url: str, folder: Path, **changes: Any) -> Access:
    """The demo shop, ten orders a page so that a small world has many pages."""
    access = Access(
        source="shopify",
        base_url=f"{url}/shopify",
        accounts=(Account("harbour-house.myshopify.com", "Europe/Lisbon", "EUR"),),
        options={"page_size": 10},
        history_start=WINDOW.since,
        reporting_zone="Europe/Lisbon",
        reporting_currency="EUR",
        folder=folder,
        secrets={name: demo.secret(f"shopify_{name}") for name in SOURCE.secrets},
    )
    return replace(access, **changes)


def land(landing: Landing, access: Access, stream: str, window: Window = WINDOW) -> Load:
    declared = SOURCE.stream(stream)
    return take_in(
        landing,
        "shopify",
        declared,
        window,
        SOURCE.extract(access, declared, window),
        api_version=SOURCE.api_version,
        hash_key="k",
    )


def rows(landing: Landing, *loads: Load) -> list[dict[str, Any]]:
    """The rows of the loads, ordered by their first column, the key."""
    paths = [landing.path(file.name) for load in loads for file in load.files]
    if not paths:
        return []
    table = pq.ParquetDataset(paths, filesystem=landing.fs).read()
    return sorted(table.to_pylist(), key=lambda row: next(iter(row.values())))


def set_clock(desk: Desk, now: str) -> None:
    desk.set_clock(datetime.fromisoformat(now))


def open_small_shop(desk: Desk, monkeypatch: Any) -> None:
    """Put the tables above in place of the world. Points are restored almost at once: tests ask
    faster than a shop allows, and none is to wait for what an earlier one asked."""
    stand_in(desk, monkeypatch, TABLES)
    monkeypatch.setattr(shopify, "RESTORED_A_SECOND", 1_000_000.0)
