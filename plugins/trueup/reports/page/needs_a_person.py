"""The first section: what needs a person, worst first; one calm line where nothing does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.reports.page import tables
from trueup.reports.page.attention import (
    MOST_LINES,
    Attention,
    Finding,
    Incident,
    Lack,
    Over,
    SetAside,
    place,
)
from trueup.reports.page.formats import UNKNOWN, amount, count, day, plain, text, words
from trueup.reports.page.tables import Cell, Column, Html, joined, tag

#: Sentences are cut later than names.
LONGEST_SENTENCE = 260
#: What stands before the next step of an error.
NEXT_STEP = "; next step: "
#: What an error says of its place and the line's first cell says already.
NAMED = re.compile(r"\b(?:source|account): [^;]*; ")
VERDICTS = {
    "pass": ("good", "Every check of the mart passes."),
    "warn": ("warn", "The mart is fit to use; some checks warn."),
    "hold": ("bad", "The gate held this mart."),
    "gate-error": ("bad", "The gate itself could not run: nobody knows whether the data is fit."),
    "": ("warn", "No gate has judged this mart."),
}


def section(found: Attention) -> str:
    inside = [_verdict(found), *_incidents(found.incidents), *_over(found.over)]
    inside += _findings(found.findings)
    inside += [*_lacks(found.lacks), *_set_aside(found.set_aside)]
    return tables.section("attention", "What needs a person", inside)


def _verdict(found: Attention) -> str:
    tone, said = VERDICTS[found.verdict]
    pill = tag(found.verdict or "not judged", tone).code
    if found.verdict == "pass" and found.findings:  # of what landed, which the mart's gate is not
        tone, said = "warn", "Every check of the mart passes; some of what landed do not."
    checks = sum(found.verdicts.values())
    released = f" Released by {plain(found.released_by)}." if found.released_by else ""
    calm = ""
    if found.incidents == [] and not found.lacks:
        over = " now; some that are over mark days below" if found.over else ""
        calm = f" No incident is open{over}, and every stream has landed its newest day."
    counted = f" {count(checks)} check{'s' * (checks != 1)} of the mart." if checks else ""
    return f'<p class="verdict {tone}">{pill} {text(said + counted + released + calm, 500)}</p>'


def _incidents(incidents: list[Incident] | None) -> Iterator[str]:
    if incidents is None:
        yield tables.note("The mart has no table of incidents yet.")
    if not incidents:
        return
    items = "".join(_incident(one) for one in incidents[:MOST_LINES])
    yield f'<h3>Open incidents</h3><ol class="incidents">{items}</ol>'
    yield from _more(len(incidents), "health.fct_incidents")


def _incident(one: Incident) -> str:
    facts = [
        ("since", day(one.onset)),
        ("system", plain(one.system)),
        ("at risk", f"{amount(one.at_risk)} {plain(one.currency)}" if one.at_risk else UNKNOWN),
        ("owner", plain(one.owner)),
        ("suspected change", plain(one.suspected, LONGEST_SENTENCE)),
        ("what to do", plain(one.runbook)),
    ]
    said = "".join(
        f"<div><dt>{name}</dt><dd>{text(value, LONGEST_SENTENCE)}</dd></div>"
        for name, value in facts
        if value != UNKNOWN or name == "at risk"
    )
    tone = "bad" if one.severity == "page" else "warn"
    return (
        f"<li>{tag(plain(one.severity), tone).code}"
        f" <strong>{text(one.what, LONGEST_SENTENCE)}</strong>"
        f"<p>{text(one.observed, LONGEST_SENTENCE)}</p><dl>{said}</dl></li>"
    )


def _over(over: list[Over]) -> Iterator[str]:
    if not over:
        return
    columns = [Column("What it was", is_figure=False), Column("System", is_figure=False),
               Column("Days it marks", is_figure=False)]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            f"{plain(one.what, LONGEST_SENTENCE)} ({plain(words(one.family))})",
            plain(one.system),
            f"{day(one.onset)} to {day(one.until)}",
        ]
        for one in over[:MOST_LINES]
    ]
    number = f"{len(over)} incidents that are over" if len(over) > 1 else "1 incident that is over"
    inside = tables.table("Their days stay marked under Tracking", columns, rows, stacks=True)
    yield tables.details(number, inside + "".join(_more(len(over), "health.fct_incidents")))


def _findings(findings: list[Finding]) -> Iterator[str]:
    if not findings:
        return
    columns = [
        Column("Where", is_figure=False), Column("Verdict", is_figure=False),
        Column("What was found", is_figure=False), Column("Since", is_figure=False),
        Column("Money touched"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            plain(place(one.table, one.segment)),
            tag(plain(one.verdict), "warn" if one.verdict == "warn" else "bad"),
            _found_and_next_step(one),
            day(one.since),
            amount(one.money) + (f" {plain(one.currency)}" if one.money is not None else ""),
        ]
        for one in findings[:MOST_LINES]
    ]
    yield "<h3>Checks that did not pass</h3>"
    yield tables.table("Worst first", columns, rows, stacks=True)
    yield from _more(len(findings), "health.fct_gate_results")


def _found_and_next_step(one: Finding) -> Cell:
    """An error ends in its next step: however long the rest is, that is not what is cut."""
    observed, _, step = NAMED.sub("", one.observed).partition(NEXT_STEP)
    said = f"{plain(one.why, LONGEST_SENTENCE)}: {plain(observed, LONGEST_SENTENCE)}"
    steps = [plain(words, LONGEST_SENTENCE) for words in (step, one.runbook) if words]
    return joined(
        said, Html(f'<span class="step">{text("; ".join(steps), 2 * LONGEST_SENTENCE)}</span>')
    )


def _lacks(lacks: list[Lack]) -> Iterator[str]:
    if not lacks:
        return
    columns = [Column("Where", is_figure=False), Column("What", is_figure=False),
               Column("Days", is_figure=False)]  # fmt: skip
    rows: list[list[Cell]] = [
        [plain(one.where), tag(one.what, "warn"), plain(one.since, LONGEST_SENTENCE)]
        for one in lacks[:MOST_LINES]
    ]
    yield "<h3>Stale or missing</h3>"
    yield tables.table("When the mart was built", columns, rows, stacks=True)
    yield from _more(len(lacks), "health.fct_freshness and health.fct_missing_days")


def _set_aside(found: list[SetAside] | None) -> Iterator[str]:
    if found is None:
        yield tables.note("The mart has no table of what is set aside yet.")
    if not found:
        return
    lost = [one for one in found if one.is_lost]
    others = [one for one in found if not one.is_lost]
    yield "<h3>Set aside</h3>"
    if lost:
        yield tables.table("Rows that nothing stands in for", *_aside(lost), stacks=True)
        yield from _more(len(lost), "health.fct_set_aside")
    if others:
        rows = sum(one.rows for one in others)
        # Paper shows no fold, and a heading with nothing below it would say that nothing is.
        yield tables.note(
            f"{count(rows)} rows that a rule leaves out or another row stands in for: no loss."
        )
        inside = tables.table("Rows set aside without a loss", *_aside(others), stacks=True)
        inside += "".join(_more(len(others), "health.fct_set_aside"))
        yield tables.details("The rows without a loss", inside)


def _aside(found: list[SetAside]) -> tuple[list[Column], list[list[Cell]]]:
    columns = [
        Column("Stream", is_figure=False), Column("Reason", is_figure=False), Column("Rows"),
        Column("Money"), Column("Newest", is_figure=False),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            plain(f"{one.source}.{one.stream}"),
            plain(one.reason, LONGEST_SENTENCE),
            count(one.rows),
            joined(amount(one.money, 2), f" {plain(one.currency)}" if one.currency and one.money
                   is not None else ""),
            day(one.newest),
        ]
        for one in found[:MOST_LINES]
    ]  # fmt: skip
    return columns, rows


def _more(length: int, where: str) -> Iterator[str]:
    if length > MOST_LINES:
        yield tables.note(f"And {count(length - MOST_LINES)} more, in {where}.")
