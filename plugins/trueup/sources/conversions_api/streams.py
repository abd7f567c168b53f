"""The streams of conversions_api: what a server sent, and what the destinations say of it."""

from __future__ import annotations

from trueup.sources.contract import Column, Stream
from trueup.sources.shapes.column_types import DATE, DECIMAL, INSTANT, TRUTH, WHOLE

API_VERSION = "1"
#: The destinations that answer diagnostics of what they were sent.
META, GOOGLE = "meta", "google"
#: Logs are shipped in batches: lines of the last days may still come.
LOG_RESTATE_DAYS = 3
#: Google judges what it took within hours; a request that is not judged by then stays unknown.
REQUEST_RESTATE_DAYS = 3

_WHERE = (Column("destination", required=True), Column("account_id", required=True))

#: Each time an event was sent: a line of the log, or an event within a line.
ATTEMPTS = Stream(
    name="attempts",
    shape="server_events",
    columns=(
        Column("log", required=True),
        *_WHERE,
        Column("action", required=True),
        Column("event_key", required=True),
        Column("has_event_id", TRUTH, required=True),
        Column("transaction_id"),
        Column("event_at", INSTANT),
        Column("sent_at", INSTANT, required=True),
        Column("sent_date", DATE, required=True),
        Column("is_clock_wrong", TRUTH),
        Column("is_test", TRUTH, required=True),
        Column("outcome", required=True),
        Column("http_status", WHOLE),
        Column("error_code"),
        Column("error_subcode"),
        Column("reason"),
        Column("request_id"),
        Column("has_email", TRUTH),
        Column("has_phone", TRUTH),
        Column("has_address", TRUTH),
        Column("has_external_id", TRUTH),
        Column("has_browser_id", TRUTH),
        Column("has_ip", TRUTH),
        Column("is_hashed", TRUTH),
        Column("click_id_kinds"),
        Column("has_ads_consent", TRUTH),
        Column("has_personalization_consent", TRUTH),
        Column("amount", DECIMAL),
        Column("currency_code"),
    ),
    key=(
        "log", "destination", "account_id", "action", "event_key", "sent_at", "request_id",
        "http_status",
    ),
    day="sent_date",
    restate_days=LOG_RESTATE_DAYS,
    empty_ok=True,
    # what ships a log sends a line again where it is not sure
    repeats=True,
)  # fmt: skip

#: What Google says of a request it had taken: one row for each destination in it and each reason.
REQUESTS = Stream(
    name="requests",
    shape="server_event_verdicts",
    columns=(
        *_WHERE,
        Column("action"),
        Column("request_id", required=True),
        Column("sent_date", DATE, required=True),
        Column("status", required=True),
        Column("record_count", WHOLE),
        Column("reason_code"),
        Column("reason"),
        Column("reason_count", WHOLE),
    ),
    key=("account_id", "action", "request_id", "reason_code"),
    day="sent_date",
    restate_days=REQUEST_RESTATE_DAYS,
    empty_ok=True,
)

#: How well Meta can use what it was sent, by event, as it says today; it tells of no other day.
QUALITY = Stream(
    name="quality",
    shape="server_event_quality",
    columns=(
        *_WHERE,
        Column("action", required=True),
        Column("observed_date", DATE, required=True),
        Column("match_quality", DECIMAL),
        Column("event_coverage", DECIMAL),
        Column("browser_id_coverage", DECIMAL),
        Column("server_id_coverage", DECIMAL),
        Column("upload_frequency"),
    ),
    key=("account_id", "action", "observed_date"),
    day="observed_date",
    retention_days=1,
    empty_ok=True,
)

STREAMS = (ATTEMPTS, REQUESTS, QUALITY)
