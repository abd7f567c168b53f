"""The published mart in one table: what each channel cost, claimed and brought in."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import duckdb
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

WIDTH = 110
#: What the ledger calls money whose record is not known, or not mapped.
NO_GOAL = "(unmapped)"
#: The first day of what is compared.
SINCE = "(select history_start_date from health.fct_build)"

CHANNELS = f"""
select
    channel,
    sum(spend_amount) as spend,
    sum(claimed_amount) as claimed,
    sum(ga4_amount) as ga4,
    sum(reconciled_revenue_amount) as reconciled,
    sum(claimed_amount) / nullif(sum(spend_amount) filter (claimed_amount is not null), 0)
        as claimed_roas,
    sum(reconciled_revenue_amount) / nullif(sum(spend_amount), 0) as reconciled_roas
from marts.fct_channel_daily
where report_date >= {SINCE}
group by channel
order by spend desc nulls last, reconciled desc nulls last
"""
#: Records that were landed may be of earlier days than the history, whose spend was not.
EARLIER = f"""
select sum(amount), count(*), min(entry_date)
from marts.fct_ledger_entries where entry_date < {SINCE}
"""


def table(con: duckdb.DuckDBPyConnection) -> str:
    """Spend, claims, what GA4 saw and what came in, by channel, at most WIDTH columns wide: of the
    company's history, as on the page, for of earlier days there is no spend to compare with."""
    ((since, until, currency),) = con.execute(
        "select history_start_date, through_date, reporting_currency from health.fct_build"
    ).fetchall()
    shown = Table(
        title=f"{since} to {until}, {currency}",
        title_justify="left",
        box=SIMPLE_HEAD,
        padding=(0, 1),
    )
    shown.add_column("channel", no_wrap=True)
    for name in ("spend", "claimed", "GA4", "reconciled", "claimed ROAS", "reconciled ROAS"):
        shown.add_column(name, justify="right")
    rows = con.execute(CHANNELS).fetchall()
    for channel, *numbers in rows:
        shown.add_row(channel, *map(_money, numbers[:4]), *map(_ratio, numbers[4:]))
    totals = [sum((Decimal(row[i] or 0) for row in rows), Decimal(0)) for i in (1, 4)]
    shown.add_section()
    # Claims of different platforms are not one sum; the line below says what they add up to.
    shown.add_row("all", _money(totals[0]), "", "", _money(totals[1]), "", "")
    return "\n".join([_text(shown), *_earlier(con, currency)])


def _earlier(con: duckdb.DuckDBPyConnection, currency: str) -> list[str]:
    """What came in before the history begins, where anything did."""
    ((amount, entries, first),) = con.execute(EARLIER).fetchall()
    if not entries:
        return []
    counted = "1 entry" if entries == 1 else f"{entries} entries"
    return [
        f"    not in it: {_money(amount)} {currency} of {counted} of the ledger from {first} on,"
        " before the history begins"
    ]


def claims(con: duckdb.DuckDBPyConnection) -> str:
    """What platforms claim beside what came in: for goals several of them claim, and in all.

    Only here, and only in words, are claims of different platforms put together: what they
    share is counted by each, which is the point.
    """
    claimed = con.execute(
        "select goal, platform, sum(claimed_amount) from marts.fct_platform_claims"
        f" where is_headline and claim_date >= {SINCE}"
        " group by 1, 2 having sum(claimed_amount) > 0 order by 1, 2"
    ).fetchall()
    came_in = dict(
        con.execute(
            f"select coalesce(goal, '{NO_GOAL}'), sum(amount) from marts.fct_ledger_entries"
            f" where entry_date >= {SINCE} group by 1"
        ).fetchall()
    )
    sentences = []
    for goal in sorted({goal for goal, _, _ in claimed} & came_in.keys()):
        shares = {platform: amount for g, platform, amount in claimed if g == goal}
        if len(shares) > 1 and came_in[goal] > 0:
            sentences.append(_comparison(goal, shares, came_in[goal]))
    everything: dict[str, Decimal] = {}
    for _, platform, amount in claimed:
        everything[platform] = everything.get(platform, Decimal(0)) + amount
    total = sum(came_in.values(), Decimal(0))
    if len(everything) > 1 and total > 0:
        label = "all values claimed (enquiries at the value platforms were given)"
        sentences.append(_comparison(label, everything, total))
    if sentences and (rest := came_in.get(NO_GOAL)):
        sentences.append(
            f"    {_money(rest)} of all that came in is of no goal: its record is not known, or no"
            " goal of the company file maps it"
        )
    return "\n".join(sentences)


def _comparison(label: str, shares: dict[str, Decimal], came_in: Decimal) -> str:
    total = sum(shares.values(), Decimal(0))
    parts = " + ".join(f"{platform} {_money(amount)}" for platform, amount in shares.items())
    verb = "exceed" if total > came_in else "stay below"
    return (
        f"{label}: {parts} = {_money(total)}\n"
        f"    the claims together {verb} the {_money(came_in)} that came in: {total / came_in:.0%}"
    )


def _money(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,.2f}"


def _ratio(value: Any) -> str:
    return "" if value is None else f"{value:.2f}"


def _text(table: Table) -> str:
    console = Console(file=io.StringIO(), width=WIDTH, record=True, color_system=None)
    console.print(table)
    return "\n".join(line.rstrip() for line in console.export_text().splitlines())
