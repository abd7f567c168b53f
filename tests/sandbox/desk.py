"""What every vendor page shares: the world, the virtual clock, and faults on order."""

from __future__ import annotations

import json
import threading
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

START = datetime(2026, 9, 15, 6, 0)


class Desk:
    """The world's tables as DuckDB views, `now` as naive UTC, and the faults still to be dealt.

    The clock lives in `<state>/clock.json`, so that it outlives the server.
    """

    def __init__(self, world: Path, state: Path) -> None:
        self.state = state
        self._con = duckdb.connect()
        self._clock = state / "clock.json"
        self._faults: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()
        self.calls: Counter[str] = Counter()
        state.mkdir(parents=True, exist_ok=True)
        for table in sorted(world.glob("*.parquet")):
            self._con.execute(f"create view {table.stem} as from '{table}'")

    @property
    def now(self) -> datetime:
        if not self._clock.exists():
            return START
        return datetime.fromisoformat(json.loads(self._clock.read_text())["now"])

    def set_clock(self, now: datetime) -> None:
        self._clock.write_text(json.dumps({"now": now.isoformat()}))

    def rows(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        """The query's rows. `$now` is bound where the query asks for it."""
        return self.table(sql, **parameters).to_pylist()

    def table(self, sql: str, **parameters: Any) -> pa.Table:
        if "$now" in sql:
            parameters["now"] = self.now
        return self._con.cursor().execute(sql, parameters or None).to_arrow_table()

    def order_fault(self, vendor: str, fault: str, times: int) -> None:
        with self._lock:
            self._faults[vendor, fault] = times

    def clear_faults(self) -> None:
        with self._lock:
            self._faults.clear()

    def takes_fault(self, vendor: str, fault: str) -> bool:
        """Whether this request is to fail in this way; each ordered fault is dealt once."""
        with self._lock:
            if self._faults[vendor, fault] <= 0:
                return False
            self._faults[vendor, fault] -= 1
            return True
