-- Records, and what visits reached of the goals that events alone speak of. These are many, so what
-- is the same of all of them is said here: who asks for records alone reads none of them.
with settled as (
    select
        build.through_date,
        {{ add_days("build.through_date", "-settings.settled_after_days") }} as settled_through
    from {{ source("trueup", "build") }} as build
    cross join {{ source("company", "settings") }} as settings
),

records as (
    select
        conversion_id,
        source,
        record_type,
        journey_id,
        goal,
        tier,
        status,
        conversion_at,
        conversion_date,
        is_time_known,
        arrival_date,
        booked_nights,
        distribution_channel,
        booked_amount_local,
        stayed_amount_local,
        gross_amount_local,
        net_amount_local,
        currency_code,
        gross_amount,
        net_amount,
        margin_amount,
        unpaid_amount_local,
        unpaid_amount,
        has_shop_order,
        has_crm_record,
        has_file_record,
        has_ga4_event,
        has_ga4_session,
        has_click_id,
        witness_count,
        ga4_event_key,
        ga4_session_key,
        match_method,
        match_confidence,
        attribution_state,
        has_consent,
        is_settled,
        customer_id,
        is_new_customer,
        cast(null as date) as record_date
    from {{ ref("int_conversions__records") }}
),

visits as (
    select * from {{ ref("int_weak_goals__visits") }}
),

-- What an events system alone speaks of has no money and no other witness. Of a known visit the
-- touch is the visit itself.
seen as (
    select
        visits.conversion_id,
        visits.source,
        'visit' as record_type,
        visits.journey_id,
        visits.goal,
        'weak' as tier,
        'open' as status,
        visits.conversion_at,
        visits.conversion_date,
        true as is_time_known,
        cast(null as date) as arrival_date,
        cast(null as bigint) as booked_nights,
        cast(null as {{ dbt.type_string() }}) as distribution_channel,
        cast(null as decimal(38, 6)) as booked_amount_local,
        cast(null as decimal(38, 6)) as stayed_amount_local,
        cast(0 as decimal(38, 6)) as gross_amount_local,
        cast(0 as decimal(38, 6)) as net_amount_local,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        cast(0 as decimal(38, 6)) as gross_amount,
        cast(0 as decimal(38, 6)) as net_amount,
        cast(null as decimal(38, 6)) as margin_amount,
        cast(null as decimal(38, 6)) as unpaid_amount_local,
        cast(null as decimal(38, 6)) as unpaid_amount,
        false as has_shop_order,
        false as has_crm_record,
        false as has_file_record,
        true as has_ga4_event,
        visits.session_key is not null as has_ga4_session,
        false as has_click_id,
        1 as witness_count,
        visits.lone_event_key as ga4_event_key,
        visits.session_key as ga4_session_key,
        'none' as match_method,
        cast(0 as decimal(3, 2)) as match_confidence,
        case
            when visits.session_key is not null then 'attributed'
            else 'observed_unattributed'
        end as attribution_state,
        visits.has_analytics_consent as has_consent,
        visits.conversion_date <= settled.settled_through as is_settled,
        cast(null as {{ dbt.type_string() }}) as customer_id,
        cast(null as boolean) as is_new_customer,
        visits.record_date
    from visits
    cross join settled
    where visits.conversion_date <= settled.through_date
),

final as (
    select * from records
    union all
    select * from seen
)

select * from final
