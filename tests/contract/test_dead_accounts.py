"""One account is dead: it was closed, or the key is not let in. The other lands all the same."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from cases.small_company import SmallCompany
from sandbox import demo, keys

DAY = "2026-09-08"
PACIFIC = {"time_zone": "America/Los_Angeles", "currency": "EUR"}
LISBON = {"time_zone": "Europe/Lisbon", "currency": "EUR"}
#: Source -> the account that lands, the one that does not, what else the company file says of it,
#: and what is said of the dead one.
SOURCES: dict[str, tuple[dict[str, str], dict[str, str], dict[str, Any], str]] = {
    "awin": (
        {"id": "15632", "time_zone": "Europe/London", "currency": "EUR"},
        {"id": "99999", "time_zone": "Europe/London", "currency": "EUR"},
        {"credentials": {"access_token": "awin_access_token"},
         "options": {"calls_per_minute": 2000},
         "headline_claim": {"date_basis": "conversion_date"}},
        "refused our credentials",
    ),
    "cloudbeds": (
        {"id": "173245", **LISBON},
        {"id": "999999", **LISBON},
        {"credentials": {"api_key": "cloudbeds_api_key"},
         "options": {"requests_per_second": 1000}},
        "the key does not open the property",
    ),
    "conversions_api": (
        {"id": "meta:714200300400500", **LISBON},
        {"id": "meta:999000999000999", **LISBON},
        {"credentials": {"meta_access_token": "conversions_api_meta_access_token",
                         "google_service_account": "ga4_service_account"},
         "options": {"logs": [
             {"name": "sender", "table": "harbour-house.server_side.sent_events"}]}},
        "meta:999000999000999",
    ),
    "gtm": (
        {"id": "GTM-HRBHS01", **LISBON},
        {"id": "GTM-XXXX999", **LISBON},
        {"credentials": {"service_account": "ga4_service_account"},
         "options": {"seconds_between_requests": 0}},
        "add the service account's address as a user",
    ),
    "search_console": (
        {"id": "sc-domain:harbourhouse.example", **PACIFIC},
        {"id": "sc-domain:closed.example", **PACIFIC},
        {"credentials": {"service_account": "search_console_service_account"}},
        "Users and permissions",
    ),
}  # fmt: skip


@pytest.mark.parametrize("source", sorted(SOURCES))
def test_a_dead_account_stops_no_other(source: str, sandbox: Any, tmp_path: Path) -> None:
    living, dead, more, said = SOURCES[source]
    sandbox.desk.set_clock(datetime(2026, 9, 15, 6))
    company = SmallCompany(tmp_path, environment={
        **demo.environment(), **keys.environment(sandbox.desk.state, sandbox.url),
        "TRUEUP_HTTP_ATTEMPTS": "2", "TRUEUP_HTTP_BACKOFF_SECONDS": "0.01",
    })  # fmt: skip
    company.goal("sale", {"source": "files", "selector": "orders"})
    company.more["history"] = {"start": DAY}
    company.sources[source] = {
        "base_url": f"{sandbox.url}/{source}", "accounts": [dead, living], **more
    }  # fmt: skip
    company.write("none.csv", "id\n")
    company.feed("till", "orders", "select 1 where false", ["id"])
    answer = company.land(source, DAY)
    assert answer.code != 0 and said in answer.text
    lines = answer.text.splitlines()
    assert any(line.startswith(f"landed {source}.") and living["id"] in line for line in lines)
    assert not any(line.startswith("landed") and dead["id"] in line for line in lines)
    assert any("did not land" in line and dead["id"] in line for line in lines)
