"""The sections of campaigns and channels: what each cost, claimed and brought."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.reports.page import charts, roas_chart, tables
from trueup.reports.page.formats import (
    UNKNOWN,
    amount,
    count,
    plain,
    ratio,
    share,
    text,
    words,
)
from trueup.reports.page.mart_file import Head
from trueup.reports.page.rows_of_spend import Spending, Spent
from trueup.reports.page.sections import days, figure
from trueup.reports.page.tables import Cell, Column, Html, joined, meter, tag

#: Conversions below which a ROAS says little: a third more or less is chance.
FEW_CONVERSIONS = 30
#: Campaigns that are drawn; the table has more.
MOST_DRAWN = 12


def campaigns(found: Spending | None, head: Head) -> str:
    return tables.section("campaigns", "Campaigns", _campaigns(found, head))


def _campaigns(found: Spending | None, head: Head) -> Iterator[str]:
    if found is None:
        yield tables.note("The mart has no campaigns yet.")
        return
    if not found.rows:
        yield tables.note(f"No campaign has a row from {days(found.span)}.")
        return
    yield tables.note(
        f"{days(found.span)}, the largest spend first. ROAS is revenue per spend. Claimed ROAS is"
        " the platform's, on days whose claims are known. Same goals is the ledger's (last"
        " non-direct touch), of the goals and days that are claimed: these two compare, and are"
        " drawn. Reconciled ROAS is of every goal and day. Claim ratio is how many conversions are"
        " claimed for each that came in of the same goals and days."
    )
    named = found.rows[:-1] if found.rest_count else found.rows
    drawn = [one for one in named if one.claimed_roas is not None or one.drawn_roas]
    if drawn := [one for one in drawn if one.spend][:MOST_DRAWN]:
        yield tables.legend(
            [("reconciled ROAS (of what is claimed, where that is known)", "real", "dot"),
             ("claimed ROAS", "claim", "diamond"),
             ("spend came back once (1)", "muted", "line dash3")]
             + ([("nothing came back", "real", "ring")] if roas_chart.has_nothing(drawn) else [])
        )  # fmt: skip
        described = f"Claimed and reconciled ROAS of {len(drawn)} campaigns, as in the table below."
        yield figure(charts.both("roas", "Claimed and reconciled ROAS", described,
                                  roas_chart.roas(drawn)))  # fmt: skip
    columns = [Column("Campaign", is_figure=False), *_spent_columns(head, with_clicks=True)]
    rows = [[_named(one), *_spent_cells(one, with_clicks=True)] for one in found.rows]
    yield tables.table("Campaigns by spend", columns, rows)
    yield tables.note(
        f"Few: fewer than {FEW_CONVERSIONS} reconciled conversions, which says little. Settled: the"
        " share of the spend on days that are settled, and after how many days a day is: claims and"
        " conversions then move by less than 2 %. Claims of several platforms are not added."
    )


def channels(found: Spending | None, head: Head) -> str:
    if found is None:
        inside = [tables.note("The mart has no channels yet.")]
    elif not found.rows:
        inside = [tables.note(f"No channel has a row from {days(found.span)}.")]
    else:
        columns = [Column("Channel", is_figure=False), *_spent_columns(head, with_clicks=False)]
        rows = [[plain(words(one.name)), *_spent_cells(one, with_clicks=False)]
                for one in found.rows]  # fmt: skip
        inside = [
            tables.note(
                f"{days(found.span)}. A channel that several platforms claim in has no claim:"
                " theirs overlap. Revenue and Reconciled ROAS are of every goal and add up to the"
                " ledger; a claim compares with Same goals."
            ),
            tables.table("Channels", columns, rows),
        ]
    return tables.section("channels", "Channels", inside)


def _spent_columns(head: Head, *, with_clicks: bool) -> list[Column]:
    return [
        Column(f"Spend {head.currency}"),
        *([Column("Clicks")] if with_clicks else []),
        Column("Claimed", title="conversions, by the headline definition"),
        Column("Reconciled", title="conversions that stand, last non-direct touch"),
        Column(f"Revenue {head.currency}", title="reconciled"),
        Column("Claimed ROAS", title="of the spend on days whose claims are known"),
        Column("Same goals", title="reconciled ROAS of the goals and days that are claimed"),
        Column("Reconciled ROAS", title="of every goal and day"),
        Column(
            "Claim ratio", title="claimed by reconciled conversions, of the goals that are claimed"
        ),
        Column("Settled"), Column("Tracking", is_figure=False),
    ]  # fmt: skip


def _spent_cells(one: Spent, *, with_clicks: bool) -> list[Cell]:
    health: Cell = "ok"
    if one.broken_days:
        days = "1 day" if one.broken_days == 1 else f"{one.broken_days} days"
        health = joined(tag(days, "warn"), f" {plain(words(one.broken or ''), 60)}")
    conversions = one.reconciled_conversions
    is_few = conversions is not None and 0 < conversions < FEW_CONVERSIONS
    few = joined(ratio(one.reconciled_roas), tag("few", "quiet")) if is_few and one.spend else None
    return [
        amount(one.spend),
        *([count(one.clicks)] if with_clicks else []),
        count(one.claimed_conversions), count(conversions), amount(one.revenue),
        _claimed_roas(one), ratio(one.compared_roas), few or ratio(one.reconciled_roas),
        ratio(one.claim_ratio),
        _settled(one), health,
    ]  # fmt: skip


def _claimed_roas(one: Spent) -> Cell:
    """With the spend it is of, where that is not all of it."""
    if one.claimed_roas is None or one.claimed_spend == one.spend:
        return ratio(one.claimed_roas)
    return joined(ratio(one.claimed_roas), Html(f"<small>of {amount(one.claimed_spend)}</small>"))


def _settled(one: Spent) -> Cell:
    if one.settled_share is None:
        return UNKNOWN
    after = f"<small>after {one.settles_after} d</small>" if one.settles_after else ""
    return joined(meter(float(one.settled_share), share(one.settled_share)), Html(after))


def _named(one: Spent) -> Cell:
    under = Html(f"<small>{text(one.group, 40)}</small>") if one.group else Html("")
    return joined(Html(f"<span>{text(one.name)}</span>"), under)
