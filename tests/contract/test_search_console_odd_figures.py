"""Search Console: a figure that cannot be one costs its row, and is counted once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from contract.search_property import FOR_EVER, access_to, changing, land, rows
from trueup.landing.store import Landing


@pytest.mark.parametrize("figures", [{"impressions": -1}, {"clicks": -3}])
def test_a_count_below_zero_is_set_aside_and_stands_in_the_rest(
    sandbox: Any, landing: Landing, tmp_path: Path, figures: dict[str, int]
) -> None:
    def spoil(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**found[0], **figures}, *found[1:]] if found else found

    access = access_to(sandbox, tmp_path)
    calm = rows(landing, land(landing, access))
    sandbox.desk.spoil("search_console", changing(["date", "page", "query"], spoil), FOR_EVER)
    load = land(landing, access)
    odd = rows(landing, load)
    assert load.set_aside_count == 1
    for name in ("impressions", "clicks"):
        assert sum(row[name] for row in odd) == sum(row[name] for row in calm)
