{{ config(materialized="table") }}

-- What is known of pages that send visits, by host and by the name links call them: google means
-- the search engine, whatever else has a page there.
with hosts as (
    select * from {{ ref("referrers") }}
),

named as (
    select
        source as host,
        source,
        min_by(kind, case kind when 'search' then 1 when 'social' then 2 else 3 end) as kind
    from hosts
    where source not in (select known.host from hosts as known)
    group by source
),

final as (
    select
        host,
        source,
        kind
    from hosts
    union all
    select
        host,
        source,
        kind
    from named
)

select * from final
