"""dbt's statements, recorded once for every test that sends them again."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from orders.building import Models, record


@pytest.fixture(scope="session")
def models(made_once: Callable[[str, Callable[[Path], object]], Path], common: Path) -> Models:
    def make(folder: Path) -> None:
        (folder / "models").write_bytes(pickle.dumps(record(folder, common / "dbt")))

    kept = made_once("models", make) / "models"
    return pickle.loads(kept.read_bytes())  # noqa: S301
