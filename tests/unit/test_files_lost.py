"""Files: an account, a file or a share of all rows that is lost, while others have every day."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feed_files import ORDERS, SPEND, Folder
from trueup.errors import BrokenContract

BY_ACCOUNT = SPEND.replace("_row,", "_row, account as account_id,")
HEAD = "account,day,campaign,impressions,clicks,cost\n"
ORDERS_HEAD = "id,day,total\n"
MONTH = range(1, 31)


@pytest.fixture
def accounts(tmp_path: Path) -> Folder:
    """Two accounts that landed, 30 and 20 a day."""
    folder = Folder(tmp_path, "ad_performance", BY_ACCOUNT)
    folder.write("all.csv", HEAD + spend("one", 30) + spend("two", 20)).land()
    return folder


@pytest.fixture
def shops(tmp_path: Path) -> Folder:
    """Orders of a large shop and of a small one, a file each, that landed."""
    folder = Folder(tmp_path, "orders", ORDERS)
    folder.write("lisbon.csv", ORDERS_HEAD + orders("L", 9)).write(
        "porto.csv", ORDERS_HEAD + orders("P", 1)
    ).land()
    return folder


def spend(account: str, cost: int, days: Iterable[int] = MONTH, campaign: str = "a") -> str:
    return "".join(f"{account},2026-09-{day:02},{campaign},10,1,{cost}\n" for day in days)


def orders(shop: str, count: int, days: Iterable[int] = MONTH) -> str:
    return "".join(
        f"{shop}{day}-{n},2026-09-{day:02},100\n" for day in days for n in range(1, count + 1)
    )


def keeps(folder: Folder, says: str) -> None:
    """The earlier load stays in force until a person says otherwise."""
    before = len(folder.landing.loads("files", folder.stream))
    with pytest.raises(BrokenContract, match=says + r".*--accept-empty") as caught:
        folder.land()
    assert set(caught.value.days) == set(folder.window.days()), "no day lands, new ones neither"
    assert len(folder.landing.loads("files", folder.stream)) == before
    assert folder.land(accepted=True).row_count > 0


def test_an_account_that_had_rows_and_has_none_keeps_the_earlier_load(accounts: Folder):
    accounts.write("all.csv", HEAD + spend("one", 30))
    keeps(
        accounts,
        r"of platform maps, account_id two \(2026-09-01 to 2026-09-30\) shrank; the earlier load"
        r" stays.*about the 30 rows in force, 600.00 EUR; got: 0 rows: 100% of those in force are",
    )


def test_days_of_an_account_that_are_cut_away_keep_the_earlier_load(accounts: Folder):
    accounts.write("all.csv", HEAD + spend("one", 30) + spend("two", 20, range(1, 26)))
    keeps(accounts, r"account_id two \(2026-09-26 to 2026-09-30\).*5 rows in force, 100.00")


def test_rows_the_others_gain_do_not_hide_an_account_that_is_lost(accounts: Folder):
    more = "".join(spend("one", 1, [29, 30], f"new{n}") for n in range(40))
    accounts.write("all.csv", HEAD + spend("one", 30) + more)
    keeps(accounts, r"account_id two \(2026-09-01 to 2026-09-30\)")


def test_a_small_file_that_is_gone_keeps_the_earlier_load(shops: Folder):
    (shops.path / "porto.csv").unlink()
    keeps(
        shops,
        r"of the file porto.csv \(2026-09-01 to 2026-09-30\) shrank.*30 rows in force, 3,000.00 E",
    )


def test_a_file_that_lost_most_rows_of_each_day_keeps_the_earlier_load(shops: Folder):
    shops.write("lisbon.csv", ORDERS_HEAD + orders("L", 4))
    keeps(shops, r"of the file lisbon.csv")


def test_a_share_of_all_rows_that_is_lost_keeps_the_earlier_load(shops: Folder):
    """The rows of one file, cut where more than half of it is left."""
    shops.write("lisbon.csv", ORDERS_HEAD + orders("L", 6))
    keeps(
        shops,
        r"the fetch shrank.*about the 300 rows in force, 30,000.00 EUR; got: 210 rows: 30% of",
    )


def test_a_file_that_held_all_twice_is_corrected_once_its_load_is_rejected(tmp_path: Path):
    """Rows of the export came again under other numbers; half of them are gone once it is right."""
    dollars = ORDERS.replace("'EUR'", "coalesce(nullif(code, ''), 'EUR')")
    folder = Folder(tmp_path, "orders", dollars)
    right = "id,day,total,code\n" + orders("L", 2).replace("\n", ",\n") + "L,2026-09-01,5,USD\n"
    again = orders("again", 2).replace("\n", ",\n") + "again,2026-09-02,5,USD\n"
    doubled = folder.write("all.csv", right + again).land()
    folder.write("all.csv", right)
    says = (
        r"about the 122 rows in force, 12,000.00 EUR \+ 10.00 USD; got: 61 rows: 50% of those in"
        rf" force are gone; .*\(an export that held rows twice\).*`trueup reject {doubled.load_id} "
    )
    with pytest.raises(BrokenContract, match=says):
        folder.land()
    folder.landing.reject(doubled.load_id, "held all twice", datetime.now(UTC))
    assert folder.land().row_count == 61, "what was wrong is no measure of what is right"


@pytest.mark.parametrize(
    "content",
    [
        spend("one", 30) + spend("2-222", 20),
        spend("one", 30) + spend("one", 20, campaign="b"),
        spend("one", 50),
        spend("one", 30) + spend("two", 20, range(1, 29)),
        spend("one", 30) + spend("two", 3),
        spend("one", 30) + spend("two", 20, range(1, 15)) + spend("two", 20, range(15, 31), "z"),
        spend("one", 30) + spend("two", 20).replace(",20\n", ",n/a\n"),
    ],
    ids=["renamed", "moved-to-another", "merged", "two-days-fewer", "money-revised",
         "other-campaigns", "cannot-be-used"],
)  # fmt: skip
def test_rows_that_are_there_otherwise_are_not_lost(accounts: Folder, content: str):
    accounts.write("all.csv", HEAD + content)
    assert accounts.land().row_count >= 30


def test_an_account_that_is_closed_keeps_its_history_and_lands(accounts: Folder):
    accounts.write("all.csv", HEAD + spend("one", 30) + spend("two", 20, range(1, 20)))
    accounts.land(accepted=True)
    accounts.write("all.csv", HEAD + spend("one", 31) + spend("two", 20, range(1, 20)))
    assert accounts.land().row_count == 49


def test_a_file_under_another_name_is_not_lost(shops: Folder):
    """Nor where rows of others are deleted on the same days."""
    (shops.path / "porto.csv").rename(shops.path / "porto-2026.csv")
    shops.write("lisbon.csv", ORDERS_HEAD + orders("L", 8))
    assert shops.land().row_count == 270


def test_a_file_whose_rows_another_holds_too_is_not_lost(shops: Folder):
    shops.write("all.csv", ORDERS_HEAD + orders("L", 9) + orders("P", 1)).land()
    (shops.path / "porto.csv").unlink()
    (shops.path / "all.csv").rename(shops.path / "z.csv")
    assert shops.land().row_count == 300


def test_a_load_of_an_earlier_release_says_nothing_of_its_files(shops: Folder):
    (name,) = shops.path.glob("landing/files/orders/*/*.manifest.json")
    raw = json.loads(name.read_text())
    del raw["delivered"]
    name.write_text(json.dumps(raw))
    (shops.path / "porto.csv").unlink()
    assert shops.land().row_count == 270
