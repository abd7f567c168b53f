"""The shapes: what streams of one kind become, the same for every source.

Written down once, here. `trueup docs` makes from it the contracts of the staging models
(`models/staging/<source>/_<source>__shapes.yml`) and the tables of docs/files.md; files land on
the same columns (sources/files/streams.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TEXT = "VARCHAR"
WHOLE = "BIGINT"
DATE = "DATE"
INSTANT = "TIMESTAMPTZ"
TRUTH = "BOOLEAN"
#: Money and counted conversions at the source's own precision: readers round, rows do not.
DECIMAL = "DECIMAL(18,6)"
#: Money that staging adds up: one row may be as large as a DECIMAL(18,6) holds, a sum is larger.
SUM = "DECIMAL(38,6)"
#: What goal mappings select where a visit is to count that the system itself calls engaged.
ENGAGED = "engaged_session"


@dataclass(frozen=True)
class ShapeColumn:
    """One column of a shape. `type` is a DuckDB type; `required` columns are never null."""

    name: str
    type: str
    meaning: str
    required: bool = False


@dataclass(frozen=True)
class Shape:
    """What rows of one kind look like, whatever system they come from.

    `key` tells one row from every other; `money` is the column that is summed in row accounts. Of
    a witness too many rows set aside warn and never hold. In the shapes of the ledger a key that
    stands twice stops the build, because it would be counted twice; in the others it warns. A bulk
    shape is read where it was landed. `has_every_load` says that rows of loads that are no longer
    in force are among them.
    """

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[ShapeColumn, ...]
    money: str | None = None
    is_witness: bool = False
    is_ledger: bool = False
    is_bulk: bool = False
    has_every_load: bool = False

    def column(self, name: str) -> ShapeColumn:
        return next(column for column in self.columns if column.name == name)


def _column(name: str, type: str, meaning: str, required: bool = False) -> ShapeColumn:
    return ShapeColumn(name, type, meaning, required)


#: In front of every shape: where the row comes from.
ORIGIN = (
    _column("source", TEXT, "the system the row comes from", True),
    _column("stream", TEXT, "the stream of that system", True),
)
#: At the end of every shape: how the row is accounted for.
PROVENANCE = (
    _column("_rows", WHOLE, "rows of the stream this one stands for; 0 where another does", True),
    _column("_day", DATE, "the day the stream counts the row on", True),
    _column("_load_id", TEXT, "the load it was landed with", True),
)

_PLATFORM = _column("platform", TEXT, "the ad platform, such as listing_sites")
_ACCOUNT = _column("account_id", TEXT, "the platform's account; null where it is not known")
_CAMPAIGN = _column(
    "campaign_id", TEXT, "the platform's campaign id, or its name where it has none"
)
_AD = (
    _column("ad_group_id", TEXT, "ad group or ad set"),
    _column("ad_id", TEXT, "the ad"),
)
_CURRENCY = _column("currency_code", TEXT, "ISO 4217 code of the amounts beside it")
_TRAFFIC = (
    _column("impressions", WHOLE, "times an ad was shown"),
    _column("clicks", WHOLE, "clicks on it"),
    _column("spend_amount_local", SUM, "what it cost, in `currency_code`", True),
)
#: What a record says of where the person came from.
_ORIGIN_OF_VISIT = (
    _column("click_id", TEXT, "the ad platform's id of the click that led to it"),
    _column("click_id_kind", TEXT, "the link parameter the click id came in, such as gclid"),
    _column("utm_source", TEXT, "source named in the link, in lower case"),
    _column("utm_medium", TEXT, "medium named in the link, in lower case"),
    _column("utm_campaign", TEXT, "campaign named in the link"),
    _column("referrer", TEXT, "the page before the visit"),
    _column("landing_page", TEXT, "the first page of the visit, with its query"),
    _column("platform", TEXT, "the ad platform, where the record itself names it"),
    _column("ad_account_id", TEXT, "the platform's account, where the record names it"),
    _column("campaign_id", TEXT, "the campaign, where the record itself names it"),
)
_PERSON = _column("customer_key", TEXT, "keyed hash of who it was; joins orders, leads and touches")
_RECORD = _column("record_id", TEXT, "the record's id, unique within the source", True)
_GOAL = (
    _column("selector", TEXT, "what goal mappings of the company file call it"),
    _column("goal", TEXT, "the goal, where the record itself names it"),
)
_SHOP = _column("account_id", TEXT, "the shop, portal, property or feed it comes from")

SHAPES = (
    Shape(
        "ad_performance",
        "What ads cost and brought to the site, by ad or, where a platform has none, by campaign.",
        ("platform", "account_id", "campaign_id", "ad_group_id", "ad_id", "ad_date",
         "currency_code", "level"),
        (
            _column("level", TEXT, "`ad`, or `campaign` where the row is a campaign's total", True),
            _column("platform", TEXT, _PLATFORM.meaning, True),
            _ACCOUNT,
            _CAMPAIGN,
            *_AD,
            _column("campaign_name", TEXT, "what the campaign is called on the row itself"),
            _column("ad_date", DATE, "day of the ad account", True),
            _CURRENCY,
            *_TRAFFIC,
        ),
        money="spend_amount_local",
    ),
    Shape(
        "account_spend",
        "What an account was charged on a day: the control total of its rows.",
        ("platform", "account_id", "ad_date"),
        (
            _column("platform", TEXT, _PLATFORM.meaning, True),
            _column("account_id", TEXT, "the platform's account", True),
            _column("ad_date", DATE, "day of the ad account", True),
            _CURRENCY,
            *_TRAFFIC,
        ),
        money="spend_amount_local",
    ),
    Shape(
        "campaigns",
        "What a campaign was called at a moment; one row per campaign and load that lists it.",
        ("platform", "account_id", "campaign_id", "observed_at"),
        (
            _column("platform", TEXT, _PLATFORM.meaning, True),
            _ACCOUNT,
            _column("campaign_id", TEXT, _CAMPAIGN.meaning, True),
            _column("campaign_name", TEXT, "its name"),
            _column("campaign_type", TEXT, "the platform's type or objective"),
            _column(
                "type_channel",
                TEXT,
                "the channel a campaign of that type is of; (unmapped) where the platform's table"
                " does not have the type, null where the platform has no types",
            ),
            _column("status", TEXT, "the platform's status"),
            _column("observed_at", INSTANT, "when it was seen so; null: ever since"),
        ),
        is_witness=True,
    ),
    Shape(
        "claims",
        "Conversions a platform says it caused, by its own definition.",
        ("platform", "account_id", "campaign_id", "ad_group_id", "ad_id", "claim_date",
         "action_id", "date_basis", "attribution_model", "click_window_days",
         "view_window_days", "is_view_through", "is_modelled", "currency_code"),
        (
            _column("feed", TEXT, "the feed it comes from; null for vendors' APIs"),
            _column("platform", TEXT, _PLATFORM.meaning, True),
            _ACCOUNT,
            _CAMPAIGN,
            *_AD,
            _column("claim_date", DATE, "day of the ad account the platform counts it on", True),
            _column("action_id", TEXT, "the platform's id of what was done", True),
            _column("action_name", TEXT, "what the platform calls it"),
            _column("date_basis", TEXT, "click_date, impression_date or conversion_date", True),
            _column("attribution_model", TEXT, "how the platform shares credit"),
            _column("click_window_days", "INTEGER", "days after a click that count"),
            _column("view_window_days", "INTEGER", "days after a view that count"),
            _column("is_view_through", TRUTH, "whether no click stands behind it"),
            _column("is_modelled", TRUTH, "whether it is estimated; null where nobody says"),
            _CURRENCY,
            _column("time_zone", TEXT, "IANA zone of the ad account's days"),
            _column("claimed_conversions", DECIMAL, "how many", True),
            _column("claimed_amount_local", DECIMAL, "their value; null where none is stated"),
            _column("is_current", TRUTH, "whether its load is the one in force for its day", True),
        ),
        money="claimed_amount_local",
        is_witness=True,
        has_every_load=True,
    ),
    Shape(
        "affiliate_sales",
        "Sales that affiliates are credited with, as each stands: pending, approved or declined.",
        ("platform", "account_id", "sale_id"),
        (
            _column("platform", TEXT, _PLATFORM.meaning, True),
            _ACCOUNT,
            _column("campaign_id", TEXT, "the affiliate"),
            _column("sale_id", TEXT, "the network's id of it", True),
            _column("order_id", TEXT, "the order it names"),
            _column("action", TEXT, "what was done: `sale`, `lead` or `bonus`", True),
            _column("status", TEXT, "`pending`, `approved`, `declined` or `deleted`", True),
            _column("reason", TEXT, "why it was declined; null where it was not, or nobody says"),
            _column("sold_at", INSTANT, "when it was made", True),
            _column("sold_date", DATE, "day of the network's account on which it was", True),
            _column("validated_date", DATE, "day on which it was approved or declined"),
            _CURRENCY,
            _column("amount_local", DECIMAL, "what the customer bought for"),
            _column("commission_currency_code", TEXT, "currency of the commission"),
            _column("commission_amount_local", DECIMAL, "what the affiliate is to have, or has"),
        ),
        money="amount_local",
        is_witness=True,
    ),
    Shape(
        "claim_definitions",
        "Actions a platform counts as conversions, as they are set now.",
        ("platform", "account_id", "action_id"),
        (
            _column("platform", TEXT, _PLATFORM.meaning, True),
            _ACCOUNT,
            _column("action_id", TEXT, "the platform's id of the action", True),
            _column("action_name", TEXT, "what the platform calls it"),
            _column("status", TEXT, "the platform's status"),
            _column("is_primary", TRUTH, "whether it steers bidding"),
            _column("attribution_model", TEXT, "how the platform shares credit"),
            _column("click_window_days", "INTEGER", "days after a click that count"),
            _column("view_window_days", "INTEGER", "days after a view that count"),
        ),
        is_witness=True,
    ),
    Shape(
        "clicks",
        "Clicks by the platform's own record: what a click id means.",
        ("click_id",),
        (
            _column("platform", TEXT, _PLATFORM.meaning, True),
            _column("account_id", TEXT, "the platform's account", True),
            _column("click_id", TEXT, "the id links carry", True),
            _CAMPAIGN,
            *_AD,
            _column("click_date", DATE, "day of the ad account", True),
        ),
        is_witness=True,
    ),
    Shape(
        "events",
        "What a web analytics system saw: one row per event. Read where it was landed.",
        ("event_key",),
        (
            _column("event_key", TEXT, "unique", True),
            _column("event_name", TEXT, "what happened", True),
            _column("event_at", INSTANT, "when", True),
            _column("event_date", DATE, "day of the property", True),
            _column("client_id", TEXT, "the browser"),
            _column("user_id", TEXT, "keyed hash of the login"),
            _column("session_key", TEXT, "the visit; null where the browser may not be known"),
            _column("page_location", TEXT, "the page, with its query"),
            _column("page_referrer", TEXT, "the page before it"),
            _column("transaction_id", TEXT, "the order it speaks of"),
            _column("amount_local", DECIMAL, "what it says it is worth; below 0 takes a sale back"),
            _CURRENCY,
            _column("added_amount_local", DECIMAL, "tax and shipping it was sent beside that"),
            _column("amount_from", TEXT, "where the amount was found, in the system's own words; "
                    "`unreadable` where it was sent but is no number"),
            _column("is_currency_assumed", TRUTH, "whether the company file gave the currency"),
            _column("goal_event_name", TEXT, "the event whose goal it belongs to: of what takes a "
                    "sale back, the sale's", True),
            _column("is_reversal", TRUTH, "whether it takes a sale back", True),
            _column("is_engaged", TRUTH, "whether the system calls the visit engaged by then"),
            _column("property_id", TEXT, "the property or site that saw it"),
            _column("click_id", TEXT, "the ad platform's id of the click"),
            _column("click_id_kind", TEXT, "the link parameter it came in"),
            _column("manual_source", TEXT, "source named in the link"),
            _column("manual_medium", TEXT, "medium named in the link"),
            _column("manual_campaign_name", TEXT, "campaign named in the link"),
            _column("manual_campaign_id", TEXT, "campaign id in the link"),
            _column("session_source", TEXT, "the system's own answer: source of the session"),
            _column("session_medium", TEXT, "its medium"),
            _column("session_campaign_name", TEXT, "its campaign"),
            _column("session_campaign_id", TEXT, "its campaign's id"),
            _column("session_manual_source", TEXT, "its answer by the links' words alone: source"),
            _column("session_manual_medium", TEXT, "by the links' words alone: medium"),
            _column("session_ads_campaign_id", TEXT, "its answer by a linked ad account: campaign"),
            _column("session_default_channel", TEXT, "its own channel group of the session"),
            _column("first_source", TEXT, "source of the browser's first visit ever"),
            _column("first_medium", TEXT, "medium of that visit"),
            _column("has_analytics_consent", TRUTH, "consent to analytics storage"),
            _column("has_ads_consent", TRUTH, "consent to ad storage"),
            _column("device_category", TEXT, "desktop, mobile, tablet"),
            _column("browser", TEXT, "the browser's name; null where the system does not say"),
            _column("country", TEXT, "country of the visitor"),
        ),
        money="amount_local",
        is_witness=True,
        is_bulk=True,
    ),
    Shape(
        "orders",
        "Orders of a shop.",
        ("record_id",),
        (
            _SHOP,
            _RECORD,
            _column("transaction_id", TEXT, "the id customers and tags see"),
            _column("other_transaction_id", TEXT, "a second id tags may send"),
            _column("ordered_at", INSTANT, "when it was placed", True),
            _column("is_time_known", TRUTH, "false where only the day is known", True),
            _column("status", TEXT, "`won`, `pending`, `void` or `cancelled`", True),
            _column("is_web", TRUTH, "whether a web visit can stand behind it", True),
            _column("expected_amount_local", DECIMAL, "what a tag would send as its value"),
            _column("shipping_amount_local", DECIMAL, "the part of it tags may leave out"),
            _column("unpaid_amount_local", DECIMAL, "what nobody has paid of it, as it stands now"),
            _CURRENCY,
            *_GOAL,
            _PERSON,
            _column("lead_record_id", TEXT, "the lead it came from"),
            *_ORIGIN_OF_VISIT,
        ),
        money="expected_amount_local",
        is_ledger=True,
    ),
    Shape(
        "order_money",
        "Money that moved, each movement on its own date: sales add, everything else takes away.",
        ("entry_id",),
        (
            _SHOP,
            _column("entry_id", TEXT, "the movement's id, unique within the source", True),
            _column("record_type", TEXT, "`order` or `booking`", True),
            _column("record_id", TEXT, "its order or booking; null where none is named"),
            _column("entry_type", TEXT, "`sale`, `discount`, `refund`, `cancellation`, "
                    "`chargeback`, `fee`, `correction`; of store credit `credit_sold`, "
                    "`credit_spent`, `credit_returned`", True),
            _column("entry_at", INSTANT, "when the money moved", True),
            _column("amount_local", SUM, "signed: what came in is positive", True),
            _CURRENCY,
        ),
        money="amount_local",
        is_ledger=True,
    ),
    Shape(
        "record_days",
        "Days of which a source listed every record it has: what it does not list was deleted.",
        ("account_id", "record_date"),
        (
            _column("account_id", TEXT, "the shop", True),
            _column("record_date", DATE, "day the records were made", True),
            _column("record_count", WHOLE, "how many there are", True),
        ),
        is_witness=True,
    ),
    Shape(
        "leads",
        "People who asked: forms, calls, enquiries.",
        ("record_id",),
        (
            _SHOP,
            _RECORD,
            _column("journey_key", TEXT, "the person's record that leads and deals share"),
            _column("created_at", INSTANT, "when they asked", True),
            _column("is_time_known", TRUTH, "false where only the day is known", True),
            *_GOAL,
            _PERSON,
            *_ORIGIN_OF_VISIT,
        ),
        is_ledger=True,
    ),
    Shape(
        "deals",
        "Sales a person makes, with what is known of them now.",
        ("record_id",),
        (
            _SHOP,
            _RECORD,
            _column("journey_key", TEXT, "the record of the person behind it, shared with leads"),
            _column("created_at", INSTANT, "when it was entered", True),
            _column("amount_local", DECIMAL, "what it is worth; null where nobody says"),
            _CURRENCY,
            *_GOAL,
            _PERSON,
            _column("deleted_at", INSTANT, "when it was deleted; null where it stands"),
        ),
        money="amount_local",
        is_ledger=True,
    ),
    Shape(
        "deal_stages",
        "Every time a deal changed its stage or its worth, and how it stood from then on.",
        ("deal_record_id", "stage", "entered_at"),
        (
            _column("deal_record_id", TEXT, "the deal", True),
            _column("stage", TEXT, "the stage's id", True),
            _column("entered_at", INSTANT, "when", True),
            _column("amount_local", DECIMAL, "the deal's amount from then on"),
            _column("currency_code", TEXT, "its currency from then on; null: the deal's"),
            _column("outcome", TEXT, "`won`, `lost` or `open`; null where the source cannot tell. "
                    "The company file's word comes first"),
        ),
        money="amount_local",
        is_ledger=True,
    ),
    Shape(
        "bookings",
        "Stays and services reserved for a date.",
        ("record_id",),
        (
            _SHOP,
            _RECORD,
            _column("transaction_id", TEXT, "the id guests and tags see"),
            _column("booked_at", INSTANT, "when it was made", True),
            _column("is_time_known", TRUTH, "false where only the day is known", True),
            _column("arrival_date", DATE, "first day of the stay"),
            _column("departure_date", DATE, "day after the last night"),
            _column("nights", WHOLE, "nights booked, of all its rooms together"),
            _column("distribution_channel", TEXT, "the way it was sold by: direct, or an agency"),
            _column("is_web", TRUTH, "whether a web visit can stand behind it", True),
            _column("status", TEXT, "`won`, `pending`, `cancelled` or `no_show`", True),
            _column("cancelled_at", INSTANT, "when it was cancelled"),
            _column("booked_amount_local", DECIMAL, "its value when it was made"),
            _column("stayed_amount_local", DECIMAL, "what the stay was worth in the end"),
            _column("unpaid_amount_local", DECIMAL,
                    "what is still owed, where its system records payments; else null"),
            _CURRENCY,
            *_GOAL,
            _PERSON,
            *_ORIGIN_OF_VISIT,
        ),
        money="booked_amount_local",
        is_ledger=True,
    ),
    Shape(
        "room_days",
        "Rooms of a property on a day, as each stream tells: how many there are, sold and blocked.",
        ("stream", "account_id", "room_type_id", "stay_date", "_day", "_load_id"),
        (
            _column("account_id", TEXT, "the property", True),
            _column("room_type_id", TEXT, "the kind of room; null where none is named"),
            _column("room_type_name", TEXT, "what it is called"),
            _column("stay_date", DATE, "the night, by the day it begins on", True),
            _column("room_count", WHOLE, "rooms there are", True),
            _column("sold_room_count", WHOLE, "rooms that are booked for the night", True),
            _column("blocked_room_count", WHOLE, "rooms that cannot be sold", True),
        ),
        is_witness=True,
    ),
    Shape(
        "touches",
        "Visits and clicks another system recorded.",
        ("record_id",),
        (
            _SHOP,
            _RECORD,
            _column("touch_at", INSTANT, "when", True),
            _PERSON,
            *_ORIGIN_OF_VISIT,
        ),
        is_witness=True,
    ),
    Shape(
        "activities",
        "What people did about an enquiry: calls, e-mails, meetings, tasks.",
        ("record_id",),
        (
            _SHOP,
            _RECORD,
            _column("journey_key", TEXT, "the person's record that leads and deals share"),
            _column("kind", TEXT, "`call`, `email`, `meeting` or `task`", True),
            _column("happened_at", INSTANT, "when; null where nobody says"),
            _column("is_outbound", TRUTH, "whether the company reached out; null: not known"),
            _column("is_done", TRUTH, "false where it is only planned; null: not known"),
        ),
        is_witness=True,
    ),
    Shape(
        "search_performance",
        "What searches showed of the site and brought to it, unpaid and paid, by query and page. "
        "What a vendor tells no query of is a row of its own.",
        ("is_paid", "account_id", "search_type", "search_date", "campaign_id",
         "ad_group_id", "ad_id", "page", "query"),
        (
            _column("account_id", TEXT, "the property or ad account", True),
            _column("search_date", DATE, "day of the property or ad account", True),
            _column("is_paid", TRUTH, "whether ads were shown", True),
            _column("search_type", TEXT, "`web`, `image`, `video` or `news`", True),
            _column("campaign_id", TEXT, "the campaign, where it was paid for"),
            *_AD,
            _column("page", TEXT, "the page that was shown or that the ad leads to; null where "
                    "nobody tells"),
            _column("query", TEXT, "what was typed; null where it is not told or is personal"),
            _column("is_anonymised", TRUTH, "whether the query is not told", True),
            _column("is_final", TRUTH, "false while the vendor still counts the day", True),
            _column("impressions", WHOLE, "times it was shown", True),
            _column("clicks", WHOLE, "clicks on it", True),
            _column("position", DECIMAL, "average place among the results, 1 is the first; null "
                    "where it is not known"),
            _CURRENCY,
            _column("spend_amount_local", SUM, "what it cost; null where it is unpaid"),
            _column("claimed_conversions", DECIMAL, "what the ad platform claims; null where it is "
                    "unpaid"),
        ),
        money="spend_amount_local",
        is_witness=True,
    ),
    Shape(
        "server_events",
        "Events a server sent to an ad platform, beside the browser's: one row each, however often "
        "it was sent.",
        ("destination", "account_id", "action", "event_id"),
        (
            _column("destination", TEXT, "where it was sent: `meta`, `google` or another", True),
            _column("account_id", TEXT, "the dataset, pixel or account it was sent to", True),
            _column("action", TEXT, "the event's name, or the conversion action's id", True),
            _column("event_id", TEXT, "its id; where it was sent none, what tells it from others",
                    True),
            _column("has_event_id", TRUTH, "whether it was sent an id of its own", True),
            _column("transaction_id", TEXT, "the order or booking it speaks of"),
            _column("transaction_count", WHOLE, "how many orders or bookings its id was sent for"),
            _column("event_at", INSTANT, "when it happened, as it was sent; null where not known"),
            _column("is_clock_wrong", TRUTH, "whether it is dated after it was sent"),
            _column("sent_at", INSTANT, "when it was first sent", True),
            _column("sent_date", DATE, "day of that in the reporting zone", True),
            _column("attempt_count", WHOLE, "how often it was sent", True),
            _column("is_test", TRUTH, "whether it was sent as a test, which counts nowhere", True),
            _column("outcome", TEXT, "`accepted`, `received` and not yet judged, `rejected` or "
                    "`unknown`", True),
            _column("error_code", TEXT, "the destination's code, where it was rejected"),
            _column("error_subcode", TEXT, "its second code"),
            _column("reason", TEXT, "the same in words; null for a code that is not known"),
            _column("request_id", TEXT, "the destination's id of the last request it was in"),
            _column("has_email", TRUTH, "whether an e-mail address was sent; null: not known"),
            _column("has_phone", TRUTH, "whether a phone number was"),
            _column("has_address", TRUTH, "whether a name or a place was"),
            _column("has_external_id", TRUTH, "whether the company's own id of the person was"),
            _column("has_browser_id", TRUTH, "whether an id of the browser was"),
            _column("has_ip", TRUTH, "whether an address on the net was"),
            _column("is_hashed", TRUTH, "whether addresses and numbers were hashed; null: none"),
            _column("click_id_kinds", TEXT, "link parameters whose click ids were sent"),
            _column("has_ads_consent", TRUTH, "consent to use for ads, as it was sent"),
            _column("has_personalization_consent", TRUTH, "consent to ads made for the person"),
            _CURRENCY,
            _column("amount_local", DECIMAL, "what it says it is worth; it is no revenue"),
        ),
        is_witness=True,
    ),
    Shape(
        "server_event_verdicts",
        "What a destination says of a request of server events after it had taken it.",
        ("destination", "account_id", "action", "request_id", "reason_code"),
        (
            _column("destination", TEXT, "where it was sent", True),
            _column("account_id", TEXT, "the account it was sent to", True),
            _column("action", TEXT, "the conversion action; null: all of the request's"),
            _column("request_id", TEXT, "the destination's id of the request", True),
            _column("verdict", TEXT, "`accepted` or `rejected`, all of it; `partial`; `unknown` "
                    "while it is not judged", True),
            _column("event_count", WHOLE, "events in the request; null where it does not say"),
            _column("reason_code", TEXT, "why events were rejected, as the destination writes it"),
            _column("reason", TEXT, "the same in words"),
            _column("rejected_count", WHOLE, "events rejected for it"),
        ),
        is_witness=True,
    ),
    Shape(
        "server_event_quality",
        "How well a destination can use the server events it is sent, as it says on a day.",
        ("destination", "account_id", "action", "observed_date"),
        (
            _column("destination", TEXT, "who says so", True),
            _column("account_id", TEXT, "the dataset", True),
            _column("action", TEXT, "the event's name", True),
            _column("observed_date", DATE, "day on which it was asked", True),
            _column("match_quality", DECIMAL, "score of 0 to 10: how well events fit people"),
            _column("event_coverage", DECIMAL, "share of the browser's events that a server sent "
                    "as well"),
            _column("browser_id_coverage", DECIMAL, "share of the browser's events with an id"),
            _column("server_id_coverage", DECIMAL, "share of the server's events with an id"),
        ),
        is_witness=True,
    ),
    Shape(
        "settings",
        "What a system is set to, object by object and setting by setting, as every load saw it. "
        "What a later load of the account does not list has gone.",
        ("account_id", "object_type", "object_id", "setting"),
        (
            _column("account_id", TEXT, "the account, property, portal, shop or container", True),
            _column("object_type", TEXT, "`account`, or what in it: `conversion action`, `tag`",
                    True),
            _column("object_id", TEXT, "its id, unique within account and type", True),
            _column("object_name", TEXT, "what it was called then"),
            _column("setting", TEXT, "`time_zone`, `paused` or another", True),
            _column("value", TEXT, "as the vendor writes it; `hidden` and a hash where it may be "
                    "secret, code or a person; null where nobody says, which is no change"),
            _column("feeds", TEXT, "what goal mappings may call what the object feeds, between "
                    "semicolons; `(conversion)` where it feeds one without a name"),
            _column("observed_at", INSTANT, "when it was seen so", True),
            _column("changed_by", TEXT, "who set it so, where the vendor says; never an address"),
        ),
        is_witness=True,
        has_every_load=True,
    ),
    Shape(
        "rates",
        "Exchange rates: units of a currency per unit of the base currency.",
        ("rate_date", "currency_code"),
        (
            _column("rate_date", DATE, "the day it was published for", True),
            _column("currency_code", TEXT, "ISO 4217 code", True),
            _column("base_currency", TEXT, "ISO 4217 code of the base", True),
            _column("units_per_base", DECIMAL, "units of the currency for one of the base", True),
        ),
        is_witness=True,
    ),
)  # fmt: skip


#: What a staging folder leaves out of the shapes, so that no row goes missing.
SET_ASIDE = Shape(
    "set_aside",
    "Rows of a stream that stand in none of its shapes, each with the reason.",
    ("stream", "record_id", "_load_id", "reason"),
    (
        _column("record_id", TEXT, "the record it is about", True),
        _column("reason", TEXT, "why it is not used, without personal data", True),
        _column("kind", TEXT, "`excluded` by a rule, `duplicate` or `unreadable`", True),
        _CURRENCY,
        _column("amount_local", DECIMAL, "what it weighs in its stream; null where it has none"),
    ),
    money="amount_local",
    is_witness=True,
)


def shape(name: str) -> Shape:
    """The shape called `name`. Raises KeyError where there is none."""
    return {one.name: one for one in (*SHAPES, SET_ASIDE)}[name]


def columns(one: Shape) -> tuple[ShapeColumn, ...]:
    """Every column of a staging model of the shape, in order."""
    return (*ORIGIN, *one.columns, *PROVENANCE)


EntryType = Literal["sale", "discount", "refund", "cancellation", "chargeback", "fee", "correction"]
