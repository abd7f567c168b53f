"""Causes between a sale and what platforms claim of it, and of what is uploaded to them."""

from __future__ import annotations

from trueup.gates.causes.family import (
    CONFIGURATION,
    EITHER,
    FALLS,
    RISES,
    WINDOW_LOST,
    Family,
    Move,
    Setting,
    moves,
    setting_changes,
    signal_days,
)

CLAIMS = (Move("claim_ratio"), Move("claim_amount_ratio"), Move("claims_at_age"),
          Move("restated_share"), Move(WINDOW_LOST), *moves("credit_mix"))  # fmt: skip
COUNTED_AS_EVER = (
    Move("event_capture", EITHER, is_anywhere=True),
    Move("consent_granted_share", EITHER, is_anywhere=True),
)
#: By day, platform and action: what is claimed beside what came in.
CLAIMED = (
    "select claim_date, platform, coalesce(action_name, action_id) as action,"
    " sum(claimed_conversions) as claimed from marts.fct_platform_claims where is_headline"
    " group by all order by 1 desc, 4 desc limit 60"
)

FAMILIES = (
    Family(
        21, "conversion_action_duplicated",
        "A platform counts the same sales in one conversion action more",
        "claim", "marketing", CLAIMED,
        keys=(
            (Move("claim_ratio", RISES, at_least=1.25, is_slow=False),),
            (Move("claim_ratio", RISES), Move(CONFIGURATION)),
        ),
        also=(Move("claim_amount_ratio", RISES), Move("claims_at_age"), Move("restated_share"),
              *moves("credit_mix")),
        normal=COUNTED_AS_EVER,
        settings=(
            Setting("conversion", "conversion action|custom conversion", r"\(object\)", "present"),
            Setting(".*", "conversion action", "is_primary", "true"),
            Setting("conversion", "conversion action", "counting_type|status"),
        ),
        spares_ledger=True,
    ),
    Family(
        22, "attribution_setting_changed",
        "A platform claims sales by another attribution model or window than it did",
        "claim", "marketing", setting_changes("hop in ('attribution', 'conversion')"),
        keys=(
            (Move("claim_ratio"), Move("claims_at_age"), Move(CONFIGURATION)),
            (Move("claim_ratio"), Move(CONFIGURATION)),
            (Move("claim_amount_ratio"), Move(CONFIGURATION)),
            (Move("claims_at_age"),),
        ),
        also=CLAIMS,
        normal=COUNTED_AS_EVER,
        settings=(
            Setting("attribution"),
            Setting("conversion", "conversion action|custom conversion|account", "(?!is_primary).*",
                    "(?!present).*"),
        ),
        spares_ledger=True,
    ),
    Family(
        23, "window_removed", "A platform no longer counts conversions of one of its windows",
        "claim", "marketing", signal_days("claim_ratio", "claims_at_age"),
        keys=((Move("claim_ratio", FALLS, ("all", "platform")), Move(WINDOW_LOST)),),
        also=CLAIMS, normal=COUNTED_AS_EVER, spares_ledger=True,
    ),
    Family(
        24, "history_restated", "A platform changes numbers it gave long ago",
        "delivery", "marketing", signal_days("restated_share"),
        keys=((Move("restated_share", EITHER),),),
        also=(Move("claim_ratio"), Move("claim_amount_ratio"), Move("claims_at_age")),
        spares_ledger=True,
    ),
    Family(
        32, "upload_failed",
        "What was sold no longer reaches a platform: it is not uploaded, or its tag is gone",
        "upload", "marketing",
        "select 'claimed' as what, platform, coalesce(action_name, action_id) as action,"
        " claim_date as day, sum(claimed_conversions) as counted from marts.fct_platform_claims"
        " where is_headline group by all union all select 'uploaded', destination, action,"
        " sent_date, count(*) filter (where outcome = 'accepted') from marts.fct_server_events"
        " group by all order by day desc, what, platform, action limit 60",
        keys=(
            (Move("server_coverage", FALLS),),
            (Move("claim_ratio", FALLS, ("action",), at_most=0.15),),
            (
                Move("claim_ratio", FALLS, ("action",), at_most=0.15),
                Move("server_accepted_share", FALLS, is_anywhere=True),
            ),
        ),
        also=(
            *moves("server_coverage server_ids_per_order server_overlap_share", EITHER),
            # One platform less, and what senders fill in is what the others ask for
            *moves("field_filled_share"),
            *moves("claim_ratio claim_amount_ratio claims_at_age", FALLS),
        ),
        normal=(Move("server_accepted_share", FALLS), Move("server_ids_per_order", FALLS)),
        settings=(Setting("transfer", "(?!export link).*"),),
        spares_ledger=True,
    ),
    Family(
        36, "claims_drift", "A platform claims a growing share of sales that were not its own",
        "claim", "marketing",
        "select date_trunc('week', report_date) as week, platform,"
        " sum(claimed_conversions) as claimed, sum(reconciled_conversions) as reconciled"
        " from marts.fct_campaign_daily where is_settled group by all order by 1 desc, 2 limit 40",
        keys=((Move("claim_ratio", RISES, is_slow=True),),
              (Move("claim_ratio", RISES, at_most=1.25),),
              (Move("claim_amount_ratio", RISES),),),
        also=CLAIMS, normal=COUNTED_AS_EVER,
        may_page=False, spares_ledger=True,
    ),
    Family(
        37, "claims_fell", "A platform claims fewer of the sales than it did",
        "claim", "marketing", CLAIMED,
        keys=(
            (Move("claim_ratio", FALLS, is_slow=False), Move("claims_at_age", RISES)),
            (Move("claim_ratio", FALLS, ("all", "platform"), at_least=0.15, is_slow=False),),
        ),
        also=CLAIMS, normal=COUNTED_AS_EVER, spares_ledger=True,
    ),
)  # fmt: skip
