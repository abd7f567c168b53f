"""What every vendor page shares: the world, the virtual clock, and faults on order."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from sandbox.answers import Answers

#: Bytes of Parquet from which a table is read where it lies: events, asked for by the week.
LARGEST_IN_MEMORY = 10_000_000
START = datetime(2026, 9, 15, 6, 0)


@dataclass(frozen=True)
class Asked:
    """A request as it came: its path below the vendor, its query and body as one mapping."""

    path: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Instead:
    """A whole answer in place of the vendor's own."""

    status: int
    content: Any
    headers: dict[str, str] = field(default_factory=dict)


#: Makes of a request and the content of its answer (what JSON holds, else text) another content,
#: a whole answer, or None: the answer stays as it is, and the spoiling is not used up.
Change = Callable[[Asked, Any], Any]


class Desk:
    """The world's tables in DuckDB, `now` as naive UTC, and the faults still to be dealt.

    The clock lives in `<state>/clock.json`, so that it outlives the server.
    """

    def __init__(self, world: Path, state: Path) -> None:
        self.state = state
        # Questions are small and many: a second thread would only wait for its share of each.
        con = duckdb.connect(config={"threads": 1})
        self.answers = Answers(con)
        self._clock = state / "clock.json"
        self._faults: Counter[tuple[str, str]] = Counter()
        self._spoilings: list[tuple[str, Change, list[int]]] = []
        self._lock = threading.Lock()
        self.calls: Counter[str] = Counter()
        state.mkdir(parents=True, exist_ok=True)
        for table in sorted(world.glob("*.parquet")):
            kind = "table" if table.stat().st_size < LARGEST_IN_MEMORY else "view"
            con.execute(f"create {kind} {table.stem} as from '{table}'")

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
        return self.answers.to(sql, parameters)

    def order_fault(self, vendor: str, fault: str, times: int) -> None:
        with self._lock:
            self._faults[vendor, fault] = times

    def faults_left(self, vendor: str, fault: str) -> int:
        """How many of the ordered faults nobody's request has met."""
        with self._lock:
            return self._faults[vendor, fault]

    def clear_faults(self) -> None:
        with self._lock:
            self._faults.clear()
            self._spoilings.clear()

    def spoil(self, vendor: str, change: Change, times: int = 1) -> None:
        """Let `change` make something else of the vendor's next answers it applies to."""
        with self._lock:
            self._spoilings.append((vendor, change, [times]))

    def spoilt(self, vendor: str, asked: Asked, content: Any) -> Any:
        """What the answer becomes; None where it stays as it is."""
        with self._lock:
            for name, change, left in self._spoilings:
                if name == vendor and left[0] > 0:
                    changed = change(asked, content)
                    if changed is not None:
                        left[0] -= 1
                        return changed
        return None

    def is_spoiling(self, vendor: str) -> bool:
        return any(name == vendor and left[0] > 0 for name, _, left in self._spoilings)

    def takes_fault(self, vendor: str, fault: str) -> bool:
        """Whether this request is to fail in this way; each ordered fault is dealt once."""
        with self._lock:
            if self._faults[vendor, fault] <= 0:
                return False
            self._faults[vendor, fault] -= 1
            return True
