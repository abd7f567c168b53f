-- What each object of a load feeds: what it feeds itself, and what those feed that need it, as a
-- group of triggers needs its members, and a tag the one that has to fire before it.
with own as (
    select * from {{ ref("stg_gtm__goal_feeds") }}
),

needed as (
    select distinct
        container_id,
        _load_id,
        object_type,
        object_id,
        {{ split_rows("needed_by", "'; '") }} as needed_by
    from {{ source("raw_gtm", "settings__loads") }}
    where needed_by is not null
),

of_others as (
    select
        needed.container_id,
        needed._load_id,
        needed.object_type,
        needed.object_id,
        own.feeds
    from needed
    inner join own
        on
            needed.container_id = own.container_id
            and needed._load_id = own._load_id
            and needed.needed_by = own.object_type || ' ' || own.object_id
),

unioned as (
    select
        container_id,
        _load_id,
        object_type,
        object_id,
        feeds
    from own
    union all
    select
        container_id,
        _load_id,
        object_type,
        object_id,
        feeds
    from of_others
),

final as (
    select
        container_id,
        _load_id,
        object_type,
        object_id,
        string_agg(distinct feeds, ';' order by feeds) as feeds
    from unioned
    group by container_id, _load_id, object_type, object_id
)

select * from final
