"""What was found on a day that is fetched again once a week is not over on the days between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from trueup.alerts import incident_files, on_call
from trueup.errors import BrokenContract
from trueup.gates import looked_at, not_landed, verdicts
from trueup.gates.findings import Finding, Verdict
from trueup.gates.looked_at import has_looked
from trueup.landing.landed import Landed
from trueup.landing.run import Request, Run
from trueup.landing.store import Landing
from trueup.sources.contract import Access, Account, Column, Page, Source, Stream
from trueup.window import Window
from unit.incident_gate import heard, home, received

__all__ = ["home", "received"]

GATE = "landing/shop"
COLUMNS = (Column("id", required=True), Column("ad_date", "DATE", required=True))
SPEND = Stream("spend", COLUMNS, ("id", "ad_date"), day="ad_date", restate_days=2)
STATE = Stream("state", COLUMNS, ("id",), kind="snapshot")
START, MONDAY = date(2026, 8, 1), date(2026, 9, 7)
#: Nine days before the Monday: that one asks for it again, and no day between two Mondays does.
GONE = date(2026, 8, 29)
WEEK = timedelta(days=7)


def restate_days(access: Access, stream: Stream, day: date) -> int:
    return 28 if stream is SPEND and day.weekday() == 0 else stream.restate_days


class Shop:
    """A source that is landed and reported day by day; of some days it has no row, or bad ones."""

    def __init__(self, landing: Landing, home: Path) -> None:
        self.landing, self.gates = landing, home / "gates"
        self.empty: set[date] = set()
        self.bad: set[date] = set()
        self.accounts = ["1"]

    def extract(self, access: Access, stream: Stream, window: Window) -> Iterator[Page]:
        if self.bad & set(window.days()):
            raise BrokenContract("another column", stream=stream.name, window=window)
        left = [day for day in window.days() if day not in self.empty]
        yield [{"id": "a", "ad_date": day} for day in left]

    def lands(self, day: date, *findings: Finding) -> Landed:
        """Land through `day`; the gate finds what did not land, and `findings` besides."""
        accounts = tuple(Account(name, "UTC", "EUR") for name in self.accounts)
        access = Access("shop", "", accounts, {}, START, "UTC", "EUR", Path())
        module = Source("shop", "1", (SPEND, STATE), self.extract, restate_days=restate_days)
        request = Request(module, access, day, suites=Path())
        landed = Run(self.landing, request).land(module.streams)
        loads = [
            load
            for stream in module.streams
            for load in self.landing.loads("shop", stream.name)
            if load.load_id in landed.loads
        ]
        at = datetime.combine(day, datetime.min.time(), UTC)
        asked = looked_at.windows("shop", loads)
        found = [looked_at.with_reach(replace(one, checked_at=at), asked) for one in findings]
        found += not_landed.findings("shop", landed.failed, at)
        verdicts.keep(self.gates, Verdict(GATE, tuple(found), at, landed.loads, windows=asked))
        on_call.report(GATE)
        on_call.report_missing(GATE, "Gave up", "http://airflow/log")
        return landed


@pytest.fixture
def shop(landing: Landing, home: Path) -> Shop:
    return Shop(landing, home)


def next_days(shop: Shop, monday: date) -> None:
    for offset in range(1, 7):
        shop.lands(monday + timedelta(days=offset))


def test_a_day_that_is_gone_is_one_incident_until_its_window_is_fetched_again(
    shop: Shop, received: list, home: Path
):
    shop.lands(MONDAY - timedelta(days=1))
    shop.empty = {GONE}
    shop.lands(MONDAY)
    (text,) = heard(received)
    assert text.startswith("1 opened") and "since 2026-08-29" in text
    next_days(shop, MONDAY)
    (incident,) = incident_files.all_open(home / "incidents")
    assert not on_call.is_stopped(GATE), "what the days between ask for has landed"
    shop.lands(MONDAY + WEEK)
    assert on_call.is_stopped(GATE)
    next_days(shop, MONDAY + WEEK)
    assert heard(received) == []
    shop.empty = set()
    shop.lands(MONDAY + 2 * WEEK)
    assert heard(received)[0].startswith("1 resolved")
    assert incident_files.all_open(home / "incidents") == []


def test_a_day_that_nobody_will_ask_for_again_is_over_with_the_next_look_as_far_back(
    shop: Shop, received: list
):
    shop.lands(MONDAY - timedelta(days=1))
    shop.empty = {MONDAY - timedelta(days=28)}
    shop.lands(MONDAY)
    next_days(shop, MONDAY)
    assert len(heard(received)) == 1
    shop.lands(MONDAY + WEEK)
    assert heard(received)[0].startswith("1 resolved")


@pytest.mark.parametrize("trouble", ["empty", "bad"])
def test_a_new_day_is_over_as_soon_as_it_lands(shop: Shop, received: list, trouble: str):
    tuesday = MONDAY + timedelta(days=1)
    shop.lands(MONDAY)
    setattr(shop, trouble, {tuesday})
    shop.lands(tuesday)
    assert len(heard(received)) == 1
    setattr(shop, trouble, set())
    shop.lands(tuesday + timedelta(days=1))
    assert heard(received)[0].startswith("1 resolved")


def test_rows_that_the_gate_warned_of_stand_until_their_day_is_asked_for(
    shop: Shop, received: list
):
    found = Finding(
        GATE, "rows", "shop.spend", "warning", "warn", datetime.now(UTC), segment="1",
        since_date=GONE,
    )  # fmt: skip
    passed = replace(found, verdict="pass", since_date=None)
    shop.lands(MONDAY, found)
    assert len(heard(received)) == 1
    for offset in range(1, 7):
        shop.lands(MONDAY + timedelta(days=offset), passed)
    shop.lands(MONDAY + WEEK, found)
    assert heard(received) == []
    shop.lands(MONDAY + 2 * WEEK, passed)
    assert heard(received)[0].startswith("1 resolved")


def test_a_stream_that_did_not_land_ends_no_warning_of_its_rows(shop: Shop, received: list):
    tuesday = MONDAY + timedelta(days=1)
    found = Finding(GATE, "rows", "shop.spend", "warning", "warn", datetime.now(UTC), segment="1")
    shop.lands(MONDAY, found)
    shop.bad = set(Window(START, MONDAY + WEEK).days())
    shop.lands(tuesday)
    assert [text.split()[1] for text in heard(received)] == ["opened", "opened"]


def test_of_an_account_that_is_gone_nothing_is_waited_for(shop: Shop, received: list):
    shop.accounts = ["1", "2"]
    shop.lands(MONDAY - timedelta(days=1))
    shop.bad = {GONE}
    shop.lands(MONDAY)
    heard(received)
    shop.accounts = ["1"]
    shop.lands(MONDAY + timedelta(days=1))
    (text,) = heard(received)
    assert text.startswith("1 resolved") and "(2)" in text


def test_how_far_back_a_fault_lies_is_known_of_days_alone(shop: Shop):
    shop.lands(MONDAY - timedelta(days=1))
    shop.empty, shop.bad = {GONE}, set()
    (missing,) = shop.lands(MONDAY).failed
    assert (missing.first_day, missing.reach_days) == ("2026-08-29", 9)
    shop.empty = {MONDAY + timedelta(days=1)}
    shop.bad = {MONDAY + timedelta(days=2)}
    of_spend, of_state = shop.lands(MONDAY + timedelta(days=2)).failed[-2:]
    assert (of_spend.stream, of_state.stream) == ("spend", "state")
    assert of_spend.first_day and not of_state.first_day


def test_a_backfill_of_earlier_days_did_not_look(shop: Shop):
    def verdict(*windows: Window) -> Verdict:
        return Verdict(GATE, (), datetime.now(UTC), windows={"shop.spend (1)": windows})

    day = timedelta(days=1)
    units = ("shop.spend (1)",)
    earlier = verdict(Window(GONE - 30 * day, GONE))
    assert not has_looked(earlier, units, "1", GONE, 9)
    assert has_looked(verdict(Window(GONE, GONE + day)), units, "1", GONE, 9)
    later = verdict(Window(MONDAY - 8 * day, MONDAY + day))
    assert not has_looked(later, units, "1", GONE, 9)
    assert has_looked(later, units, "1", GONE, 8), "as far back as it was found"
    assert not has_looked(earlier, ("shop.spend (1)", "shop.clicks (1)"), "1", GONE, 9)


def test_what_a_verdict_looked_at_is_kept_with_it(home: Path):
    asked = {"shop.spend (1)": (Window(GONE, MONDAY), Window(MONDAY, MONDAY + WEEK))}
    kept = Verdict(GATE, (), datetime(2026, 9, 7, tzinfo=UTC), windows=asked)
    verdicts.keep(home / "gates", kept)
    assert verdicts.last(home / "gates", GATE) == kept


def test_a_row_of_a_day_before_all_that_is_asked_for_waits_for_nothing():
    """Such as a snapshot's, whose rows name the day a campaign began."""
    asked = {"shop.state (1)": (Window(MONDAY, MONDAY + timedelta(days=1)),)}
    found = Finding(
        GATE, "rows", "shop.state", "warning", "warn", datetime.now(UTC), segment="1",
        since_date=START,
    )  # fmt: skip
    assert looked_at.with_reach(found, asked).reach_days == 0
