"""Companies that are all well but for what a test changes, and what `trueup check` says of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from feed_files import ORDERS, SPEND
from trueup.company import full_check

CLAIMS = """
select _row, 'maps' as platform, campaign as campaign_id, day as claim_date,
    action as action_id, 'click_date' as date_basis, 1 as claimed_conversions
from input
"""


@pytest.fixture
def company(tmp_path: Path) -> dict[str, Any]:
    """A company of files, all well."""
    for name, content in {
        "till.csv": "id,day,total\nA1,2026-09-01,5\n",
        "till.sql": ORDERS.replace("from input", ", 'sale' as goal from input"),
        "maps.csv": "day,campaign,impressions,clicks,cost\n2026-09-01,a,1,1,1\n",
        "maps.sql": SPEND,
        "claims.csv": "day,campaign,action\n2026-09-01,a,Purchase\n",
        "claims.sql": CLAIMS,
    }.items():
        (tmp_path / name).write_text(content, "utf-8")
    feeds = [
        {"name": "till", "stream": "orders", "path": "till*.csv", "sql": "till.sql"},
        {"name": "maps", "stream": "ad_performance", "path": "maps.csv", "sql": "maps.sql"},
        {"name": "claims", "stream": "claims", "path": "claims.csv", "sql": "claims.sql",
         "headline_claim": {"date_basis": "click_date"}},
    ]  # fmt: skip
    return {
        "name": "till",
        "title": "A till",
        "reporting": {"time_zone": "Europe/Lisbon", "currency": "EUR"},
        "history": {"start": "2026-09-01"},
        "sources": {"files": {"options": {"feeds": feeds}}},
        "goals": {
            "sale": {
                "tier": "strong",
                "counts_as_revenue": True,
                "mappings": [
                    {"source": "files", "selector": "orders"},
                    {"source": "files", "selector": "Purchase"},
                ],
            }
        },
        "channels": [{"channel": "paid", "is_paid": True, "platform": "maps"}],
    }


def feeds_of(company: dict[str, Any]) -> list[dict[str, Any]]:
    return company["sources"]["files"]["options"]["feeds"]


def check(folder: Path, content: dict[str, Any]) -> list[str]:
    path = folder / "company.yml"
    path.write_text(yaml.safe_dump(content), "utf-8")
    return list(full_check.problems(path))


SECRETS = {
    "shopify": ("client_id", "client_secret"),
    "hubspot": ("access_token",),
    "ga4": ("service_account",),
    "google_ads": ("client_id", "client_secret", "refresh_token"),
    "meta_ads": ("access_token", "app_secret"),
    "fx_rates": (),
}
IDS = {
    "shopify": "x.myshopify.com", "hubspot": "1", "ga4": "1", "google_ads": "4711002200",
    "meta_ads": "act_1",
}  # fmt: skip


def of_vendor(name: str, **changes: Any) -> dict[str, Any]:
    """A company of one vendor, all well but for what changes in its source or account."""
    account = {"id": IDS.get(name), "time_zone": "Europe/Lisbon", "currency": "EUR"}
    entry = {
        "accounts": [account | changes.pop("account", {})] if name in IDS else [],
        "credentials": {role: f"{name}_{role}" for role in SECRETS[name]},
        "options": changes,
    }
    return {
        "name": "shop",
        "title": "A shop",
        "reporting": {"time_zone": "Europe/Lisbon", "currency": "EUR"},
        "history": {"start": "2026-09-01"},
        "sources": {name: entry, "files": {}},
        "goals": {"sale": {"tier": "strong", "counts_as_revenue": True, "mappings": []}},
    }


def two_properties(*own: dict[str, str]) -> dict[str, Any]:
    """A company of a hotel for each of `own`, the credentials named with its account."""
    place = {"time_zone": "Europe/Lisbon", "currency": "EUR"}
    accounts = [{"id": str(17 + i), **place, "credentials": one} for i, one in enumerate(own)]
    entry = {"accounts": accounts, "credentials": {"api_key": "first_key"}}
    stay = {"source": "cloudbeds", "selector": "reservations"}
    return {
        "name": "inns",
        "title": "Two inns",
        "reporting": {"time_zone": "Europe/Lisbon", "currency": "EUR"},
        "history": {"start": "2026-09-01"},
        "sources": {"cloudbeds": entry},
        "goals": {"stay": {"tier": "strong", "counts_as_revenue": True, "mappings": [stay]}},
    }
