"""Files join by a glob and a select; what cannot be used is listed row by row."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from trueup import sources
from trueup.errors import BrokenContract
from trueup.intake import take_in
from trueup.landing import Landing, Load
from trueup.streams import Access
from trueup.window import Window

FILES = sources.load("files")
WINDOW = Window(date(2026, 9, 1), date(2026, 10, 1))
SELECT = """
select _row, 'maps' as platform, campaign as campaign_id, day as ad_date, 'EUR' as currency_code,
    clicks, cost as spend_amount_local, case when campaign = 'test' then 'a test campaign' end
    as reject_reason
from input
"""
CSV = """day,campaign,clicks,cost
2026-09-01,a,3,1.50
2026-09-01,a,2,0.50
2026-09-02,b,4,n/a
,b,1,1.00
2026-09-03,test,9,9.00
2026-08-31,a,5,5.00
"""


def land(
    folder: Path, landing: Landing, csv: str = CSV, select: str = SELECT, **feed: object
) -> Load:
    (folder / "spend.csv").write_text(csv, "utf-8")
    (folder / "spend.sql").write_text(select, "utf-8")
    feeds = [
        {
            "name": "maps",
            "stream": "ad_performance",
            "path": "spend*.csv",
            "sql": "spend.sql",
            **feed,
        }
    ]
    access = Access("files", "", (), {"feeds": feeds}, WINDOW.since, "UTC", "EUR", folder)
    stream = FILES.stream("ad_performance")
    pages = FILES.extract(access, stream, WINDOW)
    return take_in(landing, "files", stream, WINDOW, pages, api_version="1", hash_key="k")


def test_rows_of_one_key_add_up_and_days_outside_stay_out(tmp_path: Path, landing: Landing):
    load = land(tmp_path, landing)
    assert load.row_count == 1
    assert load.control_totals == {"spend_amount_local": "2.000000"}


def test_every_rejected_row_is_listed_with_place_reason_and_content(
    tmp_path: Path, landing: Landing
):
    rejected = landing.rejected_rows(land(tmp_path, landing))
    assert [(row["position"], row["reason"]) for row in rejected] == [
        ("spend.csv row 3", "spend_amount_local: n/a is not a DECIMAL(18,6)"),
        ("spend.csv row 4", "ad_date is empty"),
        ("spend.csv row 5", "a test campaign"),
    ]
    assert '"cost": "n/a"' in rejected[0]["content"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"csv": CSV.replace("cost", "price")}, "does not run on the file.*cost"),
        ({"select": SELECT.replace("_row, ", "")}, "missing \\['_row'\\]"),
        ({"select": SELECT.replace("clicks,", "clicks as cliks,")}, "unknown \\['cliks'\\]"),
        ({"path": "nothing*.csv"}, "no file matches"),
        ({"csv": CSV.splitlines()[0] + "\n2026-09-01,test,1,1\n"}, "not one usable row"),
    ],
    ids=["renamed-column", "no-row-number", "misspelt-column", "no-file", "all-rejected"],
)
def test_bad_input_is_one_clear_error(
    tmp_path: Path, landing: Landing, changes: dict, problem: str
):
    with pytest.raises(BrokenContract, match=f"(?s){problem}.*next step") as caught:
        land(tmp_path, landing, **changes)
    assert "source: files; stream: ad_performance; window: [2026-09-01, 2026-10-01)" in str(
        caught.value
    )
    assert landing.loads("files", "ad_performance") == []


def test_an_id_that_comes_twice_in_a_stream_of_things_is_an_error(tmp_path: Path, landing: Landing):
    (tmp_path / "orders.csv").write_text("id,day,total\n1,2026-09-01,5\n1,2026-09-02,5\n", "utf-8")
    (tmp_path / "orders.sql").write_text(
        "select _row, id as order_id, day as ordered_date, total as amount_local,"
        " 'EUR' as currency_code from input",
        "utf-8",
    )
    feeds = [{"name": "till", "stream": "orders", "path": "orders.csv", "sql": "orders.sql"}]
    access = Access("files", "", (), {"feeds": feeds}, WINDOW.since, "UTC", "EUR", tmp_path)
    stream = FILES.stream("orders")
    with pytest.raises(BrokenContract, match="more than once"):
        take_in(
            landing, "files", stream, WINDOW, FILES.extract(access, stream, WINDOW),
            api_version="1", hash_key="k",
        )  # fmt: skip
