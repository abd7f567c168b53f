"""Exchange rates: a slip is set aside, that currency alone, and a jump that may be true lands."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from contract.published_rates import WINDOW, access, land, quoting, rows
from sandbox.desk import Asked
from trueup.landing.intake import take_in
from trueup.landing.steady import slip
from trueup.landing.store import Landing, Load
from trueup.sources.contract import Access
from trueup.sources.fx_rates import SOURCE
from trueup.sources.fx_rates.streams import RATES
from trueup.window import Window

__all__ = ["access"]

BEFORE = Window(date(2026, 8, 1), date(2026, 9, 8))
AFTER = Window(date(2026, 9, 8), date(2026, 9, 12))


def landed_on(
    access: Access, landing: Landing, sandbox: Any, day: str, factor: Any, **more: Any
) -> tuple[Load, list[tuple[Any, ...]]]:
    """August as it is; then a window of its own whose GBP of `day` is `factor` of what it is."""
    windows: dict[date, Load] = {}
    first = land(landing, access, BEFORE)
    windows.update(dict.fromkeys(BEFORE.days(), first))
    true = sandbox.desk.rows(
        f"select units_per_eur as u from fx where currency_code = 'GBP' and rate_date = '{day}'"
    )[0]["u"]
    value = factor(true)
    sandbox.desk.spoil("fx_rates", quoting({f"GBP {day}": f"{value:f}"}), times=1)
    load = take_in(
        landing, "fx_rates", RATES, AFTER, SOURCE.extract(access, RATES, AFTER),
        api_version="1", hash_key="k", known=windows, **more,
    )  # fmt: skip
    return load, landing.set_aside_rows(load)


@pytest.mark.parametrize(
    ("factor", "says"),
    [
        (lambda rate: round(1 / rate, 5), "units_per_base is upside down, seen from that of"),
        (lambda rate: rate * 100, "units_per_base is about 100 times that of 2026-09-07"),
        (lambda rate: rate * 10, "units_per_base is about 10 times that of 2026-09-07"),
        (lambda rate: rate / 100, "units_per_base is about 1/100 times that of 2026-09-07"),
        (lambda rate: rate * 1000, "units_per_base is about 1,000 times that of 2026-09-07"),
        (lambda rate: round(100 / rate, 5), "units_per_base is about 100 times"),
        (lambda rate: rate * Decimal("3.5"), "times that of 2026-09-07"),
    ],
)
def test_a_slip_of_one_currency_is_set_aside_and_the_others_land(
    access: Access, landing: Landing, sandbox: Any, factor: Any, says: str
) -> None:
    """The first day of a window is held against the last one of the window before."""
    load, aside = landed_on(access, landing, sandbox, "2026-09-08", factor)
    [row] = aside
    assert says in row["reason"] and row["day"] == date(2026, 9, 8)
    assert load.row_count == 2 * 4 - 1
    found = {(code, str(day)) for day, code, *_ in rows(landing, load)}
    assert ("USD", "2026-09-08") in found and ("GBP", "2026-09-09") in found


@pytest.mark.parametrize("factor", [Decimal("1.25"), Decimal("0.6"), Decimal("1.03")])
def test_a_jump_that_may_be_true_lands(
    access: Access, landing: Landing, sandbox: Any, factor: Decimal
) -> None:
    load, aside = landed_on(access, landing, sandbox, "2026-09-10", lambda rate: rate * factor)
    assert (load.row_count, aside) == (8, [])


def test_a_person_may_take_a_jump_as_true(access: Access, landing: Landing, sandbox: Any) -> None:
    load, aside = landed_on(
        access, landing, sandbox, "2026-09-08", lambda rate: rate * 100, accepted=True
    )
    assert (load.row_count, aside) == (8, [])


def test_the_slips_of_a_first_landing_are_recognised_by_the_rates_around_them(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    """Even where the very first rate is the one that slipped."""
    slips = {"GBP 2026-08-03": "86.1", "USD 2026-08-20": "0.0114", "USD 2026-09-01": "114"}
    sandbox.desk.spoil("fx_rates", quoting(slips), times=1)
    aside = landing.set_aside_rows(load := land(landing, access))
    assert [(str(row["day"]), row["reason"].split(" is ")[1][:9]) for row in aside] == [
        ("2026-08-03", "about 100"), ("2026-08-20", "about 1/1"), ("2026-09-01", "about 100"),
    ]  # fmt: skip
    assert all("GBP" in row["content"] or "USD" in row["content"] for row in aside)
    assert load.row_count > 50


D = date


@pytest.mark.parametrize(
    ("last", "new", "is_slip"),
    [
        # Days on which the world moved, as the ECB published them.
        ((D(2015, 1, 14), 1.2010), (D(2015, 1, 15), 1.0280), False),  # the franc's floor is lifted
        ((D(2022, 2, 28), 115.1), (D(2022, 3, 1), 117.2), False),  # the rouble's last days
        ((D(2021, 12, 17), 18.58), (D(2021, 12, 21), 14.53), False),  # the lira, and back
        ((D(2016, 6, 23), 0.76530), (D(2016, 6, 24), 0.80828), False),  # the morning after a vote
        ((D(2008, 12, 9), 290.0), (D(2018, 2, 1), 124.6), False),  # the krona, quoted again
        ((D(2022, 3, 1), 117.2), (D(2026, 11, 20), 92.4), False),  # the rouble, were it again
        ((D(2022, 8, 22), 1.0001), (D(2022, 8, 23), 0.9927), False),  # the dollar at par
        # Slips.
        ((D(2026, 9, 7), 1.17), (D(2026, 9, 8), 0.8547), True),
        ((D(2026, 9, 4), 0.935), (D(2026, 9, 8), 1.0695), True),
        ((D(2026, 9, 7), 172.4), (D(2026, 9, 8), 1.724), True),  # yen quoted per hundred
        ((D(2026, 9, 7), 172.4), (D(2026, 9, 8), 0.0058), True),
        ((D(2026, 9, 7), 395.1), (D(2026, 9, 8), 3.951), True),  # forint per hundred
        ((D(2025, 12, 30), 143.2), (D(2026, 9, 8), 1.432), True),  # after months of silence
        ((D(2026, 4, 2), 0.8712), (D(2026, 4, 7), 1.1478), True),  # over Easter, upside down
        ((D(2008, 12, 9), 290.0), (D(2018, 2, 1), 1.246), True),
        ((D(2026, 9, 7), 19500.0), (D(2026, 9, 8), 19.5), True),  # rupiah in thousands
        ((D(2026, 9, 7), 1.17), (D(2026, 9, 8), 1.0), True),  # one for what is missing
        ((D(2022, 7, 12), 1.0042), (D(2022, 7, 13), 1.0), False),  # near par it may be one
    ],
)
def test_what_the_world_did_and_what_a_slip_is(
    last: tuple[date, float], new: tuple[date, float], is_slip: bool
) -> None:
    assert bool(slip(last, new)) == is_slip


def test_values_in_hundreds_are_read_as_the_feed_says(access: Access, sandbox: Any) -> None:
    def in_hundreds(asked: Asked, text: str) -> str:
        header, *lines = text.splitlines()
        out = [f"{header},UNIT_MULT"]
        for line in lines:
            cells = line.split(",")
            if cells[2] == "GBP":
                cells[7] = f"{Decimal(cells[7]) / 100:f}"
            out.append(",".join([*cells, "2" if cells[2] == "GBP" else "0"]))
        return "\r\n".join([*out, ""])

    calm = [row for page in SOURCE.extract(access, RATES, WINDOW) for row in page]
    sandbox.desk.spoil("fx_rates", in_hundreds, times=1)
    read = [row for page in SOURCE.extract(access, RATES, WINDOW) for row in page]
    assert [Decimal(row["units_per_base"]) for row in read] == [
        Decimal(row["units_per_base"]) for row in calm
    ]
