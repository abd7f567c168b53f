"""Server-side events: logs that are not as they should be, and options that are wrong."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from contract.server_log import DAY, META, access_to, land, line, rows, set_aside, write
from trueup.errors import BrokenContract
from trueup.sources.contract import Absent, CompanyNames
from trueup.sources.conversions_api import SOURCE
from trueup.sources.conversions_api.streams import ATTEMPTS
from trueup.window import Window


def test_files_of_every_form_land_the_same_rows(landing: Any, tmp_path: Path) -> None:
    lines = [line(event_id=f"E{n}") for n in range(3)]
    write(tmp_path, "a.jsonl", *lines)
    (tmp_path / "b.json").write_text(json.dumps(lines))
    (tmp_path / "c.ndjson.gz").write_bytes(
        gzip.compress("\n".join(map(json.dumps, lines)).encode())
    )
    names = list(lines[0])
    cells = [";".join(str(one[name]) for name in names) for one in lines]
    (tmp_path / "d.csv").write_text("\n".join([";".join(names), *cells]))
    instants = f"select * replace (sent_at::timestamptz as sent_at) from '{tmp_path}/a.jsonl'"
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        con.execute(f"copy ({instants}) to '{tmp_path}/e.parquet'")
    found = []
    for name in ("a.jsonl", "b.json", "c.ndjson.gz", "d.csv", "e.parquet"):
        access = access_to(
            None, tmp_path, {"name": "sender", "path": name, "reader": {"delim": ";"}}
        )
        found.append(rows(landing, *land(landing, access, window=DAY)))
    assert all(one == found[0] for one in found) and len(found[0]) == 3


def test_a_bad_line_costs_itself(landing: Any, tmp_path: Path) -> None:
    write(
        tmp_path, "log.jsonl", line(), '{"sent_at": "2026-09-10T10:00:00Z", "em": "ann@exam',
        "[]", '"text"', "", line(event_id="E2", sent_at="yesterday"),
        line(event_id="E3", destination=""), line(event_id="E4", event_name=None),
        line(event_id="E5"),
    )  # fmt: skip
    access = access_to(None, tmp_path, {"name": "sender", "path": "log.jsonl"})
    (load,) = land(landing, access, window=DAY)
    assert [row["event_key"] for row in rows(landing, load)] == ["E1", "E5"]
    reasons = sorted(one["reason"] for one in set_aside(landing, load))
    assert len(reasons) == 5
    assert {"action is empty", "destination is empty", "the line is no JSON object"} < set(reasons)
    assert "ann@" not in str(set_aside(landing, load))


def test_files_of_days_are_read_for_their_days_and_a_missing_one_is_reported(
    tmp_path: Path,
) -> None:
    for day in ("2026-09-08", "2026-09-10"):
        write(tmp_path, f"sent-{day}.jsonl", line(sent_at=f"{day}T10:00:00Z"))
    write(tmp_path, "sent-2026-07-01.jsonl", "no JSON at all")
    access = access_to(None, tmp_path, {"name": "sender", "path": "sent-*.jsonl"})
    window = Window(date(2026, 9, 8), date(2026, 9, 12))
    pages = list(SOURCE.extract(access, ATTEMPTS, window))
    absent = {str(one.days.since): one.kind for one in pages if isinstance(one, Absent)}
    assert absent == {"2026-09-09": "gap", "2026-09-11": "late"}
    assert [row["sent_date"].day for page in pages if isinstance(page, list) for row in page] == [
        8, 10,
    ]  # fmt: skip
    assert SOURCE.written_through(access, ATTEMPTS, date(2026, 9, 14)) == date(2026, 9, 10)


def test_a_file_that_is_not_of_a_day_is_read_for_each_window(landing: Any, tmp_path: Path) -> None:
    days = [line(sent_at=f"2026-09-{day:02}T10:00:00Z", event_id=str(day)) for day in (1, 9, 10)]
    write(tmp_path, "log.jsonl", *days)
    access = access_to(None, tmp_path, {"name": "sender", "path": "log.jsonl"})
    (load,) = land(landing, access, window=DAY)
    assert [row["event_key"] for row in rows(landing, load)] == ["10"]
    assert set_aside(landing, load) == []


def test_a_line_in_the_file_of_quite_another_day_is_counted(landing: Any, tmp_path: Path) -> None:
    write(tmp_path, "sent-2026-09-10.jsonl", line(), line(sent_at="2026-08-01T10:00:00Z"))
    access = access_to(None, tmp_path, {"name": "sender", "path": "sent-*.jsonl"})
    (load,) = land(landing, access, window=DAY)
    assert [one["kind"] for one in set_aside(landing, load)] == ["outside"]


def test_an_empty_log_is_a_day_on_which_nothing_was_sent(landing: Any, tmp_path: Path) -> None:
    write(tmp_path, "log.jsonl")
    access = access_to(None, tmp_path, {"name": "sender", "path": "log.jsonl"})
    (load,) = land(landing, access, window=DAY)
    assert rows(landing, load) == []


def test_lines_that_come_late_are_landed_when_they_come(landing: Any, tmp_path: Path) -> None:
    write(tmp_path, "log.jsonl", line())
    access = access_to(None, tmp_path, {"name": "sender", "path": "log.jsonl"})
    first = rows(landing, *land(landing, access, window=DAY))
    write(tmp_path, "log.jsonl", line(), line(event_id="E2"))
    again = rows(landing, *land(landing, access, window=DAY))
    assert (len(first), len(again)) == (1, 2)


def test_a_line_that_was_deleted_is_gone_when_its_day_is_landed_again(
    landing: Any, tmp_path: Path
) -> None:
    write(tmp_path, "log.jsonl", line(), line(event_id="E2"))
    access = access_to(None, tmp_path, {"name": "sender", "path": "log.jsonl"})
    first = rows(landing, *land(landing, access, window=DAY))
    write(tmp_path, "log.jsonl", line(event_id="E2"))
    land(landing, access, window=DAY)
    [(load, days)] = landing.current("conversions_api", ATTEMPTS)
    assert len(first) == 2 and date(2026, 9, 10) in days
    assert [row["event_key"] for row in rows(landing, load)] == ["E2"]


@pytest.mark.parametrize(
    ("file", "content", "why"),
    [
        (None, b"", "no file matches"),
        ("log.parquet", b"PAR1 and nothing", "cannot be read"),
        ("log.jsonl.gz", b"\x1f\x8b and nothing", "cannot be read"),
        ("log.csv", b"PK\x03\x04", "Excel"),
    ],
)
def test_a_log_that_cannot_be_read_says_why(
    landing: Any, tmp_path: Path, file: str | None, content: bytes, why: str
) -> None:
    if file:
        (tmp_path / file).write_bytes(content)
    access = access_to(None, tmp_path, {"name": "sender", "path": "log*"})
    with pytest.raises(BrokenContract, match=why) as broken:
        land(landing, access, window=DAY)
    assert "sender" in str(broken.value) and "next step" in str(broken.value)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({}, "logs: a list"),
        ({"logs": [{"name": "a"}]}, "logs.0: either a path or a table"),
        ({"logs": [{"name": "a", "path": "x", "table": "p.d.t"}]}, "either a path or a table"),
        ({"logs": [{"name": "a", "table": "sent_events"}]}, "no project.dataset.table"),
        ({"logs": [{"path": "x"}]}, "logs.0.name: missing"),
        ({"logs": [{"name": "a", "path": "x"}, {"name": "a", "path": "y"}]}, "two logs a"),
        ({"logs": [{"name": "a", "path": "x", "sql": "y"}]}, "sql: unknown key"),
        ({"logs": [{"name": "a", "path": "x", "reader": {"delim": ";;"}}]}, "one character"),
        ({"logs": ["a"]}, "not a mapping"),
        ({"logs": [{"name": "a", "path": "x"}], "most_requests": 0}, "most_requests"),
    ],
)
def test_what_is_wrong_with_the_options_is_said(options: dict[str, Any], problem: str) -> None:
    assert SOURCE.option_problems is not None
    assert problem in "; ".join(SOURCE.option_problems(options))


def test_secrets_that_are_wanted_are_named(tmp_path: Path) -> None:
    access = access_to(None, tmp_path, {"name": "a", "table": "p.d.t"}, {"name": "b", "path": "x"})
    assert SOURCE.problems is not None and SOURCE.account_id is not None
    said = "; ".join(SOURCE.problems(access, CompanyNames()))
    assert "meta_access_token" in said and "google_service_account" in said
    assert "log b has no file" in said
    assert SOURCE.account_id.problem("714200300400500") and not SOURCE.account_id.problem(META)
