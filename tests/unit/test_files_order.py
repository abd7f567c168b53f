"""Files: of rows that several files of a feed have, those of the file that was written last by its
name are used, and the gate says which file that is."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feed_files import ORDERS, Folder
from trueup.gates import intake_rows
from trueup.gates.intake_rows import Subject
from trueup.gates.shares import Tolerance
from trueup.landing.store import Load
from trueup.sources.files.feeds import Feed

SUBJECT = Subject(
    "landing:files", "files.orders", "till", "trueup rejects files", Tolerance(), False,
    datetime(2026, 10, 1, tzinfo=UTC), money="amount_local",
)  # fmt: skip
HEAD = "id,day,total\n"


@pytest.mark.parametrize(
    "names",
    [
        ["x.csv", "x (1).csv", "x (2).csv", "x (10).csv"],
        ["x.csv", "x-2.csv", "x-10.csv"],
        ["x.csv", "x copy.csv"],
        ["x_v9.csv", "x_v10.csv"],
        ["orders_2026-9-30.csv", "orders_2026-10-1.csv", "orders_2026-10-1 (1).csv.gz"],
        ["2026.9.30", "2026.10.1"],
        ["2026-09/x (1).csv", "2026-10/x.csv", "2026-10/x (1).csv"],
        ["9/x.csv", "10/x.csv", "11/1.csv", "y/1.csv"],
    ],
    ids=str,
)
def test_a_feed_s_files_come_in_the_order_a_person_reads_their_names(
    tmp_path: Path, names: list[str]
):
    for name in random.Random(7).sample(names, len(names)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert Feed("till", "orders", "**/*", "feed.sql").delivered(tmp_path) == names


def twice(folder: Path) -> tuple[Folder, Load]:
    """Orders whose export was fetched a second time by a browser, after one was cancelled."""
    rows = "".join(f"A{n},2026-09-{n:02},100\n" for n in range(1, 31))
    orders = Folder(folder, "orders", ORDERS).write("orders_09.csv", HEAD + rows)
    restated = rows.replace("A7,2026-09-07,100", "A7,2026-09-07,0").replace("A8,", "A8 ,")
    return orders, orders.write("orders_09 (1).csv", HEAD + restated).land()


def test_what_a_browser_fetched_again_stands_for_what_it_fetched_first(tmp_path: Path):
    orders, load = twice(tmp_path)
    assert dict(orders.rows(load, "order_id", "amount_local"))["A7"] == 0


def test_the_gate_names_the_file_that_gives_way_and_the_one_that_is_used(tmp_path: Path):
    orders, load = twice(tmp_path)
    findings, _ = intake_rows.findings(orders.landing, [load], SUBJECT)
    (finding,) = [one for one in findings if one.check_name == "rows twice"]
    assert (
        "1 row unlike the one that is used (100.00 EUR; used 0.00 EUR):"
        " orders_09.csv gives way to orders_09 (1).csv (1 row), the same row" in finding.observed
    )
