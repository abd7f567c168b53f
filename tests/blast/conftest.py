"""The matrix of blast radii, printed at the end of the run that walked it."""

from __future__ import annotations

from typing import Any

import printed_table

COLUMNS = ("level", "source", "fault", "still came through", "said")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    printed_table.show(terminalreporter, "blast", "blast radius", COLUMNS)
