"""The sections of figures: each a chart, what it says in a sentence, and its figures as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trueup.reports.page import charts, tables
from trueup.reports.page.figures import Gap, Gaps, OverTime, Span, Totals
from trueup.reports.page.formats import (
    UNKNOWN,
    amount,
    count,
    day,
    plain,
    ratio,
    share,
    text,
    words,
)
from trueup.reports.page.mart_file import Head
from trueup.reports.page.rows_of_spend import Spending, Spent
from trueup.reports.page.tables import Cell, Column, Html, joined, meter, tag

#: Conversions below which a ROAS says little: a third more or less is chance.
FEW_CONVERSIONS = 30
#: Campaigns that are drawn; the table has more.
MOST_DRAWN = 12


def money(found: OverTime | None, totals: Totals | None, head: Head) -> str:
    return tables.section(
        "money", "What came in, and what each platform claims", _money(found, totals, head)
    )


def _money(found: OverTime | None, totals: Totals | None, head: Head) -> Iterator[str]:
    if totals:
        yield _tiles(totals, head)
    if found is None:
        yield tables.note("The mart has no ledger yet.")
        return
    if not found.starts:
        yield tables.note(f"No whole {found.step} is in the mart yet.")
        return
    drawn = found.claims[: charts.MOST_LINES]
    yield tables.note(
        f"{head.currency} by {found.step}, whole {found.step}s only. Each platform counts the same"
        " sales by its own rules, so their claims overlap and are never added up."
    )
    yield tables.legend(
        [("came in", "real", "line strong")]
        + [(plain(one.name, 30), f"line{place + 1}", f"line dash{place + 1}")
           for place, one in enumerate(drawn)]
    )  # fmt: skip
    if len(found.claims) > len(drawn):
        more = len(found.claims) - len(drawn)
        yield tables.note(f"{more} platforms with smaller claims are in the table alone.")
    described = (
        f"Lines from {day(found.starts[0])} to {day(found.last)}: what came in, and the claims of "
        + (", ".join(plain(one.name) for one in drawn) or "no platform")
    )
    yield _figure(charts.both("over-time", "What came in against what is claimed", described,
                              charts.over_time(found)))  # fmt: skip
    columns = [Column(found.step.capitalize(), is_figure=False), Column("Came in")]
    columns += [Column(f"{plain(one.name, 30)} claims") for one in found.claims]
    rows: list[list[Cell]] = [
        [day(start), amount(found.came_in.values[place]),
         *(amount(one.values[place]) for one in found.claims)]
        for place, start in reversed(list(enumerate(found.starts)))
    ]  # fmt: skip
    caption = f"What came in and what is claimed, by {found.step}, newest first"
    yield tables.details("The figures", tables.table(caption, columns, rows))


def _tiles(totals: Totals, head: Head) -> str:
    tiles = [
        ("came in", totals.came_in),
        ("of it taken back", totals.taken_back),
        ("spent on ads and agencies", totals.spend),
    ]
    shown = "".join(
        f"<div><dt>{name}</dt><dd>{amount(value)} <small>{text(head.currency)}</small></dd></div>"
        for name, value in tiles
    )
    said = f"The last four settled weeks, {_days(totals.span)}"
    return f'<p class="note">{said}</p><dl class="tiles">{shown}</dl>'


def gaps(found: Gaps | None, has_table: bool, head: Head) -> str:
    return tables.section("gap", "Why each platform's number is not ours", _gaps(found, has_table,
                                                                                 head))  # fmt: skip


def _gaps(found: Gaps | None, has_table: bool, head: Head) -> Iterator[str]:
    if not has_table:
        yield tables.note("The mart has no table of the gap (marts.fct_reconciliation_daily) yet.")
        return
    if not found or not found.platforms:
        yield tables.note("No four settled weeks with claims are in the mart yet.")
        return
    yield tables.note(
        f"{_days(found.span)}, {head.currency}, settled days whose claims are known: from what is"
        " reconciled, cause by cause, to what the platform claims."
    )
    yield tables.legend(
        [("reconciled", "real", "bar"), ("raises the claim", "over", "bar"),
         ("lowers it", "under", "bar"), ("unexplained", "rest", "bar"),
         ("claimed", "claim", "bar")]
    )  # fmt: skip
    for number, gap in enumerate(found.platforms[: charts.MOST_LINES]):
        name = plain(gap.platform, 40)
        described = (
            f"From {amount(gap.reconciled)} reconciled to {amount(gap.claimed)} claimed"
            f" {head.currency}; the steps are in the table below."
        )
        yield f"<h3>{text(name)}</h3>"
        yield _figure(charts.both(f"gap{number}", f"The gap of {name}", described,
                                  charts.waterfall(gap)))  # fmt: skip
    yield tables.details("The figures", _gap_table(found.platforms, head))


def _gap_table(platforms: Sequence[Gap], head: Head) -> str:
    columns = [Column("Cause", is_figure=False)]
    columns += [Column(plain(gap.platform, 30)) for gap in platforms]
    rows: list[list[Cell]] = [["reconciled", *(amount(gap.reconciled) for gap in platforms)]]
    for place, (name, _) in enumerate(platforms[0].causes):
        rows.append([words(name), *(amount(gap.causes[place][1]) for gap in platforms)])
    rows.append(["claimed", *(amount(gap.claimed) for gap in platforms)])
    return tables.table(f"The gap of each platform, {head.currency}", columns, rows)


def campaigns(found: Spending | None, head: Head) -> str:
    return tables.section("campaigns", "Campaigns", _campaigns(found, head))


def _campaigns(found: Spending | None, head: Head) -> Iterator[str]:
    if found is None:
        yield tables.note("The mart has no campaigns yet.")
        return
    if not found.rows:
        yield tables.note(f"No campaign has a row from {_days(found.span)}.")
        return
    yield tables.note(
        f"{_days(found.span)}, the largest spend first. ROAS is money per spend: as the platform"
        " claims it, and as the ledger has it (last non-direct touch). The axis goes by factors."
    )
    named = found.rows[:-1] if found.rest_count else found.rows
    drawn = [one for one in named if one.claimed_roas is not None or one.reconciled_roas]
    if drawn := [one for one in drawn if one.spend][:MOST_DRAWN]:
        yield tables.legend(
            [("reconciled ROAS", "real", "dot"), ("claimed ROAS", "claim", "diamond"),
             ("spend came back once (1)", "muted", "line dash3")]
        )  # fmt: skip
        described = f"Claimed and reconciled ROAS of {len(drawn)} campaigns, as in the table below."
        yield _figure(charts.both("roas", "Claimed and reconciled ROAS", described,
                                  charts.roas(drawn)))  # fmt: skip
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
        inside = [tables.note(f"No channel has a row from {_days(found.span)}.")]
    else:
        columns = [Column("Channel", is_figure=False), *_spent_columns(head, with_clicks=False)]
        rows = [[plain(words(one.name)), *_spent_cells(one, with_clicks=False)]
                for one in found.rows]  # fmt: skip
        inside = [
            tables.note(
                f"{_days(found.span)}. A channel that several platforms claim in has no claim:"
                " theirs overlap. Reconciled revenue adds up to the ledger."
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
        Column("Claimed ROAS"), Column("Reconciled ROAS"),
        Column("Claim ratio", title="claimed by reconciled conversions"),
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
        ratio(one.claimed_roas), few or ratio(one.reconciled_roas), ratio(one.claim_ratio),
        _settled(one), health,
    ]  # fmt: skip


def _settled(one: Spent) -> Cell:
    if one.settled_share is None:
        return UNKNOWN
    after = f"<small>after {one.settles_after} d</small>" if one.settles_after else ""
    return joined(meter(float(one.settled_share), share(one.settled_share)), Html(after))


def _named(one: Spent) -> Cell:
    under = Html(f"<small>{text(one.group, 40)}</small>") if one.group else Html("")
    return joined(Html(f"<span>{text(one.name)}</span>"), under)


def _figure(code: str) -> str:
    return f"<figure>{code}</figure>"


def _days(span: Span) -> str:
    return f"{day(span.first)} to {day(span.last)}"
