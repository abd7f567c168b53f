"""A folder with one feed of files, and ways to land it, for the tests of files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from trueup.landing import row_rules
from trueup.landing.intake import take_in
from trueup.landing.store import Landing, Load
from trueup.sources import registry
from trueup.sources.contract import Access
from trueup.window import Window

SUITES = Path(__file__).parents[1] / "expectations" / "landing"
FILES = registry.load("files")
SEPTEMBER = Window(date(2026, 9, 1), date(2026, 10, 1))
SPEND = """
select _row, 'maps' as platform, campaign as campaign_id, day as ad_date, 'EUR' as currency_code,
    impressions, clicks, cost as spend_amount_local
from input
"""
ORDERS = """
select _row, id as order_id, day as ordered_date, total as amount_local, 'EUR' as currency_code
from input
"""


@dataclass
class Folder:
    """Files of one feed of `stream` and its select, landed for `window` in `zone`."""

    path: Path
    stream: str
    select: str
    glob: str = "*.csv"
    window: Window = SEPTEMBER
    zone: str = "Europe/Lisbon"
    feed: dict[str, Any] = field(default_factory=dict)

    @property
    def landing(self) -> Landing:
        return Landing(str(self.path / "landing"))

    def write(self, name: str, content: str | bytes) -> Folder:
        data = content.encode() if isinstance(content, str) else content
        (self.path / name).write_bytes(data)
        return self

    def land(self, **options: Any) -> Load:
        self.write("feed.sql", self.select)
        feed = {"name": "till", "stream": self.stream, "path": self.glob, "sql": "feed.sql"}
        access = Access(
            "files", "", (), {"feeds": [feed | self.feed]}, self.window.since, self.zone, "EUR",
            self.path,
        )  # fmt: skip
        stream = FILES.stream(self.stream)
        pages = FILES.extract(access, stream, self.window)
        return take_in(
            self.landing, "files", stream, self.window, pages, api_version="1", hash_key="k",
            account="till", rules=row_rules.read(SUITES / f"files__{self.stream}.yml"), **options,
        )  # fmt: skip

    def rows(self, load: Load, *names: str) -> list[Any]:
        """What landed: tuples of the named columns, or single values of one."""
        found = [
            row
            for file in load.files
            for row in pq.read_table(self.landing.path(file.name)).to_pylist()
        ]
        if len(names) == 1:
            return [row[names[0]] for row in found]
        return [tuple(row[name] for name in names) for row in found]

    def aside(self, load: Load, *names: str) -> list[tuple[Any, ...]]:
        names = names or ("position", "reason", "kind")
        return [
            tuple(row[name] for name in names) for row in self.landing.set_aside_rows(load)
        ]  # fmt: skip
