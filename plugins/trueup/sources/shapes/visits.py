"""What was seen of people's visits: by web analytics, and by other systems."""

from __future__ import annotations

from trueup.sources.shapes.column_types import DATE, DECIMAL, INSTANT, TEXT, TRUTH
from trueup.sources.shapes.declaration import Shape
from trueup.sources.shapes.declaration import ShapeColumn as Column
from trueup.sources.shapes.shared_columns import CURRENCY, ORIGIN_OF_VISIT, PERSON, RECORD, SHOP

#: What goal mappings select where a visit is to count that the system itself calls engaged.
ENGAGED = "engaged_session"

EVENTS = Shape(
    "events",
    "What a web analytics system saw: one row per event. Read where it was landed.",
    ("event_key",),
    (
        Column("event_key", TEXT, "unique", True),
        Column("event_name", TEXT, "what happened", True),
        Column("event_at", INSTANT, "when", True),
        Column("event_date", DATE, "day of the property", True),
        Column("client_id", TEXT, "the browser"),
        Column("user_id", TEXT, "keyed hash of the login"),
        Column("session_key", TEXT, "the visit; null where the browser may not be known"),
        Column("page_location", TEXT, "the page, with its query"),
        Column("page_referrer", TEXT, "the page before it"),
        Column("transaction_id", TEXT, "the order it speaks of"),
        Column("amount_local", DECIMAL, "what it says it is worth; below 0 takes a sale back"),
        CURRENCY,
        Column("added_amount_local", DECIMAL, "tax and shipping it was sent beside that"),
        Column(
            "amount_from",
            TEXT,
            "where the amount was found, in the system's own words; "
            "`unreadable` where it was sent but is no number",
        ),
        Column("is_currency_assumed", TRUTH, "whether the company file gave the currency"),
        Column(
            "goal_event_name",
            TEXT,
            "the event whose goal it belongs to: of what takes a sale back, the sale's",
            True,
        ),
        Column("is_reversal", TRUTH, "whether it takes a sale back", True),
        Column("is_engaged", TRUTH, "whether the system calls the visit engaged by then"),
        Column("property_id", TEXT, "the property or site that saw it"),
        Column("click_id", TEXT, "the ad platform's id of the click"),
        Column("click_id_kind", TEXT, "the link parameter it came in"),
        Column("manual_source", TEXT, "source named in the link"),
        Column("manual_medium", TEXT, "medium named in the link"),
        Column("manual_campaign_name", TEXT, "campaign named in the link"),
        Column("manual_campaign_id", TEXT, "campaign id in the link"),
        Column("session_source", TEXT, "the system's own answer: source of the session"),
        Column("session_medium", TEXT, "its medium"),
        Column("session_campaign_name", TEXT, "its campaign"),
        Column("session_campaign_id", TEXT, "its campaign's id"),
        Column("session_manual_source", TEXT, "its answer by the links' words alone: source"),
        Column("session_manual_medium", TEXT, "by the links' words alone: medium"),
        Column("session_ads_campaign_id", TEXT, "its answer by a linked ad account: campaign"),
        Column("session_ads_click_kind", TEXT, "how links of that account's platform call a click"),
        Column("session_default_channel", TEXT, "its own channel group of the session"),
        Column("first_source", TEXT, "source of the browser's first visit ever"),
        Column("first_medium", TEXT, "medium of that visit"),
        Column("has_analytics_consent", TRUTH, "consent to analytics storage"),
        Column("has_ads_consent", TRUTH, "consent to ad storage"),
        Column("device_category", TEXT, "desktop, mobile, tablet"),
        Column("browser", TEXT, "the browser's name; null where the system does not say"),
        Column("country", TEXT, "country of the visitor"),
    ),
    money="amount_local",
    is_witness=True,
    is_bulk=True,
)

TOUCHES = Shape(
    "touches",
    "Visits and clicks another system recorded.",
    ("record_id",),
    (
        SHOP,
        RECORD,
        Column("touch_at", INSTANT, "when", True),
        PERSON,
        *ORIGIN_OF_VISIT,
    ),
    is_witness=True,
)
