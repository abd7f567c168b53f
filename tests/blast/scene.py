"""A company of a week, landed by its own pipeline, and what a fault may cost it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import yaml

import built
from trueup import pipeline
from trueup.company import workspace
from trueup.landing.landed import Landed

START, DAY = date(2026, 9, 8), date(2026, 9, 14)
Row = dict[str, Any]
#: What came beside the declared columns, and whether the vendor may still add to the day.
IGNORED = ("_extra", "is_final")


@dataclass
class Scene:
    """The demo company from START to DAY, against the vendors of `sandbox`. `content` is its
    company file, which a cell may change before anything lands."""

    folder: Path
    sandbox: Any
    monkeypatch: Any
    content: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        company = built.describe(self.folder, self.sandbox)
        company.enter(self.monkeypatch)
        self._file = company.company_file
        self.content = yaml.safe_load(self._file.read_text("utf-8"))
        self.content["history"] = {"start": START, "end": date(2026, 10, 31)}
        # What is spoilt of GA4's are pages, so it is read over REST.
        self.content["sources"]["ga4"]["options"]["storage_api"] = "off"
        self.content["sources"]["files"] = {"options": {"feeds": write_feeds(self.folder)}}

    @property
    def desk(self) -> Any:
        return self.sandbox.desk

    def source(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.content["sources"][name]
        return found

    def land(self, source: str, streams: Iterable[str] = ()) -> Landed:
        self._file.write_text(yaml.safe_dump(self.content), "utf-8")
        return pipeline.land(source, DAY.isoformat(), streams=streams)

    def rows(self, source: str, stream: str) -> dict[tuple[Any, ...], Row]:
        """The rows in force, by key."""
        work = workspace.current()
        declared = work.company.module(source).stream(stream)
        keys = [declared.column(name).landed_name for name in declared.key]
        found = {}
        for load, days in work.landing.current(source, declared):
            for file in load.files:
                for row in pq.read_table(work.landing.path(file.name)).to_pylist():
                    if row["_day"] in days:
                        key = (load.account, row["_day"], *(row[name] for name in keys))
                        found[key] = {k: v for k, v in row.items() if k not in IGNORED}
        return found

    def said(self, landed: Landed) -> list[str]:
        """Everything that a person is shown: what failed, what is late, notes, and reasons of
        rows set aside."""
        work = workspace.current()
        texts = [one.text for one in landed.failed] + [str(dict(landed.late))]
        for stream in work.company.module(landed.source).streams:
            for load in work.landing.loads(landed.source, stream.name):
                texts += load.notes
                texts += [row["reason"] for row in work.landing.set_aside_rows(load)]
                texts += [f"{load.outside.rows} outside"] if load.outside else []
                texts += [f"new column {name}" for name in load.extra_columns]
        return texts


@dataclass(frozen=True)
class Cell:
    """One fault at one level of one source: how it is dealt, what it may cost, what must be said.

    `rows` is how many rows may be missing, `changed` how many may differ, `days` which days may
    be missing whole, `streams` which streams; `account` is the one that must be named. Nothing
    else may be missing. `said` must be found among what a person is shown.
    """

    level: str
    source: str
    fault: str
    streams: tuple[str, ...]
    deal: Callable[[Scene], None]
    rows: int = 0
    changed: int = 0
    days: tuple[date, ...] = ()
    lost_streams: tuple[str, ...] = ()
    account: str = ""
    fails: bool = False
    said: str = ""
    others: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.level}-{self.source}-{self.fault}".replace(" ", "_")


def write_feeds(folder: Path) -> list[dict[str, str]]:
    """Two tills and an advertiser's export, as files with their selects."""
    orders = """select _row, id as order_id, day as ordered_date, amount as amount_local,
        'EUR' as currency_code from input"""
    spend = """select _row, 'maps' as platform, '1' as account_id, campaign as campaign_id,
        day as ad_date, 'EUR' as currency_code, clicks, cost as spend_amount_local from input"""
    days = [date(2026, 9, day) for day in range(START.day, DAY.day + 1)]
    for till in ("till", "kiosk"):
        lines = [f"{till}{n},{day},{10 + n}.50" for n, day in enumerate(days)]
        (folder / f"{till}.csv").write_text("id,day,amount\n" + "\n".join(lines) + "\n", "utf-8")
        (folder / f"{till}.sql").write_text(orders, "utf-8")
    lines = [f"{day},brand,3,{n}.25" for n, day in enumerate(days)]
    (folder / "maps.csv").write_text(
        "day,campaign,clicks,cost\n" + "\n".join(lines) + "\n", "utf-8"
    )
    (folder / "maps.sql").write_text(spend, "utf-8")
    return [
        {"name": name, "stream": stream, "path": f"{name}.csv", "sql": f"{name}.sql"}
        for name, stream in (("till", "orders"), ("kiosk", "orders"), ("maps", "ad_performance"))
    ]
