"""What share of a load's rows is not used, by day, and of its money by currency.

Added up, 5,000 orders of some ten thousand yen would hide that most of what was sold in euro is
lost: where a load has several currencies, the worst of them decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from trueup.gates.findings import worst
from trueup.gates.shares import FEW_ROWS, Judged, Part, Tolerance, judge, total
from trueup.landing.held import CURRENCY
from trueup.landing.manifest import Load
from trueup.landing.store import Landing
from trueup.scratch import scratch

ISO = re.compile("[A-Z]{3}")
Rows = Sequence[Mapping[str, Any]]
Money = Mapping[date | None, Decimal | None]


def judge_rows(
    landing: Landing, load: Load, rows: Rows, money: str | None, allowed: Tolerance
) -> Judged:
    """What `rows` of the load, which are not used, come to; `money` is the column summed."""
    offered = {day.day: total((day.landed_money, day.set_aside_money)) for day in load.days}
    whole = judge(_parts(load, rows, offered), allowed)
    lost = Counter(row.get(CURRENCY) for row in rows)
    landed = _landed(landing, load, money) if len(rows) >= FEW_ROWS else {}
    known = {*landed, *(code for code in lost if code and ISO.fullmatch(code))}
    if len(known) < 2:
        return whole
    found = [
        judge(_parts(load, *_of_currency(rows, landed, code)), allowed)
        for code in sorted(known)
        # One or two rows are a bad row's cost in any currency.
        if lost[code] >= FEW_ROWS
    ]
    by_rows = judge(_parts(load, [dict(row) | {"amount": None} for row in rows], {}), allowed)
    shares = [one.money_share for one in found if one.money_share is not None]
    return replace(
        by_rows,
        outcome=worst(one.outcome for one in (by_rows, *found)),
        money_share=max(shares, default=None),
        since=min((one.since for one in (by_rows, *found) if one.since), default=None),
        unused_money=whole.unused_money if len(lost) == 1 else None,
    )


def _landed(landing: Landing, load: Load, money: str | None) -> Mapping[str, Money]:
    """What landed of each currency, by day; nothing where the stream has no such columns."""
    if not money or not load.files or not {CURRENCY, money} <= set(load.columns):
        return {}
    with scratch() as con:
        landing.attach_to(con)
        found = con.execute(
            f'select {CURRENCY}, _day, sum("{money}")::decimal(38, 6) from read_parquet($files)'
            f' where {CURRENCY} is not null and "{money}" is not null group by all',
            {"files": [landing.url(file.name) for file in load.files]},
        ).fetchall()
    landed: dict[str, dict[date | None, Decimal | None]] = {}
    for code, day, amount in found:
        landed.setdefault(code, {})[day] = amount
    return landed


def _of_currency(rows: Rows, landed: Mapping[str, Money], code: str) -> tuple[Rows, Money]:
    """The rows of a currency, and all of its money by day: what landed and they."""
    of_code = [row for row in rows if row.get(CURRENCY) == code]
    money: dict[date | None, Decimal | None] = {**landed.get(code, {})}
    for row in of_code:
        money[row["day"]] = total((money.get(row["day"]), row["amount"]))
    return of_code, money


def _parts(load: Load, rows: Rows, money: Money) -> list[Part]:
    """The load's days with what is not used of each; `money` is all there is of a day."""
    unused: dict[date | None, list[Decimal | None]] = {}
    for row in rows:
        unused.setdefault(row["day"], []).append(row["amount"])
    return [
        Part(
            day=day.day,
            # Rows that could not be dated may be of any day.
            rows=day.offered if day.day else sum(one.offered for one in load.days),
            unused=len(unused.get(day.day, ())),
            money=money.get(day.day) if day.day else total(money.values()),
            unused_money=total(unused.get(day.day, ())),
        )
        for day in load.days
    ]
