{{ config(materialized="table") }}

-- Goals that share an action of a platform, under the first of their names. Whoever shares with one
-- of them alone is not of the others' group: what one action cannot mix up is not judged together.
with goals as (
    select * from {{ ref("int_claims__shared_goals") }}
),

actions as (
    select distinct
        action_key,
        platform
    from {{ ref("int_claims__actions") }}
),

named as (
    select
        actions.platform,
        goals.goal,
        min(goals.goal) over (partition by goals.action_key) as goal_group
    from goals
    inner join actions on goals.action_key = actions.action_key
),

final as (
    select
        platform,
        goal,
        min(goal_group) as goal_group
    from named
    group by platform, goal
)

select * from final
