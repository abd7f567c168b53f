"""The sections of figures: each a chart, what it says in a sentence, and its figures as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from trueup.reports.page import charts, tables
from trueup.reports.page.figures import Gap, Gaps, OverTime, Span, Totals
from trueup.reports.page.formats import (
    amount,
    day,
    plain,
    text,
    words,
)
from trueup.reports.page.mart_file import Head
from trueup.reports.page.tables import Cell, Column

#: What the mart says of a column is a few sentences.
LONGEST_MEANING = 600


def money(
    found: OverTime | None, totals: Totals | None, head: Head, *, settled: int | None = None
) -> str:
    return tables.section(
        "money", "What came in, and what each platform claims", _money(found, totals, head, settled)
    )


def _money(
    found: OverTime | None, totals: Totals | None, head: Head, settled: int | None
) -> Iterator[str]:
    if totals:
        yield _tiles(totals, head)
    elif settled is not None:
        yield tables.note(f"What four settled weeks came to is not shown yet: {_so_far(settled)}.")
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
    yield figure(charts.both("over-time", "What came in against what is claimed", described,
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
        ("came in, net", totals.came_in),
        ("received", totals.earned),
        ("given back or corrected", totals.taken_back),
        ("spent on ads and agencies", totals.spend),
    ]
    shown = "".join(
        f"<div><dt>{name}</dt><dd>{amount(value)} <small>{text(head.currency)}</small></dd></div>"
        for name, value in tiles
    )
    said = f"The last four settled weeks, {days(totals.span)}"
    return f'<p class="note">{said}</p><dl class="tiles">{shown}</dl>'


def gaps(found: Gaps | None, settled: int | None, head: Head, meanings: Mapping[str, str]) -> str:
    """`settled` days are in the table of the gap; None where the mart has none. `meanings` is what
    the mart says of the table's columns."""
    return tables.section(
        "gap", "Why each platform's number is not ours", _gaps(found, settled, head, meanings)
    )


def _gaps(
    found: Gaps | None, settled: int | None, head: Head, meanings: Mapping[str, str]
) -> Iterator[str]:
    if settled is None:
        yield tables.note("The mart has no table of the gap (marts.fct_reconciliation_daily) yet.")
        return
    if not found or not found.platforms:
        why = "no claim of them is known" if found else _so_far(settled)
        yield tables.note(f"The gap is shown over four settled weeks: {why}.")
        return
    yield tables.note(
        f"{days(found.span)}, {head.currency}, settled days whose claims are known: from what is"
        " reconciled, cause by cause, to what the platform claims."
    )
    yield tables.legend(
        [("reconciled", "real", "bar"), ("raises the claim", "over", "bar"),
         ("lowers it", "under", "bar"), ("unexplained", "rest", "bar"),
         ("claimed", "claim", "bar")]
    )  # fmt: skip
    shown = found.platforms[: charts.MOST_LINES]
    scale = charts.scale_of(shown)
    for number, gap in enumerate(shown):
        name = plain(gap.platform, 40)
        described = (
            f"From {amount(gap.reconciled)} reconciled to {amount(gap.claimed)} claimed"
            f" {head.currency}; the steps are in the table below."
        )
        yield f"<h3>{text(name)}</h3>"
        yield figure(charts.both(f"gap{number}", f"The gap of {name}", described,
                                  charts.waterfall(gap, scale)))  # fmt: skip
    yield tables.details("The figures", _gap_table(found.platforms, head))
    if rows := _meanings(found.platforms, meanings):
        columns = [Column("Cause", is_figure=False), Column("What it is", is_figure=False)]
        inside = tables.table("Causes of the gap", columns, rows, stacks=True)
        yield tables.details("What the causes are", inside)


def _meanings(platforms: Sequence[Gap], meanings: Mapping[str, str]) -> list[list[Cell]]:
    """Of conversions, as the column of money refers to them; of what is money alone, its own."""
    said = (
        (name, meanings.get(f"{name}_conversions") or meanings.get(f"{name}_amount"))
        for name, _ in platforms[0].causes
    )
    return [[words(name), plain(meaning, LONGEST_MEANING)] for name, meaning in said if meaning]


def _gap_table(platforms: Sequence[Gap], head: Head) -> str:
    columns = [Column("Cause", is_figure=False)]
    columns += [Column(plain(gap.platform, 30)) for gap in platforms]
    rows: list[list[Cell]] = [["reconciled", *(amount(gap.reconciled) for gap in platforms)]]
    for place, (name, _) in enumerate(platforms[0].causes):
        rows.append([words(name), *(amount(gap.causes[place][1]) for gap in platforms)])
    rows.append(["claimed", *(amount(gap.claimed) for gap in platforms)])
    return tables.table(f"The gap of each platform, {head.currency}", columns, rows)


def _so_far(settled: int) -> str:
    return f"{settled} settled day{'s are' if settled != 1 else ' is'} in the mart so far"


def figure(code: str) -> str:
    return f"<figure>{code}</figure>"


def days(span: Span) -> str:
    return f"{day(span.first)} to {day(span.last)}"
