with source as (
    select * from {{ source("raw_files", "bookings") }}
),

settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

selectors as (
    select
        feed,
        selector
    from {{ ref("stg_files__selectors") }}
    where stream = 'bookings'
),

final as (
    select
        'files' as source,
        'bookings' as stream,
        source.feed as account_id,
        'booking:' || source.feed || ':' || source.booking_id as record_id,
        source.booking_id as transaction_id,
        coalesce(
            source.booked_at, {{ day_start("source.booked_date", "settings.reporting_zone") }}
        ) as booked_at,
        source.booked_at is not null as is_time_known,
        source.arrival_date,
        source.departure_date,
        coalesce(
            lower(source.status),
            case when source.cancelled_date is null then 'won' else 'cancelled' end
        ) as status,
        {{ day_start("source.cancelled_date", "settings.reporting_zone") }} as cancelled_at,
        cast(source.amount_local as decimal(18, 6)) as booked_amount_local,
        cast(source.stayed_amount_local as decimal(18, 6)) as stayed_amount_local,
        source.currency_code,
        selectors.selector,
        source.goal,
        source.person_id_hmac as customer_key,
        source.click_id,
        source.click_id_kind,
        lower(source.utm_source) as utm_source,
        lower(source.utm_medium) as utm_medium,
        source.utm_campaign,
        source.referrer,
        source.landing_page,
        source.platform,
        source.account_id as ad_account_id,
        source.campaign_id,
        cast(1 as bigint) as _rows,
        source._day,
        source._load_id
    from source
    cross join settings
    left join selectors on source.feed = selectors.feed
)

select * from final
