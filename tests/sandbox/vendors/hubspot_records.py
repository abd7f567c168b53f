"""The world's contacts and deals as HubSpot keeps them: records, properties, property history."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from sandbox.desk import Desk

Row = dict[str, Any]

# HubSpot keeps milliseconds. Its own idea of where a contact came from sees the click id and the
# utm parameters that survived, else the referrer.
CONTACTS = """
with stages as (
    select contact_id, max(updated_at) as updated_at,
        arg_max(lifecycle_stage, updated_at) as lifecycle_stage
    from contact_updates
    where updated_at <= $seen_at
    group by contact_id
)
select contacts.contact_id as hs_object_id,
    date_trunc('milliseconds', created_at) as createdate,
    date_trunc('milliseconds', greatest(created_at, stages.updated_at)) as lastmodifieddate,
    case when archived_at <= $seen_at then date_trunc('milliseconds', archived_at) end
        as archived_at,
    email, first_name as firstname, last_name as lastname, phone,
    coalesce(stages.lifecycle_stage, 'lead') as lifecyclestage,
    form as enquiry_form, gclid as hs_google_click_id, fbclid as hs_facebook_click_id,
    contacts.utm_source, contacts.utm_medium, contacts.utm_campaign,
    case
        when gclid is not null or contacts.utm_medium in ('cpc', 'ppc') then 'PAID_SEARCH'
        when fbclid is not null or contacts.utm_medium like '%paid%' then 'PAID_SOCIAL'
        when contacts.utm_medium in ('email', 'newsletter') then 'EMAIL_MARKETING'
        when visits.referrer similar to '.*(google|bing|duckduckgo).*' then 'ORGANIC_SEARCH'
        when visits.referrer similar to '.*(facebook|instagram).*' then 'SOCIAL_MEDIA'
        when visits.referrer <> '' then 'REFERRALS'
        else 'DIRECT_TRAFFIC'
    end as hs_analytics_source,
    null::varchar as hs_merged_object_ids
from contacts
left join stages on contacts.contact_id = stages.contact_id
left join visits on contacts.visit_id = visits.visit_id
where created_at <= $seen_at
"""

DEALS = """
with steps as (
    select *, {'at': entered_at, 'step': list_position(
        ['enquiry', 'viewing', 'proposal', 'closedwon', 'closedlost'], stage)} as place
    from deal_stages
    where entered_at <= $seen_at
),
present as (
    select deal_id, max(entered_at) as entered_at, arg_max(stage, place) as stage,
        arg_max(amount, place) as amount
    from steps
    group by deal_id
)
select deals.deal_id as hs_object_id,
    date_trunc('milliseconds', created_at) as createdate,
    date_trunc('milliseconds', greatest(created_at, present.entered_at)) as hs_lastmodifieddate,
    null::timestamp as archived_at,
    deal_name as dealname, pipeline, coalesce(present.stage, 'enquiry') as dealstage,
    present.amount::varchar as amount, currency_code as deal_currency_code,
    (coalesce(present.stage, '') like 'closed%')::varchar as hs_is_closed,
    case when present.stage like 'closed%' then date_trunc('milliseconds', present.entered_at) end
        as closedate,
    null::varchar as hs_merged_object_ids,
    contact_id as _contact_id
from deals
left join present on deals.deal_id = present.deal_id
where created_at <= $seen_at
"""

LIFECYCLE = """
select contact_id as id, updated_at as at, lifecycle_stage as lifecyclestage
from contact_updates
where updated_at <= $seen_at and contact_id in (select unnest($ids))
order by updated_at
"""

STEPS = """
select deal_id as id, entered_at as at, stage as dealstage, amount::varchar as amount,
    (stage like 'closed%')::varchar as hs_is_closed,
    case when stage like 'closed%' then entered_at end as closedate
from deal_stages
where entered_at <= $seen_at and deal_id in (select unnest($ids))
order by entered_at, list_position(
    ['enquiry', 'viewing', 'proposal', 'closedwon', 'closedlost'], stage)
"""

TABLES = {"contacts": CONTACTS, "deals": DEALS}
HISTORIES = {"contacts": LIFECYCLE, "deals": STEPS}
CURSORS = {"contacts": "lastmodifieddate", "deals": "hs_lastmodifieddate"}
DEFAULTS = {
    "contacts": ("email", "firstname", "lastname"),
    "deals": ("amount", "closedate", "dealname", "dealstage", "pipeline"),
}
OPERATORS = {"EQ": "=", "NEQ": "<>", "GT": ">", "GTE": ">=", "LT": "<", "LTE": "<="}


@dataclass(frozen=True)
class Merge:
    """Two records of `kind` become a new one: values of the first, histories of both."""

    kind: str
    primary: int
    other: int
    merged: int
    at: datetime


#: The world knows of none; a test puts its own here, in the order they happen.
MERGES: tuple[Merge, ...] = ()

_kept: dict[str, tuple[tuple[int, datetime], duckdb.DuckDBPyConnection]] = {}
_lock = threading.Lock()


def records(desk: Desk, kind: str, seen_at: datetime) -> duckdb.DuckDBPyConnection:
    """Every record of `kind` as it stood at `seen_at`, as a table kept for the next page too."""
    moment = (id(desk), seen_at)
    with _lock:
        if _kept.get(kind, (None,))[0] != moment:
            con = duckdb.connect(config={"threads": 1})
            con.register("found", desk.table(TABLES[kind], seen_at=seen_at))
            con.execute("create table records as from found order by hs_object_id")
            for merge in MERGES:
                if merge.kind == kind and merge.at <= seen_at:
                    _apply(con, merge)
            _kept[kind] = (moment, con)
        return _kept[kind][1].cursor()


def _apply(con: duckdb.DuckDBPyConnection, merge: Merge) -> None:
    """The new record in place of the old ones, with their ids and those merged before."""
    old = f"hs_object_id in ({merge.primary}, {merge.other})"
    con.execute(
        f"""insert into records
        select * replace ({merge.merged} as hs_object_id, $at as {CURSORS[merge.kind]},
            (
                select string_agg(concat_ws(';', hs_object_id, hs_merged_object_ids), ';')
                from records where {old}
            ) as hs_merged_object_ids)
        from records where hs_object_id = {merge.primary}""",
        {"at": merge.at},
    )
    con.execute(f"delete from records where {old}")


def present_id(kind: str, record_id: int, seen_at: datetime) -> int:
    """The id of the record that `record_id` has been merged into, else itself."""
    for merge in MERGES:
        if merge.kind == kind and merge.at <= seen_at and record_id in (merge.primary, merge.other):
            record_id = merge.merged
    return record_id


def select(
    con: duckdb.DuckDBPyConnection,
    where: str,
    values: list[Any],
    order: str = "hs_object_id",
    limit: int = 100,
    offset: int = 0,
) -> tuple[list[Row], int]:
    """One page of the records, and how many there are in all."""
    total = con.execute(f"select count(*) from records where {where}", values).fetchone()[0]
    page = con.execute(
        f"select * from records where {where} order by {order} limit {limit} offset {offset}",
        values,
    )
    names = [column[0] for column in page.description]
    return [dict(zip(names, row, strict=True)) for row in page.fetchall()], total


def condition(
    con: duckdb.DuckDBPyConnection, groups: list[dict[str, Any]]
) -> tuple[str, list[Any]]:
    """Filter groups as SQL: any group, all filters of a group. Dates compare as epoch ms."""
    types = dict(con.execute("select name, type from pragma_table_info('records')").fetchall())
    values: list[Any] = []
    alternatives = []
    for group in groups:
        parts = []
        for entry in group["filters"]:
            name = entry["propertyName"]
            column = f"epoch_ms({name})" if types[name] == "TIMESTAMP" else name
            parts.append(_comparison(column, entry, values))
        alternatives.append("(" + " and ".join(parts) + ")")
    return " or ".join(alternatives) or "true", values


def _comparison(column: str, entry: dict[str, Any], values: list[Any]) -> str:
    operator = entry["operator"]
    if operator == "HAS_PROPERTY":
        return f"{column} is not null"
    if operator == "NOT_HAS_PROPERTY":
        return f"{column} is null"
    if operator == "IN":
        values.append([str(value) for value in entry["values"]])
        return f"{column}::varchar in (select unnest(?))"
    values.append(entry["value"])
    if operator == "BETWEEN":
        values.append(entry["highValue"])
        return f"{column} between ? and ?"
    return f"{column} {OPERATORS[operator]} ?"


def shaped(row: Row, kind: str, wanted: list[str]) -> Row:
    """A record as an API object. Unknown properties are left out, empty ones are null."""
    always = ["createdate", "hs_object_id", CURSORS[kind]]
    names = sorted({*(wanted or DEFAULTS[kind]), *always})
    record = {
        "id": str(row["hs_object_id"]),
        "properties": {name: _text(row[name]) for name in names if name in row},
        "createdAt": _text(row["createdate"]),
        "updatedAt": _text(row[CURSORS[kind]]),
        "archived": row["archived_at"] is not None,
    }
    if record["archived"]:
        record["archivedAt"] = _text(row["archived_at"])
    return record


def histories(
    desk: Desk, kind: str, ids: list[int], names: list[str], seen_at: datetime
) -> dict[str, Row]:
    """Per record and property the values it took, newest first, as HubSpot lists them."""
    found: dict[str, Row] = {str(key): {name: [] for name in names} for key in ids}
    old = {record_id for merge in MERGES for record_id in (merge.primary, merge.other)}
    known = [*ids, *(key for key in old if present_id(kind, key, seen_at) in ids)]
    for change in desk.rows(HISTORIES[kind], ids=known, seen_at=seen_at):
        for name in names:
            value = _text(change.get(name)) or ""
            entries = found[str(present_id(kind, change["id"], seen_at))][name]
            if value != (entries[0]["value"] if entries else ""):
                at = _text(change["at"])
                entries.insert(0, {"value": value, "timestamp": at, "sourceType": "CRM_UI"})
    return found


def _text(value: Any) -> str | None:
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds") + "Z"
    return None if value is None else str(value)
