"""The company of docs/files.md on disk, with files of its own: landed as a person would."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import yaml
from pytest import MonkeyPatch

from docs.pages import FILES_PAGE, blocks, named
from trueup import pipeline

DAY = "2026-09-30"
ASIDE = ".set_aside.parquet"
#: What the page's claims are called in goal mappings, by feed.
SELECTORS = {"google_ads": "Conversions", "meta_ads": "Purchases"}


@dataclass(frozen=True)
class FileCompany:
    """A company that joins by files. `folder` holds the company file, its selects and files."""

    folder: Path

    @property
    def company_file(self) -> Path:
        return self.folder / "company.yml"

    @property
    def state(self) -> Path:
        name = yaml.safe_load(self.company_file.read_text("utf-8"))["name"]
        return self.folder / "var" / name

    def enter(self, monkeypatch: MonkeyPatch) -> None:
        monkeypatch.setenv("TRUEUP_HOME", str(self.folder / "var"))
        monkeypatch.setenv("TRUEUP_COMPANY", str(self.company_file))
        monkeypatch.setenv("TRUEUP_SECRET_HASH_KEY", "a-key-of-the-tests")

    def land(self, stream: str) -> None:
        assert pipeline.land("files", DAY, streams=[stream]).failed == ()

    def landed(self, stream: str, sql: str) -> list[tuple[Any, ...]]:
        """The answer of `sql` on `landed`, the rows of the stream's loads."""
        return self._query(stream, "landed", sql, aside=False)

    def set_aside(self, stream: str) -> list[tuple[str, str, Decimal | None]]:
        """Position, reason and amount of each row that was set aside."""
        sql = "select position, reason, amount from aside order by position"
        return self._query(stream, "aside", sql, aside=True)

    def _query(self, stream: str, table: str, sql: str, aside: bool) -> list[tuple[Any, ...]]:
        found = (self.state / "landing" / "files" / stream).rglob("*.parquet")
        files = [str(path) for path in found if path.name.endswith(ASIDE) == aside]
        if not files:
            return []
        with duckdb.connect() as con:
            con.execute("set timezone = 'UTC'")
            con.execute(f"create view {table} as from read_parquet({files})")
            return con.execute(sql).fetchall()


def complete_example(folder: Path) -> FileCompany:
    """The page's own small company: its five files as they stand there."""
    for name, text in named(FILES_PAGE).items():
        (folder / name).write_text(text, "utf-8")
    return FileCompany(folder)


def with_feeds(
    folder: Path, name: str, files: Mapping[str, bytes], reader: Mapping[str, Any] | None = None
) -> FileCompany:
    """The same company with the page's feeds of that name instead of its own, and `files`.
    `reader` stands for the page's other reader, where it gives one."""
    company = complete_example(folder)
    listed = [one for one in blocks(FILES_PAGE) if (one.language, one.name) == ("yaml", "feeds")]
    feeds = [feed for one in listed for feed in yaml.safe_load(one.text) if feed["name"] == name]
    feeds = [feed | {"reader": dict(reader)} if reader else feed for feed in feeds]
    for file, written in files.items():
        (folder / file).write_bytes(written)
    content = yaml.safe_load(company.company_file.read_text("utf-8"))
    content["sources"]["files"]["options"]["feeds"] = feeds
    selectors = {SELECTORS.get(name) or feed["stream"] for feed in feeds} - {"refunds"}
    content["goals"]["sale"]["mappings"] = [
        {"source": "files", "selector": selector} for selector in sorted(selectors)
    ]
    content["channels"] = [{"channel": "other", "source": ".*"}]
    company.company_file.write_text(yaml.safe_dump(content, sort_keys=False), "utf-8")
    return company
