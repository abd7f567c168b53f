"""One reader per stream: from Meta's answers to rows of the stream's columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from trueup.errors import BrokenContract, VendorUnavailable
from trueup.sources.contract import Account, ControlTotal, Page
from trueup.sources.meta_ads.client import Graph, TooMuchData
from trueup.sources.meta_ads.streams import DEFAULT_WINDOW, WINDOWS
from trueup.window import Window

#: Whole numbers whose sum over all pages Meta states. Spend is rounded row by row: not exact.
STATED = ("impressions", "clicks")
#: Archived campaigns are left out unless asked for by status; deleted ones may not be asked for.
CAMPAIGN_STATUSES = ("ACTIVE", "PAUSED", "ARCHIVED", "IN_PROCESS", "WITH_ISSUES")
#: Deleted and archived ads are left out of insights, spend and all, unless asked for by status.
AD_STATUSES = (
    *CAMPAIGN_STATUSES,
    "DELETED",
    "ADSET_PAUSED",
    "CAMPAIGN_PAUSED",
    "DISAPPROVED",
    "PENDING_BILLING_INFO",
    "PENDING_REVIEW",
    "PREAPPROVED",
)

Rows = list[dict[str, Any]]


def performance(graph: Graph, accounts: tuple[Account, ...], *, level: str) -> Iterator[Page]:
    """Delivery by day, at `level` ad or account; Meta's own totals are stated at the end."""
    fields = [column.name for column in graph.stream.columns]
    totals = dict.fromkeys(STATED, 0)
    for account in accounts:
        for rows, summary in _insights(graph, account, level, fields):
            for name in STATED:
                totals[name] += int(summary[name])
            yield rows
    for name, total in totals.items():
        yield ControlTotal(f"sum:{name}", total)


def actions(graph: Graph, accounts: tuple[Account, ...]) -> Iterator[Page]:
    """One row per ad, day, action type and window.

    Impressions are read only to see that no page was lost: action counts have no stated sum.
    """
    derived = ("action_type", "attribution_window", "action_count", "action_value")
    kept = [column.name for column in graph.stream.columns if column.name not in derived]
    fields = [*kept, *STATED, "actions", "action_values"]
    for account in accounts:
        for rows, summary in _insights(graph, account, "ad", fields):
            _check_whole(graph, rows, summary)
            yield [action for row in rows for action in _unnest(graph, row, kept)]


def campaigns(graph: Graph, accounts: tuple[Account, ...]) -> Iterator[Page]:
    """The campaigns that Meta lists, and the deleted ones that insights still speak of."""
    fields = ",".join(column.name for column in graph.stream.columns)
    asked = {"fields": fields, "effective_status": CAMPAIGN_STATUSES, "summary": "total_count"}
    total = 0
    for account in accounts:
        listed = set()
        for answer in graph.pages(f"{account.id}/campaigns", asked):
            listed |= {campaign.get("id") for campaign in answer["data"]}
            yield answer["data"]
        deleted = _deleted_campaigns(graph, account, listed)
        yield deleted
        total += graph.need(graph.need(answer, "summary", dict), "total_count", int) + len(deleted)
    yield ControlTotal("rows", total)


def account_settings(graph: Graph, accounts: tuple[Account, ...]) -> Iterator[Page]:
    """The account as Meta sees it; another zone or currency than the company file's would shift
    every day and every amount, so it is an error."""
    fields = [column.name for column in graph.stream.columns]
    for account in accounts:
        answer = graph.call(account.id, {"fields": ",".join(fields)})
        says = (answer.get("timezone_name"), answer.get("currency"))
        if None not in says and says != (account.time_zone, account.currency_code):
            raise BrokenContract(
                f"{account.id} has another time zone or currency than the company file says",
                **graph.place,
                expected=f"{account.time_zone}, {account.currency_code}",
                got=", ".join(says),
                next_step="correct sources.meta_ads.accounts in the company file",
            )
        yield [{name: answer[name] for name in fields if name in answer}]


def _deleted_campaigns(graph: Graph, account: Account, listed: set[str]) -> Rows:
    """Campaigns with deleted ads that delivered, less those `listed`, which stand themselves."""
    asked = {
        "level": "campaign",
        "fields": ",".join(("account_id", "campaign_id", "campaign_name", "objective", *STATED)),
        "date_preset": "maximum",
        "filtering": [_of_status("DELETED")],
    }
    rows, summary = _read(graph, account, asked, as_job=True)
    _check_whole(graph, rows, summary)
    return [
        {
            "account_id": row.get("account_id"),
            "id": row.get("campaign_id"),
            "name": row.get("campaign_name"),
            "objective": row.get("objective"),
            "status": "DELETED",
            "effective_status": "DELETED",
            "created_time": None,
            "updated_time": None,
        }
        for row in rows
        if row.get("campaign_id") not in listed
    ]


def _insights(
    graph: Graph, account: Account, level: str, fields: list[str]
) -> Iterator[tuple[Rows, dict[str, str]]]:
    """Rows of the graph's window with Meta's sums over them, in as many slices as it takes."""
    pending = [graph.window]
    while pending:
        part = pending.pop(0)
        try:
            yield _slice(graph, account, level, fields, part)
        except TooMuchData:
            days = (part.until - part.since).days
            if days == 1:
                raise VendorUnavailable(
                    f"a single day ({part.since}) is too much data for Meta",
                    **graph.place,
                    next_step="lower sources.meta_ads.options.page_size in the company file",
                ) from None
            pending = [*part.split((days + 1) // 2), *pending]


def _slice(
    graph: Graph, account: Account, level: str, fields: list[str], part: Window
) -> tuple[Rows, dict[str, str]]:
    asked = {
        "level": level,
        "fields": ",".join(fields),
        "time_increment": 1,
        "time_range": {"since": str(part.since), "until": str(part.last_day)},
        "action_attribution_windows": WINDOWS,
        "use_unified_attribution_setting": "true",
    }
    if level == "ad":
        asked["filtering"] = [_of_status(*AD_STATUSES)]
    # An account has one row a day, never worth a job; a month of ads is.
    is_long = (part.until - part.since).days > graph.options.get("sync_days", 7)
    return _read(graph, account, asked, as_job=level == "ad" and is_long)


def _read(
    graph: Graph, account: Account, asked: dict[str, Any], *, as_job: bool
) -> tuple[Rows, dict[str, str]]:
    """All rows of one report, with Meta's sums over them."""
    path, summed = f"{account.id}/insights", {"summary": STATED}
    asked = {**asked, **summed}
    if as_job:
        path, asked = f"{graph.finished_job(path, asked)}/insights", summed
    rows: Rows = []
    for answer in graph.pages(path, asked):
        rows += answer["data"]
    if not rows and "summary" not in answer:
        return rows, dict.fromkeys(STATED, "0")
    summary = graph.need(answer, "summary", dict)
    return rows, {name: graph.need(summary, name, str) for name in STATED}


def _of_status(*statuses: str) -> dict[str, Any]:
    return {"field": "ad.effective_status", "operator": "IN", "value": statuses}


def _check_whole(graph: Graph, rows: Rows, summary: dict[str, str]) -> None:
    for name in STATED:
        try:
            got = sum(int(row[name]) for row in rows)
        except (KeyError, ValueError) as error:
            raise graph.broken(f"column {name} is not as declared", got=repr(error)) from None
        if got != int(summary[name]):
            raise graph.broken(
                f"Meta's own total of {name} is not what was fetched (a lost page?)",
                expected=summary[name],
                got=got,
            )


def _unnest(graph: Graph, row: dict[str, Any], kept: list[str]) -> Rows:
    """The row's actions and their values; both lists are absent where nothing happened.

    An action comes as {"action_type": ..., "value": ..., "7d_click": ...}: one key a window,
    none where the window saw nothing.
    """
    found: dict[tuple[str | None, str], dict[str, Any]] = {}
    for column, field in (("action_count", "actions"), ("action_value", "action_values")):
        for entry in row.get(field, ()):
            kind = entry.get("action_type")
            for key, number in entry.items():
                if key == "action_type":
                    continue
                window = DEFAULT_WINDOW if key == "value" else key
                action = found.setdefault(
                    (kind, window),
                    {
                        **{name: row[name] for name in kept if name in row},
                        "action_type": kind,
                        "attribution_window": window,
                        "action_count": None,
                        "action_value": None,
                    },
                )
                if action[column] is not None:
                    raise graph.broken(f"{field} lists {kind} twice for one ad and day")
                action[column] = number
    return list(found.values())


READERS: dict[str, Callable[[Graph, tuple[Account, ...]], Iterator[Page]]] = {
    "account_settings": account_settings,
    "campaigns": campaigns,
    "account_performance": partial(performance, level="account"),
    "ad_performance": partial(performance, level="ad"),
    "actions": actions,
}
