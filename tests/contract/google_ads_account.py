"""What the Google Ads contract tests share: the demo account and ways to land and read it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from sandbox.desk import Asked, Instead
from sandbox.vendors.google_ads_gaql import Failure
from sandbox.vendors.google_ads_refusals import envelope
from trueup.landing.intake import take_in
from trueup.landing.store import Landing, Load
from trueup.sources.contract import Access, Account
from trueup.sources.google_ads import SOURCE
from trueup.window import Window

CUSTOMER, ZONE, CURRENCY = "4711002200", "America/New_York", "USD"
MANAGER = "4711000000"
SECRETS = {
    "client_id": "sandbox-client",
    "client_secret": "sandbox-google-secret",
    "refresh_token": "sandbox-google-refresh",
}
WEEK = Window(date(2026, 9, 1), date(2026, 9, 8))
MONTH = Window(date(2026, 8, 10), date(2026, 9, 9))
DAY = Window(date(2026, 9, 3), date(2026, 9, 4))


def unknown_error(asked: Asked, answer: Any) -> Instead | None:
    """Google's envelope with an error of a family nobody has heard of, for every report."""
    if "searchStream" not in asked.path:
        return None
    failure = Failure("assetMoodError", "ASSET_IS_SAD", "The asset is not in the mood.")
    return Instead(400, [envelope(failure)])


def access_to(url: str, folder: Path) -> Access:
    return Access(
        source="google_ads",
        base_url=f"{url}/google_ads",
        accounts=(Account(CUSTOMER, ZONE, CURRENCY),),
        options={"login_customer_id": MANAGER},
        history_start=date(2026, 8, 1),
        reporting_zone="Europe/Lisbon",
        reporting_currency="EUR",
        folder=folder,
        secrets=SECRETS,
    )


def window_of(stream: str) -> Window:
    """A window the stream may be asked for in one piece."""
    kind = SOURCE.stream(stream).kind
    return DAY if kind == "snapshot" or stream == "clicks" else WEEK


def land(access: Access, landing: Landing, stream: str, window: Window) -> Load:
    declared = SOURCE.stream(stream)
    return take_in(
        landing,
        "google_ads",
        declared,
        window,
        SOURCE.extract(access, declared, window),
        api_version=SOURCE.api_version,
        hash_key="k",
    )


def rows(landing: Landing, *loads: Load) -> list[dict[str, Any]]:
    """The landed rows of `loads`, in one order."""
    found = []
    for file in (file for load in loads for file in load.files):
        found += duckdb.sql(f"from '{landing.path(file.name)}'").to_arrow_table().to_pylist()
    return sorted(found, key=repr)
