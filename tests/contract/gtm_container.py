"""What the contract tests of gtm share: the demo containers, and a way to land one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from sandbox import keys
from sandbox.world.containers import WEB
from trueup.landing.intake import take_in
from trueup.landing.store import Landing, Load
from trueup.sources.contract import Access, Account
from trueup.sources.gtm import SOURCE
from trueup.sources.gtm.streams import SETTINGS
from trueup.window import Window

WINDOW = Window(date(2026, 9, 14), date(2026, 9, 15))
#: As long a key as the landing takes.
HASH_KEY = "q7Vd2mXz9Lk4Rt6Wb1Yc8Nf3"


def access_to(sandbox: Any, folder: Path, container: str = WEB, **options: Any) -> Access:
    return Access(
        source="gtm",
        base_url=f"{sandbox.url}/gtm",
        accounts=(Account(container, "Europe/Lisbon", "EUR"),),
        options={"seconds_between_requests": 0} | options,
        history_start=date(2026, 8, 1),
        reporting_zone="Europe/Lisbon",
        reporting_currency="EUR",
        folder=folder,
        secrets={"service_account": keys.service_account(sandbox.desk.state, sandbox.url)},
    )


def land(landing: Landing, access: Access) -> Load:
    pages = SOURCE.extract(access, SETTINGS, WINDOW)
    return take_in(
        landing, "gtm", SETTINGS, WINDOW, pages, api_version=SOURCE.api_version, hash_key=HASH_KEY
    )


def rows(landing: Landing, load: Load) -> list[dict[str, Any]]:
    files = [landing.path(file.name) for file in load.files]
    return duckdb.read_parquet(files).to_arrow_table().to_pylist() if files else []


def settings(found: list[dict[str, Any]], kind: str, number: str) -> dict[str, Any]:
    """The settings of one object by name: the value that may be read, else its hash."""
    return {
        row["setting"]: row["value"] if row["value"] is not None else row["hidden_value_hmac"]
        for row in found
        if (row["object_type"], row["object_id"]) == (kind, number)
    }
