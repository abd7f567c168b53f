"""The table of hostile answers, printed at the end of the run that dealt them."""

from __future__ import annotations

from typing import Any

import printed_table

COLUMNS = ("source", "stream", "answer", "came to", "seconds", "requests", "said")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    printed_table.show(terminalreporter, "hostile", "hostile answers", COLUMNS)
