{{ config(materialized="table") }}

-- Conversions of which there is a record, with their money, who witnessed them and what is known of
-- the customer.
with settled as (
    select
        build.through_date,
        {{ add_days("build.through_date", "-settings.settled_after_days") }} as settled_through
    from {{ source("trueup", "build") }} as build
    cross join {{ source("company", "settings") }} as settings
),

conversions as (
    select * from {{ ref("int_conversions__unioned") }}
),

amounts as (
    select
        conversion_id,
        sum(
            case
                when entry_type in ('sale', 'discount', 'credit_sold', 'credit_spent')
                    then amount_local
                else 0
            end
        ) as gross_amount_local,
        sum(amount_local) as net_amount_local,
        sum(
            case
                when entry_type in ('sale', 'discount', 'credit_sold', 'credit_spent') then amount
                else 0
            end
        ) as gross_amount,
        sum(amount) as net_amount,
        sum(margin_amount) as margin_amount
    from {{ ref("fct_ledger_entries") }}
    where conversion_id is not null
    group by conversion_id
),

-- What nobody has paid: of pending records it is waited for, of void ones it never came.
unpaid as (
    select
        source || ':' || record_id as conversion_id,
        unpaid_amount_local as amount_local
    from {{ ref("shape_orders") }}
    union all
    select
        source || ':' || record_id as conversion_id,
        coalesce(
            unpaid_amount_local,
            case when status in ('pending', 'void') then booked_amount_local else 0 end
        ) as amount_local
    from {{ ref("shape_bookings") }}
),

unpaid_amounts as (
    select
        conversions.conversion_id,
        unpaid.amount_local,
        case
            when conversions.currency_code = settings.reporting_currency or unpaid.amount_local = 0
                then unpaid.amount_local
            else {{ convert_amount(
                "unpaid.amount_local", "rates.units_local", "rates.units_reporting"
            ) }}
        end as amount
    from conversions
    inner join unpaid on conversions.conversion_id = unpaid.conversion_id
    cross join {{ source("company", "settings") }} as settings
    left join {{ ref("int_exchange_rates__carried") }} as rates
        on
            conversions.conversion_date = rates.date_day
            and conversions.currency_code = rates.currency_code
),

stays as (
    select
        source || ':' || record_id as conversion_id,
        arrival_date,
        nights,
        distribution_channel,
        booked_amount_local,
        stayed_amount_local
    from {{ ref("shape_bookings") }}
),

matched as (
    select
        journey_id,
        match_method,
        match_confidence,
        event_key,
        session_key,
        has_analytics_consent
    from {{ ref("int_journeys__matched") }}
),

customers as (
    select
        conversion_id,
        customer_id,
        is_new_customer
    from {{ ref("int_customers__conversions") }}
),

attributed as (
    select conversion_id
    from {{ ref("fct_attribution") }}
    where model = 'last_touch'
),

-- Whose record it is says who witnessed it, whatever the system is called.
witnessed as (
    select
        conversions.conversion_id,
        conversions.record_type = 'order' as has_shop_order,
        conversions.record_type in ('deal', 'lead') and conversions.source != 'files'
            as has_crm_record,
        conversions.source = 'files' as has_file_record,
        matched.event_key is not null as has_ga4_event,
        matched.session_key is not null as has_ga4_session,
        conversions.click_id is not null as has_click_id
    from conversions
    left join matched on conversions.journey_id = matched.journey_id
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
        stays.arrival_date,
        stays.nights as booked_nights,
        stays.distribution_channel,
        cast(stays.booked_amount_local as decimal(38, 6)) as booked_amount_local,
        cast(stays.stayed_amount_local as decimal(38, 6)) as stayed_amount_local,
        cast(coalesce(amounts.gross_amount_local, 0) as decimal(38, 6)) as gross_amount_local,
        cast(coalesce(amounts.net_amount_local, 0) as decimal(38, 6)) as net_amount_local,
        conversions.currency_code,
        cast(coalesce(amounts.gross_amount, 0) as decimal(38, 6)) as gross_amount,
        cast(coalesce(amounts.net_amount, 0) as decimal(38, 6)) as net_amount,
        cast(amounts.margin_amount as decimal(38, 6)) as margin_amount,
        cast(unpaid_amounts.amount_local as decimal(38, 6)) as unpaid_amount_local,
        cast(unpaid_amounts.amount as decimal(38, 6)) as unpaid_amount,
        witnessed.has_shop_order,
        witnessed.has_crm_record,
        witnessed.has_file_record,
        witnessed.has_ga4_event,
        witnessed.has_ga4_session,
        witnessed.has_click_id,
        -- The record's own system, whichever it is, is the first witness.
        1
        + cast(witnessed.has_ga4_event or witnessed.has_ga4_session as integer)
        + cast(witnessed.has_click_id as integer) as witness_count,
        matched.event_key as ga4_event_key,
        matched.session_key as ga4_session_key,
        coalesce(matched.match_method, 'none') as match_method,
        cast(coalesce(matched.match_confidence, 0) as decimal(3, 2)) as match_confidence,
        case
            when attributed.conversion_id is not null then 'attributed'
            when witnessed.has_ga4_event or witnessed.has_ga4_session then 'observed_unattributed'
            else 'unobserved'
        end as attribution_state,
        matched.has_analytics_consent as has_consent,
        conversions.conversion_date <= settled.settled_through as is_settled,
        customers.customer_id,
        customers.is_new_customer
    from conversions
    cross join settled
    inner join witnessed on conversions.conversion_id = witnessed.conversion_id
    left join matched on conversions.journey_id = matched.journey_id
    left join amounts on conversions.conversion_id = amounts.conversion_id
    left join stays on conversions.conversion_id = stays.conversion_id
    left join unpaid_amounts on conversions.conversion_id = unpaid_amounts.conversion_id
    left join attributed on conversions.conversion_id = attributed.conversion_id
    left join customers on conversions.conversion_id = customers.conversion_id
)

select * from final
