"""The sandbox as a background process: started once, found again by its port, stopped exactly."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

TESTS = Path(__file__).parents[1]
PROCESS_FILE = "sandbox.pid"
ANSWER_SECONDS = 30
#: Making the world at scale 1.0 takes well under a minute; a slow machine gets ten.
START_SECONDS = 600


class SandboxError(Exception):
    """A problem stated in one line."""


@dataclass(frozen=True)
class Place:
    """Where a sandbox lives and listens."""

    home: Path
    port: int
    host: str = "127.0.0.1"
    scale: float = 1.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def storage_port(self) -> int:
        """Where BigQuery's Storage Read API answers."""
        return self.port + 1

    @property
    def process_file(self) -> Path:
        return self.home / PROCESS_FILE

    @property
    def log(self) -> Path:
        return self.home / "sandbox.log"


def start(place: Place) -> None:
    """Start `serve` in the background, unless it runs or begins to. Does not wait for it."""
    if running(place) or _recorded(place):
        return
    place.home.mkdir(parents=True, exist_ok=True)
    arguments = ["--home", place.home, "--port", place.port, "--host", place.host]
    with place.log.open("ab") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "sandbox", "serve", *map(str, arguments)]
            + ["--scale", str(place.scale)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=os.environ | {"PYTHONPATH": f"{TESTS}{os.pathsep}{TESTS.parent / 'plugins'}"},
            start_new_session=True,
        )
    started = {"pid": child.pid, "created": psutil.Process(child.pid).create_time()}
    place.process_file.write_text(json.dumps(started | {"port": place.port}))


def up(place: Place) -> None:
    """Start `serve` in the background, unless it already runs, and wait until it answers."""
    pid = running(place)
    if pid:
        print(f"the sandbox is already up at {place.url} (process {pid})")
        return
    start(place)
    deadline = time.monotonic() + START_SECONDS
    while not (pid := running(place)):
        child = _recorded(place)
        if child is None or time.monotonic() > deadline:
            _stop(child)
            place.process_file.unlink(missing_ok=True)
            tail = place.log.read_text(errors="replace").splitlines()[-5:]
            raise SandboxError(f"the sandbox did not start; see {place.log}:\n" + "\n".join(tail))
        time.sleep(0.2)
    print(f"the sandbox is up at {place.url} (process {pid}, log {place.log})")


def down(place: Place) -> None:
    """Stop the process that serves this home, and no other."""
    pid = _recorded(place) or running(place)
    place.process_file.unlink(missing_ok=True)
    if pid is None:
        print("the sandbox is not up")
        return
    _stop(pid)
    print(f"the sandbox is down (process {pid})")


def running(place: Place) -> int | None:
    """The process that serves this home, or None if nobody listens on the port."""
    answer = ask(place, "GET", "/_sandbox/home")
    if answer is None:
        return None
    if answer.get("home") != str(place.home):
        raise SandboxError(
            f"port {place.port} is taken by the sandbox of {answer.get('home')}: stop it, or"
            " choose another port with --port"
        )
    return answer["pid"]


def ask(place: Place, method: str, path: str, body: Any = None) -> Any:
    """The sandbox's JSON answer, None if nobody listens; an error if another program does."""
    connection = http.client.HTTPConnection("127.0.0.1", place.port, timeout=ANSWER_SECONDS)
    headers = {"Content-Type": "application/json"}
    try:
        connection.request(method, path, body and json.dumps(body), headers)
        response = connection.getresponse()
        content = json.loads(response.read())
        if response.status != 200 or not isinstance(content, dict):
            raise ValueError(response.status)
        return content
    except ConnectionRefusedError:
        return None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise SandboxError(
            f"port {place.port} is taken by something that is not the sandbox"
            f" ({type(error).__name__}): free it, or choose another with --port"
        ) from None
    finally:
        connection.close()


def recorded_port(home: Path) -> int | None:
    """The port in the process file."""
    return _read(home / PROCESS_FILE).get("port")


def _recorded(place: Place) -> int | None:
    """The process in the process file, if it is still that very one and has not ended."""
    started = _read(place.process_file)
    try:
        process = psutil.Process(started["pid"]) if started else None
        is_same = process and process.create_time() == started["created"]
        has_ended = process and process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return None
    return started["pid"] if is_same and not has_ended else None


def _read(process_file: Path) -> dict[str, Any]:
    try:
        return json.loads(process_file.read_text())
    except (FileNotFoundError, ValueError):
        return {}


def _stop(pid: int | None) -> None:
    if pid is None:
        return
    try:
        process = psutil.Process(pid)
        process.terminate()
        process.wait(10)
    except psutil.NoSuchProcess:
        return
    except psutil.TimeoutExpired:
        process.kill()
        process.wait(10)
