"""`trueup check`: what the rows of files say before anything lands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from trueup.__main__ import main
from unit.companies_to_check import SPEND, check, company, feeds_of

__all__ = ["company"]


def test_rows_that_will_be_set_aside_are_a_remark(
    tmp_path: Path,
    company: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    (tmp_path / "till.csv").write_text(
        "id,day,total\nA1,2026-09-01,5\nA2,2026-09-02,n.a.\n", "utf-8"
    )
    assert check(tmp_path, company) == []
    monkeypatch.setenv("TRUEUP_COMPANY", str(tmp_path / "company.yml"))
    assert main(["check"]) == 0
    assert (
        "feeds.0: 1 of 2 rows will be set aside, most of them as amount_local is not DECIMAL(18,6)"
        in capsys.readouterr().out
    )


def test_lines_of_orders_are_a_remark_before_anything_lands(
    tmp_path: Path,
    company: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    lines = "".join(f"A{n},2026-09-01,{total}\n" for n in range(3) for total in (5, 6))
    (tmp_path / "till.csv").write_text(f"id,day,total\n{lines}B1,2026-09-01,7\n", "utf-8")
    assert check(tmp_path, company) == []
    monkeypatch.setenv("TRUEUP_COMPANY", str(tmp_path / "company.yml"))
    assert main(["check"]) == 0
    assert "6 of 7 rows will be set aside, most of them as order_id stands on several rows" in (
        capsys.readouterr().out
    )
    (tmp_path / "till.csv").write_text(f"id,day,total\n{lines}", "utf-8")
    (problem,) = check(tmp_path, company)
    assert "feeds.0: not one usable row of 6: order_id stands on several rows" in problem


def test_a_platform_no_feed_gives_where_none_gives_any(tmp_path: Path, company: dict[str, Any]):
    feeds_of(company)[1:] = []
    del company["goals"]["sale"]["mappings"][1]
    company["channels"] = [{"channel": "maps", "is_paid": True, "platform": "maps"}]
    assert check(tmp_path, company) == [
        "sources.files.options.feeds: platform maps of a channel rule: no feed gives it; there are"
        " none"
    ]


def test_a_feed_that_names_no_platform_is_one_of_its_own_name(
    tmp_path: Path, company: dict[str, Any]
):
    (tmp_path / "maps.sql").write_text(SPEND.replace("'maps' as platform,", ""), "utf-8")
    feeds_of(company)[2:] = []
    del company["goals"]["sale"]["mappings"][1]
    company["channels"] = [{"channel": "maps", "is_paid": True, "platform": "mapz"}]
    (problem,) = check(tmp_path, company)
    assert problem.endswith("platform mapz of a channel rule: no feed gives it; there are maps")


def test_a_second_file_that_a_select_reads_lies_with_the_company_file(
    tmp_path: Path, company: dict[str, Any]
):
    (tmp_path / "money.csv").write_text("order_id,total\nA1,7\n", "utf-8")
    beside = "read_csv(getvariable('folder') || '/money.csv', all_varchar = true)"
    of_second = f"(select total from {beside} where order_id = id)"
    select = (tmp_path / "till.sql").read_text("utf-8").replace("total as", f"{of_second} as")
    (tmp_path / "till.sql").write_text(select, "utf-8")
    assert check(tmp_path, company) == []
    (tmp_path / "money.csv").rename(tmp_path / "paid.csv")
    (problem,) = check(tmp_path, company)
    assert "/money.csv" in problem
    assert "lies with the company file is getvariable('folder') || '/name.csv'" in problem


def test_spend_whose_campaigns_are_not_named_is_a_remark(
    tmp_path: Path,
    company: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    """Exports of ads name the ad alone; a campaign or two without an id are usual."""
    head = "day,campaign,impressions,clicks,cost\n"
    monkeypatch.setenv("TRUEUP_COMPANY", str(tmp_path / "company.yml"))
    for rows, is_said in (("2026-09-01,,1,1,1\n", True), ("2026-09-01,a,1,1,1\n", False)):
        body = rows + "2026-09-02,,1,1,2\n2026-09-03,b,1,1,3\n2026-09-04,,1,1,0\n"
        (tmp_path / "maps.csv").write_text(head + body, "utf-8")
        assert check(tmp_path, company) == []
        assert main(["check"]) == 0
        said = "feeds.1: 2 of 3 rows of spend name no campaign: theirs is (unallocated), in no"
        assert (said in capsys.readouterr().out) == is_said
