"""The world's contacts and deals as HubSpot keeps them: records, properties, property history."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from sandbox.answers import Answers
from sandbox.desk import Desk

Row = dict[str, Any]

# HubSpot keeps milliseconds, and of every property the value written last. Its own idea of where a
# contact came from sees the click id and the utm parameters that survived, else the referrer.
CONTACTS = """
with stages as (
    select contact_id, max(updated_at) as updated_at,
        arg_max(lifecycle_stage, updated_at) as lifecycle_stage
    from contact_updates
    where updated_at <= $seen_at
    group by contact_id
),
asked as (
    select contact_id, max(asked_at) as asked_at, arg_max(form, asked_at) as form,
        arg_max(gclid, asked_at) as gclid, arg_max(fbclid, asked_at) as fbclid,
        arg_max(utm_source, asked_at) as utm_source, arg_max(utm_medium, asked_at) as utm_medium,
        arg_max(utm_campaign, asked_at) as utm_campaign,
        count(*) as times
    from enquiries
    where asked_at <= $seen_at
    group by contact_id
)
select contacts.contact_id as hs_object_id,
    date_trunc('milliseconds', created_at) as createdate,
    date_trunc('milliseconds', greatest(created_at, stages.updated_at, asked.asked_at))
        as lastmodifieddate,
    case when archived_at <= $seen_at then date_trunc('milliseconds', archived_at) end
        as archived_at,
    email, first_name as firstname, last_name as lastname, phone,
    coalesce(stages.lifecycle_stage, 'lead') as lifecyclestage,
    asked.form as enquiry_form, asked.gclid as hs_google_click_id,
    asked.fbclid as hs_facebook_click_id, asked.utm_source, asked.utm_medium, asked.utm_campaign,
    date_trunc('milliseconds', asked.asked_at) as recent_conversion_date,
    'Weddings and events: ' || asked.form as recent_conversion_event_name,
    coalesce(asked.times, 0)::varchar as num_conversion_events,
    case
        when asked.gclid is not null or asked.utm_medium in ('cpc', 'ppc') then 'PAID_SEARCH'
        when asked.fbclid is not null or asked.utm_medium like '%paid%' then 'PAID_SOCIAL'
        when asked.utm_medium in ('email', 'newsletter') then 'EMAIL_MARKETING'
        when visits.referrer similar to '.*(google|bing|duckduckgo).*' then 'ORGANIC_SEARCH'
        when visits.referrer similar to '.*(facebook|instagram).*' then 'SOCIAL_MEDIA'
        when visits.referrer <> '' then 'REFERRALS'
        else 'DIRECT_TRAFFIC'
    end as hs_analytics_source,
    null::varchar as hs_merged_object_ids
from contacts
left join stages on contacts.contact_id = stages.contact_id
left join asked on contacts.contact_id = asked.contact_id
left join visits on contacts.visit_id = visits.visit_id
where created_at <= $seen_at
"""

#: Stages in the order a deal goes through them, of both pipelines.
ORDER = """['enquiry', 'viewing', 'proposal', 'closedwon', '1049659', 'closedlost', '1049660']"""
IS_CLOSED = "stage in ('closedwon', '1049659', 'closedlost', '1049660')"
IS_WON = "stage in ('closedwon', '1049659')"

DEALS = f"""
with steps as (
    select *, {{'at': entered_at, 'step': list_position({ORDER}, stage)}} as place
    from deal_stages
    where entered_at <= $seen_at
),
present as (
    select deal_id, max(entered_at) as entered_at, arg_max(stage, place) as stage,
        -- arg_max passes over nulls; an amount may be emptied
        arg_max({{'value': amount}}, place).value as amount,
        arg_max(currency_code, place) as currency_code,
        arg_max({{'value': closed_at}}, place).value as closed_at
    from steps
    group by deal_id
)
select deals.deal_id as hs_object_id,
    date_trunc('milliseconds', created_at) as createdate,
    date_trunc('milliseconds', greatest(created_at, present.entered_at)) as hs_lastmodifieddate,
    case when archived_at <= $seen_at then date_trunc('milliseconds', archived_at) end
        as archived_at,
    deal_name as dealname, pipeline, coalesce(present.stage, 'enquiry') as dealstage,
    present.amount::varchar as amount,
    coalesce(present.currency_code, deals.currency_code) as deal_currency_code,
    (coalesce(present.stage, '') = '' or present.{IS_CLOSED})::varchar as hs_is_closed,
    coalesce(present.{IS_WON}, false)::varchar as hs_is_closed_won,
    date_trunc('milliseconds', present.closed_at) as closedate,
    null::varchar as hs_merged_object_ids
from deals
left join present on deals.deal_id = present.deal_id
where created_at <= $seen_at
"""

# What was not written at a moment is as it was written last.
CONTACT_HISTORY = """
with written as (
    select contact_id as id, updated_at as written_at, lifecycle_stage as lifecyclestage,
        null::varchar as enquiry_form, null::varchar as hs_google_click_id,
        null::varchar as hs_facebook_click_id, null::varchar as utm_source,
        null::varchar as utm_medium, null::varchar as utm_campaign,
        null::timestamp as recent_conversion_date, null::varchar as recent_conversion_event_name
    from contact_updates
    where updated_at <= $seen_at and contact_id in (select unnest($ids))
    union all
    select contact_id, date_trunc('milliseconds', asked_at), null, form, gclid, fbclid, utm_source,
        utm_medium, utm_campaign, date_trunc('milliseconds', asked_at),
        'Weddings and events: ' || form
    from enquiries
    where asked_at <= $seen_at and contact_id in (select unnest($ids))
)
select id, written_at as at,
    last_value(lifecyclestage ignore nulls) over one as lifecyclestage,
    last_value(enquiry_form ignore nulls) over one as enquiry_form,
    last_value(hs_google_click_id ignore nulls) over one as hs_google_click_id,
    last_value(hs_facebook_click_id ignore nulls) over one as hs_facebook_click_id,
    last_value(utm_source ignore nulls) over one as utm_source,
    last_value(utm_medium ignore nulls) over one as utm_medium,
    last_value(utm_campaign ignore nulls) over one as utm_campaign,
    last_value(recent_conversion_date ignore nulls) over one as recent_conversion_date,
    last_value(recent_conversion_event_name ignore nulls) over one as recent_conversion_event_name
from written
window one as (partition by id order by written_at, recent_conversion_date nulls first
    rows between unbounded preceding and current row)
order by written_at, recent_conversion_date nulls first
"""

STEPS = f"""
select deal_id as id, entered_at as at, stage as dealstage,
    deal_stages.amount::varchar as amount,
    deals.pipeline, coalesce(deal_stages.currency_code, deals.currency_code) as deal_currency_code,
    ({IS_CLOSED})::varchar as hs_is_closed, ({IS_WON})::varchar as hs_is_closed_won,
    date_trunc('milliseconds', closed_at) as closedate,
    coalesce(written_by, 'CRM_UI') as written_by
from deal_stages
inner join deals using (deal_id)
where entered_at <= $seen_at and deal_id in (select unnest($ids))
order by entered_at, list_position({ORDER}, stage)
"""


def _activities(kind: str, columns: str) -> str:
    return f"""
select activity_id as hs_object_id, created_at as hs_createdate,
    greatest(created_at, completed_at) as hs_lastmodifieddate, null::timestamp as archived_at,
    happened_at as hs_timestamp, 'a note about a person' as hs_body_preview, {columns}
from activities
where kind = '{kind}' and created_at <= $seen_at
"""


TABLES = {
    "contacts": CONTACTS,
    "deals": DEALS,
    "calls": _activities("calls", "direction as hs_call_direction, 'COMPLETED' as hs_call_status"),
    "emails": _activities("emails", "direction as hs_email_direction, 'SENT' as hs_email_status"),
    "meetings": _activities(
        "meetings",
        "case when completed_at <= $seen_at then 'COMPLETED' else 'SCHEDULED' end"
        " as hs_meeting_outcome",
    ),
    "tasks": _activities(
        "tasks",
        "case when completed_at <= $seen_at then 'COMPLETED' else 'NOT_STARTED' end"
        " as hs_task_status, case when completed_at <= $seen_at then completed_at end"
        " as hs_task_completion_date",
    ),
}
ACTIVITY_KINDS = ("calls", "emails", "meetings", "tasks")
HISTORIES = {"contacts": CONTACT_HISTORY, "deals": STEPS}
CURSORS = {"contacts": "lastmodifieddate"}
BORN = {kind: "hs_createdate" for kind in ACTIVITY_KINDS}
DEFAULTS = {
    "contacts": ("email", "firstname", "lastname"),
    "deals": ("amount", "closedate", "dealname", "dealstage", "pipeline"),
    **{kind: () for kind in ACTIVITY_KINDS},
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


#: Besides those of the world, a test puts its own here, in the order they happen.
MERGES: tuple[Merge, ...] = ()

_kept: dict[str, tuple[tuple[int, datetime], Answers]] = {}
_lock = threading.Lock()


def records(desk: Desk, kind: str, seen_at: datetime) -> Answers:
    """Every record of `kind` as it stood at `seen_at`, as a table kept for the next page too."""
    moment = (id(desk), seen_at)
    with _lock:
        if _kept.get(kind, (None,))[0] != moment:
            con = duckdb.connect(config={"threads": 1})
            con.register("found", desk.table(TABLES[kind], seen_at=seen_at))
            con.execute("create table records as from found order by hs_object_id")
            for merge in merges(desk, kind, seen_at):
                _apply(con, merge)
            _kept[kind] = (moment, Answers(con))
        return _kept[kind][1]


def _apply(con: duckdb.DuckDBPyConnection, merge: Merge) -> None:
    """The new record in place of the old ones, with their ids and those merged before."""
    old = f"hs_object_id in ({merge.primary}, {merge.other})"
    con.execute(
        f"""insert into records
        select * replace ({merge.merged} as hs_object_id,
            greatest({cursor_of(merge.kind)}, $at) as {cursor_of(merge.kind)},
            (
                select string_agg(concat_ws(';', hs_object_id, hs_merged_object_ids), ';')
                from records where {old}
            ) as hs_merged_object_ids)
        from records where hs_object_id = {merge.primary}""",
        {"at": merge.at},
    )
    con.execute(f"delete from records where {old}")


def labels(desk: Desk) -> dict[str, str]:
    """What stages are called at the desk's moment, where somebody has renamed them."""
    found = desk.rows(
        "select content from system_settings where system = 'hubspot' and valid_from <= $now"
        " order by valid_from desc limit 1"
    )
    return json.loads(found[0]["content"])["labels"] if found else {}


def cursor_of(kind: str) -> str:
    return CURSORS.get(kind, "hs_lastmodifieddate")


def merges(desk: Desk, kind: str, seen_at: datetime) -> list[Merge]:
    """The merges of records of `kind` by `seen_at`, in the order they happened."""
    found = [
        Merge(kind, row["primary_id"], row["other_id"], row["merged_id"], row["merged_at"])
        for row in desk.rows(
            "select * from crm_merges where kind = $kind and merged_at <= $seen_at",
            kind=kind,
            seen_at=seen_at,
        )
    ]
    found += [merge for merge in MERGES if merge.kind == kind and merge.at <= seen_at]
    return sorted(found, key=lambda merge: merge.at)


def present_id(known: list[Merge], record_id: int) -> int:
    """The id of the record that `record_id` has been merged into, else itself."""
    for merge in known:
        if record_id in (merge.primary, merge.other):
            record_id = merge.merged
    return record_id


def contacts_of(
    desk: Desk, kind: str, ids: list[int], seen_at: datetime
) -> dict[int, list[tuple[int, str | None]]]:
    """The contacts of each record that has any, as they are called now, each with its label."""
    merged, people = merges(desk, kind, seen_at), merges(desk, "contacts", seen_at)
    old = {record_id for merge in merged for record_id in (merge.primary, merge.other)}
    known = [*ids, *(key for key in old if present_id(merged, key) in ids)]
    table = "deal_contacts" if kind == "deals" else "activities"
    key = "deal_id" if kind == "deals" else "activity_id"
    label = "label" if kind == "deals" else "null as label"
    found: dict[int, dict[int, str | None]] = {}
    for row in desk.rows(
        f"select {key} as id, contact_id, {label} from {table}"
        f" where {key} in (select unnest($ids)) order by id, contact_id desc",
        ids=known,
    ):
        links = found.setdefault(present_id(merged, row["id"]), {})
        links.setdefault(present_id(people, row["contact_id"]), row["label"])
    return {record_id: list(links.items()) for record_id, links in found.items()}


def select(
    known: Answers,
    where: str,
    values: list[Any],
    order: str = "hs_object_id",
    limit: int = 100,
    offset: int = 0,
) -> tuple[list[Row], int]:
    """One page of the records, and how many there are in all."""
    total = known.to(f"select count(*) from records where {where}", values)[0][0].as_py()
    page = known.to(
        f"select * from records where {where} order by {order} limit {limit} offset {offset}",
        values,
    )
    return page.to_pylist(), total


def condition(known: Answers, groups: list[dict[str, Any]]) -> tuple[str, list[Any]]:
    """Filter groups as SQL: any group, all filters of a group. Dates compare as epoch ms."""
    columns = known.to("select name, type from pragma_table_info('records')", []).to_pylist()
    types = {column["name"]: column["type"] for column in columns}
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
    born = BORN.get(kind, "createdate")
    always = [born, "hs_object_id", cursor_of(kind)]
    names = sorted({*(wanted or DEFAULTS[kind]), *always})
    record = {
        "id": str(row["hs_object_id"]),
        "properties": {name: _text(row[name]) for name in names if name in row},
        "createdAt": _text(row[born]),
        "updatedAt": _text(row[cursor_of(kind)]),
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
    if kind not in HISTORIES:
        return found
    merged = merges(desk, kind, seen_at)
    old = {record_id for merge in merged for record_id in (merge.primary, merge.other)}
    known = [*ids, *(key for key in old if present_id(merged, key) in ids)]
    for change in desk.rows(HISTORIES[kind], ids=known, seen_at=seen_at):
        for name in names:
            value = _text(change.get(name)) or ""
            entries = found[str(present_id(merged, change["id"]))][name]
            if value != (entries[0]["value"] if entries else ""):
                written_by = change.get("written_by", "FORM")
                entry = {"value": value, "timestamp": _text(change["at"]), "sourceType": written_by}
                entries.insert(0, entry)
    return found


def _text(value: Any) -> str | None:
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds") + "Z"
    return None if value is None else str(value)
