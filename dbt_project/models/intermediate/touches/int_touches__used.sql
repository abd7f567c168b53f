-- Visits other systems recorded, looked for in the mart by their key: as a touch, or as the person
-- behind a deal, who speaks through the deal's journey.
with touches as (
    select
        {{ hash_key(["source", "record_id"]) }} as touch_id,
        source || ':' || record_id as journey_id,
        source,
        stream,
        _rows,
        _day
    from {{ ref("shape_touches") }}
),

arrived as (
    select touch_id
    from {{ ref("fct_touches") }}
    where touch_type != 'ga4_session'
),

journeys as (
    select journey_id
    from {{ ref("fct_conversions") }}
    where record_type != 'visit'
),

final as (
    select
        source,
        stream,
        _day as day,
        _rows as row_count,
        cast(null as decimal(18, 6)) as money
    from touches
    where
        touch_id in (select touch_id from arrived)
        or journey_id in (select journey_id from journeys)
)

select * from final
