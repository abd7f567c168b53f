-- The code says which way money went, whatever the amount's sign: 9300 came in, 9300A went back,
-- 9300V takes back what it names, a payment or a refund. A refund and its void may both name the
-- payment that all began with: then as many voids of a sum take back refunds as there were refunds
-- of it, because money that went back cannot be voided where it came in. 9300R moves a payment from
-- a guest's account to a group's, or back: no money moves. Money that names a reservation by the
-- engine's own number alone, or none, is of nobody's booking.
with source as (
    select * from {{ source("raw_cloudbeds", "transactions") }}
),

roots as (
    select
        property_id,
        transaction_id,
        code
    from {{ source("raw_cloudbeds", "transactions") }}
),

voids as (
    select
        property_id,
        transaction_id,
        root_id,
        abs(amount) as amount,
        moved_at,
        row_number() over (
            partition by property_id, root_id, abs(amount) order by moved_at, transaction_id
        ) as position
    from source
    where {{ matches_fully("code", "'9[0-9]{3}v'") }} and root_id is not null
),

voids_of_refunds as (
    select
        voids.property_id,
        voids.transaction_id
    from voids
    inner join source as refunds
        on
            voids.property_id = refunds.property_id
            and voids.root_id = refunds.root_id
            and voids.amount = abs(refunds.amount)
            and voids.moved_at >= refunds.moved_at
    where {{ matches_fully("refunds.code", "'9[0-9]{3}a'") }}
    group by voids.property_id, voids.transaction_id
    having count(*) >= max(voids.position)
),

reservations as (
    select
        property_id,
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
        {{ matches_fully("source.code", "'9[0-9]{3}r'") }} as is_routed,
        voids_of_refunds.transaction_id is not null
        or coalesce(lower(roots.code) like '%a', false) as is_of_refund
    from source
    left join reservations
        on
            source.property_id = reservations.property_id
            and source.reservation_id = reservations.reservation_id
    left join roots
        on source.property_id = roots.property_id and source.root_id = roots.transaction_id
    left join voids_of_refunds
        on
            source.property_id = voids_of_refunds.property_id
            and source.transaction_id = voids_of_refunds.transaction_id
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
            when is_routed then 'a payment moved from one account of the house to another'
            when entry_type is null then 'a kind of payment that is not known'
            when reservation_reason is not null then 'money of a reservation that is not used'
        end as reason,
        case
            when entry_type is null and not is_routed then 'unreadable'
            when is_routed or reservation_reason is not null then 'excluded'
        end as set_aside_kind,
        _day,
        _load_id
    from known
)

select * from final
