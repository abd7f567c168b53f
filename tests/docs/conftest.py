"""The company whose metrics are worked out by hand, built once for all that ask it."""

from __future__ import annotations

import pytest

from cases.small_company import SmallCompany
from docs import metrics_company


@pytest.fixture(scope="session")
def metrics(made_once) -> SmallCompany:
    """Not to be changed."""
    return SmallCompany(made_once("metrics_company", metrics_company.make))
