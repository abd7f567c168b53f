{{ config(materialized="table") }}

-- What touches hang on: an order, or the contact or lead behind leads and deals.
with conversions as (
    select
        journey_id,
        source,
        record_type,
        conversion_id,
        conversion_at,
        journey_end_at,
        journey_end_date,
        transaction_id,
        other_transaction_id,
        expected_amount_local,
        currency_code,
        click_id,
        click_id_kind,
        utm_source,
        utm_medium,
        utm_campaign,
        referrer,
        landing_page,
        platform,
        campaign_id,
        bool_or(record_type in ('order', 'lead')) over (partition by journey_id) as is_from_web
    from {{ ref("int_conversions__unioned") }}
    qualify
        row_number() over (partition by journey_id order by conversion_at, conversion_id) = 1
),

rates as (
    select
        date_day,
        currency_code,
        units_local,
        units_reporting
    from {{ ref("int_exchange_rates__carried") }}
),

final as (
    select
        conversions.journey_id,
        conversions.source,
        case conversions.record_type when 'order' then 'order' else 'lead' end as journey_type,
        conversions.journey_end_at,
        conversions.journey_end_date,
        conversions.transaction_id,
        conversions.other_transaction_id,
        {{ convert_amount(
            "conversions.expected_amount_local", "rates.units_local", "rates.units_reporting"
        ) }} as expected_amount,
        conversions.click_id,
        conversions.click_id_kind,
        conversions.utm_source,
        conversions.utm_medium,
        conversions.utm_campaign,
        conversions.referrer,
        conversions.landing_page,
        conversions.platform,
        conversions.campaign_id,
        -- A deal without an order or a form behind it was typed in: no event tells of it.
        conversions.is_from_web
    from conversions
    left join rates
        on
            conversions.journey_end_date = rates.date_day
            and conversions.currency_code = rates.currency_code
)

select * from final
