"""What a file, whatever its system, is mapped onto: the shapes, as far as a file can fill them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from trueup.sources.contract import Column, Stream
from trueup.sources.shapes import ads
from trueup.sources.shapes.column_types import DATE, DECIMAL, INSTANT, TRUTH, WHOLE

#: Files are cheap to read again, and corrected ones say nothing of how far back they reach: all
#: of history is landed each time.
RESTATE_DAYS = 100 * 366

FEED = Column("feed", required=True)
#: The e-mail address, or the customer number where there is none; lands as a keyed hash.
PERSON = Column("person_id", pii="email")
AD_ACCOUNT = (Column("platform"), Column("account_id"), Column("campaign_id"))
#: What an ad says, where its performance comes with it.
MESSAGE = tuple(Column(column.name) for column in ads.MESSAGE)
AD = (*AD_ACCOUNT, Column("ad_group_id"), Column("ad_id"))
ORIGIN_OF_VISIT = (
    Column("click_id"), Column("click_id_kind"), Column("utm_source"), Column("utm_medium"),
    Column("utm_campaign"), Column("referrer"), Column("landing_page"), *AD_ACCOUNT,
)  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """A day column that may be given as an instant instead: then it is the instant's day in the
    reporting zone."""

    day: str
    instant: str


def _stream(
    name: str, moment: Moment, key: tuple[str, ...], *columns: Column, **more: Any
) -> Stream:
    return Stream(
        name=name,
        columns=(FEED, Column(moment.instant, INSTANT), Column(moment.day, DATE, required=True),
                 *columns),
        key=("feed", *key), day=moment.day, restate_days=RESTATE_DAYS, empty_ok=True,
        is_whole=True, shape="order_money" if name == "refunds" else name, **more,
    )  # fmt: skip


MOMENTS = {
    "orders": Moment("ordered_date", "ordered_at"),
    "refunds": Moment("refunded_date", "refunded_at"),
    "leads": Moment("created_date", "created_at"),
    "deals": Moment("won_date", "won_at"),
    "bookings": Moment("booked_date", "booked_at"),
    "touches": Moment("touch_date", "touch_at"),
}

STREAMS = (
    Stream(
        name="ad_performance",
        columns=(
            FEED, *AD, Column("campaign_name"), *MESSAGE, Column("ad_date", DATE, required=True),
            Column("currency_code", required=True), Column("impressions", WHOLE),
            Column("clicks", WHOLE), Column("spend_amount_local", DECIMAL, required=True),
        ),
        key=("feed", "platform", "account_id", "campaign_id", "ad_group_id", "ad_id", "ad_date"),
        day="ad_date", restate_days=RESTATE_DAYS, empty_ok=True, is_whole=True,
        accounts=("platform", "account_id"), shape="ad_performance",
        control=("spend_amount_local",), money="spend_amount_local", add_up=True,
    ),
    Stream(
        name="claims",
        columns=(
            FEED, *AD, Column("claim_date", DATE, required=True),
            Column("action_id", required=True), Column("action_name"),
            Column("date_basis", required=True), Column("attribution_model"),
            Column("click_window_days", WHOLE), Column("view_window_days", WHOLE),
            Column("is_view_through", TRUTH), Column("is_modelled", TRUTH),
            Column("currency_code"), Column("time_zone"),
            Column("claimed_conversions", DECIMAL, required=True),
            Column("claimed_amount_local", DECIMAL),
        ),
        key=("feed", "platform", "account_id", "campaign_id", "ad_group_id", "ad_id",
             "claim_date", "action_id", "date_basis", "attribution_model", "click_window_days",
             "view_window_days", "is_view_through", "is_modelled"),
        day="claim_date", restate_days=RESTATE_DAYS, empty_ok=True, is_whole=True,
        accounts=("platform", "account_id"), history=True, shape="claims",
        control=("claimed_amount_local",), money="claimed_amount_local", add_up=True,
    ),
    _stream(
        "orders", MOMENTS["orders"], ("order_id",),
        Column("order_id", required=True), Column("is_date_assumed", TRUTH), Column("status"),
        Column("amount_local", DECIMAL, required=True),
        Column("discount_amount_local", DECIMAL), Column("shipping_amount_local", DECIMAL),
        Column("currency_code", required=True), Column("goal"), PERSON, Column("lead_id"),
        *ORIGIN_OF_VISIT, control=("amount_local",), money="amount_local",
    ),
    _stream(
        "refunds", MOMENTS["refunds"], ("refund_id",),
        Column("refund_id", required=True), Column("order_id"), Column("entry_type"),
        Column("amount_local", DECIMAL, required=True), Column("currency_code", required=True),
        control=("amount_local",), money="amount_local",
    ),
    _stream(
        "leads", MOMENTS["leads"], ("lead_id",),
        Column("lead_id", required=True), Column("origin"), Column("goal"), PERSON,
        *ORIGIN_OF_VISIT,
    ),
    _stream(
        "deals", MOMENTS["deals"], ("deal_id",),
        Column("deal_id", required=True), Column("status"), Column("lead_id"),
        Column("amount_local", DECIMAL),
        Column("currency_code"), Column("goal"), PERSON, control=("amount_local",),
        money="amount_local",
    ),
    _stream(
        "bookings", MOMENTS["bookings"], ("booking_id",),
        Column("booking_id", required=True), Column("arrival_date", DATE),
        Column("departure_date", DATE), Column("nights", WHOLE),
        Column("distribution_channel"), Column("is_web", TRUTH),
        Column("status"), Column("cancelled_date", DATE),
        Column("amount_local", DECIMAL), Column("stayed_amount_local", DECIMAL),
        Column("currency_code"), Column("goal"), PERSON, *ORIGIN_OF_VISIT,
        control=("amount_local",), money="amount_local",
    ),
    _stream(
        "touches", MOMENTS["touches"], ("touch_id",),
        Column("touch_id", required=True), PERSON, Column("touch_source"),
        Column("touch_medium"), Column("touch_campaign"),
        *(column for column in ORIGIN_OF_VISIT if not column.name.startswith("utm_")),
    ),
)  # fmt: skip
#: What makes a row unusable though every column is of its type, and only the rows beside it tell:
#: the condition in SQL, and the reason. What a row tells on its own stands in the landing suites.
RULES: dict[str, tuple[tuple[str, str], ...]] = {
    "ad_performance": (
        ("spend_amount_local < 0 and sum(spend_amount_local) over (partition by {key}) < 0",
         "spend is below zero: a credit lowers the day and campaign it belongs to"),
    ),
}  # fmt: skip


def rules(stream: Stream) -> list[tuple[str, str]]:
    """The rules of the stream, for the rows of one file."""
    key = ", ".join(f'"{name}"' for name in stream.key if name != FEED.name)
    return [(bad.format(key=key), why) for bad, why in RULES.get(stream.name, ())]
