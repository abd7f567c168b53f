"""One message when causes open, one when they are resolved, none in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from trueup.alerts import incident_files, on_call
from unit.incident_gate import HELD, WARNED, Gate, entry, gate, heard, home, notice, over, received

__all__ = ["gate", "home", "received"]


def test_a_cause_is_reported_once_until_it_is_resolved(received: list):
    for _ in range(2):
        on_call.notify(notice("ingest_ga4"))
    for _ in range(2):
        on_call.resolve("ingest_ga4", "another")
    on_call.notify(notice("ingest_ga4"))
    assert [message["event"] for message in received] == ["opened", "resolved", "opened"]
    assert received[1]["incidents"][0]["runs"] == 2
    assert received[0]["incidents"][0]["cause"] == "ingest_ga4"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"check_name": "not null"}, {"check_name": "in set"}),
        ({"signal": "spend"}, {"signal": "clicks"}),
        ({"segment": "a1"}, {"segment": "a2"}),
        ({"table_name": "fct_spend"}, {"table_name": "fct_claims"}),
    ],
)
def test_check_table_signal_and_segment_are_an_incident_of_their_own(
    received: list, gate: Gate, one: dict, other: dict
):
    first = gate.finding("t", "warn")
    gate.finds(replace(first, **one), replace(first, **other))
    assert len(received[0]["incidents"]) == 2
    for _ in range(2):
        gate.finds(replace(first, **one), replace(first, **other, verdict="pass"))
    assert [message["event"] for message in received] == ["opened", "resolved"]
    assert len(received[1]["incidents"]) == 1


def test_a_day_or_a_count_makes_no_incident_of_its_own(received: list, gate: Gate):
    gate.finds(gate.finding("spend", "warn", since_date=date(2026, 9, 1), affected_rows=3))
    gate.finds(gate.finding("spend", "warn", since_date=date(2026, 9, 5), affected_rows=8))
    assert len(received) == 1


def test_a_second_warning_is_reported_while_the_first_is_open(received: list, gate: Gate):
    gate.judges(spend="warn", claims="pass")
    heard(received)
    gate.judges(spend="warn", claims="warn")
    assert heard(received) == [f"1 opened\n{WARNED}\n{entry('claims')}"]
    gate.judges(spend="pass", claims="warn")
    assert heard(received) == []
    gate.judges(spend="pass", claims="warn")
    assert heard(received) == [over("spend")]


def test_a_warning_that_becomes_a_hold_is_news(received: list, gate: Gate):
    gate.judges(spend="warn")
    gate.judges(spend="hold")
    gate.judges(spend="warn")
    assert [text.split("\n")[1] for text in heard(received)] == [WARNED, HELD]


def test_what_could_not_be_judged_is_not_over(received: list, gate: Gate):
    gate.judges(spend="warn", claims="pass")
    heard(received)
    gate.judges(spend="gate-error", claims="pass")
    assert heard(received) == []
    for _ in range(2):
        gate.judges(claims="pass")  # the suite is gone, and its table with it
    assert heard(received) == [over("spend")]


def test_an_account_that_was_not_judged_today_is_not_over(received: list, home: Path):
    gate = Gate(home, "landing/meta_ads")
    gate.finds(gate.finding("meta_ads.ads", "warn", segment="a1"))
    gate.finds(gate.finding("meta_ads.ads", "pass", segment="a2"))
    assert len(received) == 1
    gate.finds(gate.finding("meta_ads.ads", "pass", segment="a1"))
    assert len(received) == 2


def test_gates_do_not_resolve_each_other(received: list, gate: Gate, home: Path):
    gate.judges(spend="warn")
    on_call.notify(notice("build_mart / failed"))
    heard(received)
    Gate(home, "landing/shopify").judges(spend="pass")
    assert heard(received) == []


def test_a_hold_that_was_released_is_news_when_it_holds_again(received: list, gate: Gate):
    gate.judges(spend="hold", claims="warn")
    heard(received)
    on_call.released("mart")
    assert heard(received) == [over("spend")]
    gate.judges(spend="hold", claims="warn")
    assert heard(received) == [f"1 opened, 1 to answer now\n{HELD}\n{entry('spend')}"]


def test_a_file_of_an_older_version_is_no_incident(home: Path):
    folder = home / "incidents"
    folder.mkdir(parents=True)
    (folder / "x.json").write_text('{"cause": "x", "told": true}', "utf-8")
    assert incident_files.all_open(folder) == []
