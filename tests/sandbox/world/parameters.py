"""Every figure that makes the world awkward, in one place, with its unit.

Shares are 0 to 1. Inside SQL each field is a macro of the same name: `refund_share()`, and
`refund_share(ordered_at, ...)` where a change may have been dated (dated.py, cuts.py).
The bands these figures aim at, as measured on the finished tables, are in `bands.py`.
"""

from dataclasses import dataclass

# Share who refuse analytics; the rest of the world uses `refusal_outside_europe`
REFUSAL_BY_COUNTRY = {
    "PT": 0.24, "GB": 0.29, "ES": 0.25, "FR": 0.36, "DE": 0.40, "NL": 0.31, "IE": 0.26,
}  # fmt: skip


@dataclass(frozen=True)
class Parameters:
    """The awkwardness of the demo company. Daily counts are means at scale 1."""

    # Demand: means per day before season, weekday, promotion and noise
    orders_per_day: float = 27.0  # shop orders
    wedding_enquiries_per_day: float = 5.2  # contact forms
    event_enquiries_per_day: float = 2.8  # contact forms
    shop_browsers_per_day: float = 400.0  # journeys that buy nothing
    wedding_browsers_per_day: float = 46.0  # journeys that ask nothing
    event_browsers_per_day: float = 20.0  # journeys that ask nothing
    journeys_per_person: float = 1.25  # mean over the whole range

    # Noise and season
    day_noise: float = 0.10  # relative standard deviation of a day beyond counting noise
    season_swing: float = 0.12  # half the distance between the year's best and worst week
    promotions_per_year: float = 12.0  # spread evenly, each two to four days
    promotion_lift_low: float = 1.6  # times a normal day's orders
    promotion_lift_high: float = 3.0  # times a normal day's orders
    promotion_discount_share: float = 0.55  # of orders placed during a promotion
    ordinary_discount_share: float = 0.08  # of other orders

    # Ranges around the output range
    burn_in_days: int = 45  # enquiries before the start, whose deals close after it
    overhang_days: int = 2  # after the end, so that the last ad day is whole in every zone

    # Journeys that convert
    same_visit_share: float = 0.20  # convert in their first visit; many more click again later
    within_day_share: float = 0.16  # convert one to 24 hours after their first visit
    longest_lag_days: float = 30.0  # the rest, log-uniform from one day
    other_device_share: float = 0.25  # of people own a second device
    switch_device_share: float = 0.20  # of those convert on it: together a twentieth
    browser_returns_share: float = 0.24  # of journeys without conversion have a second visit

    # Clicks
    click_id_lost_share: float = 0.10  # of visits from ads arrive without gclid or fbclid
    query_lost_share: float = 0.15  # of those lose the utm parameters too
    bounced_share: float = 0.08  # extra ad clicks, per visit, that never loaded the page
    organic_fbclid_share: float = 0.70  # of visits from unpaid social posts carry an fbclid

    braid_share: float = 0.5  # of Google's clicks without gclid carry gbraid or wbraid instead
    bing_ad_share: float = 0.4  # of visits from Bing are ads
    tiktok_ad_share: float = 0.15  # of visits from unpaid social posts are TikTok's ads instead
    way_back_share: float = 0.05  # of direct visits come back from a payment, checkout or login
    banner_share: float = 0.10  # of third pages are reached by a banner with utm words

    older_cookie_share: float = 0.25  # of people had a cookie before their first visit here

    # Consent: shares of visitors who refuse analytics; `REFUSAL_BY_COUNTRY` above
    ads_consent_given_analytics: float = 0.92
    ads_consent_given_refusal: float = 0.02
    refusal_outside_europe: float = 0.06

    # GA4
    blocked_visit_share: float = 0.035  # consented visits whose tag never loads
    purchase_tag_loss: float = 0.035  # consented purchases whose event never fires
    capture_overdispersion: float = 0.004  # beta-binomial rho of the daily capture
    cookieless_share: float = 0.70  # of refused visits still send pings without a cookie
    doubled_purchase_share: float = 0.015  # purchase events that fire twice
    missing_transaction_share: float = 0.006  # purchase events without an order id
    reused_transaction_share: float = 0.003  # purchase events with the previous order's id
    mistaken_organic_share: float = 0.35  # sessions with only a gclid filed as google/organic
    late_event_share: float = 0.015  # events that reach the daily table 6 to 72 hours late

    # Orders
    refund_share: float = 0.075  # of orders
    partial_refund_share: float = 0.40  # of refunded orders
    second_refund_share: float = 0.08  # of partially refunded orders
    refund_delay_days: float = 9.0  # mean of an exponential, after the first day
    cancel_share: float = 0.012  # of orders, within three days
    test_share: float = 0.004  # of orders are the shop's own tests
    edit_share: float = 0.03  # of orders are touched later without a change of money

    # What becomes of orders that are neither refunded nor cancelled, as shares of them. The shop's
    # own documents name every one of these lives; how often each is met is a guess at the order of
    # magnitude, large enough for a few of each in a month of the demo.
    paid_later_share: float = 0.012  # by bank transfer, one to six days later
    never_paid_share: float = 0.006  # ordered to be paid later, and never paid
    expired_share: float = 0.004  # authorised, and not captured in time
    edited_down_share: float = 0.005  # a line is taken out before it is paid
    edited_up_share: float = 0.008  # a line is added, and paid for, the next day
    failed_refund_share: float = 0.004  # a refund the bank did not take
    credit_back_share: float = 0.005  # a quarter is given back as store credit
    charged_back_share: float = 0.006  # the customer's bank takes the money back
    dispute_won_share: float = 0.35  # of those, twenty to forty days later
    card_spent_share: float = 0.015  # paid with a gift card
    card_in_part_share: float = 0.015  # paid with one by half
    gift_card_share: float = 0.12  # of vouchers are gift cards of the shop's own
    voided_share: float = 0.35  # of cancelled orders were authorised only
    fee_kept_share: float = 0.20  # of cancelled orders keep a fee of 15 %
    till_share: float = 0.03  # orders made at the till of the house, for each placed on the web

    # Deals
    qualified_share: float = 0.40  # of contacts become a deal
    viewing_share: float = 0.75  # of deals are shown the house, and stand in that stage
    won_share: float = 0.42  # of deals
    won_then_cancelled_share: float = 0.06  # of won deals, five to forty days later
    placeholder_share: float = 0.06  # of won deals stand at 0 for up to an hour
    late_amount_share: float = 0.02  # of won deals have no amount for days
    amended_share: float = 0.08  # of won deals change their amount days or weeks later
    mistaken_win_share: float = 0.05  # of lost deals were dragged to won for up to an hour
    reopened_share: float = 0.03  # of lost deals are opened again, and won
    deleted_deal_share: float = 0.01  # of deals, weeks after they closed
    entered_twice_share: float = 0.02  # of deals, merged within the morning
    imported_deal_share: float = 0.25  # of deals won in the world's first days, from an older CRM
    partner_share: float = 0.08  # of deals have a second contact, half with a label on the first
    known_before_share: float = 0.04  # of contacts were in the CRM before they asked
    archived_contact_share: float = 0.01
    other_email_share: float = 0.04  # of contacts write from an address the shop has not seen

    # Claims
    meta_view_share: float = 0.68  # of converting people saw a Meta ad in their last days
    google_view_share: float = 0.30  # of converting people saw a Google display ad
    retargeting_view_share: float = 0.60  # of those views are of retargeting ads
    google_click_days: int = 30  # click-through window
    meta_click_days: int = 28  # longest click window; the headline is 7
    meta_headline_click_days: int = 7
    view_days: int = 1
    claim_observed_share: float = 0.95  # of consented touches are seen by the platform's tag
    meta_server_share: float = 0.75  # of the others reach Meta by its server events
    google_modelled_share: float = 0.85  # of the others are modelled by Google
    slow_claim_share: float = 0.08  # of claims are reported one to three days late
    wedding_lead_value: float = 640.0  # EUR that platforms are sent as an enquiry's worth
    event_lead_value: float = 260.0  # EUR

    # Ad accounts
    credited_cost_share: float = 0.01  # of spend exists only in the account total
    quiet_days_to_settle: int = 3  # days after which an ad day no longer moves

    # Searches
    home_brand_share: float = 0.80  # of unpaid clicks on a home page are of the company's name
    deep_brand_share: float = 0.25  # of those on any other page
    rare_brand_share: float = 0.25  # of those clicks are of queries Google does not tell
    rare_generic_share: float = 0.60
    personal_query_share: float = 0.004  # of queries hold a telephone number

    # Rooms. A hotel's published bookings say how often they are cancelled, by way of sale; how
    # guests pay is a guess at what European houses of this size ask for.
    room_bookings_per_day: float = 12.0  # asked for; a full house turns them away
    room_direct_share: float = 0.45  # of bookings; the rest are agencies'
    room_desk_share: float = 0.20  # of direct bookings are made by telephone or at the desk
    room_lead_days: float = 14.0  # mean of an exponential, from booking to arrival
    room_direct_cancel_share: float = 0.17
    room_agency_cancel_share: float = 0.40
    room_late_cancel_power: float = 2.5  # the larger, the nearer to the arrival they cancel
    room_no_show_share: float = 0.02
    room_modified_share: float = 0.07  # stay a night longer or shorter than first booked
    room_prepaid_share: float = 0.20  # of direct bookings are paid in full and not refunded
    room_deposit_share: float = 0.50  # of direct bookings leave 30 %
    room_free_cancel_hours: float = 48.0  # before three in the afternoon of the arrival
    room_no_show_charged_share: float = 0.60  # of cards take the first night
    room_extras_share: float = 0.25  # of stays come to more than the rooms
    room_refunded_share: float = 0.02  # of stays get a tenth back, days later
    room_twice_paid_share: float = 0.01  # of payments are entered twice, and one is voided
    room_silent_change_share: float = 0.30  # of arrivals move no timestamp

    # Events a server sends to the ad platforms, of people who agreed to ads. That each of these
    # goes wrong, Meta's and Google's own pages say; how often is a guess
    server_up_share: float = 0.97  # of events are sent at all
    server_id_lost_share: float = 0.02  # of events are sent without an id
    server_late_share: float = 0.04  # of events wait for half a day to two and a half
    server_too_late_share: float = 0.02  # of events, part of those, wait for more than a week
    server_clock_share: float = 0.01  # of events are dated an hour ahead
    server_poor_share: float = 0.03  # of events to Meta tell too little of the customer
    server_retried_share: float = 0.05  # of events to Meta meet a server that is down first
    server_unhashed_share: float = 0.02  # of events hold an address that nobody hashed
    server_log_twice_share: float = 0.06  # of lines stand twice in the log
    server_request_refused_share: float = 0.02  # of requests to Google are refused whole
    server_verdict_against_share: float = 0.06  # of events Google took it rejects later

    # Exchange rates, units per EUR
    usd_per_eur: float = 1.16
    gbp_per_eur: float = 0.862
    rate_daily_volatility: float = 0.004  # relative, per working day

    # What is whole until a day breaks it: see `Change` in dated.py
    currency_wrong_share: float = 0.0  # of purchase events are in USD, with the euros' figure
    value_cents_share: float = 0.0  # of purchase events hold cents for euros
    value_lost_share: float = 0.0  # of purchase events hold no value
    merged_transaction_share: float = 0.0  # of purchase events have the id of up to four orders
    linker_lost_share: float = 0.0  # of checkouts begin a session of a visitor nobody knows
    payment_referral_share: float = 0.0  # of purchases come back from where people pay
    session_lost_share: float = 0.0  # of visits without a start of their session, nor its source
    event_clock_hours: float = 0.0  # by which the clock of GA4's events is ahead
    form_field_lost_share: float = 0.0  # of forms arrive without the gclid they hold
    draft_share: float = 0.0  # orders of nothing that staff make, for each placed on the web
    refund_lost_share: float = 0.0  # of refunds never reach the shop's records
    restated_share: float = 0.0  # of an ad day's bill is taken back ten days later
    claim_cents_share: float = 0.0  # of claims that the browser sent are worth cents for euros
    claim_worthless_share: float = 0.0  # of those are worth nothing
    second_action_share: float = 0.0  # of claims are made by an action of another name as well
    claim_window_days: float = 30.0  # claims of older clicks and views are in no report
    server_rejected_share: float = 0.0  # of events to Meta meet a token that has expired
    server_id_changed_share: float = 0.0  # of events have an id that the browser's has not
    server_id_reused_share: float = 0.0  # of purchases have the id of up to four orders
    bot_visits_per_day: float = 0.0  # sessions that read two pages and never do anything
    checkout_failure_share: float = 0.0  # of visits that would buy cannot
    form_failure_share: float = 0.0  # of visits that would ask cannot send the form
    form_lost_share: float = 0.0  # of forms sent reach GA4 but not the CRM
    referrer_lost_share: float = 0.0  # of visits arrive without a referrer
    utm_lost_share: float = 0.0  # of tagged visits arrive without utm words, with their click id
    medium_strange_share: float = 0.0  # of tagged visits carry a medium that nobody else uses
    utm_renamed_share: float = 0.0  # of tagged visits carry another spelling of the campaign
    doubled_lead_share: float = 0.0  # lead events that fire twice
    doubled_claim_share: float = 0.0  # of claims are counted by a second action too
    claim_reported_share: float = 1.0  # of claims a platform makes are in its reports
    ga4_delay_hours: float = 0.0  # until an event reaches its table, beyond the usual
    ad_delay_hours: float = 0.0  # until an ad day is shown, beyond the usual
    claim_delay_hours: float = 0.0  # until a claim is reported, beyond the usual

    # Levels: 1 is what the other figures and the plans say
    price_factor: float = 1.0  # times an order's prices
    deal_value_factor: float = 1.0  # times a deal's estimate
    cost_factor: float = 1.0  # times what a click costs
    click_rate_factor: float = 1.0  # times the clicks of an impression
    country_weight: float = 1.0  # times a country's weight among those who come
    device_weight: float = 1.0  # times a device's weight
    touch_weight: float = 1.0  # times the weight of what brings a visit
    product_weight: float = 1.0  # times a product's weight
    affiliate_factor: float = 1.0  # times the orders before which an affiliate is asked
