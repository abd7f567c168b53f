{{ config(materialized="table") }}

-- What touches hang on: an order or booking, or the person behind leads and deals. It is described
-- by its earliest record; where that says nothing of where the person came from, by the next that
-- does.
with conversions as (
    select
        *,
        coalesce(
            click_id, utm_source, utm_campaign, referrer, landing_page, platform, campaign_id
        ) is not null as has_origin
    from {{ ref("int_conversions__unioned") }}
),

earliest as (
    select
        journey_id,
        source,
        record_type,
        journey_end_at,
        is_journey_time_known as is_time_known,
        transaction_id,
        other_transaction_id,
        record_amount_local,
        shipping_amount_local,
        currency_code,
        bool_or(is_web) over (partition by journey_id) as is_from_web
    from conversions
    qualify
        row_number() over (partition by journey_id order by conversion_at, conversion_id) = 1
),

origins as (
    select
        journey_id,
        click_id,
        click_id_kind,
        utm_source,
        utm_medium,
        utm_campaign,
        referrer,
        landing_page,
        platform,
        ad_account_id,
        campaign_id
    from conversions
    where has_origin
    qualify
        row_number() over (partition by journey_id order by conversion_at, conversion_id) = 1
),

settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

rates as (
    select
        date_day,
        currency_code,
        units_local,
        units_reporting
    from {{ ref("int_exchange_rates__carried") }}
),

dated as (
    select
        earliest.*,
        {{ local_date("earliest.journey_end_at", "settings.reporting_zone") }}
            as journey_end_date
    from earliest
    cross join settings
),

final as (
    select
        dated.journey_id,
        dated.source,
        case when dated.record_type in ('order', 'booking') then 'order' else 'lead' end
            as journey_type,
        dated.journey_end_at,
        dated.journey_end_date,
        -- Where only the day is known, it ended at any moment of the day.
        case
            when dated.is_time_known then dated.journey_end_at
            else
                {{ day_start(
                    add_days("dated.journey_end_date", 1), "settings.reporting_zone"
                ) }} - interval '1 second'
        end as journey_ended_by,
        dated.is_time_known,
        dated.is_from_web,
        dated.transaction_id,
        dated.other_transaction_id,
        {{ convert_amount(
            "dated.record_amount_local", "rates.units_local", "rates.units_reporting"
        ) }} as expected_amount,
        {{ convert_amount(
            "dated.record_amount_local - coalesce(dated.shipping_amount_local, 0)",
            "rates.units_local",
            "rates.units_reporting"
        ) }} as goods_amount,
        origins.click_id,
        origins.click_id_kind,
        origins.utm_source,
        origins.utm_medium,
        origins.utm_campaign,
        origins.referrer,
        origins.landing_page,
        origins.platform,
        origins.ad_account_id,
        origins.campaign_id
    from dated
    cross join settings
    left join origins on dated.journey_id = origins.journey_id
    left join rates
        on
            dated.journey_end_date = rates.date_day
            and dated.currency_code = rates.currency_code
)

select * from final
