"""`python -m sandbox`: one background process per home, a clock, and the demo's secrets."""

from __future__ import annotations

import json
import shlex
import socket
import subprocess
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import duckdb
import psutil
import pytest

from sandbox import background
from sandbox.__main__ import main


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home whose world is one small table, so that nothing is generated."""
    world = tmp_path / "world"
    world.mkdir()
    duckdb.sql("select date '2026-09-14' as rate_date").write_parquet(str(world / "fx.parquet"))
    yield tmp_path
    main(["down", "--home", str(tmp_path), "--port", str(free_port())])


@pytest.fixture
def port() -> int:
    return free_port()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def said(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """What a command that succeeds prints."""
    assert main([str(argument) for argument in arguments]) == 0
    return capsys.readouterr().out.strip()


def test_up_starts_once_and_down_stops_that_process(
    home: Path, port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "is up at" in said(capsys, "up", "--home", home, "--port", port)
    pid = json.loads((home / "sandbox.pid").read_text())["pid"]
    assert "already up" in said(capsys, "up", "--home", home)
    assert psutil.Process(pid).is_running()
    # the port is found again by the home
    assert said(capsys, "tomorrow", "--home", home) == "2026-09-15T06:00:00 -> 2026-09-16T06:00:00"
    assert said(capsys, "clock", "--home", home) == "2026-09-16T06:00:00"
    assert f"127.0.0.1:{port}/google_sign_in" in said(capsys, "env", "--home", home)

    assert main(["up", "--home", str(home / "other"), "--port", str(port)]) == 1
    assert f"taken by the sandbox of {home}" in capsys.readouterr().err

    assert str(pid) in said(capsys, "down", "--home", home)
    assert not psutil.pid_exists(pid)
    assert not (home / "sandbox.pid").exists()
    # the clock outlives the process
    assert said(capsys, "yesterday", "--home", home, "--port", port) == "2026-09-15"


def test_up_waits_for_what_was_started_before_it(
    home: Path, port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--home", home, "--port", port)
    assert said(capsys, "start", *where) == ""
    pid = json.loads((home / "sandbox.pid").read_text())["pid"]
    assert said(capsys, "start", *where) == ""
    assert f"is up at http://127.0.0.1:{port} (process {pid}," in said(capsys, "up", *where)


def test_the_clock_moves_while_the_vendors_are_down(
    home: Path, port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--home", home, "--port", port)
    assert said(capsys, "yesterday", *where) == date(2026, 9, 14).isoformat()
    said(capsys, "tomorrow", *where)
    assert said(capsys, "tomorrow", *where).endswith("2026-09-17T06:00:00")
    assert said(capsys, "down", *where) == "the sandbox is not up"


def test_a_port_taken_by_something_else_is_a_clear_error(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class Teapot(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(418)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Teapot)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    assert main(["up", "--home", str(home), "--port", str(server.server_port)]) == 1
    error = capsys.readouterr().err
    server.shutdown()
    assert f"port {server.server_port} is taken by something that is not the sandbox" in error
    assert "--port" in error


def test_a_start_that_fails_tells_why(
    home: Path, port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "world" / "fx.parquet").write_text("not Parquet")
    assert main(["up", "--home", str(home), "--port", str(port)]) == 1
    error = capsys.readouterr().err
    assert "did not start" in error and "fx.parquet" in error
    assert not (home / "sandbox.pid").exists()


def test_down_leaves_a_stranger_with_the_recorded_number_alone(
    home: Path, port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger = subprocess.Popen(["sleep", "60"])
    recorded = {"pid": stranger.pid, "created": 0.0, "port": port}
    (home / background.PROCESS_FILE).write_text(json.dumps(recorded))
    assert said(capsys, "down", "--home", home) == "the sandbox is not up"
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_env_survives_the_shell(home: Path, port: int, capsys: pytest.CaptureFixture[str]) -> None:
    exports = said(capsys, "env", "--home", home, "--port", port)
    names = [shlex.split(line)[1].partition("=")[0] for line in exports.splitlines()]
    assert "TRUEUP_SECRET_SHOPIFY_CLIENT_ID" in names
    script = f'{exports}\nprintf %s "$TRUEUP_SECRET_GA4_SERVICE_ACCOUNT"'
    seen = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    key = json.loads(seen.stdout)
    assert key["token_uri"].startswith(f"http://127.0.0.1:{port}/")
    assert "\n" in key["private_key"]
