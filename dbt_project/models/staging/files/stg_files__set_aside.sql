-- Rows whose key stands on another day in a newer load, which is the one used, and rows whose own
-- words mean nothing here. A record whose refund is unknown is used: what it says of the refund is
-- no row of its own.
with words as (
    select * from {{ ref("stg_files__words") }}
),

refunds as (
    select
        refunds.*,
        words.meaning
    from {{ source("raw_files", "refunds") }} as refunds
    left join words
        on coalesce(refunds.entry_type, '') = words.said and words.used_for = 'entry_type'
),

bookings as (
    select
        bookings.*,
        words.meaning
    from {{ source("raw_files", "bookings") }} as bookings
    left join words
        on coalesce(bookings.status, '') = words.said and words.used_for = 'booking_status'
),

candidates as (
    select
        'orders' as stream,
        feed || ':' || order_id as record_id,
        reason,
        true as is_newest,
        currency_code,
        amount_local,
        _day,
        _load_id
    from {{ ref("stg_files__known_orders") }}
    union all
    select
        'refunds' as stream,
        'refund:' || feed || ':' || refund_id as record_id,
        case
            when meaning is null
                then
                    'its entry_type is none of refund, cancellation, chargeback,'
                    || ' chargeback_reversal, fee, correction'
        end as reason,
        {{ is_newest(["feed", "refund_id"]) }} as is_newest,
        currency_code,
        amount_local,
        _day,
        _load_id
    from refunds
    union all
    select
        'bookings' as stream,
        'booking:' || feed || ':' || booking_id as record_id,
        case
            when
                coalesce(meaning, 'void') = 'void'
                then 'its status is none of won, pending, cancelled, no_show'
        end as reason,
        {{ is_newest(["feed", "booking_id"]) }} as is_newest,
        currency_code,
        amount_local,
        _day,
        _load_id
    from bookings
    union all
    select
        'leads' as stream,
        'lead:' || feed || ':' || lead_id as record_id,
        null as reason,
        {{ is_newest(["feed", "lead_id"]) }} as is_newest,
        null as currency_code,
        null as amount_local,
        _day,
        _load_id
    from {{ source("raw_files", "leads") }}
    union all
    select
        'deals' as stream,
        record_id,
        reason,
        true as is_newest,
        currency_code,
        amount_local,
        _day,
        _load_id
    from {{ ref("stg_files__known_deals") }}
    union all
    select
        'touches' as stream,
        'touch:' || feed || ':' || touch_id as record_id,
        null as reason,
        {{ is_newest(["feed", "touch_id"]) }} as is_newest,
        null as currency_code,
        null as amount_local,
        _day,
        _load_id
    from {{ source("raw_files", "touches") }}
),

final as (
    select
        'files' as source,
        stream,
        record_id,
        case
            when is_newest then reason
            else 'stands on another day in a newer load'
        end as reason,
        case
            when is_newest and reason != 'stands on another day in a newer load' then 'unreadable'
            else 'duplicate'
        end as kind,
        currency_code,
        cast(amount_local as decimal(18, 6)) as amount_local,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from candidates
    where not is_newest or reason is not null
    union all
    select
        'files' as source,
        stream,
        record_id,
        'refunded, and nobody says how much' as reason,
        'no amount' as kind,
        currency_code,
        cast(null as decimal(18, 6)) as amount_local,
        cast(0 as bigint) as _rows,
        _day,
        _load_id
    from {{ ref("stg_files__unknown_refunds") }}
)

select * from final
