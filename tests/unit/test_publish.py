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
def published(tmp_path: Path) -> PublishedMart:
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


def read_whole(published: PublishedMart) -> set[int]:
    version = read(published.mart)
    assert len(version) == 1
    return version


def test_marts_and_health_are_published_and_nothing_else(tmp_path: Path, published: PublishedMart):
    publish(build(tmp_path / "build.duckdb", 1), published, AT)
    with duckdb.connect(str(published.mart), read_only=True) as con:
        tables = con.execute(
            "select table_schema, table_name, table_type from information_schema.tables order by 1"
        ).fetchall()
    assert tables == [("health", "signals", "BASE TABLE"), ("marts", "fct", "BASE TABLE")]


def test_rollback_goes_back_one_version_at_a_time(tmp_path: Path, published: PublishedMart):
    for version in range(3):
        publish(build(tmp_path / "build.duckdb", version), published, AT + timedelta(days=version))
    rollback(published)
    assert read(published.mart) == {1}
    rollback(published)
    assert read(published.mart) == {0}
    with pytest.raises(TrueupError, match="no earlier mart"):
        rollback(published)


def test_only_the_last_few_versions_are_kept(tmp_path: Path, published: PublishedMart):
    for version in range(KEEP + 2):
        publish(build(tmp_path / "build.duckdb", version), published, AT + timedelta(days=version))
    assert len(published.versions()) == KEEP


def test_a_version_that_never_was_in_place_is_not_what_rollback_leaves(
    tmp_path: Path, published: PublishedMart, monkeypatch: pytest.MonkeyPatch
):
    for version in (1, 2):
        publish(build(tmp_path / "build.duckdb", version), published, AT + timedelta(days=version))
    with monkeypatch.context() as killed:
        killed.setattr("trueup.publish.swap._put_in_place", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            publish(build(tmp_path / "build.duckdb", 3), published, AT + timedelta(days=3))
    assert read(published.mart) == {2}
    rollback(published)
    assert read(published.mart) == {1}


def test_withdrawn_versions_go_with_those_of_their_time(tmp_path: Path, published: PublishedMart):
    for version in range(2):
        publish(build(tmp_path / "build.duckdb", version), published, AT + timedelta(days=version))
    rollback(published)
    assert len(list(published.history.iterdir())) == 2
    for version in range(2, KEEP + 2):
        publish(build(tmp_path / "build.duckdb", version), published, AT + timedelta(days=version))
    assert len(list(published.history.iterdir())) == KEEP


def test_a_full_disk_leaves_the_mart_and_no_remains(tmp_path: Path, published: PublishedMart):
    publish(build(tmp_path / "build.duckdb", 1), published, AT)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    big = build(tmp_path / "build.duckdb", 2, rows=1)
    with duckdb.connect(str(big)) as con:
        con.execute("create table marts.wide as select hash(i)::varchar from range(100_000) t(i)")
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        with pytest.raises(TrueupError, match=r"keep the last one.*next step: make sure"):
            publish(big, published, AT + timedelta(days=1))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert read(published.mart) == {1}
    assert len(list(published.history.iterdir())) == 1


PUBLISH_UNTIL_KILLED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from trueup.publish.swap import PublishedMart, publish
build, mart, history = map(Path, sys.argv[1:])
print("begins", flush=True)
for _ in range(10_000):
    publish(build, PublishedMart(mart, history), datetime.now(UTC))
"""


def test_a_reader_never_sees_a_partial_mart_through_kill_9(
    tmp_path: Path, published: PublishedMart
):
    publish(build(tmp_path / "one.duckdb", 1, rows=5_000), published, AT - timedelta(days=1))
    other = build(tmp_path / "two.duckdb", 2, rows=5_000)
    seen: set[int] = set()
    for pause in (0.0, 0.05, 0.11, 0.23):
        command = [
            sys.executable,
            "-c",
            PUBLISH_UNTIL_KILLED,
            other,
            published.mart,
            published.history,
        ]
        publisher = subprocess.Popen(
            command, env={**os.environ, "PYTHONPATH": PLUGINS}, stdout=subprocess.PIPE
        )
        assert publisher.stdout and publisher.stdout.readline()  # it has imported what it needs
        previous = published.mart.stat().st_ino
        deadline = time.monotonic() + 60
        while published.mart.stat().st_ino == previous and time.monotonic() < deadline:
            seen |= read_whole(published)
        time.sleep(pause)
        publisher.kill()
        publisher.wait()
        seen |= read_whole(published)
    assert seen == {1, 2}
    publish(other, published, datetime.now(UTC))
    assert read(published.mart) == {2}
    assert not list(published.history.glob("*.partial*"))
