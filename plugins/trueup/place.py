"""Where a company's state lives, and which company is in force."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trueup import settings
from trueup.settings import Settings

if TYPE_CHECKING:
    from trueup.company import Company
    from trueup.landing import Landing


@dataclass(frozen=True)
class Place:
    """Where one company's state lives: `var/<company>/...`."""

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
    def history(self) -> Path:
        return self.folder / "history"

    @property
    def gates(self) -> Path:
        return self.folder / "gates"

    @property
    def incidents(self) -> Path:
        return self.folder / "incidents"

    @property
    def dbt(self) -> Path:
        return self.folder / "dbt"


def here() -> tuple[Settings, Company, Place]:
    """The settings, the company they name, and where its state lives."""
    from trueup import company

    config = settings.read()
    chosen = company.read(config.company_file)
    return config, chosen, Place(config.home / chosen.name)


def landing_of(place: Place) -> Landing:
    from trueup.landing import Landing

    return Landing(str(place.landing))
