"""Days, times of day and ids in files: a text is read whole, or set aside."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from feed_files import ORDERS, Folder

HEAD = "day,campaign,impressions,clicks,cost\n"
REST = "2026-09-20,z,1,1,1\n"


@pytest.mark.parametrize(
    "written",
    [
        "2026-09-01 - 2026-09-30", "2026-09-01 to 2026-09-07", "2026-09-01;2026-09-05",
        "2026-09-1st", "2026-09-03?", "2026-09-30-1", "2026-09-01 junk", "2026-09-01 99:99",
        "2026-09-01 25:15", "2026-09-01 11:30 PM", "2026-09-01 (BC)", "12026-09-01", "01/09/26",
    ],
)  # fmt: skip
def test_what_begins_like_a_day_is_none(spend: Folder, written: str):
    """DuckDB's cast would take the first ten characters: a month's total on its first day."""
    load = spend.write("s.csv", f"{HEAD}{written},a,10,1,600\n{REST}").land()
    ((reason, amount),) = spend.aside(load, "reason", "amount")
    assert reason.startswith("ad_date is not DATE") and amount == 600
    assert load.row_count == 1


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-09-02", 2), ("2026/9/2", 2), (" 2026-09-02 ", 2), ("2026-09-02 23:59", 2),
        ("2026-09-02T00:00:00", 2), ("2026-09-02 00:00:00+09:00", 2), ("2026-09-02T00:00:00Z", 2),
        ("2026-09-01T23:00:00.000Z", 2), ("2026-09-01 20:30:00-0700", 2),
        ("2026-09-02 02:30:00 Asia/Tokyo", 1),
    ],
)  # fmt: skip
def test_a_day_with_a_time_is_the_reporting_zones(spend: Folder, written: str, day: int):
    """Local midnights come as UTC's instants out of programs; a midnight is its own day."""
    load = spend.write("s.csv", f"{HEAD}{written},a,10,1,600\n").land()
    assert spend.rows(load, "ad_date") == [date(2026, 9, day)]


@pytest.mark.parametrize(
    "written",
    ["2026-09-02 03:00:00 BST", "2026-09-02 10:15:00 AST", "2026-09-02 10:15:00-99:00",
     "2026-09-02 10:15:00-2026", "2026-09-02 23:30 GMT-4", "2026-09-02 11:30 PM PDT"],
)  # fmt: skip
@pytest.mark.parametrize("column", ["ordered_date", "ordered_at"])
def test_a_zone_that_letters_alone_name_is_none(orders: Folder, written: str, column: str):
    orders.select = ORDERS.replace("ordered_date", column)
    rows = f"A1,{written},5\nA2,2026-09-03 10:15:00+01:00,6\n"
    load = orders.write("t.csv", "id,day,total\n" + rows).land()
    assert orders.rows(load, "order_id") == ["A2"]
    ((reason, amount),) = orders.aside(load, "reason", "amount")
    assert reason.startswith(f"{column} is not") and amount == 5


@pytest.mark.parametrize(
    ("written", "hour"),
    [("Z", 10), (" UTC", 10), (" GMT", 10), ("+02:00", 8), (" -0300", 13), (" Asia/Tokyo", 1)],
)
def test_offsets_and_zones_of_the_world_are_read(orders: Folder, written: str, hour: int):
    content = f"id,day,total\nA1,2026-09-02T10:15:00{written},5\n"
    load = orders.write("t.csv", content).land()
    ((at,),) = [orders.rows(load, "ordered_at")]
    assert at == datetime.fromisoformat(f"2026-09-02T{hour:02}:15:00+00:00")


def test_ids_that_became_numbers_or_formulas_are_as_they_were_written(orders: Folder):
    orders.glob = "*.json"
    content = """[{"id": 1001, "day": "2026-09-01", "total": 5},
                  {"id": 1002.5, "day": "2026-09-01", "total": 6}]"""
    load = orders.write("t.json", content).land()
    assert orders.rows(load, "order_id") == ["1001", "1002.5"]


def test_a_formula_that_keeps_an_id_is_taken_off(orders: Folder):
    load = orders.write("t.csv", 'id,day,total\n"=""00123""",2026-09-01,5\n').land()
    assert orders.rows(load, "order_id") == ["00123"]


def test_true_is_no_amount(orders: Folder):
    orders.glob = "*.json"
    content = """[{"id": "A1", "day": "2026-09-01", "total": true},
                  {"id": "A2", "day": "2026-09-01", "total": 6}]"""
    load = orders.write("t.json", content).land()
    assert orders.rows(load, "order_id") == ["A2"]
    ((reason,),) = orders.aside(load, "reason")
    assert reason.startswith("amount_local is not DECIMAL")


def test_a_total_of_each_day_is_no_spend(spend: Folder):
    days = "".join(
        f"2026-09-{day:02},x,5,1,10\n2026-09-{day:02},y,5,1,20\n2026-09-{day:02},Total,10,2,30\n"
        for day in range(1, 31)
    )
    load = spend.write("s.csv", HEAD + days).land()
    assert load.control_totals == {"spend_amount_local": "900.000000"}
    assert set(spend.aside(load, "reason", "kind")) == {("a total of its day", "total")}


@pytest.mark.parametrize("campaign", ["", " --"], ids=["empty", "dashes"])
def test_a_total_that_says_so_beside_what_the_select_takes_is_no_spend(
    spend: Folder, campaign: str
):
    """As an ad platform puts below a report: of what it shows, of the account, of a kind of ads."""
    rows = "on,2026-09-01,x,5,1,10\non,2026-09-01,y,5,1,20\n"
    rows += "".join(
        f"Total: {of},2026-09-01,{campaign},9,2,{cost}\n"
        for of, cost in (("Campaigns", 30), ("Account", 37), ("Search", 20), ("Display", 0))
    )
    load = spend.write("s.csv", f'"ad ""state""",{HEAD}{rows}').land()
    assert load.control_totals == {"spend_amount_local": "30.000000"}
    assert set(spend.aside(load, "reason", "kind")) == {
        ("a total of the file's rows", "total")
    }  # fmt: skip


def test_a_total_without_a_number_is_no_order_that_is_lost(orders: Folder):
    rows = "sale,A1,2026-09-01,5\nsale,A2,2026-09-01,6\nTotal cash,,2026-09-01,5\n"
    load = orders.write("t.csv", f"kind,id,day,total\n{rows}sale,,2026-09-01,7\n").land()
    assert orders.aside(load, "reason", "is_lost") == [
        ("a total of the file's rows", False), ("order_id is empty", True)
    ]  # fmt: skip


@pytest.mark.parametrize("other", ["Total", "Search"])
def test_rows_that_begin_with_total_where_none_names_a_campaign_are_spend(
    spend: Folder, other: str
):
    """An account that is exported by day alone, or by what it is called."""
    rows = f"Total,2026-09-01,,5,1,10\n{other},2026-09-02,,5,1,20\n"
    load = spend.write("s.csv", f"state,{HEAD}{rows}").land()
    assert load.control_totals == {"spend_amount_local": "30.000000"}


def test_what_an_account_called_total_spends_on_no_campaign_is_spend(spend: Folder):
    rows = "Total Tools,2026-09-01,x,5,1,10\nTotal Tools,2026-09-01,,5,1,20\n"
    rows += "Acme,2026-09-01,y,5,1,4\n"
    load = spend.write("s.csv", f"account,{HEAD}{rows}").land()
    assert load.control_totals == {"spend_amount_local": "34.000000"}


def test_a_campaign_called_total_that_adds_up_to_nothing_is_one(spend: Folder):
    rows = "2026-09-01,x,5,1,10\n2026-09-01,y,5,1,20\n2026-09-01,Total wine,10,2,31\n"
    load = spend.write("s.csv", HEAD + rows).land()
    assert load.control_totals == {"spend_amount_local": "61.000000"}


def test_what_is_not_seen_at_the_ends_of_a_day_is_left_out(spend: Folder):
    load = spend.write("s.csv", f"{HEAD}\u200b2026-09-02\u00a0,a,10,1,600\n").land()
    assert spend.rows(load, "ad_date") == [date(2026, 9, 2)]


def test_a_campaign_called_total_keeps_its_clicks_where_nothing_was_spent(spend: Folder):
    rows = "2026-09-01,x,5,1,0\n2026-09-01,y,5,1,0\n2026-09-01,Total wine,10,2,0\n"
    assert spend.write("s.csv", HEAD + rows).land().row_count == 3


@pytest.mark.parametrize("column", ["ordered_date", "ordered_at"])
def test_a_year_of_two_digits_that_was_read_as_four_says_so(orders: Folder, column: str):
    """Two formats in one file: try_strptime reads 9/1/26 by %Y, in the year 26."""
    reading = "coalesce(try_strptime(day, '%m/%d/%Y'), try_strptime(day, '%m/%d/%y'))"
    orders.select = ORDERS.replace("day as ordered_date", f"{reading} as {column}")
    load = orders.write("t.csv", "id,day,total\nA1,09/02/2026,5\nA2,9/1/26,6\n").land()
    assert orders.rows(load, "order_id") == ["A1"]
    assert orders.aside(load, "reason", "amount") == [
        (
            f"{column} is in the year 26: try_strptime reads a year of two digits by %y,"
            " one of four by %Y",
            6,
        )
    ]


A_DAY = "2026-09-0{0},x,5,1,10\n2026-09-0{0},y,5,1,20\n2026-09-0{0},{1},10,2,30\n"
SPENT = "".join(f"2026-09-0{day},x,5,1,10\n2026-09-0{day},y,5,1,20\n" for day in (1, 2, 3))


@pytest.mark.parametrize(
    ("content", "spent"),
    [
        (SPENT + "2026-09-03,Total,30,6,90\n", 90),
        (SPENT + "2026-09-30,Total: Campaigns,30,6,90\n2026-09-30,Total: Account,30,6,90\n", 90),
        ("2026-09-01,,30,6,90\n" + SPENT, 90),
        ("".join(A_DAY.format(day, "") for day in (1, 2, 3)), 90),
        (A_DAY.format(1, "") + "2026-09-02,x,5,1,10\n2026-09-02,,5,1,10\n"
         "2026-09-03,x,0,0,0\n2026-09-03,,0,0,0\n", 40),
        ("".join(f"2026-09-0{day},x,5,1,10\n2026-09-0{day},Total,5,1,10\n" for day in (1, 2, 3)),
         30),
        # What a platform spends on no campaign.
        (SPENT + "2026-09-03,,30,6,7\n", 97),
        (A_DAY.format(1, "") + "2026-09-02,x,5,1,10\n2026-09-02,,5,1,4\n", 74),
        ("2026-09-01,,5,1,10\n2026-09-02,,5,1,20\n", 30),
        ("2026-09-01,x,5,1,10\n2026-09-01,Total wine,5,1,10\n", 20),
    ],
    ids=["labelled", "two", "at-the-start", "daily", "some-of-one-row", "of-one-row",
         "no-campaign", "not-all-fit", "an-account-alone", "one-of-one"],
)  # fmt: skip
def test_a_total_that_has_a_day_is_no_spend(spend: Folder, content: str, spent: int):
    load = spend.write("s.csv", HEAD + content).land()
    assert sum(spend.rows(load, "spend_amount_local")) == spent
    assert {kind for (kind,) in spend.aside(load, "kind")} <= {"total"}


@pytest.mark.parametrize("days", ["2026-09-30", "2026-09-02"])
def test_a_total_that_has_a_day_is_no_order(orders: Folder, days: str):
    rows = f"A1,2026-09-01,10\nA2,2026-09-02,20\nA3,2026-09-02,5.50\nTotal,{days},35.50\n"
    load = orders.write("t.csv", "id,day,total\n" + rows).land()
    assert orders.rows(load, "order_id") == ["A1", "A2", "A3"]
    assert orders.aside(load, "kind", "is_lost") == [("total", False)]


def test_a_total_of_claims_without_amounts_is_no_claim(tmp_path: Path):
    select = (
        "select _row, 'maps' as platform, campaign as campaign_id, day as claim_date,"
        " 'buy' as action_id, 'click_date' as date_basis, n as claimed_conversions from input"
    )
    claims = Folder(tmp_path, "claims", select)
    rows = "2026-09-01,x,3\n2026-09-01,y,4\n2026-09-02,x,2\n2026-09-02,,9\n"
    load = claims.write("c.csv", "day,campaign,n\n" + rows).land()
    assert sum(claims.rows(load, "claimed_conversions")) == 9
