"""Google's numbers, however they are written, are the amounts they mean."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from contract.google_ads_account import WEEK, access_to, land, rows
from sandbox.desk import Asked
from trueup.landing.store import Landing
from trueup.landing.values import convert
from trueup.sources import zones
from trueup.sources.contract import Account, Column
from trueup.sources.google_ads import rows as made
from trueup.sources.google_ads.queries import CLAIM_LEVELS, QUERIES

COST = Column("cost", "DECIMAL(18,6)")
PLACE = {"source": "google_ads"}


@pytest.mark.parametrize(
    ("micros", "units"),
    [
        ("1500000", "1.5"),
        (1_500_000, "1.5"),
        ("1500000.0", "1.5"),
        ("1.5e6", "1.5"),
        (1500000.0, "1.5"),
        ("333333.333333", "0.333333"),
        ("-250000", "-0.25"),
        ("0", "0"),
        # More than 32 bits hold, and more than a double tells apart
        ("4294967296000000", "4294967296"),
        ("9007199254740993", "9007199254.740993"),
        ("many", None),
        ("1_500_000", None),
        ("", None),
        ("Infinity", None),
        ("9" * 400, None),
        (True, None),
        (None, None),
        ({"units": 1}, None),
    ],
)
def test_millionths_become_units_however_they_are_written(micros: Any, units: str | None) -> None:
    query = QUERIES["campaign_performance"]
    [row] = made.of(query, [{"metrics": {"costMicros": micros}}])
    assert convert(row["cost"], COST) == (units and Decimal(units))


@pytest.mark.parametrize("share", [1, 0.5, 0.333333333])
def test_large_amounts_that_google_sums_in_binary_lose_no_page(share: float) -> None:
    """Three hundred million dong a claim, shared between clicks: Google's own sum is off by more
    than a millionth, and a row that is missing by far more."""
    query = CLAIM_LEVELS["conversions"]["campaign"]
    [column] = [one for one, _ in query.metrics if one.name == "all_conversions_value"]
    values = [(3e8 + 7 * number) * share for number in range(2_000)]
    stated = Decimal(repr(sum(values)))
    pages = [[{"all_conversions_value": round(value, 6)} for value in values]]
    assert made._agreed(pages, column, stated) == sum(Decimal(str(round(v, 6))) for v in values)
    assert made._agreed([pages[0][:-1]], column, stated) == stated


@pytest.mark.parametrize(
    ("vendors", "files"),
    [
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("Europe/Kiev", "Europe/Kyiv"),
        ("Asia/Saigon", "Asia/Ho_Chi_Minh"),
        ("America/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("Asia/Rangoon", "Asia/Yangon"),
        ("Etc/UTC", "UTC"),
    ],
)
def test_a_zone_by_its_old_name_is_the_same_zone(vendors: str, files: str) -> None:
    account = Account("1", files, "INR")
    rows = [{"customer_id": "1", "currency_code": "INR", "time_zone": vendors}]
    made.check_account(rows, account, PLACE)
    assert rows[0]["time_zone"] == files
    assert zones.have_same_days(files, vendors)


@pytest.mark.parametrize(
    "vendors",
    ["America/Mexico_City", "Europe/Lisbon", "EST", "Nowhere/Such", "../etc", "", None, ["UTC"]],
)
def test_another_zone_is_another(vendors: Any) -> None:
    assert not zones.have_same_days(vendors, "America/New_York")


def test_an_account_whose_zone_was_renamed_lands(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    access = access_to(sandbox.url, tmp_path)
    calm = rows(landing, land(access, landing, "campaign_performance", WEEK))

    def spoil(asked: Asked, answer: Any) -> Any:
        if "searchStream" not in asked.path:
            return None
        for batch in answer:
            for result in batch.get("results", []):
                result["customer"]["timeZone"] = "US/Eastern"
        return answer

    sandbox.desk.spoil("google_ads", spoil)
    assert rows(landing, land(access, landing, "campaign_performance", WEEK)) == calm


@pytest.mark.parametrize("manager", ["471-100-0000", 4711000000, "4711000000"])
def test_a_managers_id_may_be_written_as_google_shows_it(
    sandbox: Any, landing: Landing, tmp_path: Path, manager: Any
) -> None:
    access = access_to(sandbox.url, tmp_path)
    through = replace(access, options={"login_customer_id": manager})
    assert land(through, landing, "campaign_performance", WEEK).row_count


def test_a_zone_that_is_another_is_reported_by_name(tmp_path: Path, sandbox: Any) -> None:
    access = access_to(sandbox.url, tmp_path)
    account = replace(access.accounts[0], time_zone="Asia/Kolkata")
    found = [{"customer_id": account.id, "time_zone": "America/New_York"}]
    with pytest.raises(made.BrokenContract, match="got: America/New_York"):
        made.check_account(found, account, PLACE)


@pytest.mark.parametrize(
    ("name", "metric", "value"),
    [
        ("conversions", "allConversionsValue", "NaN"),
        ("ad_performance", "clicks", None),
        ("ad_performance", "costMicros", None),
    ],
)
def test_a_number_that_is_none_costs_its_row(
    sandbox: Any, landing: Landing, tmp_path: Path, name: str, metric: str, value: Any
) -> None:
    """Google's sums count what the row leaves out; NaN would make NaN of all."""

    def spoil(asked: Asked, answer: Any) -> Any:
        if "searchStream" not in asked.path:
            return None
        for batch in answer:
            for result in batch.get("results", [])[:1]:
                result["metrics"][metric] = value
        return answer

    access = access_to(sandbox.url, tmp_path)
    calm = land(access, landing, name, WEEK)
    sandbox.desk.spoil("google_ads", spoil, times=99)
    load = land(access, landing, name, WEEK)
    lost = calm.row_count - load.row_count
    assert lost == load.set_aside_count and 1 <= lost <= 2
