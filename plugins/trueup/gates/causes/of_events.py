"""Causes between a purchase and the event that tells of it: tags, ids, values, consent, servers."""

from __future__ import annotations

from trueup.gates.causes.family import (
    CONFIGURATION,
    EITHER,
    FALLS,
    RISES,
    WITH_KEY,
    Family,
    Move,
    Setting,
    moves,
    signal_days,
)

#: What falls with the events that are lost.
FEWER_EVENTS = (
    *moves("claim_ratio claim_amount_ratio claims_at_age server_overlap_share", FALLS),
    *moves("purchase_rate", FALLS),
    *moves("event_hour_mix credit_mix restated_share field_filled_share"),
    *moves("lead_capture", RISES),
)
#: What visits say of where they came from and who they are.
VISITS = (
    "orders_per_session engaged_share checkout_rate purchase_rate"
    " channel_mix device_mix browser_mix country_mix"
    " event_hour_mix unassigned_share own_domain_referral_share payment_referral_share"
    " session_source_differs default_channel_differs click_id_share tagged_landing_rate"
    " campaign_known_share campaign_word_usual_share credit_mix field_filled_share restated_share"
)
#: What stops a tag, and what narrows the cases in which it fires.
TAG_STOPPED = (
    Setting("tag", "tag|trigger", r"\(object\)", "(?!present).*"),
    Setting("tag", "tag", "paused", "true"),
    Setting("tag", "tag", "firing_triggers", "|none"),
    Setting("tag", "tag", "schedule_(start|end)_ms"),
    Setting("tag", "tag", "parameter eventName"),
    Setting("conversion", "key event", r"\(object\)", "(?!present).*"),
    Setting("event", "data stream|pixel", r"\(object\)|is_unavailable"),
)
TAG_NARROWED = (
    Setting("tag", "tag", ".*triggers?|.*trigger_?ids?|.*conditions?"),
    Setting("tag", "trigger", r"(?!\(object\)).*"),
)

FAMILIES = (
    Family(
        1, "purchase_tag_dead", "The tag that reports purchases fires no more",
        "event", "web", signal_days("event_capture", "checkout_rate"),
        keys=(
            (Move("event_capture", FALLS, ("all", "source"), at_most=0.15),),
            (Move("event_capture", FALLS, ("all", "source")), Move(CONFIGURATION)),
        ),
        also=FEWER_EVENTS,
        normal=(Move("consent_granted_share", FALLS),),
        settings=TAG_STOPPED,
    ),
    Family(
        2, "tag_partial", "The tag that reports purchases fires for some of them only",
        "event", "web", signal_days("event_capture", *(move.signal for move in FEWER_EVENTS)),
        keys=((Move("event_capture", FALLS),),),
        also=FEWER_EVENTS,
        normal=(Move("consent_granted_share", FALLS),),
        settings=TAG_NARROWED,
    ),
    Family(
        3, "double_firing", "Purchases are reported more than once each",
        "event", "web", signal_days("events_per_id"),
        keys=((Move("events_per_id", RISES),),),
        also=moves("claim_ratio claim_amount_ratio claims_at_age server_overlap_share", RISES),
        normal=(Move("event_id_known", FALLS), Move("event_id_filled", FALLS)),
        settings=(
            Setting("tag", "tag|trigger", r"\(object\)", "present"),
            Setting("tag", "tag", ".*firing_?trigger.*|.*priority"),
            Setting("tag", "trigger"),
        ),
    ),
    Family(
        4, "transaction_id_missing",
        "Purchases are reported without the order's id, or with one id for all",
        "event", "web", signal_days("event_id_filled", "event_id_known", "events_per_id"),
        keys=(
            (Move("event_id_filled", FALLS),),
            (Move("event_id_known", FALLS), Move("events_per_id", RISES)),
        ),
        also=(
            Move("event_capture", FALLS), Move("event_id_known", FALLS),
            Move("events_per_id", EITHER),
            *moves("server_overlap_share server_ids_per_order", FALLS),
            *moves("claim_ratio claim_amount_ratio claims_at_age field_filled_share credit_mix"),
            *moves("event_value_agrees event_currency_agrees event_value_mix"),
        ),
        settings=(Setting("tag", "tag|variable", r"parameter .*|\(object\)"),),
    ),
    Family(
        5, "currency_wrong", "Purchases are reported in another currency than they were paid in",
        "event", "web", signal_days("event_currency_agrees", "event_value_agrees"),
        keys=((Move("event_currency_agrees", FALLS),),),
        also=(
            Move("event_value_agrees", FALLS), Move("event_value_filled", FALLS),
            Move("event_capture", FALLS, ("currency",)), Move("event_value_mix"),
            *moves("claim_amount_ratio field_filled_share"),
        ),
        settings=(
            Setting("tag", "tag|variable", r"parameter .*|\(object\)"),
            Setting("account", ".*", "currency_code"),
            Setting("order", ".*", "presentment_currencies"),
        ),
    ),
    Family(
        6, "value_scaled", "Purchases are reported at another value than was paid",
        "event", "web", signal_days("event_value_agrees", "claim_amount_ratio"),
        keys=((Move("event_value_agrees", FALLS),), (Move("event_value_mix"),)),
        also=(Move("event_value_agrees"), Move("event_value_mix"), *moves("claim_amount_ratio")),
        normal=(Move("event_currency_agrees", FALLS), Move("event_value_filled", FALLS)),
        settings=(
            Setting("tag", "tag|variable", r"parameter .*|\(object\)"),
            Setting("order", ".*", "taxes_included|tax_shipping"),
        ),
    ),
    Family(
        7, "value_missing", "Purchases are reported without a value, or with none",
        "event", "web", signal_days("event_value_filled"),
        keys=((Move("event_value_filled", FALLS),),),
        also=(
            Move("event_value_agrees", FALLS), Move("event_currency_agrees", FALLS),
            Move("event_value_mix"), *moves("claim_amount_ratio", FALLS),
            *moves("field_filled_share order_zero_value_share"),
        ),
        settings=(Setting("tag", "tag|variable", r"parameter .*|\(object\)"),),
    ),
    Family(
        8, "dedup_broken",
        "Browser and server report the same purchases under different ids, so they count twice",
        "upload", "web", signal_days("server_overlap_share", "claim_ratio"),
        keys=((Move("server_overlap_share", FALLS),),),
        also=moves("claim_ratio claim_amount_ratio claims_at_age", RISES),
        normal=(
            Move("server_accepted_share", FALLS), Move("event_capture", FALLS, is_anywhere=True),
            Move("server_coverage", FALLS),
        ),
        settings=(Setting("tag|event", "tag|client|pixel", r"parameter .*|\(object\)"),),
    ),
    Family(
        9, "event_id_reused", "Different purchases are sent under one event id, so they are merged",
        "upload", "web", signal_days("server_ids_per_order", "claim_ratio"),
        keys=(
            (Move("server_ids_per_order", FALLS),),
            (Move("server_overlap_share", FALLS), Move("claim_ratio", FALLS, is_anywhere=True)),
        ),
        also=(
            *moves("claim_ratio claim_amount_ratio claims_at_age", FALLS),
            *moves("server_overlap_share server_coverage"),
        ),
        normal=(
            Move("server_accepted_share", FALLS), Move("event_capture", FALLS, is_anywhere=True),
            Move("server_coverage", FALLS),
        ),
        settings=(Setting("tag|event", "tag|client|pixel", r"parameter .*|\(object\)"),),
    ),
    Family(
        10, "server_events_rejected", "A platform rejects what the server sends it",
        "upload", "web",
        "select destination, action, error_code, error_subcode, reason, count(*) as events,"
        " min(sent_date) as first_date, max(sent_date) as last_date from marts.fct_server_events"
        " where outcome = 'rejected' group by all order by 6 desc limit 20",
        keys=((Move("server_accepted_share", FALLS),),),
        also=(
            *moves("server_coverage server_overlap_share server_ids_per_order", FALLS),
            *moves("claim_ratio claim_amount_ratio claims_at_age", FALLS),
        ),
        settings=(Setting("event", "pixel|account", r"is_unavailable|\(object\)|accepts_.*"),),
    ),
    Family(
        11, "consent_changed", "Another share of visitors grants consent",
        "consent", "web",
        "select signal_date, dimension, segment, numerator, denominator, observed, expected_low,"
        " expected_high from health.fct_tracking_signals where signal = 'consent_granted_share'"
        " order by signal_date desc, segment limit 40",
        keys=((Move("consent_granted_share", EITHER),),),
        also=(
            *moves("event_capture claim_ratio claim_amount_ratio claims_at_age", WITH_KEY),
            *moves("server_overlap_share server_coverage server_accepted_share lead_capture"),
            *moves(VISITS),
        ),
        settings=(
            Setting("consent"),
            Setting("tag", words=r"(?i).*consent.*"),
        ),
    ),
    Family(
        12, "modelling_changed",
        "A platform models other conversions into its claims than it did, from the same events",
        "claim", "marketing", signal_days("claim_ratio", "restated_share", "event_capture"),
        # What is claimed no more is not modelled otherwise
        keys=((Move("claim_ratio", EITHER, at_least=0.3, is_slow=False),),
              (Move("claim_ratio", EITHER, at_least=0.3), Move("restated_share", EITHER))),
        also=(
            Move("claim_amount_ratio"), Move("claims_at_age"), Move("restated_share"),
            *moves("credit_mix"),
        ),
        normal=(
            Move("event_capture", EITHER, is_anywhere=True),
            Move("consent_granted_share", EITHER, is_anywhere=True),
        ),
        settings=(
            Setting("attribution", ".*", "reporting_identity|google_signals"),
            Setting(
                "event", ".*",
                "user_provided_data|accepts_customer_data|automatic_matching|first_party_cookies",
            ),
        ),
        spares_ledger=True,
    ),
)  # fmt: skip
