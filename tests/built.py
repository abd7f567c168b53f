"""Harbour House in miniature, as its own pipeline landed and built it: one of each per session.

What is shared is never changed: a test that lands, builds or mutates takes a `copy_to` first.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pytest import MonkeyPatch

import dbt_tables
from sandbox import demo, keys
from trueup import pipeline
from trueup.company import company_file
from trueup.company.workspace import StateFolder

PROJECT = Path(__file__).parents[1]
#: The newest day landed; the vendors' clock stands at six o'clock of the day after.
DAY = "2026-09-14"
CLOCK = datetime.fromisoformat("2026-09-15T06:00:00")


@dataclass(frozen=True)
class Company:
    """A company's state: `home` is its TRUEUP_HOME, `environment` what its commands need."""

    home: Path
    company_file: Path
    day: str
    environment: dict[str, str] = field(repr=False)

    @property
    def place(self) -> StateFolder:
        return StateFolder(self.home / "harbour_house")

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """The environment of the company, for as long as the block runs."""
        with MonkeyPatch.context() as patch:
            self.enter(patch)
            yield

    def enter(self, monkeypatch: MonkeyPatch) -> None:
        for name in [name for name in os.environ if name.startswith("TRUEUP_")]:
            monkeypatch.delenv(name)
        for name, value in self.environment.items():
            monkeypatch.setenv(name, value)

    def copy_to(self, folder: Path) -> Company:
        """The same company with state of its own below `folder`, to be changed at will."""
        shutil.copytree(self.home, folder / "var")
        return self.at(folder / "var")

    def at(self, home: Path) -> Company:
        """The same company with the state that is at `home`."""
        return replace(self, home=home, environment=self.environment | {"TRUEUP_HOME": str(home)})


def land(folder: Path, sandbox: Any) -> Company:
    """Every source of the demo company, landed from the vendors at `sandbox` through DAY."""
    sandbox.desk.set_clock(CLOCK)
    sandbox.desk.clear_faults()
    landed = describe(folder, sandbox)
    with landed.in_force():
        for source in sorted(company_file.read(landed.company_file).sources):
            assert pipeline.land(source, landed.day).failed == ()
    return landed


def build(landed: Company, folder: Path) -> Company:
    """A copy of `landed` below `folder`, with the build file complete but not yet judged."""
    built = landed.copy_to(folder)
    with built.in_force():
        pipeline.build(built.day)
    dbt_tables.as_views(built.place.build_file, built.place.dbt)
    return built


def publish(built: Company, folder: Path) -> Company:
    """A copy of `built` below `folder`, which the gate finds fit, published."""
    published = built.copy_to(folder)
    with published.in_force():
        assert pipeline.gate_mart().outcome == "pass"
        pipeline.publish_unless_held()
    return published


def describe(folder: Path, sandbox: Any) -> Company:
    """The demo company against the vendors at `sandbox`, with nothing landed yet."""
    text = (PROJECT / "company.yml").read_text(encoding="utf-8")
    text = text.replace("http://127.0.0.1:8765", sandbox.url)
    text = text.replace("127.0.0.1:8766", sandbox.storage_api)
    text = text.replace("start: 2026-06-01", "start: 2026-08-01")
    company_file = folder / "company.yml"
    company_file.write_text(text, encoding="utf-8")
    secrets = demo.environment() | keys.environment(sandbox.desk.state, sandbox.url)
    environment = secrets | {
        "TRUEUP_HOME": str(folder / "var"),
        "TRUEUP_COMPANY": str(company_file),
        "TRUEUP_HTTP_ATTEMPTS": "3",
        "TRUEUP_HTTP_BACKOFF_SECONDS": "0.01",
    }
    return Company(folder / "var", company_file, DAY, environment)
