"""Files: what else lies in a feed's folder is reported where rows may be missing by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from feed_files import ORDERS, Folder
from trueup.errors import BrokenContract

CSV = "id,day,total\nA1,2026-09-01,10\n"


@pytest.fixture
def orders(tmp_path: Path) -> Folder:
    (tmp_path / "drop").mkdir()
    return Folder(tmp_path, "orders", ORDERS, "drop/orders_*.csv")


@pytest.mark.parametrize("name", ["orders_10.xlsx", "orders_10.CSV", "Orders_10.csv.gz"])
def test_an_export_that_the_path_does_not_match_is_named(orders: Folder, name: str):
    load = orders.write("drop/orders_09.csv", CSV).write(f"drop/{name}", "PK").land()
    (doubt,) = load.doubts
    assert doubt.doubt == "files left beside" and load.row_count == 1
    assert doubt.text.startswith(
        f"feed till: beside its files there is {name}, which drop/orders_*.csv"
    )


@pytest.mark.parametrize(
    "name",
    ["orders_09.xlsx", "spend_10.csv", "README.txt", ".DS_Store", "~$orders_10.csv", "orders_10/"],
)
def test_what_no_one_would_miss_is_passed_over(orders: Folder, name: str):
    if name.endswith("/"):
        (orders.path / "drop" / name).mkdir()
    else:
        orders.write(f"drop/{name}", "PK")
    load = orders.write("drop/orders_09.csv", CSV).land()
    assert (load.doubts, load.row_count) == ((), 1)


@pytest.mark.parametrize(
    ("glob", "files", "says"),
    [
        ("drop/orders_*.csv", [], "its folder is empty"),
        ("drop/orders_*.csv", ["orders_10.xlsx", ".DS_Store"], "its folder has orders_10.xlsx;"),
        ("dorp/orders_*.csv", ["orders_10.csv"], "there is no such folder"),
    ],
)
def test_a_path_that_matches_nothing_says_what_there_is(
    orders: Folder, glob: str, files: list[str], says: str
):
    orders.glob = glob
    for name in files:
        orders.write(f"drop/{name}", CSV)
    with pytest.raises(BrokenContract, match=f"no file matches {glob[:4]}/.*: {says}"):
        orders.land()
