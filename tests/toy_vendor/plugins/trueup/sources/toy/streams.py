"""What Toy's API gives: its rows, their keys, and how far back it changes its mind."""

from __future__ import annotations

from trueup.sources.contract import Column, Stream

MONEY = "DECIMAL(18,6)"
#: Toy corrects spend and claims for a week.
RESTATE_DAYS = 7

STREAMS = (
    Stream(
        name="ads",
        columns=(
            Column("account_id", required=True), Column("campaign_id", required=True),
            Column("campaign_name"), Column("ad_id", required=True),
            Column("day", "DATE", required=True), Column("currency", required=True),
            Column("views", "BIGINT"), Column("clicks", "BIGINT"),
            Column("cost", MONEY, required=True),
        ),
        key=("account_id", "campaign_id", "ad_id", "day"),
        day="day", restate_days=RESTATE_DAYS, control=("cost",), money="cost",
    ),
    Stream(
        name="accounts",
        columns=(
            Column("account_id", required=True), Column("day", "DATE", required=True),
            Column("currency", required=True), Column("views", "BIGINT"),
            Column("clicks", "BIGINT"), Column("cost", MONEY, required=True),
        ),
        key=("account_id", "day"),
        day="day", restate_days=RESTATE_DAYS, control=("cost",), money="cost",
    ),
    Stream(
        name="claims",
        columns=(
            Column("account_id", required=True), Column("campaign_id", required=True),
            Column("ad_id", required=True), Column("day", "DATE", required=True),
            Column("action", required=True), Column("currency", required=True),
            Column("count", MONEY, required=True), Column("value", MONEY),
        ),
        key=("account_id", "campaign_id", "ad_id", "day", "action"),
        day="day", restate_days=RESTATE_DAYS, history=True, empty_ok=True, money="value",
    ),
    Stream(
        name="orders",
        columns=(
            Column("account_id", required=True), Column("order_id", required=True),
            Column("ordered_at", "TIMESTAMPTZ", required=True),
            Column("day", "DATE", required=True), Column("currency", required=True),
            Column("total", MONEY, required=True), Column("discount", MONEY),
            Column("email", pii="email"), Column("utm_source"), Column("utm_medium"),
            Column("utm_campaign"),
        ),
        key=("account_id", "order_id"),
        day="day", restate_days=RESTATE_DAYS, empty_ok=True, money="total",
    ),
)  # fmt: skip
