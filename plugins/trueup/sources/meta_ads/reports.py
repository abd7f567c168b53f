"""What is asked of Meta for each stream, in as few questions as Meta answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from trueup.errors import BrokenContract, UnknownRefusal
from trueup.sources import pieces, zones
from trueup.sources.bounds import TooMuch
from trueup.sources.contract import Absent, ControlTotal, Page
from trueup.sources.meta_ads import creatives, insights
from trueup.sources.meta_ads import rows as made
from trueup.sources.meta_ads.client import Answer, Graph
from trueup.sources.meta_ads.measurement import measurement_settings
from trueup.sources.meta_ads.rows import Rows
from trueup.sources.meta_ads.streams import (
    CAMPAIGN_STATUSES,
    LISTED_AD_STATUSES,
    RETENTION_DAYS,
    STATED,
)
from trueup.window import Window


def performance(graph: Graph, *, level: str) -> Iterator[Page]:
    """Delivery by day, at `level` ad or account; Meta's own totals are stated at the end."""
    fields = [column.name for column in graph.stream.columns]
    stated: list[insights.Totals] = []

    def ask(part: Window) -> list[Page]:
        rows, totals = insights.by_day(graph, level, fields, part)
        doubts = insights.checked(graph, part, rows, totals)
        stated.append(totals)
        return [made.with_nulls(graph.stream, rows), *doubts]

    yield from pieces.by_days(graph.window, ask)
    for name in STATED:
        if all(name in totals for totals in stated):
            yield ControlTotal(f"sum:{name}", sum(totals[name] for totals in stated))


def actions(graph: Graph) -> Iterator[Page]:
    """One row per ad, day, action type and window.

    Impressions are read only to see that no page was lost: action counts have no stated sum.
    """
    kept = [column.name for column in graph.stream.columns if column.name not in made.DERIVED]
    fields = [*kept, *STATED, *(field for pair in made.LISTS for field in pair)]

    def ask(part: Window) -> list[Page]:
        rows, totals = insights.by_day(graph, "ad", fields, part)
        whole = made.with_nulls(graph.stream, rows)
        claims = [action for row in whole for action in made.actions(row, kept)]
        return [claims, *insights.checked(graph, part, rows, totals)]

    yield from pieces.by_days(graph.window, ask)


def campaigns(graph: Graph) -> Iterator[Page]:
    """The campaigns that Meta lists, and the deleted ones that insights still speak of."""
    rows, is_counted = pieces.once_more(_listed_campaigns, graph)
    listed = {campaign.get("id") for campaign in rows}
    yield rows
    if not is_counted:
        yield _uncounted(graph, "campaigns")
    deleted: dict[str, Answer] = {}
    for page in _deleted_campaigns(graph):
        if not isinstance(page, list):
            yield page
        else:
            deleted |= {row["id"]: row for row in page if row["id"] not in listed}
    yield list(deleted.values())
    yield ControlTotal("rows", len(rows) + len(deleted))


def ads(graph: Graph) -> Iterator[Page]:
    """The ads that Meta lists, with what they say. Deleted ones keep what was landed of them."""
    rows, is_counted = pieces.once_more(_listed_ads, graph)
    yield rows
    if not is_counted:
        yield _uncounted(graph, "ads")
    yield ControlTotal("rows", len(rows))


def _listed_campaigns(graph: Graph) -> tuple[Rows, bool]:
    fields = ",".join(column.name for column in graph.stream.columns)
    listed, is_counted = _listed(graph, "campaigns", fields, CAMPAIGN_STATUSES)
    return made.with_nulls(graph.stream, listed), is_counted


def _listed_ads(graph: Graph) -> tuple[Rows, bool]:
    listed, is_counted = _listed(graph, "ads", creatives.FIELDS, LISTED_AD_STATUSES)
    return made.with_nulls(graph.stream, [creatives.row(ad) for ad in listed]), is_counted


def _listed(graph: Graph, edge: str, fields: str, statuses: tuple[str, ...]) -> tuple[Rows, bool]:
    """What the account has on an edge, and whether Meta says how many there are."""
    asked = {"fields": fields, "effective_status": statuses, "summary": "total_count"}
    answers = list(graph.pages(f"{graph.account.id}/{edge}", asked, may_shrink=True))
    rows = [one for answer in answers for one in answer["data"]]
    total = insights.stated(answers[-1].get("summary"), "total_count")
    if total not in (None, len(rows)):
        raise graph.lost_page(
            "Meta's own total of rows is not what was fetched (a lost page?)",
            expected=total,
            got=len(rows),
        )
    return rows, total is not None


def _uncounted(graph: Graph, what: str) -> Absent:
    why = f"Meta states no number of {what}: whether all are there is not known"
    return Absent(graph.window, why, "part")


def account_settings(graph: Graph) -> Iterator[Page]:
    """The account as Meta sees it; another zone or currency than the company file's would shift
    every day and every amount, so it is an error."""
    account = graph.account
    fields = [column.name for column in graph.stream.columns]
    answer = graph.call(account.id, {"fields": ",".join(fields)})
    if zones.have_same_days(answer.get("timezone_name"), account.time_zone):
        answer["timezone_name"] = account.time_zone
    says = (answer.get("timezone_name"), answer.get("currency"))
    if None not in says and says != (account.time_zone, account.currency_code):
        raise BrokenContract(
            f"{account.id} has another time zone or currency than the company file says",
            **graph.place,
            expected=f"{account.time_zone}, {account.currency_code}",
            got=", ".join(map(str, says)),
            next_step="correct sources.meta_ads.accounts in the company file",
        )
    yield [{name: answer[name] for name in fields if name in answer}]


def _deleted_campaigns(graph: Graph) -> Iterator[Page]:
    """Campaigns with deleted ads that delivered, over the days of the history that Meta keeps: in
    smaller pieces where that is too much data, and without those of a piece that always is. An
    error nobody knows costs their names alone, too: those that Meta lists land."""
    oldest = graph.window.until - timedelta(days=RETENTION_DAYS)
    kept = Window(max(oldest, graph.history_start), graph.window.until)
    fields = ("account_id", "campaign_id", "campaign_name", "objective", *STATED)

    def ask(part: Window) -> list[Page]:
        asked = {
            "level": "campaign",
            "fields": ",".join(fields),
            "time_range": insights.range_of(part),
            "filtering": [insights.of_status("DELETED")],
        }
        rows, totals = insights.read(graph, asked, as_job=True)
        return [made.deleted_campaigns(rows), *insights.checked(graph, part, rows, totals)]

    try:
        for page in pieces.by_days(kept, ask):
            yield Absent(graph.window, page.why, "part") if isinstance(page, Absent) else page
    except (TooMuch, UnknownRefusal) as error:
        yield Absent(graph.window, f"names of deleted campaigns: {error.problem}", "part")


READERS: dict[str, Callable[[Graph], Iterator[Page]]] = {
    "account_settings": account_settings,
    "campaigns": campaigns,
    "ads": ads,
    "account_performance": partial(performance, level="account"),
    "ad_performance": partial(performance, level="ad"),
    "actions": actions,
    "measurement_settings": measurement_settings,
}
