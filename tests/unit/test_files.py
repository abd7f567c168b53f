"""Files join by a glob and a select; what cannot be used is listed row by row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import pyarrow.parquet as pq
import pytest

from trueup.errors import BrokenContract
from trueup.landing.intake import take_in
from trueup.landing.personal_data import keyed_hash
from trueup.landing.store import Landing, Load, Outside
from trueup.sources import registry
from trueup.sources.contract import Access
from trueup.window import Window

FILES = registry.load("files")
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
    folder: Path,
    landing: Landing,
    csv: str = CSV,
    select: str = SELECT,
    intake: Mapping[str, bool] = MappingProxyType({}),
    **feed: object,
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
    return take_in(landing, "files", stream, WINDOW, pages, api_version="1", hash_key="k", **intake)


def test_rows_of_one_key_all_land_and_days_outside_are_counted(tmp_path: Path, landing: Landing):
    load = land(tmp_path, landing)
    assert load.row_count == 2
    assert load.control_totals == {"spend_amount_local": "2.000000"}
    assert load.outside == Outside(1, date(2026, 8, 31), date(2026, 8, 31), Decimal(5))


def test_every_rejected_row_is_listed_with_place_reason_and_content(
    tmp_path: Path, landing: Landing
):
    rejected = landing.set_aside_rows(land(tmp_path, landing))
    assert [(row["position"], row["reason"]) for row in rejected] == [
        ("spend.csv row 3", "spend_amount_local is not DECIMAL(18,6): like 'a/a'"),
        ("spend.csv row 4", "ad_date is empty"),
        ("spend.csv row 5", "a test campaign"),
        ("spend.csv row 6", "ad_date lies outside the window"),
    ]
    assert '"cost":"n/a"' in rejected[0]["content"]


@pytest.mark.parametrize(
    ("line", "place", "reason"),
    [
        ("2026-09-04,Acme, Inc,3,1.50", "line 2", "too many columns"),
        ("2026-09-04,a", "line 2", "missing columns"),
        ("04/09/26,a,3,1.50", "row 1", "ad_date is not DATE: like '9/9/9'"),
        ("26-09-04,a,3,1.50", "row 1", "ad_date is not DATE: like '9-9-9'"),
        ("2026-09-04,a,2.7,1.50", "row 1", "clicks is not BIGINT: like '9.9'"),
        (
            "2026-09-04,a,3,ana@x.pt",
            "row 1",
            "spend_amount_local is not DECIMAL(18,6): like 'a@a.a'",
        ),
    ],
)
def test_one_odd_line_is_rejected_and_the_rest_land(
    tmp_path: Path, landing: Landing, line: str, place: str, reason: str
):
    head, *lines = CSV.splitlines()
    load = land(tmp_path, landing, "\n".join([head, line, *lines, ""]))
    first = landing.set_aside_rows(load)[0]
    assert (first["position"], first["reason"]) == (f"spend.csv {place}", reason)
    assert "@" not in first["content"]
    assert load.control_totals == {"spend_amount_local": "2.000000"}


def test_a_line_that_looks_like_a_comment_is_a_row(tmp_path: Path, landing: Landing):
    csv = "campaign,day,clicks,cost\n#summer,2026-09-04,1,7\na,2026-09-04,1,1\n"
    assert land(tmp_path, landing, csv).control_totals == {"spend_amount_local": "8.000000"}


def test_dates_of_json_are_read_by_the_select_alone(tmp_path: Path, landing: Landing):
    """3 September and 4 September, month first: no guess may make them 9 March and 9 April."""
    rows = '{"ad_date": "09-03-2026", "cost": 1}\n{"ad_date": "09-04-2026", "cost": 2}\n'
    (tmp_path / "spend.ndjson").write_text(rows, "utf-8")
    select = (
        "select _row, strptime(ad_date, '%m-%d-%Y')::date as ad_date, 'EUR' as currency_code,"
        " cost as spend_amount_local from input"
    )
    load = land(tmp_path, landing, select=select, path="spend.ndjson")
    assert load.day_counts == {"2026-09-03": 1, "2026-09-04": 1}


def test_a_file_in_another_encoding_is_named_not_thinned_out(tmp_path: Path, landing: Landing):
    (tmp_path / "old.csv").write_bytes((CSV + "2026-09-05,Málaga,1,1.00\n").encode("latin-1"))
    with pytest.raises(BrokenContract, match="old.csv is not in the encoding"):
        land(tmp_path, landing, path="old.csv")
    load = land(tmp_path, landing, path="old.csv", reader={"encoding": "latin-1"})
    assert load.control_totals == {"spend_amount_local": "3.000000"}


def test_files_of_one_glob_land_together(tmp_path: Path, landing: Landing):
    (tmp_path / "spend_2.csv").write_text(CSV.replace(",a,", ",c,"), "utf-8")
    (tmp_path / "macros.sql").write_text("create macro half(amount) as amount / 2", "utf-8")
    select = SELECT.replace("cost as", "half(try_cast(cost as decimal(9, 2))) as")
    load = land(tmp_path, landing, select=select, macros="macros.sql")
    assert (load.row_count, load.control_totals) == (4, {"spend_amount_local": "2.000000"})


def test_macros_of_a_feed_are_unknown_to_the_next(tmp_path: Path, landing: Landing):
    (tmp_path / "macros.sql").write_text("create macro half(amount) as amount / 2", "utf-8")
    select = SELECT.replace("cost as", "half(try_cast(cost as decimal(9, 2))) as")
    land(tmp_path, landing, select=select, macros="macros.sql")
    with pytest.raises(BrokenContract, match="half, which is no function"):
        land(tmp_path, landing, select=select)


def test_problems_of_all_feeds_are_reported_at_once(tmp_path: Path, landing: Landing):
    with pytest.raises(BrokenContract) as caught:
        land(tmp_path, landing, stream="ad_perfomance", readers={})
    for problem in ("feeds.0.stream: no stream ad_perfomance", "feeds.0.readers: unknown key"):
        assert problem in str(caught.value)


def test_a_time_without_an_offset_is_one_of_the_reporting_zone(tmp_path: Path, landing: Landing):
    times = ("2026-09-02 00:30", "2026-09-02T00:30:00+01:00", "2026-09-01T23:30:00Z")
    csv = "id,moment\n" + "".join(f"{n},{at}\n" for n, at in enumerate(times))
    (tmp_path / "orders.csv").write_text(csv, "utf-8")
    (tmp_path / "orders.sql").write_text(
        "select _row, id as order_id, moment as ordered_at,"
        " moment::timestamptz::date as ordered_date,"
        " 5 as amount_local, 'EUR' as currency_code from input",
        "utf-8",
    )
    feeds = [{"name": "till", "stream": "orders", "path": "orders.csv", "sql": "orders.sql"}]
    access = Access(
        "files", "", (), {"feeds": feeds}, WINDOW.since, "Europe/Lisbon", "EUR", tmp_path
    )
    stream = FILES.stream("orders")
    pages = FILES.extract(access, stream, WINDOW)
    load = take_in(landing, "files", stream, WINDOW, pages, api_version="1", hash_key="k")
    rows = pq.read_table(landing.path(load.files[0].name)).to_pylist()
    assert {row["ordered_at"] for row in rows} == {datetime(2026, 9, 1, 23, 30, tzinfo=UTC)}
    assert {row["ordered_date"] for row in rows} == {date(2026, 9, 2)}


def test_who_a_touch_was_lands_as_a_keyed_hash(tmp_path: Path, landing: Landing):
    """The same hash as any source gives that e-mail; a rejected row does not show it either."""
    csv = "id,day,visitor\n1,2026-09-02, Ana@x.pt\n2,never,ana@x.pt\n"
    (tmp_path / "visits.csv").write_text(csv, "utf-8")
    (tmp_path / "visits.sql").write_text(
        "select _row, id as touch_id, day as touch_date, visitor as person_id from input", "utf-8"
    )
    feeds = [{"name": "web", "stream": "touches", "path": "visits.csv", "sql": "visits.sql"}]
    access = Access("files", "", (), {"feeds": feeds}, WINDOW.since, "UTC", "EUR", tmp_path)
    stream = FILES.stream("touches")
    pages = FILES.extract(access, stream, WINDOW)
    load = take_in(landing, "files", stream, WINDOW, pages, api_version="1", hash_key="k")
    [row] = pq.read_table(landing.path(load.files[0].name)).to_pylist()
    assert row["person_id_hmac"] == keyed_hash("email", "ana@x.pt", "k")
    assert "@" not in f"{row} {landing.set_aside_rows(load)}"


@pytest.mark.parametrize(("gives", "takes"), [("visitor as person_id", True), ("1 as n", False)])
def test_only_a_select_that_gives_a_person_takes_the_hash_key(
    tmp_path: Path, gives: str, takes: bool
):
    (tmp_path / "x.sql").write_text(f"select _row, {gives} from input", "utf-8")
    feed = {"name": "web", "stream": "touches", "path": "x.csv", "sql": "x.sql"}
    assert FILES.has_personal_data({"feeds": [feed]}, tmp_path) is takes


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"csv": CSV.replace("cost", "price")}, "does not run on the file.*cost"),
        ({"select": SELECT.replace("_row, ", "")}, "missing \\['_row'\\]"),
        ({"select": SELECT.replace("clicks,", "clicks as cliks,")}, "unknown \\['cliks'\\]"),
        ({"select": SELECT.replace("clicks,", "at as clicks,")}, "(?=.*double quotes).*"),
        ({"path": "nothing*.csv"}, "no file matches"),
        ({"csv": CSV.splitlines()[0] + "\n2026-09-01,test,1,1\n"}, "not one usable row"),
    ],
    ids=[
        "renamed-column",
        "no-row-number",
        "misspelt-column",
        "word-of-sql",
        "no-file",
        "all-rejected",
    ],
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


@pytest.mark.parametrize(
    ("name", "content"),
    [("spend.csv", CSV.splitlines()[0] + "\n"), ("none.json", "[]"), ("none.ndjson", "")],
)
def test_a_feed_without_a_row_yet_is_empty_not_broken(
    tmp_path: Path, landing: Landing, name: str, content: str
):
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(
        BrokenContract, match="feed maps: no row in 1 file.*or for the file.*files.allow_empty"
    ):
        land(tmp_path, landing, csv=content, path=name)
    for settings in ({"empty_ok": True}, {"accepted": True}):
        assert land(tmp_path, landing, csv=content, path=name, intake=settings).row_count == 0


def test_an_empty_file_beside_a_full_one_needs_no_word(tmp_path: Path, landing: Landing):
    (tmp_path / "spend_2.csv").write_text(CSV.splitlines()[0] + "\n", "utf-8")
    (tmp_path / "spend_3.csv").write_text("", "utf-8")
    assert land(tmp_path, landing).row_count == 2


def test_a_select_is_held_against_a_file_without_rows(tmp_path: Path, landing: Landing):
    with pytest.raises(BrokenContract, match="does not run on the file.*cost"):
        land(tmp_path, landing, csv="day,campaign,clicks,price\n", intake={"empty_ok": True})


def test_a_file_of_broken_lines_alone_is_not_an_empty_one(tmp_path: Path, landing: Landing):
    broken = CSV.splitlines()[0] + "\n2026-09-04,Acme, Inc,3,1.50\n"
    with pytest.raises(BrokenContract, match="not one usable row"):
        land(tmp_path, landing, csv=broken, intake={"empty_ok": True})
