"""`trueup watch` on what people have: a row that cannot be costs its day, and is counted."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from trueup.reports import breaks, watched
from trueup.reports.watched import Columns
from unit.signal_counts import from_day, shares

ROOT = Path(__file__).parents[2]
START, DAYS, BREAK = date(2026, 1, 1), 120, 90
COLUMNS_OF_FILE: list[object] = ["shop", "day", "seen", "orders"]
COLUMNS = Columns("day", "seen", "orders", "shop")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUEUP_HOME", str(tmp_path))
    monkeypatch.setenv("TRUEUP_COMPANY", str(ROOT / "company.yml"))


def rows(factor: float = 0.0, days: int = DAYS, since: int = BREAK) -> list[list[object]]:
    """A shop that loses its events, or a part of them, on the day `since`."""
    hits, trials = shares(7, 200, series=1, days=days, factors=from_day(days, since, factor))
    return [
        ["a", START + timedelta(days=day), float(hits[0, day]), float(trials[0, day])]
        for day in range(days)
    ]


def watch(
    path: Path, given: list[list[object]], day: str = "date", columns: Columns = COLUMNS
) -> list[str]:
    """What is said of the rows."""
    return breaks.watch(str(written(path, given, day)), columns).splitlines()


def written(path: Path, given: list[list[object]], day: str = "date") -> Path:
    file = path / "counts.parquet"
    with duckdb.connect() as con:
        con.execute(f"create table counts (shop text, day {day}, seen double, orders double)")
        con.executemany("insert into counts values (?, ?, ?, ?)", given)
        con.execute(f"copy counts to '{file}'")
    return file


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["a", date(1970, 1, 1), 1, 1], "1 row of a day far from all others is left out"),
        (["a", date(2099, 1, 1), 1, 1], "1 row of a day far from all others is left out"),
        (["a", date(9999, 12, 31), 1, 1], "1 row of a day far from all others is left out"),
        (["a", "infinity", 1, 1], "1 row of a day far from all others is left out"),
        (["a", None, 1, 1], "1 row without a day is left out"),
        (["a", START, 1, float("nan")], "1 row without a denominator is left out"),
        (["a", START, 1, float("inf")], "1 row without a denominator is left out"),
        (["a", START, 1, None], "1 row without a denominator is left out"),
        (["a", START, float("inf"), 1], "1 row with a numerator without end is left out"),
        (["a", START, float("nan"), 1], "1 row without a numerator is counted as none"),
        (["a", START, None, 1], "1 row without a numerator is counted as none"),
        (["b", START, -1, 5], "1 days below 0 are left out, the first of 2026-01-01"),
    ],
    ids=str,
)
def test_one_row_that_cannot_be_hides_no_break(tmp_path: Path, row: list[object], said: str):
    head, *notes, found = watch(tmp_path, [*rows(), row])
    assert head.endswith("120 days from 2026-01-01: 1 break") and said in notes
    assert "since 2026-04-01, found 2026-04-01, open" in found


def test_a_day_counted_twice_makes_no_rate_of_a_share(tmp_path: Path):
    given = rows(0.87, 60, 40)
    given[20][2] = 2 * float(str(given[20][2]))
    *_, found = watch(tmp_path, given)
    assert "since 2026-02-1" in found and found.endswith("open")


@pytest.mark.parametrize(("kind", "form"), [("bigint", "%Y%m%d"), ("text", "%Y%m%d"),
                                            ("text", "%Y-%m-%dT23:30:00+05:00")])  # fmt: skip
def test_days_are_read_as_exports_write_them(tmp_path: Path, kind: str, form: str):
    given = [[a, f"{day:{form}}", *counts] for a, day, *counts in rows()]
    head, found = watch(tmp_path, given, kind)
    assert "120 days from 2026-01-01" in head and "since 2026-04-01" in found


def test_an_instant_is_of_the_companys_day_and_not_of_the_machines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    given = [[a, f"{day}T20:00:00Z", *counts] for a, day, *counts in rows()]
    for zone in ("Asia/Tokyo", "America/Los_Angeles"):
        monkeypatch.setenv("TZ", zone)
        head, _ = watch(tmp_path, given, "timestamptz")
        assert "120 days from 2026-01-01" in head


def test_a_series_that_ends_and_one_that_is_divided_already_are_named(tmp_path: Path):
    whole = [[shop, day, hits, trials] for shop in "ab" for _, day, hits, trials in rows()]
    ended = [row for row in whole if row[0] == "a" or row[1] < date(2026, 3, 1)]
    assert "b: not judged since 2026-03-01: there is no denominator, or it is 0" in watch(
        tmp_path, ended
    )
    divided = [["a", day, hits / trials, 1] for _, day, hits, trials in rows(0.5)]
    notes = watch(tmp_path, divided)
    assert (
        "a: the denominator is below 2 on most days; give counts, such as orders seen and all"
        " orders, and no ratio that is divided already" in notes
    )


def test_what_few_days_could_not_tell_is_not_said_to_be_over(tmp_path: Path):
    *_, found = watch(tmp_path, rows(0.0, 60, 10))
    assert found.endswith("taken for the usual level from 2026-02-01")


def test_no_name_of_a_series_moves_the_terminal(tmp_path: Path):
    given = [["\x1b[2J\u202ea", *row[1:]] for row in rows()]
    assert not any(letter in "\n".join(watch(tmp_path, given)) for letter in "\x1b\u202e")


def test_an_infinite_number_of_days_is_none(tmp_path: Path):
    given = [[f"shop {number}", date(1900 + number, 1, 1), 1, 1] for number in range(100)]
    # Read and not judged: twenty years of days would be judged for a quarter of a minute
    read = watched.read(str(written(tmp_path, given)), COLUMNS)
    assert len(read.segments) > 1
    assert read.hits.shape[1] <= 2 * 3653 + 1


@pytest.mark.parametrize("name", ["export [2].csv", "what?.csv", "a*b.csv", "o'clock.csv"])
def test_a_file_is_read_by_its_name_and_no_pattern(tmp_path: Path, name: str):
    lines = [",".join(map(str, row)) for row in [COLUMNS_OF_FILE, *rows()]]
    (tmp_path / name).write_text("\n".join(lines), "utf-8")
    (tmp_path / "export 2.csv").write_text("\n".join([*lines, lines[1]]), "utf-8")
    head, found = breaks.watch(str(tmp_path / name), COLUMNS).splitlines()
    assert head.endswith("1 break") and "since 2026-04-01" in found
