"""Causes in the records themselves: what is loaded, the shop, the CRM, and how they are read."""

from __future__ import annotations

from trueup.gates.causes.family import (
    ANY_SIGNAL,
    EITHER,
    FALLS,
    LATE,
    MISSING,
    RISES,
    Family,
    Move,
    Setting,
    moves,
    signal_days,
)

#: What an incomplete list of orders moves.
FEWER_ORDERS = moves(
    "orders_per_session order_hour_mix event_id_known claim_ratio claim_amount_ratio"
    " server_coverage server_ids_per_order event_capture claims_at_age refund_rate_7d"
    " cancellation_rate_14d event_value_agrees events_per_id credit_mix"
)

#: Fields of sales and touches that no form asks for: links bring them.
OF_LINKS = (
    r"[^.]+\.(orders|bookings|touches)\."
    r"(click_id|click_id_kind|utm_[a-z]+|referrer|landing_page|campaign_id)$"
)

FAMILIES = (
    Family(
        25, "load_partial", "Part of what a source has did not arrive",
        "delivery", "data",
        "select source, stream, account_id, first_date, last_date, day_count"
        " from health.fct_missing_days order by last_date desc limit 40",
        keys=(
            (Move(MISSING),),
            (Move("event_id_known", FALLS), Move("order_hour_mix", is_anywhere=True)),
            (Move("event_id_known", FALLS), Move("orders_per_session", FALLS, is_anywhere=True)),
        ),
        also=(Move(ANY_SIGNAL), *FEWER_ORDERS),
        normal=(Move("events_per_id", RISES),),
    ),
    Family(
        26, "data_late", "The newest day of a source has not arrived",
        "delivery", "data",
        "select source, stream, account_id, landed_through from health.fct_freshness"
        " where is_stale order by landed_through",
        keys=(
            (Move(LATE),),
            # Neither purchases nor visits: what is missing is the day, and no tag
            (Move("event_capture", FALLS, at_most=0.1),
             Move("tagged_landing_rate", FALLS, ("platform",), at_most=0.1)),
        ),
        also=(Move(ANY_SIGNAL), Move(MISSING), *FEWER_ORDERS, *moves("server_overlap_share")),
        settings=(Setting("transfer", "export link"),),
    ),
    Family(
        27, "load_duplicated", "Rows of a source arrived twice, or cannot be used",
        "delivery", "data",
        "select source, stream, reason, count(*) as row_count, min(day) as first_date,"
        " max(day) as last_date from health.fct_set_aside group by all order by 4 desc limit 40",
        keys=((Move("set_aside_share", RISES),),),
        also=moves("orders_per_session events_per_id claim_ratio claim_amount_ratio event_capture"),
    ),
    Family(
        28, "time_zone_changed", "A system dates what happens by another time zone",
        "order", "data", signal_days("event_hour_mix", "order_hour_mix"),
        keys=(
            (Move("event_hour_mix", is_turned=True),), (Move("order_hour_mix", is_turned=True),),
        ),
        also=moves("event_capture event_id_known claim_ratio claim_amount_ratio orders_per_session"
                   " claims_at_age server_coverage channel_mix tagged_landing_rate"),
        normal=(
            Move("consent_granted_share", EITHER, is_anywhere=True),
            Move("event_capture", FALLS, at_most=0.7, is_anywhere=True),
        ),
        settings=(Setting("account", ".*", "time_zone"),),
    ),
    Family(
        29, "crm_stopped", "Enquiries do not reach the CRM",
        "crm", "sales", signal_days("lead_capture"),
        keys=((Move("lead_capture", FALLS),),),
        also=(
            Move("stage_entry_share"), Move("field_filled_share"), Move(LATE),
            *moves("credit_mix claim_ratio claims_at_age"),
        ),
        normal=(Move("consent_granted_share", EITHER, is_anywhere=True),
                Move("field_filled_share", FALLS, at_most=0.3)),
        settings=(Setting("tag|event|transfer", ".*", r"(?i).*(form|lead).*"),),
    ),
    Family(
        30, "form_field_renamed", "A field that was filled in is empty",
        "crm", "web", signal_days("field_filled_share"),
        keys=((Move("field_filled_share", FALLS, segment=f"(?!{OF_LINKS}).*"),),),
        also=(Move("set_aside_share", RISES), Move("lead_capture", FALLS)),
    ),
    Family(
        31, "stage_mapping_changed", "Deals pass through other stages than they did",
        "crm", "sales",
        "select stage, outcome, min(entered_at) as first_entry, count(*) as entries"
        " from intermediate.int_deals__outcomes group by all order by 4 desc limit 40",
        keys=((Move("stage_entry_share"),),),
        also=(Move("field_filled_share"), *moves("lead_capture cancellation_rate_14d")),
        normal=(Move("lead_capture", FALLS, at_most=0.3),),
        settings=(Setting("deal"),),
    ),
    Family(
        33, "refunds_missing", "Refunds that were made do not arrive",
        "refund", "data",
        "select entry_date, source, count(*) as refunds, sum(amount) as amount"
        " from marts.fct_ledger_entries where entry_type = 'refund'"
        " group by all order by 1 desc limit 40",
        keys=((Move("refund_rate_7d", FALLS),), (Move("cancellation_rate_14d", FALLS),)),
        also=(Move("refund_rate_7d"), Move("cancellation_rate_14d")),
    ),
    Family(
        34, "test_orders", "Orders that nobody pays for, such as tests, count as sales",
        "order", "data",
        "select conversion_date, source, count(*) as orders from marts.fct_conversions"
        " where record_type = 'order' and gross_amount = 0 group by all order by 1 desc limit 40",
        keys=((Move("order_zero_value_share", RISES),),),
        also=(
            Move("event_value_filled", FALLS), Move("event_value_agrees"),
            *moves("event_capture orders_per_session claim_ratio server_coverage order_hour_mix"
                   " refund_rate_7d cancellation_rate_14d"),
        ),
    ),
    Family(
        35, "channel_unmapped",
        "Money is spent where no channel is known: campaigns of none, links of a strange medium",
        "delivery", "marketing",
        "select platform, account_id, campaign_id, campaign_name, campaign_type"
        " from marts.dim_campaign where channel = '(unmapped)' limit 40",
        keys=(
            (Move("order_unmapped_spend_share", RISES),),
            (Move("default_channel_differs", RISES), Move("tagged_landing_rate", FALLS)),
        ),
        also=moves(
            "tagged_landing_rate session_source_differs unassigned_share channel_mix credit_mix"
            " click_id_share campaign_known_share"
        ),
        normal=(Move("consent_granted_share", EITHER, is_anywhere=True),),
        spares_ledger=True, may_page=False,
    ),
    Family(
        38, "campaign_words_lost",
        "Sales say less often what brought them: links lost their campaign words",
        "order", "marketing",
        "select conversion_date, source, count(*) as conversions, count(*) filter"
        " (where attribution_state = 'attributed') as attributed, sum(gross_amount) as amount"
        " from marts.fct_conversions where record_type in ('order', 'booking')"
        " group by all order by 1 desc, 2 limit 60",
        keys=((Move("field_filled_share", FALLS, segment=OF_LINKS),),),
        also=(Move("set_aside_share", RISES), *moves("channel_mix credit_mix unassigned_share")),
    ),
)  # fmt: skip
