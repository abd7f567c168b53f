"""The BigQuery export's table schema, as Google writes it, and its two spellings.

One word a field, STRING unless it says otherwise; `name{ ... }` is a record, `name[ ... ]` a
repeated one. Checked against a live export's schema by tests/contract/test_ga4.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

TEXT = """
event_date event_timestamp:INTEGER event_name
event_params[ key value{ string_value int_value:INTEGER float_value:FLOAT double_value:FLOAT }
    ]
event_previous_timestamp:INTEGER event_value_in_usd:FLOAT event_bundle_sequence_id:INTEGER
event_server_timestamp_offset:INTEGER user_id user_pseudo_id
privacy_info{ analytics_storage ads_storage uses_transient_token }
user_properties[ key value{ string_value int_value:INTEGER float_value:FLOAT
    double_value:FLOAT set_timestamp_micros:INTEGER } ]
user_first_touch_timestamp:INTEGER
user_ltv{ revenue:FLOAT currency }
device{ category mobile_brand_name mobile_model_name mobile_marketing_name
    mobile_os_hardware_model operating_system operating_system_version vendor_id
    advertising_id language is_limited_ad_tracking time_zone_offset_seconds:INTEGER browser
    browser_version web_info{ browser browser_version hostname } }
geo{ city country continent region sub_continent metro }
app_info{ id version install_store firebase_app_id install_source }
traffic_source{ name medium source }
stream_id platform
event_dimensions{ hostname }
ecommerce{ total_item_quantity:INTEGER purchase_revenue_in_usd:FLOAT purchase_revenue:FLOAT
    refund_value_in_usd:FLOAT refund_value:FLOAT shipping_value_in_usd:FLOAT
    shipping_value:FLOAT tax_value_in_usd:FLOAT tax_value:FLOAT unique_items:INTEGER
    transaction_id }
items[ item_id item_name item_brand item_variant item_category item_category2 item_category3
    item_category4 item_category5 price_in_usd:FLOAT price:FLOAT quantity:INTEGER
    item_revenue_in_usd:FLOAT item_revenue:FLOAT item_refund_in_usd:FLOAT item_refund:FLOAT
    coupon affiliation location_id item_list_id item_list_name item_list_index promotion_id
    promotion_name creative_name creative_slot item_params[ key value{ string_value
    int_value:INTEGER float_value:FLOAT double_value:FLOAT } ] ]
collected_traffic_source{ manual_campaign_id manual_campaign_name manual_source manual_medium
    manual_term manual_content manual_source_platform manual_creative_format
    manual_marketing_tactic gclid dclid srsltid }
is_active_user:BOOLEAN batch_event_index:INTEGER batch_page_id:INTEGER
batch_ordering_id:INTEGER
session_traffic_source_last_click{ manual_campaign{ campaign_id campaign_name source medium
    term content source_platform creative_format marketing_tactic } google_ads_campaign{
    customer_id account_name campaign_id campaign_name ad_group_id ad_group_name }
    cross_channel_campaign{ campaign_id campaign_name source medium source_platform
    default_channel_group primary_channel_group } sa360_campaign{ campaign_id campaign_name
    source medium ad_group_id ad_group_name creative_format engine_account_name
    engine_account_type manager_account_name } cm360_campaign{ campaign_id campaign_name
    source medium account_id account_name advertiser_id advertiser_name creative_id
    creative_format creative_name creative_type creative_type_id creative_version placement_id
    placement_cost_structure placement_name rendering_id site_id site_name } dv360_campaign{
    campaign_id campaign_name source medium advertiser_id advertiser_name creative_id
    creative_format creative_name exchange_id exchange_name insertion_order_id
    insertion_order_name line_item_id line_item_name partner_id partner_name } }
publisher{ ad_revenue_in_usd:FLOAT ad_format ad_source_name ad_unit_id }
"""
LAST_CLICK = "session_traffic_source_last_click"
DUCKDB = {"STRING": "VARCHAR", "INTEGER": "BIGINT", "FLOAT": "DOUBLE", "BOOLEAN": "BOOLEAN"}


@dataclass(frozen=True)
class Node:
    """A field of the schema; `fields` is empty unless `type` is RECORD."""

    name: str
    type: str = "STRING"
    mode: str = "NULLABLE"
    fields: tuple[Node, ...] = ()

    @property
    def duckdb_type(self) -> str:
        if self.type != "RECORD":
            return DUCKDB[self.type]
        inner = ", ".join(f'"{node.name}" {node.duckdb_type}' for node in self.fields)
        return f"STRUCT({inner})" + ("[]" if self.mode == "REPEATED" else "")

    def to_json(self) -> dict[str, Any]:
        """As tables.get spells it."""
        spelt = {"name": self.name, "type": self.type, "mode": self.mode}
        return spelt | ({"fields": [node.to_json() for node in self.fields]} if self.fields else {})


def _parse(tokens: Iterator[str]) -> tuple[Node, ...]:
    nodes = []
    for token in tokens:
        if token in "}]":
            break
        if token[-1] in "{[":
            mode = "REPEATED" if token[-1] == "[" else "NULLABLE"
            nodes.append(Node(token[:-1], "RECORD", mode, _parse(tokens)))
        else:
            name, _, type_ = token.partition(":")
            nodes.append(Node(name, type_ or "STRING"))
    return tuple(nodes)


DAILY = _parse(iter(re.findall(r"\S+", TEXT)))
#: Google knows a session's last click only when the day is closed.
INTRADAY = tuple(node for node in DAILY if node.name != LAST_CLICK)


def choose(nodes: tuple[Node, ...], paths: list[str], prefix: str = "") -> tuple[Node, ...]:
    """The part of a schema that `selectedFields` asks for; a whole record by its own path.

    Raises KeyError with the first path the schema does not have.
    """
    for path in paths:
        head = path.removeprefix(prefix).partition(".")[0]
        if path.startswith(prefix) and head not in {node.name for node in nodes}:
            raise KeyError(path)
    kept = []
    for node in nodes:
        path = prefix + node.name
        deeper = [p for p in paths if p.startswith(f"{path}.")]
        if path in paths:
            kept.append(node)
        elif deeper and node.fields:
            fields = choose(node.fields, deeper, f"{path}.")
            kept.append(Node(node.name, node.type, node.mode, fields))
    return tuple(kept)
