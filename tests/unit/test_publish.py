"""A reader has the last good mart or the new one, at every instant."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from trueup.errors import TrueupError
from trueup.publish.swap import KEEP, PublishedMart, publish, rollback

AT = datetime(2026, 9, 15, 6, tzinfo=UTC)
PLUGINS = str(Path(__file__).parents[2] / "plugins")


@pytest.fixture
def shelf(tmp_path: Path) -> PublishedMart:
    return PublishedMart(tmp_path / "mart.duckdb", tmp_path / "history")


def build(path: Path, version: int, rows: int = 1) -> Path:
    """A build file whose every marts row says `version`, and a view in health."""
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts; create schema health; create schema staging")
        con.execute(f"create table marts.fct as select {version} as version from range({rows})")
        con.execute("create view health.signals as select max(version) as newest from marts.fct")
        con.execute("create table staging.secret as select 1 as x")
    return path


def read(path: Path) -> set[int]:
    with duckdb.connect(str(path), read_only=True) as con:
        return {row[0] for row in con.execute("select distinct version from marts.fct").fetchall()}


def read_whole(shelf: PublishedMart) -> set[int]:
    version = read(shelf.mart)
    assert len(version) == 1
    return version


def test_marts_and_health_are_published_and_nothing_else(tmp_path: Path, shelf: PublishedMart):
    publish(build(tmp_path / "build.duckdb", 1), shelf, AT)
    with duckdb.connect(str(shelf.mart), read_only=True) as con:
        tables = con.execute(
            "select table_schema, table_name, table_type from information_schema.tables order by 1"
        ).fetchall()
    assert tables == [("health", "signals", "BASE TABLE"), ("marts", "fct", "BASE TABLE")]


def test_rollback_goes_back_one_version_at_a_time(tmp_path: Path, shelf: PublishedMart):
    for version in range(3):
        publish(build(tmp_path / "build.duckdb", version), shelf, AT + timedelta(days=version))
    rollback(shelf)
    assert read(shelf.mart) == {1}
    rollback(shelf)
    assert read(shelf.mart) == {0}
    with pytest.raises(TrueupError, match="no earlier mart"):
        rollback(shelf)


def test_only_the_last_few_versions_are_kept(tmp_path: Path, shelf: PublishedMart):
    for version in range(KEEP + 2):
        publish(build(tmp_path / "build.duckdb", version), shelf, AT + timedelta(days=version))
    assert len(shelf.versions()) == KEEP


def test_a_version_that_never_was_in_place_is_not_what_rollback_leaves(
    tmp_path: Path, shelf: PublishedMart, monkeypatch: pytest.MonkeyPatch
):
    for version in (1, 2):
        publish(build(tmp_path / "build.duckdb", version), shelf, AT + timedelta(days=version))
    with monkeypatch.context() as killed:
        killed.setattr("trueup.publish.swap._put_in_place", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            publish(build(tmp_path / "build.duckdb", 3), shelf, AT + timedelta(days=3))
    assert read(shelf.mart) == {2}
    rollback(shelf)
    assert read(shelf.mart) == {1}


def test_withdrawn_versions_go_with_those_of_their_time(tmp_path: Path, shelf: PublishedMart):
    for version in range(2):
        publish(build(tmp_path / "build.duckdb", version), shelf, AT + timedelta(days=version))
    rollback(shelf)
    assert len(list(shelf.history.iterdir())) == 2
    for version in range(2, KEEP + 2):
        publish(build(tmp_path / "build.duckdb", version), shelf, AT + timedelta(days=version))
    assert len(list(shelf.history.iterdir())) == KEEP


def test_a_full_disk_leaves_the_mart_and_no_remains(tmp_path: Path, shelf: PublishedMart):
    publish(build(tmp_path / "build.duckdb", 1), shelf, AT)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    big = build(tmp_path / "build.duckdb", 2, rows=1)
    with duckdb.connect(str(big)) as con:
        con.execute("create table marts.wide as select hash(i)::varchar from range(100_000) t(i)")
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        with pytest.raises(TrueupError, match=r"keep the last one.*next step: make sure"):
            publish(big, shelf, AT + timedelta(days=1))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert read(shelf.mart) == {1}
    assert len(list(shelf.history.iterdir())) == 1


PUBLISH_UNTIL_KILLED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from trueup.publish.swap import PublishedMart, publish
build, mart, history = map(Path, sys.argv[1:])
for _ in range(10_000):
    publish(build, PublishedMart(mart, history), datetime.now(UTC))
"""


def test_a_reader_never_sees_a_partial_mart_through_kill_9(tmp_path: Path, shelf: PublishedMart):
    publish(build(tmp_path / "one.duckdb", 1, rows=5_000), shelf, AT - timedelta(days=1))
    other = build(tmp_path / "two.duckdb", 2, rows=5_000)
    seen: set[int] = set()
    for pause in (0.0, 0.05, 0.11, 0.23):
        command = [sys.executable, "-c", PUBLISH_UNTIL_KILLED, other, shelf.mart, shelf.history]
        publisher = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": PLUGINS})
        before = shelf.mart.stat().st_ino
        deadline = time.monotonic() + 60
        while shelf.mart.stat().st_ino == before and time.monotonic() < deadline:
            seen |= read_whole(shelf)
        time.sleep(pause)
        publisher.kill()
        publisher.wait()
        seen |= read_whole(shelf)
    assert seen == {1, 2}
    publish(other, shelf, datetime.now(UTC))
    assert read(shelf.mart) == {2}
    assert not list(shelf.history.glob("*.partial*"))
