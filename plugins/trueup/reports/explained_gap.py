"""The gap of one campaign's day: from what is reconciled to what is claimed, cause by cause, and
what the platform claims beside that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from trueup.reports.explained_campaign import OF_CAMPAIGN, Campaign, shown

GOALS = f"""
select * from marts.fct_reconciliation_daily
where {OF_CAMPAIGN} and report_date = $day order by goal
"""
#: The causes in the order they are decided in, as a person says them.
CAUSES = {
    "refunds": "given back since",
    "cancellations": "cancelled, lost or still open; the platform keeps them",
    "other_channels": "a later visit of another channel is credited",
    "other_platforms": "a later visit of another platform is credited; very likely claimed twice",
    "zone": "another day in the account's time zone",
    "date_basis": "the platform dates them by the click",
    "currency": "another exchange rate",
    "window": "the click is older than the platform's window",
    "view_through": "seen, not clicked",
    "overlapping": "another action counts the same goal",
    "modelled": "modelled, by the platform's own word",
    "duplicate_firing": "the tag fired twice",
    "not_yet_settled": "claims that are still to come",
    "other_campaigns": "credited to another campaign of the account, or goal of the action",
    "unseen": "nobody but the platform saw the way; so many are likely",
    "unreported": "touched by the platform, but not claimed",
    "no_conversion": "no order of ours has that number",
    "unexplained": "unexplained",
    "valuation": "claimed at another value than our records have",
}
IS_CLAIMING = """
select count(*) > 0 from marts.fct_platform_claims where platform = $platform and is_headline
"""
#: Of each action the definition with the most claims speaks for the others, which count many of
#: the same. Views that the headline counts too are a cause of the gap.
BESIDE = f"""
with claims as (
    select *, coalesce(action_name, action_id) as action,
        goal is not null and is_headline as is_used
    from marts.fct_platform_claims
    where {OF_CAMPAIGN} and claim_date = $day
),
used as (
    select * from claims where is_used
),
others as (
    select action, goal, date_basis, attribution_model, click_window_days, view_window_days,
        is_view_through, is_modelled, sum(claimed_conversions) as claimed,
        sum(claimed_amount) as amount
    from claims
    where not is_used and not (
        is_view_through is true
        and (action_key, date_basis, view_window_days) in (
            select (action_key, date_basis, view_window_days) from used))
    group by all having sum(claimed_conversions) != 0
)
select *, count(*) over (partition by action, goal) - 1 as more_definitions,
    coalesce((select sum(claimed_conversions) from used
        where others.goal is null or used.goal = others.goal), 0) as used
from others
qualify row_number() over (partition by action, goal
    order by claimed desc, date_basis, click_window_days, view_window_days, is_view_through) = 1
order by goal is null, claimed desc, action
"""
#: More actions than these are counted, not shown.
SHOWN_ACTIONS = 8


def waterfall(rows: list[dict[str, Any]]) -> Iterator[str]:
    """A section for each goal."""
    for row in rows:
        yield ""
        unsettled = row["claimed_conversions"] is not None and not row["is_settled"]
        settled = " (not settled: claims still move)" if unsettled else ""
        yield f"From ours to theirs, {shown(row['goal'])}{settled}"
        yield _step(row, "reconciled", "we reconcile")
        if row["claimed_conversions"] is None:
            yield "  what the platform claims on this day is not known"
            continue
        for cause, words in CAUSES.items():
            if row.get(f"{cause}_conversions") or row.get(f"{cause}_amount"):
                yield _step(row, cause, words)
        yield _step(row, "claimed", "the platform claims")


def goals(con: duckdb.DuckDBPyConnection, campaign: Campaign, day: date) -> list[dict[str, Any]]:
    """The day's rows of fct_reconciliation_daily, one for each goal."""
    return _rows(con, GOALS, campaign.bound | {"day": day})


def without_a_gap(
    con: duckdb.DuckDBPyConnection, campaign: Campaign, claimed: Any, came_in: bool
) -> str:
    """Why there is nothing to walk."""
    (found,) = con.execute(IS_CLAIMING, {"platform": campaign.platform}).fetchall()
    if not found[0]:
        return f"No claims of {shown(campaign.platform)} are used: there is no gap to walk."
    if claimed is None:
        return "What the platform claims on this day is not known."
    if came_in:
        return "Nothing is claimed by the headline; what came in is of goals it does not claim."
    return "Nothing is claimed by the headline and nothing is reconciled on this day."


def beside(con: duckdb.DuckDBPyConnection, campaign: Campaign, day: date) -> Iterator[str]:
    """What the platform claims by another definition than the headline, or of no goal."""
    rows = _rows(con, BESIDE, campaign.bound | {"day": day})
    if not rows:
        return
    yield ""
    yield "Claimed beside the headline, and never added: definitions count many of the same"
    for row in rows[:SHOWN_ACTIONS]:
        goal = "of no goal" if row["goal"] is None else f"of {shown(row['goal'])}"
        others = f"; {row['more_definitions']} more of it" if row["more_definitions"] else ""
        yield (
            f"{_numbers(row['claimed'], row['amount'])}  {shown(row['action'])}, {goal}"
            f" ({_definition(row)}), beside {row['used']:,.2f} of the headline"
            f": {row['claimed'] / (row['claimed'] + row['used']):.0%}{others}"
        )
    if len(rows) > SHOWN_ACTIONS:
        yield f"  and {len(rows) - SHOWN_ACTIONS} more actions, in marts.fct_platform_claims"


def _definition(row: dict[str, Any]) -> str:
    parts = [row["date_basis"], row["attribution_model"]]
    for kind in ("click", "view"):
        if row[f"{kind}_window_days"] is not None:
            parts.append(f"{row[f'{kind}_window_days']}-day {kind}s")
    if row["is_view_through"]:
        parts.append("views alone")
    if row["is_modelled"]:
        parts.append("modelled")
    return ", ".join(shown(str(part)) for part in parts if part) or "no definition given"


def _rows(con: duckdb.DuckDBPyConnection, sql: str, bound: dict[str, Any]) -> list[dict[str, Any]]:
    answer = con.execute(sql, bound)
    columns = [column[0] for column in answer.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]


def _step(row: dict[str, Any], cause: str, words: str) -> str:
    number = row.get(f"{cause}_conversions") or Decimal(0)
    return f"{_numbers(number, row.get(f'{cause}_amount'))}  {words}"


def _numbers(number: Decimal, amount: Decimal | None) -> str:
    money = "" if amount is None else f"{amount:>14,.2f}"
    return f"  {number:>+9.2f} {money:>14}"
