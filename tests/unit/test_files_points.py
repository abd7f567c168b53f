"""Files: a select that takes a point for two things in one file stops its feed."""

from __future__ import annotations

import pytest

from feed_files import Folder
from trueup.errors import BrokenContract

POINTS = "id,day,total\nA1,2026-09-01,116.62\nA2,2026-09-02,4.125\nA3,2026-09-02,1.107\n"
COMMAS = "replace(replace(total, '.', ''), ',', '.') as"
NO_POINTS = "case when total like '%.___' then replace(total, '.', '') else total end as"


@pytest.mark.parametrize(
    ("reading", "content", "is_wrong"),
    [
        (NO_POINTS, POINTS, True),
        ("total as", POINTS, False),
        (NO_POINTS, POINTS.replace("116.62", "116"), False),
        (COMMAS, POINTS.replace("116.62", '"116,62"'), False),
    ],
    ids=["both-ways", "decimals", "thousands", "decimal-comma"],
)  # fmt: skip
def test_a_point_parts_thousands_or_decimals_and_not_both(
    orders: Folder, reading: str, content: str, is_wrong: bool
):
    orders.select = orders.select.replace("total as", reading)
    orders.write("t.csv", content)
    if is_wrong:
        with pytest.raises(BrokenContract, match=r"reads 4.125 as 4125, and 116.62 as it stands"):
            orders.land()
    else:
        assert orders.land().row_count == 3
