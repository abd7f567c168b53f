"""dbt's statements, recorded once for every test of a worker that sends them again."""

from __future__ import annotations

import pytest

from orders.building import Models, record


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    return record(tmp_path_factory.mktemp("models"))
