"""Exchange rates: a currency begins, ends, pauses or becomes the euro, and the others land."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from contract.published_rates import WINDOW, access, extracted, land, publish, quoting
from sandbox.desk import Asked
from trueup.errors import BrokenContract
from trueup.landing.store import Landing
from trueup.sources.contract import Access
from trueup.sources.euro import BECAME_EURO
from trueup.sources.fx_rates import SOURCE
from trueup.sources.fx_rates.calendar import is_working_day
from trueup.sources.fx_rates.streams import RATES
from trueup.window import Window

__all__ = ["access", "publish"]


def without(*gone: tuple[str, date]) -> Any:
    """Spoils answers: no rate of a currency from a day on."""

    def spoil(asked: Asked, text: str) -> str | None:
        lines = text.splitlines(keepends=True)
        kept = [
            line
            for line in lines
            if not any(f",{c}," in line and line.split(",")[6] >= str(day) for c, day in gone)
        ]
        return "".join(kept) if len(kept) < len(lines) else None

    return spoil


def test_a_currency_quoted_no_longer_is_reported_and_the_others_land(
    access: Access, sandbox: Any
) -> None:
    calm, _ = extracted(access)
    ended = date(2026, 9, 8)
    sandbox.desk.spoil("fx_rates", without(("GBP", ended)), times=9)
    found, [absent] = extracted(access)
    gone = {pair for pair in calm if pair[0] == "GBP" and pair[1] >= str(ended)}
    assert gone and set(found) == set(calm) - gone and len(found) == len(set(found))
    assert (absent.days, absent.kind) == (Window(ended, WINDOW.until), "part")
    assert "GBP is quoted no longer, its last rate is of 2026-09-07" in absent.why
    assert "fixed_rates" in absent.why
    after = Window(date(2026, 9, 12), WINDOW.until)
    found, [absent] = extracted(access, after)
    assert {code for code, _ in found} == {"USD"} and absent.kind == "part"


def test_a_currency_the_ecb_does_not_quote_is_reported_and_the_others_land(access: Access) -> None:
    calm, _ = extracted(access)
    odd = replace(access, options={"currencies": ["USD", "GBP", "XTS"]})
    found, [absent] = extracted(odd)
    assert sorted(found) == sorted(calm)
    assert "the ECB quotes no XTS" in absent.why and absent.kind == "part"


def test_a_currency_that_ended_is_distinguished_from_a_feed_that_is_silent(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    """A company may know one currency only: the one always quoted shows which; it does not land."""
    alone = replace(access, options={"currencies": ["XTS"]})
    found, [absent] = extracted(alone)
    assert not found and "the ECB quotes no XTS" in absent.why and absent.kind == "part"
    assert land(landing, alone).row_count == 0
    sandbox.desk.order_fault("fx_rates", "silent_feed", 1)
    with pytest.raises(BrokenContract, match="no exchange rate of XTS since 2026-08-31"):
        land(landing, alone)


def test_a_currency_that_begins_is_reported_and_lands_from_then_on(
    access: Access, sandbox: Any
) -> None:
    """As the krona of Iceland in February 2018, or an accession country's."""
    begins = {f"ISK 2026-09-{day:02}": "143.5" for day in (9, 10, 11, 14)}
    sandbox.desk.spoil("fx_rates", quoting(dict(begins)), times=1)
    one = replace(access, options={"currencies": ["USD", "ISK"]})
    sandbox.desk.spoil("fx_rates", quoting(dict(begins)), times=1)
    found, [absent] = extracted(one)
    assert {day for code, day in found if code == "ISK"} == {k.split()[1] for k in begins}
    assert "ISK is quoted since 2026-09-09 only" in absent.why and "fixed_rates" in absent.why
    assert absent.days == Window(date(2026, 8, 3), date(2026, 9, 9))


def test_a_currency_that_is_suspended_and_comes_back_costs_the_days_between(
    access: Access, sandbox: Any
) -> None:
    gone = {f"GBP 2026-08-{day:02}": "" for day in range(10, 15)}
    for _ in range(2):
        sandbox.desk.spoil("fx_rates", quoting(dict(gone)), times=1)
    found, [absent] = extracted(access)
    assert ("GBP", "2026-08-10") not in found and ("GBP", "2026-08-17") in found
    assert "2026-08-10, 2026-08-11, 2026-08-12 and 2 more days" in absent.why


@pytest.mark.parametrize("code", ["BGN", "HRK", "LTL", "DEM"])
def test_what_became_the_euro_is_neither_asked_for_nor_missed(
    access: Access, landing: Landing, code: str
) -> None:
    found, absent = extracted(replace(access, options={"currencies": ["USD", code]}))
    assert {one for one, _ in found} == {"USD"} and not absent
    alone = replace(access, options={"currencies": [code]}, base_url="http://127.0.0.1:9")
    assert extracted(alone) == ([], [])
    assert SOURCE.written_through(alone, RATES, WINDOW.last_day) == WINDOW.last_day
    assert land(landing, alone).row_count == 0


def test_a_window_in_which_a_currency_becomes_the_euro_misses_nothing_after(
    access: Access, publish: Callable[[set[date]], None]
) -> None:
    window = Window(date(2025, 12, 22), date(2026, 1, 10))
    days = {day for day in Window(date(2025, 12, 1), window.until).days() if is_working_day(day)}
    publish(days)
    lev = replace(access, options={"currencies": ["BGN", "USD"]}, history_start=window.since)
    found, absent = extracted(lev, window)
    assert ("BGN", "2025-12-31") in found and not absent


def test_the_rates_of_the_law_are_those_the_council_fixed() -> None:
    assert len(BECAME_EURO) == 21
    assert BECAME_EURO["BGN"] == (date(2026, 1, 1), Decimal("1.95583"))
    assert BECAME_EURO["HRK"] == (date(2023, 1, 1), Decimal("7.53450"))
    assert all(
        len(f"{units}".replace(".", "").lstrip("0")) == 6 for _, units in BECAME_EURO.values()
    )
