"""Meta's rows as rows of the streams. What is odd about one is passed on for intake to judge."""

from __future__ import annotations

import re
from typing import Any

from trueup.sources.contract import Stream
from trueup.sources.meta_ads.streams import DEFAULT_WINDOW

Rows = list[dict[str, Any]]

#: What Meta calls a window; any other key of an action is a breakdown, which nobody asked for.
WINDOW = re.compile(r"\d+d_\w+|dda|inline|skan_\w+")

#: What an ad's row is turned into one row each of.
DERIVED = ("action_type", "attribution_window", "action_count", "action_value")


def with_nulls(stream: Stream, rows: Rows) -> Rows:
    """`rows` with a null in place of what Meta leaves out because it has none, such as the
    attribution setting of an ad set; what a row cannot do without stays missing. An account's id
    may be a number."""
    optional = [
        column.name
        for column in stream.columns
        if not column.required and column.name not in DERIVED
    ]
    return [
        {**dict.fromkeys(optional), **row, "account_id": str(account)}
        if type(account := row.get("account_id")) is int
        else {**dict.fromkeys(optional), **row}
        for row in rows
    ]


#: The counts of a row and their values. `conversions` has what `actions` lacks: appointments,
#: contacts, subscriptions, trials, applications, donations and events of the advertiser's own.
LISTS = (("actions", "action_values"), ("conversions", "conversion_values"))


def actions(row: dict[str, Any], kept: list[str]) -> Rows:
    """The row's actions and conversions with their values; the lists are absent where nothing
    happened. What is listed the same under both is one claim."""
    first, second = (_listed(row, kept, *fields) for fields in LISTS)
    return first + [found for found in second if found not in first]


def _listed(row: dict[str, Any], kept: list[str], counts: str, values: str) -> Rows:
    """One row for each action and window.

    An action comes as {"action_type": ..., "value": ..., "7d_click": ...}: one key a window,
    none where the window saw nothing. One that Meta lists twice gives two rows of one key; what is
    no window's has none, and costs itself at intake.
    """
    found: dict[tuple[Any, str, int], dict[str, Any]] = {}
    for column, field in (("action_count", counts), ("action_value", values)):
        seen: dict[tuple[Any, str], int] = {}
        for entry in _entries(row.get(field)):
            kind = entry["action_type"]
            for key, number in entry.items():
                if key == "action_type":
                    continue
                window = DEFAULT_WINDOW if key == "value" else key
                is_window = key == "value" or WINDOW.fullmatch(key)
                turn = seen[kind, window] = seen.get((kind, window), 0) + 1
                action = found.setdefault(
                    (kind, window, turn),
                    {
                        **{name: row[name] for name in kept if name in row},
                        "action_type": kind,
                        "attribution_window": window if is_window else None,
                        "action_count": None,
                        "action_value": None,
                    },
                )
                action[column] = number
    return list(found.values())


def _entries(listed: Any) -> list[dict[str, Any]]:
    """The actions of a list. What is none comes without a name, and costs itself at intake."""
    found = listed if isinstance(listed, list) else [listed] if listed else []
    return [
        {**entry, "action_type": kind if isinstance(kind, str) else None}
        for one in found
        for entry in [one if isinstance(one, dict) else {"value": one}]
        for kind in [entry.get("action_type")]
    ]


def deleted_campaigns(rows: Rows) -> Rows:
    """Campaigns of insights as rows of the stream `campaigns`."""
    return [
        {
            "account_id": row.get("account_id"),
            "id": row.get("campaign_id"),
            "name": row.get("campaign_name"),
            "objective": row.get("objective"),
            "status": "DELETED",
            "effective_status": "DELETED",
        }
        for row in rows
    ]


def whole(value: Any) -> int | None:
    """A whole number, which Meta writes as text; None where it is none."""
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return None
