-- Orders and bookings that say money was given back of them, of which no refund and no stay says
-- how much: the ledger still has all of it.
with given_back as (
    select record_id from {{ ref("stg_files__given_back") }}
    where amount_local > 0
),

newest_bookings as (
    select * from {{ source("raw_files", "bookings") }}
    qualify {{ is_newest(["feed", "booking_id"]) }}
),

statuses as (
    select
        said,
        meaning
    from {{ ref("stg_files__words") }}
    where used_for = 'booking_status'
),

records as (
    select
        'orders' as stream,
        feed || ':' || order_id as record_id,
        amount_local,
        cast(null as decimal(18, 6)) as stayed_amount_local,
        is_said_refunded,
        currency_code,
        _day,
        _load_id
    from {{ ref("stg_files__known_orders") }}
    where reason is null
    union all
    select
        'bookings' as stream,
        'booking:' || bookings.feed || ':' || bookings.booking_id as record_id,
        bookings.amount_local,
        bookings.stayed_amount_local,
        statuses.meaning = 'refunded' as is_said_refunded,
        bookings.currency_code,
        bookings._day,
        bookings._load_id
    from newest_bookings as bookings
    left join statuses on coalesce(bookings.status, '') = statuses.said
),

final as (
    select
        records.stream,
        records.record_id,
        records.currency_code,
        records._day,
        records._load_id
    from records
    left join given_back on records.record_id = given_back.record_id
    where
        records.is_said_refunded
        and records.amount_local > 0
        and coalesce(records.stayed_amount_local, records.amount_local) >= records.amount_local
        and given_back.record_id is null
)

select * from final
