"""The stream of events: which fields of the export it takes, since when Google writes them.

The field names are those of Google's export schema; a landed column keeps the vendor's words and
says whose scope it has (`first_user_`, `collected_`, `session_`), because the export holds four
different readings of where a visit came from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from trueup.sources.contract import Column, Stream

API_VERSION = "bigquery-v2"

#: Google added these records while the export was running; tables of earlier days lack them.
COLLECTED_SINCE = date(2023, 7, 1)
BATCH_SINCE = date(2024, 8, 1)
LAST_CLICK_SINCE = date(2024, 8, 1)
CROSS_CHANNEL_SINCE = date(2025, 1, 1)

BIGQUERY_TYPE = {"VARCHAR": "STRING", "BIGINT": "INTEGER", "DECIMAL(18,6)": "FLOAT"}
#: Google keeps writing late events into a daily table for three days.
FINAL_AFTER_DAYS = 3


@dataclass(frozen=True)
class Field:
    """One scalar of the export: its dotted path, the column it lands in, and its DuckDB type.

    Tables of days before `since` may lack it; intraday tables lack it where `daily_only`. What
    only tells events apart lands in no column but the event's key.
    """

    path: str
    column: str
    type: str = "VARCHAR"
    since: date = date.min
    daily_only: bool = False
    is_landed: bool = True

    def may_lack(self, day: date, kind: str) -> bool:
        return day < self.since or (self.daily_only and kind == "intraday")


def _record(path: str, columns: str, since: date = date.min, daily: bool = False) -> list[Field]:
    """Text fields of one record; `columns` holds `field>column` pairs."""
    pairs = (pair.split(">") for pair in columns.split())
    return [Field(f"{path}.{name}", column, "VARCHAR", since, daily) for name, column in pairs]


def _number(name: str, since: date = date.min) -> Field:
    """A number that tells one event of a batch from the others."""
    return Field(name, name, "BIGINT", since, is_landed=False)


_LAST_CLICK = "session_traffic_source_last_click"

FIELDS: tuple[Field, ...] = (
    Field("event_date", "event_date"),
    Field("event_timestamp", "event_timestamp", "BIGINT"),
    Field("event_name", "event_name"),
    _number("event_bundle_sequence_id"),
    _number("batch_event_index", BATCH_SINCE),
    _number("batch_ordering_id", BATCH_SINCE),
    _number("batch_page_id", BATCH_SINCE),
    Field("user_pseudo_id", "user_pseudo_id"),
    Field("user_id", "user_id"),
    *_record("privacy_info", "analytics_storage>analytics_storage ads_storage>ads_storage"),
    *_record("device", "category>device_category"),
    *_record("geo", "country>country"),
    Field("ecommerce.transaction_id", "transaction_id"),
    Field("ecommerce.purchase_revenue", "purchase_revenue", "DECIMAL(18,6)"),
    *_record(
        "collected_traffic_source",
        "manual_source>collected_manual_source manual_medium>collected_manual_medium"
        " manual_campaign_name>collected_manual_campaign_name"
        " manual_campaign_id>collected_manual_campaign_id gclid>collected_gclid",
        COLLECTED_SINCE,
    ),
    *_record("traffic_source", "source>first_user_source medium>first_user_medium"),
    *_record(
        f"{_LAST_CLICK}.manual_campaign",
        "source>session_manual_source medium>session_manual_medium",
        LAST_CLICK_SINCE,
        daily=True,
    ),
    *_record(
        f"{_LAST_CLICK}.google_ads_campaign",
        "campaign_id>session_ads_campaign_id",
        LAST_CLICK_SINCE,
        daily=True,
    ),
    *_record(
        f"{_LAST_CLICK}.cross_channel_campaign",
        "source>session_source medium>session_medium campaign_name>session_campaign_name"
        " campaign_id>session_campaign_id default_channel_group>session_default_channel",
        CROSS_CHANNEL_SINCE,
        daily=True,
    ),
)

#: Parameters of an event: key, the half of `value` that holds it, and its landed type.
PARAMETERS: tuple[tuple[str, str, str], ...] = (
    ("ga_session_id", "int_value", "BIGINT"),
    ("page_location", "string_value", "VARCHAR"),
    ("page_referrer", "string_value", "VARCHAR"),
    ("currency", "string_value", "VARCHAR"),
)
PARAMETER_PATHS = {
    "event_params.key": "STRING",
    "event_params.value.string_value": "STRING",
    "event_params.value.int_value": "INTEGER",
}

#: What tells two events apart. The export has no event id; the batch numbers come closest.
IDENTITY = (
    "event_date", "user_pseudo_id", "event_timestamp", "event_name", "event_bundle_sequence_id",
    "batch_event_index", "batch_ordering_id", "batch_page_id",
)  # fmt: skip


def _columns() -> Iterable[Column]:
    yield Column("event_key", required=True)
    yield Column("event_date", "DATE", required=True)
    yield Column("event_at", "TIMESTAMPTZ", required=True)
    for field in FIELDS:
        if field.is_landed and field.column not in ("event_date", "event_timestamp"):
            yield Column(field.column, field.type, pii="name" if field.path == "user_id" else None)
    for name, _, type_ in PARAMETERS:
        yield Column(name, type_)
    yield Column("table_kind", required=True)
    yield Column("is_final", "BOOLEAN", required=True)


EVENTS = Stream(
    name="events",
    columns=tuple(_columns()),
    key=("event_key",),
    day="event_date",
    restate_days=FINAL_AFTER_DAYS,
    chunk_days=14,
    money="purchase_revenue",
    bulk=True,
    shape="events",
)
