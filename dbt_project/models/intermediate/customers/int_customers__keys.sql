{{ config(materialized="table") }}

-- Which keyed hashes are one customer: those that records of one journey carry, and, through a hash
-- they share, those of other journeys. Nothing else ties: no browser, no name, no address. What
-- consent was given for visits is not asked here, because no visit is.
{%- set rounds = 6 %}
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

ties as (
    select
        customer_key,
        tied_key as other_key
    from journeys
    where customer_key != tied_key
    union
    select
        tied_key as customer_key,
        customer_key as other_key
    from journeys
    where customer_key != tied_key
),

labelled_0 as (
    select distinct
        customer_key,
        customer_key as customer_id
    from ties
),

-- Each takes the least of what its neighbours are called, then what that one is called: the reach
-- grows with each round, and a test finds a chain that is longer than all of them.
{%- for round in range(1, rounds + 1) %}
    neighbours_{{ round }} as (
        select
            labelled.customer_key,
            least(labelled.customer_id, min(others.customer_id)) as customer_id
        from labelled_{{ round - 1 }} as labelled
        inner join ties on labelled.customer_key = ties.customer_key
        inner join labelled_{{ round - 1 }} as others on ties.other_key = others.customer_key
        group by labelled.customer_key, labelled.customer_id
    ),

    labelled_{{ round }} as (
        select
            neighbours.customer_key,
            least(neighbours.customer_id, further.customer_id) as customer_id
        from neighbours_{{ round }} as neighbours
        inner join neighbours_{{ round }} as further
            on neighbours.customer_id = further.customer_key
    ),
{% endfor %}
final as (
    select
        known.journey_id,
        known.customer_key,
        coalesce(labelled.customer_id, known.customer_key) as customer_id
    from known
    left join labelled_{{ rounds }} as labelled on known.customer_key = labelled.customer_key
)

select * from final
