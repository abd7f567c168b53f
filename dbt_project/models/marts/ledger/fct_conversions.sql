{{ config(materialized="view") }}

-- What is built, and beside it whether what counts it worked on the day: the gates write incidents
-- after the build, and a view shows them at once.
with conversions as (
    select * from {{ ref("int_conversions__reconciled") }}
),

incidents as (
    select * from {{ ref("int_incidents__marking") }}
),

days as (
    select date_day from {{ ref("int_dates__spined") }}
),

-- By day and not by conversion, which are many: an incident touches one source, or all of them.
touched as (
    select
        days.date_day,
        incidents.touched_source,
        min(incidents.precedence) as precedence
    from days
    inner join incidents
        on days.date_day >= incidents.onset_date and days.date_day < incidents.end_date
    where incidents.touches_conversions
    group by days.date_day, incidents.touched_source
),

final as (
    select
        conversions.conversion_id,
        conversions.source,
        conversions.record_type,
        conversions.journey_id,
        conversions.goal,
        conversions.tier,
        conversions.status,
        conversions.conversion_at,
        conversions.conversion_date,
        conversions.is_time_known,
        conversions.arrival_date,
        conversions.booked_nights,
        conversions.distribution_channel,
        conversions.booked_amount_local,
        conversions.stayed_amount_local,
        conversions.gross_amount_local,
        conversions.net_amount_local,
        conversions.currency_code,
        conversions.gross_amount,
        conversions.net_amount,
        conversions.margin_amount,
        conversions.unpaid_amount_local,
        conversions.unpaid_amount,
        conversions.has_shop_order,
        conversions.has_crm_record,
        conversions.has_file_record,
        conversions.has_ga4_event,
        conversions.has_ga4_session,
        conversions.has_click_id,
        conversions.witness_count,
        conversions.ga4_event_key,
        conversions.ga4_session_key,
        conversions.match_method,
        conversions.match_confidence,
        conversions.attribution_state,
        conversions.has_consent,
        conversions.is_settled,
        conversions.customer_id,
        conversions.is_new_customer,
        conversions.record_date,
        coalesce(incidents.cause_family, 'ok') as tracking_health,
        incidents.incident_id
    from conversions
    left join touched as of_source
        on
            conversions.conversion_date = of_source.date_day
            and conversions.source = of_source.touched_source
    left join touched as of_all
        on conversions.conversion_date = of_all.date_day and of_all.touched_source is null
    left join incidents
        on least(of_source.precedence, of_all.precedence) = incidents.precedence
)

select * from final
