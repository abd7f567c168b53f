"""Causes between a click and the visit it brings: links, click ids, referrers, robots."""

from __future__ import annotations

from trueup.gates.causes.family import (
    EITHER,
    FALLS,
    RISES,
    Family,
    Move,
    Setting,
    moves,
    setting_changes,
    signal_days,
)

#: Signals that move where visits and their sales seem to come from elsewhere than before.
ORIGINS = (
    *moves(
        "session_source_differs default_channel_differs channel_mix credit_mix unassigned_share"
    ),
    *moves("field_filled_share restated_share"),
)
LINK_SETTINGS = Setting("click", ".*", "tracking_url_template|final_url_suffix")

FAMILIES = (
    Family(
        13, "query_string_dropped",
        "Pages lose what the links to them carry, such as by a redirect",
        "landing", "web",
        "select touch_date, landing_page, count(*) as visits,"
        " count(*) filter (where source = '(direct)') as direct from marts.fct_touches"
        " where landing_page is not null group by all order by 1 desc, 3 desc limit 40",
        keys=((Move("tagged_landing_rate", FALLS),),),
        also=(
            *ORIGINS, *moves("claim_ratio claim_amount_ratio claims_at_age", FALLS),
            *moves("click_id_share campaign_known_share"),
            *moves("browser_mix device_mix"),
        ),
        normal=(
            Move("click_id_share", FALLS, is_anywhere=True),
            Move("consent_granted_share", EITHER, is_anywhere=True),
        ),
        settings=(LINK_SETTINGS,),
    ),
    Family(
        14, "click_ids_stripped",
        "Links arrive without their click ids, though they keep their tags",
        "click", "marketing", signal_days("click_id_share"),
        keys=((Move("click_id_share", FALLS),),),
        also=(
            *ORIGINS, *moves("tagged_landing_rate", FALLS),
            *moves("claim_ratio claim_amount_ratio claims_at_age", FALLS),
        ),
        normal=(Move("consent_granted_share", EITHER, is_anywhere=True),),
    ),
    Family(
        15, "auto_tagging_off", "A platform no longer adds its click id to links",
        "click", "marketing",
        setting_changes("setting = 'auto_tagging_enabled' or hop = 'click'"),
        keys=((Move("click_id_share", FALLS, ("platform",), at_most=0.25),),
              (Move("tagged_landing_rate", FALLS, ("platform",), at_most=0.25),
               Move("click_id_share", FALLS, is_anywhere=True))),
        also=(
            *ORIGINS, *moves("tagged_landing_rate click_id_share campaign_known_share", FALLS),
            *moves("claim_ratio claim_amount_ratio claims_at_age", FALLS),
        ),
        normal=(Move("consent_granted_share", EITHER, is_anywhere=True),),
        settings=(Setting("click", ".*", "auto_tagging_enabled", "false"),),
    ),
    Family(
        16, "utm_renamed", "Links are tagged with campaigns nobody knows",
        "landing", "marketing",
        "select platform, source, medium, campaign_name, min(touch_date) as first_date,"
        " count(*) as visits from marts.fct_touches where campaign_id is null"
        " and campaign_name is not null group by all order by 5 desc, 6 desc limit 40",
        keys=((Move("campaign_known_share", FALLS),),),
        also=(*ORIGINS, *moves("campaign_word_usual_share", FALLS)),
        normal=(Move("tagged_landing_rate", FALLS, is_anywhere=True),),
        settings=(LINK_SETTINGS,),
    ),
    Family(
        17, "self_referral", "Visits come from the company's own pages: they are cut in two there",
        "session", "web",
        "select touch_date, source, medium, count(*) as visits from marts.fct_touches"
        " where medium = 'referral' group by all order by 1 desc, 4 desc limit 40",
        keys=((Move("own_domain_referral_share", RISES),),),
        also=(
            *ORIGINS, *moves("orders_per_session engaged_share checkout_rate purchase_rate"),
            *moves("device_mix browser_mix country_mix payment_referral_share"),
        ),
        normal=(Move("consent_granted_share", EITHER, is_anywhere=True),),
        settings=(Setting("tag|event", ".*", r"(?i).*(linker|domain|referral).*"),),
    ),
    Family(
        18, "payment_referral", "Sales are credited to the page where customers pay",
        "session", "web",
        "select fct_conversions.conversion_date, touches.source, touches.medium,"
        " count(*) as conversions from marts.fct_attribution"
        " inner join marts.fct_touches as touches using (touch_id)"
        " inner join marts.fct_conversions using (conversion_id)"
        " where touches.medium = 'referral' and model = 'last_non_direct' group by all"
        " order by 1 desc, 4 desc limit 40",
        keys=((Move("payment_referral_share", RISES),),),
        also=(
            *ORIGINS, *moves("orders_per_session engaged_share checkout_rate purchase_rate"),
            *moves("device_mix browser_mix country_mix"),
        ),
        settings=(Setting("tag|event", ".*", r"(?i).*(referral|domain).*"),),
    ),
    Family(
        19, "unassigned_surge", "More visits than usual come from nowhere that is known",
        "session", "web",
        "select touch_date, source, medium, count(*) as visits from marts.fct_touches"
        " where channel = 'unassigned' group by all order by 1 desc, 4 desc limit 40",
        keys=((Move("unassigned_share", RISES),),),
        also=(
            *ORIGINS, *moves("orders_per_session engaged_share checkout_rate purchase_rate"),
            *moves("device_mix browser_mix country_mix"),
        ),
        normal=(Move("campaign_known_share", FALLS, is_anywhere=True),),
    ),
    Family(
        20, "bot_traffic", "Robots visit: there are more visits, and no more customers",
        "session", "web",
        signal_days("orders_per_session", "engaged_share", "checkout_rate", "country_mix"),
        keys=(
            (Move("orders_per_session", FALLS), Move("engaged_share", FALLS)),
            (Move("orders_per_session", FALLS), Move("checkout_rate", FALLS)),
            (Move("engaged_share", FALLS), Move("checkout_rate", FALLS)),
            (Move("orders_per_session", FALLS, at_most=0.67),),
        ),
        also=(
            *ORIGINS, Move("engaged_share", FALLS), Move("checkout_rate", FALLS),
            Move("purchase_rate", FALLS),
            *moves("consent_granted_share tagged_landing_rate click_id_share campaign_known_share"),
            *moves("device_mix browser_mix country_mix event_hour_mix orders_per_session"),
        ),
        normal=(
            Move("event_id_known", FALLS), Move("own_domain_referral_share", RISES),
            Move("payment_referral_share", RISES),
        ),
        may_page=False,
    ),
    Family(
        39, "campaigns_spelt_anew",
        "Links call campaigns otherwise than they did; their ids are known",
        "landing", "marketing",
        "select platform, campaign_id, campaign_name, min(touch_date) as first_date,"
        " count(*) as visits from marts.fct_touches where campaign_id is not null"
        " and campaign_name is not null group by all order by 4 desc, 5 desc limit 40",
        keys=((Move("campaign_word_usual_share", FALLS),),),
        also=ORIGINS,
        settings=(LINK_SETTINGS,),
        spares_ledger=True, may_page=False,
    ),
)  # fmt: skip
