"""Files that are gone or cut: a feed is read from all there is, so what lacks is lost."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from feed_files import ORDERS, Folder
from trueup.errors import BrokenContract
from trueup.sources.files import SOURCE

HEAD = "id,day,total\n"


@pytest.fixture
def orders(tmp_path: Path) -> Folder:
    """Two files that landed: orders of the first and of the second half of the month."""
    folder = Folder(tmp_path, "orders", ORDERS)
    folder.write("1.csv", HEAD + lines(range(1, 14))).write("2.csv", HEAD + lines(range(14, 31)))
    folder.land()
    return folder


def lines(days: Iterable[int], shift: int = 0) -> str:
    """Two orders a day."""
    return "".join(f"A{day}-{n},2026-09-{day + shift:02},100\n" for day in days for n in (1, 2))


@pytest.mark.parametrize("cut", ["gone", "header-only", "cut-short"])
def test_a_file_that_is_gone_or_cut_keeps_the_earlier_load_until_a_person_decides(
    orders: Folder, cut: str
):
    rest = {"gone": "", "header-only": "", "cut-short": lines(range(1, 3))}[cut]
    (orders.path / "1.csv").unlink()
    if cut != "gone":
        orders.write("1.csv", HEAD + rest)
    first = 3 if rest else 1
    gone = 2 * (14 - first)
    with pytest.raises(
        BrokenContract,
        match=f"the fetch of 2026-09-{first:02} to 2026-09-13 shrank; the earlier load stays.*"
        f"expected: about the {gone} rows in force; got: 0 rows.*whether a file is missing or was"
        " cut; .*`trueup land files --accept-empty`",
    ) as caught:
        orders.land()
    assert set(caught.value.days) == set(orders.window.days()), "no day lands, new ones neither"
    assert len(orders.landing.loads("files", "orders")) == 1
    assert orders.land(accepted=True).row_count == 60 - gone


@pytest.mark.parametrize(
    "corrected",
    [
        lines(range(3, 14)),
        lines([1, 2, 5, 6, 9, 10, 13]),
        lines(range(1, 10)) + lines(range(10, 14), shift=10),
    ],
    ids=["two-days-deleted", "days-deleted-here-and-there", "moved-to-other-days"],
)
def test_a_small_correction_lands(orders: Folder, corrected: str):
    load = orders.write("1.csv", HEAD + corrected).land()
    assert load.row_count == 34 + corrected.count("\n")


def test_rows_that_cannot_be_used_are_no_rows_that_are_gone(orders: Folder):
    """Their share is what the gate judges."""
    orders.write("1.csv", HEAD + lines(range(1, 5)).replace("100", "a") + lines(range(5, 14)))
    assert orders.land().set_aside_count == 8


def test_a_feed_of_a_row_a_week_is_judged_by_the_days_it_had(tmp_path: Path):
    orders = Folder(tmp_path, "orders", ORDERS)
    weeks = [f"A{day},2026-09-{day:02},100\n" for day in (1, 8, 15, 22, 29)]
    orders.write("1.csv", HEAD + "".join(weeks)).land()
    orders.write("1.csv", HEAD + weeks[0] + weeks[4])
    with pytest.raises(BrokenContract, match="the fetch of 2026-09-08 to 2026-09-22 shrank"):
        orders.land()


def month(last: int, days: int) -> str:
    """Two orders on each of the last `days` days up to one of September."""
    return HEAD + lines(range(last - days + 1, last + 1))


def days_in_force(folder: Folder) -> dict[int, int]:
    """The rows of each day that has some, in the loads in force."""
    return {
        day.day: next(one.landed for one in load.days if one.day == day)
        for load, days in folder.landing.current("files", SOURCE.stream(folder.stream))
        for day in days
        if any(one.day == day and one.landed for one in load.days)
    }


def test_a_file_of_the_last_days_alone_keeps_the_days_before_as_they_were_landed(tmp_path: Path):
    slides = Folder(tmp_path, "orders", ORDERS)
    slides.write("export.csv", month(20, 10)).land()
    for last in (21, 22, 22):
        load = slides.write("export.csv", month(last, 10)).land()
        assert days_in_force(slides) == dict.fromkeys(range(11, last + 1), 2)
        assert not load.lacking
    assert load.since.day == 13 and not load.notes, "said once, and not again of the same files"
    corrected = month(23, 10).replace("A20-2,2026-09-20,100\n", "")
    load = slides.write("export.csv", corrected).land()
    assert days_in_force(slides) == dict.fromkeys(range(11, 24), 2) | {20: 1}
    assert "begin on 2026-09-14 now; what was landed of 1 day(s) before stays" in load.notes[0]
    assert slides.land(accepted=True).row_count == 19 and min(days_in_force(slides)) == 14


def test_months_that_were_taken_away_stay_and_the_gate_says_so(tmp_path: Path):
    rotates = Folder(tmp_path, "orders", ORDERS)
    rotates.write("1.csv", HEAD + lines(range(1, 11))).write("2.csv", HEAD + lines(range(11, 21)))
    rotates.land()
    (rotates.path / "1.csv").unlink()
    load = rotates.write("3.csv", HEAD + lines(range(21, 24))).land()
    assert days_in_force(rotates) == dict.fromkeys(range(1, 24), 2)
    assert "of 10 day(s) before stays" in load.lacking[0]
    load = rotates.write("3.csv", HEAD + lines(range(21, 25))).land()
    assert days_in_force(rotates) == dict.fromkeys(range(1, 25), 2) and not load.lacking
    rotates.write("1.csv", HEAD + lines(range(1, 10))).land()
    assert days_in_force(rotates) == dict.fromkeys({*range(1, 25)} - {10}, 2), "it is read again"


def test_rows_of_the_first_day_that_move_to_another_are_there_once(tmp_path: Path):
    moves = Folder(tmp_path, "orders", ORDERS)
    moves.write("export.csv", month(20, 10)).land()
    first = "A11-1,2026-09-11,100\nA11-2,2026-09-11,100\n"
    moves.write("export.csv", month(21, 11).replace(first, first.replace("-11,", "-15,"))).land()
    assert days_in_force(moves) == dict.fromkeys(range(12, 22), 2) | {15: 4}


def test_one_file_of_several_that_keeps_its_last_days_alone_takes_no_rows_of_the_others_days(
    tmp_path: Path,
):
    """A till's export of ten days beside a book of all orders: two rows a day of each."""

    def book(last: int) -> str:
        return HEAD + lines(range(1, last + 1)).replace("A", "B")

    both = Folder(tmp_path, "orders", ORDERS)
    both.write("till.csv", month(20, 10)).write("book.csv", book(20)).land()
    whole = dict.fromkeys(range(1, 11), 2) | dict.fromkeys(range(11, 21), 4)
    assert days_in_force(both) == whole
    for last in (21, 22, 22):
        load = both.write("till.csv", month(last, 10)).write("book.csv", book(last)).land()
        whole |= {last: 4}
        assert days_in_force(both) == whole
        assert load.since.day == last - 9 if load.notes else 13
    assert not load.notes, "said once, and not again of the same files"
    load = both.write("till.csv", month(23, 10)).write("book.csv", book(23)).land()
    assert (
        "the file till.csv begins on 2026-09-14 now, others do not; what was landed"
        in (load.notes[0])
    )
    assert load.row_count == sum(one.landed for one in load.days) == 40
    assert both.land(accepted=True).row_count == 46 + 20 and days_in_force(both)[13] == 2


def test_rows_that_went_from_one_file_to_another_are_there_once(tmp_path: Path):
    """Pages of an export, the newest first: what no longer fits the first is on the second."""
    pages = Folder(tmp_path, "orders", ORDERS)
    pages.write("1.csv", month(20, 10)).write("2.csv", month(10, 10)).land()
    load = pages.write("1.csv", month(21, 10)).write("2.csv", month(11, 11)).land()
    assert days_in_force(pages) == dict.fromkeys(range(1, 22), 2)
    assert load.since.day == 1 and not load.notes


def test_the_only_order_of_the_first_day_that_was_deleted_goes_once_the_files_reach_further(
    tmp_path: Path,
):
    """On the day it goes, the files may as well be of the last days alone; on the next they are
    not."""
    orders = Folder(tmp_path, "orders", ORDERS)
    orders.write("all.csv", HEAD + "A1-1,2026-09-01,100\n" + lines(range(2, 11))).land()
    load = orders.write("all.csv", HEAD + lines(range(2, 12))).land()
    assert min(days_in_force(orders)) == 1 and "begin on 2026-09-02 now" in load.notes[0]
    load = orders.write("all.csv", HEAD + lines(range(2, 13))).land()
    assert days_in_force(orders) == dict.fromkeys(range(2, 13), 2)
    assert "the rows of 2026-09-01" in load.notes[0] and "were deleted" in load.notes[0]
    load = orders.write("all.csv", HEAD + lines(range(2, 14))).land()
    assert days_in_force(orders) == dict.fromkeys(range(2, 14), 2) and not load.notes
