"""Rows that were landed and that the build could not use, such as an amount without an exchange
rate: line by line, beside those that intake sets aside. As the published mart has them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import duckdb

from trueup.company.workspace import Workspace

LEFT_OUT = """
select source, stream, account_id, position_or_record, reason, kind, day, amount_local,
    currency_code, is_lost, row_count
from health.fct_set_aside
where set_by = 'build' and (source = $source or $source is null)
order by source, stream, account_id, day, position_or_record, reason
"""


def lines(work: Workspace, source: str | None = None) -> Iterator[str]:
    """One for each such row; nothing where no mart is published."""
    if not work.state.mart.exists():
        return
    try:
        with duckdb.connect(str(work.state.mart), read_only=True) as con:
            rows = con.execute(LEFT_OUT, {"source": source}).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):  # a mart of before it said so
        return
    for name, stream, account, record, reason, kind, day, amount, currency, is_lost, count in rows:
        of = f"{name}.{stream}" + (f" {account}" if account else "")
        about = [kind, str(day) if day else "", _money(amount, currency)]
        fate = "" if is_lost else "without a loss" if count else "the row itself is used"
        said = ", ".join(part for part in (*about, fate) if part)
        yield f"[left out by the build] {of}: {record}: {reason} ({said})"


def _money(amount: Decimal | None, currency: str | None) -> str:
    return "" if amount is None else f"{amount.normalize():f} {currency or ''}".rstrip()
