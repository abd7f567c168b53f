"""Money of settled days that comes otherwise than it did is reported; days that settle are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from trueup.gates import landing_gate, load_restated
from trueup.gates.findings import Finding
from trueup.gates.intake_rows import Subject
from trueup.gates.landing_gate import Standard
from trueup.gates.shares import Tolerance
from trueup.landing.intake import take_in
from trueup.landing.manifest import Load
from trueup.landing.store import Landing
from trueup.sources import registry
from trueup.window import Window
from unit.shop_loads import SPEND, row

STREAM = replace(SPEND, settles_in_days=4)
SUBJECT = Subject(
    "landing/shop", "shop.spend", "1", "trueup rejects shop", Tolerance(), False,
    datetime(2026, 9, 20, tzinfo=UTC), money="cost",
)  # fmt: skip
#: What ten days cost, so that the last that settled is the sixth.
COSTS = {day: 100 for day in range(1, 11)}


def landed(landing: Landing, costs: dict[int, int], known_on: int) -> Load:
    """All days through the day before `known_on`, as they stood then."""
    since, until = date(2026, 9, min(costs)), date(2026, 9, known_on)
    rows = [row(f"c{day}", day, cost=str(cost)) for day, cost in costs.items() if day < known_on]
    return take_in(
        landing, "shop", STREAM, Window(since, until), iter([rows]), api_version="1", hash_key="k",
        committed_at=datetime(2026, 9, known_on, 6, tzinfo=UTC),
    )  # fmt: skip


def found_after(folder: Path, now: dict[int, int], was: dict[int, int] = COSTS) -> list[Finding]:
    landing = Landing(str(folder))
    landed(landing, was, 11)
    load = landed(landing, {**was, 11: 100, **now}, 12)
    return load_restated.findings(landing, STREAM, [load], SUBJECT)


def test_what_is_taken_back_of_settled_days_is_a_ticket_with_days_and_money(tmp_path: Path):
    (found,) = found_after(tmp_path, {2: 40, 3: 0})
    assert (found.verdict, found.since_date) == ("warn", date(2026, 9, 2))
    assert found.observed == "40.00 where 200.00 was said, of 2 days through 2026-09-03"


@pytest.mark.parametrize(
    ("now", "days"),
    [({6: 90}, 1), ({6: 96}, 0), ({7: 50}, 0), ({5: 110}, 1), ({11: 900}, 0), ({5: 104}, 0)],
    ids=["settled", "hardly moved", "not settled yet", "billed anew", "new day", "a little more"],
)
def test_only_days_that_had_settled_and_moved_are_told(
    tmp_path: Path, now: dict[int, int], days: int
):
    assert len(found_after(tmp_path, now)) == days


def test_a_day_of_next_to_nothing_may_double(tmp_path: Path):
    assert found_after(tmp_path, {3: 4}, was={**COSTS, 3: 2}) == []


def test_what_is_judged_with_a_load_is_no_reading_from_before_it(tmp_path: Path):
    """History lands in many loads at once, and what overlaps in them was never reported."""
    landing = Landing(str(tmp_path))
    loads = [landed(landing, COSTS, 11), landed(landing, {**COSTS, 2: 0, 11: 100}, 12)]
    assert load_restated.findings(landing, STREAM, loads, SUBJECT) == []


def test_of_another_account_or_of_money_that_always_moves_nothing_is_said(tmp_path: Path):
    landing = Landing(str(tmp_path))
    landed(landing, COSTS, 11)
    load = landed(landing, {**COSTS, 2: 0, 11: 100}, 12)
    other = replace(load, account="2")
    assert load_restated.findings(landing, STREAM, [other], SUBJECT) == []
    assert load_restated.findings(landing, SPEND, [load], SUBJECT) == []


def test_the_landing_gate_tells_of_it_and_holds_nothing(tmp_path: Path):
    landing = Landing(str(tmp_path))
    landed(landing, COSTS, 11)
    load = landed(landing, {**COSTS, 2: 60, 11: 100}, 12)
    verdict = landing_gate.judge(
        tmp_path / "no suites", landing, "shop", [load], lambda *_: Standard(stream=STREAM)
    )
    assert (verdict.outcome, verdict.held_loads) == ("warn", ())
    assert [one.check_name for one in verdict.failed] == [load_restated.CHECK]


@pytest.mark.parametrize("source", ["google_ads", "meta_ads"])
def test_spend_of_accounts_settles_before_it_is_last_fetched_again(source: str):
    stream = registry.load(source).stream("account_performance")
    assert stream.settles_in_days and stream.settles_in_days < stream.restate_days - 1
