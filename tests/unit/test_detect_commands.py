"""`trueup watch` on files of two columns, and `trueup accept`."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from trueup.__main__ import main
from trueup.alerts.incidents import short_id
from trueup.gates import accepted, verdicts
from trueup.gates.findings import Finding, Verdict
from unit.signal_counts import from_day, shares

ROOT = Path(__file__).parents[2]
START = date(2026, 1, 1)
DAYS, BREAK, REPAIR = 150, 90, 120
WATCH = "--date day --numerator seen --denominator orders".split()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRUEUP_HOME", str(tmp_path))
    monkeypatch.setenv("TRUEUP_COMPANY", str(ROOT / "company.yml"))
    return tmp_path / "harbour_house"


def write(path: Path, *, suffix: str = "parquet") -> str:
    """Two shops: one loses half of its events for a month, the other nothing."""
    hits, trials = shares(8, 200, series=2, days=DAYS)
    broken, _ = shares(8, 200, series=2, days=DAYS, factors=from_day(DAYS, BREAK, 0.5, REPAIR))
    hits[1] = broken[1]
    file = path / f"counts.{suffix}"
    with duckdb.connect() as con:
        con.execute("create table counts (shop text, day date, seen int, orders int)")
        rows = [
            (f"shop{shop}", START + timedelta(days=day), int(hits[shop, day]),
             int(trials[shop, day]))
            for shop in range(2) for day in range(DAYS)
        ]  # fmt: skip
        con.executemany("insert into counts values (?, ?, ?, ?)", rows)
        con.execute(f"copy counts to '{file}'")
    return str(file)


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_watch_names_the_break_of_the_series_that_has_one(tmp_path, capsys, suffix: str):
    assert main(["watch", write(tmp_path, suffix=suffix), *WATCH, "--by", "shop"]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head == "2 series, 150 days from 2026-01-01: 1 break"
    (line,) = lines
    assert line.startswith("shop1: 0.9") and "since 2026-04-01, found 2026-04-01" in line
    assert "-> 0.4" in line and "over on 2026-05-0" in line


@pytest.mark.parametrize(("worse", "level"), [("fall", "-> 0.4"), ("rise", "-> 0.9")])
def test_watch_tells_of_what_is_worse_alone(tmp_path, capsys, worse: str, level: str):
    """Where more is worse, half of it is learned in three weeks, and its end is the break."""
    assert main(["watch", write(tmp_path), *WATCH, "--by", "shop", "--worse", worse]) == 0
    _, line = capsys.readouterr().out.splitlines()
    assert line.startswith("shop1: ") and level in line


def test_watch_adds_up_what_is_not_split(tmp_path, capsys):
    assert main(["watch", write(tmp_path), *WATCH]) == 0
    head, line = capsys.readouterr().out.splitlines()
    assert head == "1 series, 150 days from 2026-01-01: 1 break"
    assert "-> 0.7" in line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.csv", *WATCH], "there is no file nowhere.csv; next step: "),
        (["marts.fct_x", *WATCH], "nothing has been published"),
        (["{file}", "--date", "day", "--numerator", "sen", "--denominator", "orders"],
         "cannot be watched by these columns; expected: shop, day, seen, orders"),
    ],
)  # fmt: skip
def test_what_cannot_be_watched_is_one_line(tmp_path, capsys, arguments: list[str], said: str):
    file = write(tmp_path)
    assert main(["watch", *(one.format(file=file) for one in arguments)]) == 1
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1 and "next step: " in error


def test_a_series_without_a_denominator_is_said_to_be_judged_no_more(tmp_path, capsys):
    file = tmp_path / "claims.csv"
    days = [(START + timedelta(days=day), 60 if day < BREAK else 0) for day in range(DAYS)]
    lines = [f"{day},a,20,{clicks}" for day, clicks in days] + [f"{day},b,20,60" for day, _ in days]
    file.write_text("\n".join(["day,shop,seen,orders", *lines]), "utf-8")
    assert main(["watch", str(file), *WATCH, "--by", "shop"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2 series, 150 days from 2026-01-01: 0 breaks",
        f"a: not judged since {days[BREAK][0]}: there is no denominator, or it is 0",
    ]


@pytest.fixture
def mart(home: Path) -> Path:
    """A published mart with one signal of two segments, and a table of its own."""
    home.mkdir(parents=True)
    with duckdb.connect(str(home / "mart.duckdb")) as con:
        con.execute("create schema health; create schema marts")
        con.execute(
            "create table health.fct_tracking_signals as select 'event_capture' as signal,"
            " 'device' as dimension, unnest(['mobile', 'desktop']) as segment,"
            " date '2026-09-14' as signal_date"
        )
        con.execute(
            "create table marts.fct_daily as select date '2026-01-01' + cast(n as integer) as day,"
            " 9 as seen, 10 as orders from range(60) as days (n)"
        )
    return home


def test_a_table_of_the_mart_is_watched_with_and_without_its_schema(mart: Path, capsys):
    for name in ("marts.fct_daily", "fct_daily"):
        assert main(["watch", name, *WATCH]) == 0
        assert capsys.readouterr().out.startswith("1 series, 60 days from 2026-01-01: 0 breaks")
    assert main(["watch", "fct_hourly", *WATCH]) == 1
    assert "fct_hourly cannot be read" in capsys.readouterr().err


def test_a_segment_nobody_knows_is_not_accepted_and_a_day_to_come_is_said(mart: Path, capsys):
    def accepting(*words: str) -> int:
        return main(["accept", "event_capture", *words, "--why", "new tag"])

    assert accepting("--segment", "tablet", "--from", "2026-09-10") == 1
    error = capsys.readouterr().err
    assert "no such segment; expected: desktop (device), mobile (device); got: tablet" in error
    assert accepting("--dimension", "browser", "--from", "2026-09-10") == 1
    assert accepting("--segment", "mobile", "--from", "2027-09-10") == 0
    assert "from 2027-09-10 on; the newest day is 2026-09-14" in capsys.readouterr().out
    assert [one.segment for one in accepted.read(mart)] == ["mobile"]


def test_accept_is_kept_once_with_who_and_why(home: Path, capsys):
    command = ["accept", "consent_granted_share", "--segment", "PT", "--from", "2026-09-10"]
    assert main([*command, "--why", "new banner"]) == 0
    assert main([*command, "--why", "said twice"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("consent_granted_share (PT) is accepted as it is from 2026-09-10 on")
    assert out[1] == "consent_granted_share (PT) was accepted from 2026-09-10 on before"
    (one,) = accepted.read(home)
    assert (one.segment, one.since, one.why) == ("PT", date(2026, 9, 10), "new banner")
    assert one.who and one.line == f"{one.who}: new banner"
    assert main(["accept", "x", "--from", "2026-09-10", "--why", " "]) == 1
    assert "without a reason" in capsys.readouterr().err


def test_a_line_that_was_cut_off_is_passed_over_and_a_spoilt_one_named(home: Path):
    main(["accept", "event_capture", "--from", "2026-09-10", "--why", "moved"])
    path = home / accepted.FILE
    path.write_text(path.read_text() + '{"signal": "cut', "utf-8")
    assert len(accepted.read(home)) == 1
    path.write_text(json.dumps({"signal": "x"}) + "\n", "utf-8")
    with pytest.raises(Exception, match=r"line 1 of .* is no accepted level"):
        accepted.read(home)


@pytest.mark.parametrize("letter", ["\u2028", "\u2029", "\x85", "\x0c", "\udcff", "ü"])
def test_no_letter_of_a_reason_spoils_what_is_accepted(home: Path, letter: str):
    why = f"new banner{letter}since Monday"
    accept = ["accept", "event_capture", "--from", "2026-09-01", "--why"]
    assert main([*accept, why]) == 0
    (one,) = accepted.read(home)
    assert one.why == why and one.line.encode()
    path = home / accepted.FILE
    raw = json.dumps(json.loads(path.read_text()), ensure_ascii=False)
    path.write_bytes(raw.encode("utf-8", "replace") + b"\n")
    assert len(accepted.read(home)) == 1


@pytest.mark.parametrize(
    ("named", "said"),
    [
        (["event_captur"], "there is no tracking signal event_captur; expected: event_capture"),
        (["event_capture", "--segment", "Safari "], "event_capture has no such segment"),
        (["event_capture", "--dimension", "brwser"], "event_capture has no such segment"),
        (["event_capture", "--dimension", "source", "--segment", "Safari"],
         "got: Safari of source"),
        (["event_capture", "--segment", "Safari"], ""),
    ],
)  # fmt: skip
def test_only_what_there_is_can_be_accepted(home: Path, capsys, named: list[str], said: str):
    home.mkdir(parents=True)
    with duckdb.connect(str(home / "mart.duckdb")) as con:
        con.execute("create schema health")
        con.execute(
            "create table health.fct_tracking_signals as from (values"
            " ('event_capture', 'browser', 'Safari', date '2026-09-14'),"
            " ('event_capture', 'source', 'shop', date '2026-09-14')"
            ") as one(signal, dimension, segment, signal_date)"
        )
    answer = main(["accept", *named, "--from", "2026-09-10", "--why", "new banner"])
    assert answer == bool(said) and said in capsys.readouterr().err
    assert len(accepted.read(home)) == (not said)


def incident(home: Path, *signals: str) -> Finding:
    """The mart's gate found an incident of these signals."""
    found = Finding(
        "mart", "rows", "fct_incidents", "warning", "warn", datetime(2026, 9, 15, tzinfo=UTC),
        incident_id="0123456789abcdef", identity="tag_partial / events / all", signals=signals,
    )  # fmt: skip
    verdicts.keep(home / "gates", Verdict("mart", (found,), found.checked_at))
    return found


@pytest.mark.parametrize("of", ["alert", "finding", "mart", "listed", "cause"])
def test_an_incident_is_accepted_by_its_id_with_every_signal_it_moved(home, capsys, of: str):
    found = incident(home, "event_capture", "server_overlap_share")
    names = {"alert": short_id(found.cause), "finding": found.short_id,
             "mart": found.incident_id, "listed": found.incident_id[:5],
             "cause": found.cause}  # fmt: skip
    assert main(["accept", names[of], "--from", "2026-09-10", "--why", "new tag"]) == 0
    assert [one.signal for one in accepted.read(home)] == ["event_capture", "server_overlap_share"]
    assert capsys.readouterr().out.count("is accepted as it is from 2026-09-10 on") == 2


def test_to_accept_one_signal_of_an_incident_names_those_that_are_left(home, capsys):
    found = incident(home, "event_capture", "purchase_rate", "server_overlap_share")
    words = ["--from", "2026-09-10", "--why", "new tag"]
    main(["accept", "event_capture", *words])
    assert (
        "the same open incident moved purchase_rate, server_overlap_share too; to accept them all:"
        f" `trueup accept {short_id(found.cause)} --from DAY --why ...`"
    ) in capsys.readouterr().out
    main(["accept", "purchase_rate", *words])
    assert "moved server_overlap_share too" in capsys.readouterr().out
    main(["accept", "server_overlap_share", *words])
    assert "the same open incident" not in capsys.readouterr().out


def test_what_was_accepted_is_taken_back_and_may_be_accepted_again(home, capsys):
    of_all = ["accept", "event_capture"]
    words = ["--from", "2026-09-10", "--why", "new tag"]
    main([*of_all, *words])
    main([*of_all, "--segment", "mobile", *words])
    capsys.readouterr()
    assert main([*of_all, "--undo"]) == 0
    assert (
        "event_capture is no longer accepted as it was from 2026-09-10" in capsys.readouterr().out
    )
    assert [one.segment for one in accepted.read(home)] == ["mobile"]
    assert main([*of_all, "--undo"]) == 1
    error = capsys.readouterr().err
    assert "nothing of event_capture is accepted; expected: event_capture (mobile)" in error
    assert main([*of_all, *words]) == 0
    assert len(accepted.read(home)) == 2


def test_an_incident_that_was_accepted_is_taken_back_by_its_id_once_it_is_over(home):
    name = short_id(incident(home, "event_capture", "purchase_rate").cause)
    main(["accept", name, "--from", "2026-09-10", "--why", "new tag"])
    verdicts.keep(home / "gates", Verdict("mart", (), datetime(2026, 9, 16, tzinfo=UTC)))
    assert main(["accept", name, "--undo"]) == 0
    assert accepted.read(home) == []


def test_a_level_is_accepted_from_a_day_on(home, capsys):
    assert main(["accept", "event_capture", "--why", "new tag"]) == 1
    assert "say from which: `--from DAY`" in capsys.readouterr().err
