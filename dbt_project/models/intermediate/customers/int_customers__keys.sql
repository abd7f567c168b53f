{{ config(materialized="table") }}

-- Which keyed hashes are one customer: those that records of one journey carry, and, through a hash
-- they share, those of other journeys. Nothing else ties: no browser, no name, no address. What
-- consent was given for visits is not asked here, because no visit is.
with known as (
    select distinct
        journey_id,
        customer_key
    from {{ ref("int_conversions__unioned") }}
    where customer_key is not null
    union
    select distinct
        source || ':' || journey_key as journey_id,
        customer_key
    from {{ ref("int_journeys__people") }}
    where
        customer_key is not null
        and customer_key not in (
            select shared_keys.customer_key
            from {{ ref("int_customers__shared_keys") }} as shared_keys
        )
),

-- Of the hashes of a journey each is tied to the least one, which ties them all.
journeys as (
    select
        journey_id,
        customer_key,
        min(customer_key) over (partition by journey_id) as tied_key
    from known
),

tied as (
    select {{ tied_keys("customer_key", "tied_key") }}
    from journeys
    where customer_key != tied_key
),

final as (
    select
        known.journey_id,
        known.customer_key,
        coalesce(tied.least_key, known.customer_key) as customer_id
    from known
    left join tied on known.customer_key = tied.customer_key
)

select * from final
