"""Events that servers sent to ad platforms, and what the platforms say of them."""

from __future__ import annotations

from trueup.sources.shapes.column_types import DATE, DECIMAL, INSTANT, TEXT, TRUTH, WHOLE
from trueup.sources.shapes.declaration import Shape
from trueup.sources.shapes.declaration import ShapeColumn as Column
from trueup.sources.shapes.shared_columns import CURRENCY

SERVER_EVENTS = Shape(
    "server_events",
    "Events a server sent to an ad platform, beside the browser's: one row each, however often "
    "it was sent.",
    ("destination", "account_id", "action", "event_id"),
    (
        Column("destination", TEXT, "where it was sent: `meta`, `google` or another", True),
        Column("account_id", TEXT, "the dataset, pixel or account it was sent to", True),
        Column("action", TEXT, "the event's name, or the conversion action's id", True),
        Column("event_id", TEXT, "its id; where it was sent none, what tells it from others", True),
        Column("has_event_id", TRUTH, "whether it was sent an id of its own", True),
        Column("transaction_id", TEXT, "the order or booking it speaks of"),
        Column("transaction_count", WHOLE, "how many orders or bookings its id was sent for"),
        Column("event_at", INSTANT, "when it happened, as it was sent; null where not known"),
        Column("is_clock_wrong", TRUTH, "whether it is dated after it was sent"),
        Column("sent_at", INSTANT, "when it was first sent", True),
        Column("sent_date", DATE, "day of that in the reporting zone", True),
        Column("attempt_count", WHOLE, "how often it was sent", True),
        Column("is_test", TRUTH, "whether it was sent as a test, which counts nowhere", True),
        Column(
            "outcome",
            TEXT,
            "`accepted`, `received` and not yet judged, `rejected` or `unknown`",
            True,
        ),
        Column("error_code", TEXT, "the destination's code, where it was rejected"),
        Column("error_subcode", TEXT, "its second code"),
        Column("reason", TEXT, "the same in words; null for a code that is not known"),
        Column("request_id", TEXT, "the destination's id of the last request it was in"),
        Column("has_email", TRUTH, "whether an e-mail address was sent; null: not known"),
        Column("has_phone", TRUTH, "whether a phone number was"),
        Column("has_address", TRUTH, "whether a name or a place was"),
        Column("has_external_id", TRUTH, "whether the company's own id of the person was"),
        Column("has_browser_id", TRUTH, "whether an id of the browser was"),
        Column("has_ip", TRUTH, "whether an address on the net was"),
        Column("is_hashed", TRUTH, "whether addresses and numbers were hashed; null: none"),
        Column("click_id_kinds", TEXT, "link parameters whose click ids were sent"),
        Column("has_ads_consent", TRUTH, "consent to use for ads, as it was sent"),
        Column("has_personalization_consent", TRUTH, "consent to ads made for the person"),
        CURRENCY,
        Column("amount_local", DECIMAL, "what it says it is worth; it is no revenue"),
    ),
    is_witness=True,
)

SERVER_EVENT_VERDICTS = Shape(
    "server_event_verdicts",
    "What a destination says of a request of server events after it had taken it.",
    ("destination", "account_id", "action", "request_id", "reason_code"),
    (
        Column("destination", TEXT, "where it was sent", True),
        Column("account_id", TEXT, "the account it was sent to", True),
        Column("action", TEXT, "the conversion action; null: all of the request's"),
        Column("request_id", TEXT, "the destination's id of the request", True),
        Column(
            "verdict",
            TEXT,
            "`accepted` or `rejected`, all of it; `partial`; `unknown` while it is not judged",
            True,
        ),
        Column("event_count", WHOLE, "events in the request; null where it does not say"),
        Column("reason_code", TEXT, "why events were rejected, as the destination writes it"),
        Column("reason", TEXT, "the same in words"),
        Column("rejected_count", WHOLE, "events rejected for it"),
    ),
    is_witness=True,
)

SERVER_EVENT_QUALITY = Shape(
    "server_event_quality",
    "How well a destination can use the server events it is sent, as it says on a day.",
    ("destination", "account_id", "action", "observed_date"),
    (
        Column("destination", TEXT, "who says so", True),
        Column("account_id", TEXT, "the dataset", True),
        Column("action", TEXT, "the event's name", True),
        Column("observed_date", DATE, "day on which it was asked", True),
        Column("match_quality", DECIMAL, "score of 0 to 10: how well events fit people"),
        Column(
            "event_coverage", DECIMAL, "share of the browser's events that a server sent as well"
        ),
        Column("browser_id_coverage", DECIMAL, "share of the browser's events with an id"),
        Column("server_id_coverage", DECIMAL, "share of the server's events with an id"),
    ),
    is_witness=True,
)
