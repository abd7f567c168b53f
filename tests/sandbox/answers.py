"""What a database whose rows never change answers, kept for who asks the same again."""

from __future__ import annotations

import threading
from typing import Any

import duckdb
import pyarrow as pa

#: So many answers are kept, those asked for last, and none larger than this.
ANSWERS_KEPT, LARGEST_BYTES = 200, 2_000_000


class Answers:
    """Vendors are asked for a next page, once more after a fault, and by one test after another:
    nine of ten questions were asked before."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str], pa.Table] = {}

    def to(self, sql: str, parameters: dict[str, Any] | list[Any]) -> pa.Table:
        question = sql, repr(parameters)
        with self._lock:
            answer = self._kept.pop(question, None)
        if answer is None:
            answer = self._con.cursor().execute(sql, parameters or None).to_arrow_table()
        if answer.nbytes <= LARGEST_BYTES:
            self._keep(question, answer)
        return answer

    def _keep(self, question: tuple[str, str], answer: pa.Table) -> None:
        with self._lock:
            self._kept[question] = answer
            if len(self._kept) > ANSWERS_KEPT:
                self._kept.pop(next(iter(self._kept)))
