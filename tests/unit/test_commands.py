"""`trueup ...`: every command is documented, and what is typed wrong is said in one line."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contract.ga4_property import event, write_events
from trueup.__main__ import main

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUEUP_HOME", str(tmp_path))
    monkeypatch.setenv("TRUEUP_COMPANY", str(ROOT / "company.yml"))


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("land shopfy", "has no source shopfy; expected: awin, "),
        ("land files", "has no source files"),
        ("land shopify --stream order", "shopify has no stream order; expected: "),
        ("loads shopfy", "has no source shopfy"),
        ("rejects shopfy", "has no source shopfy"),
        ("reject 20260915T060102123456-1f2e3d4c --why typo", "no committed load"),
        ("restore 20260915T060102123456-1f2e3d4c", "is not set aside"),
        ("as-of 2026-09-15T06:00:00Z shopify order", "shopify has no stream order"),
        ("gate", "nothing is built yet"),
        ("publish", "next step: run `trueup gate`"),
        ("rollback", "no earlier mart"),
        ("status", "nothing has been published"),
        ("query shows", "nothing has been published"),
    ],
)
def test_what_cannot_be_done_is_one_line_with_a_next_step(
    command: str, said: str, capsys: pytest.CaptureFixture[str]
):
    assert main(command.split()) == 1
    error = capsys.readouterr().err
    assert error.startswith("trueup: ") and error.count("\n") == 1
    assert said in error and "next step: " in error


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("land shopify --day yesterday", "'yesterday' is not a day, like 2026-09-15"),
        ("build --day 2026-02-30", "is not a day"),
        ("run --day 1", "is not a day"),
        ("as-of noon shopify orders", "is not an instant"),
        ("as-of 2026-09-15T06:00:00 shopify orders", "has no UTC offset"),
        ("reject 20260915T060102123456-1f2e3d4c", "--why"),
    ],
)
def test_what_is_typed_wrong_is_said_with_the_usage(
    command: str, said: str, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit, match="2"):
        main(command.split())
    error = capsys.readouterr().err
    assert error.startswith("usage: ") and said in error


def test_a_day_that_is_not_written_yet_is_late_and_all_before_it_lands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """GA4 without the streaming export writes a day in the afternoon of the next."""
    text = (ROOT / "company.yml").read_text("utf-8")
    text = text.replace("http://127.0.0.1:8765/bigquery", str(tmp_path))
    (tmp_path / "company.yml").write_text(text, "utf-8")
    monkeypatch.setenv("TRUEUP_COMPANY", str(tmp_path / "company.yml"))
    monkeypatch.setenv("TRUEUP_SECRET_HASH_KEY", "a-key-of-the-tests")
    for day in (1, 2):
        write_events(tmp_path, f"events_2026060{day}.ndjson", [event_of(day)])
    land = ["land", "ga4", "--day", "2026-06-03"]
    assert main(land) == 1
    output = capsys.readouterr()
    assert "[2026-06-01, 2026-06-03): 2 rows" in output.out and "gate landing/ga4" in output.out
    assert "has not written the newest day yet" in output.err
    assert "expected: 2026-06-03; got: written through 2026-06-02; next step: " in output.err
    write_events(tmp_path, "events_20260603.ndjson", [event_of(3)])
    assert main(land) == 0


def event_of(day: int) -> dict[str, Any]:
    moment = datetime(2026, 6, day, 8, tzinfo=UTC)
    return event(event_date=f"{moment:%Y%m%d}", event_timestamp=int(moment.timestamp()) * 1_000_000)


def test_a_setting_that_is_no_number_is_named(monkeypatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("TRUEUP_HTTP_ATTEMPTS", "many")
    assert main(["check"]) == 1
    assert "TRUEUP_HTTP_ATTEMPTS is not a number; got: 'many'" in capsys.readouterr().err


def test_every_command_has_help_and_is_named_where_people_look(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["--help"])
    verbs = re.findall(r"^    ([a-z][a-z-]+)  +\S", capsys.readouterr().out, re.MULTILINE)
    assert len(verbs) > 15
    pages = "".join(
        (ROOT / name).read_text("utf-8")
        for name in ("README.md", "Makefile", "plugins/trueup/reports/status.py")
    )
    assert [verb for verb in verbs if not re.search(rf"trueup.*\b{verb}\b|`{verb}\b", pages)] == []
