"""What every parameter can be cut by, besides the day; and those that no day can change.

The words are those of `Change.where`. In SQL they are the arguments of the parameter's macro, after
the moment, in this order.
"""

VISIT = ("platform", "campaign", "device", "browser", "country", "page", "kind")
ORDER = ("product", *VISIT[:5])
CLAIM = ("platform", "action", "seen_as", "campaign", "device", "browser", "country")
DEAL = ("kind", "country")
AD = ("platform", "campaign")
SERVER = ("destination", "event", "device", "country")

#: The same as the columns the chapters know them by.
VISIT_COLUMNS = "platform, campaign_id, device, browser, country, page, kind"
ORDER_COLUMNS = "product_type, platform, campaign_id, device, browser, country"
CLAIM_COLUMNS = "platform, goal, seen_as, campaign_id, device, browser, country"
SERVER_COLUMNS = "destination, event_name, device, country"

#: Countries of a consent region.
REGIONS = {"EEA": ("PT", "ES", "FR", "DE", "NL", "IE"), "UK": ("GB",), "elsewhere": ("US",)}

CUTS: dict[str, tuple[str, ...]] = {
    # Demand
    **dict.fromkeys((
        "orders_per_day", "wedding_enquiries_per_day", "event_enquiries_per_day",
        "shop_browsers_per_day", "wedding_browsers_per_day", "event_browsers_per_day",
        "bot_visits_per_day", "usd_per_eur", "gbp_per_eur",
    ), ()),
    **dict.fromkeys(("promotion_discount_share", "ordinary_discount_share", "price_factor"), ORDER),
    **dict.fromkeys((
        "same_visit_share", "within_day_share", "longest_lag_days", "switch_device_share",
        "browser_returns_share",
    ), ("kind", "country")),
    # Mixes: the weight of one option among the others
    "country_weight": ("country", "kind"),
    "device_weight": ("device", "platform", "country", "kind"),
    "touch_weight": ("touch", "country", "kind"),
    "product_weight": ("product", *VISIT[:5]),
    # What a visit brings along, and whether it can do what it came for
    **dict.fromkeys((
        "click_id_lost_share", "query_lost_share", "utm_lost_share", "utm_renamed_share",
        "medium_strange_share",
        "referrer_lost_share", "bounced_share", "organic_fbclid_share", "braid_share",
        "bing_ad_share", "tiktok_ad_share", "way_back_share", "analytics_refusal_share",
        "ads_consent_given_analytics", "ads_consent_given_refusal", "checkout_failure_share",
        "form_failure_share", "form_lost_share", "form_field_lost_share",
    ), VISIT),
    "older_cookie_share": (),
    # Rooms, of the day they are booked
    **dict.fromkeys(("room_bookings_per_day", "room_direct_share", "room_desk_share"), ()),
    "room_lead_days": ("source",),
    **dict.fromkeys((
        "room_direct_cancel_share", "room_agency_cancel_share", "room_late_cancel_power",
        "room_no_show_share", "room_modified_share", "room_prepaid_share", "room_deposit_share",
        "room_free_cancel_hours", "room_no_show_charged_share", "room_extras_share",
        "room_refunded_share", "room_twice_paid_share", "room_silent_change_share",
    ), ("source", "room_type")),
    # GA4
    "purchase_tag_loss": ("tag", *VISIT),
    **dict.fromkeys((
        "blocked_visit_share", "cookieless_share", "banner_share", "mistaken_organic_share",
        "late_event_share", "ga4_delay_hours", "doubled_purchase_share", "doubled_lead_share",
    ), VISIT),
    **dict.fromkeys((
        "missing_transaction_share", "reused_transaction_share", "merged_transaction_share",
        "currency_wrong_share", "value_cents_share", "value_lost_share", "linker_lost_share",
        "payment_referral_share", "session_lost_share", "event_clock_hours",
    ), VISIT),
    "capture_overdispersion": (),
    # Orders
    **dict.fromkeys((
        "refund_share", "cancel_share", "test_share", "partial_refund_share",
        "second_refund_share", "refund_delay_days", "edit_share", "paid_later_share",
        "never_paid_share", "expired_share", "edited_down_share", "edited_up_share",
        "failed_refund_share", "credit_back_share", "charged_back_share", "card_spent_share",
        "card_in_part_share", "gift_card_share", "voided_share", "fee_kept_share",
    ), ORDER),
    "dispute_won_share": (),
    "refund_lost_share": (),
    "affiliate_factor": (),
    "till_share": (),
    "draft_share": (),
    # Deals
    "qualified_share": VISIT,
    **dict.fromkeys((
        "viewing_share", "won_share", "won_then_cancelled_share", "placeholder_share",
        "late_amount_share",
        "amended_share", "mistaken_win_share", "reopened_share", "deleted_deal_share",
        "entered_twice_share", "imported_deal_share", "partner_share", "deal_value_factor",
    ), DEAL),
    **dict.fromkeys((
        "known_before_share", "archived_contact_share", "other_email_share",
    ), ("kind", "country")),
    # Claims
    **dict.fromkeys(("meta_view_share", "google_view_share", "retargeting_view_share"),
                    ("kind", "device", "country")),
    **dict.fromkeys((
        "claim_observed_share", "meta_server_share", "google_modelled_share", "slow_claim_share",
        "claim_reported_share", "doubled_claim_share", "claim_delay_hours", "claim_cents_share",
        "claim_worthless_share", "second_action_share", "claim_window_days",
    ), CLAIM),
    **dict.fromkeys(("wedding_lead_value", "event_lead_value"), ("country",)),
    # Ad accounts
    **dict.fromkeys((
        "cost_factor", "click_rate_factor", "ad_delay_hours", "restated_share",
    ), AD),
    "credited_cost_share": ("platform",),
    # Events that a server sends
    **dict.fromkeys((
        "server_up_share", "server_id_lost_share", "server_late_share", "server_too_late_share",
        "server_clock_share", "server_poor_share", "server_retried_share",
        "server_unhashed_share", "server_log_twice_share", "server_verdict_against_share",
        "server_rejected_share", "server_id_changed_share", "server_id_reused_share",
    ), SERVER),
    "server_request_refused_share": (),
    # Searches
    **dict.fromkeys((
        "home_brand_share", "deep_brand_share", "rare_brand_share", "rare_generic_share",
        "personal_query_share",
    ), ("page", "device", "country")),
}  # fmt: skip

#: Parameters whose value is another macro's, of what they are cut by.
COMPUTED = {"analytics_refusal_share": "refusal_of(country)"}

#: The weights of mixes, and which of their cuts is the option that is weighed.
OPTIONS = {
    "country_weight": "country", "device_weight": "device", "touch_weight": "touch",
    "product_weight": "product",
}  # fmt: skip

#: What describes the whole range or a person for life, with the reason why no day changes it.
FIXED = {
    "journeys_per_person": "how many people there are, over the whole range",
    "day_noise": "the scatter of the whole series of days",
    "season_swing": "the shape of the year",
    "promotions_per_year": "a plan for the year; what a promotion does to a day is orders_per_day",
    "promotion_lift_low": "a bound of that plan",
    "promotion_lift_high": "a bound of that plan",
    "burn_in_days": "the range itself",
    "overhang_days": "the range itself",
    "other_device_share": "what a person owns; whether it is used is switch_device_share",
    "refusal_outside_europe": "a level of analytics_refusal_share",
    "google_click_days": "decides the truth as well; what is reported is claim_reported_share",
    "meta_click_days": "decides the truth as well; what is reported is claim_reported_share",
    "meta_headline_click_days": "decides the truth; what is reported is claim_reported_share",
    "view_days": "decides the truth as well; what is reported is claim_reported_share",
    "quiet_days_to_settle": "a constant of the platforms; lateness is ad_delay_hours",
    "rate_daily_volatility": "the scatter of the whole series of rates",
}  # fmt: skip

SHARE_ENDINGS = ("_share", "_loss", "_given_analytics", "_given_refusal")


def is_share(parameter: str) -> bool:
    """Whether it lies between 0 and 1."""
    return parameter.endswith(SHARE_ENDINGS)
