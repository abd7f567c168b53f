"""Which windows a run lands: history once, then a day with what the vendor may still revise."""

from datetime import date, timedelta

from trueup.landing.plan import windows
from trueup.sources.contract import Column, Stream
from trueup.window import Window

START = date(2026, 6, 1)
DAILY = {"columns": (Column("day", "DATE"),), "key": ("day",), "day": "day"}


def stream(**declared) -> Stream:
    return Stream(name="rows", **{**DAILY, **declared})


def covered(*parts: Window) -> set[date]:
    return {day for part in parts for day in part.days()}


def plan(declared: Stream, day: date, landed: set[date] | None = None) -> list[Window]:
    return windows(declared, day=day, history_start=START, covered=landed or set())


def test_first_run_lands_all_of_history_up_to_and_including_the_day() -> None:
    assert plan(stream(), date(2026, 6, 10)) == [Window(START, date(2026, 6, 11))]


def test_history_is_cut_into_what_the_vendor_answers_at_once() -> None:
    parts = plan(stream(chunk_days=4), date(2026, 6, 10))
    assert parts == [
        Window(START, date(2026, 6, 5)),
        Window(date(2026, 6, 5), date(2026, 6, 9)),
        Window(date(2026, 6, 9), date(2026, 6, 11)),
    ]


def test_next_day_is_one_day_where_nothing_is_restated() -> None:
    landed = covered(Window(START, date(2026, 6, 11)))
    assert plan(stream(), date(2026, 6, 11), landed) == [
        Window(date(2026, 6, 11), date(2026, 6, 12))
    ]


def test_restated_days_are_fetched_again_with_the_new_day() -> None:
    landed = covered(Window(START, date(2026, 7, 10)))
    assert plan(stream(restate_days=28), date(2026, 7, 10), landed) == [
        Window(date(2026, 6, 12), date(2026, 7, 11))
    ]


def test_restatement_does_not_reach_before_history() -> None:
    landed = covered(Window(START, date(2026, 6, 5)))
    assert plan(stream(restate_days=28), date(2026, 6, 5), landed) == [
        Window(START, date(2026, 6, 6))
    ]


def test_a_missed_day_is_caught_up_however_old() -> None:
    landed = covered(Window(START, date(2026, 6, 3)), Window(date(2026, 6, 5), date(2026, 7, 1)))
    assert plan(stream(restate_days=3), date(2026, 7, 1), landed) == [
        Window(date(2026, 6, 3), date(2026, 6, 5)),
        Window(date(2026, 6, 28), date(2026, 7, 2)),
    ]


def test_the_same_day_again_fetches_the_day_and_what_it_restates() -> None:
    landed = covered(Window(START, date(2026, 7, 2)))
    assert plan(stream(restate_days=1), date(2026, 7, 1), landed) == [
        Window(date(2026, 6, 30), date(2026, 7, 2))
    ]


def test_days_the_vendor_no_longer_has_are_not_asked_for() -> None:
    assert plan(stream(retention_days=3), date(2026, 6, 10)) == [
        Window(date(2026, 6, 8), date(2026, 6, 11))
    ]


def test_a_backfill_does_not_ask_for_days_the_vendor_has_dropped_since() -> None:
    declared = stream(retention_days=3, restate_days=1)
    landed = covered(Window(START, date(2026, 6, 11)))
    assert plan(declared, date(2026, 6, 5), landed) == []
    assert plan(declared, date(2026, 6, 8), landed) == [Window(date(2026, 6, 8), date(2026, 6, 9))]


def test_a_day_before_history_needs_nothing() -> None:
    assert plan(stream(restate_days=28), START - timedelta(days=1)) == []


def test_lead_days_start_the_stream_before_the_companys_history() -> None:
    ahead = stream(lead_days=7)
    assert plan(ahead, date(2026, 6, 10)) == [Window(date(2026, 5, 25), date(2026, 6, 11))]
    landed = covered(Window(date(2026, 5, 25), date(2026, 6, 11)))
    assert plan(ahead, date(2026, 6, 11), landed) == [Window(date(2026, 6, 11), date(2026, 6, 12))]


def test_lead_days_yield_to_what_the_vendor_still_has() -> None:
    ahead = stream(lead_days=7, retention_days=2)
    assert plan(ahead, START) == [Window(date(2026, 5, 31), date(2026, 6, 2))]


def test_a_snapshot_is_the_day_alone_whatever_was_landed() -> None:
    snapshot = stream(kind="snapshot", restate_days=28, lead_days=7, chunk_days=1)
    assert plan(snapshot, date(2026, 7, 1), covered(Window(START, date(2026, 7, 2)))) == [
        Window(date(2026, 7, 1), date(2026, 7, 2))
    ]


def test_any_order_of_backfills_asks_for_the_same_days_in_the_end() -> None:
    late, early = date(2026, 6, 20), date(2026, 6, 10)
    declared = stream(restate_days=2, chunk_days=5)
    one = plan(declared, late)
    first = plan(declared, early)
    two = [*first, *plan(declared, late, covered(*first))]
    assert covered(*one) == covered(*two)
