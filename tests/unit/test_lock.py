"""One step at a time works on the build file, and whoever comes second learns who is first."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from trueup.build.lock import in_turn, open_build
from trueup.errors import Busy, TrueupError

PLUGINS = str(Path(__file__).parents[2] / "plugins")
BUILDING = """
import sys, time
from pathlib import Path
from trueup.build.lock import in_turn
with in_turn(Path(sys.argv[1]), "build"):
    print("begun", flush=True)
    time.sleep(60)
"""
READING = """
import sys, time, duckdb
con = duckdb.connect(sys.argv[1], read_only=True)
print("begun", flush=True)
time.sleep(60)
"""


@contextmanager
def running(program: str, path: Path) -> Iterator[int]:
    """The process id of `program` at work on `path`, killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-c", program, path],
        env={**os.environ, "PYTHONPATH": PLUGINS}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout and process.stdout.readline() == "begun\n"
        yield process.pid
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "build.duckdb"
    duckdb.connect(str(path)).close()
    return path


@pytest.mark.parametrize("program", [BUILDING, READING], ids=["a-step", "somebody-reading"])
def test_whoever_comes_second_learns_who_is_first(path: Path, program: str):
    with running(program, path) as pid:
        with pytest.raises(Busy, match=rf"nothing was begun.*{pid}.*next step: ") as caught:
            with in_turn(path, "gate"):
                pass
        assert not caught.value.permanent
    with in_turn(path, "gate"):  # its process was killed, its turn is over
        pass


def test_a_build_file_that_is_damaged_is_said_so(path: Path):
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(TrueupError, match=r"cannot be opened.*remove .*build\.duckdb"):
        with open_build(path):
            pass
