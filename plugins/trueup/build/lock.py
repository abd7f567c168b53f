"""The build file is private to one step at a time; whoever comes second learns who is first."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from trueup.errors import Busy, TrueupError, of_machine


@contextmanager
def in_turn(path: Path, step: str) -> Iterator[None]:
    """Keeps other steps from the build file at `path`. Raises Busy before anything is begun where
    another process has it. A process that is killed gives its turn up by dying."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("a+", encoding="utf-8") as turn:
        try:
            fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            turn.seek(0)
            raise _busy(path, turn.read()) from None
        turn.truncate(0)
        turn.write(
            f"{step}, process {os.getpid()} on {socket.gethostname()},"
            f" since {datetime.now(UTC):%Y-%m-%d %H:%M:%SZ}"
        )
        turn.flush()
        if path.exists():
            with open_build(path):
                pass  # somebody who reads it in a client of DuckDB would stop us half-way
        yield


@contextmanager
def open_build(path: Path, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        con = duckdb.connect(str(path), read_only=read_only)
    except duckdb.IOException as error:
        if "Could not set lock" in str(error):
            raise _busy(path, str(error).partition("lock is held in ")[2].split(". ")[0]) from None
        if trouble := of_machine(error, f"{path} cannot be opened"):
            raise trouble from None
        raise TrueupError(
            "the build file cannot be opened",
            got=str(error),
            next_step=f"if the disk is well, remove {path}: the next build makes it anew",
        ) from None
    try:
        con.execute("set timezone = 'UTC'")
        yield con
    finally:
        con.close()


def _busy(path: Path, holder: str) -> Busy:
    return Busy(
        "another process is at work on the build file; nothing was begun",
        got=f"{path}: {holder}",
        next_step="run this step again when that process has ended",
    )
