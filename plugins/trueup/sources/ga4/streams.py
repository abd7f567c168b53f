"""The streams of ga4: which fields of the export events take, since when Google writes them, and
what a property is set to.

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

#: The option `currency_where_none` that means the property's currency in the company file.
OWN = "account"

MONEY = "DECIMAL(18,6)"
BIGQUERY_TYPE = {"VARCHAR": "STRING", "BIGINT": "INTEGER", "DECIMAL(18,6)": "FLOAT"}
#: Google keeps writing late events into a daily table for three days.
FINAL_AFTER_DAYS = 3


@dataclass(frozen=True)
class Field:
    """One scalar of the export: its dotted path, the column it lands in, and its DuckDB type.

    Tables of days before `since` may lack it; all but daily ones lack it where `daily_only`. What
    only tells events apart, or only gives an amount where nothing better does, lands in no column
    of its own. `optional` is what not every copy of an export has: where it lacks, or cannot be
    read, it is not known.
    """

    path: str
    column: str
    type: str = "VARCHAR"
    since: date = date.min
    daily_only: bool = False
    is_landed: bool = True
    optional: bool = False

    def may_lack(self, day: date, kind: str) -> bool:
        is_younger = day < self.since
        return self.optional or is_younger or (self.daily_only and kind != "daily")


@dataclass(frozen=True)
class Parameter:
    """One key of `event_params`: the column it lands in, and the parts of `value` that may hold
    it, the usual one first. Whether a tag sends a number as text decides which part is filled."""

    key: str
    column: str
    parts: tuple[str, ...]
    type: str = "VARCHAR"

    @property
    def paths(self) -> list[str]:
        return [f"event_params.value.{part}" for part in self.parts]


def _record(path: str, columns: str, since: date = date.min, daily: bool = False) -> list[Field]:
    """Text fields of one record; `columns` holds `field>column` pairs."""
    pairs = (pair.split(">") for pair in columns.split())
    return [Field(f"{path}.{name}", column, "VARCHAR", since, daily) for name, column in pairs]


def _number(name: str, since: date = date.min) -> Field:
    """A number that tells one event of a batch from the others."""
    return Field(name, name, "BIGINT", since, is_landed=False)


def _money(path: str, is_landed: bool = False) -> Field:
    return Field(path, path.rpartition(".")[2], MONEY, is_landed=is_landed, optional=True)


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
    Field("device.web_info.browser", "browser", optional=True),
    *_record("geo", "country>country"),
    Field("ecommerce.transaction_id", "transaction_id"),
    Field("ecommerce.purchase_revenue", "purchase_revenue", MONEY),
    _money("ecommerce.purchase_revenue_in_usd"),
    _money("ecommerce.refund_value", is_landed=True),
    _money("ecommerce.refund_value_in_usd"),
    _money("ecommerce.tax_value", is_landed=True),
    _money("ecommerce.shipping_value", is_landed=True),
    _money("event_value_in_usd"),
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

_ANY = ("string_value", "int_value", "double_value", "float_value")
#: Parameters of an event. Sent by Measurement Protocol or as text, ids and amounts stand here
#: while `ecommerce` is empty.
PARAMETERS: tuple[Parameter, ...] = (
    Parameter("ga_session_id", "ga_session_id", ("int_value", "string_value"), "BIGINT"),
    Parameter("page_location", "page_location", ("string_value",)),
    Parameter("page_referrer", "page_referrer", ("string_value",)),
    Parameter("ignore_referrer", "ignore_referrer", _ANY),
    # A number on the event that begins a session, text on the others, either where tags send it
    Parameter("session_engaged", "session_engaged", _ANY),
    Parameter("currency", "currency", ("string_value",)),
    Parameter("transaction_id", "sent_transaction_id", _ANY),
    Parameter("value", "sent_value", ("double_value", "int_value", "float_value", "string_value")),
)
#: Parameters that lend their text to another column and land in none of their own.
LENT = ("sent_transaction_id", "sent_value")
PARAMETER_PATHS = {
    "event_params.key": "STRING",
    "event_params.value.string_value": "STRING",
    "event_params.value.int_value": "INTEGER",
    "event_params.value.float_value": "FLOAT",
    "event_params.value.double_value": "FLOAT",
}

#: Of the items of a purchase without a value of its own.
ITEM_PATHS = {
    "items.price": "FLOAT",
    "items.quantity": "INTEGER",
    "items.item_revenue": "FLOAT",
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
    for parameter in PARAMETERS:
        if parameter.column not in LENT:
            yield Column(parameter.column, parameter.type)
    yield Column("amount", MONEY)
    yield Column("amount_currency")
    yield Column("amount_from")
    yield Column("is_currency_assumed", "BOOLEAN")
    yield Column("property_id")
    yield Column("table_kind", required=True)
    yield Column("is_final", "BOOLEAN", required=True)


EVENTS = Stream(
    name="events",
    columns=tuple(_columns()),
    key=("event_key",),
    day="event_date",
    restate_days=FINAL_AFTER_DAYS,
    chunk_days=14,
    money="amount",
    bulk=True,
    shape="events",
)

SETTINGS = Stream(
    name="settings",
    shape="settings",
    kind="snapshot",
    history=True,
    columns=(
        Column("property_id", required=True),
        Column("object_type", required=True),
        Column("object_id", required=True),
        Column("object_name"),
        Column("setting", required=True),
        Column("value"),
        # What may be a person or an address: its digest, hashed once more under the key.
        Column("hidden_value", pii="name"),
        Column("creator_email", pii="email"),
    ),
    key=("property_id", "object_type", "object_id", "setting"),
)
