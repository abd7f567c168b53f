with source as (
    select * from {{ source("raw_files", "bookings") }}
    qualify {{ is_newest(["feed", "booking_id"]) }}
),

build as (
    select through_date from {{ source("trueup", "build") }}
),

statuses as (
    select
        said,
        meaning
    from {{ ref("stg_files__words") }}
    where used_for = 'booking_status'
),

said as (
    select
        source.*,
        case statuses.meaning when 'refunded' then 'won' else statuses.meaning end as said_state,
        cast(source._committed_at as date) as read_date
    from source
    left join statuses on coalesce(source.status, '') = statuses.said
),

-- The day a booking was cancelled says more than its status, which many systems leave as it was;
-- only guests who came were not cancelled, nor were those who never came. A cancellation of a day
-- this build does not cover is still to come: until then the booking stands. A day that no file of
-- then can know of is a slip of the pen: the status counts, on no day of its own.
known as (
    select
        said.*,
        case
            when
                said.cancelled_date is null
                or said.said_state is null
                or said.said_state in ('void', 'no_show')
                or {{ says_guests_came("said.status") }}
                then said.said_state
            when said.cancelled_date > {{ add_days("said.read_date", 1) }} then said.said_state
            when said.cancelled_date <= build.through_date then 'cancelled'
            when said.said_state = 'cancelled' then 'won'
            else said.said_state
        end as state,
        case
            when said.cancelled_date > {{ add_days("said.read_date", 1) }} then null
            else said.cancelled_date
        end as known_cancelled_date
    from said
    cross join build
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
        case
            when known.state = 'cancelled'
                then {{ day_start("known.known_cancelled_date", "settings.reporting_zone") }}
        end as cancelled_at,
        cast(known.amount_local as decimal(18, 6)) as booked_amount_local,
        cast(known.stayed_amount_local as decimal(18, 6)) as stayed_amount_local,
        cast(null as decimal(18, 6)) as unpaid_amount_local,
        known.currency_code,
        selectors.selector,
        known.goal,
        known.person_id_hmac as customer_key,
        {{ said_word("known.click_id") }} as click_id,
        {{ said_click_kind("known.click_id", "known.click_id_kind") }} as click_id_kind,
        lower(known.utm_source) as utm_source,
        lower(known.utm_medium) as utm_medium,
        known.utm_campaign,
        known.referrer,
        known.landing_page,
        {{ spelt_platform("known.platform") }} as platform,
        {{ spelt_account("known.platform", "known.account_id") }} as ad_account_id,
        {{ spelt_id("known.campaign_id") }} as campaign_id,
        cast(1 as bigint) as _rows,
        known._day,
        known._load_id
    from known
    cross join settings
    left join selectors on known.feed = selectors.feed
    where known.state in ('won', 'pending', 'cancelled', 'no_show')
)

select * from final
