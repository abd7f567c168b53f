-- A booking an agency sold, or one taken at the desk, is no visit's to the site.
with reservations as (
    select * from {{ ref("stg_cloudbeds__reservations") }}
    where reason is null
),

paying as (
    select distinct property_id from {{ source("raw_cloudbeds", "transactions") }}
),

final as (
    select
        'cloudbeds' as source,
        'reservations' as stream,
        reservations.property_id as account_id,
        reservation_id as record_id,
        reservation_id as transaction_id,
        created_at as booked_at,
        true as is_time_known,
        arrival_date,
        departure_date,
        night_count as nights,
        source_name as distribution_channel,
        not is_third_party
        and not {{ matches_fully(
            "coalesce(source_name, '')", "'.*(walk.?in|phone|e-?mail).*'"
        ) }} as is_web,
        state as status,
        case when state = 'cancelled' then coalesce(cancelled_at, changed_at) end as cancelled_at,
        cast(booked_amount as decimal(18, 6)) as booked_amount_local,
        cast(
            case
                when status = 'checked_out' then total_amount
                when state in ('cancelled', 'no_show') then coalesce(paid_amount, 0)
            end as decimal(18, 6)
        ) as stayed_amount_local,
        cast(
            case
                when paying.property_id is null then null
                when state in ('cancelled', 'no_show') then 0
                else greatest(total_amount - coalesce(paid_amount, 0), 0)
            end as decimal(18, 6)
        ) as unpaid_amount_local,
        currency_code,
        'reservations' as selector,
        cast(null as {{ dbt.type_string() }}) as goal,
        email_hmac as customer_key,
        cast(null as {{ dbt.type_string() }}) as click_id,
        cast(null as {{ dbt.type_string() }}) as click_id_kind,
        cast(null as {{ dbt.type_string() }}) as utm_source,
        cast(null as {{ dbt.type_string() }}) as utm_medium,
        cast(null as {{ dbt.type_string() }}) as utm_campaign,
        cast(null as {{ dbt.type_string() }}) as referrer,
        cast(null as {{ dbt.type_string() }}) as landing_page,
        case when is_third_party then 'cloudbeds' end as platform,
        case when is_third_party then reservations.property_id end as ad_account_id,
        case when is_third_party then source_id end as campaign_id,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from reservations
    left join paying on reservations.property_id = paying.property_id
)

select * from final
