with source as (
    select * from {{ source("raw_files", "bookings") }}
    qualify {{ is_newest(["feed", "booking_id"]) }}
),

known as (
    select
        *,
        case
            when cancelled_date is not null and coalesce(trim(status), '') = '' then 'cancelled'
            else {{ record_status("status") }}
        end as state
    from source
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
        known.feed as account_id,
        'booking:' || known.feed || ':' || known.booking_id as record_id,
        known.booking_id as transaction_id,
        coalesce(
            known.booked_at, {{ day_start("known.booked_date", "settings.reporting_zone") }}
        ) as booked_at,
        known.booked_at is not null as is_time_known,
        known.arrival_date,
        known.departure_date,
        -- A room for a day counts no night.
        coalesce(
            known.nights,
            {{ days_between("known.arrival_date", "known.departure_date") }}
        ) as nights,
        known.distribution_channel,
        coalesce(known.is_web, true) as is_web,
        known.state as status,
        {{ day_start("known.cancelled_date", "settings.reporting_zone") }} as cancelled_at,
        cast(known.amount_local as decimal(18, 6)) as booked_amount_local,
        cast(known.stayed_amount_local as decimal(18, 6)) as stayed_amount_local,
        cast(null as decimal(18, 6)) as unpaid_amount_local,
        known.currency_code,
        selectors.selector,
        known.goal,
        known.person_id_hmac as customer_key,
        known.click_id,
        known.click_id_kind,
        lower(known.utm_source) as utm_source,
        lower(known.utm_medium) as utm_medium,
        known.utm_campaign,
        known.referrer,
        known.landing_page,
        known.platform,
        known.account_id as ad_account_id,
        known.campaign_id,
        cast(1 as bigint) as _rows,
        known._day,
        known._load_id
    from known
    cross join settings
    left join selectors on known.feed = selectors.feed
    where known.state in ('won', 'pending', 'cancelled', 'no_show')
)

select * from final
