from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from trueup.window import Window, runs


def day(number: int) -> date:
    return date(2026, 3, 1) + timedelta(days=number - 1)


def test_a_window_holds_its_first_day_and_not_its_last():
    window = Window(day(1), day(3))
    assert day(1) in window and day(2) in window
    assert day(3) not in window


def test_an_empty_window_is_an_error():
    with pytest.raises(ValueError, match="empty window"):
        Window(day(2), day(2))


def test_splitting_neither_loses_nor_repeats_a_day():
    parts = list(Window(day(1), day(11)).split(4))
    assert [str(part) for part in parts] == [
        "[2026-03-01, 2026-03-05)", "[2026-03-05, 2026-03-09)", "[2026-03-09, 2026-03-11)"
    ]  # fmt: skip
    assert [x for part in parts for x in part.days()] == list(Window(day(1), day(11)).days())


def test_instants_follow_the_zone_through_a_clock_change():
    since, until = Window(date(2026, 3, 29), date(2026, 3, 30)).instants("Europe/Lisbon")
    assert until - since == timedelta(hours=23)
    assert since == datetime.fromisoformat("2026-03-29T00:00:00+00:00")


def test_runs_are_the_fewest_windows_that_cover_the_days():
    assert list(runs({day(1), day(2), day(5), day(7), day(6)})) == [
        Window(day(1), day(3)), Window(day(5), day(8))
    ]  # fmt: skip
    assert list(runs(set())) == []
