"""A company of one shop, and builds of it that make the ledger alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from cases.shop import ENTRY, SECRETS
from cases.small_company import SmallCompany
from trueup.build import dbt


def company_at(folder: Any) -> SmallCompany:
    small = SmallCompany(folder, environment=SECRETS)
    small.sources = {"shopify": ENTRY}
    small.fixed_rates = {"USD": 1.10, "JPY": 160, "GBP": 0.85}
    small.goal("sale", {"source": "shopify", "selector": "order"})
    return small


@contextmanager
def ledger_alone() -> Iterator[None]:
    """Builds within the block make the ledger and what it stands on, and none of what sees it."""
    run_all = dbt.run_process

    def run(arguments: list[str], environment: dict[str, str], show: Any) -> int:
        only = ["--exclude-resource-type", "test", "--select", "+int_ledger_entries__unioned"]
        return run_all([*arguments, *only], environment, show)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dbt, "run_process", run)
        yield
