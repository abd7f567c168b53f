-- Shares of the visits of a day: of those that an ad's link led to, which kept its click id and are
-- of a known campaign; which came from where nobody sends visits; which the events system sees come
-- from elsewhere; and how far they went. Of visits that bought, the same of where they came from.
with counted as (
    select * from {{ ref("int_signals__visits_counted") }}
),

of_day as (
    select * from counted
    where dimension = 'all'
),

of_buyers as (
    select
        'stage' as dimension,
        'purchase' as segment,
        system,
        signal_date,
        buyers,
        buyers_from_own,
        buyers_from_payment,
        unassigned_buyers,
        is_mature
    from of_day
),

of_platforms as (
    select * from counted
    where dimension = 'platform' and segment != '(none)'
),

of_landings as (
    select * from counted
    where dimension in ('landing_page', 'device', 'browser')
),

of_devices as (
    select * from counted
    where dimension in ('all', 'device', 'browser', 'country')
),

final as (
    {{ signals_of("of_platforms", [
        ("click_id_share", "worded_visits_with_click_id", "worded_visits", none),
        ("campaign_known_share", "paid_visits_of_known_campaign", "paid_visits", none),
        ("campaign_word_usual_share", "visits_of_usual_word", "visits_of_word", none),
    ]) }}
    union all
    {{ signals_of("of_landings", [
        ("click_id_share", "worded_visits_with_click_id", "worded_visits", none),
    ]) }}
    union all
    {{ signals_of("of_day", [
        ("own_domain_referral_share", "visits_from_own", "visits", none),
        ("payment_referral_share", "visits_from_payment", "visits", none),
        ("unassigned_share", "unassigned_visits", "visits", none),
        ("session_source_differs", "visits_of_other_source", "visits_with_source", none),
        ("default_channel_differs", "visits_of_other_channel", "visits_with_channel", none),
    ]) }}
    union all
    {{ signals_of("of_buyers", [
        ("own_domain_referral_share", "buyers_from_own", "buyers", none),
        ("payment_referral_share", "buyers_from_payment", "buyers", none),
        ("unassigned_share", "unassigned_buyers", "buyers", none),
    ]) }}
    union all
    {{ signals_of("of_devices", [
        ("engaged_share", "case when is_engagement_known then engaged_visits end", "visits", none),
        ("checkout_rate", "case when are_checkouts_known then checkouts end", "visits", none),
        ("purchase_rate", "checkouts_of_buyers", "checkouts", none),
    ]) }}
)

select * from final
