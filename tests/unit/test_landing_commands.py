"""`trueup land`, `loads` and `rejects`: what landed, what did not, and why."""

from __future__ import annotations

import textwrap
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from feed_files import ORDERS, SPEND
from trueup import corrections, pipeline
from trueup.__main__ import main
from trueup.build import refresh
from trueup.company import workspace
from trueup.errors import Held, Incomplete, TrueupError
from trueup.gates import requirements
from trueup.landing.landed import Landed, NotLanded

COMPANY = """
    name: till
    title: A till
    reporting: {time_zone: Europe/Lisbon, currency: EUR}
    history: {start: 2026-09-01, end: 2026-09-30}
    sources:
      files:
        options:
          feeds:
            - {name: till, stream: orders, path: till.csv, sql: orders.sql}
            - {name: kiosk, stream: orders, path: kiosk.csv, sql: orders.sql}
            - {name: maps, stream: ad_performance, path: maps.csv, sql: maps.sql}
    goals:
      sale:
        tier: strong
        counts_as_revenue: true
        mappings: [{source: files, selector: orders}]
"""
ORDER_LINES = "id,day,total\nA1,2026-09-01,5\nA2,2026-09-02,n/a\nA1,2026-09-03,7\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A company of three feeds, of which one has no file."""
    for name, content in {
        "company.yml": textwrap.dedent(COMPANY),
        "orders.sql": ORDERS,
        "maps.sql": SPEND,
        "till.csv": ORDER_LINES,
        "maps.csv": "day,campaign,impressions,clicks,cost\n2026-09-01,a,1,1,1\n",
    }.items():
        (tmp_path / name).write_text(content, "utf-8")
    monkeypatch.setenv("TRUEUP_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("TRUEUP_COMPANY", str(tmp_path / "company.yml"))
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *command: str, code: int = 0) -> str:
    capsys.readouterr()
    assert main(list(command)) == code
    output = capsys.readouterr()
    return output.err if code else output.out


@pytest.mark.parametrize("day", ["2030-01-01", "2026-08-31", "2026-10-01"])
def test_s14_a_day_outside_history_or_not_over_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], day: str
):
    """Case S14: nothing is landed, and both bounds are named."""
    error = said(capsys, "land", "files", "--day", day, code=1)
    assert f"{day} cannot be landed; source: files" in error
    assert "expected: a day from 2026-09-01 (history.start) to 2026-09-30" in error
    assert not (folder / "var" / "till" / "landing").exists()


def test_s14_today_is_not_over(folder: Path):
    text = (folder / "company.yml").read_text("utf-8").replace(", end: 2026-09-30", "")
    (folder / "company.yml").write_text(text, "utf-8")
    newest = workspace.current().company.newest_day(datetime.now(UTC))
    with pytest.raises(TrueupError, match=f"to {newest} "):
        pipeline.land("files", datetime.now(UTC).date().replace(year=2100).isoformat())
    pipeline.land("files", newest.isoformat())


def test_a_feed_without_its_file_is_named_and_the_others_land(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    landed = pipeline.land("files", "2026-09-30")
    assert [(x.stream, x.account, x.kind) for x in landed.failed] == [
        ("orders", "kiosk", "BrokenContract")
    ]
    assert landed.rows == 2
    with pytest.raises(Incomplete, match=r"1 of files did not land, the rest did.*kiosk.csv") as e:
        requirements.check_delivered(landed)
    assert e.value.permanent
    loads = workspace.current().landing.loads("files", "orders")
    assert [load.account for load in loads] == ["till"]


def test_loads_show_account_set_aside_outside_and_what_was_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    lines = ORDER_LINES + "A9,2026-12-24,9\n"
    (folder / "till.csv").write_text(lines, "utf-8")
    said(capsys, "land", "files", "--day", "2026-09-30", "--no-gate", code=1)
    shown = said(capsys, "loads", "files").splitlines()
    (till,) = [line for line in shown if "files.orders till " in line]
    assert "1 rows, 2 set aside, 1 outside (2026-12-24 to 2026-12-24), committed" in till
    (kiosk,) = [line for line in shown if "REFUSED" in line]
    assert "files.orders kiosk" in kiosk and "no file matches kiosk.csv" in kiosk


def test_rejects_show_rows_of_loads_in_force_set_aside_and_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    (folder / "kiosk.csv").write_text("id,day,total\nK1,2026-09-01,x\n", "utf-8")
    said(capsys, "land", "files", "--day", "2026-09-30", "--no-gate", code=1)
    shown = said(capsys, "rejects", "files")
    rejected = "files.orders till: till.csv row 2: amount_local is not DECIMAL(18,6): like 'a/a'"
    assert f"{rejected} (unreadable, 2026-09-02)\n    {{" in shown
    used = "which is used: the last (conflict, 2026-09-01, 5, another is used with 7)"
    assert (
        f"files.orders till: till.csv row 1: the same feed, order_id as another row, {used}\n"
        "    used: till.csv row 3, which differs in ordered_date, amount_local\n" in shown
    )
    assert "was refused] files.orders kiosk: kiosk.csv row 1: amount_local is not" in shown

    landing = workspace.current().landing
    (load,) = landing.loads("files", "orders")
    landing.reject(load.load_id, "the gate held it", datetime.now(UTC))
    shown = said(capsys, "rejects", "files")
    assert f"[load {load.load_id} is set aside] files.orders till: till.csv row 2" in shown
    assert "the gate held it" in said(capsys, "loads", "files")

    (folder / "kiosk.csv").write_text("id,day,total\nK1,2026-09-01,3\n", "utf-8")
    (folder / "till.csv").write_text("id,day,total\nA1,2026-09-01,5\n", "utf-8")
    said(capsys, "land", "files", "--day", "2026-09-30", "--no-gate")
    assert said(capsys, "rejects", "files") == "No row is set aside.\n"


def test_a_source_lacks_a_day_as_long_as_one_feed_does(folder: Path):
    pipeline.land("files", "2026-09-30")
    assert pipeline.overdue("2026-09-30") == ["files"]
    (folder / "kiosk.csv").write_text("id,day,total\nK1,2026-09-01,3\n", "utf-8")
    pipeline.land("files", "2026-09-30")
    assert pipeline.overdue("2026-09-30") == []


def test_a_feed_that_was_renamed_is_reported_until_all_its_loads_are_set_aside(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    """Its rows stay in force and count twice: those of its newest load or, set aside, the one's
    before."""
    monkeypatch.setenv("TRUEUP_SECRET_HASH_KEY", "a-key-of-the-tests")
    (folder / "kiosk.csv").write_text(ORDER_LINES, "utf-8")
    for _ in (1, 2):
        pipeline.land("files", "2026-09-30")
    assert "all well\n" in said(capsys, "check")
    company = folder / "company.yml"
    company.write_text(company.read_text("utf-8").replace("name: kiosk", "name: stand"), "utf-8")
    pipeline.land("files", "2026-09-30")
    sentence = "files.orders.kiosk is not listed and 1 rows of it stay in force, twice if it was"
    assert sentence in said(capsys, "check")
    assert unlisted() == [("files", "orders", "kiosk")]
    with pytest.raises(TrueupError, match=r"no load of files.orders.kiosc counts.*trueup loads"):
        corrections.reject("files.orders.kiosc", "a typo")
    assert said(capsys, "reject", "files.orders.kiosk", "--why", "renamed").count("set aside") == 2
    assert "all well\n" in said(capsys, "check")
    assert unlisted() == []


def unlisted() -> list[tuple[str, str, str]]:
    """What the build of the landing notes for the test that warns of it."""
    work = workspace.current()
    file = work.state.build_file
    refresh.refresh(file, work.company, work.landing, built_at=datetime.now(UTC))
    with duckdb.connect(str(file), read_only=True) as con:
        return con.execute("from trueup.unlisted_feeds").fetchall()


def test_a_cause_that_kept_several_streams_is_reported_once_behind_their_names():
    def failed(stream: str, text: str) -> NotLanded:
        place = f"source: shopify; stream: {stream}; account: a; window: [2026-01-01, 2026-01-03)"
        return NotLanded(stream, "a", "NoAnswer", f"{text}; {place}; got: x", False)

    failures = (failed("orders", "none"), failed("shop", "none"), failed("disputes", "refused"))
    assert Landed("shopify", "2026-01-02", failed=failures).causes() == [
        "orders a, shop a: none; got: x",
        "disputes a: refused; got: x",
    ]


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The steps behind landing that were taken, none of which does anything."""
    taken: list[str] = []
    for name in ("build", "gate_mart", "publish_unless_held"):
        monkeypatch.setattr(pipeline, name, lambda *_, name=name: taken.append(name) or name)
    return taken


def test_a_run_is_of_the_feeds_that_landed_and_names_what_did_not(
    folder: Path, steps: list[str], capsys: pytest.CaptureFixture[str]
):
    """One feed of a company's only source has no file: the others are used."""
    with pytest.raises(Incomplete, match=r"^published without what did not land.*kiosk\.csv"):
        pipeline.run_day("2026-09-30")
    assert steps == ["build", "gate_mart", "publish_unless_held"]
    assert capsys.readouterr().out.count("kiosk.csv") == 1, "the error that ends it says the rest"


def test_a_run_that_is_held_names_what_did_not_land_all_the_same(
    folder: Path,
    steps: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    def hold() -> None:
        raise Held("the mart is not published")

    monkeypatch.setattr(pipeline, "publish_unless_held", hold)
    with pytest.raises(Held):
        pipeline.run_day("2026-09-30")
    assert steps == ["build", "gate_mart"]
    out = capsys.readouterr().out
    assert "kiosk.csv" in out and "next step: mend what it names" in out


def test_a_run_in_which_nothing_landed_is_not_built(folder: Path, steps: list[str]):
    for name in ("till", "maps"):
        (folder / f"{name}.csv").unlink()
    with pytest.raises(Incomplete, match=r"^not built: nothing landed.*till\.csv") as caught:
        pipeline.run_day("2026-09-30")
    assert steps == []
    assert "`trueup land" not in str(caught.value), "one step for each cause, and one for the run"
    assert str(caught.value).endswith("then `trueup run --without-airflow --day 2026-09-30`")
