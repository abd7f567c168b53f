"""What the tests of exchange rates share: the sandbox's rates, and ways to land and spoil them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sandbox.desk import Asked
from trueup.landing.intake import take_in
from trueup.landing.store import Landing, Load
from trueup.sources.contract import Absent, Access
from trueup.sources.fx_rates import SOURCE
from trueup.sources.fx_rates.streams import RATES
from trueup.window import Window

WINDOW = Window(date(2026, 8, 1), date(2026, 9, 15))


@pytest.fixture
def access(sandbox: Any, tmp_path: Path) -> Access:
    return Access(
        source="fx_rates",
        base_url=f"{sandbox.url}/fx_rates",
        accounts=(),
        options={"currencies": ["USD", "GBP"]},
        history_start=WINDOW.since,
        reporting_zone="Europe/Lisbon",
        reporting_currency="EUR",
        folder=tmp_path,
    )


@pytest.fixture
def publish(sandbox: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[set[date]], None]:
    """Let the ECB have published 1.1 for every currency on just these days."""

    def arrange(days: set[date]) -> None:
        def rows(sql: str, **asked: Any) -> list[dict[str, Any]]:
            return [
                {"currency_code": code, "rate_date": day, "units_per_eur": Decimal("1.1")}
                for code in sorted(asked["currencies"])
                for day in sorted(days)
                if asked["since"] <= day <= asked["until"]
            ]

        monkeypatch.setattr(sandbox.desk, "rows", rows)

    return arrange


def land(landing: Landing, access: Access, window: Window = WINDOW) -> Load:
    pages = SOURCE.extract(access, RATES, window)
    return take_in(
        landing, "fx_rates", RATES, window, pages, api_version=SOURCE.api_version, hash_key="k"
    )


def rows(landing: Landing, load: Load) -> list[tuple[Any, ...]]:
    files = [landing.path(file.name) for file in load.files]
    if not files:
        return []
    names = "rate_date, currency_code, base_currency, units_per_base"
    return duckdb.read_parquet(files).project(names).order("all").fetchall()


def extracted(access: Access, window: Window = WINDOW) -> tuple[list[Any], list[Absent]]:
    """Currency and day of every rate, and what is reported as absent."""
    pages = list(SOURCE.extract(access, RATES, window))
    found = [(r["currency_code"], r["rate_date"]) for p in pages if isinstance(p, list) for r in p]
    return found, [page for page in pages if isinstance(page, Absent)]


def quoting(answer: dict[str, str]) -> Any:
    """Spoils answers: these values of `CODE day` instead; one that is empty is not quoted."""

    def spoil(asked: Asked, text: str) -> str:
        header, *lines = text.splitlines(keepends=True)
        asked_for = asked.path.rpartition("/D.")[2].split(".")[0].split("+")
        kept = []
        for line in lines:
            cells = line.split(",")
            wanted = answer.pop(f"{cells[2]} {cells[6]}", cells[7])
            if wanted:
                kept.append(",".join([*cells[:7], wanted, *cells[8:]]))
        for pair, value in answer.items():
            code, day = pair.split()
            if code in asked_for and value:
                kept.append(
                    f"EXR.D.{code}.EUR.SP00.A,D,{code},EUR,SP00,A,{day},{value},A,F,4,x\r\n"
                )
        return "".join([header, *kept])

    return spoil
