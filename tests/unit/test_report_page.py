"""The page of a published mart: it says what the mart says, runs nothing, and asks nobody."""

from __future__ import annotations

import os
import re
import stat
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest

from trueup.company import workspace
from trueup.company.workspace import Workspace
from trueup.errors import TrueupError
from trueup.reports.page import document, figures, formats, mart_file, rows_of_spend, write
from unit import report_marts

ROOT = Path(__file__).parents[2]
HOSTILE = [
    "<script>alert(1)</script>",
    "</title></style></svg><img src=x onerror=alert(1)>",
    "$\\frac{1}{0}$ & \"quoted\" 'names'",
    "\u202eturned round\u0000\u2028",
    "=HYPERLINK(1)" + "x" * 300,
    "夏のギフト 🎁",
]
#: What may not be in a page that runs nothing and asks nobody.
RUNS = re.compile(
    r"<(script|iframe|object|embed|link|img|form|base)\b|\son\w+\s*=|javascript:", re.I
)
ADDRESS = re.compile(r"https?:|//[a-z]|url\((?!#)|@import", re.I)


class Tags(HTMLParser):
    """The elements of a page, and whether each that was opened is closed."""

    VOID = frozenset({"meta", "br", "use", "path", "rect"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """The demo company, of which nothing is published yet."""
    monkeypatch.setenv("TRUEUP_HOME", str(tmp_path))
    monkeypatch.setenv("TRUEUP_COMPANY", str(ROOT / "company.yml"))
    found = workspace.current()
    found.state.folder.mkdir()
    return found


def test_a_hostile_name_is_text_and_nothing_else(tmp_path: Path):
    mart = report_marts.with_campaigns(tmp_path / "mart.duckdb", HOSTILE)
    report_marts.also(
        mart,
        """
        update marts.fct_channel_daily set channel = '<script>';
        insert into health.fct_incidents values ('1', '<script>', '<b>', '<script>', '<script>x',
            null, 5, '<i>', '<script>', '<script>', 'javascript:x', '<script>', 'open', null);
        insert into health.fct_set_aside values ('<script>', 's', '<b>', true, 1, 1, '<', null);
        insert into marts.fct_signal_value values ('<script>', '<script>', null, true, 9, 1);
        """,
    )
    page = document.render(mart)
    tags = Tags(page)
    assert tags.open == []
    assert not set(tags.seen) & {"script", "img", "iframe", "b", "i", "form", "link", "base"}
    assert not [name for name, _ in tags.attributes if name.startswith("on")]
    assert "&lt;script&gt;alert(1)" in page and "夏のギフト" in page
    assert "x" * 100 not in page and "\u202e" not in page and "\u0000" not in page


def test_it_names_no_address_and_lets_nothing_in(tmp_path: Path):
    page = document.render(report_marts.with_campaigns(tmp_path / "mart.duckdb", ["a", "b"]))
    assert ADDRESS.findall(page) == [] and RUNS.findall(page) == []
    assert "default-src 'none'" in page and "<svg" in page
    assert "#0102" not in page  # every colour is one of the page's


def test_every_reference_of_a_drawing_is_met_once(tmp_path: Path):
    mart = report_marts.with_campaigns(tmp_path / "mart.duckdb", ["a", "b"])
    page = document.render(report_marts.also(mart, report_marts.GAP))
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    named = set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', page))
    assert {one or other for one, other in named} <= set(ids)
    labels = " ".join(re.findall(r'aria-labelledby="([^"]+)"', page)).split()
    assert set(labels) <= set(ids)


@pytest.mark.parametrize("tables", ["", report_marts.TABLES])
def test_an_empty_mart_says_so(tmp_path: Path, tables: str):
    mart = report_marts.also(tmp_path / "mart.duckdb", tables or "create schema marts")
    page = document.render(mart)
    assert Tags(page).open == []
    assert page.count("<section") == 8 and "nan" not in re.sub("<style>.*</style>", "", page)
    assert "The mart has no table of the gap" in page


def test_a_company_of_one_day_has_its_page(tmp_path: Path):
    mart = report_marts.with_campaigns(tmp_path / "mart.duckdb", ["only one"], days=1)
    report_marts.also(
        mart, f"update health.fct_build set history_start_date = {report_marts.THROUGH}"
    )
    page = document.render(mart)
    assert "only one" in page and ">2026-09-14<" in page


def test_of_many_campaigns_the_rest_is_one_row_and_the_page_stays_small(tmp_path: Path):
    names = [f"campaign {number}" for number in range(2000)]
    mart = report_marts.with_campaigns(tmp_path / "mart.duckdb", names, days=20)
    with mart_file.opened(mart) as opened:
        span = rows_of_spend.quarter(mart_file.head(opened))
        found = rows_of_spend.campaigns(opened, span)
    assert found and len(found.rows) == figures.MOST_CAMPAIGNS + 1
    assert found.rest_count == 1975 and found.rows[-1].name == "1975 more campaigns"
    assert sum(row.spend or 0 for row in found.rows) == 2000 * 20 * 10
    assert found.rows[-1].claimed_roas == 3
    assert len(document.render(mart)) < 1_000_000


def test_claims_of_several_platforms_are_never_added(tmp_path: Path):
    names = [f"campaign {number:02}" for number in range(30)]
    mart = report_marts.with_campaigns(tmp_path / "mart.duckdb", names)
    report_marts.also(
        mart,
        "update marts.fct_campaign_daily set platform = 'two' where campaign_name = 'campaign 29'",
    )
    with mart_file.opened(mart) as opened:
        found = rows_of_spend.campaigns(opened, rows_of_spend.quarter(mart_file.head(opened)))
    assert found
    rest = found.rows[-1]
    assert (rest.claimed_amount, rest.claimed_roas, rest.claim_ratio) == (None, None, None)
    assert rest.spend == 5 * 90 * 10 and rest.reconciled_roas == 2


def test_a_day_whose_claims_are_not_known_makes_no_ratio_of_claims_lower(tmp_path: Path):
    mart = report_marts.with_campaigns(tmp_path / "mart.duckdb", ["a"])
    report_marts.also(
        mart,
        "update marts.fct_campaign_daily set claimed_amount = null, claimed_conversions = null,"
        " compared_conversions = null where report_date > date '2026-08-31'",
    )
    with mart_file.opened(mart) as opened:
        head = mart_file.head(opened)
        found = rows_of_spend.campaigns(opened, rows_of_spend.quarter(head))
        lines = figures.over_time(opened, head)
    assert found and found.rows[0].claimed_roas == 3 and found.rows[0].claim_ratio == 3
    assert lines and lines.step == "week"
    # The week from 31 August has one known day of seven, so that its claim is not known.
    assert lines.claims[0].values[-2:] == [None, None]
    assert lines.came_in.values[-2:] == [140, 140]


def test_the_gap_adds_up_over_the_settled_weeks(tmp_path: Path):
    mart = report_marts.with_campaigns(tmp_path / "mart.duckdb", ["a"])
    report_marts.also(mart, report_marts.GAP)
    with mart_file.opened(mart) as opened:
        head = mart_file.head(opened)
        found = figures.gaps(opened, head)
    assert found and [gap.platform for gap in found.platforms] == ["one"]
    gap = found.platforms[0]
    assert gap.reconciled + sum(value for _, value in gap.causes) == gap.claimed > 0
    report_marts.also(
        mart,
        "comment on column marts.fct_reconciliation_daily.refunds_amount is 'Given back since.'",
    )
    page = document.render(mart)
    assert "view through" in page and '<td data-label="What it is">Given back since.</td>' in page


def test_days_whose_claims_nobody_knows_keep_no_gap_from_the_page(tmp_path: Path):
    mart = report_marts.with_campaigns(tmp_path / "mart.duckdb", ["a"])
    report_marts.also(
        mart,
        f"""{report_marts.GAP};
        update marts.fct_reconciliation_daily set report_date = report_date - 10;
        insert into marts.fct_reconciliation_daily
        select report_date, 'two', null, 5, 0, 0, 0, false from marts.fct_reconciliation_daily;
        insert into marts.fct_reconciliation_daily
        values (date '2026-05-20', 'one', null, 7, 0, 0, 0, false);""",
    )
    with mart_file.opened(mart) as opened:
        found = figures.gaps(opened, mart_file.head(opened))
    assert found and found.span.last == date(2026, 8, 10)
    assert [(gap.platform, gap.claimed) for gap in found.platforms] == [("one", 2000)]


def test_trouble_stands_first_and_nothing_says_that_all_is_well(tmp_path: Path):
    mart = report_marts.with_campaigns(tmp_path / "mart.duckdb", ["a"])
    report_marts.also(
        mart,
        """
        insert into health.fct_gate_results values ('mart', 'c', 't', '', 'pass', '', '', null,
            null, null, timestamptz '2026-09-15 06:00:00Z', null, null);
        insert into health.fct_incidents values ('1', 'page', 'tag_removed', 'web', 'A tag is gone',
            date '2026-09-10', 1234.5, 'EUR', null, 'web', 'docs/runbook.md#x', 'seen', 'open',
            null);
        insert into health.fct_freshness values ('shop', 'orders', '', date '2026-09-12', true);
        """,
    )
    page = document.render(mart)
    place = page.index("A tag is gone")
    assert place < page.index("What came in, and what")
    assert "landed through 2026-09-12: orders" in page
    assert "No incident is open" not in page


def test_what_is_not_known_is_a_dash():
    assert formats.amount(None) == formats.share(None) == formats.plain(None) == "–"
    assert formats.divided(Decimal(1), Decimal(0)) is None
    assert formats.amount(Decimal("-1234567.4")) == "−1,234,567"
    assert formats.amount(Decimal("-0.2")) == "0"
    assert formats.compact(1_250_000) == "1.25m" and formats.compact(0) == "0"


def test_the_page_is_replaced_whole_or_not_at_all(work: Workspace, monkeypatch: pytest.MonkeyPatch):
    report_marts.with_campaigns(work.state.mart, ["a"])
    assert write.write(work) == work.state.report
    first = work.state.report.read_text("utf-8")

    def killed(*_: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr(os, "replace", killed)
    with pytest.raises(OSError, match="no space"):
        write.replace_whole(work.state.report, "half a page", like=work.state.mart)
    assert work.state.report.read_text("utf-8") == first
    assert [path.name for path in work.state.folder.glob(".report-*")] == []


@pytest.mark.parametrize("mode", [0o400, 0o640])
def test_whoever_may_read_the_mart_may_read_its_page(work: Workspace, mode: int):
    report_marts.with_campaigns(work.state.mart, ["a"]).chmod(mode)
    for _ in range(2):  # the second page takes the first one's place, which nobody may write
        write.write(work)
        assert stat.S_IMODE(work.state.report.stat().st_mode) == mode


def test_a_page_that_cannot_be_written_fails_no_publish_and_is_reported(
    work: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    report_marts.with_campaigns(work.state.mart, ["a"])
    work.state.report.write_text("the last page", "utf-8")

    def broken(*_: object) -> str:
        raise ValueError("a person's name")

    with monkeypatch.context() as patched:
        patched.setattr(document, "render", broken)
        write.after_publish(work)
    said = capsys.readouterr().out
    assert "the report was not written" in said and "person's name" not in said
    assert work.state.report.read_text("utf-8") == "the last page"
    incidents = list(work.state.incidents.glob("*.json"))
    assert len(incidents) == 1 and "its page is not" in incidents[0].read_text("utf-8")
    write.after_publish(work)
    assert "<svg" in work.state.report.read_text("utf-8")
    assert list(work.state.incidents.glob("*.json")) == []


def test_without_a_mart_the_verb_says_what_to_do(work: Workspace):
    with pytest.raises(TrueupError, match="nothing has been published"):
        write.write(work)
