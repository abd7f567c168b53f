"""The company in force, and the folder its state lies in."""

from __future__ import annotations

import stat
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from trueup import settings
from trueup.company import company_file
from trueup.company.company_file import Company
from trueup.landing.store import Landing
from trueup.settings import Settings

#: What users other than the owner may do with a folder.
OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class StateFolder:
    """Where one company's state lies: `var/<company>/...`."""

    folder: Path

    @property
    def landing(self) -> Path:
        return self.folder / "landing"

    @property
    def build_file(self) -> Path:
        return self.folder / "build.duckdb"

    @property
    def mart(self) -> Path:
        return self.folder / "mart.duckdb"

    @property
    def report(self) -> Path:
        return self.folder / "report.html"

    @property
    def history(self) -> Path:
        return self.folder / "history"

    @property
    def gates(self) -> Path:
        return self.folder / "gates"

    @property
    def incidents(self) -> Path:
        return self.folder / "incidents"

    @property
    def outbox(self) -> Path:
        return self.folder / "outbox"

    @property
    def comparison(self) -> Path:
        return self.folder / "comparison"

    @property
    def dbt(self) -> Path:
        return self.folder / "dbt"


@dataclass(frozen=True)
class Workspace:
    """What every step needs: the settings, the company they name, and its state."""

    settings: Settings
    company: Company
    state: StateFolder

    @cached_property
    def landing(self) -> Landing:
        return Landing(str(self.state.landing))


def current() -> Workspace:
    """The workspace of the company in force. Raises CompanyFileError where its file is wrong."""
    config = settings.read()
    company = company_file.read(config.company_file)
    settings.keep_private()
    state = StateFolder(config.home / company.name)
    if state.folder.is_dir() and state.folder.stat().st_mode & OTHERS:
        with suppress(OSError):  # another user's, such as a volume's root
            state.folder.chmod(state.folder.stat().st_mode & ~OTHERS)
    return Workspace(config, company, state)
