"""The world's GA4 events in the nested shape of the BigQuery export, whole days at a time.

`nested_select` is one SQL statement; the BigQuery page runs it for a day, `write_files` for any
number of days into a folder of `events_YYYYMMDD*.parquet` or `.ndjson.gz` files.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from sandbox.vendors.bigquery_schema import DAILY, Node

ZONE = "Europe/Lisbon"
STREAM_ID = "4310100200"
#: Hour (UTC) of the next day at which a day's table replaces its intraday table.
DAILY_AT = timedelta(days=1, hours=5)

_IS_GOOGLE = "met_platform = 'google_ads'"
_CLICK = "session_traffic_source_last_click"

#: How some purchases are sent, by the percent of their ids: by the server, over Measurement
#: Protocol, whose ids and amounts stand in parameters alone; with the value as text, and its id as
#: a person writes it; with no value but the items'; with the currency in small letters. The shares
#: are ours: nobody publishes any. What an event is and is worth stays as the world has it.
_PERCENT = "('0x' || substr(md5(transaction_id), 1, 6))::bigint % 100"
_DIALECT = f"""case when event_name = 'purchase' and transaction_id is not null then
    case when {_PERCENT} < 3 then 'server' when {_PERCENT} < 5 then 'text'
        when {_PERCENT} < 6 then 'items' when {_PERCENT} < 8 then 'small' end end"""
_IS_SERVER = f"coalesce({_DIALECT}, '') in ('server', 'text')"
_ID = (
    f"case when {_DIALECT} = 'text' then ' ' || lower(ltrim(transaction_id, '#')) || ' '"
    " else transaction_id end"
)

#: A second page makes a session engaged: what comes after the landing's own events (world/ga4.py).
#: Where the session begins it is given as a number, elsewhere as text, as exports have it.
_IS_ENGAGED = "case when event_id % 16 > 3 then '1' else '0' end"

#: What each leaf (or repeated record) of the export holds; a leaf not named here is null.
VALUES = {
    "event_date": f"strftime(event_at at time zone 'UTC' at time zone '{ZONE}', '%Y%m%d')",
    "event_timestamp": "epoch_us(event_at)",
    "event_name": "event_name",
    "event_bundle_sequence_id": "visit_id",
    "user_id": "user_id",
    "user_pseudo_id": "client_id",
    "privacy_info.analytics_storage": "analytics_storage",
    "privacy_info.ads_storage": "ads_storage",
    "privacy_info.uses_transient_token": "'No'",
    "user_first_touch_timestamp": "try_cast(split_part(client_id, '.', 2) as bigint) * 1000000",
    "device.category": "device",
    "device.web_info.browser": "browser",
    "device.web_info.hostname": "split_part(page_location, '/', 3)",
    "geo.country": "country",
    "traffic_source.name": "case when client_id is not null then '(not set)' end",
    "traffic_source.medium": "first_medium",
    "traffic_source.source": "first_source",
    "stream_id": f"'{STREAM_ID}'",
    "platform": "'WEB'",
    "ecommerce.total_item_quantity": "case when item_id is not null then 1 end",
    "ecommerce.purchase_revenue": f"case when event_name = 'purchase' and not {_IS_SERVER}"
    f" and coalesce({_DIALECT}, '') <> 'items' then value end",
    "ecommerce.shipping_value": f"case when not {_IS_SERVER} then shipping end",
    "ecommerce.tax_value": f"case when not {_IS_SERVER} then tax end",
    "ecommerce.unique_items": "case when item_id is not null then 1 end",
    "ecommerce.transaction_id": f"case when not {_IS_SERVER} then transaction_id end",
    "collected_traffic_source.manual_campaign_id": "manual_campaign_id",
    "collected_traffic_source.manual_campaign_name": "manual_campaign_name",
    "collected_traffic_source.manual_source": "manual_source",
    "collected_traffic_source.manual_medium": "manual_medium",
    "collected_traffic_source.manual_content": "manual_content",
    "collected_traffic_source.gclid": "gclid",
    "is_active_user": "true",
    "batch_event_index": "event_id % 1000",
    "batch_page_id": "epoch_ms(event_at)",
    "batch_ordering_id": "1",
    f"{_CLICK}.manual_campaign.campaign_id": f"case when not {_IS_GOOGLE} then met_campaign_id end",
    f"{_CLICK}.manual_campaign.campaign_name": "session_campaign",
    f"{_CLICK}.manual_campaign.source": "session_source",
    f"{_CLICK}.manual_campaign.medium": "session_medium",
    f"{_CLICK}.google_ads_campaign.customer_id": f"case when {_IS_GOOGLE} then met_account_id end",
    f"{_CLICK}.google_ads_campaign.campaign_id": f"case when {_IS_GOOGLE} then met_campaign_id end",
    f"{_CLICK}.google_ads_campaign.campaign_name": f"case when {_IS_GOOGLE} then name end",
    f"{_CLICK}.cross_channel_campaign.campaign_id": "met_campaign_id",
    f"{_CLICK}.cross_channel_campaign.campaign_name": "session_campaign",
    f"{_CLICK}.cross_channel_campaign.source": "session_source",
    f"{_CLICK}.cross_channel_campaign.medium": "session_medium",
    f"{_CLICK}.cross_channel_campaign.default_channel_group": """
        case when session_source = '(direct)' then 'Direct'
            when session_source = '(not set)' then 'Unassigned'
            when session_medium = 'cpc' then 'Paid Search'
            when session_medium = 'paid_social' then 'Paid Social'
            when session_medium = 'affiliate' then 'Affiliates'
            when session_source = 'youtube.com' then 'Organic Video'
            when session_medium ilike 'email' then 'Email'
            when session_source similar to '.*(facebook|instagram).*' then 'Organic Social'
            when session_medium = 'organic' then 'Organic Search'
            when session_medium = 'ai-assistant' then 'AI Assistant' else 'Referral' end""",
}
#: Records that are null as a whole when this holds.
NULL_WHEN = {
    "collected_traffic_source": (
        "coalesce(gclid, manual_source, manual_medium, manual_campaign_name, manual_campaign_id,"
        " manual_content) is null"
    ),
    _CLICK: "session_source is null",
    f"{_CLICK}.google_ads_campaign": f"({_IS_GOOGLE}) is not true",
}


_PARAMETERS = (
    ("page_location", "string_value", "page_location"),
    ("page_referrer", "string_value", "page_referrer"),
    ("page_title", "string_value", "page_title"),
    ("ga_session_id", "int_value", f"case when not {_IS_SERVER} then ga_session_id end"),
    ("ga_session_id", "string_value", f"case when {_IS_SERVER} then ga_session_id::varchar end"),
    ("engagement_time_msec", "int_value", "engagement_time_msec"),
    ("session_engaged", "int_value",
     "case when client_id is not null and event_name = 'session_start' then 0 end"),
    ("session_engaged", "string_value",
     f"case when client_id is not null and event_name <> 'session_start' and not {_IS_SERVER}"
     f" then {_IS_ENGAGED} end"),
    ("currency", "string_value",
     f"case when {_DIALECT} = 'small' then lower(currency) else currency end"),
    ("value", "double_value",
     f"case when coalesce({_DIALECT}, '') not in ('text', 'items') then value::double end"),
    ("value", "string_value",
     f"case when {_DIALECT} = 'text' then replace(value::decimal(18, 2)::varchar, '.', ',') end"),
    ("transaction_id", "string_value", _ID),
)  # fmt: skip
#: The elements of each repeated record: when an event has it, and what its leaves hold.
ELEMENTS = {
    "event_params": [
        (
            f"({value}) is not null",
            {"event_params.key": f"'{key}'", f"event_params.value.{half}": value},
        )
        for key, half, value in _PARAMETERS
    ],
    "items": [
        (
            f"item_id is not null and not {_IS_SERVER}",
            {
                "items.item_id": "item_id",
                "items.item_name": "item_name",
                "items.price": "value",
                "items.quantity": "1",
            },
        )
    ],
}


def met_events(events: str) -> str:
    """A select of the relation `events` with the campaign its session's last click belongs to.

    GA4 names a campaign as Google Ads does where the click was tagged by Google Ads, and by its
    utm_campaign elsewhere; the vendor's id is found under either name.
    """
    return f"""
        with names as (
            select utm_campaign as name, platform, account_id, campaign_id from campaigns
            union all
            select campaign_name, platform, account_id, campaign_id
            from campaign_versions inner join campaigns using (platform, campaign_id)
        ),
        met as (
            select name, min(platform) as met_platform, min(account_id) as met_account_id,
                min(campaign_id)::varchar as met_campaign_id
            from names group by name
        )
        select events.*, met.*
        from {events} as events left join met on met.name = session_campaign"""


def nested_select(events: str) -> str:
    """Every event of the relation `events` as a row of the daily table."""
    return nested_rows(f"({met_events(events)})", DAILY)


def nested_rows(met: str, nodes: tuple[Node, ...], *beside: str) -> str:
    """Every event of what `met_events` gives as a row of the table of `nodes`, with columns of its
    own `beside`."""
    own = (f"{_nested(node, node.name, VALUES)} as {node.name}" for node in nodes)
    columns = ",\n".join([*own, *beside])
    return f"select {columns} from {met} order by event_id"


def _nested(node: Node, path: str, values: dict[str, str]) -> str:
    """A field as a DuckDB value of its nested type."""
    if node.mode == "REPEATED":
        packed = ", ".join(
            f"case when {condition} then {_packed(node, path, leaves)} end"
            for condition, leaves in ELEMENTS.get(path, ())
        )
        return f"list_filter([{packed}], lambda e: e is not null)::{node.duckdb_type}"
    if node.fields and any(known.startswith(f"{path}.") for known in values):
        packed = _packed(node, path, values)
        return (
            f"case when {NULL_WHEN[path]} then null else {packed} end"
            if path in NULL_WHEN
            else packed
        )
    return f"({values.get(path, 'null')})::{node.duckdb_type}"


def _packed(node: Node, path: str, values: dict[str, str]) -> str:
    inner = (f"{f.name} := {_nested(f, f'{path}.{f.name}', values)}" for f in node.fields)
    return f"struct_pack({', '.join(inner)})"


def instants(since: date, until: date) -> tuple[datetime, datetime]:
    """The naive UTC bounds of the property's days [since, until)."""
    zone = ZoneInfo(ZONE)
    bounds = (datetime.combine(day, time.min, zone) for day in (since, until))
    first, last = (bound.astimezone(ZoneInfo("UTC")).replace(tzinfo=None) for bound in bounds)
    return first, last


def write_files(
    world: Path,
    folder: Path,
    *,
    since: date,
    until: date,
    known_by: datetime,
    form: str = "parquet",
) -> None:
    """Write the daily tables of [since, until) as known at `known_by` (naive UTC) into `folder`.

    `form` is `parquet` or `ndjson`. For Parquet one COPY writes all days; only the files are
    then renamed to what a bucket export calls them.
    """
    con = duckdb.connect()
    con.execute("set partitioned_write_max_open_files = 1000")
    folder.mkdir(parents=True, exist_ok=True)
    for table in ("ga4_events", "campaigns", "campaign_versions"):
        con.execute(f"create view {table} as from '{world / table}.parquet'")
    if form == "parquet":
        events = _known_events(since, until, known_by)
        con.execute(
            f"copy (select *, event_date as _day from ({nested_select(events)}))"
            f" to '{folder / '_parts'}' (format parquet, compression zstd, partition_by (_day))"
        )
        _name_parts(folder)
    else:
        for offset in range((until - since).days):
            day = since + timedelta(days=offset)
            events = _known_events(day, day + timedelta(days=1), known_by)
            con.execute(
                f"copy ({nested_select(events)}) to '{folder}/events_{day:%Y%m%d}.ndjson.gz'"
                " (format json, compression gzip)"
            )
    con.close()


def _known_events(since: date, until: date, known_by: datetime) -> str:
    first, last = instants(since, until)
    return (
        f"(from ga4_events where event_at >= '{first}' and event_at < '{last}'"
        f" and known_at <= '{known_by}')"
    )


def _name_parts(folder: Path) -> None:
    parts = folder / "_parts"
    for part in sorted(parts.glob("_day=*/*")):
        day, number = part.parent.name[5:], int(part.stem.rpartition("_")[2])
        part.rename(folder / f"events_{day}-{number:012d}.parquet")
        if not any(part.parent.iterdir()):
            part.parent.rmdir()
    parts.rmdir()
