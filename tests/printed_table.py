"""What the tests of a folder found, cell by cell, printed at the end of the run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def show(terminalreporter: Any, name: str, title: str, columns: Sequence[str]) -> None:
    """A table of the rows that tests recorded as their property `name`; nothing without any."""
    reports = [
        report
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        if report.when == "call"
    ]
    found = [dict(report.user_properties).get(name) for report in reports]
    rows = [columns, *(row for row in found if row)]
    if len(rows) == 1:
        return
    widths = [max(len(str(row[n])) for row in rows) for n in range(len(columns) - 1)]
    terminalreporter.section(f"{title}: {len(rows) - 1} cells")
    for row in rows:
        cells = [str(cell).ljust(width) for cell, width in zip(row, [*widths, 0], strict=True)]
        terminalreporter.write_line("  ".join(cells))
