"""What HubSpot's contract tests share: the demo portal, a crowd of contacts, a way to land."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from contract.stand_in import stand_in
from sandbox.desk import Desk
from sandbox.vendors import hubspot_records
from trueup.landing.intake import take_in
from trueup.landing.store import Landing, Load
from trueup.sources.contract import Access, Account
from trueup.sources.hubspot import SOURCE
from trueup.window import Window

TOKEN = "sandbox-hubspot-token"
WINDOW = Window(date(2026, 8, 1), date(2026, 9, 15))
CROWD = 10_500
BATCH_UPDATE_AT = "2026-08-31 22:00:00.123"

# The portal after a batch update: 10,500 contacts changed in one millisecond, one archived later;
# and one deal, won and then lost.
CROWD_TABLES = {
    "contacts": """select 70000000000 + i as contact_id, i as visit_id,
            timestamp '2026-08-02' + interval (i) second as created_at, 'wedding_enquiry' as form,
            'guest' || i || '@example.com' as email, '' as phone, '' as first_name, '' as last_name,
            null::varchar as gclid, null::varchar as fbclid, null::varchar as utm_source,
            null::varchar as utm_medium, null::varchar as utm_campaign,
            case when i = getvariable('crowd') then timestamp '2026-09-03 09:00' end as archived_at
        from range(getvariable('crowd') + 1) numbers(i)""",
    "contact_updates": f"""select contact_id, timestamp '{BATCH_UPDATE_AT}' as updated_at,
            'lead' as lifecycle_stage
        from contacts where archived_at is null""",
    "enquiries": """select contact_id, created_at as asked_at, form, gclid, fbclid, utm_source,
            utm_medium, utm_campaign
        from contacts""",
    "activities": """select 0 as activity_id, 'calls' as kind, 0 as contact_id,
            timestamp '2026-08-03' as happened_at, timestamp '2026-08-03' as created_at,
            timestamp '2026-08-03' as completed_at, 'OUTBOUND' as direction
        where false""",
    "crm_merges": """select 'deals' as kind, 0 as primary_id, 0 as other_id, 0 as merged_id,
            timestamp '2026-08-03' as merged_at
        where false""",
    "deal_contacts": """select 80000000001 as deal_id, 70000000001 as contact_id,
            null::varchar as label""",
    "visits": "select 0 as visit_id, '' as referrer where false",
    "deals": """select 80000000001 as deal_id, 70000000001 as contact_id, 'A. & B.' as deal_name,
            'weddings' as pipeline, 'GBP' as currency_code, timestamp '2026-08-03' as created_at,
            null::timestamp as archived_at""",
    "deal_stages": """select *, null::varchar as currency_code, null::varchar as written_by,
            case when stage like 'closed%' then entered_at end as closed_at
        from (values
            (80000000001, 'enquiry', timestamp '2026-08-03', 4000.00),
            (80000000001, 'closedwon', timestamp '2026-08-20 23:59:59.999', 4200.50),
            (80000000001, 'closedlost', timestamp '2026-09-02 12:00', 4200.50)
        ) stages(deal_id, stage, entered_at, amount)""",
}


def access_to(url: str, folder: Path) -> Access:
    """The demo portal, seven records a page so that small worlds have many pages."""
    return Access(
        source="hubspot",
        base_url=f"{url}/hubspot",
        accounts=(Account("24680246", "Europe/Lisbon", "EUR"),),
        options={"page_size": 7},
        history_start=WINDOW.since,
        reporting_zone="Europe/Lisbon",
        reporting_currency="EUR",
        folder=folder,
        secrets={"access_token": TOKEN},
    )


def land(landing: Landing, access: Access, stream: str, window: Window = WINDOW) -> Load:
    declared = SOURCE.stream(stream)
    pages = SOURCE.extract(access, declared, window)
    return take_in(
        landing, "hubspot", declared, window, pages, api_version=SOURCE.api_version, hash_key="k"
    )


def rows(landing: Landing, load: Load) -> list[dict[str, Any]]:
    if not load.files:
        return []
    paths = [landing.path(file.name) for file in load.files]
    table = pq.ParquetDataset(paths, filesystem=landing.fs).read()
    return sorted(table.to_pylist(), key=lambda row: [str(row[k]) for k in row])


def set_clock(desk: Desk, now: str) -> None:
    desk.set_clock(datetime.fromisoformat(now))


def crowd_in(desk: Desk, monkeypatch: Any, crowd: int = CROWD) -> None:
    """Put the crowd in place of the world, and forget what was read of either before."""
    stand_in(desk, monkeypatch, CROWD_TABLES, crowd=crowd)
    monkeypatch.setattr(hubspot_records, "_kept", {})
    set_clock(desk, "2026-09-15T06:00:01")
