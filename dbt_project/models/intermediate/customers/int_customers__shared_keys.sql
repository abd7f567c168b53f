{{ config(materialized="table") }}

-- Keyed hashes that are of nobody in particular: an address that staff type where a customer gives
-- none, a test's, the shop's own, one that a marketplace puts on every order. They stand on more
-- records within four weeks than a person makes, or beside more other hashes than one has. Who is
-- behind such a record is not known, so nothing is tied by them.
{#- More than one record a day, and more addresses than people have. -#}
{%- set window_days, most_records, most_keys = 28, 30, 10 %}
with known as (
    select
        customer_key,
        conversion_id,
        journey_id,
        conversion_date
    from {{ ref("int_conversions__recorded") }}
    where is_due and customer_key is not null
),

-- Few hashes have so many records at all; the others are not looked at by day.
frequent as (
    select customer_key
    from known
    group by customer_key
    having count(*) > {{ most_records }}
),

days as (
    select
        known.customer_key,
        known.conversion_date,
        count(*) as record_count
    from known
    inner join frequent on known.customer_key = frequent.customer_key
    group by known.customer_key, known.conversion_date
),

crowded as (
    select days.customer_key
    from days
    inner join days as before
        on
            days.customer_key = before.customer_key
            and days.conversion_date >= before.conversion_date
            and {{ add_days("days.conversion_date", -window_days) }} < before.conversion_date
    group by days.customer_key, days.conversion_date
    having sum(before.record_count) > {{ most_records }}
),

keys_of_journeys as (
    select
        journey_id,
        customer_key
    from known
    union
    select
        source || ':' || journey_key as journey_id,
        customer_key
    from {{ ref("int_journeys__people") }}
    where customer_key is not null
),

several as (
    select journey_id
    from keys_of_journeys
    group by journey_id
    having count(*) > 1
),

beside_many as (
    select keys.customer_key
    from keys_of_journeys as keys
    inner join several on keys.journey_id = several.journey_id
    inner join keys_of_journeys as others
        on keys.journey_id = others.journey_id and keys.customer_key != others.customer_key
    group by keys.customer_key
    having count(distinct others.customer_key) > {{ most_keys }}
),

final as (
    select
        known.customer_key,
        count(*) as record_count,
        min(known.conversion_date) as first_date,
        max(known.conversion_date) as last_date
    from known
    where
        known.customer_key in (select crowded.customer_key from crowded)
        or known.customer_key in (select beside_many.customer_key from beside_many)
    group by known.customer_key
)

select * from final
