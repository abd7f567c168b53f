"""The canonical streams: what a file, whatever its system, is mapped onto."""

from __future__ import annotations

from typing import Any

from trueup.sources.contract import Column, Stream

#: Files are cheap to read again, and corrected ones say nothing of how far back they reach.
RESTATE_DAYS = 400

FEED = Column("feed", required=True)
MONEY = "DECIMAL(18,6)"
CAMPAIGN = (Column("platform"), Column("account_id"), Column("campaign_id"))
AD = (*CAMPAIGN, Column("ad_group_id"), Column("ad_id"))
#: Columns summed over the rows of one key; in streams not listed a repeated key is an error.
ADDITIVE = {"ad_performance": ("impressions", "clicks", "spend_amount_local")}


def _canonical(name: str, day: str, key: tuple[str, ...], *columns: Column, **more: Any) -> Stream:
    return Stream(
        name=name, columns=(FEED, *columns), key=("feed", *key), day=day,
        restate_days=RESTATE_DAYS, empty_ok=True, **more,
    )  # fmt: skip


STREAMS = (
    _canonical(
        "ad_performance", "ad_date",
        ("platform", "account_id", "campaign_id", "ad_group_id", "ad_id", "ad_date"),
        *AD, Column("campaign_name"), Column("ad_date", "DATE", required=True),
        Column("currency_code", required=True), Column("impressions", "BIGINT"),
        Column("clicks", "BIGINT"), Column("spend_amount_local", MONEY, required=True),
        control=("spend_amount_local",),
    ),
    _canonical(
        "claims", "claim_date",
        ("platform", "account_id", "campaign_id", "ad_group_id", "ad_id", "claim_date",
         "action_id", "date_basis", "attribution_model", "click_window_days",
         "view_window_days", "is_view_through", "is_modelled"),
        *AD, Column("claim_date", "DATE", required=True), Column("action_id", required=True),
        Column("action_name"), Column("date_basis", required=True), Column("attribution_model"),
        Column("click_window_days", "BIGINT"), Column("view_window_days", "BIGINT"),
        Column("is_view_through", "BOOLEAN"), Column("is_modelled", "BOOLEAN"),
        Column("currency_code"), Column("time_zone"),
        Column("claimed_conversions", MONEY, required=True),
        Column("claimed_amount_local", MONEY), history=True,
    ),
    _canonical(
        "orders", "ordered_date", ("order_id",),
        Column("order_id", required=True), Column("ordered_at", "TIMESTAMPTZ"),
        Column("ordered_date", "DATE", required=True),
        Column("is_date_assumed", "BOOLEAN"),
        Column("amount_local", MONEY, required=True), Column("currency_code", required=True),
        Column("goal"), Column("platform"), Column("campaign_id"), Column("lead_id"),
        control=("amount_local",),
    ),
    _canonical(
        "refunds", "refunded_date", ("refund_id",),
        Column("refund_id", required=True), Column("order_id", required=True),
        Column("refunded_date", "DATE", required=True),
        Column("amount_local", MONEY, required=True), Column("currency_code", required=True),
    ),
    _canonical(
        "leads", "created_date", ("lead_id",),
        Column("lead_id", required=True), Column("created_date", "DATE", required=True),
        Column("origin"), Column("platform"), Column("campaign_id"), Column("goal"),
    ),
    _canonical(
        "deals", "won_date", ("deal_id",),
        Column("deal_id", required=True), Column("lead_id"),
        Column("won_date", "DATE", required=True), Column("amount_local", MONEY),
        Column("currency_code"), Column("goal"),
    ),
    _canonical(
        "bookings", "booked_date", ("booking_id",),
        Column("booking_id", required=True), Column("booked_date", "DATE", required=True),
        Column("arrival_date", "DATE"), Column("status"), Column("amount_local", MONEY),
        Column("currency_code"), Column("goal"), Column("platform"), Column("campaign_id"),
    ),
    _canonical(
        "touches", "touch_date", ("touch_id",),
        Column("touch_id", required=True), Column("touch_date", "DATE", required=True),
        Column("touch_at", "TIMESTAMPTZ"), Column("person_id", pii="email"), Column("touch_source"),
        Column("touch_medium"), Column("platform"), Column("campaign_id"),
    ),
)  # fmt: skip
