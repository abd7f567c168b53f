"""Landing a source: what fails costs its own account and stream, and is reported by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from trueup.errors import AccessDenied, BrokenContract, VendorUnavailable
from trueup.gates import not_landed
from trueup.landing.landed import Landed
from trueup.landing.run import Request, Run
from trueup.landing.store import Landing
from trueup.sources.contract import Absent, Access, Account, Column, Page, Source, Stream
from trueup.window import Window

COLUMNS = (Column("id", required=True), Column("ad_date", "DATE", required=True))
SPEND = Stream("spend", COLUMNS, ("id", "ad_date"), day="ad_date", restate_days=1)
CLICKS = Stream("clicks", COLUMNS, ("id", "ad_date"), day="ad_date", chunk_days=1)
START, DAY = date(2026, 9, 1), date(2026, 9, 3)
Answer = Callable[[str, Stream, Window], Iterator[Page]]


def rows(days: Window) -> list[dict[str, object]]:
    return [{"id": "a", "ad_date": day} for day in days.days()]


def all_days(account: str, stream: Stream, window: Window) -> Iterator[Page]:
    yield rows(window)


def land(
    landing: Landing,
    answer: Answer = all_days,
    accounts: tuple[str, ...] = ("1", "2"),
    day: date = DAY,
    **source: object,
) -> Landed:
    """Land both streams of a source that answers, for each account, what `answer` says."""

    def extract(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
        yield from answer(access.account.id, stream, window)

    module = Source("shop", "1", (SPEND, CLICKS), extract, **source)
    access = Access(
        "shop", "", tuple(Account(name, "UTC", "EUR") for name in accounts), {}, START, "UTC",
        "EUR", Path(),
    )  # fmt: skip
    return Run(landing, Request(module, access, day, suites=Path())).land(module.streams)


def covered(landing: Landing, stream: str, account: str) -> set[int]:
    return {day.day for day in landing.covered("shop", stream, account)}


def test_b4_a_dead_account_is_named_and_the_other_lands(landing: Landing):
    """Case B4: one of two accounts answers that it is not enabled."""

    def answer(account: str, stream: Stream, window: Window) -> Iterator[Page]:
        if account == "2":
            raise AccessDenied("CUSTOMER_NOT_ENABLED", source="shop", stream=stream.name)
        yield rows(window)

    landed = land(landing, answer)
    assert [(x.stream, x.account, x.kind, x.is_permanent) for x in landed.failed] == [
        ("spend", "2", "AccessDenied", True), ("clicks", "2", "AccessDenied", True)
    ]  # fmt: skip
    assert covered(landing, "spend", "1") == covered(landing, "clicks", "1") == {1, 2, 3}
    assert covered(landing, "spend", "2") == set()
    (refusal,) = landing.refusals("shop", "spend")
    assert (refusal.account, refusal.error) == ("2", landed.failed[0].text)


def test_an_accounts_own_settings_say_how_far_back_it_is_fetched_again(landing: Landing):
    asked: list[tuple[str, str, date]] = []

    def answer(account: str, stream: Stream, window: Window) -> Iterator[Page]:
        asked.append((account, stream.name, window.since))
        yield rows(window)

    def restate_days(access: Access, stream: Stream, day: date) -> int:
        if access.account.id == "3":
            raise AccessDenied("no", source="shop", stream=stream.name)
        return 2 if (access.account.id, stream.name) == ("2", "spend") else stream.restate_days

    land(landing, day=date(2026, 9, 2))
    landed = land(landing, answer, ("1", "2", "3"), restate_days=restate_days)
    first = {}
    for account, stream, since in asked:
        first.setdefault((account, stream), since.day)
    assert first == {("1", "spend"): 2, ("2", "spend"): 1, ("1", "clicks"): 3, ("2", "clicks"): 3}
    assert [(x.stream, x.account) for x in landed.failed] == [("spend", "3"), ("clicks", "3")]


def test_a_stream_that_fails_costs_itself(landing: Landing):
    def answer(account: str, stream: Stream, window: Window) -> Iterator[Page]:
        if stream is SPEND:
            raise VendorUnavailable("throttled", source="shop", stream=stream.name)
        yield rows(window)

    landed = land(landing, answer, ("1",))
    assert [(x.stream, x.is_permanent) for x in landed.failed] == [("spend", False)]
    assert covered(landing, "clicks", "1") == {1, 2, 3}


def test_a_day_whose_rows_are_broken_costs_that_day(landing: Landing):
    def answer(account: str, stream: Stream, window: Window) -> Iterator[Page]:
        page = rows(window)
        if stream is CLICKS and window.since.day == 2:
            page = [{"id": one["id"]} for one in page]
        yield page

    landed = land(landing, answer, ("1",))
    assert [(x.stream, x.kind) for x in landed.failed] == [("clicks", "BrokenContract")]
    assert covered(landing, "clicks", "1") == {1, 3}
    assert not land(landing, accounts=("1",)).failed
    assert covered(landing, "clicks", "1") == {1, 2, 3}


def test_after_an_error_of_the_account_its_other_days_are_not_asked_for(landing: Landing):
    asked: list[Window] = []

    def answer(account: str, stream: Stream, window: Window) -> Iterator[Page]:
        if stream is CLICKS:
            asked.append(window)
            raise VendorUnavailable("throttled")
        yield rows(window)

    land(landing, answer, ("1",))
    assert len(asked) == 1


def test_an_exception_of_nobodys_is_reported_by_where_it_happened(landing: Landing):
    def answer(account: str, stream: Stream, window: Window) -> Iterator[Page]:
        if stream is SPEND:
            raise KeyError("ana@example.com")
        yield rows(window)

    landed = land(landing, answer, ("1",))
    (failed,) = landed.failed
    assert (failed.kind, failed.is_permanent) == ("KeyError", False)
    assert "unexpected KeyError; source: shop; stream: spend; account: 1" in failed.text
    assert "at answer, line" in failed.text and "@" not in failed.text
    assert "window: [2026-09-01, 2026-09-04)" in failed.text
    assert [x.error for x in landing.refusals("shop", "spend")] == [failed.text]
    assert covered(landing, "clicks", "1") == {1, 2, 3}


def test_an_account_added_later_is_landed_for_all_of_history(landing: Landing):
    land(landing, accounts=("1",))
    land(landing, accounts=("1", "2"))
    assert covered(landing, "spend", "2") == {1, 2, 3}
    windows = [load.window for load in landing.loads("shop", "spend") if load.account == "1"]
    assert windows[-1] == Window(date(2026, 9, 2), date(2026, 9, 4))


def test_an_account_that_is_gone_keeps_its_landed_days(landing: Landing):
    land(landing)
    land(landing, accounts=("1",))
    assert {load.account for load, _ in landing.current("shop", SPEND)} == {"1", "2"}


@pytest.mark.parametrize("paused", ["1", "2"])
def test_an_account_that_is_empty_while_another_is_not_is_a_note(landing: Landing, paused: str):
    def answer(account: str, stream: Stream, window: Window) -> Iterator[Page]:
        yield [] if account == paused else rows(window)

    landed = land(landing, answer)
    assert not landed.failed
    notes = {load.account: load.notes for load in landing.loads("shop", "spend")}
    other = "2" if paused == "1" else "1"
    assert notes[other] == ()
    assert notes[paused] == (
        "no row on 3 day(s), first 2026-09-01, while other accounts have some",
    )


def test_a_day_on_which_no_account_has_a_row_lands_for_none(landing: Landing):
    def answer(account: str, stream: Stream, window: Window) -> Iterator[Page]:
        yield [one for one in rows(window) if stream is CLICKS or one["ad_date"] != DAY]

    landed = land(landing, answer)
    assert {(x.stream, x.account, x.kind) for x in landed.failed} == {
        ("spend", "1", "EmptyDays"), ("spend", "2", "EmptyDays")
    }  # fmt: skip
    # The other days land; the open one is asked for again with the next run.
    assert covered(landing, "spend", "1") == covered(landing, "spend", "2") == {1, 2}
    assert covered(landing, "clicks", "2") == {1, 2, 3}


def test_days_the_vendor_has_nothing_for_cost_themselves(landing: Landing):
    """One in the middle: the days on both sides of it land, and the next run mends it."""
    is_open = [True]

    def answer(account: str, stream: Stream, window: Window) -> Iterator[Page]:
        middle = DAY - timedelta(days=1)
        yield [one for one in rows(window) if one["ad_date"] != middle or not is_open[0]]
        if middle in window and is_open[0]:
            day = Window(middle, DAY)
            yield Absent(day, f"{middle} stays open: an error nobody knows", "gap")

    landed = land(landing, answer, accounts=("1",))
    [failed] = [x for x in landed.failed if x.stream == "spend"]
    assert (failed.kind, "stays open" in failed.text) == ("OpenDays", True)
    assert covered(landing, "spend", "1") == {1, 3}
    is_open[0] = False
    assert not land(landing, answer, accounts=("1",)).failed
    assert covered(landing, "spend", "1") == {1, 2, 3}


def test_a_source_without_accounts_is_one_part(landing: Landing):
    def extract(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
        yield rows(window)

    module = Source("rates", "1", (SPEND,), extract)
    access = Access("rates", "", (), {}, START, "UTC", "EUR", Path())
    landed = Run(landing, Request(module, access, DAY, suites=Path())).land(module.streams)
    assert (landed.rows, landed.failed) == (3, ())
    assert [load.account for load in landing.loads("rates", "spend")] == [""]


def test_what_one_account_has_not_written_yet_makes_the_stream_late(landing: Landing):
    def written(access: Access, stream: Stream, day: date) -> date:
        return date(2026, 9, 2) if access.account.id == "2" else day

    landed = land(landing, written_through=written)
    assert landed.late == {"spend": "2026-09-02", "clicks": "2026-09-02"}
    assert (covered(landing, "spend", "1"), covered(landing, "spend", "2")) == ({1, 2, 3}, {1, 2})


def test_how_far_an_account_is_written_may_fail_for_it_alone(landing: Landing):
    def written(access: Access, stream: Stream, day: date) -> date:
        if access.account.id == "2":
            raise BrokenContract("no such dataset")
        return day

    landed = land(landing, written_through=written)
    assert [(x.stream, x.account) for x in landed.failed] == [("spend", "2"), ("clicks", "2")]
    assert covered(landing, "spend", "1") == {1, 2, 3}


def test_what_keeps_all_streams_from_landing_is_reported_once(
    landing: Landing, capsys: pytest.CaptureFixture[str]
):
    def refused(account: str, stream: Stream, window: Window) -> Iterator[Page]:
        place = {"source": "shop", "stream": stream.name, "account": account, "window": window}
        raise BrokenContract("no days in that zone", **place, expected="UTC, Europe/London")
        yield []

    landed = land(landing, refused, accounts=("1",))
    lines = capsys.readouterr().out.splitlines()
    assert len(landed.failed) == len(lines) > 2
    assert "Europe/London" in landed.causes()[0], "which the error that ends it says"
    assert lines[0].endswith("no days in that zone")
    assert all(line.endswith("no days in that zone (the same as above)") for line in lines[1:])
    (finding,) = not_landed.findings("shop", landed.failed, datetime.now(UTC))
    assert (finding.table_name, finding.segment) == ("shop", "1")
    assert finding.observed.startswith("clicks, spend: no days in that zone")


def test_what_keeps_one_stream_from_landing_is_that_streams(landing: Landing):
    def refused(account: str, stream: Stream, window: Window) -> Iterator[Page]:
        if stream is CLICKS:
            raise BrokenContract("another column")
        yield rows(window)

    landed = land(landing, refused, accounts=("1",))
    (finding,) = not_landed.findings("shop", landed.failed, datetime.now(UTC))
    assert finding.table_name == "shop.clicks"
