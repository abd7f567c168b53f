-- How far a visit went, by the events that are a goal of it: whether its system calls it engaged,
-- and whether it came to a checkout.
with visit_goals as (
    select
        source,
        goal,
        bool_or(is_engagement) as is_engagement
    from {{ source("company", "visit_goals") }}
    group by source, goal
),

final as (
    select
        days.session_key,
        bool_or(visit_goals.is_engagement) as is_engaged,
        bool_or(days.goal = 'begin_checkout') as has_checkout
    from {{ ref("int_weak_goals__days") }} as days
    inner join visit_goals on days.source = visit_goals.source and days.goal = visit_goals.goal
    where
        days.session_key is not null
        and (visit_goals.is_engagement or days.goal = 'begin_checkout')
    group by days.session_key
)

select * from final
