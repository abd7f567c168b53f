"""The processes of a local Airflow: started, remembered in a file, found again, ended."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from trueup.errors import TrueupError

STOP_SECONDS = 10


@dataclass(frozen=True)
class Running:
    """What was left running: `processes` maps a component to its process id and start time.

    `inherited` maps the settings and secrets the processes were given to a fingerprint of each.
    """

    company_file: str
    inherited: dict[str, str]
    url: str
    processes: dict[str, tuple[int, float]]

    def dead(self) -> list[str]:
        """The components that no longer run."""
        return sorted(name for name, known in self.processes.items() if not _is_alive(*known))

    def end(self) -> bool:
        """End the components and all they started, even where a component itself has died.
        False if nothing was left."""
        family = self._family()
        for pid, created in self.processes.values():
            if _is_alive(pid, created):
                _quietly(psutil.Process(pid).terminate)
        _, left = psutil.wait_procs(family, timeout=STOP_SECONDS)
        for process in [*left, *self._family()]:
            _quietly(process.kill)
        psutil.wait_procs(left, timeout=STOP_SECONDS)
        return bool(family)

    def _family(self) -> list[psutil.Process]:
        """Every process of the sessions the components were started in."""
        booted = psutil.boot_time()
        sessions = {pid for pid, created in self.processes.values() if created > booted}
        return [process for process in psutil.process_iter() if _session(process) in sessions]

    def remember(self, file: Path) -> None:
        partial = file.with_suffix(".partial")
        partial.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")
        os.replace(partial, file)


def recall(file: Path) -> Running | None:
    """What `file` remembers; None where it is absent or of another version."""
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
        raw["processes"] = {name: tuple(known) for name, known in raw["processes"].items()}
        return Running(**raw)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def launch(
    components: Mapping[str, tuple[str, ...]], environment: Mapping[str, str], logs: Path
) -> dict[str, tuple[int, float]]:
    """Start `airflow <arguments>` for each component, in a session of its own, so that Ctrl-C here
    does not end it; output goes to `<logs>/<component>.log`."""
    processes = {}
    for name, arguments in components.items():
        with (logs / f"{name}.log").open("wb") as output:
            started = subprocess.Popen(  # noqa: S603 -- our own interpreter
                [sys.executable, "-m", "airflow", *arguments],
                env=environment, stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        processes[name] = (started.pid, psutil.Process(started.pid).create_time())
    return processes


def free_port(first: int) -> int:
    """The first port from `first` that nothing on loopback listens to."""
    for port in range(first, first + 50):
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise TrueupError(f"no free port between {first} and {first + 49}")


def _is_alive(pid: int, created: float) -> bool:
    """Whether `pid` runs and is still the process it was."""
    try:
        process = psutil.Process(pid)
        return process.create_time() == created and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _session(process: psutil.Process) -> int | None:
    """The id of a live process's session: the process id of the one that opened it."""
    try:
        return os.getsid(process.pid) if process.status() != psutil.STATUS_ZOMBIE else None
    except (OSError, psutil.Error):
        return None


def _quietly(action: Callable[[], None]) -> None:
    try:
        action()
    except psutil.NoSuchProcess:
        pass
