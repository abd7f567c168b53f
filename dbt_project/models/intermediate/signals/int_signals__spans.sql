{{ config(materialized="table") }}

-- Of which days it is known what a source has of a kind of rows: from the first it has any of to
-- the last that all its feeds have delivered. On every other day their number says nothing.
with streams as (
    select
        'events' as shape,
        source,
        stream,
        min(record_date) as first_date
    from {{ ref("int_sessions__days") }}
    group by source, stream
    union all
    select
        record_type || 's' as shape,
        source,
        stream,
        min(conversion_date) as first_date
    from {{ ref("int_conversions__unioned") }}
    group by record_type, source, stream
    union all
    select
        'server_events' as shape,
        source,
        stream,
        min(sent_date) as first_date
    from {{ ref("shape_server_events") }}
    group by source, stream
    union all
    select
        'touches' as shape,
        source,
        stream,
        min(_day) as first_date
    from {{ ref("shape_touches") }}
    group by source, stream
),

build as (
    select through_date from {{ source("trueup", "build") }}
),

-- The feed that is furthest behind decides; one that never landed has nothing to miss.
freshness as (
    select
        source,
        stream,
        min(landed_through) as landed_through
    from {{ source("trueup", "freshness") }}
    group by source, stream
),

final as (
    select
        streams.shape,
        streams.source,
        min(streams.first_date) as first_date,
        min(least(freshness.landed_through, build.through_date)) as last_date,
        {{ add_days("min(build.through_date)", -3) }} as filled_through
    from streams
    cross join build
    inner join freshness
        on streams.source = freshness.source and streams.stream = freshness.stream
    group by streams.shape, streams.source
)

select * from final
