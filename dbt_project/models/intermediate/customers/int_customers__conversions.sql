{{ config(materialized="table") }}

-- Whose each record is, where that is known, and whether they had bought before: a conversion that
-- is strong and stands. What came to nothing makes nobody a customer.
with keys as (
    select
        customer_key,
        min(customer_id) as customer_id
    from {{ ref("int_customers__keys") }}
    group by customer_key
),

journeys as (
    select
        journey_id,
        min(customer_id) as customer_id
    from {{ ref("int_customers__keys") }}
    group by journey_id
),

-- A record without a hash of its own is the person's whose journey it shares.
records as (
    select
        conversions.conversion_id,
        conversions.journey_id,
        conversions.record_type,
        conversions.goal,
        conversions.tier,
        conversions.status,
        conversions.conversion_at,
        conversions.conversion_date,
        coalesce(keys.customer_id, journeys.customer_id) as customer_id
    from {{ ref("int_conversions__unioned") }} as conversions
    left join keys on conversions.customer_key = keys.customer_key
    left join journeys on conversions.journey_id = journeys.journey_id
),

firsts as (
    select
        customer_id,
        conversion_id as first_conversion_id,
        conversion_at as first_conversion_at
    from records
    where customer_id is not null and tier = 'strong' and status = 'won'
    qualify
        row_number() over (partition by customer_id order by conversion_at, conversion_id) = 1
),

final as (
    select
        records.conversion_id,
        records.journey_id,
        records.record_type,
        records.goal,
        records.tier,
        records.status,
        records.conversion_at,
        records.conversion_date,
        records.customer_id,
        firsts.first_conversion_id,
        records.conversion_id = firsts.first_conversion_id
        or coalesce(records.conversion_at < firsts.first_conversion_at, true)
        -- of one instant the lesser id came first, as above
        or (
            records.conversion_at = firsts.first_conversion_at
            and records.conversion_id < firsts.first_conversion_id
        ) as is_new_customer
    from records
    left join firsts on records.customer_id = firsts.customer_id
    where records.customer_id is not null
)

select * from final
