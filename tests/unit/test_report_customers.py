"""The page's sections of customers and leads: equal age, what is open, and inert names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from trueup.reports.page import cohorts, document, lead_section, leads, mart_file
from trueup.reports.page.mart_file import MartFile
from unit import report_marts
from unit.test_report_page import ADDRESS, HOSTILE, RUNS, Tags

JUNE, JULY, AUGUST = date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)


@pytest.fixture
def mart(tmp_path: Path) -> Path:
    path = report_marts.empty(tmp_path / "mart.duckdb")
    return report_marts.also(
        path, report_marts.CUSTOMERS + report_marts.PROJECTED + report_marts.LEADS
    )


@contextmanager
def opened(mart: Path) -> Iterator[MartFile]:
    with mart_file.opened(mart) as found:
        yield found


def section(page: str, name: str) -> str:
    return page.split(f'<section id="{name}"')[1].split("</section>")[0]


def test_months_compare_at_equal_age_and_a_younger_one_is_open_not_nothing(mart: Path):
    with opened(mart) as found:
        read = cohorts.read(found)
    assert read and read.months == [(JUNE, 20), (JULY, 20), (AUGUST, 20)]
    ltv = {key: worth.ltv for key, worth in read.worth.items()}
    assert ltv == {(JUNE, 0): 20, (JUNE, 1): 30, (JULY, 0): 20}
    shown = section(document.render(mart), "cohorts")
    for month, cells in (("Jun 2026", "20.00 30.00"), ("Jul 2026", "20.00 open"),
                         ("Aug 2026", "open open")):  # fmt: skip
        row = shown.split(f">{month}</th>")[1].split("</tr>")[0]
        texts = [one.split("</td>")[0] for one in row.split('">')[1:]]
        assert " ".join(texts[1:]) == cells


def test_channels_are_compared_by_months_that_have_all_had_the_age(mart: Path):
    with opened(mart) as found:
        read = cohorts.read(found)
    assert read and (read.compared, read.age) == ([JUNE], 1)
    search, direct = read.channels
    assert (search.name, search.paid_back_age, search.ages[1].came_back) == (
        "search", 1, Decimal("1.25"),
    )  # fmt: skip
    assert search.ages[1].acquisition_cost == 6 and search.ages[1].ltv_margin == Decimal("7.5")
    assert (direct.ages[1].came_back, direct.ages[1].ltv_margin, direct.ages[1].ltv) == (
        None, None, 30,
    )  # fmt: skip


def test_payback_of_a_month_says_by_when_or_how_long_it_was_waited_for(mart: Path):
    shown = section(document.render(mart), "cohorts")
    row = shown.split("Paid back after so many days")[2].split(">search</th>")[1].split("</tr>")[0]
    texts = [one.split("</td>")[0] for one in row.split('">')[1:]]
    assert texts == ["60", "&gt; 30", "open"]


def test_of_a_month_with_a_channel_of_unknown_margin_the_margin_is_not_known(mart: Path):
    with opened(mart) as found:
        read = cohorts.read(found)
    assert read and read.worth[JUNE, 1].margin is None and read.worth[JUNE, 1].revenue == 600


def test_what_a_channels_newest_customers_come_to_stands_with_its_interval(mart: Path):
    page = section(document.render(mart), "cohorts")
    shown = page.split("LTV to come by channel")[2].split("</table>")[0]
    assert "direct</th>" not in shown
    row = shown.split(">search</th>")[1].split("</tr>")[0]
    texts = [one.split("</td>")[0] for one in row.split('">')[1:]]
    assert texts == ["Jun 2026", "10", "6.00", "4", "45.00", "42.00", "60.00 (50.00 to 72.50)",
                     "80.00 (?)"]  # fmt: skip


def test_leads_are_judged_once_their_window_is_over(mart: Path):
    with opened(mart) as found:
        read = leads.read(found, mart_file.head(found))
    assert read and read.span and (read.span.first, read.span.last) == (JUNE, date(2026, 7, 10))
    (search,) = read.channels
    assert (search.leads, search.qualified, search.won, search.revenue_per_lead) == (40, 20, 10, 25)
    assert [(one.group, one.leads, one.won) for one in read.answered] == [
        ("within an hour", 10, 10), ("within a day", 20, 0), ("never", 10, 0),
    ]  # fmt: skip
    assert {one.group: one.leads for one in read.stages} == {
        "no deal": 20, "signed": 10, "proposal": 10,
    }  # fmt: skip
    assert read.goals == [leads.Goal("enquiry", 60, 40, 300)]


def test_who_waits_and_with_whom_nobody_spoke_lately_is_counted(mart: Path):
    with opened(mart) as found:
        read = leads.read(found, mart_file.head(found))
    assert read and read.undecided == [
        leads.Undecided("enquiry", 1, date(2026, 9, 10), 1, quiet=1, contacts=3)
    ]
    report_marts.also(
        mart, "update marts.fct_leads set last_contact_at = timestamptz '2026-09-01 08:00:00Z'"
    )
    with opened(mart) as found:
        read = leads.read(found, mart_file.head(found))
    assert read and read.undecided[0].quiet == 0


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        ("delete from marts.fct_leads", "Nobody has asked for anything yet."),
        ("delete from marts.fct_leads where follow_up = 'closed'", "No lead&#x27;s window is over"),
        ("delete from marts.fct_leads where follow_up <> 'closed'", "No lead is open"),
        ("alter table marts.fct_leads drop column follow_up", "The mart has no leads yet."),
        ("delete from marts.dim_customer", "has bought anything yet"),
        ("delete from marts.fct_customer_cohorts", "all had their first 30 days yet"),
        ("drop table marts.fct_customer_cohorts", "The mart has no cohorts"),
        ("delete from marts.fct_customer_ltv", "Not known yet: it takes 13 weeks"),
    ],
)
def test_what_is_not_there_yet_is_said(mart: Path, spoilt: str, said: str):
    assert said not in document.render(mart)
    page = document.render(report_marts.also(mart, spoilt))
    assert said in page and Tags(page).open == []


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_of_a_channel_goal_or_stage_is_text(mart: Path, name: str):
    with duckdb.connect(str(mart)) as con:
        con.execute(
            "update marts.fct_customer_cohorts set channel = $1 where channel = 'search'", [name]
        )
        con.execute(
            "update marts.fct_customer_ltv set channel = $1 where channel = 'search'", [name]
        )
        con.execute(
            "update marts.fct_leads set goal = $1, channel = $1, stage_in_window = $1,"
            " response_band = $1 where stage_in_window <> ''",
            [name],
        )
    page = document.render(mart)
    tags = Tags(page)
    assert tags.open == [] and not {"script", "img"} & set(tags.seen)
    assert not [one for one, _ in tags.attributes if one.startswith("on")]
    assert RUNS.findall(page.replace("onerror", "")) == [] and ADDRESS.findall(page) == []
    assert "x" * 100 not in page and "\u202e" not in page


def test_durations_are_as_people_say_them():
    assert lead_section.duration(14.7) == "15 minutes"
    assert lead_section.duration(180) == "3 hours" and lead_section.duration(4320) == "3 days"
