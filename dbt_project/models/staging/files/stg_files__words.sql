{{ config(materialized="table") }}

-- What files say in words, and what it means. Of the seed's rows that fit, one counts: one that
-- says how the words begin, and of those the one with the most letters. So the whole comes first,
-- and "Cancelled, not paid" is cancelled. Where nothing is said, it was sold, or refunded. Of a
-- booking a word of bookings' own counts before one of orders: a new order waits to be paid, a new
-- booking stands.
with said as (
    select
        'status' as used_for,
        status as said
    from {{ source("raw_files", "orders") }}
    union
    select
        'booking_status' as used_for,
        status as said
    from {{ source("raw_files", "bookings") }}
    union
    select
        'deal_status' as used_for,
        status as said
    from {{ source("raw_files", "deals") }}
    union
    select
        'entry_type' as used_for,
        entry_type as said
    from {{ source("raw_files", "refunds") }}
),

spelt as (
    select distinct
        used_for,
        coalesce(said, '') as said,
        coalesce({{ plain_words("said") }}, '') as words
    from said
),

known as (
    select * from {{ ref("file_words") }}
),

final as (
    select
        spelt.used_for,
        spelt.said,
        case
            when spelt.words != '' then nullif(known.meaning, '')
            when spelt.used_for = 'entry_type' then 'refund'
            else 'won'
        end as meaning
    from spelt
    left join known
        on
            (
                spelt.used_for = known.used_for
                or (spelt.used_for = 'booking_status' and known.used_for = 'status')
            )
            and spelt.words like replace(known.words, '*', '%')
    qualify
        row_number() over (
            partition by spelt.used_for, spelt.said
            order by
                spelt.used_for = known.used_for desc,
                known.words like '*%',
                length(replace(known.words, '*', '')) desc,
                known.words
        ) = 1
)

select * from final
