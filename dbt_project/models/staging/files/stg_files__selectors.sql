-- What goal mappings call the rows of each feed: the feed's own stream where one of them names it,
-- else the stream.
with feeds as (
    select distinct
        'orders' as stream,
        feed
    from {{ source("raw_files", "orders") }}
    union
    select distinct
        'bookings' as stream,
        feed
    from {{ source("raw_files", "bookings") }}
    union
    select distinct
        'leads' as stream,
        feed
    from {{ source("raw_files", "leads") }}
    union
    select distinct
        'deals' as stream,
        feed
    from {{ source("raw_files", "deals") }}
),

mapped as (
    select distinct selector
    from {{ source("company", "goal_mappings") }}
    where source = 'files'
),

final as (
    select
        feeds.stream,
        feeds.feed,
        coalesce(mapped.selector, feeds.stream) as selector
    from feeds
    left join mapped on feeds.feed || ':' || feeds.stream = mapped.selector
)

select * from final
