-- What a property's payments are counted in: the vendor's contract and its examples disagree on
-- whether the Accounting API tells units or cents. Each reservation says in units what was paid of
-- it; where the payments of most come to a hundred or a thousand times that, they are in cents.
with payments as (
    select
        property_id,
        reservation_id,
        currency_code,
        sum(amount_local) as moved_amount
    from {{ ref("stg_cloudbeds__payments") }}
    where reason is null and reservation_id is not null
    group by property_id, reservation_id, currency_code
),

reservations as (
    select * from {{ ref("stg_cloudbeds__reservations") }}
    where reason is null and paid_amount > 0
),

compared as (
    select
        payments.property_id,
        payments.currency_code,
        payments.moved_amount / reservations.paid_amount as times
    from payments
    inner join reservations
        on
            payments.property_id = reservations.property_id
            and payments.reservation_id = reservations.reservation_id
            and payments.currency_code = reservations.currency_code
),

counted as (
    select
        property_id,
        currency_code,
        count(*) as reservation_count,
        count(*) filter (where round(times) in (100, 1000)) as multiple_count
    from compared
    group by property_id, currency_code
),

final as (
    select
        property_id,
        currency_code,
        case when multiple_count * 2 > reservation_count then 'smallest units' else 'units' end
            as counted_in
    from counted
)

select * from final
