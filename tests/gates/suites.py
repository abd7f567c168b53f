"""The suites of `expectations/`, one entry per expectation, as the tests about them read them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[2] / "expectations"


@dataclass(frozen=True)
class Expectation:
    """One entry of a suite file. `layer` is landing or mart."""

    layer: str
    suite: str
    type: str
    kwargs: dict[str, Any]
    severity: str
    meta: dict[str, str]

    @property
    def why(self) -> str:
        return str(self.meta.get("why", ""))

    @property
    def name(self) -> tuple[str, str, str | None, str]:
        """What tells it apart from every other, and a check from its results."""
        return self.suite, self.type, self.kwargs.get("column"), self.why

    @property
    def path(self) -> Path:
        return path(self.layer, self.suite)


def path(layer: str, suite: str) -> Path:
    return FOLDER / layer / f"{suite}.yml"


def names(layer: str) -> list[str]:
    return sorted(file.stem for file in (FOLDER / layer).glob("*.yml"))


def read(layer: str) -> list[Expectation]:
    """Every expectation of the layer, in the order of the files."""
    return [
        Expectation(
            layer,
            suite,
            entry["type"],
            entry.get("kwargs", {}),
            entry.get("severity", ""),
            entry.get("meta", {}),
        )
        for suite in names(layer)
        for entry in yaml.safe_load(path(layer, suite).read_text("utf-8"))["expectations"]
    ]
