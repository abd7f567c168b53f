"""A company of files in a folder of its own, run by the commands a person types."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import yaml
from pytest import MonkeyPatch

from trueup.__main__ import main

DAY = "2026-09-30"
SECRETS = {
    "TRUEUP_SECRET_HASH_KEY": "a-key-of-the-tests",
    "TRUEUP_SECRET_HUBSPOT_ACCESS_TOKEN": "a-token-of-the-tests",
}


@dataclass(frozen=True)
class Answer:
    """What a command printed, and its exit code."""

    code: int
    text: str


@dataclass
class SmallCompany:
    """The cases' company: Lisbon, EUR, history from 1 September 2026, USD 1.10 per EUR."""

    folder: Path
    feeds: list[dict[str, Any]] = field(default_factory=list)
    goals: dict[str, Any] = field(default_factory=dict)
    channels: list[dict[str, Any]] = field(default_factory=list)
    sources: dict[str, Any] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    fixed_rates: Mapping[str, float] = field(default_factory=lambda: {"USD": 1.10})
    _readers: dict[int, duckdb.DuckDBPyConnection] = field(default_factory=dict, repr=False)

    def feed(self, name: str, stream: str, select: str, rows: Iterable[str], **more: Any) -> None:
        """A feed whose file holds `rows`, the header first."""
        stem = f"{name}_{stream}"
        self.write(f"{stem}.csv", "\n".join(rows) + "\n")
        self.write(f"{stem}.sql", select)
        self.feeds.append(
            {"name": name, "stream": stream, "path": f"{stem}.csv", "sql": f"{stem}.sql", **more}
        )

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, "utf-8")
        return path

    def goal(self, name: str, *mappings: Mapping[str, Any], tier: str = "strong") -> None:
        self.goals[name] = {
            "tier": tier,
            "counts_as_revenue": tier == "strong",
            "margin_ratio": 0.5 if tier == "strong" else None,
            "mappings": [dict(mapping) for mapping in mappings],
        }

    def save(self) -> None:
        sources = dict(self.sources)
        if self.feeds:
            sources["files"] = {"options": {"feeds": self.feeds}}
        content = {
            "name": "small",
            "title": "Small",
            "reporting": {
                "time_zone": "Europe/Lisbon",
                "currency": "EUR",
                "fixed_rates": dict(self.fixed_rates),
            },
            "history": {"start": "2026-09-01"},
            "sources": sources,
            "goals": self.goals,
            "channels": self.channels,
            **self.more,
        }
        self.write("company.yml", yaml.safe_dump(content, sort_keys=False))

    def run(self, *words: str) -> Answer:
        """`trueup WORDS`, in this process."""
        self._close()
        self.save()
        out = io.StringIO()
        with MonkeyPatch.context() as patch:
            for name in [name for name in os.environ if name.startswith("TRUEUP_")]:
                patch.delenv(name)
            for name, value in (SECRETS | self.environment).items():
                patch.setenv(name, value)
            patch.setenv("TRUEUP_HOME", str(self.folder / "var"))
            patch.setenv("TRUEUP_COMPANY", str(self.folder / "company.yml"))
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                code = main(list(words))
        return Answer(code, out.getvalue())

    def land(self, source: str = "files", day: str = DAY) -> Answer:
        return self.run("land", source, "--day", day)

    def build(self, day: str = DAY) -> Answer:
        return self.run("build", "--day", day)

    def publish(self, day: str = DAY) -> str:
        """Land all sources, build, gate and publish; everything that was printed."""
        named = (*self.sources, *(["files"] if self.feeds else []))
        parts = [self.land(source, day) for source in named]
        parts += [self.build(day), self.run("gate"), self.run("publish")]
        return "\n".join(part.text for part in parts)

    @property
    def mart(self) -> Path:
        return self.folder / "var" / "small" / "mart.duckdb"

    @property
    def build_file(self) -> Path:
        return self.folder / "var" / "small" / "build.duckdb"

    def query(self, sql: str, file: Path | None = None) -> list[tuple[Any, ...]]:
        """The rows of `sql` on the published mart (or another file of this company)."""
        if file is not None:
            with duckdb.connect(str(file), read_only=True) as con:
                return con.execute(sql).fetchall()
        with self._mart_reader().cursor() as con:
            return con.execute(sql).fetchall()

    def _mart_reader(self) -> duckdb.DuckDBPyConnection:
        """The published mart, opened once: reading what is in it takes longer than most queries."""
        published = self.mart.stat().st_ino
        if published not in self._readers:
            self._close()
            self._readers[published] = duckdb.connect(str(self.mart), read_only=True)
        return self._readers[published]

    def _close(self) -> None:
        while self._readers:
            self._readers.popitem()[1].close()
