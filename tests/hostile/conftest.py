"""The table of hostile answers, printed at the end of the run that dealt them."""

from __future__ import annotations

from typing import Any

COLUMNS = ("source", "stream", "answer", "came to", "seconds", "requests", "said")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = [
        report
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        if report.when == "call"
    ]
    found = [dict(report.user_properties).get("hostile") for report in reports]
    rows = [COLUMNS, *(row for row in found if row)]
    if len(rows) == 1:
        return
    widths = [max(len(str(row[n])) for row in rows) for n in range(len(COLUMNS) - 1)]
    terminalreporter.section(f"hostile answers: {len(rows) - 1} cells")
    for row in rows:
        cells = [str(cell).ljust(width) for cell, width in zip(row, [*widths, 0], strict=True)]
        terminalreporter.write_line("  ".join(cells))
