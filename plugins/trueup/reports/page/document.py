"""The whole page: head, sections in their order, foot. It runs nothing and asks nobody."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from trueup.reports.page import (
    attention,
    cohort_section,
    cohorts,
    figures,
    lead_section,
    leads,
    mart_file,
    needs_a_person,
    rows_of_spend,
    sections,
    spend_section,
    weak_goals,
    worth_to_come,
)
from trueup.reports.page.formats import day, moment, text
from trueup.reports.page.mart_file import Head, MartFile

#: Nothing but the page's own style is let in, whatever a name in it says.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
CONTENTS = (
    ("attention", "What needs a person"), ("money", "Money and claims"), ("gap", "The gap"),
    ("campaigns", "Campaigns"), ("channels", "Channels"), ("cohorts", "Customers by cohort"),
    ("leads", "Leads"), ("goals", "Weak goals"),
)  # fmt: skip


def render(mart: Path, build_id: str = "") -> str:
    """The page of a published mart as HTML."""
    with mart_file.opened(mart) as opened:
        head = mart_file.head(opened)
        body = "".join(_sections(opened, head))
    style = (Path(__file__).parent / "style.css").read_text("utf-8")
    name = text(head.title or head.company or "trueup")
    links = "".join(f'<li><a href="#{place}">{title}</a></li>' for place, title in CONTENTS)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{name}: what came in and what is claimed</title><style>{style}</style></head>"
        f'<body><header><p class="kicker">trueup</p><h1>{name}</h1>'
        f'<p class="note">{_covers(head)}</p><nav aria-label="Sections"><ul>{links}</ul></nav>'
        f"</header><main>{body}</main><footer>{_foot(head, build_id)}</footer></body></html>\n"
    )


def _sections(mart: MartFile, head: Head) -> list[str]:
    settled, gap_settled = figures.settled_through(mart, head), figures.gap_settled_through(mart)
    quarter = rows_of_spend.quarter(head)
    return [
        needs_a_person.section(attention.read(mart, head)),
        sections.money(
            figures.over_time(mart, head),
            figures.totals(mart, figures.settled_weeks(settled, head)),
            head,
            settled=_days(mart, head, settled, "marts.fct_channel_daily"),
        ),
        sections.gaps(
            figures.gaps(mart, head),
            _days(mart, head, gap_settled, "marts.fct_reconciliation_daily"),
            head,
            mart.comments("marts.fct_reconciliation_daily"),
        ),
        spend_section.campaigns(rows_of_spend.campaigns(mart, quarter), head),
        spend_section.channels(rows_of_spend.channels(mart, quarter), head),
        cohort_section.section(cohorts.read(mart), worth_to_come.read(mart), head),
        lead_section.section(leads.read(mart, head), head),
        weak_goals.section(rows_of_spend.weak_goals(mart)),
    ]


def _days(mart: MartFile, head: Head, settled: date | None, table: str) -> int | None:
    """How many days are settled; None where the mart has no such table."""
    return figures.settled_days(settled, head) if mart.has(table) else None


def _covers(head: Head) -> str:
    if not head.through:
        return "The mart says nothing of what it covers yet."
    return (
        f"{day(head.first)} to {day(head.through)}, days of {text(head.zone)}, money in"
        f" {text(head.currency)}"
    )


def _foot(head: Head, build_id: str) -> str:
    built = f" Build {text(build_id)}." if build_id else ""
    return (
        f"<p>Through {day(head.through)}; judged {moment(head.judged_at)}.{built} Every figure is"
        " the mart's: <code>trueup query</code> shows the rows behind it. – is not known.</p>"
    )
