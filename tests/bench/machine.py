"""Which machine the figures are from."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import duckdb
import psutil

CPU_FACTS = Path("/proc/cpuinfo")
OWN_FACTS = Path("/proc/self/status")


def describe() -> str:
    """One line: processor, cores, memory, system, versions, and how busy it was already."""
    gigabytes = psutil.virtual_memory().total / 2**30
    return (
        f"{_processor()}, {os.cpu_count()} cores, {gigabytes:.0f} GiB memory;"
        f" {platform.system()} {platform.release()}, Python {platform.python_version()},"
        f" DuckDB {duckdb.__version__}; load average at the start {os.getloadavg()[0]:.1f}"
    )


def peak_megabytes() -> float:
    """The largest resident memory of this process, in MiB. Not as getrusage has it: there a process
    begins with the size of the one that started it."""
    facts = dict(line.split(":", 1) for line in OWN_FACTS.read_text(encoding="utf-8").splitlines())
    return float(facts["VmHWM"].split()[0]) / 1024


def _processor() -> str:
    if CPU_FACTS.exists():
        for line in CPU_FACTS.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
