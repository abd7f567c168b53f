-- The code says which way money went, whatever the amount's sign: 9300 came in, 9300A went back,
-- 9300V takes back what it names, a payment or a refund. Money that names a reservation by the
-- engine's own number alone, or none, is of nobody's booking.
with source as (
    select * from {{ source("raw_cloudbeds", "transactions") }}
),

roots as (
    select
        transaction_id,
        code
    from {{ source("raw_cloudbeds", "transactions") }}
),

reservations as (
    select
        reservation_id,
        reason
    from {{ ref("stg_cloudbeds__reservations") }}
),

known as (
    select
        source.*,
        reservations.reason as reservation_reason,
        case
            when {{ matches_fully("source.code", "'9[0-9]{3}'") }} then 'sale'
            when {{ matches_fully("source.code", "'9[0-9]{3}a'") }} then 'refund'
            when {{ matches_fully("source.code", "'9[0-9]{3}v'") }} then 'correction'
        end as entry_type,
        coalesce(lower(roots.code) like '%a', false) as is_of_refund
    from source
    left join reservations on source.reservation_id = reservations.reservation_id
    left join roots on source.root_id = roots.transaction_id
),

final as (
    select
        transaction_id,
        property_id,
        case when source_kind = 'RESERVATION' then reservation_id end as reservation_id,
        entry_type,
        moved_at,
        case
            when entry_type = 'sale' then abs(amount)
            when entry_type = 'correction' and is_of_refund then abs(amount)
            else -abs(amount)
        end as amount_local,
        currency_code,
        case
            when entry_type is null then 'a kind of payment that is not known'
            when reservation_reason is not null then 'money of a reservation that is not used'
        end as reason,
        _day,
        _load_id
    from known
)

select * from final
