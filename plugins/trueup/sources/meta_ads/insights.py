"""One report of Meta's, whole: its rows, Meta's own sums over them, and what does not fit."""

from __future__ import annotations

from typing import Any

from trueup.sources.contract import Absent, Page
from trueup.sources.meta_ads import rows as made
from trueup.sources.meta_ads.client import Answer, Graph
from trueup.sources.meta_ads.rows import Rows
from trueup.sources.meta_ads.streams import AD_STATUSES, STATED, WINDOWS
from trueup.window import Window

#: Meta's own sums over the rows of a question, of what it states.
Totals = dict[str, int]


def by_day(graph: Graph, level: str, fields: list[str], part: Window) -> tuple[Rows, Totals]:
    """Rows of the days of `part`, with Meta's sums over them."""
    days = (part.until - part.since).days
    asked: Answer = {
        "level": level,
        "fields": ",".join(fields),
        "time_increment": 1,
        "time_range": range_of(part),
        "action_attribution_windows": WINDOWS,
        "use_unified_attribution_setting": "true",
    }
    if level == "ad":
        asked["filtering"] = [of_status(*AD_STATUSES)]
    # An account has one row a day, never worth a job; a month of ads is.
    as_job = level == "ad" and days > graph.options.get("sync_days", 7)
    found = read(graph, asked, as_job=as_job, may_shrink=days == 1)
    if level == "ad" and not found[0]:
        _check_nothing(graph, part)
    return found


def _check_nothing(graph: Graph, part: Window) -> None:
    """Raise where no ad has a row, though the account delivered: jobs end so now and then."""
    rows, _ = by_day(graph, "account", ["account_id", *STATED], part)
    shown = sum(made.whole(row.get("impressions")) or 0 for row in rows)
    if shown:
        raise graph.lost_page(
            "Meta sent no row of any ad, of days on which the account delivered",
            expected=f"ads with {shown} impressions",
            got="no row",
        )


def read(
    graph: Graph, asked: Answer, *, as_job: bool, may_shrink: bool = False
) -> tuple[Rows, Totals]:
    """All rows of one report, with Meta's sums over them, which any of its pages may state."""
    path, summed = f"{graph.account.id}/insights", {"summary": STATED}
    asked = {**asked, **summed}
    if as_job:
        answers = graph.job_pages(path, asked, summed)
    else:
        answers = list(graph.pages(path, asked, may_shrink=may_shrink))
    rows = [row for answer in answers for row in answer["data"]]
    summary = next((a["summary"] for a in reversed(answers) if a.get("summary")), None)
    if summary is None and not rows:
        return rows, dict.fromkeys(STATED, 0)
    totals = {name: stated(summary, name) for name in STATED}
    return rows, {name: total for name, total in totals.items() if total is not None}


def range_of(part: Window) -> dict[str, str]:
    return {"since": str(part.since), "until": str(part.last_day)}


def of_status(*statuses: str) -> dict[str, Any]:
    return {"field": "ad.effective_status", "operator": "IN", "value": statuses}


def checked(graph: Graph, part: Window, rows: Rows, totals: Totals) -> list[Page]:
    """Raise where the rows do not add up to what Meta states. A row whose number cannot be read
    is intake's to judge: it leaves the other number to tell whether a page was lost. Where Meta
    states nothing, as it has done of filtered questions, the rows land and that is reported."""
    if not totals:
        why = f"Meta states no totals of {part}: whether all its rows are there is not known"
        return [Absent(part, why, "part")]
    for name, total in totals.items():
        numbers = [made.whole(row.get(name)) for row in rows]
        got = sum(number for number in numbers if number is not None)
        if None not in numbers and got != total:
            raise graph.lost_page(
                f"Meta's own total of {name} is not what was fetched (a lost page?)",
                expected=total,
                got=got,
            )
    return []


def stated(summary: Any, name: str) -> int | None:
    """A total of Meta's, which writes numbers as text too; None where it states none."""
    return made.whole(summary.get(name)) if isinstance(summary, dict) else None
