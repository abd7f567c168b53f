"""What Harbour House's systems are set to, and what somebody changed on which day.

Nothing here is drawn: every world tells the same few changes, those that lie within it. What a
change is called in words stands beside it (`setting_changes`), to hold the marts against.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import duckdb
import pyarrow as pa

from sandbox.world import ads_settings, crm_settings, pixel_settings, property_settings
from sandbox.world.days import Span
from sandbox.world.deeds import Deed, State
from sandbox.world.tables import TABLES

#: System, account -> what it is set to when the story opens.
OPENING: dict[tuple[str, str], State] = {
    ("ga4", property_settings.PROPERTY): property_settings.opening(),
    ("google_ads", ads_settings.ACCOUNT): ads_settings.opening(),
    ("meta_ads", pixel_settings.ACCOUNT): pixel_settings.opening(),
    ("hubspot", crm_settings.PORTAL): crm_settings.opening(),
}
CHANGES: tuple[Deed, ...] = (
    *(Deed("ga4", property_settings.PROPERTY, *one) for one in property_settings.CHANGES),
    *(Deed("google_ads", ads_settings.ACCOUNT, *one) for one in ads_settings.CHANGES),
    *(Deed("meta_ads", pixel_settings.ACCOUNT, *one) for one in pixel_settings.CHANGES),
)


def tell_settings(con: duckdb.DuckDBPyConnection, span: Span, deeds: Sequence[Deed] = ()) -> None:
    """Make system_settings and setting_changes; `deeds` are made beside those of every world."""
    ours = [one for one in deeds if (one.system, one.account_id) in OPENING]
    changes = [one for one in (*CHANGES, *ours) if span.start <= one.at.date() < span.until]
    tables = {
        "system_settings": list(_states(span, changes)),
        "setting_changes": [
            {"system": one.system, "account_id": one.account_id, "changed_at": one.at,
             "object_type": kind, "object_id": key, "change": words}
            for one in changes for kind, key, words in one.in_words
        ],
    }  # fmt: skip
    for table, rows in tables.items():
        con.execute(f"create table {table} ({TABLES[table][0]})")
        if rows:
            con.register("new_rows", pa.Table.from_pylist(rows))
            con.execute(f"insert into {table} by name select * from new_rows")
            con.unregister("new_rows")


def _states(span: Span, changes: list[Deed]) -> Iterator[dict[str, Any]]:
    opening = datetime.combine(span.start, datetime.min.time()) - timedelta(days=9)
    for (system, account_id), state in OPENING.items():
        row = {"system": system, "account_id": account_id}
        yield {**row, "valid_from": opening, "content": json.dumps(state)}
        own = [one for one in changes if (one.system, one.account_id) == (system, account_id)]
        # What is set at one moment is one state
        for at, together in groupby(sorted(own, key=lambda one: one.at), lambda one: one.at):
            state = copy.deepcopy(state)
            for change in together:
                change.make(state)
            yield {**row, "valid_from": at, "content": json.dumps(state)}
