-- Which goals each thing feeds that settings name. What feeds a conversion without a name feeds one
-- of them, nobody can say which.
with named as (
    select distinct
        feeds,
        {{ split_rows("feeds", "';'") }} as selector
    from {{ ref("int_settings__fed") }}
),

mapped as (
    select distinct
        named.feeds,
        mappings.goal
    from named
    inner join {{ source("company", "goal_mappings") }} as mappings
        on named.selector = mappings.selector
    union
    select
        feeds,
        '(a conversion)' as goal
    from named
    where selector = '(conversion)'
),

final as (
    select
        feeds,
        string_agg(goal, ', ' order by goal) as goals
    from mapped
    group by feeds
)

select * from final
