{{ config(materialized="table") }}

-- Every page that visits begin on or ads lead to, and what it is called: pages that differ by an id
-- alone are one where the company file says so, and the first topic whose pattern holds is the
-- page's. A few hundred addresses are read, not every visit's.
with keys as (
    select page_key
    from {{ ref("int_funnel__steps") }}
    union
    select page_key
    from {{ ref("int_creatives__known") }}
    where page_key is not null
),

collapsed as (
    select
        keys.page_key,
        min_by(rules.collapsed_as, rules.position) as collapsed_as
    from keys
    inner join {{ source("company", "collapsed_pages") }} as rules
        on {{ matches_fully("keys.page_key", "rules.page_pattern") }}
    group by keys.page_key
),

named as (
    select
        keys.page_key,
        case
            when collapsed.page_key is not null
                then split_part(keys.page_key, '/', 1) || '/' || collapsed.collapsed_as
            else keys.page_key
        end as page
    from keys
    left join collapsed on keys.page_key = collapsed.page_key
),

pages as (
    select distinct page
    from named
),

topics as (
    select
        pages.page,
        min(rules.position) as topic_position
    from pages
    inner join {{ source("company", "page_topics") }} as rules
        on {{ matches_fully("pages.page", "rules.page_pattern") }}
    group by pages.page
),

final as (
    select
        named.page_key,
        named.page,
        topics.topic_position,
        rules.topic
    from named
    left join topics on named.page = topics.page
    left join {{ source("company", "page_topics") }} as rules
        on topics.topic_position = rules.position
)

select * from final
