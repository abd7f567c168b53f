"""How breaks of the world are scored: what counts as an incident of which, on toy incidents."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bench import breaks, broken_landings
from bench.broken_landings import BROKEN, LAST, MENDED
from bench.road import PROJECT, Home
from sandbox.breaks import Case, make
from sandbox.desk import Desk
from trueup import pipeline
from trueup.gates import verdicts
from trueup.gates.findings import Finding, Outcome, Verdict
from trueup.landing.landed import Landed

AT = datetime(2026, 10, 1, 6, tzinfo=UTC)


def finding(check_name: str, outcome: Outcome) -> Finding:
    return Finding(
        "landing/meta_ads", check_name, "meta_ads.ads", "warning", outcome, AT, segment="act_1"
    )


def landed_home(folder: Path, *found: Finding) -> Home:
    """A home whose newest landing of one source was judged so."""
    (folder / "company.yml").write_text((PROJECT / "company.yml").read_text("utf-8"), "utf-8")
    home = Home(folder, {})
    verdicts.keep(home.place.gates, Verdict("landing/meta_ads", found, AT))
    return home


def test_what_the_landing_gate_tells_is_an_incident_of_the_day_that_landed(tmp_path: Path):
    home = landed_home(
        tmp_path, finding("rows lost", "pass"), finding("rows twice", "warn"),
        finding("rows outside", "hold"),
    )  # fmt: skip
    found = {(one.family, one.severity): one for one in breaks.at_landing(home)}
    assert set(found) == {("rows twice", "ticket"), ("rows outside", "page")}
    twice = found["rows twice", "ticket"]
    assert (twice.system, twice.segment, twice.opened) == ("meta_ads.ads", "act_1", LAST)


def test_a_delivery_is_found_under_the_name_its_landing_gate_gives_it(tmp_path: Path):
    found = breaks.at_landing(landed_home(tmp_path, finding("rows twice", "warn")))
    one = make(27, Case(LAST))
    assert breaks._row(one, 1.0, found, [one]).split()[3:] == [
        "0", "d", "rows", "twice", "0", "still", "open",
    ]  # fmt: skip


def test_a_name_of_another_kind_counts_as_found_but_as_no_break_of_the_world(tmp_path: Path):
    found = breaks.at_landing(landed_home(tmp_path, finding("rows lost", "warn")))
    one = make(27, Case(LAST))
    row = breaks._row(one, 1.0, found, [one]).split()
    assert row[3:] == ["0", "d", "rows", "lost", "1", "still", "open"]


def test_what_is_told_of_a_day_ends_on_the_day_that_is_judged_without_it(tmp_path: Path):
    home = landed_home(tmp_path, finding("rows twice", "warn"))
    again = Verdict("landing/meta_ads", (finding("rows twice", "pass"),), AT + timedelta(days=1))
    verdicts.keep(home.place.gates, again)
    (found,) = breaks.at_landing(home)
    assert (found.status, found.resolved) == ("resolved", LAST)


def test_what_is_found_once_a_week_is_one_incident_that_stays_open(tmp_path: Path):
    weekly = replace(finding("settled days restated", "warn"), over_after=8)
    home = landed_home(tmp_path, weekly)
    for day in range(1, 16):
        outcome = "pass" if day % 7 else "warn"
        at = AT + timedelta(days=day)
        verdicts.keep(
            home.place.gates, Verdict("landing/meta_ads", (replace(weekly, verdict=outcome),), at)
        )
    (found,) = breaks.at_landing(home)
    assert found.status == "open"


def test_a_foreign_incident_is_of_the_one_kind_whose_source_shows_it():
    """Of two kinds in one world, one in the shop and one at a platform."""
    day = date(2026, 9, 5)
    shop, claims = make(33, Case(day)), make(36, Case(day))
    foreign = breaks.Incident(
        "claims_fell", "meta_ads", "all", "page", "open", day, date(2026, 9, 9), None
    )
    both = [shop, claims]
    assert "never" in breaks._row(shop, 1.0, [foreign], both)
    assert breaks._row(claims, 1.0, [foreign], both).split()[3:6] == ["4", "d", "claims_fell"]
    assert "claims_fell" in breaks._row(shop, 1.0, [foreign], [shop])


def test_the_name_of_another_kind_in_a_source_it_does_not_touch_is_a_foreign_one():
    """Claims of one platform creep up in a world in which another begins to model otherwise."""
    day = date(2026, 9, 5)
    both = [make(12, Case(day)), make(36, Case(day))]
    found = [
        breaks.Incident("modelling_changed", system, "all", "page", "open", opened, opened, None)
        for system, opened in (("google_ads", date(2026, 9, 3)), ("meta_ads", date(2026, 9, 10)))
    ]  # fmt: skip
    rows = [breaks._row(one, 1.0, found, both).split()[3:6] for one in both]
    assert rows == [["0", "d", "its"], ["5", "d", "modelling_changed"]]


@pytest.mark.parametrize("opened", [date(2026, 8, 20), date(2026, 9, 3)])
def test_what_was_over_before_a_break_is_none_of_it(opened: date):
    day, over = date(2026, 9, 5), date(2026, 9, 4)
    found = [breaks.Incident("utm_renamed", "ga4", "all", "page", "resolved", opened, opened, over)]
    one = make(16, Case(day))
    assert "never" in breaks._row(one, 1.0, found, [one])


def test_of_two_kinds_of_one_source_a_foreign_incident_is_neithers():
    day = date(2026, 9, 5)
    both = [make(21, Case(day)), make(22, Case(day))]
    foreign = breaks.Incident("claims_fell", "google_ads", "all", "page", "open", day, day, None)
    assert all("never" in breaks._row(one, 1.0, [foreign], both) for one in both)


def test_an_incident_under_the_marts_name_is_of_its_family():
    one = make(16, Case(date(2026, 9, 5)))
    day = date(2026, 9, 7)
    found = [breaks.Incident("utm_renamed", "ga4", "all", "ticket", "open", day, day, None)]
    row = breaks._row(one, 1.0, found, [one]).split()
    assert row[3:] == ["2", "d", "its", "family", "0", "still", "open"]


def test_nothing_opened_is_never():
    one = make(16, Case(date(2026, 9, 5)))
    assert "never" in breaks._row(one, 1.0, [], [one])


@pytest.mark.parametrize("asked", [0, 2])
def test_a_fault_that_no_request_met_is_no_break(
    asked: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    desk = Desk(tmp_path / "world", tmp_path / "state")

    def land(source: str, day: str, **_: object) -> Landed:
        for _ in range(asked):
            desk.takes_fault(source, "duplicate_page")
        return Landed(source, day, (), 0, {}, ())

    monkeypatch.setattr(pipeline, "land", land)
    monkeypatch.setattr(pipeline, "gate_landing", lambda *_: None)
    one = make(27, Case(LAST))
    with nullcontext() if asked else pytest.raises(RuntimeError, match="was not asked"):
        broken_landings.land(desk, ["meta_ads"], [one])


def test_what_is_restated_lands_day_by_day_and_each_day_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    landed: list[tuple[str, tuple[str, ...]]] = []
    judged: list[str] = []

    def land(source: str, day: str, streams: tuple[str, ...] = ()) -> Landed:
        landed.append((day, streams))
        return Landed(source, day, (), 0, {}, ())

    monkeypatch.setattr(pipeline, "land", land)
    monkeypatch.setattr(pipeline, "gate_landing", lambda source, *_: judged.append(source))
    desk = Desk(tmp_path / "world", tmp_path / "state")
    broken_landings.land(desk, ["google_ads"], [make(24, Case(BROKEN, MENDED))])
    days = [date.fromisoformat(day) for day, _ in landed]
    assert days == [BROKEN + timedelta(days=n) for n in range(-2, (LAST - BROKEN).days + 1)]
    assert all(streams[0] == "account_performance" for _, streams in landed[:-1])
    assert landed[-1][1] == () and judged == ["google_ads"] * len(days)
