"""What Search Console's contract tests share: the demo property and ways to land and read it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from sandbox import keys
from sandbox.desk import Asked
from trueup.landing.intake import take_in
from trueup.landing.store import Landing, Load
from trueup.sources.contract import Access, Account
from trueup.sources.search_console import SOURCE
from trueup.window import Window

SITE, ZONE = "sc-domain:harbourhouse.example", "America/Los_Angeles"
WEEK = Window(date(2026, 9, 4), date(2026, 9, 11))
DAY = Window(date(2026, 9, 8), date(2026, 9, 9))
FOR_EVER = 1_000


def access_to(sandbox: Any, folder: Path, site: str = SITE, **options: Any) -> Access:
    return Access(
        source="search_console",
        base_url=f"{sandbox.url}/search_console",
        accounts=(Account(site, ZONE, "EUR"),),
        options=options,
        history_start=date(2026, 8, 1),
        reporting_zone="Europe/Lisbon",
        reporting_currency="EUR",
        folder=folder,
        secrets={"service_account": keys.service_account(sandbox.desk.state, sandbox.url)},
    )


def land(landing: Landing, access: Access, window: Window = WEEK) -> Load:
    declared = SOURCE.stream("performance")
    return take_in(
        landing,
        "search_console",
        declared,
        window,
        SOURCE.extract(access, declared, window),
        api_version=SOURCE.api_version,
        hash_key="k",
        account=access.account.id,
    )


def rows(landing: Landing, *loads: Load) -> list[dict[str, Any]]:
    """The landed rows of `loads`, in one order."""
    found = []
    for file in (file for load in loads for file in load.files):
        found += duckdb.sql(f"from '{landing.path(file.name)}'").to_arrow_table().to_pylist()
    return sorted(found, key=repr)


def dimensions_of(asked: Asked) -> list[str]:
    return [str(name).lower() for name in asked.params.get("dimensions", [])]


def changing(
    dimensions: list[str], change: Callable[[list[dict[str, Any]]], Any]
) -> Callable[[Asked, Any], Any]:
    """Makes `change` of the rows of answers that are asked for by `dimensions`."""

    def spoil(asked: Asked, answer: Any) -> Any:
        if not isinstance(answer, dict) or "rows" not in answer:
            return None
        if dimensions_of(asked) != dimensions:
            return None
        return {**answer, "rows": change(answer["rows"])}

    return spoil
